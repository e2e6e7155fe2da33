//! Networks: exact minimisers, initialisations, reading and saving weights.

use flatcert::arithmetic::{Rational, Ring};
use flatcert::network::{Network, minimiser};
use flatcert::problem::{Problem, norm_squared};
use nalgebra::{DMatrix, DVector};

fn q(s: &str) -> Rational {
    s.parse().unwrap()
}

fn column(entries: &[i64]) -> DVector<Rational> {
    DVector::from_iterator(entries.len(), entries.iter().map(|&v| Rational::from(v)))
}

/// Three features with w* = (1, -2, 1/2): X is square, so y = X w* is met exactly.
fn small_problem() -> Problem {
    let x = DMatrix::from_row_slice(3, 3, &[2, 1, 0, 0, 3, 1, 1, 0, 4].map(Rational::from));
    let w = DVector::from_vec(vec![q("1"), q("-2"), q("1/2")]);
    Problem::new("small", &x, &(&x * w)).unwrap()
}

fn assert_minimiser(problem: &Problem, network: &Network<Rational>) {
    assert_eq!(&network.product(), problem.w_star_exact().unwrap());
    let gradient = network.gradient(problem.exact_moments().unwrap());
    assert_eq!(gradient.norm_squared(), Rational::from(0));
}

#[test]
fn minimisers_are_exact_for_every_shape() {
    let problem = small_problem();
    let shapes: &[(&[usize], &[i64])] = &[
        (&[3, 1], &[1]),
        (&[3, 2], &[3, -1]),
        (&[3, 3, 1], &[1]),
        (&[3, 1, 1], &[-2]),
        (&[3, 1, 4, 1, 2], &[1, 5]),
        (&[3, 7, 2, 5, 3], &[1, 0, -1]),
        (&[3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 1], &[1]),
        (&[3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1], &[100]),
    ];
    for (widths, head) in shapes {
        let head = column(head);
        for seed in 0..4 {
            for bound in [1, 4] {
                let options = minimiser::Options { bound, ..Default::default() };
                let network = minimiser::random(&problem, widths, &head, seed, &options).unwrap();
                assert_eq!(network.widths(), *widths);
                assert_minimiser(&problem, &network);
                assert_eq!(network, minimiser::random(&problem, widths, &head, seed, &options).unwrap());
            }
            let aligned = minimiser::rank_one(&problem, widths, &head, seed, None).unwrap();
            assert_minimiser(&problem, &aligned);
            let depth = widths.len() - 1;
            let upper: Vec<Rational> = (1..depth).map(|k| Rational::new(-3, k as i64)).collect();
            let chosen = minimiser::rank_one(&problem, widths, &head, seed, Some(&upper)).unwrap();
            assert_minimiser(&problem, &chosen);
            for k in 2..depth {
                assert_eq!(norm_squared(chosen.layers()[k - 1].iter()), upper[k - 2].powi(2), "norm of W{k}");
            }
        }
    }
}

#[test]
fn different_seeds_give_different_minimisers() {
    let make =
        |seed| minimiser::random(&small_problem(), &[3, 3, 1], &column(&[1]), seed, &Default::default()).unwrap();
    assert_ne!(make(1), make(2));
}

#[test]
fn any_layer_can_be_solved_for_where_its_range_allows() {
    let problem = small_problem();
    let head = column(&[2]);
    for solve in 1..=4 {
        let options = minimiser::Options { solve, unbalance: Rational::new(7, 2), ..Default::default() };
        let network = minimiser::random(&problem, &[3, 4, 3, 5, 1], &head, 11, &options).unwrap();
        assert_minimiser(&problem, &network);
    }
    // Behind a layer of width 1 only multiples of one row are in reach.
    let options = minimiser::Options { solve: 2, ..Default::default() };
    let error = minimiser::random(&problem, &[3, 1, 3, 1], &head, 5, &options).unwrap_err();
    assert!(error.to_string().contains("range of the layers below"), "{error}");
}

