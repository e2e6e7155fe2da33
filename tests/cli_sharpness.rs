//! What `flatcert inspect` says of the spectrum as a user asks for it: method, leading eigenvalues, counts, the edge,
//! eigenvectors as files.

use assert_cmd::Command;
use flatcert::network::Network;
use nalgebra::{DMatrix, DVector};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

struct Ran {
    code: i32,
    out: String,
    err: String,
}

/// Data with Sigma = diag(2, 1/2), a 2 x 2 layer and a row: far from their minimisers.
struct Case {
    place: TempDir,
}

impl Case {
    fn new() -> Self {
        let place = tempfile::tempdir().unwrap();
        fs::write(place.path().join("x.csv"), "2,0\n-2,0\n0,1\n0,-1\n").unwrap();
        fs::write(place.path().join("y.csv"), "1\n-2\n3\n-1\n").unwrap();
        let layers = vec![
            DMatrix::from_row_slice(2, 2, &[1.0, 0.5, -0.25, 2.0]),
            DMatrix::from_row_slice(3, 2, &[1.0, 0.0, 0.5, 1.0, -1.0, 0.25]),
            DMatrix::from_row_slice(1, 3, &[1.0, -1.0, 0.5]),
        ];
        let net = Network::new(layers, DVector::from_element(1, 1.0)).unwrap();
        net.save(&place.path().join("net.npz")).unwrap();
        Self { place }
    }
    fn path(&self, name: &str) -> PathBuf {
        self.place.path().join(name)
    }
    fn run(&self, more: &[&str]) -> Ran {
        let file = |name: &str| self.path(name).display().to_string();
        let done = Command::new(env!("CARGO_BIN_EXE_flatcert"))
            .args(["inspect", "--x", &file("x.csv"), "--y", &file("y.csv"), "--weights", &file("net.npz")])
            .args(more)
            .output()
            .unwrap();
        let text = |b: Vec<u8>| String::from_utf8(b).unwrap();
        Ran { code: done.status.code().unwrap(), out: text(done.stdout), err: text(done.stderr) }
    }
    fn json(&self, more: &[&str]) -> Value {
        let ran = self.run(&[more, &["--json"]].concat());
        assert_eq!(ran.code, 0, "{}", ran.err);
        serde_json::from_str(&ran.out).unwrap()
    }
}

fn ends(v: &Value) -> (f64, f64) {
    (v["lo"].as_f64().unwrap(), v["hi"].as_f64().unwrap())
}

fn array(file: &Path, name: &str) -> (Vec<u64>, Vec<f64>) {
    let mut archive = zip::ZipArchive::new(fs::File::open(file).unwrap()).unwrap();
    let npy = npyz::NpyFile::new(archive.by_name(&format!("{name}.npy")).unwrap()).unwrap();
    (npy.shape().to_vec(), npy.into_vec().unwrap())
}

#[test]
fn the_methods_agree_and_say_why() {
    let case = Case::new();
    let mut values = Vec::new();
    for (asked, name) in [("auto", "dense"), ("riccati", "riccati"), ("dense", "dense"), ("rank-d", "rank-d")] {
        let v = case.json(&["--method", asked]);
        assert_eq!(v["choice"]["name"], name);
        assert!(!v["choice"]["reason"].as_str().unwrap().is_empty());
        values.push(ends(&v["sharpness"]));
        assert!(case.run(&["--method", asked]).out.contains(v["choice"]["reason"].as_str().unwrap()));
    }
    for (lo, hi) in &values {
        assert!(values.iter().all(|(a, b)| a <= hi && lo <= b), "{values:?}");
    }
    assert!(values[1].1 - values[1].0 <= 1e-9 * values[1].0);
}

