//! Where does the true gradient flow go? A tube from the start to the limit, proved: `cargo run --release --example flow`.

use flatcert::Result;
use flatcert::arithmetic::{Enclosure, Rational};
use flatcert::certify::certification;
use flatcert::flow::tube::{self, Options};
use flatcert::nalgebra::DVector;
use flatcert::network::initialise;
use flatcert::problem::Problem;

fn main() -> Result<()> {
    let problem = Problem::appendix_c(50, 3, 1)?;
    // Assumption (A2): one layer starts at zero.
    let head = DVector::from_element(1, Rational::from(1));
    let start = initialise::small_scale_exact(&[3, 3, 3, 1], head, &Rational::new(1, 1000), 2, 1)?;
    let certificate = tube::build(&problem, &start, &Options::default())?;
    let proved = certification(&certificate, &())?;
    println!("the true flow stays within {:.1e} of {} polynomial pieces", proved.radius, proved.pieces);
    println!("its limit lies within {:.1e} of the last weights", proved.limit_radius);
    println!("S(W^SI) in [{}, {}]", proved.sharpness.lo(), proved.sharpness.hi());
    println!("S(W^SI)/S_min in [{}, {}]", proved.ratio.lo(), proved.ratio.hi());
    for claim in proved.claims {
        println!("{:28} {:?}", claim.id, claim.outcome);
    }
    Ok(())
}
