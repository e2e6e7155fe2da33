//! Text tables: what their first line is, what separates fields, which mistakes are named, and that decimals stay what
//! they are.

use super::{Folder, doubles, npy, npz, one_line};
use flatcert::arithmetic::{Enclosure, Rational};
use flatcert::input::{Array, Delimiter, Mark, Source, TableOptions, Values, read, read_pair};
use proptest::prelude::*;
use std::path::{Path, PathBuf};

fn load(path: &Path) -> flatcert::Result<Array> {
    read(&Source::parse(path), &[])
}

fn header(a: &Array) -> (u64, bool, &str) {
    let h = &a.table.as_ref().unwrap().header;
    (h.line, h.taken, &h.why)
}

/// Twelve rows of `d` decimals.
fn decimals(d: usize) -> String {
    let row =
        |i: usize| (0..d).map(|j| format!("{}.{}", (i * i + j) % 5, (3 * i + j) % 10)).collect::<Vec<_>>().join(",");
    (0..12).map(|i| row(i) + "\n").collect()
}

fn pair(folder: &Folder, x: &str, y: &str, options: &TableOptions) -> flatcert::Result<(Array, Array)> {
    let (x, y) = (folder.write("X.csv", x), folder.write("y.csv", y));
    read_pair(&x, &y, options)
}

fn refused(result: flatcert::Result<(Array, Array)>, needles: &[&str]) {
    let text = one_line(&result.map(|_| ()).unwrap_err());
    needles.iter().for_each(|n| assert!(text.contains(n), "{text:?} does not say {n:?}"));
}

const DEFAULT: TableOptions = TableOptions { header: None, delimiter: None, decimal: None, drop_index: false };

#[test]
fn a_first_line_of_numbers_is_a_header_where_that_is_certain() {
    let folder = Folder::new();
    // pandas, index=False, of columns without names.
    let a = load(&folder.write("X.csv", format!("0,1,2\n{}", decimals(3)))).unwrap();
    assert_eq!((a.shape.clone(), a.names.clone().unwrap()), (vec![12, 3], vec!["0".into(), "1".into(), "2".into()]));
    assert_eq!(header(&a), (1, true, "it counts the columns from 0, and decimals follow"));
    assert_eq!(a.values.rational(0), "0".parse().unwrap());
    // Decimals above decimals, and whole numbers above whole numbers, are rows.
    for text in [decimals(3), "3,4\n5,7\n1,1\n".to_string(), "0,1,4\n1.5,2,3\n".to_string()] {
        let a = load(&folder.write("X.csv", &text)).unwrap();
        assert_eq!((header(&a).1, a.shape[0]), (false, text.lines().count()), "{text}");
    }
    // R quotes names, and numbers are not quoted.
    for end in ["\n", "\r\n", "\r"] {
        let text = "\u{feff}\"1990\",\"1991\"\n3,4\n5,7\n".replace('\n', end);
        let a = load(&folder.write("X.csv", text)).unwrap();
        assert_eq!((header(&a).1, a.shape[0]), (true, 2), "{end:?}");
    }
}

#[test]
fn a_first_line_of_numbers_is_refused_where_it_may_be_either_and_options_decide() {
    let folder = Folder::new();
    for (first, d) in [("0,1", 2), ("0", 1), ("1990,1991,1992", 3), ("5", 1)] {
        let path = folder.write("X.csv", format!("{first}\n{}", decimals(d)));
        let text = one_line(&load(&path).unwrap_err());
        assert!(text.contains("line 1") && text.contains("--header yes or --header no"), "{text}");
        let y = folder.write("y.csv", decimals(1));
        for (answer, rows) in [(true, 12), (false, 13)] {
            let options = TableOptions { header: Some(answer), ..DEFAULT };
            let (x, _) = read_pair(&path, &y, &options).unwrap();
            assert_eq!((x.shape[0], header(&x).1), (rows, answer));
        }
    }
    let whole = "0,1,2\n3,4,5\n7,7,1\n";
    assert!(one_line(&load(&folder.write("X.csv", whole)).unwrap_err()).contains("--header"));
}

#[test]
fn the_other_file_decides_by_its_length() {
    let folder = Folder::new();
    let (x, y) = (decimals(2), decimals(1));
    let (a, b) = pair(&folder, &x, &format!("0\n{y}"), &DEFAULT).unwrap();
    assert_eq!((a.shape[0], b.shape[0], header(&b).1), (12, 12, true));
    assert!(header(&b).2.contains("12 lines below it"), "{}", header(&b).2);
    let (a, b) = pair(&folder, &format!("0,1\n{x}"), &format!("0.5\n{y}"), &DEFAULT).unwrap();
    assert_eq!((a.shape[0], b.shape[0], header(&a).1), (13, 13, false));
    let (a, _) = pair(&folder, &format!("0,1,2\n{}", decimals(3)), &format!("0\n{y}"), &DEFAULT).unwrap();
    assert_eq!(a.shape, [12, 3]);
    // Both may be either: no guess.
    refused(pair(&folder, &format!("0,1\n{x}"), &format!("0\n{y}"), &DEFAULT), &["X.csv", "--header"]);
}

