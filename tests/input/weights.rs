//! Weights: what a file says beside its arrays, which arrays are taken for which layers, and files of other programs.

use super::{Folder, doubles, npy, npy_text, npz, one_line};
use flatcert::input::{Source, read};
use flatcert::network::{Loaded, Network, WeightOptions, initialise};
use nalgebra::DMatrix;
use std::path::Path;

/// A safetensors file with this header, padded or not, and data.
fn safetensors(header: &str, data: &[u8]) -> Vec<u8> {
    let mut out = (header.len() as u64).to_le_bytes().to_vec();
    out.extend(header.as_bytes());
    out.extend(data);
    out
}

/// 1 x 1 doubles under these names, with more entries of the header before them.
fn scalars(more: &str, names: &[&str]) -> Vec<u8> {
    let entry = |(k, n): (usize, &&str)| {
        format!(r#""{n}":{{"dtype":"F64","shape":[1,1],"data_offsets":[{},{}]}}"#, 8 * k, 8 * k + 8)
    };
    let entries: Vec<String> = names.iter().enumerate().map(entry).collect();
    let values: Vec<f64> = (1..=names.len()).map(|k| k as f64).collect();
    safetensors(&format!("{{{more}{}}}", entries.join(",")), &doubles(&values))
}

fn load(path: &Path, layers: Option<&str>) -> flatcert::Result<(Network<f64>, Loaded)> {
    let options = WeightOptions { layers: layers.map(str::to_string), ..WeightOptions::default() };
    Network::load_with(path, None, &options)
}

fn refused<T: std::fmt::Debug>(result: flatcert::Result<T>, needles: &[&str]) {
    let text = one_line(&result.unwrap_err());
    needles.iter().for_each(|n| assert!(text.contains(n), "{text:?} does not say {n:?}"));
}

/// `(name, rows, columns, entries by rows)` as an npz.
fn arrays(folder: &Folder, list: &[(&str, usize, usize, &[f64])]) -> std::path::PathBuf {
    let members: Vec<(String, Vec<u8>)> = list
        .iter()
        .map(|(n, r, c, v)| (format!("{n}.npy"), npy("'<f8'", false, &format!("({r}, {c})"), &doubles(v))))
        .collect();
    let members: Vec<(&str, Vec<u8>)> = members.iter().map(|(n, b)| (n.as_str(), b.clone())).collect();
    folder.write("net.npz", npz(&members, zip::CompressionMethod::Stored))
}

#[test]
fn what_safetensors_say_is_understood_or_refused() {
    let folder = Folder::new();
    let write = |more: &str, names: &[&str]| folder.write("net.safetensors", scalars(more, names));
    let pt = write(r#""__metadata__":{"format":"pt"},"#, &["0.weight", "1.weight"]);
    assert_eq!(load(&pt, None).unwrap().0.depth(), 2);
    let tied = r#""__metadata__":{"format":"pt","1.weight":"0.weight"},"#;
    let path = write(tied, &["0.weight"]);
    let said = ["'1.weight' is '0.weight'", "tied"];
    refused(load(&path, None), &said);
    refused(load(&path, Some("0.weight")), &said);
    refused(read(&Source::parse(&path), &["0.weight"]), &said);
    let step = r#""__metadata__":{"step":"1000"},"#;
    let path = write(step, &["0.weight", "1.weight"]);
    refused(load(&path, None), &["metadata hold step", "not understood"]);
    assert_eq!(load(&path, Some("{}.weight")).unwrap().1.ignored, ["metadata 'step'"]);
    refused(load(&write("", &["0.weight", "1.weight", "0.weight"]), None), &["'0.weight' twice"]);
    let twice = r#"{"W1":{"dtype":"F64","shape":[1,1],"shape":[1,1],"data_offsets":[0,8]}}"#;
    refused(load(&folder.write("net.safetensors", safetensors(twice, &[0; 8])), None), &["'shape' twice"]);
    let more = r#"{"W1":{"dtype":"F64","shape":[1,1],"data_offsets":[0,8],"strides":[1,1]}}"#;
    refused(load(&folder.write("net.safetensors", safetensors(more, &[0; 8])), None), &["'strides'"]);
}

#[test]
fn shards_are_read_through_their_index_and_never_alone() {
    let folder = Folder::new();
    let (first, second) = ("model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors");
    let part = folder.write(first, scalars("", &["0.weight", "1.weight"]));
    folder.write(second, scalars("", &["2.weight"]));
    refused(load(&part, None), &["shard 1 of 2", "model.safetensors.index.json"]);
    let index = |map: &str| {
        let text = format!(r#"{{"metadata":{{"total_size":24}},"weight_map":{{{map}}}}}"#);
        folder.write("model.safetensors.index.json", text)
    };
    let whole = format!(r#""2.weight":"{second}","0.weight":"{first}","1.weight":"{first}""#);
    let (network, told) = load(&index(&whole), None).unwrap();
    assert_eq!(told.layers, ["0.weight", "1.weight", "2.weight"]);
    assert_eq!(network.layers().iter().map(|w| w[(0, 0)]).collect::<Vec<_>>(), [1.0, 2.0, 1.0]);
    refused(
        load(&index(&format!(r#""0.weight":"{first}","1.weight":"{first}","3.weight":"{second}""#)), None),
        &[second],
    );
    refused(load(&index(&format!(r#""0.weight":"{first}""#)), None), &[first, "'1.weight'"]);
    refused(load(&index(r#""0.weight":"../x.safetensors""#), None), &["no file beside the index"]);
    refused(load(&index(r#""0.weight":"absent.safetensors""#), None), &["absent.safetensors"]);
    refused(load(&index(&format!(r#"{whole},"0.weight":"{second}""#)), None), &["'0.weight' twice"]);
    refused(load(&folder.write("x.json", "{}"), None), &["no weight_map"]);
    refused(load(&folder.write("x.json", "{nonsense"), None), &["no JSON object"]);
}

#[test]
fn layers_are_found_by_one_rule_and_by_name() {
    let folder = Folder::new();
    let one = |list: &[&'static str]| {
        let list: Vec<(&str, usize, usize, &[f64])> = list.iter().map(|n| (*n, 1, 1, &[2.0][..])).collect();
        arrays(&folder, &list)
    };
    let layers = |list: &[&'static str], asked: Option<&str>| load(&one(list), asked).map(|(_, told)| told.layers);
    // Activations and Dropout between, as `inspect --help` has promised.
    assert_eq!(layers(&["0.weight", "4.weight", "2.weight"], None).unwrap(), ["0.weight", "2.weight", "4.weight"]);
    assert_eq!(layers(&["net.3.weight", "net.10.weight"], None).unwrap(), ["net.3.weight", "net.10.weight"]);
    assert_eq!(layers(&["W1", "W0"], None).unwrap(), ["W0", "W1"]);
    let fc = ["out.weight", "fc1.weight", "fc2.weight", "norm.scale"];
    assert_eq!(
        layers(&fc, Some("fc1.weight,fc2.weight,out.weight")).unwrap(),
        ["fc1.weight", "fc2.weight", "out.weight"]
    );
    assert_eq!(layers(&fc, Some("fc{}.weight")).unwrap(), ["fc1.weight", "fc2.weight"]);
    let (_, told) = load(&one(&fc), Some("fc{}.weight")).unwrap();
    assert_eq!(told.ignored, ["out.weight", "norm.scale"]);
    assert_eq!(layers(&["W1", "W3", "W12"], Some("W{}")).unwrap(), ["W1", "W3", "W12"]);
    refused(layers(&["W1", "W3"], None), &["W2 is missing", "--layers 'W{}'"]);
    refused(layers(&fc, None), &["out.weight is no layer", "--layers", "norm.scale"]);
    refused(layers(&fc, Some("fc{}.bias")), &["no array is called fc{}.bias", "fc1.weight"]);
    refused(layers(&fc, Some("fc{}.{}")), &["one {} stands for one number"]);
    refused(layers(&fc, Some("fc1.weight,fc{}.weight")), &["stands alone"]);
    refused(layers(&fc, Some("fc1.weight,fc1.weight")), &["twice"]);
    refused(layers(&fc, Some("fc1.weight,fc3.weight")), &["no array 'fc3.weight'"]);
    refused(layers(&["W1", "W01"], Some("W{}")), &["same layer"]);
}

#[test]
fn biases_are_zero_or_refused() {
    let folder = Folder::new();
    for (weight, bias) in
        [("0.weight", "0.bias"), ("W1", "b1"), ("Dense_0.kernel", "Dense_0.bias"), ("fc1_weight", "fc1_bias")]
    {
        for asked in [None, Some(weight)].into_iter().filter(|a| a.is_some() || !weight.contains(['D', 'f'])) {
            let path = arrays(&folder, &[(weight, 1, 1, &[2.0]), (bias, 1, 1, &[0.0])]);
            assert_eq!(load(&path, asked).unwrap().1.zero_biases, [bias]);
            let path = arrays(&folder, &[(weight, 1, 1, &[2.0]), (bias, 1, 1, &[1e-300])]);
            refused(load(&path, asked), &[bias, "is a bias, and not zero", "bias=False"]);
        }
    }
    // The bias of a layer that nobody named is an extra like others.
    let path =
        arrays(&folder, &[("fc1.weight", 1, 1, &[2.0]), ("fc2.weight", 1, 1, &[2.0]), ("fc2.bias", 1, 1, &[1.0])]);
    assert_eq!(load(&path, Some("fc1.weight")).unwrap().1.ignored, ["fc2.weight", "fc2.bias"]);
}

#[test]
fn transposed_and_residual_layers() {
    let folder = Folder::new();
    let path = arrays(&folder, &[("W1", 3, 2, &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]), ("W2", 2, 1, &[7.0, 8.0])]);
    refused(load(&path, None), &["W1 is 3 x 2 and W2 is 2 x 1", "--transposed"]);
    let turned = WeightOptions { transposed: true, ..WeightOptions::default() };
    let (network, told) = Network::load_with(&path, None, &turned).unwrap();
    assert_eq!(network.layers()[0], DMatrix::from_row_slice(2, 3, &[1.0, 3.0, 5.0, 2.0, 4.0, 6.0]));
    assert_eq!((network.widths(), told.transposed), (vec![3, 2, 1], true));
    refused(
        Network::load_with(
            &path,
            None,
            &WeightOptions { residual: true, transposed: true, ..WeightOptions::default() },
        ),
        &["W1 is 2 x 3", "square"],
    );
    let path = arrays(&folder, &[("W1", 2, 2, &[0.5, 2.0, 3.0, 0.1]), ("head", 2, 1, &[1.0, 1.0])]);
    let residual = WeightOptions { residual: true, ..WeightOptions::default() };
    let (network, told) = Network::load_with(&path, None, &residual).unwrap();
    assert_eq!(network.layers()[0], DMatrix::from_row_slice(2, 2, &[1.5, 2.0, 3.0, 1.1]));
    // 1.1 is not 1 + the double nearest to 0.1.
    assert_eq!((told.residual, told.rounded, told.head.as_str()), (true, 1, "array head"));
}

#[test]
fn two_heads_agree_or_are_refused() {
    let folder = Folder::new();
    let path = arrays(&folder, &[("W1", 2, 2, &[1.0, 2.0, 3.0, 4.0]), ("head", 2, 1, &[1.0, 2.0])]);
    for (text, fits) in [("1\n2\n", true), ("2\n1\n", false), ("1\n0.5\n", false)] {
        let head = folder.write("head.csv", text);
        let result = Network::load(&path, Some(&head));
        if fits {
            assert_eq!(result.unwrap().head().as_slice(), [1.0, 2.0]);
        } else {
            refused(result, &["head.csv differs from the array head of the file"]);
        }
    }
}

#[test]
fn saved_in_either_format_and_no_other() {
    let folder = Folder::new();
    let network = initialise::gaussian(&[4, 3, 5, 2], initialise::unit_head(2, 8), 0.3, 8).unwrap();
    for name in ["out.npz", "out.safetensors", "out.SAFETENSORS"] {
        let path = folder.0.path().join(name);
        network.save(&path).unwrap();
        let (again, told) = load(&path, None).unwrap();
        assert_eq!((again, told.layers), (network.clone(), vec!["W1".to_string(), "W2".into(), "W3".into()]));
    }
    let bytes = std::fs::read(folder.0.path().join("out.safetensors")).unwrap();
    let read = safetensors::SafeTensors::deserialize(&bytes).unwrap();
    assert_eq!(read.tensor("W2").unwrap().shape(), [5, 3]);
    for name in ["out.npy", "out.pt", "out"] {
        refused(network.save(&folder.0.path().join(name)), &[name, ".npz or .safetensors"]);
        assert!(!folder.0.path().join(name).exists());
    }
}

#[test]
fn files_of_other_programs_are_named_with_a_line_that_converts_them() {
    let folder = Folder::new();
    let torch = npz(&[("net/data.pkl", vec![1]), ("net/data/0", vec![2])], zip::CompressionMethod::Stored);
    let cases: Vec<(&str, Vec<u8>, &str)> = vec![
        ("net.pt", torch, "safetensors.torch"),
        ("old.pth", b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.".to_vec(), "safetensors.torch"),
        ("net.h5", b"\x89HDF\r\n\x1a\n\0\0\0\0".to_vec(), "keras"),
        ("net.keras", npz(&[("model.weights.h5", vec![1])], zip::CompressionMethod::Stored), "--transposed"),
        ("x.pkl", b"\x80\x04\x95\x10\0\0\0".to_vec(), "pickle.load"),
        ("x.mat", b"MATLAB 5.0 MAT-file, Platform: GLNXA64".to_vec(), "loadmat"),
        ("x.mat", b"\x89HDF\r\n\x1a\n\0\0\0\0".to_vec(), "MATLAB 7.3"),
        ("x.parquet", b"PAR1\x15\x04\x15".to_vec(), "read_parquet"),
        ("x.csv.gz", b"\x1f\x8b\x08\0\0".to_vec(), "gunzip"),
        ("x.xlsx", npz(&[("xl/workbook.xml", vec![1])], zip::CompressionMethod::Stored), "read_excel"),
    ];
    for (name, bytes, needle) in cases {
        let path = folder.write(name, bytes);
        refused(Network::load(&path, None), &[name, needle]);
        refused(read(&Source::parse(&path), &["X"]), &[name, needle]);
    }
}

#[test]
fn npy_headers_that_numpy_reads_are_read() {
    let folder = Folder::new();
    let data = doubles(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
    for text in [
        // Python 2 on 64-bit Windows; the native order; other orders of keys, quotes and blanks.
        "{'descr': '<f8', 'fortran_order': False, 'shape': (2L, 3L), }",
        "{'descr': '=f8', 'fortran_order': False, 'shape': (2, 3), }",
        "{'descr': 'f8', 'fortran_order': False, 'shape': (2, 3)}",
        "{'descr': 'float64', 'fortran_order': False, 'shape': (2, 3)}",
        "{\"shape\":(2,3,),\"fortran_order\":False,\"descr\":\"<f8\"}",
        "{ 'shape' : ( 2 , 3 ) , 'descr' : '<f8' , 'fortran_order' : False }",
    ] {
        let array = read(&Source::parse(&folder.write("X.npy", npy_text(text, &data))), &[]).unwrap();
        assert_eq!(
            (&array.shape[..], array.values.nearest()),
            (&[2, 3][..], &[1.0, 4.0, 2.0, 5.0, 3.0, 6.0][..]),
            "{text}"
        );
    }
    let mut wide = npy_text("{'descr': '<f8', 'fortran_order': True, 'shape': (3L, 2L), }", &data);
    // Versions 2 and 3 have a longer length.
    for version in [2u8, 3] {
        let length = u16::from_le_bytes([wide[8], wide[9]]);
        let mut bytes = wide[..8].to_vec();
        bytes[6] = version;
        bytes.extend(u32::from(length).to_le_bytes());
        bytes.extend(&wide[10..]);
        assert_eq!(read(&Source::parse(&folder.write("X.npy", bytes)), &[]).unwrap().shape, [3, 2]);
    }
    wide[6] = 1;
    for (text, needle) in [
        ("{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), 'more': 1}", "other keys"),
        ("{'descr': '<f8', 'descr': '<f4', 'fortran_order': False, 'shape': (2, 3)}", "'descr' twice"),
        ("{'descr': '<f8', 'fortran_order': False, 'shape': [2, 3]}", "no tuple"),
        ("{'descr': '<f8', 'fortran_order': False, 'shape': (6)}", "no tuple"),
        ("{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3)} + 1", "no dictionary"),
        ("{'descr': ('<f8', (2,)), 'fortran_order': False, 'shape': (2, 3)}", "structured"),
    ] {
        let error = read(&Source::parse(&folder.write("X.npy", npy_text(text, &data))), &[]).unwrap_err();
        assert!(one_line(&error).contains(needle), "{error}");
    }
}
