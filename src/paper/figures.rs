//! The numbers of the figures: what each claim says, seen over its instances. Drawn by `report`, from these numbers
//! only.

use crate::arithmetic::{Big, Enclosure, Interval, Rational, Real};
use crate::error::Result;
use crate::harness::claim::Context;
use crate::harness::evidence::FigureData;
use crate::hessian::sharpness_at_minimiser;
use crate::network::minimiser;
use crate::paper::beyond::minimum_sharpness::{balanced_sharpness, minimum};
use crate::paper::kit::instances;
use crate::paper::kit::instances::{NetworkInstance, enclose};
use crate::paper::kit::series::{points, series};
use crate::paper::section_3::theorem_2::claim::{depth_bound, norms_bound};
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
    let mut out = vec![head_norms(&list), conditioning(&list), rescaled(), flattest()?];
    out.extend(crate::paper::section_4::figures::all(context)?);
    out.extend(crate::paper::section_4::figures_tube::all(context));
    out.extend(crate::paper::section_5::lemma_3::figures::all(context)?);
    out.extend(crate::paper::section_5::lemma_3::best::figures(context));
    out.extend(crate::paper::section_5::limits::figures(context));
    out.extend(crate::paper::section_1::figures::all(context)?);
    out.push(lemma_5());
    Ok(out)
}

fn sharpness(i: &NetworkInstance) -> Option<f64> {
    let s = sharpness_at_minimiser(&i.network_in::<Big>(BITS), &i.problem.moments::<Big>(BITS)).to_interval();
    s.is_bounded().then(|| s.mid())
}

/// `S_min` as printed or corrected, for an instance.
fn s_min(i: &NetworkInstance, corrected: bool) -> f64 {
    let lambda = i.problem.lambda();
    let (w_star, head) =
        (enclose::<Interval>(&i.w_star_norm_squared(), 53), enclose::<Interval>(&i.head_norm_squared(), 53));
    depth_bound(&lambda, &w_star, corrected.then_some(&head), i.depth()).mid()
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
    FigureData {
        id: "theorem-2-head".into(),
        title: "Theorem 2 and the norm of the head".into(),
        caption: "Sharpness over the second lower bound, rank-one minimisers, kappa below 10. As printed (without the \
                  head) the ratio falls below 1 where \
                  norm(w) < 1: counterexamples. With the factor norm(w)^(2/L) it never does."
            .into(),
        x_label: "norm(w)".into(),
        y_label: "S(W) / lower bound".into(),
        x_log: true,
        y_log: true,
        series: vec![
            points("as printed", rows.iter().map(|r| (r.0, r.1)).collect()),
            points("corrected", rows.iter().map(|r| (r.0, r.2)).collect()),
            series("1", "dashed", vec![(1e-5, 1.0), (1e5, 1.0)]),
        ],
    }
}

/// S over the corrected bound, by the condition number of the data.
fn conditioning(list: &[NetworkInstance]) -> FigureData {
    let of = |rank_one: bool| -> Vec<(f64, f64)> {
        list.par_iter()
            .filter(|i| i.w_star_norm_squared().sign() > 0 && i.kind.contains("rank one") == rank_one)
            .filter_map(|i| {
                let kappa = i.problem.lambda_max().mid() / i.problem.lambda().mid();
                Some((kappa, sharpness(i)? / s_min(i, true)))
            })
            .collect()
    };
    let kappas: Vec<f64> = (0..=20).map(f64::from).collect();
    FigureData {
        id: "theorem-2-kappa".into(),
        title: "How sharp minimisers are".into(),
        caption: "Sharpness over the corrected lower bound against Lambda/lambda. 1 is attained on white data; \
                  rank-one networks stay \
                  below Lambda/lambda, generic ones do not."
            .into(),
        x_label: "Lambda / lambda".into(),
        y_label: "S(W) / lower bound".into(),
        x_log: true,
        y_log: true,
        series: vec![
            points("generic minimisers", of(false)),
            points("rank-one minimisers", of(true)),
            series("1", "dashed", vec![(1.0, 1.0), (1e20, 1.0)]),
            series("Lambda / lambda", "dashed", kappas.iter().map(|k| (10_f64.powf(*k), 10_f64.powf(*k))).collect()),
        ],
    }
}