#[test]
fn leading_eigenvalues_counts_and_the_edge_fit_together() {
    let case = Case::new();
    let v = case.json(&["--top", "3"]);
    let leading = v["leading"].as_array().unwrap();
    let total: u64 = leading.iter().map(|c| c["multiplicity"].as_u64().unwrap()).sum();
    assert_eq!(total, 3);
    let (lo, hi) = ends(&leading[0]["value"]);
    let (s_lo, s_hi) = ends(&v["sharpness"]);
    assert!(lo <= s_hi && s_lo <= hi);
    // Between the first and the second there is exactly one above.
    let middle = 0.5 * (lo + ends(&leading[1]["value"]).1);
    let v = case.json(&["--above", &middle.to_string()]);
    assert_eq!((v["above"]["least"].as_u64(), v["above"]["most"].as_u64()), (Some(1), Some(1)));
    // 2 / eta on either side of the sharpness, and inside.
    for (factor, standing) in [(1.001, "beyond"), (0.999, "below")] {
        let eta = 2.0 / lo * factor;
        let v = case.json(&["--eta", &eta.to_string()]);
        assert_eq!(v["edge"]["standing"], standing);
        let (low, high) = ends(&v["edge"]["ratio"]);
        assert!(low <= factor * (1.0 + 1e-8) && factor <= high * (1.0 + 1e-8));
        let words = format!("certainly {standing}");
        assert!(case.run(&["--eta", &eta.to_string()]).out.contains(&words));
    }
    assert!(v.get("leading").is_none() && v.get("edge").is_none(), "only what was asked for");
}