#[test]
fn a_column_asked_for_by_name_makes_the_first_line_a_header() {
    let folder = Folder::new();
    let path = folder.write("d.csv", format!("1990,1991,1992\n{}", decimals(3)));
    let key = PathBuf::from(format!("{}:1991", path.display()));
    let (x, y) = read_pair(&path, &key, &DEFAULT).unwrap();
    assert_eq!((x.shape, x.names.unwrap()), (vec![12, 2], vec!["1990".to_string(), "1992".to_string()]));
    assert_eq!((y.shape.clone(), header(&y).1), (vec![12, 1], true));
    assert_eq!(load(&key).unwrap().shape, [12, 1]);
    // A name and a number that mean different columns.
    let path = folder.write("d.csv", format!("1,0,2\n{}", decimals(3)));
    let key = PathBuf::from(format!("{}:0", path.display()));
    assert!(one_line(&load(&key).unwrap_err()).contains("name of column 1"));
    let path = folder.write("d.csv", "b,b\n1,2\n");
    let key = PathBuf::from(format!("{}:b", path.display()));
    assert!(one_line(&load(&key).unwrap_err()).contains("two columns are called 'b'"));
}

#[test]
fn missing_values_are_never_a_header() {
    let folder = Folder::new();
    let check = |text: &str, needles: &[&str]| {
        let said = one_line(&load(&folder.write("X.csv", text)).unwrap_err());
        needles.iter().for_each(|n| assert!(said.contains(n), "{text:?}: {said:?} does not say {n:?}"));
    };
    check("NA,NA,NA\n1,2,3\n4,5,7\n", &["line 1", "missing values", "NA, NA, NA", "--header yes"]);
    check("nan\n1\n", &["line 1", "missing values"]);
    check(",,\n1,2,3\n", &["line 1"]);
    check("a,b\n1,NA\n", &["line 2, column 'b'", "'NA' is not a finite number"]);
    check("a,b\n1,#N/A\n", &["'#N/A' is not a finite number"]);
    check("1,NaN\n2,3\n", &["line 1, column 1", "'NaN' is not a finite number"]);
    check("1,x\n2,3\n", &["line 1, column 1", "'x' is not a number", "--header yes"]);
    // A chemist's potassium and sodium are names, as other names show.
    let a = load(&folder.write("X.csv", "K,Na\n1,2\n3,5\n")).unwrap();
    assert_eq!((a.shape[0], a.names.unwrap()), (2, vec!["K".to_string(), "Na".to_string()]));
}

