//! Readers: every accepted element type and order against its values, every refusal, and bytes changed at random.

mod tables;
mod weights;

use flatcert::arithmetic::Rational;
use flatcert::input::{Array, Container, Source, Values, read};
use flatcert::network::Network;
use flatcert::problem::{LoadOptions, Problem};
use proptest::prelude::*;
use std::collections::HashMap;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Counts what is allocated, so that a size that a file merely claims cannot pass unseen.
#[global_allocator]
static ALLOCATOR: cap::Cap<std::alloc::System> = cap::Cap::new(std::alloc::System, usize::MAX);

/// More than all tests of this file together need, and far less than any hostile file here claims.
const ALLOCATION: usize = 256 << 20;

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }
    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }
}

/// An NPY file as the format's definition says.
fn npy(descr: &str, fortran: bool, shape: &str, data: &[u8]) -> Vec<u8> {
    let fortran = if fortran { "True" } else { "False" };
    npy_text(&format!("{{'descr': {descr}, 'fortran_order': {fortran}, 'shape': {shape}, }}"), data)
}

fn npy_text(text: &str, data: &[u8]) -> Vec<u8> {
    let padding = 64 - (10 + text.len() + 1) % 64;
    let text = format!("{text}{}\n", " ".repeat(padding));
    let mut out = b"\x93NUMPY\x01\x00".to_vec();
    out.extend((text.len() as u16).to_le_bytes());
    out.extend(text.as_bytes());
    out.extend(data);
    out
}

fn doubles(values: &[f64]) -> Vec<u8> {
    values.iter().flat_map(|v| v.to_le_bytes()).collect()
}