#[test]
fn solving_changes_one_layer_only_and_refuses_a_dead_head() {
    let problem = small_problem();
    let upper = vec![DMatrix::from_row_slice(1, 2, &[Rational::from(0), Rational::from(0)])];
    let free = DMatrix::from_element(2, 3, Rational::from(1));
    let error = minimiser::solve_first_layer(&problem, &upper, &column(&[1]), free.clone()).unwrap_err();
    assert!(error.is_input() && error.to_string().contains("annihilate"), "{error}");
    let upper = vec![DMatrix::from_row_slice(1, 2, &[Rational::from(3), Rational::from(-4)])];
    let network = minimiser::solve_first_layer(&problem, &upper, &column(&[1]), free.clone()).unwrap();
    assert_eq!(network.layers()[1], upper[0]);
    assert_minimiser(&problem, &network);
    // (I - b b^T / norm(b)^2) G is kept: along (4, 3), orthogonal to b, W_1 agrees with G.
    let across = column(&[4, 3]);
    assert_eq!(network.layers()[0].tr_mul(&across), free.tr_mul(&across));
}

#[test]
fn balancing_and_unbalancing_do_what_they_say() {
    let problem = small_problem();
    let widths = [3; 8];
    let head = column(&[1, 2, 3]);
    let norms = |n: &Network<Rational>| -> Vec<f64> {
        n.layers().iter().map(|w| norm_squared(w.iter()).to_f64().sqrt()).collect()
    };
    let ratio = |v: &[f64]| v.iter().fold(0.0, |a: f64, &b| a.max(b)) / v.iter().fold(f64::MAX, |a, &b| a.min(b));
    let balanced = minimiser::random(&problem, &widths, &head, 3, &Default::default()).unwrap();
    assert!(ratio(&norms(&balanced)) < 4.0, "{:?}", norms(&balanced));
    let options = minimiser::Options { unbalance: Rational::from(1000), ..Default::default() };
    let skewed = minimiser::random(&problem, &widths, &head, 3, &options).unwrap();
    assert!(ratio(&norms(&skewed)) > 2.5e5, "{:?}", norms(&skewed));
    assert_minimiser(&problem, &skewed);
    let aligned = minimiser::rank_one(&problem, &widths, &head, 3, None).unwrap();
    assert!(ratio(&norms(&aligned)) < 1.01, "{:?}", norms(&aligned));
    let error = minimiser::rescale(&balanced, &vec![Rational::from(2); 7]).unwrap_err();
    assert!(error.to_string().contains("product 1"), "{error}");
}

#[test]
fn requests_that_cannot_be_met_are_refused() {
    let problem = small_problem();
    let refuse = |widths: &[usize], head: &[i64], options: &minimiser::Options, needle: &str| {
        let error = minimiser::random(&problem, widths, &column(head), 0, options).unwrap_err();
        assert!(error.is_input() && error.to_string().contains(needle), "{error}");
        assert!(!error.to_string().contains('\n'));
    };
    let default = minimiser::Options::default();
    refuse(&[3], &[1], &default, "at least two");
    refuse(&[3, 0, 1], &[1], &default, "none of them zero");
    refuse(&[2, 2, 1], &[1], &default, "3 features");
    refuse(&[3, 2, 2], &[1], &default, "the head has 1 entries");
    refuse(&[3, 2, 2], &[0, 0], &default, "w = 0");
    refuse(&[3, 2, 1], &[1], &minimiser::Options { solve: 3, ..default.clone() }, "layer 3");
    refuse(&[3, 2, 1], &[1], &minimiser::Options { bound: 0, ..default.clone() }, "bound must be positive");
    refuse(&[3, 2, 1], &[1], &minimiser::Options { unbalance: q("0"), ..default }, "unbalance");
}

#[test]
fn exact_networks_survive_json() {
    let network = minimiser::random(&small_problem(), &[3, 2, 1], &column(&[1]), 9, &Default::default()).unwrap();
    let text = serde_json::to_string(&network).unwrap();
    assert_eq!(serde_json::from_str::<Network<Rational>>(&text).unwrap(), network);
    let ragged = r#"{"layers": [[["1", "2"], ["3"]]], "head": ["1", "1"]}"#;
    let error = serde_json::from_str::<Network<Rational>>(ragged).unwrap_err().to_string();
    assert!(error.contains("W1: row 1 has 1 entries, expected 2"), "{error}");
    let unchained = r#"{"layers": [[["1", "2"]], [["1", "1"]]], "head": ["1"]}"#;
    assert!(serde_json::from_str::<Network<Rational>>(unchained).is_err());
}
