//! Any networks, for the statements of Section 4 that hold at every point: Lemma 2 and what follows from it, in terms
//! of the conserved gaps.
//!
//! Random layers of any shape and scale, one or several zero layers, rank-one layers, multiples of the identity
//! (repeated singular values), nearly aligned layers where the sharpened bounds are attained, and the ends of
//! trajectories. All entries are dyadic rationals.

use crate::arithmetic::Rational;
use crate::error::Result;
use crate::flow::observables::Observables;
use crate::harness::Subject;
use crate::harness::claim::{Context, shorter, tagged};
use crate::instances::{self, NetworkInstance, no_head};
use crate::network::Network;
use crate::network::initialise::{self, fully_connected};
use crate::paper::section_4::setting::Setting;
use crate::paper::section_4::trajectories::{self, Trajectory};
use crate::problem::Problem;
use crate::problem::draw::stream;
use nalgebra::{DMatrix, DVector};
use num_traits::{One, Zero};
use rand::RngExt;
use serde::{Deserialize, Serialize};
use std::sync::{Arc, OnceLock};

/// The constants of a network and what is seen of it; `None` where a weight is no double.
type Known = Option<(Setting, Observables)>;

/// Data and a network, with its constants and observables once somebody asks.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Point {
    /// Data and exact weights.
    pub network: NetworkInstance,
    /// Once asked for; shared by clones, not serialised.
    #[serde(skip)]
    known: Arc<OnceLock<Known>>,
}

impl Point {
    /// Nothing is computed yet.
    fn new(network: NetworkInstance) -> Self {
        Self { network, known: Arc::default() }
    }
    /// The constants of the network itself and its observables; `None` where the weights are not doubles.
    ///
    /// The gaps are those of the network itself, taken as the start of a flow: by Lemma 1 they are the gaps at every
    /// other moment of it. The observables are those of doubles, which is why the weights must be doubles exactly.
    pub fn known(&self) -> Option<&(Setting, Observables)> {
        let make = || {
            let doubles = self.network.network.map(Rational::to_f64);
            let back = doubles.map(|v| Rational::from_f64(*v).unwrap_or_else(Rational::zero));
            (back == *self.network.network)
                .then(|| (Setting::constants(&self.network), Observables::at(&self.network.problem, &doubles)))
        };
        self.known.get_or_init(make).as_ref()
    }
    /// The constants and observables with eigenvalues in MPFR, and with the zeros that layers of rank one have exactly.
    pub fn refined(&self, (setting, seen): &(Setting, Observables)) -> (Setting, Observables) {
        let network = &*self.network.network;
        (Setting { initial: setting.initial.refined(network), ..setting.clone() }, seen.refined(network))
    }
}

impl Subject for Point {
    fn describe(&self) -> String {
        self.network.describe()
    }
    fn tags(&self) -> Vec<String> {
        let i = &self.network;
        let mut out: Vec<String> = i.tags().into_iter().filter(|t| !t.contains("norm(w)")).collect();
        out.extend(tagged([
            (!i.zero_layers().is_empty(), "a zero layer"),
            (i.kind.contains("later"), "on a trajectory"),
            (i.kind.contains("rank-one"), "rank-one layers"),
            (i.kind.contains("identity"), "near the identity"),
        ]));
        out
    }
    /// The named networks that are shorter to write down.
    fn simpler(&self) -> Vec<Self> {
        shorter(&self.network, named().unwrap_or_default()).into_iter().map(Self::new).collect()
    }
    /// The same network with one entry moved.
    fn neighbours(&self) -> Vec<Self> {
        /// Layers and entries that are moved; larger networks have more, which are alike.
        const MOVED: usize = 3;
        let i = &self.network;
        let mut out = Vec::new();
        for k in 0..i.depth().min(MOVED) {
            let layer = &i.network.layers()[k];
            for at in 0..layer.len().min(MOVED) {
                for step in [(1, 4), (-1, 4), (1, 128), (-1, 128)] {
                    let mut layers = i.network.layers().to_vec();
                    layers[k][at] += Rational::new(step.0, step.1);
                    let network = i.network.with_layers(layers);
                    out.push(Self::new(NetworkInstance::new(i.problem.clone(), network, i.kind.clone())));
                }
            }
        }
        out
    }
}

/// Stream of the networks of this file.
const NETWORKS: u64 = 0x6e_0001;

/// The networks of a run.
pub fn all(context: &Context) -> Arc<Vec<Point>> {
    context.once("points", || Ok(make(context)?.into_iter().map(Point::new).collect()))
}