fn npz(members: &[(&str, Vec<u8>)], method: zip::CompressionMethod) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().compression_method(method);
    for (name, bytes) in members {
        zip.start_file(*name, options).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

const STORED: zip::CompressionMethod = zip::CompressionMethod::Stored;
const DEFLATED: zip::CompressionMethod = zip::CompressionMethod::Deflated;

fn tensor(dtype: safetensors::Dtype, shape: &[usize], data: &[u8]) -> Vec<u8> {
    let view = safetensors::tensor::TensorView::new(dtype, shape.to_vec(), data).unwrap();
    safetensors::serialize(HashMap::from([("X".to_string(), view)]), None).unwrap()
}

fn load(path: &Path) -> flatcert::Result<Array> {
    read(&Source::parse(path), &["X", "x"])
}

fn floats(array: &Array) -> &[f64] {
    match &array.values {
        Values::Float(v) => v,
        Values::Decimal(v) => panic!("{v:?}"),
    }
}

fn one_line(error: &flatcert::Error) -> String {
    assert!(ALLOCATOR.max_allocated() < ALLOCATION, "{} bytes were allocated", ALLOCATOR.max_allocated());
    let text = error.to_string();
    assert!(!error.is_internal() && error.exit_code() == 2, "{text}");
    assert!(!text.contains('\n') && text.len() < 600 && !text.chars().any(char::is_control), "{text:?}");
    text
}

fn refuse(path: &Path, needles: &[&str]) {
    let text = one_line(&load(path).unwrap_err());
    let file = path.file_name().unwrap().to_str().unwrap();
    for needle in needles.iter().chain(&[file.split(':').next().unwrap()]) {
        assert!(text.contains(needle), "{text:?} does not say {needle:?}");
    }
}

#[test]
fn every_real_element_type_either_byte_order_either_storage_order() {
    let folder = Folder::new();
    // Values that every type holds; 2 x 3.
    let values = [0i64, 1, 2, 3, 100, 127];
    type Bytes = fn(i64) -> Vec<u8>;
    let types: [(&str, Bytes); 11] = [
        ("i1", |v| (v as i8).to_be_bytes().to_vec()),
        ("u1", |v| (v as u8).to_be_bytes().to_vec()),
        ("i2", |v| (v as i16).to_be_bytes().to_vec()),
        ("u2", |v| (v as u16).to_be_bytes().to_vec()),
        ("i4", |v| (v as i32).to_be_bytes().to_vec()),
        ("u4", |v| (v as u32).to_be_bytes().to_vec()),
        ("i8", |v| v.to_be_bytes().to_vec()),
        ("u8", |v| (v as u64).to_be_bytes().to_vec()),
        ("f4", |v| (v as f32).to_be_bytes().to_vec()),
        ("f8", |v| (v as f64).to_be_bytes().to_vec()),
        // 0, 1, 2, 3, 100, 127 in binary16, by hand.
        ("f2", |v| match v {
            0 => vec![0, 0],
            1 => vec![0x3c, 0],
            2 => vec![0x40, 0],
            3 => vec![0x42, 0],
            100 => vec![0x56, 0x40],
            _ => vec![0x57, 0xf0],
        }),
    ];
    for (name, big) in types {
        for (order, little) in [(">", false), ("<", true)] {
            let order = if name.ends_with('1') { "|" } else { order };
            let bytes: Vec<u8> = values
                .iter()
                .flat_map(|&v| {
                    let mut b = big(v);
                    if little {
                        b.reverse();
                    }
                    b
                })
                .collect();
            for fortran in [false, true] {
                let path = folder.write("X.npy", npy(&format!("'{order}{name}'"), fortran, "(2, 3)", &bytes));
                let array = load(&path).unwrap();
                assert_eq!(array.shape, [2, 3]);
                let want = if fortran { [0., 1., 2., 3., 100., 127.] } else { [0., 3., 1., 100., 2., 127.] };
                assert_eq!(floats(&array), want, "{order}{name} fortran={fortran}");
            }
        }
    }
}

#[test]
fn signs_extremes_and_halves_are_exact() {
    let folder = Folder::new();
    let check = |descr: &str, bytes: &[u8], want: &[f64]| {
        let path = folder.write("v.npy", npy(descr, false, &format!("({},)", want.len()), bytes));
        assert_eq!(floats(&load(&path).unwrap()), want, "{descr}");
    };
    check("'|i1'", &[0x80, 0xff], &[-128.0, -1.0]);
    check("'<i2'", &[0, 0x80, 0xfe, 0xff], &[-32768.0, -2.0]);
    check("'>i4'", &[0x80, 0, 0, 0], &[-2147483648.0]);
    check("'<i8'", &i64::MIN.to_le_bytes(), &[-9223372036854775808.0]);
    check("'<f4'", &0.1f32.to_le_bytes(), &[f64::from(0.1f32)]);
    check("'<f8'", &5e-324f64.to_le_bytes(), &[5e-324]);
    // Largest, smallest normal, largest and smallest subnormal, minus zero point one.
    let half = [0x7bffu16, 0x0400, 0x03ff, 0x0001, 0xae66];
    let bytes: Vec<u8> = half.iter().flat_map(|h| h.to_le_bytes()).collect();
    let want = [65504.0, 2f64.powi(-14), 1023.0 * 2f64.powi(-24), 2f64.powi(-24), -0.0999755859375];
    check("'<f2'", &bytes, &want);
    let path = folder.write("b.safetensors", tensor(safetensors::Dtype::BF16, &[2], &[0x80, 0x3f, 0x49, 0xc0]));
    assert_eq!(floats(&load(&path).unwrap()), [1.0, -3.140625]);
}

#[test]
fn integers_beyond_doubles_stay_exact() {
    let folder = Folder::new();
    let bytes: Vec<u8> = [7u64, (1 << 53) + 1, u64::MAX, 0].iter().flat_map(|v| v.to_le_bytes()).collect();
    let array = load(&folder.write("X.npy", npy("'<u8'", false, "(2, 2)", &bytes))).unwrap();
    let want: Vec<Rational> =
        ["7", "18446744073709551615", "9007199254740993", "0"].iter().map(|s| s.parse().unwrap()).collect();
    assert_eq!(array.values.to_rationals(), want);
    assert!(!array.values.is_double(1) && array.values.is_double(0));
    assert!(one_line(&array.into_float_matrix().unwrap_err()).contains("not a double"));
}

#[test]
fn safetensors_of_every_real_type() {
    use safetensors::Dtype;
    let folder = Folder::new();
    let cases: Vec<(Dtype, Vec<u8>)> = vec![
        (Dtype::F64, doubles(&[1.0, 2.0])),
        (Dtype::F32, [1f32, 2.0].iter().flat_map(|v| v.to_le_bytes()).collect()),
        (Dtype::F16, vec![0, 0x3c, 0, 0x40]),
        (Dtype::BF16, vec![0x80, 0x3f, 0, 0x40]),
        (Dtype::I16, vec![1, 0, 2, 0]),
        (Dtype::U16, vec![1, 0, 2, 0]),
        (Dtype::I32, vec![1, 0, 0, 0, 2, 0, 0, 0]),
        (Dtype::U32, vec![1, 0, 0, 0, 2, 0, 0, 0]),
        (Dtype::I64, [1i64, 2].iter().flat_map(|v| v.to_le_bytes()).collect()),
        (Dtype::U64, [1u64, 2].iter().flat_map(|v| v.to_le_bytes()).collect()),
    ];
    for (dtype, bytes) in cases {
        let array = load(&folder.write("t.safetensors", tensor(dtype, &[2, 1], &bytes))).unwrap();
        assert_eq!((floats(&array), &array.shape[..]), (&[1.0, 2.0][..], &[2, 1][..]), "{dtype:?}");
    }
    for dtype in [Dtype::BOOL, Dtype::F8_E4M3] {
        refuse(&folder.write("t.safetensors", tensor(dtype, &[2, 1], &[0, 1])), &["dtype", "expected real numbers"]);
    }
    for dtype in [Dtype::I8, Dtype::U8] {
        refuse(&folder.write("t.safetensors", tensor(dtype, &[2, 1], &[1, 2])), &["dtype", "quantised"]);
    }
    refuse(&folder.write("t.safetensors", tensor(Dtype::C64, &[1, 1], &[0; 8])), &["X: dtype C64"]);
}

#[test]
fn format_is_decided_by_content() {
    let folder = Folder::new();
    let array = npy("'<f8'", false, "(1, 2)", &doubles(&[1.0, 2.0]));
    for name in ["X.npy", "X.dat", "X.csv", "X"] {
        assert_eq!(floats(&load(&folder.write(name, &array)).unwrap()), [1.0, 2.0]);
    }
    let path = folder.write("X.bin", npz(&[("X.npy", array.clone()), ("other.npy", array.clone())], STORED));
    assert_eq!(floats(&load(&path).unwrap()), [1.0, 2.0]);
    refuse(&folder.write("X.npy", "1,2\n"), &["not an NPY file"]);
    refuse(&folder.write("X.npz", "1,2\n"), &["not an NPZ file"]);
    refuse(&folder.write("X.safetensors", "1,2\n"), &["not a safetensors file"]);
    refuse(&folder.write("X.csv", [0u8, 1, 2, 3]), &["not a csv file", "binary"]);
    refuse(&folder.write("X.csv", [b'1', b',', 0xff, b'\n']), &["UTF-8"]);
    refuse(&folder.write("X.npy", ""), &["empty"]);
    let error = load(&folder.0.path().join("absent.npy")).unwrap_err();
    assert!(error.is_io() && one_line(&error).contains("absent.npy"));
    assert!(one_line(&load(folder.0.path()).unwrap_err()).contains("not a regular file"));
}

#[test]
fn arrays_that_are_not_real_numbers_are_refused() {
    let folder = Folder::new();
    let check =
        |descr: &str, needle: &str| refuse(&folder.write("X.npy", npy(descr, false, "(1, 1)", &[0; 16])), &[needle]);
    check("'|O'", "pickled");
    check("'<c16'", "complex");
    check("'<c8'", "complex");
    check("'|b1'", "booleans");
    check("'<U4'", "strings");
    check("'|S16'", "strings");
    check("'<M8[ns]'", "dates");
    check("'|V16'", "raw data");
    check("'<f16'", "long doubles");
    check("[('a', '<f8'), ('b', '<f8')]", "structured");
    check("[('a', '|O')]", "pickled");
    check("'nonsense'", "type of the elements is not known");
}

#[test]
fn hostile_headers_are_refused_without_allocating() {
    let folder = Folder::new();
    let check = |bytes: Vec<u8>, needle: &str| refuse(&folder.write("X.npy", bytes), &[needle]);
    for shape in [
        "(1000000000000, 1000)", "(4611686018427387904, 4)", "(99999999999999999999999, 1)",
        "(0, 18446744073709551615, 2)",
    ] {
        let text = load(&folder.write("X.npy", npy("'<f8'", false, shape, &[0; 8]))).unwrap_err().to_string();
        assert!(text.contains("impossible shape") || text.contains("truncated"), "{text}");
    }
    check(
        npy("'<f8'", false, "(100000000, 100)", &[0; 8]),
        "truncated: the header claims shape (100000000, 100), which takes 80000000000 bytes, but 8 are there",
    );
    check(npy("'<f8'", false, "(2, -3)", &[0; 8]), "negative");
    check(npy("'<f8'", false, "()", &[0; 8]), "expected one or two dimensions");
    check(npy("'<f8'", false, "(1, 1, 1)", &[0; 8]), "expected one or two dimensions");
    check(npy("'<f8'", false, "(0, 5)", &[]), "empty");
    check(npy("'<f8'", false, "(1, 1)", &[0; 16]), "8 bytes too many");
    check(
        npy_text(
            &format!("{{'descr': '<f8', 'fortran_order': False, 'shape': {}1{}}}", "(".repeat(3000), ")".repeat(3000)),
            &[],
        ),
        "nests brackets too deeply",
    );
    check(npy_text("{'descr': '<f8', 'fortran_order': 3, 'shape': (1,)}", &[0; 8]), "fortran_order");
    check(npy_text("{'descr': '<f8', 'shape': (1,)}", &[0; 8]), "fortran_order");
    check(npy_text("[1, 2", &[0; 8]), "no dictionary");
    check(b"\x93NUMPY\x07\x00\x00\x00".to_vec(), "version 7.0");
    check(b"\x93NUMPY\x02\x00\xff\xff\xff\xff{".to_vec(), "claims 4294967295 characters");
    check(b"\x93NUMPY\x01\x00\x60\x00{".to_vec(), "ends inside the NPY header");
    check(b"\x93NUMPY\x01".to_vec(), "ends inside the NPY header");
}

#[test]
fn truncated_files_are_refused_at_every_length() {
    let folder = Folder::new();
    let array = npy("'<f8'", false, "(3, 2)", &doubles(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]));
    let files = [
        ("X.npy", array.clone()),
        ("X.npz", npz(&[("X.npy", array.clone())], STORED)),
        ("Y.npz", npz(&[("X.npy", array.clone())], DEFLATED)),
        ("X.safetensors", tensor(safetensors::Dtype::F64, &[3, 2], &array[array.len() - 48..])),
    ];
    for (name, bytes) in files {
        assert!(load(&folder.write(name, &bytes)).is_ok(), "{name}");
        for length in 0..bytes.len() {
            let error = load(&folder.write(name, &bytes[..length])).expect_err(name);
            one_line(&error);
        }
    }
}

