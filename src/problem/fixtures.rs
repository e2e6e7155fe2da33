//! Real data, embedded: the binary needs no files. Sources and terms are beside the numbers, in `fixtures/data`.
//!
//! The tables are read by the same reader as a user's files, as decimals, so the moments, before anything is
//! standardised, are exact rationals.

use super::{Problem, norm_squared};
use crate::arithmetic::{Big, Enclosure, Rational};
use crate::error::Result;
use crate::problem::data::{Data, LoadOptions};
use num_traits::One;

/// X and y of a folder.
macro_rules! texts {
    ($folder:literal) => {
        [
            include_str!(concat!("../../fixtures/data/", $folder, "/x.csv")),
            include_str!(concat!("../../fixtures/data/", $folder, "/y.csv")),
        ]
    };
}

/// NIST's Longley data with the intercept column: 16 x 7, condition number of Sigma above 10^19.
///
/// # Errors
/// None: the data are fixed and tested.
pub fn longley() -> Result<Problem> {
    embedded("longley", texts!("longley"), false)
}

/// The diabetes data of Efron, Hastie, Johnstone and Tibshirani in original units: 442 x 10.
///
/// # Errors
/// None: the data are fixed and tested.
pub fn diabetes() -> Result<Problem> {
    embedded("diabetes", texts!("diabetes"), false)
}

/// [`diabetes`] with the columns standardised and the target centred.
///
/// # Errors
/// None: the data are fixed and tested.
pub fn diabetes_standardised() -> Result<Problem> {
    embedded("diabetes-standardised", texts!("diabetes"), true)
}

/// [`diabetes_standardised`] with its moments rounded to doubles (so exact rationals again), y scaled to norm(w*) near
/// 3/2.
///
/// # Errors
/// None: the data are fixed and tested.
pub fn diabetes_rounded() -> Result<Problem> {
    let p = diabetes_standardised()?;
    let near = |v: &Big| Rational::from_f64(v.to_interval().mid()).unwrap_or_else(Rational::one);
    let size = norm_squared(p.w_star::<Big>(64).iter()).to_interval().mid().sqrt();
    let rounded = p.moments::<Big>(128).map(near);
    let factor = Rational::from_f64(1.5 / size).unwrap_or_else(Rational::one);
    Problem::from_moments("diabetes standardised", p.samples(), rounded)?.with_target_times(&factor)
}

/// The Hald cement data with an intercept column: 13 x 5, nearly dependent columns.
///
/// # Errors
/// None: the data are fixed and tested.
pub fn hald() -> Result<Problem> {
    embedded("hald", texts!("hald"), false)
}

/// All of them as they are (not standardised), every one with exact moments.
///
/// # Errors
/// None: the data are fixed and tested.
pub fn all() -> Result<Vec<Problem>> {
    Ok(vec![longley()?, diabetes()?, hald()?])
}

/// From the texts of two tables, under this name; standardising centres y and leaves its scale.
fn embedded(name: &str, [x, y]: [&str; 2], standardise: bool) -> Result<Problem> {
    let x = crate::input::parse_table(x, &format!("{name}/x.csv"))?;
    let y = crate::input::parse_table(y, &format!("{name}/y.csv"))?;
    Problem::from_data(
        Data::new(x, y)?,
        &LoadOptions { standardise, name: Some(name.to_string()), ..LoadOptions::default() },
    )
}