#[test]
fn delimiters_and_decimal_marks_are_found_or_named() {
    let folder = Folder::new();
    let delimiter = |text: &str| {
        let a = load(&folder.write("X.csv", text)).unwrap();
        (a.table.clone().unwrap().delimiter, a.shape.clone(), a.values.to_rationals())
    };
    let want: Vec<Rational> = ["1/2", "3", "-2", "41/10"].iter().map(|s| s.parse().unwrap()).collect();
    for (text, found) in [
        // NumPy's savetxt, and blanks that align columns.
        ("5.000000000000000000e-01 -2.000000000000000000e+00\n3.000000000000000000e+00 4.1\n", Delimiter::Blank),
        ("   0.5   -2\n   3.0    4.1\n", Delimiter::Blank),
        ("0.5\t-2\n3\t4.1\n", Delimiter::Tab),
        ("0.5;-2\n3;4.1\n", Delimiter::Semicolon),
        ("0.5, -2\n3, 4.1\n", Delimiter::Comma),
        ("\u{feff}0.5,-2\r\n3,4.1\r\n", Delimiter::Comma),
        ("# a, b\n0.5;-2\n\n3;4.1\n", Delimiter::Semicolon),
    ] {
        assert_eq!(delimiter(text), (Some(found), vec![2, 2], want.clone()), "{text:?}");
    }
    assert_eq!(delimiter("0.5\n-2\n").0, None);
    let said = |text: &str| one_line(&load(&folder.write("X.csv", text)).unwrap_err());
    assert!(said("0,5;-2\n3;4,1\n").contains("decimal comma: give --decimal ,"));
    assert!(said("0,5\n1,05\n2,25\n").contains("'05' begins with a zero"));
    assert!(said("a;b\n1;\"1,234\"\n2;3.5\n").contains("thousands separator"));
    assert!(said("a,b\n1,\"1,234.5\"\n").contains("thousands separator"));
    assert!(said("1,2\n3;4\n").contains("line 2"));
    assert!(said("1,2,\n3,4,\n").contains("a ',' at the end of the line?"));
    assert!(said("a\tb\n1\t\n").contains("a '\\t' at the end of the line?"));
    assert!(said("a,b\n1,1.5D+03\n").contains("exponent with e"));
    assert!(said("a,b\n1,1.5-300\n").contains("exponent with e"));
    for date in ["2020-01-31", "31/01/2020", "2020-01-31T12:00:00Z", "12:30:05"] {
        let text = said(&format!("a,b\n1,{date}\n"));
        assert!(text.contains(&format!("'{date}' is not a number: write dates")), "{text}");
    }
    assert!(said("sep=;\na;b\n1;2\n").contains("line 1 is an instruction to a spreadsheet"));
    assert!(said("% matlab\n1 2 3\n4 5 6\n").contains("line 1 begins with %"));
    assert!(said("a,b\n1,True\n").contains("0 or 1"));
    assert!(said("a,b\n1,\u{2212}3\n").contains("minus sign"));
    let y = folder.write("y.csv", "1\n2\n");
    for (text, options) in [
        ("0,5;-2\n3;4,1\n", TableOptions { decimal: Some(Mark::Comma), ..DEFAULT }),
        ("0,5 -2\n3 4,1\n", TableOptions { decimal: Some(Mark::Comma), ..DEFAULT }),
        ("0.5;-2\n3;4.1\n", TableOptions { delimiter: Some(Delimiter::Semicolon), ..DEFAULT }),
    ] {
        let (x, _) = read_pair(&folder.write("X.csv", text), &y, &options).unwrap();
        assert_eq!(x.values.to_rationals(), want, "{text:?}");
    }
    // Decimal commas in one column.
    let options = TableOptions { decimal: Some(Mark::Comma), ..DEFAULT };
    let (x, _) = read_pair(&folder.write("X.csv", "0,5\n3\n"), &y, &options).unwrap();
    assert_eq!((x.shape, x.values.nearest()), (vec![2, 1], &[0.5, 3.0][..]));
    let utf16: Vec<u8> = "1,2\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let path = folder.write("X.csv", [&[0xff, 0xfe][..], &utf16].concat());
    assert!(one_line(&load(&path).unwrap_err()).contains("UTF-16"));
}

#[test]
fn an_unnamed_index_is_refused_or_dropped() {
    let folder = Folder::new();
    let y = folder.write("y.csv", "1\n2\n4\n");
    let drop = TableOptions { drop_index: true, ..DEFAULT };
    for text in [
        // pandas; pandas with columns without names; written and read twice; R with row names, and its write.table.
        ",a,b\n0,1.5,2\n1,2.5,3\n2,0.5,1\n",
        ",0,1\n0,1.5,2\n1,2.5,3\n2,0.5,1\n",
        "Unnamed: 0,a,b\n0,1.5,2\n1,2.5,3\n2,0.5,1\n",
        "\"\",\"a\",\"b\"\n\"one\",1.5,2\n\"two\",2.5,3\n\"three\",0.5,1\n",
        "a b\n1 1.5 2\n2 2.5 3\n3 0.5 1\n",
    ] {
        let x = folder.write("X.csv", text);
        let said = one_line(&read_pair(&x, &y, &DEFAULT).map(|_| ()).unwrap_err());
        assert!(said.contains("first column has no name") && said.contains("--drop-index"), "{text}: {said}");
        let (x, _) = read_pair(&x, &y, &drop).unwrap();
        assert_eq!(
            (x.shape[..].to_vec(), x.values.nearest()),
            (vec![3, 2], &[1.5, 2.5, 0.5, 2.0, 3.0, 1.0][..]),
            "{text}"
        );
        assert!(x.table.unwrap().index_dropped.is_some());
    }
    // One column of it can be asked for as it is.
    let key = PathBuf::from(format!("{}:a", folder.write("d.csv", ",a,b\none,1.5,2\ntwo,2.5,3\n").display()));
    assert_eq!(load(&key).unwrap().values.nearest(), [1.5, 2.5]);
    // A separator too many is no row name.
    let key = PathBuf::from(format!("{}:a", folder.write("d.csv", "a,b\n1,2,\n3,4,\n").display()));
    assert!(one_line(&load(&key).unwrap_err()).contains("line 2 has 3 fields, expected 2"));
    let x = folder.write("X.csv", "a,b\n1,2\n3,4\n5,7\n");
    assert!(one_line(&read_pair(&x, &y, &drop).map(|_| ()).unwrap_err()).contains("is called 'a'"));
}