#[test]
fn nan_and_infinity_are_located() {
    let folder = Folder::new();
    let data = doubles(&[1.0, 2.0, 3.0, 4.0, f64::NAN, 6.0]);
    refuse(&folder.write("X.npy", npy("'<f8'", false, "(2, 3)", &data)), &["row 1, column 1 (counted from 0) is NaN"]);
    refuse(&folder.write("X.npy", npy("'<f8'", true, "(2, 3)", &data)), &["row 0, column 2 (counted from 0) is NaN"]);
    refuse(&folder.write("y.npy", npy("'<f8'", true, "(6,)", &data)), &["entry 4 (counted from 0) is NaN"]);
    let bytes = [0x00, 0x3c, 0x00, 0xfc];
    refuse(
        &folder.write("X.npy", npy("'<f2'", false, "(2, 1)", &bytes)),
        &["row 1, column 0 (counted from 0) is -inf"],
    );
    let x = npz(&[("X.npy", npy("'<f8'", false, "(1, 1)", &doubles(&[f64::INFINITY])))], STORED);
    refuse(&folder.write("X.npz", x), &["X.npz: X: row 0, column 0 (counted from 0) is inf"]);
    refuse(&folder.write("X.csv", "a,b\n1,2\n3,nan\n"), &["line 3, column 'b': 'nan' is not a finite number"]);
    refuse(&folder.write("X.csv", "1,-inf\n"), &["line 1, column 1 (counted from 0): '-inf' is not a finite number"]);
}

