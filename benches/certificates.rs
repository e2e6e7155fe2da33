//! Our own figures: `cargo bench --bench certificates`.

use flatcert::arithmetic::Rational;
use flatcert::hessian::{Options, assemble_ball, network_enclosures, sharpness};
use flatcert::linalg::dense;
use flatcert::network::Network;
use flatcert::problem::Problem;
use nalgebra::{DMatrix, DVector};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};

fn main() {
    divan::main();
}

fn normal(rng: &mut ChaCha8Rng) -> f64 {
    StandardNormal.sample(rng)
}

/// Data for which a residual network is a minimiser to rounding: W_1 is moved until the product is w*.
fn case(d: usize, depth: usize) -> (Problem, Network<f64>) {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let entry = |rng: &mut ChaCha8Rng| Rational::new((normal(rng) * 64.0) as i64, 64);
    let x = DMatrix::from_fn(2 * d, d, |_, _| entry(&mut rng));
    let y = DVector::from_fn(2 * d, |_, _| entry(&mut rng));
    let problem = Problem::new("bench", &x, &y).unwrap();
    let target = problem.w_star_exact().unwrap().map(|q| q.to_f64());
    let scale = 0.5 / ((depth * d) as f64).sqrt();
    let mut layers: Vec<DMatrix<f64>> =
        (0..depth).map(|_| DMatrix::identity(d, d) + DMatrix::from_fn(d, d, |_, _| normal(&mut rng) * scale)).collect();
    let head = DVector::from_element(d, 1.0 / (d as f64).sqrt());
    let b = layers[1..].iter().rev().fold(head.clone(), |b, w| w.tr_mul(&b));
    for _ in 0..4 {
        let off = &target - layers[0].tr_mul(&b);
        layers[0] += &b * off.transpose() / b.norm_squared();
    }
    (problem, Network::new(layers, head).unwrap())
}

/// Certified sharpness at a minimiser, (d, L).
#[divan::bench(args = [(5, 10), (16, 100), (16, 1000), (50, 20)])]
fn at_a_minimiser(bencher: divan::Bencher, (d, depth): (usize, usize)) {
    let (problem, net) = case(d, depth);
    bencher.bench(|| sharpness(&problem, divan::black_box(&net), &Options::default()));
}

/// Certified ends of the spectrum far from minimisers, (d, L).
#[divan::bench(args = [(5, 10), (40, 3), (16, 100), (16, 1000), (100, 50)])]
fn far_from_minimisers(bencher: divan::Bencher, (d, depth): (usize, usize)) {
    let (problem, net) = case(d, depth);
    let moved = net.with_layers(net.layers().iter().map(|w| w * 1.01).collect());
    let options = Options { tight_smallest: true, ..Options::default() };
    bencher.bench(|| sharpness(&problem, divan::black_box(&moved), &options));
}

/// Everything `inspect` prints about a network but its sharpness.
#[divan::bench(args = [(5, 10), (16, 100)])]
fn enclosures(bencher: divan::Bencher, (d, depth): (usize, usize)) {
    let (problem, net) = case(d, depth);
    bencher.bench(|| network_enclosures(&problem, divan::black_box(&net)));
}

/// Dense assembly in balls.
#[divan::bench(args = [(5, 10), (10, 10)])]
fn assembly(bencher: divan::Bencher, (d, depth): (usize, usize)) {
    let (problem, net) = case(d, depth);
    bencher.bench(|| assemble_ball(&problem, divan::black_box(&net)));
}

/// Both ends of a dense spectrum.
#[divan::bench(args = [(5, 10), (10, 10)])]
fn both_ends(bencher: divan::Bencher, (d, depth): (usize, usize)) {
    let (problem, net) = case(d, depth);
    let hessian = assemble_ball(&problem, &net);
    bencher.bench(|| dense::extremes(divan::black_box(&hessian)));
}
