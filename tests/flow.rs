//! The integrator against closed forms, its stops, and the flow of networks out of the saddle.

use flatcert::arithmetic::{Big, Enclosure, Rational, Ring};
use flatcert::flow::dormand_prince::{Stepper, System, Tolerances, Trial};
use flatcert::flow::drive::{Limits, drive};
use flatcert::flow::events::Watch;
use flatcert::flow::tableau::Tableau;
use flatcert::flow::{Field, FlowOptions, Layout, Stop, Trajectory, integrate, rosenbrock};
use flatcert::network::{Network, initialise};
use flatcert::problem::{Moments, Problem};
use nalgebra::{DMatrix, DVector};
use proptest::prelude::*;
use rug::Float;
use std::ops::{ControlFlow, Range};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

/// Bits of the extended precision: rounding stays far below the smallest error that is observed.
const BITS: u32 = 192;

// ---------------------------------------------------------------------------------------------- order

/// The scalar flow of depth L with equal layers, `u' = -2 (u^L - 1) u^(L-1)`: every balanced rank-one network with
/// white data reduces to it.
struct Scalar {
    depth: u32,
    block: [Range<usize>; 1],
}

impl Scalar {
    fn new(depth: u32) -> Self {
        Self { depth, block: [Range { start: 0, end: 1 }] }
    }
}

impl System<Float> for Scalar {
    fn blocks(&self) -> &[Range<usize>] {
        &self.block
    }
    fn rate(&mut self, y: &[Float], out: &mut [Float]) {
        use rug::ops::Pow;
        let power = Float::with_val(BITS, (&y[0]).pow(self.depth - 1));
        let product = Float::with_val(BITS, &power * &y[0]);
        out[0] = (1 - product) * power * 2;
    }
}

impl System<f64> for Scalar {
    fn blocks(&self) -> &[Range<usize>] {
        &self.block
    }
    fn rate(&mut self, y: &[f64], out: &mut [f64]) {
        let power = y[0].powi(self.depth as i32 - 1);
        out[0] = 2.0 * (1.0 - power * y[0]) * power;
    }
}

/// Depth 2: p = u^2 is logistic, `p' = 4 p (1 - p)`.
fn logistic(u_0: f64, t: f64) -> f64 {
    let p = u_0 * u_0;
    (p / (p + (1.0 - p) * (-4.0 * t).exp())).sqrt()
}

fn float(v: f64) -> Float {
    Float::with_val(BITS, v)
}

/// The time at which `u' = 2 (1 - u^L) u^(L-1)` passes u, up to a constant: an antiderivative of
/// `1 / (2 u^(L-1) (1 - u^L))`, which is `(u^(1-L) + u / (1 - u^L)) / 2`.
fn clock(depth: u32, u: &Float) -> Float {
    let s = Float::with_val(BITS, u * u);
    let root = float(3.0).sqrt();
    // int dv / (1 - v^3) and int v dv / (1 - v^3) share these.
    let parts = |v: &Float| {
        let logs = Float::with_val(BITS, 1 + v.clone() + Float::with_val(BITS, v * v)).ln() / 6
            - Float::with_val(BITS, 1 - v).ln() / 3;
        let angle = Float::with_val(BITS, (Float::with_val(BITS, v * 2) + 1) / &root).atan() / &root;
        (logs, angle)
    };
    let twice = match depth {
        2 => Float::with_val(BITS, u / Float::with_val(BITS, 1 - &s).sqrt()).ln(),
        3 => {
            let (logs, angle) = parts(u);
            logs - angle - Float::with_val(BITS, u.recip_ref())
        }
        4 => {
            let ratio = Float::with_val(BITS, 1 + &s) / Float::with_val(BITS, 1 - &s);
            ratio.ln() / 4 - Float::with_val(BITS, s.recip_ref()) / 2
        }
        6 => {
            let (logs, angle) = parts(&s);
            let fourth = Float::with_val(BITS, &s * &s);
            (logs + angle) / 2 - Float::with_val(BITS, fourth.recip_ref()) / 4
        }
        _ => panic!("no closed form for depth {depth}"),
    };
    twice / 2
}