#[test]
fn archives_are_read_by_name_and_refused_by_name() {
    let folder = Folder::new();
    let a = npy("'<f8'", false, "(1, 1)", &doubles(&[3.0]));
    for method in [STORED, DEFLATED] {
        let path = folder.write("d.npz", npz(&[("X.npy", a.clone()), ("y.npy", a.clone())], method));
        assert_eq!(load(&path).unwrap().place.rsplit(": ").next(), Some("X"));
        let key = PathBuf::from(format!("{}:y", path.display()));
        assert!(load(&key).unwrap().place.ends_with("d.npz: y"));
        let key = PathBuf::from(format!("{}:z", path.display()));
        refuse(&key, &["no array 'z'", "the file holds X, y"]);
    }
    let path = folder.write("d.npz", npz(&[("a.npy", a.clone()), ("b.npy", a.clone())], STORED));
    refuse(&path, &["none of its arrays is called X or x", "a, b", "FILE:NAME"]);
    let path = folder.write("d.npz", npz(&[("x.npy", a.clone()), ("X.npy", a.clone())], STORED));
    refuse(&path, &["it holds arrays called X and x", "FILE:NAME"]);
    refuse(&folder.write("d.npz", npz(&[("readme.txt", vec![1])], STORED)), &["no NPY array", "readme.txt"]);
    refuse(
        &folder.write("d.npz", npz(&[("net/data.pkl", vec![1]), ("net/0.npy", a.clone())], STORED)),
        &["pickled PyTorch"],
    );
    refuse(&folder.write("d.npz", npz(&[], STORED)), &["no NPY array"]);
    refuse(&folder.write("d.npz", npz(&[("X.npy", b"not an array".to_vec())], STORED)), &["X: ", "not an NPY array"]);
    let key = PathBuf::from(format!("{}:y", folder.write("X.npy", &a).display()));
    refuse(&key, &["holds one array"]);
    assert!(one_line(&Container::open(&folder.write("X.npy", &a)).unwrap_err()).contains("single NPY array"));
    assert!(one_line(&Container::open(&folder.write("X.csv", "1,2")).unwrap_err()).contains("not an NPZ"));
}

