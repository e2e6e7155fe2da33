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

mod files {
    use super::*;
    use flatcert::network::initialise;
    use std::collections::HashMap;
    use std::path::{Path, PathBuf};

    fn npz(path: &Path, arrays: &[(&str, &[usize], Vec<f64>)]) {
        use std::io::Write;
        let mut zip = zip::ZipWriter::new(std::fs::File::create(path).unwrap());
        for (name, shape, data) in arrays {
            zip.start_file(format!("{name}.npy"), zip::write::SimpleFileOptions::default()).unwrap();
            let shape: Vec<String> = shape.iter().map(|d| format!("{d},")).collect();
            let header = format!("{{'descr': '<f8', 'fortran_order': False, 'shape': ({}), }}\n", shape.join(""));
            zip.write_all(b"\x93NUMPY\x01\x00").unwrap();
            zip.write_all(&(header.len() as u16).to_le_bytes()).unwrap();
            zip.write_all(header.as_bytes()).unwrap();
            data.iter().for_each(|v| zip.write_all(&v.to_le_bytes()).unwrap());
        }
        zip.finish().unwrap();
    }

    fn tensors(path: &Path, arrays: &[(&str, &[usize], Vec<f64>)]) {
        use safetensors::{Dtype, tensor::TensorView};
        let bytes: Vec<Vec<u8>> =
            arrays.iter().map(|(_, _, v)| v.iter().flat_map(|x| (*x as f32).to_le_bytes()).collect()).collect();
        let views: HashMap<String, TensorView> = arrays
            .iter()
            .zip(&bytes)
            .map(|((name, shape, _), b)| (name.to_string(), TensorView::new(Dtype::F32, shape.to_vec(), b).unwrap()))
            .collect();
        std::fs::write(path, safetensors::serialize(views, None).unwrap()).unwrap();
    }

    struct Folder(tempfile::TempDir);

    impl Folder {
        fn new() -> Self {
            Self(tempfile::tempdir().unwrap())
        }
        fn path(&self, name: &str) -> PathBuf {
            self.0.path().join(name)
        }
        fn npz(&self, arrays: &[(&str, &[usize], Vec<f64>)]) -> PathBuf {
            npz(&self.path("net.npz"), arrays);
            self.path("net.npz")
        }
    }

    fn refuse(result: flatcert::Result<Network<f64>>, needles: &[&str]) {
        let error = result.unwrap_err();
        let text = error.to_string();
        assert!(!error.is_internal() && !text.contains('\n'), "{text}");
        for needle in needles {
            assert!(text.contains(needle), "{text:?} does not say {needle:?}");
        }
    }