/// A double t, and the exact u(t) to far more digits than any error observed, for u(0) = a and u(t) near b.
fn passage(depth: u32, a: f64, b: f64) -> (f64, Float) {
    let exact = clock(depth, &float(b)) - clock(depth, &float(a));
    let t = exact.to_f64();
    let mut rate = [float(0.0)];
    Scalar::new(depth).rate(&[float(b)], &mut rate);
    let [rate] = rate;
    (t, float(b) + rate * (float(t) - exact))
}

/// The state after n equal steps to T.
fn fixed_steps<S: System<Float>>(system: &mut S, tableau: &Tableau, start: &[Float], t: f64, n: u32) -> Vec<Float> {
    let mut stepper = Stepper::new(tableau, start.to_vec(), BITS, system);
    let loose = Tolerances { rtol: 1.0, atol: 1.0 };
    for _ in 0..n {
        stepper.attempt(t / f64::from(n), loose, system);
        stepper.accept();
    }
    stepper.state().to_vec()
}

fn distance(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| (x - y).powi(2)).sum::<f64>().sqrt()
}

/// Order observed between n and 2n steps (powers of two, so that their lengths are exact).
fn order<S: System<Float>>(system: &mut S, tableau: &Tableau, start: &[Float], t: f64, end: &[Float], n: u32) -> f64 {
    let mut error = |n| {
        let found = fixed_steps(system, tableau, start, t, n);
        found.iter().zip(end).map(|(x, y)| Float::with_val(BITS, x - y).to_f64().powi(2)).sum::<f64>().sqrt()
    };
    (error(n) / error(2 * n)).log2()
}

#[test]
fn order_five_at_scalar_depth_two_and_deeper() {
    for depth in [2, 3, 4, 6] {
        let a = 0.6;
        let (t, end) = passage(depth, a, 0.9);
        let found = order(&mut Scalar::new(depth), &Tableau::dormand_prince(), &[float(a)], t, &[end], 256);
        assert!((found - 5.0).abs() < 0.1, "depth {depth}: {found}");
    }
}

#[test]
fn the_implicit_method_has_order_four() {
    let (t, n) = (1.5, 32);
    let error = |n: u32| {
        let mut system = Scalar::new(2);
        let loose = Tolerances { rtol: 1.0, atol: 1.0 };
        let mut state = vec![0.5];
        for _ in 0..n {
            let (h, hessian) = (t / f64::from(n), 6.0 * state[0] * state[0] - 2.0);
            let solve = |x: &DVector<f64>| Some(x / (rosenbrock::shift(h) + hessian));
            state = rosenbrock::attempt(&state, h, solve, loose, &mut system).0;
        }
        (state[0] - logistic(0.5, t)).abs()
    };
    let found = (error(n) / error(2 * n)).log2();
    assert!((found - 4.0).abs() < 0.2, "{found}");
}

#[test]
fn the_closed_forms_agree() {
    let (t, end) = passage(2, 0.5, 0.9);
    assert!((end.to_f64() - logistic(0.5, t)).abs() < 1e-15);
}

/// The crate's own field in extended precision, through enclosures that are far narrower than any error.
struct Exact {
    field: Field<Big>,
    blocks: Vec<Range<usize>>,
}

impl System<Float> for Exact {
    fn blocks(&self) -> &[Range<usize>] {
        &self.blocks
    }
    fn rate(&mut self, y: &[Float], out: &mut [Float]) {
        let y: Vec<Big> = y.iter().map(Big::from_point).collect();
        let mut rate = y.clone();
        self.field.evaluate(&y, &mut rate, &mut self.field.workspace());
        for (o, r) in out.iter_mut().zip(&rate) {
            *o = r.point();
        }
    }
}

/// W_k = u q_k q_{k-1}^T with unit vectors q_k, white data, w* = q_0: balanced, and the flow keeps the form.
fn rank_one(u: &Float) -> Network<Big> {
    let q: [(&[i64], i64); 4] = [(&[3, 4], 5), (&[2, 1, 2], 3), (&[-4, 3], 5), (&[1], 1)];
    let unit = |k: usize, i: usize| float(q[k].0[i] as f64) / (q[k].1 as f64);
    let layer = |k: usize| {
        let entry = |i, j| Big::from_point(&(Float::with_val(BITS, u * unit(k + 1, i)) * unit(k, j)));
        DMatrix::from_fn(q[k + 1].0.len(), q[k].0.len(), entry)
    };
    Network::new((0..3).map(layer).collect(), DVector::from_element(1, Big::from_point(&float(1.0))))
        .expect("shapes chain")
}