#[test]
fn the_same_file_by_another_path_is_the_same_file() {
    let folder = Folder::new();
    let table = folder.write("data.csv", "a,target,b\n1,1,2\n0.5,2,-1\n4,3,0.25\n");
    let inside = folder.write("data2.csv", "");
    std::fs::remove_file(&inside).unwrap();
    let dotted = folder.0.path().join(".").join("data.csv");
    let key = |p: &Path| PathBuf::from(format!("{}:target", p.display()));
    let mut paths = vec![dotted, folder.0.path().join("nowhere").join("..").join("data.csv")];
    std::fs::create_dir(folder.0.path().join("nowhere")).unwrap();
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(&table, folder.0.path().join("link.csv")).unwrap();
        std::fs::hard_link(&table, folder.0.path().join("hard.csv")).unwrap();
        paths.extend(["link.csv", "hard.csv"].map(|n| folder.0.path().join(n)));
    }
    for other in paths {
        let (x, y) = read_pair(&table, &key(&other), &DEFAULT).unwrap();
        assert_eq!(
            (x.names.unwrap(), y.names.unwrap()),
            (vec!["a".to_string(), "b".into()], vec!["target".to_string()])
        );
    }
    refused(read_pair(&key(&table), &key(&table), &DEFAULT), &["X and y are the same array"]);
    let one = folder.write("v.csv", "1.5\n2.5\n");
    refused(read_pair(&one, &one, &DEFAULT), &["name the column of y"]);
}

#[test]
fn a_target_left_among_the_inputs_is_noticed() {
    let folder = Folder::new();
    let (x, y) = pair(&folder, "a,t\n1,0.5\n2,1.5\n5,7\n", "t\n0.5\n1.5\n7\n", &DEFAULT).unwrap();
    assert_eq!(x.column_equal_to(&y), Some("'t'".to_string()));
    let (x, y) = pair(&folder, "a,t\n1,0.5\n2,1.5\n5,7\n", "t\n0.5\n1.5\n7.5\n", &DEFAULT).unwrap();
    assert_eq!(x.column_equal_to(&y), None);
    // Columns without names are called as in the file, also where one of those before is left out.
    let (x, y) =
        pair(&folder, "9.5,1,0.5\n8.5,2,1.5\n", "0.5\n1.5\n", &TableOptions { drop_index: true, ..DEFAULT }).unwrap();
    assert_eq!(x.column_equal_to(&y), Some("2".to_string()));
    let table = folder.write("XY.csv", "0.5,1.5,0.5\n1.5,2.5,1.5\n");
    let (x, y) = read_pair(&table, &PathBuf::from(format!("{}:0", table.display())), &DEFAULT).unwrap();
    assert_eq!(x.column_equal_to(&y), Some("2".to_string()));
}

#[test]
fn columns_of_one_table_are_told_apart_by_their_numbers() {
    let folder = Folder::new();
    let key =
        |name: &str, text: &str, key: &str| PathBuf::from(format!("{}:{key}", folder.write(name, text).display()));
    let both = |text: &str, x: &str, y: &str| read_pair(&key("d.csv", text, x), &key("d.csv", text, y), &DEFAULT);
    for text in ["1,2.5\n2,3.5\n0.5,1\n", "a,b\n1,2.5\n2,3.5\n0.5,1\n", "a,a\n1,2.5\n2,3.5\n0.5,1\n"] {
        let (x, y) = both(text, "0", "1").unwrap();
        assert_eq!((x.values.nearest(), y.values.nearest()), (&[1.0, 2.0, 0.5][..], &[2.5, 3.5, 1.0][..]), "{text}");
        refused(both(text, "1", "1"), &["X and y are the same array"]);
    }
    refused(both("a,b\n1,2\n3,5\n", "b", "1"), &["X and y are the same array"]);
    // The numbers of columns are those of the file, an index among them.
    let (text, drop) = (",a,b\n0,1.5,2\n1,2.5,3\n2,0.5,1\n", TableOptions { drop_index: true, ..DEFAULT });
    let d = folder.write("d.csv", text);
    let (x, y) = read_pair(&d, &key("d.csv", text, "2"), &drop).unwrap();
    assert_eq!((x.values.nearest(), y.values.nearest()), (&[1.5, 2.5, 0.5][..], &[2.0, 3.0, 1.0][..]));
    assert_eq!(y.values, read_pair(&d, &key("e.csv", text, "2"), &drop).unwrap().1.values);
    refused(read_pair(&d, &key("d.csv", text, "0"), &drop), &["no column '0'; the columns are a, b"]);
    // Arrays of one archive, by two paths.
    let array = |v: f64| npy("'<f8'", false, "(1, 1)", &doubles(&[v]));
    let d = folder.write("d.npz", npz(&[("a.npy", array(1.0)), ("b.npy", array(2.0))], zip::CompressionMethod::Stored));
    let other = d.parent().unwrap().join(".").join("d.npz");
    let named = |p: &Path, name: &str| PathBuf::from(format!("{}:{name}", p.display()));
    assert!(read_pair(&named(&d, "a"), &named(&other, "b"), &DEFAULT).is_ok());
    refused(read_pair(&named(&d, "a"), &named(&other, "a"), &DEFAULT), &["X and y are the same array"]);
}