#[test]
fn compressed_members_cannot_lie_about_their_size_nor_explode() {
    let folder = Folder::new();
    // The header claims 8 GB, the member inflates to a few bytes.
    let liar = npy("'<f8'", false, "(1000000, 1000)", &doubles(&[1.0; 100]));
    refuse(
        &folder.write("X.npz", npz(&[("X.npy", liar)], DEFLATED)),
        &["truncated", "8000000000 bytes, but 800 are there"],
    );
    // 1.2 GB of zeros in about 1.2 MB.
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().compression_method(DEFLATED).large_file(true);
    zip.start_file("X.npy", options).unwrap();
    zip.write_all(&npy("'<f8'", false, "(150000, 1000)", &[])).unwrap();
    for _ in 0..1200 {
        zip.write_all(&vec![0; 1_000_000]).unwrap();
    }
    let path = folder.write("X.npz", zip.finish().unwrap().into_inner());
    assert!(std::fs::metadata(&path).unwrap().len() < 2_000_000);
    refuse(&path, &["decompression bomb"]);
    // Damage inside the compressed data is noticed by the checksum.
    let array = npy("'<f8'", false, "(3, 2)", &doubles(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]));
    let bytes = npz(&[("X.npy", array.clone())], STORED);
    let at = bytes.windows(8).position(|w| w == 5f64.to_le_bytes()).unwrap();
    let mut damaged = bytes.clone();
    damaged[at + 3] ^= 1;
    refuse(&folder.write("X.npz", damaged), &["damaged"]);
}

#[test]
fn names_with_colons_are_found() {
    let folder = Folder::new();
    let array = |v: f64| npy("'<f8'", false, "(1, 1)", &doubles(&[v]));
    let d = folder.write("d.npz", npz(&[("kernel:0.npy", array(1.0)), ("kernel.npy", array(2.0))], STORED));
    let named = |name: &str| load(&PathBuf::from(format!("{}:{name}", d.display()))).map(|a| floats(&a).to_vec());
    assert_eq!((named("kernel:0").unwrap(), named("kernel").unwrap()), (vec![1.0], vec![2.0]));
    assert!(one_line(&named("kernel:1").unwrap_err()).contains("no array 'kernel:1'"));
    // The longest name of a file is taken.
    #[cfg(unix)]
    {
        let other = folder.write("d.npz:kernel", npz(&[("0.npy", array(3.0))], STORED));
        assert_eq!(named("kernel:0").unwrap(), [3.0]);
        std::fs::remove_file(other).unwrap();
    }
    refuse(&folder.0.path().join("none.npz:kernel:0"), &["No such file"]);
}

