//! The closed forms of the Hessian against second derivatives of the risk, exactly in rationals.

use flatcert::arithmetic::{Big, Dual, Enclosure, Field, Interval, Rational, Ring};
use flatcert::hessian::{assemble, product_gram, residual_norm, residual_norm_squared, sharpness_at_minimiser};
use flatcert::linalg::inertia;
use flatcert::network::Network;
use flatcert::problem::Moments;
use nalgebra::{DMatrix, DVector};
use num_traits::Zero;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

fn rational(rng: &mut ChaCha8Rng) -> Rational {
    Rational::new(rng.random_range(-6..=6), rng.random_range(1..=3))
}

fn network(rng: &mut ChaCha8Rng, widths: &[usize]) -> Network<Rational> {
    let layers = widths.windows(2).map(|w| DMatrix::from_fn(w[1], w[0], |_, _| rational(rng))).collect();
    let last = widths[widths.len() - 1];
    Network::new(layers, DVector::from_fn(last, |_, _| rational(rng) + Rational::new(1, 7))).unwrap()
}

fn moments(rng: &mut ChaCha8Rng, d: usize) -> Moments<Rational> {
    let x = DMatrix::from_fn(d + 2, d, |_, _| rational(rng));
    let y = DVector::from_fn(d + 2, |_, _| rational(rng));
    Moments::new(&x, &y)
}

/// Data for which the network is an exact minimiser: y = X w_prod.
fn fitted(rng: &mut ChaCha8Rng, net: &Network<Rational>) -> Moments<Rational> {
    let mut m = moments(rng, net.widths()[0]);
    let product = net.product();
    m.cross = &m.sigma * &product;
    m.power = m.cross.dot_product(&product);
    m
}

trait DotProduct {
    fn dot_product(&self, o: &Self) -> Rational;
}
impl DotProduct for DVector<Rational> {
    fn dot_product(&self, o: &Self) -> Rational {
        flatcert::problem::dot(self, o)
    }
}

/// Number of the entry (r, c) of layer k, by the order the room documents.
fn entries(net: &Network<Rational>) -> Vec<(usize, usize, usize)> {
    let layers = net.layers().iter().enumerate();
    layers.flat_map(|(k, w)| (0..w.ncols()).flat_map(move |c| (0..w.nrows()).map(move |r| (k, r, c)))).collect()
}

const SHAPES: &[&[usize]] =
    &[&[3, 1], &[2, 2, 1], &[3, 2, 2], &[2, 1, 3, 1], &[1, 1, 1, 1], &[2, 3, 1, 2, 2], &[1, 2, 2, 2, 1]];

#[test]
fn assembled_hessian_is_the_second_derivative_of_the_risk() {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    for widths in SHAPES {
        let net = network(&mut rng, widths);
        let data = moments(&mut rng, widths[0]);
        let hessian = assemble(&net, &data);
        type D2 = Dual<Dual<Rational>>;
        let lift = |q: &Rational| D2::constant(Dual::constant(q.clone()));
        let lifted = Moments {
            sigma: data.sigma.map(|q| lift(&q)),
            cross: data.cross.map(|q| lift(&q)),
            power: lift(&data.power),
        };
        let index = entries(&net);
        assert_eq!(hessian.shape(), (net.parameters(), net.parameters()));
        for (i, &(k, r, c)) in index.iter().enumerate() {
            for (j, &(k2, r2, c2)) in index.iter().enumerate() {
                let moved = net.map(lift);
                let mut layers = moved.layers().to_vec();
                let one = Rational::from(1);
                layers[k][(r, c)].value.derivative += one.clone();
                layers[k2][(r2, c2)].derivative += Dual::constant(one);
                let risk = moved.with_layers(layers).risk(&lifted);
                assert_eq!(hessian[(i, j)], risk.derivative.derivative, "{widths:?} entry {i}, {j}");
            }
        }
    }
}

