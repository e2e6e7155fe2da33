//! The vectors of other interval libraries (fixtures/interval-vectors.tsv: MPFI, FI_LIB, C-XSC, libieeep1788), on both
//! enclosures.
//!
//! Containment always. How often the result is the tightest one is a table, so that a loss of sharpness is seen.

use flatcert::arithmetic::{Big, Enclosure, Interval, Rational};
use std::collections::BTreeMap;
use std::fmt::Write;

/// One line of the file.
struct Vector {
    operation: String,
    arguments: Vec<Argument>,
    result: Interval,
}

#[derive(Clone, Copy)]
enum Argument {
    Set(Interval),
    Number(f64),
}

/// A decimal or hexadecimal literal, to the nearest double; the file's are doubles.
fn number(text: &str) -> Option<f64> {
    let text = text.trim().to_lowercase();
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(&text)),
    };
    let size = if digits == "infinity" {
        f64::INFINITY
    } else if let Some(hex) = digits.strip_prefix("0x") {
        let (mantissa, exponent) = hex.split_once('p').unwrap_or((hex, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let m = rug::Integer::from_str_radix(&format!("{whole}{fraction}"), 16).ok()?;
        let e = exponent.parse::<i32>().ok()? - 4 * fraction.len() as i32;
        Rational::from(rug::Rational::from(m)).times_power_of_two(e).to_f64()
    } else {
        digits.parse().ok()?
    };
    Some(if negative { -size } else { size })
}

/// `[lo, hi]` or `[entire]`; `None` for the empty set and for what is no interval.
fn set(text: &str) -> Option<Interval> {
    let inner = text.trim().strip_prefix('[')?.strip_suffix(']')?;
    if inner == "entire" {
        return Some(Interval::ENTIRE);
    }
    let (lo, hi) = inner.split_once(',')?;
    Some(Interval::new(number(lo)?, number(hi)?))
}

fn arguments(mut text: &str) -> Option<Vec<Argument>> {
    let mut out = Vec::new();
    loop {
        text = text.trim();
        if text.is_empty() {
            return Some(out);
        }
        let end = match text.find(']') {
            Some(end) if text.starts_with('[') => end + 1,
            _ => text.find(' ').unwrap_or(text.len()),
        };
        let (one, rest) = text.split_at(end);
        out.push(if one.starts_with('[') { Argument::Set(set(one)?) } else { Argument::Number(number(one)?) });
        text = rest;
    }
}

fn vectors() -> Vec<Vector> {
    let file = include_str!("../fixtures/interval-vectors.tsv");
    let lines: Vec<&str> = file.lines().filter(|l| !l.starts_with('#')).skip(1).collect();
    assert_eq!(lines.len(), 3799);
    lines
        .into_iter()
        .filter_map(|line| {
            let fields: Vec<&str> = line.split('\t').collect();
            let point = |text| number(text).map(|v| Interval::new(v, v));
            let result = set(fields[3]).or_else(|| point(fields[3]))?;
            Some(Vector { operation: fields[1].to_string(), arguments: arguments(fields[2])?, result })
        })
        .collect()
}

/// An exponent as a fraction of small numbers.
fn ratio(y: &Interval) -> Option<(i64, u32)> {
    let (y, scale) = (y.lo(), 1u32 << 16);
    let scaled = y * f64::from(scale);
    (y.is_finite() && scaled.fract() == 0.0 && scaled.abs() < 1e15).then_some((scaled as i64, scale))
}

/// The operation in E, at 53 bits; `None` where it has none.
fn evaluate<E: Enclosure>(v: &Vector) -> Option<E> {
    let of = |a: &Argument| match a {
        Argument::Set(i) => Some(E::from_interval(i, 53)),
        Argument::Number(_) => None,
    };
    let x = of(v.arguments.first()?)?;
    let y = v.arguments.get(1).and_then(of);
    Some(match (v.operation.as_str(), y) {
        ("add", Some(y)) => x + y,
        ("sub", Some(y)) => x - y,
        ("mul", Some(y)) => x * y,
        ("div", Some(y)) => x / y,
        ("fma", Some(y)) => {
            let mut z = of(v.arguments.get(2)?)?;
            z.add_product(&x, &y);
            z
        }
        ("convexHull", Some(y)) => x.hull(&y),
        ("min", Some(y)) => x.min(&y),
        ("max", Some(y)) => x.max(&y),
        ("hypot", Some(y)) => (x.powi(2) + y.powi(2)).sqrt(),
        ("pow", Some(y)) => {
            let (num, den) = ratio(&y.to_interval()).filter(|_| y.lo() == y.hi() && x.hi() > 0.0)?;
            x.pow_ratio(num, den)
        }
        ("pown", None) => match v.arguments.get(1)? {
            Argument::Number(n) if *n >= 0.0 => x.powi(*n as u32),
            Argument::Number(n) => E::one() / x.powi(-*n as u32),
            Argument::Set(_) => return None,
        },
        ("recip", None) => E::one() / x,
        ("neg", None) => -x,
        ("abs", None) => x.abs(),
        ("sqr", None) => x.powi(2),
        ("sqrt", None) => x.sqrt(),
        ("exp", None) => x.exp(),
        ("expm1", None) => x.exp_m1(),
        ("log", None) => x.ln(),
        ("logp1", None) => x.ln_1p(),
        _ => return None,
    })
}

/// Applied and tightest, by operation.
fn table<E: Enclosure>(name: &str) -> BTreeMap<String, (usize, usize)> {
    let mut out: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for v in vectors() {
        let Some(found) = evaluate::<E>(&v) else { continue };
        let (lo, hi) = (found.lo(), found.hi());
        let at = format!("{name} {}: [{lo:e}, {hi:e}] for {:?}", v.operation, v.result);
        assert!(lo <= v.result.lo() && v.result.hi() <= hi, "{at}");
        let counts = out.entry(v.operation).or_default();
        counts.0 += 1;
        counts.1 += usize::from(lo == v.result.lo() && hi == v.result.hi());
    }
    out
}

#[test]
fn every_vector_is_contained() {
    let (doubles, big) = (table::<Interval>("Interval"), table::<Big>("Big"));
    let mut text = format!("{:<12}{:>8}{:>10}{:>8}\n", "operation", "vectors", "Interval", "Big");
    let mut totals = (0, 0, 0);
    for (operation, (n, tight)) in &doubles {
        let other = &big[operation];
        assert_eq!(other.0, *n);
        writeln!(text, "{operation:<12}{n:>8}{tight:>10}{:>8}", other.1).unwrap();
        totals = (totals.0 + n, totals.1 + tight, totals.2 + other.1);
    }
    writeln!(text, "{:<12}{:>8}{:>10}{:>8}", "all", totals.0, totals.1, totals.2).unwrap();
    insta::assert_snapshot!(text);
}

/// The parts that are no enclosures: intersection, middle, width, sizes.
#[test]
fn parts_of_intervals_agree() {
    let mut counts = BTreeMap::new();
    let file = include_str!("../fixtures/interval-vectors.tsv");
    for line in file.lines().filter(|l| !l.starts_with('#')).skip(1) {
        let fields: Vec<&str> = line.split('\t').collect();
        let Some(arguments) = arguments(fields[2]) else { continue };
        let sets: Vec<Interval> =
            arguments.iter().filter_map(|a| if let Argument::Set(i) = a { Some(*i) } else { None }).collect();
        let want = number(fields[3]);
        match (fields[1], &sets[..], want) {
            ("intersection", [a, b], _) => assert_eq!(a.intersection(b), set(fields[3]), "{line}"),
            ("mig", [a], Some(v)) => assert_eq!(a.mignitude(), v, "{line}"),
            ("mag", [a], Some(v)) => assert_eq!(a.magnitude(), v, "{line}"),
            ("wid", [a], Some(v)) => assert!(a.width() >= v, "{line}"),
            ("mid", [a], Some(v)) => assert!(a.lo() <= a.mid() && a.mid() <= a.hi() && v.is_finite(), "{line}"),
            _ => continue,
        }
        *counts.entry(fields[1]).or_insert(0) += 1;
    }
    let counts: Vec<(&str, i32)> = counts.into_iter().collect();
    assert_eq!(counts, [("intersection", 31), ("mag", 9), ("mid", 11), ("mig", 9), ("wid", 9)]);
}

#[test]
fn division_by_a_set_that_touches_zero_is_a_half_line() {
    fn check<E: Enclosure>() {
        let i = |lo: f64, hi: f64| E::from_interval(&Interval::new(lo, hi), 53);
        let ends = |e: E| (e.lo(), e.hi());
        let inf = f64::INFINITY;
        assert_eq!(ends(i(1.0, 2.0) / i(0.0, 4.0)), (0.25, inf));
        assert_eq!(ends(i(1.0, 2.0) / i(-4.0, 0.0)), (-inf, -0.25));
        assert_eq!(ends(i(-2.0, -1.0) / i(0.0, 4.0)), (-inf, -0.25));
        assert_eq!(ends(i(-2.0, -1.0) / i(-4.0, 0.0)), (0.25, inf));
        assert_eq!(ends(i(0.0, 1.0) / i(0.0, 4.0)), (0.0, inf));
        for whole in [i(-1.0, 1.0) / i(0.0, 4.0), i(1.0, 2.0) / i(-1.0, 1.0), i(1.0, 2.0) / i(0.0, 0.0)] {
            assert_eq!(ends(whole), (-inf, inf));
        }
    }
    check::<Interval>();
    check::<Big>();
}