    const W1: [f64; 6] = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];

    #[test]
    fn both_namings_in_any_order_give_the_same_network() {
        let folder = Folder::new();
        let want = Network::new(
            vec![DMatrix::from_row_slice(2, 3, &W1), DMatrix::from_row_slice(1, 2, &[7.0, 8.0])],
            DVector::from_element(1, 1.0),
        )
        .unwrap();
        let plain = folder.npz(&[("W2", &[1, 2], vec![7.0, 8.0]), ("W1", &[2, 3], W1.to_vec())]);
        assert_eq!(Network::load(&plain, None).unwrap(), want);
        for prefix in ["", "layers.", "model.net."] {
            let (a, b) = (format!("{prefix}0.weight"), format!("{prefix}1.weight"));
            tensors(&folder.path("net.safetensors"), &[(&b, &[1, 2], vec![7.0, 8.0]), (&a, &[2, 3], W1.to_vec())]);
            assert_eq!(Network::load(&folder.path("net.safetensors"), None).unwrap(), want);
        }
    }

    #[test]
    fn ten_layers_are_in_numeric_not_alphabetic_order() {
        let folder = Folder::new();
        let names: Vec<String> = (0..12).map(|k| format!("layers.{k}.weight")).collect();
        let arrays: Vec<(&str, &[usize], Vec<f64>)> =
            names.iter().enumerate().map(|(k, n)| (n.as_str(), &[1usize, 1][..], vec![k as f64])).collect();
        tensors(&folder.path("net.safetensors"), &arrays);
        let network = Network::load(&folder.path("net.safetensors"), None).unwrap();
        assert!(network.layers().iter().enumerate().all(|(k, w)| w[(0, 0)] == k as f64));
    }

    #[test]
    fn names_that_are_no_layers_are_refused_with_the_list() {
        let folder = Folder::new();
        let one = |name: &'static str| (name, &[1usize, 1][..], vec![1.0]);
        let load = |arrays: &[(&str, &[usize], Vec<f64>)]| Network::load(&folder.npz(arrays), None);
        refuse(load(&[one("W1"), one("W2"), one("W4")]), &["W3 is missing", "found W1, W2, W4"]);
        refuse(load(&[one("W0"), one("W2")]), &["W1 is missing", "--layers 'W{}'", "found W0, W2"]);
        refuse(load(&[one("W1"), one("kernel")]), &["kernel is no layer", "expected W1", "found W1, kernel"]);
        refuse(load(&[one("0.weight"), one("0.bias")]), &["0.bias is a bias", "bias=False"]);
        refuse(load(&[one("W1"), one("b1.bias_hh")]), &["bias"]);
        refuse(load(&[one("W1"), one("0.weight")]), &["both namings"]);
        refuse(load(&[one("a.0.weight"), one("b.1.weight")]), &["two prefixes"]);
        refuse(load(&[one("W1"), one("W01")]), &["same layer"]);
        refuse(load(&[one("W1"), one("head"), one("w")]), &["two heads"]);
        refuse(load(&[one("head")]), &["no layers"]);
    }

    #[test]
    fn layers_that_do_not_chain_are_named_with_their_sizes() {
        let folder = Folder::new();
        let path = folder.npz(&[("W1", &[2, 3], W1.to_vec()), ("W2", &[1, 3], vec![1.0; 3])]);
        refuse(Network::load(&path, None), &["net.npz", "W1 is 2 x 3 and W2 is 1 x 3", "the 2 rows of W1"]);
        let path = folder.npz(&[("W1", &[6], W1.to_vec())]);
        refuse(Network::load(&path, None), &["net.npz: W1", "shape is (6,)", "expected two dimensions"]);
    }

    #[test]
    fn heads_come_from_a_file_the_archive_or_are_one() {
        let folder = Folder::new();
        let path = folder.npz(&[("W1", &[2, 3], W1.to_vec())]);
        refuse(Network::load(&path, None), &["last layer has 2 rows", "--head"]);
        let head = folder.path("head.npz");
        for (shape, values) in
            [(&[2usize][..], vec![3.0, -1.0]), (&[2, 1], vec![3.0, -1.0]), (&[1, 2], vec![3.0, -1.0])]
        {
            npz(&head, &[("anything", shape, values.clone())]);
            assert_eq!(Network::load(&path, Some(&head)).unwrap().head().as_slice(), values);
        }
        npz(&head, &[("h", &[3], vec![1.0; 3])]);
        refuse(Network::load(&path, Some(&head)), &["head.npz: h", "3 entries", "2 rows"]);
        npz(&head, &[("h", &[2], vec![0.0; 2])]);
        refuse(Network::load(&path, Some(&head)), &["head.npz: h", "w = 0"]);
        npz(&head, &[("h", &[2, 2], vec![1.0; 4])]);
        refuse(Network::load(&path, Some(&head)), &["(2, 2)", "expected a vector"]);
        refuse(Network::load(&path, Some(&folder.path("absent.npy"))), &["absent.npy"]);
        let path = folder.npz(&[("W1", &[2, 3], W1.to_vec()), ("head", &[2], vec![4.0, 5.0])]);
        assert_eq!(Network::load(&path, None).unwrap().head().as_slice(), [4.0, 5.0]);
    }

    #[test]
    fn saved_networks_come_back_bit_for_bit() {
        let folder = Folder::new();
        let network = initialise::gaussian(&[4, 3, 5, 2], initialise::unit_head(2, 8), 0.3, 8).unwrap();
        let path = folder.path("out.npz");
        network.save(&path).unwrap();
        assert_eq!(Network::load(&path, None).unwrap(), network);
        let bytes = std::fs::read(&path).unwrap();
        network.save(&path).unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), bytes, "the same network is the same file");
    }

    #[test]
    fn a_save_that_fails_leaves_nothing() {
        let folder = Folder::new();
        let network = initialise::gaussian(&[2, 1], DVector::from_element(1, 1.0), 1.0, 0).unwrap();
        let error = network.save(&folder.path("no/such/folder/out.npz")).unwrap_err();
        assert!(error.is_io() && error.exit_code() == 2, "{error}");
        // A folder in the file's place: the rename fails after everything was written.
        let taken = folder.path("taken.npz");
        std::fs::create_dir(&taken).unwrap();
        std::fs::write(taken.join("kept"), "x").unwrap();
        assert!(network.save(&taken).unwrap_err().is_io());
        let left: Vec<_> = std::fs::read_dir(folder.0.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
        assert_eq!(left, ["taken.npz"]);
    }
}

mod initial {
    use super::*;
    use flatcert::network::initialise::*;

    fn moments(values: impl Iterator<Item = f64> + Clone) -> (f64, f64) {
        let n = values.clone().count() as f64;
        let mean = values.clone().sum::<f64>() / n;
        (mean, (values.map(|v| (v - mean).powi(2)).sum::<f64>() / n).sqrt())
    }

