//! The numbers of the figures: what each claim says, seen over its instances. Drawn by `report`, from these numbers
//! only.
//!
//! A figure is data ([`FigureData`]) with a caption that says what was proved. Of enclosed numbers the midpoint is
//! plotted; where the width matters, as of tubes, the files of the sections draw bands. An instance whose sharpness
//! could not be bounded is left out of a curve.

use crate::arithmetic::{Big, Enclosure, Interval, Rational, Real};
use crate::error::Result;
use crate::figure::{FigureData, Panel, coloured, dashed, line, points, series};
use crate::harness::claim::Context;
use crate::hessian::{depth_bound, flattest, norms_bound, sharpness_at_minimiser};
use crate::instances::{self, NetworkInstance, enclose};
use crate::network::minimiser;
use crate::problem::{Problem, norm_squared};
use nalgebra::{DMatrix, DVector};
use num_traits::One;
use rayon::prelude::*;

/// Precision of what is plotted.
const BITS: u32 = 128;

/// All figures of a run.
///
/// # Errors
/// Only if an instance that the figures build themselves is refused.
pub(crate) fn all(context: &Context) -> Result<Vec<FigureData>> {
    let list = instances::minimisers(context);
    let mut out = vec![head_norms(&list), rescaled(), flattest()?];
    out.extend(crate::paper::section_4::figures::all(context)?);
    out.extend(crate::paper::section_4::figures_tube::all(context));
    out.extend(crate::paper::section_5::lemma_3::figures::all(context)?);
    out.extend(crate::paper::section_5::lemma_3::best::figures(context));
    out.extend(crate::paper::section_5::limits::figures(context));
    out.extend(crate::experiments::figures::all(context.seed)?);
    out.push(lemma_5());
    Ok(out)
}

/// Midpoint of the certified sharpness at a minimiser; `None` where the enclosure is not bounded.
fn sharpness(i: &NetworkInstance) -> Option<f64> {
    let s = sharpness_at_minimiser(&i.network_in::<Big>(BITS), &i.problem.moments::<Big>(BITS)).to_interval();
    s.is_bounded().then(|| s.mid())
}

/// norm(w*)^2 and norm(w)^2.
fn norms_squared(i: &NetworkInstance) -> [Interval; 2] {
    [i.w_star_norm_squared(), i.head_norm_squared()].map(|q| enclose(&q, 53))
}

/// `S_min` as printed or corrected, for an instance.
///
/// With the head's factor norm(w)^(2/L) where it is corrected.
fn s_min(i: &NetworkInstance, corrected: bool) -> f64 {
    let [w_star, head] = norms_squared(i);
    depth_bound(&i.problem.lambda(), &w_star, corrected.then_some(&head), i.depth()).mid()
}

/// S against the printed and the corrected lower bound, by the norm of the head.
fn head_norms(list: &[NetworkInstance]) -> FigureData {
    let rows: Vec<(f64, f64, f64)> = list
        .par_iter()
        .filter(|i| i.w_star_norm_squared().sign() > 0 && i.kind.contains("rank one"))
        // Well-conditioned data only: kappa would hide the head.
        .filter(|i| i.problem.lambda_max().hi() < 10.0 * i.problem.lambda().lo())
        .filter_map(|i| {
            let s = sharpness(i)?;
            Some((i.head_norm_squared().to_f64().sqrt(), s / s_min(i, false), s / s_min(i, true)))
        })
        .collect();
    let series = vec![
        coloured(points("over the bound as printed", rows.iter().map(|r| (r.0, r.1)).collect()), 1),
        coloured(points("over the corrected bound", rows.iter().map(|r| (r.0, r.2)).collect()), 0),
        dashed("1: below it the bound is false", 6, vec![(1e-5, 1.0), (1e5, 1.0)]),
    ];
    Panel::new(("‖w‖", "S(W) / lower bound"), (true, true), series).figure(
        "theorem-2-head",
        "Theorem 2 and the norm of the head",
        "Sharpness over the second lower bound, rank-one minimisers, κ below 10. As printed (without the head) the \
         ratio falls below 1 where ‖w‖ < 1: counterexamples. With the factor ‖w‖^(2/L) it never does.",
    )
}

