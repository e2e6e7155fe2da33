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