/// First the named networks, then drawn ones in four kinds (generic, one zero layer, rank-one layers, near the
/// identity), then points of whole trajectories after their first few samples. Data are those of the trajectories, so
/// that both lists speak of the same problems. In the first two kinds factors between 2^-4 and 2^4 for each layer
/// spread the norms of neighbours.
///
/// # Errors
/// Layers that could not be made.
fn make(context: &Context) -> Result<Vec<NetworkInstance>> {
    let mut out = named()?;
    let rng = &mut stream(context.seed, NETWORKS);
    let problems: Vec<Arc<Problem>> =
        trajectories::of(context, false).iter().map(|t| t.start.problem.clone()).collect();
    let depths = [2, 2, 3, 4, 5, 8, 10, 16];
    for i in 0..context.size(120, 1500, 15_000) {
        let problem = problems[i % problems.len()].clone();
        let d = problem.dimension();
        let depth = depths[rng.random_range(0..depths.len())];
        let hidden = [1, 2, d, d + 2][rng.random_range(0..4)];
        let mut widths = initialise::widths(d, if i % 5 == 0 { d + 1 } else { hidden }, depth);
        if i % 5 == 0 {
            // One bottleneck among wider layers.
            widths[depth / 2] = 1;
        }
        let mut layers = fully_connected(&widths, 0, rng.random())?.layers().to_vec();
        let kind = ["generic", "one zero layer", "rank-one layers", "near the identity"][i % 4];
        let zero = rng.random_range(0..depth);
        for (k, w) in layers.iter_mut().enumerate() {
            // Layers of very different size: by up to 2^8 in norm.
            let factor = Rational::power_of_two(rng.random_range(-4..=4));
            *w = match i % 4 {
                1 if k == zero => w.map(|_| Rational::zero()),
                2 => w.column(0) * w.row(0),
                3 => DMatrix::identity(w.nrows(), w.ncols()) + w.map(|v| v * Rational::power_of_two(-5)),
                _ => w.map(|v| v * &factor),
            };
        }
        out.push(NetworkInstance::new(problem, Network::new(layers, no_head())?, kind));
    }
    // Where the flow leads: balanced and aligned. At L = 2 from a zero layer sigma_1^2 - sigma_2^2 is D at first, and
    // tends to it again as the layers align: an equality in the limit, which no enclosure decides.
    let equality = |t: &Trajectory| t.start.depth() == 2 && !t.start.zero_layers().is_empty();
    let trajectories = trajectories::of(context, true);
    for t in trajectories.iter().step_by(context.size(3, 5, 10)).filter(|t| !equality(t)) {
        let Ok(run) = t.run() else { continue };
        for sample in run.samples.iter().skip(8).step_by(11) {
            let network = sample.network.map(|v| Rational::from_f64(*v).unwrap_or_else(Rational::zero));
            out.push(NetworkInstance::new(t.start.problem.clone(), network, format!("{}, later", t.start.kind)));
        }
    }
    Ok(out)
}

/// Layers, row by row, in units of `1/over`.
///
/// The rows of a layer are as long as the layer before has rows, the first as long as the data have columns.
///
/// # Errors
/// Layers that do not chain, or do not end in one output.
fn of(problem: &Arc<Problem>, over: i64, layers: &[&[i64]], kind: &str) -> Result<NetworkInstance> {
    let mut columns = problem.dimension();
    let layer = |entries: &&[i64]| {
        let entries: Vec<Rational> = entries.iter().map(|n| Rational::new(*n, over)).collect();
        let rows = entries.len() / columns;
        DMatrix::from_row_slice(rows, std::mem::replace(&mut columns, rows), &entries)
    };
    let network = Network::new(layers.iter().map(layer).collect(), no_head())?;
    Ok(NetworkInstance::new(problem.clone(), network, kind))
}

/// Networks at which the bounds are (nearly) attained, smallest first.
fn named() -> Result<Vec<NetworkInstance>> {
    let mut out = Vec::new();
    if let Some(scalar) = instances::scalar_problem() {
        // One layer smaller than fifteen equal ones.
        let mut deep: Vec<&[i64]> = vec![&[17]; 16];
        deep[0] = &[16];
        let list: [(i64, &[&[i64]], &str); 5] = [
            (8, &[&[1], &[8]], "scalars"),
            (8, &[&[8], &[1]], "scalars"),
            (64, &[&[64], &[1]], "scalars"),
            (16, &deep, "scalars, the first smaller"),
            (1, &[&[1], &[1], &[0], &[0]], "two zero layers"),
        ];
        for (over, layers, kind) in list {
            out.push(of(&scalar, over, layers, kind)?);
        }
    }
    for (name, spectrum) in [("Sigma=I, w*=(1,2)", [1, 1]), ("Sigma=diag(1,4), w*=(1,2)", [1, 4])] {
        let problem = instances::diagonal_problem(name, spectrum, [1, 2])?;
        let list: [(i64, [&[i64]; 2], &str); 5] = [
            // The tail of W_1 is its second singular value.
            (64, [&[128, 0, 0, 64], &[128, 1]], "nearly aligned"),
            // sigma_1 almost repeated, and W_2 along the other direction: the largest misalignment.
            (128, [&[128, 0, 0, 130], &[181, 0]], "misaligned"),
            (4, [&[4, 0, 0, 5], &[4, 0]], "misaligned"),
            // w_prod = (1, 0) leaves a residual along e_2 (Sigma = I), to which W_1 = diag(m, 0) is blind.
            (2, [&[4, 0, 0, 0], &[1, 0]], "W_1 blind to the residual"),
            (16, [&[256, 0, 0, 0], &[1, 0]], "W_1 blind to the residual"),
        ];
        for (over, layers, kind) in list {
            out.push(of(&problem, over, &layers, kind)?);
        }
    }
    // The identity of dimension 10: a tail of 9 against norms of 10.
    let w = DVector::from_fn(10, |i, _| Rational::from(i64::from(i == 0)));
    let ten = Arc::new(Problem::white(&Rational::one(), &w, &Rational::zero())?);
    let layers = vec![DMatrix::identity(10, 10), DMatrix::from_row_slice(1, 10, w.as_slice())];
    out.push(NetworkInstance::new(ten, Network::new(layers, no_head())?, "identity"));
    Ok(out)
}