#[test]
fn order_five_on_balanced_rank_one_matrices() {
    let a = 0.7;
    let (t, b) = passage(3, a, 0.9);
    let (start, end) = (rank_one(&float(a)), rank_one(&b));
    let big = |v: Float| Big::from_point(&v);
    let sigma = DMatrix::from_fn(2, 2, |i, j| big(float(if i == j { 1.0 } else { 0.0 })));
    let w_star = DVector::from_vec(vec![big(float(3.0) / 5), big(float(4.0) / 5)]);
    let field = Field::new(&sigma, &w_star, &start).expect("two inputs");
    let blocks = field.layout().blocks().to_vec();
    let mut system = Exact { field, blocks };
    let flat = |n: &Network<Big>| Layout::flatten(n).iter().map(Big::point).collect::<Vec<Float>>();
    let found = order(&mut system, &Tableau::dormand_prince(), &flat(&start), t, &flat(&end), 256);
    assert!((found - 5.0).abs() < 0.1, "{found}");
}

#[test]
fn an_altered_coefficient_loses_the_order() {
    let (t, end) = passage(2, 0.5, 0.9);
    for (i, j) in [(2, 1), (3, 2), (4, 0), (5, 4), (6, 3)] {
        let mut tableau = Tableau::dormand_prince();
        let (numerator, denominator) = tableau.a[i][j];
        tableau.a[i][j] = (1001 * numerator, 1000 * denominator);
        let end = std::slice::from_ref(&end);
        let found = order(&mut Scalar::new(2), &tableau, &[float(0.5)], t, end, 64);
        assert!(found < 4.5, "a[{i}][{j}]: order {found}");
    }
}

#[test]
fn the_continuous_extension_has_order_four() {
    let mut system = Scalar::new(2);
    let loose = Tolerances { rtol: 1.0, atol: 1.0 };
    for theta in [0.25, 0.5, 0.9] {
        // The error within one step from an exact point: of order 4 + 1.
        let mut error = |h: f64| {
            let state = vec![Float::with_val(BITS, 0.5)];
            let mut stepper = Stepper::new(&Tableau::dormand_prince(), state.clone(), BITS, &mut system);
            stepper.attempt(h, loose, &mut system);
            let mut out = state;
            stepper.interpolate(theta, &mut out);
            let exact = {
                let decay = Float::with_val(BITS, -4.0 * theta * h).exp();
                let p = Float::with_val(BITS, 0.25);
                Float::with_val(BITS, &p / (p.clone() + decay * 0.75)).sqrt()
            };
            Float::with_val(BITS, &out[0] - exact).to_f64().abs()
        };
        let found = (error(1.0 / 256.0) / error(1.0 / 512.0)).log2();
        assert!((found - 5.0).abs() < 0.1, "theta = {theta}: {found}");
    }
    // Both ends are the steps' own.
    let mut stepper = Stepper::new(&Tableau::dormand_prince(), vec![0.5], 53, &mut system);
    stepper.attempt(0.1, loose, &mut system);
    let mut out = [0.0];
    for (theta, end) in [(0.0, 0.5), (1.0, stepper.proposed()[0])] {
        stepper.interpolate(theta, &mut out);
        assert!((out[0] - end).abs() < 1e-15);
    }
}

// ---------------------------------------------------------------------------------------------- field

fn shape() -> impl Strategy<Value = (Vec<usize>, u64)> {
    (prop::collection::vec(1..5_usize, 2..7), any::<u64>())
}