#[test]
fn assembled_hessian_agrees_with_hessian_vector_products() {
    let mut rng = ChaCha8Rng::seed_from_u64(2);
    for widths in SHAPES {
        let net = network(&mut rng, widths);
        let data = moments(&mut rng, widths[0]);
        let hessian = assemble(&net, &data);
        for (j, &(k, r, c)) in entries(&net).iter().enumerate() {
            let mut direction: Vec<_> = net.layers().iter().map(|w| DMatrix::zeros(w.nrows(), w.ncols())).collect();
            direction[k][(r, c)] = Rational::from(1);
            let image = net.hessian_vector(&data, &direction);
            let image: Vec<Rational> = image.iter().flat_map(|m| m.iter().cloned()).collect();
            assert_eq!(hessian.column(j).iter().cloned().collect::<Vec<_>>(), image);
        }
    }
}

#[test]
fn residual_norm_is_the_norm_of_what_the_rank_d_form_leaves_out() {
    let mut rng = ChaCha8Rng::seed_from_u64(3);
    for widths in SHAPES {
        let net = network(&mut rng, widths);
        let data = moments(&mut rng, widths[0]);
        let fitted = Moments { cross: &data.sigma * &net.product(), ..data.clone() };
        // With cross = Sigma w_prod the gradient vanishes and E with it; nothing else in H depends on cross.
        let e = assemble(&net, &data) - assemble(&net, &fitted);
        let norm = e.iter().fold(Rational::zero(), |s, v| s + v.powi(2));
        assert_eq!(residual_norm_squared(&net, &data), norm);
        assert!(residual_norm_squared(&net, &fitted).is_zero());
        let enclose = |q: &Rational| Interval::from_rational(q, 53);
        let data = Moments {
            sigma: data.sigma.map(|q| enclose(&q)),
            cross: data.cross.map(|q| enclose(&q)),
            power: enclose(&data.power),
        };
        let bound = residual_norm(&net.map(enclose), &data);
        assert!(bound.powi(2).contains(&norm) && bound.powi(2).width() <= 1e-10 * bound.powi(2).hi().max(1e-300));
    }
}

#[test]
fn at_a_minimiser_the_small_matrix_has_the_inertia_of_the_large_one() {
    let mut rng = ChaCha8Rng::seed_from_u64(4);
    for widths in SHAPES {
        let net = network(&mut rng, widths);
        let data = fitted(&mut rng, &net);
        let (d, p) = (widths[0], net.parameters());
        let (hessian, gram) = (assemble(&net, &data), product_gram(&net));
        // H = 2 J^T Sigma J has rank at most d and is positive semidefinite.
        let own = inertia(&hessian);
        assert_eq!(own.negative, 0);
        assert!(own.positive <= d);
        let trace = |m: &DMatrix<Rational>| m.diagonal().iter().fold(Rational::zero(), |s, v| s + v.clone());
        let small = &data.sigma * &gram;
        assert_eq!(trace(&hessian), trace(&small) + trace(&small));
        let e = |q: &Rational| Big::from_rational(q, 256);
        let enclosed =
            Moments { sigma: data.sigma.map(|q| e(&q)), cross: data.cross.map(|q| e(&q)), power: e(&data.power) };
        let sharpness = sharpness_at_minimiser(&net.map(e), &enclosed);
        // The certificate for the small matrix widens by 2^-50, whatever the precision.
        assert!(sharpness.relative_width() < 1e-12, "{widths:?}");
        let (lo, hi) = (sharpness.lower_rational().unwrap(), sharpness.upper_rational().unwrap());
        let middle = (lo.clone() + hi.clone()) / Rational::from(2);
        for (c, side) in
            [(lo - Rational::new(1, 1 << 40), 1), (hi + Rational::new(1, 1 << 40), 0), (middle / Rational::from(3), 1)]
        {
            let of = |m: &DMatrix<Rational>, c: &Rational| DMatrix::identity(p, p).map(|v: Rational| v * c.clone()) - m;
            let large = inertia(&of(&hessian, &c));
            let two = Rational::from(2);
            let small = &data.sigma * &gram * &data.sigma;
            let reduced = inertia(&(data.sigma.map(|v| v * c.clone()) - small.map(|v| v * two.clone())));
            assert_eq!((large.negative, large.zero), (reduced.negative, reduced.zero), "{widths:?}");
            assert_eq!(large.positive, reduced.positive + p - d);
            if side == 1 {
                assert!(large.negative >= 1);
            } else {
                assert_eq!(large.negative, 0);
            }
        }
    }
}