#[test]
fn eigenvectors_are_files_of_the_shapes_of_the_layers() {
    let case = Case::new();
    let file = case.path("leading.npz");
    let ran = case.run(&["--top", "2", "--vectors", &file.display().to_string()]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    for v in 1..=2 {
        let shapes = [vec![2, 2], vec![3, 2], vec![1, 3]];
        let mut square = 0.0;
        for (k, shape) in shapes.iter().enumerate() {
            let (found, entries) = array(&file, &format!("V{v}_W{}", k + 1));
            assert_eq!(&found, shape);
            square += entries.iter().map(|x| x * x).sum::<f64>();
        }
        assert!((square - 1.0).abs() < 1e-12, "{square}");
    }
    // Nothing half-written where the folder does not exist.
    let missing = case.path("none").join("v.npz");
    let ran = case.run(&["--top", "1", "--vectors", &missing.display().to_string()]);
    assert_eq!((ran.code, ran.err.lines().count()), (2, 1), "{}", ran.err);
}

#[test]
fn bad_numbers_are_one_line() {
    let case = Case::new();
    let bad: [&[&str]; 7] = [
        &["--eta", "0"],
        &["--eta", "-1"],
        &["--eta", "nan"],
        &["--above", "inf"],
        &["--top", "0"],
        &["--vectors", "v.npz"],
        &["--method", "magic"],
    ];
    for args in bad {
        let ran = case.run(args);
        assert_eq!((ran.code, ran.err.lines().count()), (2, 1), "{args:?}: {}", ran.err);
    }
}

/// The loss as another program has it: every identity against the same network on other data, or against R.
#[test]
fn a_loss_with_another_factor_is_r_of_scaled_data() {
    let case = Case::new();
    let ours = case.json(&["--top", "2"]);
    assert!(ours.get("loss").is_none());
    let close = |a: &Value, b: &Value| {
        let ((a_lo, a_hi), (b_lo, b_hi)) = (ends(a), ends(b));
        assert!(a_lo <= b_hi && b_lo <= a_hi, "{a} {b}");
        assert!(a_hi - a_lo <= 1e-8 * a_hi.abs(), "{a}");
    };
    // Sum of n = 4 squares: 4 R, the mean for 2 X and 2 y; half the mean of those is the sum of n = 2, twice R.
    fs::write(case.path("x2.csv"), "4,0\n-4,0\n0,2\n0,-2\n").unwrap();
    fs::write(case.path("y2.csv"), "2\n-4\n6\n-2\n").unwrap();
    let doubled = |more: &[&str]| -> Value {
        let file = |name: &str| case.path(name).display().to_string();
        let done = Command::new(env!("CARGO_BIN_EXE_flatcert"))
            .args(["inspect", "--x", &file("x2.csv"), "--y", &file("y2.csv"), "--weights", &file("net.npz"), "--json"])
            .args(more)
            .output()
            .unwrap();
        serde_json::from_slice(&done.stdout).unwrap()
    };
    let (sum, plain, half) =
        (case.json(&["--loss", "sum", "--top", "2"]), doubled(&["--top", "2"]), doubled(&["--loss", "half"]));
    for (of_loss, of_r) in [
        ("value", "risk"),
        ("gradient_norm", "gradient_norm"),
        ("sharpness", "sharpness"),
        ("hessian_min", "hessian_min"),
    ] {
        close(&sum["loss"][of_loss], &plain[of_r]);
        let (lo, hi) = ends(&half["loss"][of_loss]);
        let (r_lo, r_hi) = ends(&ours[of_r]);
        // Twice R.
        assert!(lo <= 2.0 * r_hi + 1e-9 * hi.abs() && 2.0 * r_lo <= hi + 1e-9 * hi.abs(), "{of_loss}");
    }
    for (a, b) in sum["leading"].as_array().unwrap().iter().zip(plain["leading"].as_array().unwrap()) {
        close(&a["value"], &b["value"]);
    }
    // R itself is said as it is, whatever the loss.
    assert_eq!((&sum["risk"], &sum["sharpness"], &sum["bounds"]), (&ours["risk"], &ours["sharpness"], &ours["bounds"]));
    assert!(case.run(&["--loss", "sum"]).out.contains("your loss"));
}

#[test]
fn weight_decay_moves_every_eigenvalue_and_the_gradient() {
    let case = Case::new();
    let a = 0.375;
    let (ours, v) = (case.json(&["--top", "2"]), case.json(&["--weight-decay", "0.375", "--top", "2"]));
    let moved = |mine: &Value, of_r: &Value| {
        let ((lo, hi), (r_lo, r_hi)) = (ends(mine), ends(of_r));
        assert!(lo <= r_hi + a && r_lo + a <= hi && hi - lo <= 1e-8 * hi.abs(), "{mine} {of_r}");
    };
    moved(&v["loss"]["sharpness"], &ours["sharpness"]);
    moved(&v["loss"]["hessian_min"], &ours["hessian_min"]);
    for (mine, of_r) in v["leading"].as_array().unwrap().iter().zip(ours["leading"].as_array().unwrap()) {
        moved(&mine["value"], &of_r["value"]);
    }
    // Value and gradient, written out for this network.
    let net = Network::load(&case.path("net.npz"), None).unwrap();
    let (x, y) = ([[2.0, 0.0], [-2.0, 0.0], [0.0, 1.0], [0.0, -1.0]], [1.0, -2.0, 3.0, -1.0]);
    let w = net.product();
    let residual = |i: usize| x[i][0] * w[0] + x[i][1] * w[1] - y[i];
    let risk = (0..4).map(|i| residual(i).powi(2)).sum::<f64>() / 4.0;
    let slope = DVector::from_fn(2, |j, _| (0..4).map(|i| 2.0 * residual(i) * x[i][j]).sum::<f64>() / 4.0);
    let layers = net.layers();
    let squares: f64 = layers.iter().map(|w| w.norm_squared()).sum();
    let mut square = 0.0;
    for k in 0..layers.len() {
        let right = layers[..k].iter().fold(slope.clone(), |v, w| w * v);
        let left = layers[k + 1..].iter().rev().fold(net.head().clone(), |v, w| w.tr_mul(&v));
        square += (left * right.transpose() + &layers[k] * a).norm_squared();
    }
    for (name, truth) in [("value", risk + 0.5 * a * squares), ("gradient_norm", square.sqrt())] {
        let (lo, hi) = ends(&v["loss"][name]);
        let slack = 1e-12 * truth;
        assert!(lo <= truth + slack && truth <= hi + slack && hi - lo <= 1e-8 * truth, "{name} {lo} {hi} {truth}");
    }
    // Edge and count speak of the loss.
    let (lo, hi) = ends(&v["loss"]["sharpness"]);
    let (below, beyond) = ((2.0 / (hi * 1.001)).to_string(), (2.0 / (lo * 0.999)).to_string());
    let standing = |eta: &str| case.json(&["--weight-decay", "0.375", "--eta", eta])["edge"]["standing"].clone();
    assert_eq!((standing(&beyond), standing(&below)), ("beyond".into(), "below".into()));
    let count = |t: f64, more: &[&str]| case.json(&[more, &["--above", &t.to_string()]].concat())["above"].clone();
    let t = 0.5 * (ends(&ours["leading"][0]["value"]).0 + ends(&ours["leading"][1]["value"]).1);
    let (with, without) = (count(t + a, &["--weight-decay", "0.375"]), count(t, &[]));
    assert_eq!((&with["least"], &with["most"]), (&without["least"], &without["most"]));
    for bad in ["-1", "nan", "inf", "x"] {
        let ran = case.run(&["--weight-decay", bad]);
        assert_eq!((ran.code, ran.err.lines().count()), (2, 1), "{bad}: {}", ran.err);
    }
}

/// With an intercept: `min over b of norm(y - X w - b)^2 / n`, the bias found by hand.
#[test]
fn an_intercept_is_the_regression_on_centred_data() {
    let case = Case::new();
    fs::write(case.path("x.csv"), "3,1\n-1,2\n0,4\n1,-1\n").unwrap();
    let v = case.json(&["--intercept"]);
    let net = Network::load(&case.path("net.npz"), None).unwrap();
    let (x, y) = ([[3.0, 1.0], [-1.0, 2.0], [0.0, 4.0], [1.0, -1.0]], [1.0, -2.0, 3.0, -1.0]);
    let w = net.product();
    let residuals: Vec<f64> = (0..4).map(|i| y[i] - x[i][0] * w[0] - x[i][1] * w[1]).collect();
    let risk = |b: f64| residuals.iter().map(|r| (r - b).powi(2)).sum::<f64>() / 4.0;
    let best = residuals.iter().sum::<f64>() / 4.0;
    let (lo, hi) = ends(&v["risk"]);
    assert!(lo <= risk(best) * (1.0 + 1e-13) && risk(best) <= hi * (1.0 + 1e-13) && hi - lo <= 1e-9 * hi);
    assert!(risk(best + 0.1) > hi && risk(best - 0.1) > hi);
    // The same as data centred by hand.
    fs::write(case.path("x.csv"), "2.25,-0.5\n-1.75,0.5\n-0.75,2.5\n0.25,-2.5\n").unwrap();
    fs::write(case.path("y.csv"), "0.75\n-2.25\n2.75\n-1.25\n").unwrap();
    let centred = case.json(&[]);
    for field in ["risk", "sharpness", "hessian_min", "gradient_norm"] {
        assert_eq!(v[field], centred[field], "{field}");
    }
}

fn with_bias(case: &Case, bias: f64) {
    let net = Network::load(&case.path("net.npz"), None).unwrap();
    let names = ["0.weight", "1.weight", "2.weight"];
    let one = DMatrix::from_element(1, 1, bias);
    let arrays = net.layers().iter().enumerate().map(|(k, w)| (names[k].to_string(), w));
    flatcert::network::save_matrices(&case.path("net.npz"), arrays.chain([("2.bias".to_string(), &one)])).unwrap();
}

#[test]
fn a_bias_of_the_last_layer_is_the_intercept_of_centred_data() {
    let case = Case::new();
    let plain = case.json(&["--intercept"]);
    with_bias(&case, 0.125);
    let refused = case.run(&[]);
    assert!(refused.code == 2 && refused.err.contains("--intercept"), "{}", refused.err);
    // The columns of X have mean 0, y has mean 1/4.
    let v = case.json(&["--intercept"]);
    for field in ["risk", "sharpness", "hessian_min", "gradient_norm"] {
        assert_eq!(v[field], plain[field], "{field}");
    }
    let told = &v["input"]["intercept"];
    assert_eq!((ends(&told["output"]), ends(&told["curvature"])), ((0.125, 0.125), (2.0, 2.0)));
    let (lo, hi) = ends(&told["best"]);
    assert!(lo <= 0.25 && 0.25 <= hi && hi - lo < 1e-12);
    assert!(case.run(&["--intercept"]).out.contains("last bias"));
    // Where they have not, the bias does more than that.
    fs::write(case.path("x.csv"), "3,1\n-1,2\n0,4\n1,-1\n").unwrap();
    let refused = case.run(&["--intercept"]);
    assert!(refused.code == 2 && refused.err.contains("have mean 0"), "{}", refused.err);
    assert_eq!(case.run(&["--standardise"]).code, 0);
    // A bias of another layer never.
    let net = Network::load_with(
        &case.path("net.npz"),
        None,
        &flatcert::network::WeightOptions { last_bias: true, ..Default::default() },
    );
    let layers = net.unwrap().0.layers().to_vec();
    let one = DMatrix::from_element(2, 1, 1.0);
    let names = ["0.weight", "1.weight", "2.weight"];
    let arrays = layers.iter().enumerate().map(|(k, w)| (names[k].to_string(), w));
    flatcert::network::save_matrices(&case.path("net.npz"), arrays.chain([("0.bias".to_string(), &one)])).unwrap();
    let refused = case.run(&["--standardise"]);
    assert!(
        refused.code == 2 && refused.err.contains("'0.bias' is a bias") || refused.err.contains("0.bias is a bias"),
        "{}",
        refused.err
    );
}

/// y to variance 1: w* is divided by the deviation of y, the least risk by its variance; the network's Hessian is that
/// for scaled data.
#[test]
fn targets_are_standardised_where_asked() {
    let case = Case::new();
    let (x, xy) = (case.json(&["--standardise"]), case.json(&["--standardise=xy"]));
    let y: [f64; 4] = [1.0, -2.0, 3.0, -1.0];
    let variance = y.iter().map(|v| (v - 0.25).powi(2)).sum::<f64>() / 4.0;
    let ratio = |name: &str, by: f64| {
        let ((lo, hi), (s_lo, s_hi)) = (ends(&x["data"][name]), ends(&xy["data"][name]));
        assert!(
            s_lo <= hi / by * (1.0 + 1e-13) && lo / by <= s_hi * (1.0 + 1e-13) && s_hi - s_lo <= 1e-9 * s_hi,
            "{name}"
        );
    };
    ratio("w_star_norm", variance.sqrt());
    ratio("r_min", variance);
    // The same by scaled targets, as near as decimals come.
    let scaled: Vec<String> = y.iter().map(|v| format!("{:.17}", (v - 0.25) / variance.sqrt())).collect();
    fs::write(case.path("y.csv"), scaled.join("\n")).unwrap();
    let by_hand = case.json(&["--standardise"]);
    for field in ["risk", "sharpness", "hessian_min"] {
        let ((lo, hi), (b_lo, b_hi)) = (ends(&xy[field]), ends(&by_hand[field]));
        assert!((lo - b_lo).abs() <= 1e-9 * hi.abs() && (hi - b_hi).abs() <= 1e-9 * hi.abs(), "{field}");
    }
    fs::write(case.path("y.csv"), "2\n2\n2\n2\n").unwrap();
    let refused = case.run(&["--standardise=xy"]);
    assert!(refused.code == 2 && refused.err.contains("y is constant"), "{}", refused.err);
}

#[test]
fn the_stated_risk_is_that_of_the_loss() {
    let case = Case::new();
    let risk = ends(&case.json(&[])["risk"]).0;
    for (loss, factor) in [("mean", 1.0), ("half", 0.5), ("sum", 4.0)] {
        let stated = (risk * factor).to_string();
        assert_eq!(case.run(&["--loss", loss, "--expect-risk", &stated]).code, 0);
        let other = (risk * factor * 1.5).to_string();
        let refused = case.run(&["--loss", loss, "--expect-risk", &other]);
        assert!(refused.code == 2 && refused.err.contains("--loss"), "{}", refused.err);
    }
}

#[test]
fn completions_and_man_pages_name_every_command_and_option() {
    let run = |args: &[&str]| {
        let done = Command::new(env!("CARGO_BIN_EXE_flatcert")).args(args).output().unwrap();
        (done.status.code(), String::from_utf8(done.stdout).unwrap(), String::from_utf8(done.stderr).unwrap())
    };
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let (code, script, err) = run(&["completions", shell]);
        assert_eq!(code, Some(0), "{err}");
        for word in ["inspect", "flow", "nightly", "weight-decay", "certificate"] {
            assert!(script.contains(word), "{shell}: {word}");
        }
    }
    assert_eq!(run(&["completions", "cmd"]).0, Some(2));
    let (code, page, err) = run(&["man"]);
    assert!(code == Some(0) && page.contains(".TH flatcert 1") && page.contains("Exit codes"), "{err}");
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("man1");
    assert_eq!(run(&["man", "--out", &folder.display().to_string()]).0, Some(0));
    let pages: Vec<String> =
        fs::read_dir(&folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    for name in [
        "report", "list", "check", "probe", "inspect", "flow", "figures", "replay", "nightly", "merge",
        "merge-reports", "book", "schema", "completions", "man",
    ] {
        assert!(pages.contains(&format!("flatcert-{name}.1")), "{name}");
    }
    let inspect = fs::read_to_string(folder.join("flatcert-inspect.1")).unwrap();
    assert!(inspect.contains("weight") && inspect.contains("decay") && inspect.contains("strict"));
    assert!(pages.contains(&"flatcert.1".to_string()) && pages.len() == 16, "{pages:?}");
}

/// All layers zero, deep enough: the Hessian is zero, and everything that is asked of it is an exact answer.
#[test]
fn the_zero_hessian_is_known_exactly() {
    let case = Case::new();
    let layers = vec![DMatrix::zeros(2, 2), DMatrix::zeros(3, 2), DMatrix::zeros(1, 3)];
    Network::new(layers, DVector::from_element(1, 1.0)).unwrap().save(&case.path("net.npz")).unwrap();
    for method in ["auto", "riccati", "dense", "rank-d"] {
        let v = case.json(&["--top", "4", "--above", "0", "--eta", "0.1", "--method", method]);
        assert_eq!(ends(&v["sharpness"]), (0.0, 0.0), "{method}");
        assert_eq!((v["above"]["least"].as_u64(), v["above"]["most"].as_u64()), (Some(0), Some(0)));
        assert_eq!(v["edge"]["standing"], "below");
        let leading = v["leading"].as_array().unwrap();
        assert_eq!(
            (leading.len(), ends(&leading[0]["value"]), leading[0]["multiplicity"].as_u64()),
            (1, (0.0, 0.0), Some(4))
        );
    }
    let count = |t: &str| case.json(&["--above", t])["above"]["most"].as_u64().unwrap();
    assert_eq!((count("1e-300"), count("-1e-300")), (0, 13));
}

/// What a command does is in its own --help, not only in the list of commands.
#[test]
fn the_help_of_a_command_says_what_it_does() {
    let run = |args: &[&str]| {
        let done = Command::new(env!("CARGO_BIN_EXE_flatcert")).args(args).output().unwrap();
        String::from_utf8(done.stdout).unwrap()
    };
    let help = run(&["inspect", "--help"]);
    assert!(help.contains("Several checkpoints give one line for each") && help.contains("no factor 1/2"), "{help}");
    assert!(run(&["flow", "--help"]).contains("Ctrl-C ends the integration"));
    assert!(run(&["nightly", "--help"]).contains("canaries"));
    assert!(run(&["--help"]).contains("Certified sharpness, bounds and standing of a network that you trained"));
}