fn exact_problem(d: usize, seed: u64) -> Problem {
    Problem::small_integers(d + 3, d, 4, seed).expect("full rank")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_field_is_the_negative_gradient_exactly((widths, seed) in shape()) {
        let problem = exact_problem(widths[0], seed % 50);
        let head = DVector::from_fn(widths[widths.len() - 1], |i, _| Rational::from_i64(i as i64 - 2));
        let scale = Rational::from_i64(3);
        let net = initialise::gaussian_exact(&widths, head, &scale, seed).expect("positive widths");
        let moments = problem.exact_moments().expect("rational data");
        let w_star = problem.w_star_exact().expect("rational data");
        let field = Field::new(&moments.sigma, w_star, &net).expect("inputs match");
        let (mut space, parameters) = (field.workspace(), Layout::flatten(&net));
        let mut out = parameters.clone();
        field.evaluate(&parameters, &mut out, &mut space);
        let gradient = net.gradient(moments);
        let expected: Vec<Rational> =
            (1..=net.depth()).flat_map(|k| gradient.layer(k).iter().map(|v| -v.clone()).collect::<Vec<_>>()).collect();
        prop_assert_eq!(&out, &expected);
        let least = moments.risk(w_star);
        prop_assert_eq!(space.excess_risk().clone(), net.risk(moments) - least);
        prop_assert_eq!(space.gradient_norm_squared(field.layout()), gradient.norm_squared());
        let back = field.layout().network(&parameters, net.head()).expect("same shape");
        prop_assert_eq!(back, net);
    }

    #[test]
    fn the_fast_field_is_the_field(d in 1..12_usize, depth in 1..6_usize, rows in 1..3_usize, seed in any::<u64>()) {
        let mut widths = vec![d; depth + 1];
        widths[depth] = rows;
        let net = initialise::gaussian(&widths, DVector::from_element(rows, 0.7), 1.0, seed).expect("positive widths");
        let sigma = DMatrix::from_fn(d, d, |i, j| if i == j { 2.0 } else { 1.0 / (1 + i + j) as f64 });
        let field = Field::new(&sigma, &DVector::from_element(d, 0.3), &net).expect("inputs match");
        let parameters = Layout::flatten(&net);
        let (mut plain, mut fast) = (parameters.clone(), parameters.clone());
        let (mut one, mut two) = (field.workspace(), field.workspace());
        field.evaluate(&parameters, &mut plain, &mut one);
        field.evaluate_fast(&parameters, &mut fast, &mut two);
        let size = plain.iter().map(|v| v * v).sum::<f64>().sqrt();
        prop_assert!(distance(&plain, &fast) <= 1e-12 * size);
        prop_assert!((one.excess_risk() - two.excess_risk()).abs() <= 1e-12 * one.excess_risk());
    }
}

// ---------------------------------------------------------------------------------------------- flows

fn go(problem: &Problem, start: &Network<f64>, options: &FlowOptions) -> Trajectory {
    integrate(problem, start, options, &mut |_| ControlFlow::Continue(())).expect("good input")
}

fn one() -> DVector<f64> {
    DVector::from_element(1, 1.0)
}

fn saddle(depth: usize, scale: f64, zero: usize) -> (Problem, Network<f64>) {
    let problem = Problem::appendix_c(50, 5, 3).expect("full rank");
    let mut widths = vec![5; depth + 1];
    widths[depth] = 1;
    (problem, initialise::small_scale(&widths, one(), scale, zero, 11).expect("a layer"))
}

#[test]
fn leaves_the_saddle_of_order_ten_wherever_the_zero_layer_is() {
    for (scale, zeros) in [(1e-3, 1..=10), (1e-4, 10..=10)] {
        for zero in zeros {
            let (problem, start) = saddle(10, scale, zero);
            let t = go(&problem, &start, &FlowOptions::default());
            assert!(matches!(t.stopped, Stop::Level { .. }), "{:?}", t.stopped);
            assert!(t.excess_risk <= 1e-20, "{:e}", t.excess_risk);
            assert!(t.statistics.steps < 2_000, "{:?}", t.statistics);
            assert!(t.time.high > 1e18, "the escape is long: {:e}", t.time.high);
            assert!(t.balance_drift < 1e-8, "{:e}", t.balance_drift);
        }
    }
}

#[test]
fn a_tighter_tolerance_agrees_on_the_escape() {
    let (problem, start) = saddle(10, 1e-3, 10);
    let at = |rtol: f64| {
        let options = FlowOptions { rtol, atol: 1e-2 * rtol, ..FlowOptions::default() };
        go(&problem, &start, &options)
    };
    let (loose, tight) = (at(1e-8), at(1e-12));
    assert!((loose.time.high / tight.time.high - 1.0).abs() < 1e-6);
    let apart = distance(&Layout::flatten(&loose.final_network), &Layout::flatten(&tight.final_network));
    assert!(apart < 1e-6, "{apart:e}");
    assert!(tight.balance_drift < 1e-12, "{:e}", tight.balance_drift);
}