#[test]
fn a_line_that_a_column_s_name_makes_a_header_is_no_row() {
    let folder = Folder::new();
    let named = |p: &Path, name: &str| PathBuf::from(format!("{}:{name}", p.display()));
    let d = folder.write("one.csv", "10,20\n");
    assert!(one_line(&load(&named(&d, "20")).unwrap_err()).contains("no rows of numbers; a header alone (10, 20)"));
    refused(read_pair(&d, &named(&d, "20"), &DEFAULT), &["one.csv", "a header alone (10, 20)"]);
    assert_eq!(load(&named(&d, "1")).unwrap().values.nearest(), [20.0]);
    // Whole numbers above whole numbers, which are a row unless a column is asked for by name.
    let d = folder.write("d.csv", "10,20\n1,2\n3,5\n");
    for x in [d.clone(), named(&d, "10"), named(&d, "0")] {
        let (x, y) = read_pair(&x, &named(&d, "20"), &DEFAULT).unwrap();
        assert_eq!((x.values.nearest(), y.values.nearest(), header(&y).1), (&[1.0, 3.0][..], &[2.0, 5.0][..], true));
    }
}

#[test]
fn text_is_read_whatever_its_name_and_length() {
    let folder = Folder::new();
    for text in [
        "1\n2\n",
        "1,2\r\n3,4\r\n5,6\r\n7,8\r\n",
        "\u{feff}a,b\n1,2\n3,4\n",
        "größe,\u{3c3}\u{3c3}\u{3c3}\u{3c3}\n1,2\n",
    ] {
        let want = load(&folder.write("X.csv", text)).unwrap().values;
        for name in ["X.mat", "X.bin", "X.pt", "X.h5", "X"] {
            assert_eq!(load(&folder.write(name, text)).unwrap().values, want, "{name}: {text:?}");
        }
    }
    for text in ["PAR1,PAR2\n1,2\n", "RDX\n1\n2\n", "BZh a\n1 2\n", "ARROW1;ARROW2\n1;2\n"] {
        load(&folder.write("X.csv", text)).unwrap();
    }
    for bytes in [&b"\x01\x02"[..], b"1,2\0", b"\xff\xfe\xfd"] {
        let said = one_line(&load(&folder.write("X.mat", bytes)).unwrap_err());
        assert!(said.contains("a MATLAB file"), "{said}");
    }
}

/// Numbers of every length and size, as programs write them.
fn number() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<f64>().prop_filter("finite", |v| v.is_finite()).prop_map(|v| format!("{v:e}")),
        (-1e6..1e6f64).prop_map(|v| v.to_string()),
        (-1e6..1e6f64).prop_map(|v| format!("{v:.18e}")),
        (any::<i64>()).prop_map(|v| v.to_string()),
        ("[-+]?[0-9]{1,25}", "[0-9]{0,25}", -320i32..300).prop_map(|(a, b, e)| format!("{a}.{b}e{e}")),
        ("[-+]?[0-9]{0,3}", "[0-9]{1,30}").prop_map(|(a, b)| format!("{a}.{b}")),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

    /// Against exact rationals: the nearest double, the pair's second part, the enclosure, exactness.
    #[test]
    fn decimals_are_what_they_say(texts in prop::collection::vec(number(), 1..24)) {
        let folder = Folder::new();
        let text: String = texts.iter().map(|t| format!("{t} 1.5\n")).collect();
        let key = PathBuf::from(format!("{}:0", folder.write("X.csv", &text).display()));
        let Ok(array) = load(&key) else {
            // The only cause of a refusal here.
            let beyond = texts.iter().any(|t| !t.parse::<Rational>().unwrap().to_f64().is_finite());
            prop_assert!(beyond);
            return Ok(());
        };
        for (at, t) in texts.iter().enumerate() {
            let q: Rational = t.parse().unwrap();
            prop_assert_eq!(array.values.rational(at), q.clone());
            let (h, l) = array.values.pair(at);
            prop_assert_eq!(h, q.to_f64());
            let exact = Rational::from_f64(h).unwrap() == q;
            prop_assert_eq!(array.values.is_double(at), exact);
            let rest = q.clone() - Rational::from_f64(h).unwrap() - Rational::from_f64(l).unwrap();
            let bound = Rational::from_f64(l.abs()).unwrap() * Rational::from_f64(2f64.powi(-50)).unwrap()
                + Rational::from_f64(f64::from_bits(1)).unwrap();
            prop_assert!(rest.abs() <= bound, "{} {} {}", t, h, l);
            let e = array.values.enclosure(at);
            prop_assert!(q.compare_f64(e.lo()).is_ge() && q.compare_f64(e.hi()).is_le());
            prop_assert_eq!(e.hi(), if exact { e.lo() } else { e.lo().next_up() });
        }
    }

    /// Blocks of rows put together give the columns of the file.
    #[test]
    fn columns_are_those_of_the_file(rows in 1usize..40, columns in 1usize..6, long in any::<bool>()) {
        let folder = Folder::new();
        let entry = |i: usize, j: usize| if long { format!("{i}.{j}00000000000000000000000001") } else { format!("{i}.{j}1") };
        let text: String = (0..rows).map(|i| (0..columns).map(|j| entry(i, j)).collect::<Vec<_>>().join(";") + "\n").collect();
        let array = load(&folder.write("X.csv", text)).unwrap();
        prop_assert!(matches!(array.values, Values::Decimal(_)));
        let want: Vec<Rational> = (0..columns).flat_map(|j| (0..rows).map(move |i| (i, j))).map(|(i, j)| entry(i, j).parse().unwrap()).collect();
        prop_assert_eq!(array.values.to_rationals(), want);
    }
}