/// Sharpness along W^C and the corrected displayed bound.
fn rescaled() -> FigureData {
    let hundredth = Rational::new(1, 100);
    let chosen = instances::scalar_minimisers(2).into_iter().find(|i| i.head_norm_squared() == hundredth);
    let (mut curve, mut bound, mut printed) = (Vec::new(), Vec::new(), Vec::new());
    for (i, step) in chosen.iter().flat_map(|i| (-16..=16).map(move |step| (i, step))) {
        let c = Rational::from_f64(10_f64.powf(f64::from(step) / 8.0)).unwrap_or_else(Rational::one);
        let Ok(network) = minimiser::rescale(&i.network, &[c.clone(), 1 / &c]) else { continue };
        let inverse = 1 / enclose::<Interval>(&norm_squared(network.layers()[1].iter()), 53).sqrt();
        let [w_star, head] = norms_squared(i);
        let of = |head| norms_bound(&i.problem.lambda(), &w_star, head, &inverse, i.depth()).mid();
        if let Some(s) = sharpness(&NetworkInstance::new(i.problem.clone(), network, "rescaled")) {
            curve.push((c.to_f64(), s));
            bound.push((c.to_f64(), of(Some(&head))));
            printed.push((c.to_f64(), of(None)));
        }
    }
    let series = vec![
        line("S(W^C)", 7, curve),
        dashed("the corrected bound", 0, bound),
        dashed("the printed bound", 1, printed),
    ];
    Panel::new(("C", "sharpness"), (true, true), series).figure(
        "rescaling",
        "Rescaling two layers",
        "Sharpness of (C W_1, W_2/C) against C and the displayed bound of Section 3: scalars, w = 1/10, W_1 = 10, W_2 \
         = 1. Near its minimum the sharpness lies below the printed bound, never below the corrected one.",
    )
}

/// S_bal / S* against kappa, w* along the flattest axis, and the proved bound.
fn flattest() -> Result<FigureData> {
    let mut out = Vec::new();
    for depth in [2_usize, 5, 10, 50] {
        let (mut curve, mut bound) = (Vec::new(), Vec::new());
        for step in 1..=16 {
            let kappa = Rational::from(10_f64.powf(f64::from(step) / 4.0).round() as i64);
            let sigma = DMatrix::from_diagonal(&DVector::from_vec(vec![Rational::one(), kappa.clone()]));
            // Slightly off the axis: the minimum stays smooth.
            let w = DVector::from_vec(vec![Rational::one(), Rational::new(1, 1000)]);
            let problem = Problem::with_covariance("diag(1,kappa)", sigma, &w, &Rational::one())?;
            let least = flattest::least::<Big>(&problem, &Rational::one(), depth, BITS);
            let balanced = flattest::balanced::<Big>(&problem, &Rational::one(), depth, BITS);
            if let (Some((least, _)), Some(balanced)) = (least, balanced) {
                curve.push((kappa.to_f64(), (balanced / least).to_interval().mid()));
                bound.push((kappa.to_f64(), 1.0 + (kappa.to_f64() - 1.0) / depth as f64));
            }
        }
        let colour = out.len() as u8 / 2;
        out.push(line(&format!("L = {depth}"), colour, curve));
        out.push(dashed(&format!("1 + (κ − 1)/{depth}"), colour, bound));
    }
    Ok(Panel::new(("κ", "S_bal / S*"), (true, true), out).figure(
        "flattest",
        "Balanced networks against the flattest minimiser",
        "S_bal / S* for w* near the flattest axis: close to 1 when L is large against κ, unbounded when κ is large \
         against L. Dashed, in the colour of its depth: the proved bound.",
    ))
}

/// `L exp(1 - sqrt(L))`, the worst case x = 1 of Lemma 5, with the printed and the best constant.
fn lemma_5() -> FigureData {
    let curve: Vec<(f64, f64)> =
        (0..=60).map(|i| 10_f64.powf(f64::from(i) / 20.0)).map(|l| (l, l * (1.0 - l.sqrt()).exp())).collect();
    let level = |y: f64| vec![(1.0, y), (1000.0, y)];
    let series = vec![
        series("L exp(1 − √L)", "line", curve),
        series("4, as printed", "dashed", level(4.0)),
        series("4/e, the best", "dashed", level(4.0 / std::f64::consts::E)),
    ];
    Panel::new(("L", "constant needed"), (true, false), series).figure(
        "lemma-5",
        "Lemma 5",
        "L exp(1 − √L), the left side over exp(-x) at the worst x = 1, against the printed constant 4 and the best \
         one, 4/e.",
    )
}