/// White data in one dimension: R(w) = (w - 1)^2 up to a constant.
fn scalar_problem() -> Problem {
    let moments = Moments {
        sigma: DMatrix::from_element(1, 1, Rational::from_i64(1)),
        cross: DVector::from_element(1, Rational::from_i64(1)),
        power: Rational::from_i64(2),
    };
    Problem::from_moments("scalar", 4, moments).expect("full rank")
}

fn scalar_network(layers: &[f64]) -> Network<f64> {
    Network::new(layers.iter().map(|v| DMatrix::from_element(1, 1, *v)).collect(), one()).expect("scalars chain")
}

#[test]
fn the_logistic_flow_and_the_time_of_its_gap() {
    let start = scalar_network(&[0.5, 0.5]);
    let gap = 1e-8;
    let options = FlowOptions {
        rtol: 1e-12,
        atol: 1e-14,
        gap: Some(gap),
        keep: true,
        dense_per_step: 2,
        ..FlowOptions::default()
    };
    let t = go(&scalar_problem(), &start, &options);
    // p(t) = 1 - 1e-4 where exp(-4 t) = p_0 / (1 - p_0) * 1e-4 / (1 - 1e-4).
    let exact = -0.25 * (0.25 / 0.75 * 1e-4 / (1.0 - 1e-4_f64)).ln();
    let Stop::Level { after, by } = t.stopped else { panic!("{:?}", t.stopped) };
    assert!(after.high <= by.high && by.since(after) < 1e-9);
    assert!((by.high - exact).abs() < 1e-8, "{} {exact}", by.high);
    assert!(t.knots.len() > 3 * t.statistics.steps as usize);
    for knot in &t.knots {
        let u = knot.network.layers()[0][(0, 0)];
        assert!((u - logistic(0.5, knot.time.high)).abs() < 1e-9, "t = {}", knot.time.high);
    }
    let later = |w: &[flatcert::flow::Knot]| w[1].time.since(w[0].time) > 0.0;
    assert!(t.knots.windows(2).all(later));
}

#[test]
fn events_bracket_the_crossing() {
    let mut system = Scalar::new(2);
    let mut stepper = Stepper::new(&Tableau::dormand_prince(), vec![0.5], 53, &mut system);
    let (mut watch, mut never, mut lost, mut steps) = (Watch::new(0.8), Watch::new(0.2), Watch::new(0.2), 0);
    let tolerances = Tolerances { rtol: 1e-10, atol: 1e-12 };
    let ended = drive(&mut stepper, &mut system, tolerances, &limits(Some(3.0)), |v| {
        watch.look(v, |y: &[f64]| y[0]);
        never.look(v, |y: &[f64]| y[0]);
        steps += 1;
        lost.look(v, |y: &[f64]| if steps == 3 { f64::NAN } else { y[0] });
        ControlFlow::Continue(())
    });
    assert_eq!((ended.stop, ended.time.high), (Stop::EndTime, 3.0));
    let found = watch.found().expect("it passes 0.8");
    let exact = -0.25 * (0.25 / 0.75 * 0.36 / 0.64_f64).ln();
    assert!(found.after.high <= found.by.high && !found.falling);
    assert!((found.by.high - exact).abs() < 1e-8, "{} {exact}", found.by.high);
    assert_eq!(never.found(), None);
    assert_eq!(lost.found(), None, "above all the time, but for one step at which it is not a number");
}

// ---------------------------------------------------------------------------------------------- stops

fn limits(t_end: Option<f64>) -> Limits {
    Limits {
        level: None,
        t_end,
        max_steps: 100_000,
        max_evaluations: u64::MAX,
        wall_clock: None,
        interrupt: None,
        patience: 1e5,
    }
}