#[test]
fn many_rows_cross_blocks() {
    let folder = Folder::new();
    let rows = 30_000;
    let text: String = "a,b,c\n".to_string() + &(0..rows).map(|i| format!("{i}.1,{i}.2,{i}.3\n")).collect::<String>();
    let path = folder.write("d.csv", text);
    let key = PathBuf::from(format!("{}:b", path.display()));
    let (x, y) = read_pair(&path, &key, &DEFAULT).unwrap();
    assert_eq!((x.shape, y.shape), (vec![rows, 2], vec![rows, 1]));
    let nth = |v: &Values, at: usize| v.rational(at);
    for i in [0, 1, 10_921, 10_922, 10_923, 29_999] {
        assert_eq!(nth(&x.values, i), format!("{i}.1").parse().unwrap());
        assert_eq!(nth(&x.values, rows + i), format!("{i}.3").parse().unwrap());
        assert_eq!(nth(&y.values, i), format!("{i}.2").parse().unwrap());
    }
}

#[test]
fn rows_are_never_dropped_as_comments() {
    let folder = Folder::new();
    let rows = |text: &str| load(&folder.write("X.csv", text)).map(|a| (a.shape.clone(), a.names.clone()));
    let refused = |text: &str, needles: &[&str]| {
        let said = one_line(&rows(text).unwrap_err());
        needles.iter().for_each(|n| assert!(said.contains(n), "{text:?}: {said:?} does not say {n:?}"));
    };
    // A quote that is never closed takes no rows with it, in a column that is not asked for or in a comment either.
    let open = folder.write("open.csv", "a,note\n1,\"x\n2,y\n3,z\n");
    let said = one_line(&load(&PathBuf::from(format!("{}:a", open.display()))).unwrap_err());
    assert!(said.contains("line 2 opens a quote that no line below closes"), "{said}");
    refused("\"a\n1\n2\n", &["line 1 opens a quote"]);
    refused("#,\"a\n1,2\n3,4\n", &["line 1 opens a quote"]);
    assert_eq!(rows("# 5\" pipes\n1,2\n3,4\n").unwrap().0, [2, 2]);
    // What spreadsheets write for an error begins with the sign of a comment.
    refused("a,b\n1,2\n#N/A,4\n5,6\n", &["line 3, column 'a'", "'#N/A' is not a finite number"]);
    refused("a,b\n1,2\n#WERT!,4\n", &["line 3, column 'a'", "'#WERT!'"]);
    refused("a,b\n1,2\n#5,4\n", &["line 3, column 'a'", "'#5'"]);
    refused("1;2\n#N/A;4\n", &["line 2, column 0", "'#N/A'"]);
    refused("#N/A 2\n3 4\n", &["line 1, column 0", "'#N/A'"]);
    refused("#N/A,#N/A\n3,4\n", &["line 1", "missing values"]);
    refused("y\n1\n#DIV/0!\n3\n", &["line 3", "'#DIV/0!'"]);
    refused("1\n2\n#N/A\n", &["line 3", "'#N/A'"]);
    // The first line is longer than the sample that is looked at first, or has one field less, as R writes it.
    let wide = |first: &str| first.to_string() + &",1.5".repeat(100_000) + "\n";
    refused(&(wide("1") + &wide("#N/A") + &wide("2")), &["line 2, column 0", "'#N/A'"]);
    refused("a,b\n1,1,2\n#N/A,3,4\n", &["first column has no name"]);
    let r = folder.write("R.csv", "a,b\nr,1,2\n#3,3,4\n");
    assert_eq!(load(&PathBuf::from(format!("{}:a", r.display()))).unwrap().values.nearest(), [1.0, 3.0]);
    // An empty line of a single column may be a missing value, and so is what pandas writes for one.
    refused("y\n1\n\n3\n", &["line 3 is empty", "missing value"]);
    refused("y\n1\n\"\"\n3\n", &["line 3", "the field is empty"]);
    // Headers and footers as NumPy writes them, remarks of other widths, empty lines at the ends and between blocks.
    let two = (vec![2, 2], None);
    assert_eq!(rows("# x y\n1 2\n3 4\n# made by hand\n").unwrap(), two);
    assert_eq!(rows("#\n# 2020-01-01, lab 3\n\n1,2\n3,4\n\n").unwrap(), two);
    assert_eq!(rows("#made by a program\n1,2\n# pause\n3,4\n").unwrap(), two);
    assert_eq!(rows("1 2\n\n3 4\n").unwrap(), two);
    assert_eq!(rows("\n1\n2\n\n\n").unwrap(), (vec![2, 1], None));
    // A header behind the sign.
    let named = Some(vec!["x".to_string(), "y".to_string()]);
    assert_eq!(rows("#x,y\n1,2\n3,4\n").unwrap(), (vec![2, 2], named));
    assert_eq!(rows("#,y\n1,2\n3,4\n").unwrap().1.unwrap(), ["#", "y"]);
}