    #[test]
    fn gaussian_layers_have_the_stated_deviation_and_stable_values() {
        let network = gaussian(&[40, 50, 60, 1], DVector::from_element(1, 1.0), 0.25, 3).unwrap();
        for layer in &network.layers()[..2] {
            let (mean, deviation) = moments(layer.iter().copied());
            // Five standard errors of 2000 draws and more.
            let n = layer.len() as f64;
            assert!(mean.abs() < 5.0 * 0.25 / n.sqrt(), "{mean}");
            assert!((deviation - 0.25).abs() < 5.0 * 0.25 / (2.0 * n).sqrt(), "{deviation}");
        }
        let first: Vec<f64> = network.layers()[0].row(0).iter().take(4).copied().collect();
        insta::assert_snapshot!(format!("{first:?}"), @"[0.10705883627300225, 0.11553394137840833, \
                                                        0.05893756407109574, 0.5793458513388162]");
        // Layer k does not depend on how many layers there are.
        let shorter = gaussian(&[40, 50, 1], DVector::from_element(1, 1.0), 0.25, 3).unwrap();
        assert_eq!(shorter.layers()[0], network.layers()[0]);
        assert_ne!(
            network.layers()[0],
            gaussian(&[40, 50, 1], DVector::from_element(1, 1.0), 0.25, 4).unwrap().layers()[0]
        );
    }

    #[test]
    fn any_layer_can_be_the_zero_one() {
        let head = DVector::from_element(1, 1.0);
        let full = gaussian(&[3, 4, 5, 1], head.clone(), 1e-3, 6).unwrap();
        for zero in 1..=3 {
            let network = small_scale(&[3, 4, 5, 1], head.clone(), 1e-3, zero, 6).unwrap();
            for (k, (a, b)) in network.layers().iter().zip(full.layers()).enumerate() {
                let silent = k + 1 == zero;
                assert!(if silent { a.iter().all(|v| *v == 0.0) } else { a == b });
            }
        }
        for zero in [0, 4] {
            assert!(small_scale(&[3, 4, 5, 1], head.clone(), 1e-3, zero, 6).unwrap_err().is_input());
        }
    }

    #[test]
    fn residual_layers_follow_equation_2() {
        let (depth, d, s) = (8, 30, 0.5);
        let network = residual(depth, unit_head(d, 2), s, 2).unwrap();
        assert!((network.head().norm() - 1.0).abs() < 1e-15);
        assert_eq!(network.depth(), depth);
        let noise =
            network.layers().iter().flat_map(|w| (w - DMatrix::identity(d, d)).iter().copied().collect::<Vec<_>>());
        let noise: Vec<f64> = noise.collect();
        let want = s / ((depth * d) as f64).sqrt();
        let (mean, deviation) = moments(noise.iter().copied());
        assert!(mean.abs() < 5.0 * want / (noise.len() as f64).sqrt());
        assert!((deviation / want - 1.0).abs() < 5.0 / (2.0 * noise.len() as f64).sqrt(), "{deviation} {want}");
        let still = residual(3, unit_head(4, 1), 0.0, 9).unwrap();
        assert!(still.layers().iter().all(|w| *w == DMatrix::identity(4, 4)));
    }

    #[test]
    fn rational_versions_are_exact_and_similar() {
        let head = unit_head_exact(4, 5);
        assert_eq!(norm_squared(head.iter()), Rational::from(1));
        let network = residual_exact(3, head.clone(), &Rational::new(1, 10), 5).unwrap();
        assert!(network.layers().iter().all(|w| w.iter().all(|v| v.bits() < 16)));
        let noise: Vec<f64> = gaussian_exact(&[40, 50, 4], head.clone(), &Rational::from(1), 5).unwrap().layers()[0]
            .iter()
            .map(Rational::to_f64)
            .collect();
        let (mean, deviation) = moments(noise.iter().copied());
        assert!(mean.abs() < 0.12 && (deviation - (56.0f64 / 48.0).sqrt()).abs() < 0.1, "{mean} {deviation}");
        let silent = small_scale_exact(&[3, 4, 4], head, &Rational::new(1, 100), 2, 5).unwrap();
        assert!(silent.layers()[1].iter().all(|v| v.sign() == 0) && silent.layers()[0].iter().any(|v| v.sign() != 0));
    }

    #[test]
    fn scales_and_shapes_outside_the_domain_are_refused() {
        let head = || DVector::from_element(1, 1.0);
        for scale in [-1.0, f64::NAN, f64::INFINITY] {
            assert!(gaussian(&[2, 1], head(), scale, 0).unwrap_err().is_input());
            assert!(residual(2, head(), scale, 0).unwrap_err().is_input());
        }
        assert!(gaussian(&[2], head(), 1.0, 0).unwrap_err().is_input());
        assert!(gaussian(&[2, 0, 1], head(), 1.0, 0).unwrap_err().is_input());
        assert!(gaussian(&[2, 3], head(), 1.0, 0).unwrap_err().is_input());
        assert!(residual(0, head(), 1.0, 0).unwrap_err().is_input());
        assert!(residual(1, DVector::zeros(0), 1.0, 0).unwrap_err().is_input());
    }
}