#[test]
fn stops_say_why() {
    let (problem, start) = saddle(4, 0.05, 4);
    let with = |change: &dyn Fn(&mut FlowOptions)| {
        let mut options = FlowOptions::default();
        change(&mut options);
        go(&problem, &start, &options)
    };
    let t = with(&|o| o.t_end = Some(12.5));
    assert_eq!((t.stopped, t.time.high), (Stop::EndTime, 12.5));
    assert_eq!(with(&|o| o.max_steps = 7).statistics.steps, 7);
    assert_eq!(with(&|o| o.max_steps = 7).stopped, Stop::Steps);
    assert_eq!(with(&|o| o.max_evaluations = 100).stopped, Stop::Evaluations);
    assert_eq!(with(&|o| o.wall_clock = Some(Duration::ZERO)).stopped, Stop::WallClock);
    assert_eq!(with(&|o| o.interrupt = Some(Arc::new(AtomicBool::new(true)))).stopped, Stop::Interrupted);
    let mut seen = 0;
    let t = integrate(&problem, &start, &FlowOptions::default(), &mut |p| {
        seen += 1;
        assert_eq!(p.network().expect("same shape").parameters(), p.state.len());
        if seen == 5 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    assert_eq!(t.expect("good input").stopped, Stop::Observer);
    // At the gap from the start; at a critical point from the start.
    let done = with(&|o| o.gap = Some(1e6));
    assert!(matches!(done.stopped, Stop::Level { .. }) && done.statistics.steps == 0 && done.time.high == 0.0);
    let zero = scalar_network(&[0.0, 0.0]);
    assert_eq!(go(&scalar_problem(), &zero, &FlowOptions::default()).stopped, Stop::VanishedGradient);
    // A gap that doubles cannot show.
    let t = with(&|o| o.gap = Some(1e-60));
    assert!(matches!(t.stopped, Stop::Rounding | Stop::VanishedGradient | Stop::Level { .. }), "{:?}", t.stopped);
    assert!(t.excess_risk < 1e-26, "{:e}", t.excess_risk);
}

/// y' = y^2, which blows up at t = 1; or, beyond y = 2, a field that is not defined.
struct Explosion {
    undefined: bool,
    block: [Range<usize>; 1],
}

impl System<f64> for Explosion {
    fn blocks(&self) -> &[Range<usize>] {
        &self.block
    }
    fn rate(&mut self, y: &[f64], out: &mut [f64]) {
        out[0] = if self.undefined && y[0] > 2.0 { f64::NAN } else { y[0] * y[0] };
    }
}

#[test]
fn blow_up_and_undefined_stages_end_in_underflow() {
    for undefined in [false, true] {
        let mut system = Explosion { undefined, block: [Range { start: 0, end: 1 }] };
        let mut stepper = Stepper::new(&Tableau::dormand_prince(), vec![1.0], 53, &mut system);
        let tolerances = Tolerances { rtol: 1e-8, atol: 1e-10 };
        let ended = drive(&mut stepper, &mut system, tolerances, &limits(Some(2.0)), |_| ControlFlow::Continue(()));
        assert_eq!(ended.stop, Stop::StepUnderflow);
        let expected = if undefined { 0.5 } else { 1.0 };
        assert!((ended.time.high - expected).abs() < 1e-6, "{:?}", ended.time);
        assert!(ended.statistics.rejected_non_finite > 0);
        let trial = stepper.attempt(1e300, tolerances, &mut system);
        assert!(trial == Trial::NonFinite);
    }
}

#[test]
fn stiff_data_end_in_a_statement_or_at_the_gap() {
    let problem = Problem::ill_conditioned(4, &Rational::from_i64(100_000_000), 2).expect("full rank");
    let start = initialise::small_scale(&[4, 4, 1], one(), 0.1, 2, 5).expect("a layer");
    // Never the implicit method, as for networks that are too large for it.
    let t = go(&problem, &start, &FlowOptions { implicit_parameters: 0, ..FlowOptions::default() });
    let Stop::Stiff { forecast } = t.stopped else { panic!("{:?} {:?}", t.stopped, t.statistics) };
    assert!(forecast > 20_000.0, "{forecast}");
    assert!(t.stopped.sentence().contains("--gap"), "{}", t.stopped.sentence());
    assert!(t.statistics.steps < 20_000, "{:?}", t.statistics);
    // The implicit method takes over and arrives.
    let t = go(&problem, &start, &FlowOptions { gap: Some(1e-16), ..FlowOptions::default() });
    assert!(matches!(t.stopped, Stop::Level { .. }), "{:?} {:e} {:?}", t.stopped, t.excess_risk, t.statistics);
    assert!(t.excess_risk <= 1e-16 && t.statistics.implicit_steps > 0 && t.statistics.implicit_steps < 20_000);
    assert!(t.balance_drift < 1e-4, "{:e} {:?}", t.balance_drift, t.statistics);
}

#[test]
fn both_methods_agree() {
    // Stiff enough to be noticed, not too stiff for the explicit method.
    let problem = Problem::ill_conditioned(3, &Rational::from_i64(2_000), 2).expect("full rank");
    let start = initialise::small_scale(&[3, 3, 1], one(), 0.1, 2, 5).expect("a layer");
    let with =
        |patience: f64| go(&problem, &start, &FlowOptions { patience, gap: Some(1e-14), ..FlowOptions::default() });
    let (explicit, both) = (with(f64::INFINITY), with(10.0));
    assert!(explicit.statistics.implicit_steps == 0 && both.statistics.implicit_steps > 0, "{:?}", both.statistics);
    assert!((explicit.time.high / both.time.high - 1.0).abs() < 1e-4, "{:?} {:?}", explicit.time, both.time);
    let apart = distance(&Layout::flatten(&explicit.final_network), &Layout::flatten(&both.final_network));
    assert!(apart < 1e-5, "{apart:e}");
}

#[test]
fn bad_options_and_weights_are_refused() {
    let (problem, start) = saddle(3, 0.1, 3);
    let refused = |start: &Network<f64>, change: &dyn Fn(&mut FlowOptions), word: &str| {
        let mut options = FlowOptions::default();
        change(&mut options);
        let e = integrate(&problem, start, &options, &mut |_| ControlFlow::Continue(())).expect_err(word);
        assert!(e.is_input() && e.to_string().contains(word), "{e}");
    };
    for bad in [0.0, -1e-8, 1e-16, 0.5, f64::NAN, f64::INFINITY] {
        refused(&start, &|o| o.rtol = bad, "--rtol");
    }
    for bad in [-1e-9, 1.0, f64::NAN] {
        refused(&start, &|o| o.atol = bad, "--atol");
    }
    refused(&start, &|o| o.gap = Some(f64::NAN), "--gap");
    refused(&start, &|o| o.t_end = Some(-1.0), "--t-end");
    refused(&start, &|o| o.max_steps = 0, "--max-steps");
    refused(&start, &|o| o.max_evaluations = 0, "max_evaluations");
    let mut layers = start.layers().to_vec();
    layers[1][(2, 3)] = f64::NAN;
    refused(&start.with_layers(layers), &|_| (), "W2[2, 3]");
    let huge = start.layers().iter().map(|w| w.map(|_| 1e200)).collect();
    refused(&start.with_layers(huge), &|_| (), "overflow");
    let narrow = initialise::gaussian(&[4, 4, 1], one(), 0.1, 1).expect("positive widths");
    refused(&narrow, &|_| (), "d = 5");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_risk_falls_and_lemma_1_holds(
        widths in prop::collection::vec(1..6_usize, 1..5), head in 1..3_usize, scale in 0.05..0.8_f64, seed in any::<u64>()
    ) {
        let d = 4;
        let widths: Vec<usize> = [vec![d], widths, vec![head]].concat();
        let problem = Problem::appendix_c(20, d, seed % 1000).expect("full rank");
        let start = initialise::gaussian(&widths, DVector::from_element(head, 0.5), scale, seed).expect("widths");
        let options = FlowOptions { gap: Some(1e-10), t_end: Some(1e3), keep: true, ..FlowOptions::default() };
        let t = go(&problem, &start, &options);
        prop_assert!(t.knots.windows(2).all(|k| k[1].excess_risk <= k[0].excess_risk * (1.0 + 1e-7)));
        prop_assert!(t.balance_drift < 1e-6, "{:e}", t.balance_drift);
        // Exact: the time derivative of the risk is minus the squared norm of the gradient.
        prop_assert!(t.knots.iter().all(|k| k.gradient_norm.is_finite()));
    }
}