#[test]
fn a_stray_quote_hides_no_rows_and_one_in_a_comment_opens_nothing() {
    let folder = Folder::new();
    let column =
        |text: &str, key: &str| load(&PathBuf::from(format!("{}:{key}", folder.write("q.csv", text).display())));
    for (text, says) in [
        ("x,y,name\n1,2,\"6 inch\n3,4,b\n5,7,c\n6,9,\"a\n8,1,d\n", "line 5: text follows the closing quote"),
        ("x,y,name\n1,2,\"6 inch\n3,4,b\n6,9,\"\n8,1,d\n", "line 2 leaves a quote open, and line 3 has as many"),
        ("x,y,name\n1,2,\"6 inch\n6,9,\"\n8,1,d\n", "line 2 leaves a quote open, and line 3 has as many"),
        ("x,y,name\n1,\"6,2\n3,4\",5\n7,8,9\n", "line 2 leaves a quote open, and line 3 has as many"),
        ("x,y,name\n\"1\",2,\"a, 6\" long\n3,4,b\n", "line 2: text follows the closing quote"),
        ("x,y,\"name\n1,2,a\n3,4,b\"\n5,6,c\n", "line 1 leaves a quote open, and line 2 has as many"),
        ("x y z\n1 2 \"6 inch\n3 4 \"\n8 1 d\n", "line 2 leaves a quote open, and line 3 has as many"),
        ("x,\"y\n1,2,a\n3,b\"\n5,6,7\n", "line 1 leaves a quote open, and line 2 has as many"),
    ] {
        let said = one_line(&column(text, "x").unwrap_err());
        assert!(said.contains(says), "{text:?}: {said}");
    }
    // Fields of several lines, with delimiters and doubled quotes, in any place; blanks behind a quoted number.
    for row in ["1,2,\"one, \"\"two\"\"\nthree\"", "1,\"one, two\nthree\",2", "\"1\" ,2,\"a,b\nc\nd,e\""] {
        let a = column(&format!("x,y,name\n{row}\n3,4,b\n"), "x").unwrap_or_else(|e| panic!("{row:?}: {e}"));
        assert_eq!(a.values.nearest(), [1.0, 3.0], "{row:?}");
    }
    let a = column("name,x\n\"one\ntwo\",1\nb,3\n", "x").unwrap();
    assert_eq!(a.values.nearest(), [1.0, 3.0]);
    // A quote in a comment, above, between or below the rows.
    for text in [
        "1 2\n3 4\n5 7\n# unit: \"\n",
        "# unit: \"\n1 2\n3 4\n5 7\n",
        "1 2\n#unit:\"a \"b c\n3 4\n5 7\n",
        "# The \"price\", in euro\n1,2\n3,4\n5,7\n",
        "#the \"price, in euro\n1;2\n3;4\n5;7\n",
    ] {
        let a = load(&folder.write("X.csv", text)).unwrap_or_else(|e| panic!("{text:?}: {e}"));
        assert_eq!((a.shape, a.names), (vec![3, 2], None), "{text:?}");
    }
    let a = load(&folder.write("X.csv", "# The \"price\", in euro\nx,y\n1,2\n3,4\n")).unwrap();
    assert_eq!(a.names.unwrap(), ["x", "y"]);
    // A header behind the sign, quoted; a quoted field that begins with the sign is no comment.
    let a = load(&folder.write("X.csv", "#x,\"y, in euro\"\n1,2\n3,4\n")).unwrap();
    assert_eq!(a.names.unwrap(), ["x", "y, in euro"]);
    let said = one_line(&load(&folder.write("X.csv", "1,2\n\"# 5\",6,7\n3,4\n")).unwrap_err());
    assert!(said.contains("line 2 has 3 fields"), "{said}");
}