#[cfg(unix)]
#[test]
fn a_pipe_is_refused_and_not_waited_for() {
    let folder = Folder::new();
    let pipe = folder.0.path().join("pipe.csv");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    refuse(&pipe, &["not a regular file"]);
}

#[test]
fn members_that_share_their_bytes_are_refused() {
    let folder = Folder::new();
    let array = npy("'<f8'", false, "(1, 1)", &doubles(&[1.0]));
    let mut bytes = npz(&[("X.npy", array.clone()), ("y.npy", array)], STORED);
    assert!(load(&folder.write("d.npz", &bytes)).is_ok());
    // The second entry of the directory is pointed at the first member's bytes (offset at byte 42 of an entry).
    let entry = bytes.windows(4).rposition(|w| w == b"PK\x01\x02").unwrap();
    bytes[entry + 42..entry + 46].fill(0);
    refuse(&folder.write("d.npz", &bytes), &["overlap"]);
}

#[test]
fn safetensors_headers_that_lie_are_refused() {
    let folder = Folder::new();
    let file = |header: &str, data: &[u8]| {
        let mut out = (header.len() as u64).to_le_bytes().to_vec();
        out.extend(header.as_bytes());
        out.extend(data);
        out
    };
    let check = |bytes: Vec<u8>, needle: &str| refuse(&folder.write("t.safetensors", bytes), &[needle]);
    let one = r#"{"X":{"dtype":"F64","shape":[1,1],"data_offsets":[0,8]}}"#;
    assert!(load(&folder.write("t.safetensors", file(one, &[0; 8]))).is_ok());
    check(file(one, &[0; 7]), "claims 8 bytes of data, but 7 are there");
    check(file(one, &[0; 9]), "claims 8 bytes of data, but 9 are there");
    check(
        file(r#"{"X":{"dtype":"F64","shape":[1000000,1000000],"data_offsets":[0,8]}}"#, &[0; 8]),
        "does not fit its shape",
    );
    check(
        file(r#"{"X":{"dtype":"F64","shape":[18446744073709551615,2],"data_offsets":[0,8]}}"#, &[0; 8]),
        "does not fit its shape",
    );
    check(file(r#"{"X":{"dtype":"Q64","shape":[1,1],"data_offsets":[0,8]}}"#, &[0; 8]), "no known type");
    check(file(r#"{"X":{"dtype":"F64","shape":[0,1],"data_offsets":[0,0]}}"#, &[]), "empty");
    check(file(r#"{"X":{"dtype":"F64","shape":[],"data_offsets":[0,8]}}"#, &[0; 8]), "one or two dimensions");
    check(file("{}", &[]), "no tensors");
    check(file("{\"X\": nonsense", &[0; 8]), "no JSON object");
    let mut long = file(one, &[0; 8]);
    long[..8].copy_from_slice(&90_000_000u64.to_le_bytes());
    check(long, "claims 90000000 bytes");
    let deep = format!("{{\"X\":{}1{}}}", "[".repeat(100_000), "]".repeat(100_000));
    check(file(&deep, &[]), "no JSON object");
}

#[test]
fn tables_keep_decimals_exactly() {
    let folder = Folder::new();
    let exact = |text: &str, shape: [usize; 2], want: &[&str]| {
        let array = load(&folder.write("X.csv", text)).unwrap();
        let want: Vec<Rational> = want.iter().map(|s| s.parse().unwrap()).collect();
        assert_eq!((array.shape, array.values.to_rationals()), (shape.to_vec(), want), "{text:?}");
        array.names
    };
    assert_eq!(exact("0.1,2\n-3e-2,4.50\n", [2, 2], &["1/10", "-3/100", "2", "9/2"]), None);
    assert_eq!(exact("a, b\n1, 2\n", [1, 2], &["1", "2"]), Some(vec!["a".to_string(), "b".to_string()]));
    assert_eq!(exact("\u{feff}a;b\r\n1;2\r\n", [1, 2], &["1", "2"]), Some(vec!["a".to_string(), "b".to_string()]));
    exact("# made by hand\n1\t+2\n\n3\t.5\n", [2, 2], &["1", "3", "2", "1/2"]);
    exact("\"1\",\"2\"\n", [1, 2], &["1", "2"]);
    exact("7", [1, 1], &["7"]);
    exact("123456789012345678901234567890.5\n", [1, 1], &["246913578024691357802469135781/2"]);
}

#[test]
fn tables_are_refused_by_line_and_column() {
    let folder = Folder::new();
    let check = |text: &str, needles: &[&str]| refuse(&folder.write("X.csv", text), needles);
    check("a,b\n1,2\n3\n", &["line 3 has 1 field, expected 2"]);
    check("1,2\n3,4,5\n", &["line 2 has 3 fields, expected 2"]);
    check("a,b\n1,x\n", &["line 2, column 'b': 'x' is not a number"]);
    check("1,x\n", &["line 1, column 1 (counted from 0): 'x' is not a number"]);
    check("1,\n", &["line 1, column 1", "the field is empty"]);
    check("1,2\n1,1/3\n", &["'1/3' is not a decimal number"]);
    check("1,2\n1,1e99999999\n", &["beyond the range of a double"]);
    check("1,2\n1,1e-99999999\n", &["beyond the range of a double"]);
    check("a,b\n", &["no rows of numbers", "a, b"]);
    check("\n\n", &["no rows of numbers"]);
    check("1,2\n1,\"2\n\u{1b}[31m\"\n", &["is not a number"]);
}

#[test]
fn problems_load_from_every_format_alike() {
    let folder = Folder::new();
    let (x, y) = ([1.0, 2.0, 0.5, -1.0, 4.0, 0.25], [1.0, 2.0, 3.0]);
    let bx = npy("'<f8'", false, "(3, 2)", &doubles(&x));
    let by = npy("'<f8'", false, "(3, 1)", &doubles(&y));
    let both = npz(&[("X.npy", bx.clone()), ("y.npy", by.clone())], DEFLATED);
    let (both, px, py) = (folder.write("d.npz", both), folder.write("X.npy", bx), folder.write("y.npy", by));
    let table = folder.write("d.csv", "a,target,b\n1,1,2\n0.5,2,-1\n4,3,0.25\n");
    let column = PathBuf::from(format!("{}:target", table.display()));
    let (x_key, y_key) =
        (PathBuf::from(format!("{}:X", both.display())), PathBuf::from(format!("{}:y", both.display())));
    let options = LoadOptions::default();
    let want = Problem::load(&px, &py, &options).unwrap();
    for (x, y) in [(&both, &both), (&x_key, &y_key), (&both, &py), (&table, &column)] {
        let problem = Problem::load(x, y, &options).unwrap();
        assert_eq!(problem.exact_moments(), want.exact_moments());
        assert_eq!(problem.w_star_exact(), want.w_star_exact());
    }
    assert_eq!(Problem::load(&table, &column, &options).unwrap().column_names().unwrap(), ["a", "b"]);
    assert_eq!((want.name(), want.samples(), want.dimension()), ("X", 3, 2));
}

#[test]
fn problems_that_make_no_sense_are_refused() {
    let folder = Folder::new();
    let check = |x: &str, y: &str, standardise: bool, needles: &[&str]| {
        let (px, py) = (folder.write("X.csv", x), folder.write("y.csv", y));
        let error = Problem::load(&px, &py, &LoadOptions { standardise, ..LoadOptions::default() }).unwrap_err();
        let text = one_line(&error);
        needles.iter().for_each(|n| assert!(text.contains(n), "{text:?} does not say {n:?}"));
    };
    check("1,2\n3,4\n5,7\n", "1\n2\n", false, &["y.csv: y has 2 entries", "X.csv", "3 rows"]);
    check("1,2\n3,4\n5,7\n", "1,2\n1,2\n1,2\n", false, &["y.csv", "(3, 2)", "expected a vector"]);
    check("a,b,c\n1,2,3\n3,4,4\n", "1\n2\n", false, &["n = 2 rows and d = 3 columns", "Assumption (A1)", "'c'"]);
    check(
        "a,b,c\n1,2,3\n3,4,7\n5,7,12\n",
        "1\n2\n3\n",
        false,
        &["X.csv: ", "column 'c' is a combination of columns 'a', 'b'", "Assumption (A1)"],
    );
    check("a,b\n1,2\n3,6\n", "1\n2\n", false, &["column 'b' is a multiple of column 'a'"]);
    check("a,b\n1,2\n1,6\n1,8\n", "1\n2\n3\n", true, &["column 'a' of X is constant"]);
    let table = folder.write("d.csv", "a,b\n1,2\n3,5\n");
    let load = |y: &str| {
        let y = PathBuf::from(format!("{}{y}", table.display()));
        one_line(&Problem::load(&table, &y, &LoadOptions::default()).unwrap_err())
    };
    assert!(load("").contains("FILE:COLUMN"));
    assert!(load(":c").contains("no column 'c'; the columns are a, b"));
    let vector = folder.write("v.npy", npy("'<f8'", false, "(2,)", &doubles(&[1.0, 2.0])));
    let other = folder.write("w.npy", npy("'<f8'", false, "(2,)", &doubles(&[1.0, 2.0])));
    assert!(
        one_line(&Problem::load(&vector, &other, &LoadOptions::default()).unwrap_err())
            .contains("expected two dimensions")
    );
    assert!(
        one_line(&Problem::load(&vector, &vector, &LoadOptions::default()).unwrap_err())
            .contains("X and y are the same array")
    );
}

/// Valid files of every kind, to be damaged.
fn valid_files() -> Vec<(&'static str, Vec<u8>)> {
    let array = npy("'<f8'", false, "(3, 2)", &doubles(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]));
    let second = npy("'>i4'", true, "(1, 3)", &[0; 12]);
    vec![
        ("f.npy", array.clone()),
        ("f.npz", npz(&[("W1.npy", array.clone()), ("W2.npy", second.clone())], STORED)),
        ("g.npz", npz(&[("W1.npy", array.clone()), ("W2.npy", second)], DEFLATED)),
        ("f.safetensors", tensor(safetensors::Dtype::F32, &[3, 2], &[0; 24])),
        ("f.csv", b"a,b\n1,2.5\n-3e2,4\n".to_vec()),
    ]
}

fn survive(folder: &Folder, name: &str, bytes: &[u8]) {
    let path = folder.write(name, bytes);
    for result in [load(&path).map(|_| ()), Network::load(&path, None).map(|_| ())] {
        if let Err(e) = result {
            one_line(&e);
        }
    }
    if let Err(e) = Problem::load(&path, &path, &LoadOptions { standardise: true, ..LoadOptions::default() }) {
        one_line(&e);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, ..ProptestConfig::default() })]

    /// Damaged files give a result or one line, never a panic.
    #[test]
    fn damaged_files_never_panic(
        which in 0usize..5,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        cut in prop::option::of(any::<prop::sample::Index>()),
        insert in prop::option::of((any::<prop::sample::Index>(), prop::collection::vec(any::<u8>(), 1..9))),
    ) {
        let folder = Folder::new();
        let (name, mut bytes) = valid_files().swap_remove(which);
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if let Some((at, more)) = insert {
            let at = at.index(bytes.len());
            bytes.splice(at..at, more);
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        survive(&folder, name, &bytes);
    }

    /// NPY headers made of plausible pieces in any order.
    #[test]
    fn scrambled_headers_never_panic(pieces in prop::collection::vec(prop::sample::select(vec![
        "{", "}", "(", ")", "[", "]", ",", ":", "'descr'", "'<f8'", "'fortran_order'", "True", "False", "'shape'", "(2, 2)", "-1",
        "18446744073709551615", "1e400", "1j", "'", "\"", "\\", "\\x", "\\u", "\\N{", "b'a'", "None", "0x", "_", " ", "\n", "é", "L",
    ]), 0..24), valid_start in any::<bool>()) {
        let folder = Folder::new();
        let start = if valid_start { "{'descr': '<f8', 'fortran_order': False, 'shape': " } else { "" };
        survive(&folder, "f.npy", &npy_text(&format!("{start}{}", pieces.concat()), &[0; 32]));
    }

    /// Text of any kind as a table.
    #[test]
    fn any_text_as_a_table_never_panics(text in "[-+0-9eE.,;\t\n\r\"#ainf/ é]{0,60}") {
        survive(&Folder::new(), "f.csv", text.as_bytes());
    }
}