/// Sharpness along W^C and the corrected displayed bound.
fn rescaled() -> FigureData {
    let tenth = Rational::new(1, 100);
    let chosen = instances::scalar_minimisers(2).into_iter().find(|i| i.head_norm_squared() == tenth);
    let mut out = Vec::new();
    if let Some(i) = &chosen {
        let (mut curve, mut bound, mut printed) = (Vec::new(), Vec::new(), Vec::new());
        for step in -16..=16 {
            let c = Rational::from_f64(10_f64.powf(f64::from(step) / 8.0)).unwrap_or_else(Rational::one);
            let mut factors = vec![Rational::one(); i.depth()];
            factors[0] = c.clone();
            factors[1] = 1 / &c;
            let Ok(network) = minimiser::rescale(&i.network, &factors) else { continue };
            let second = enclose::<Interval>(&norm_squared(network.layers()[1].iter()), 53);
            let moved = NetworkInstance::new(i.problem.clone(), network, "rescaled");
            let (w_star, head) =
                (enclose::<Interval>(&i.w_star_norm_squared(), 53), enclose::<Interval>(&i.head_norm_squared(), 53));
            let inverse = 1 / second.sqrt();
            let of = |h| norms_bound(&i.problem.lambda(), &w_star, h, &inverse, i.depth()).mid();
            if let Some(s) = sharpness(&moved) {
                curve.push((c.to_f64(), s));
                bound.push((c.to_f64(), of(Some(&head))));
                printed.push((c.to_f64(), of(None)));
            }
        }
        out = vec![
            series("S(W^C)", "line", curve),
            series("corrected bound", "dashed", bound),
            series("printed bound", "dashed", printed),
        ];
    }
    FigureData {
        id: "rescaling".into(),
        title: "Rescaling two layers".into(),
        caption: "Sharpness of (C W_1, W_2/C) against C and the displayed bound of Section 3: scalars, w = 1/10, W_1 \
                  = 10, W_2 = 1. Near \
                  its minimum the sharpness lies below the printed bound, never below the corrected one."
            .into(),
        x_label: "C".into(),
        y_label: "sharpness".into(),
        x_log: true,
        y_log: true,
        series: out,
    }
}

/// S_bal / S* against kappa, w* along the flattest axis, and the proved bound.
fn flattest() -> Result<FigureData> {
    let mut out = Vec::new();
    for depth in [2_usize, 5, 10, 50] {
        let mut curve = Vec::new();
        let mut bound = Vec::new();
        for step in 1..=16 {
            let kappa = Rational::from(10_f64.powf(f64::from(step) / 4.0).round() as i64);
            let sigma = DMatrix::from_diagonal(&DVector::from_vec(vec![Rational::one(), kappa.clone()]));
            // Slightly off the axis: the minimum stays smooth.
            let w = DVector::from_vec(vec![Rational::one(), Rational::new(1, 1000)]);
            let problem = Problem::with_covariance("diag(1,kappa)", sigma, &w, &Rational::one())?;
            let least = minimum::<Big>(&problem, &Rational::one(), depth, BITS);
            let balanced = balanced_sharpness::<Big>(&problem, &Rational::one(), depth, BITS);
            if let (Some((least, _)), Some(balanced)) = (least, balanced) {
                curve.push((kappa.to_f64(), (balanced / least).to_interval().mid()));
                bound.push((kappa.to_f64(), 1.0 + (kappa.to_f64() - 1.0) / depth as f64));
            }
        }
        out.push(series(&format!("L = {depth}"), "line", curve));
        out.push(series(&format!("1 + (kappa-1)/{depth}"), "dashed", bound));
    }
    Ok(FigureData {
        id: "flattest".into(),
        title: "Balanced networks against the flattest minimiser".into(),
        caption: "S_bal / S* for w* near the flattest axis: close to 1 when L is large against kappa, unbounded when \
                  kappa is large \
                  against L. Dashed: the proved bound."
            .into(),
        x_label: "kappa".into(),
        y_label: "S_bal / S*".into(),
        x_log: true,
        y_log: true,
        series: out,
    })
}

/// `L exp(1 - sqrt(L))`, the worst case x = 1 of Lemma 5, with the printed and the best constant.
fn lemma_5() -> FigureData {
    let curve: Vec<(f64, f64)> =
        (0..=60).map(|i| 10_f64.powf(f64::from(i) / 20.0)).map(|l| (l, l * (1.0 - l.sqrt()).exp())).collect();
    let line = |y: f64| vec![(1.0, y), (1000.0, y)];
    FigureData {
        id: "lemma-5".into(),
        title: "Lemma 5".into(),
        caption: "L exp(1 - sqrt(L)), the left side over exp(-x) at the worst x = 1, against the printed constant 4 \
                  and the best one, 4/e."
            .into(),
        x_label: "L".into(),
        y_label: "constant needed".into(),
        x_log: true,
        y_log: false,
        series: vec![
            series("L exp(1 - sqrt(L))", "line", curve),
            series("4 (printed)", "dashed", line(4.0)),
            series("4/e (best)", "dashed", line(4.0 / std::f64::consts::E)),
        ],
    }
}