#[test]
fn lines_end_in_every_way_and_quotes_may_hold_them() {
    let folder = Folder::new();
    let read = |text: &str| {
        let a = load(&folder.write("X.csv", text)).unwrap_or_else(|e| panic!("{text:?}: {e}"));
        (a.values.nearest().to_vec(), a.names.clone().unwrap_or_default())
    };
    let columns = vec![1.0, 3.0, 2.0, 4.5];
    for end in ["\n", "\r\n", "\r"] {
        for last in ["", end] {
            let text = format!("a,b{end}1,2{end}3,4.5{last}");
            assert_eq!(read(&text), (columns.clone(), vec!["a".to_string(), "b".to_string()]), "{text:?}");
        }
        let text = format!("\u{feff}\"a{end}long, \"\"quoted\"\" name\",b{end}\"1\",\"2\"{end}3,\"4.5\"");
        let (values, names) = read(&text);
        assert_eq!((values, names[1].as_str()), (columns.clone(), "b"), "{text:?}");
        assert!(names[0].contains("long, \"quoted\" name"), "{names:?}");
        // Lines are counted as an editor counts them.
        let bad = format!("a,b{end}\"1\",2{end}3,x{end}");
        assert!(one_line(&load(&folder.write("X.csv", &bad)).unwrap_err()).contains("line 3, column 'b'"), "{bad:?}");
    }
    // A quote that is never closed is refused, in one line.
    let open = one_line(&load(&folder.write("X.csv", "a,b\n1,2\n\"3,4\n5,6\n")).unwrap_err());
    assert!(open.contains("line 3 opens a quote that no line below closes"), "{open}");
    // Quotes around nothing, in a table separated by blanks: no field.
    let nothing = one_line(&load(&folder.write("X.csv", "\"\" \"\"\n1 2\n3 4\n")).unwrap_err());
    assert!(nothing.contains("X.csv: line"), "{nothing}");
    // Longer than any buffer.
    let wide: String = (0..200_000).map(|i| format!("{}.5,", i % 10)).collect::<String>() + "1\n";
    assert_eq!(load(&folder.write("X.csv", &wide)).unwrap().shape, [1, 200_001]);
}

#[test]
fn numbers_of_more_digits_than_a_word_holds_stay_exact() {
    let folder = Folder::new();
    let texts = [
        "0.10000000000000000555",
        "12345678901234567890",
        "18446744073709551616",
        "-0.000123456789012345678901234567890123",
        "99999999999999999999999999999999999999",
        "9999999999999999999999999999",
        "-10000000000000000000000000001",
        "-98765432109876543210.12345678",
        "0.000000000123456789012345678901234",
        "100000000000000000000000000000000000000.5",
        "3.14159265358979323846264338327950288419716939937510582097494459",
        "12345678901234567890123000",
        "1234567890123456789012.3000e-7",
        "+0.3333333333333333333333333333333333333e2",
        "0.5",
        "7",
    ];
    let exact = |text: &str| text.trim_start_matches('+').parse::<Rational>().unwrap();
    for mark in [Mark::Point, Mark::Comma] {
        let written = |t: &&str| if mark == Mark::Comma { t.replace('.', ",") } else { (*t).to_string() };
        let lines: Vec<String> = texts.iter().map(written).collect();
        let path = folder.write("X.csv", lines.join("\n"));
        let options = TableOptions { header: Some(false), decimal: Some(mark), ..DEFAULT };
        let (a, _) = read_pair(&path, &folder.write("y.csv", "1\n".repeat(texts.len())), &options).unwrap();
        for (at, text) in texts.iter().enumerate() {
            let value = exact(text);
            assert_eq!(a.values.rational(at), value, "{text}");
            assert_eq!(a.values.nearest()[at], value.to_f64(), "{text}");
            let (h, l) = a.values.pair(at);
            let rest = value.clone() - Rational::from_f64(h).unwrap();
            assert_eq!(l == 0.0, rest == Rational::from(0), "{text}");
            assert!(a.values.enclosure(at).contains(&value), "{text}");
        }
    }
    // As many digits as a rational is read with, and one more.
    let long = |digits: usize| format!("0.{}\n", "3".repeat(digits));
    let a = load(&folder.write("X.csv", long(5000))).unwrap();
    assert_eq!(a.values.rational(0), exact(long(5000).trim()));
    for text in [long(5001), long(4900).replace('\n', "e-101\n")] {
        let said = one_line(&load(&folder.write("X.csv", text)).unwrap_err());
        assert!(said.contains("line 1, column 0") && said.contains("digits beyond the 5000th decimal place"), "{said}");
    }
    // Two columns: what is wide stays with its number when rows become columns, and when a header is taken.
    let text = texts.iter().map(|t| format!("{t},{}\n", texts[0])).collect::<String>();
    let a = load(&folder.write("X.csv", format!("u,v\n{text}"))).unwrap();
    for (at, text) in texts.iter().enumerate() {
        assert_eq!((a.values.rational(at), a.values.rational(texts.len() + at)), (exact(text), exact(texts[0])));
    }
}
