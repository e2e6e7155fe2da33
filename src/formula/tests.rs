//! The readings of a formula agree with each other.
//!
//! Random scalar formulas are read in all ways at random positive points: in rationals, in f64 intervals, in MPFR, on
//! a tape, as a printed text that is parsed back, and through their normal form. Where a reading has no value (a
//! division by zero) the others are not compared with it.

use super::functions::{exp_rest as rest_of, ln_over as mean_logarithm};
use super::*;
use crate::arithmetic::{Big, Enclosure, Field, Interval, Rational, Real};
use nalgebra::DMatrix;
use num_traits::{One, Zero};
use proptest::prelude::*;

/// Names of the variables of random formulas.
const NAMES: [&str; 3] = ["x", "y", "z"];

/// Scalar formulas without roots, which have rational values but where they divide by zero.
fn rational_formulas() -> impl Strategy<Value = Expr> {
    let leaf = prop_oneof![
        (-6_i64..7).prop_map(Expr::from),
        (1_i64..5, 2_i64..7).prop_map(|(n, d)| fraction(n, d)),
        (0_usize..3).prop_map(|i| var(NAMES[i])),
    ];
    leaf.prop_recursive(4, 24, 2, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| a + b),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| a - b),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| a * b),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| a / b),
            (inner.clone(), -2_i32..4).prop_map(|(a, n)| a.pow(n)),
            inner.clone().prop_map(|a| -a),
            (inner.clone(), inner).prop_map(|(a, b)| max(a, b)),
        ]
    })
}

/// Three positive rationals with small numerators and denominators.
fn point() -> impl Strategy<Value = [Rational; 3]> {
    let positive = || (1_i64..30, 1_i64..12).prop_map(|(n, d)| Rational::new(n, d));
    [positive(), positive(), positive()]
}

/// The scene in which the variables have these values, in any arithmetic.
fn table<T: Clone>(values: &[Rational; 3], of: impl Fn(&Rational) -> T) -> Table<T> {
    NAMES.iter().zip(values).fold(Table::default(), |t, (n, v)| t.scalar(n, of(v)))
}

/// The value of a scalar formula; `None` where it has none.
fn scalar<T: Reading>(e: &Expr, scene: &dyn Scene<T>, bits: u32) -> Option<T> {
    match evaluate(e, scene, bits) {
        Ok(Value::Scalar(v)) => Some(v),
        _ => None,
    }
}

/// Reads the text of a formula back, by its own grammar, as a number.
///
/// A recursive descent over sums, products, powers and atoms; the value at a point is computed on the way.
struct Parser<'a> {
    /// What is read.
    text: &'a [u8],
    /// The next byte.
    at: usize,
    /// Values of the variables, in the order of their names.
    values: &'a [Rational; 3],
}

impl Parser<'_> {
    /// The next byte, a dollar sign at the end.
    fn next(&self) -> u8 {
        self.text.get(self.at).copied().unwrap_or(b'$')
    }
    /// Steps over a text where it comes next.
    fn take(&mut self, what: &str) -> bool {
        let found = self.text[self.at..].starts_with(what.as_bytes());
        self.at += if found { what.len() } else { 0 };
        found
    }
    /// Terms with their signs.
    fn sum(&mut self) -> Option<Rational> {
        let negative = self.take("-");
        let mut out = self.product()?;
        out = if negative { -out } else { out };
        loop {
            if self.take(" + ") {
                out += self.product()?;
            } else if self.take(" - ") {
                out -= self.product()?;
            } else {
                return Some(out);
            }
        }
    }
    /// Factors, juxtaposed or with a star, and divisors.
    fn product(&mut self) -> Option<Rational> {
        let mut out = self.power()?;
        loop {
            if self.take("/") {
                let below = self.power()?;
                out = (!below.is_zero()).then(|| out / below)?;
            } else if self.take(" * ")
                || (self.next() == b' ' && !b"+-*".contains(self.text.get(self.at + 1)?) && self.take(" "))
            {
                out *= self.power()?;
            } else {
                return Some(out);
            }
        }
    }
    /// An atom, perhaps with an exponent.
    fn power(&mut self) -> Option<Rational> {
        let base = self.atom()?;
        if !self.take("^") {
            return Some(base);
        }
        let exponent = self.atom()?;
        Reading::binary(Op::RealPower, &base, &exponent).ok()
    }
    /// A number, a variable, a maximum, or a sum in brackets.
    fn atom(&mut self) -> Option<Rational> {
        if self.take("max(") {
            let a = self.sum()?;
            assert!(self.take(", "), "two arguments");
            let b = self.sum()?;
            assert!(self.take(")"), "a bracket that closes");
            return Some(a.max(b));
        }
        if self.take("(") {
            let inside = self.sum()?;
            assert!(self.take(")"), "a bracket that closes: {} at {}", String::from_utf8_lossy(self.text), self.at);
            return Some(inside);
        }
        if let Some(i) = NAMES.iter().position(|n| self.text[self.at..].starts_with(n.as_bytes())) {
            self.at += 1;
            return Some(self.values[i].clone());
        }
        let digits = self.text[self.at..].iter().take_while(|c| c.is_ascii_digit()).count();
        assert!(digits > 0, "a number: {} at {}", String::from_utf8_lossy(self.text), self.at);
        let number = std::str::from_utf8(&self.text[self.at..self.at + digits]).ok()?;
        self.at += digits;
        number.parse().ok()
    }
}

/// Braces close in order, and every growing left bracket has a right one.
fn balanced(latex: &str) -> bool {
    let mut open = 0_i64;
    for (i, c) in latex.char_indices() {
        open += match c {
            '{' => 1,
            '}' => -1,
            _ => 0,
        };
        if open < 0 {
            panic!("{latex} at {i}");
        }
    }
    open == 0 && latex.matches("\\left").count() == latex.matches("\\right").count()
}

proptest! {
    #[test]
    fn three_arithmetics_and_the_tape_agree(e in rational_formulas(), values in point()) {
        let exact = scalar(&e, &table(&values, Rational::clone), 53);
        let narrow = scalar(&e, &table(&values, |q| Interval::from_rational(q, 53)), 53);
        let wide = scalar(&e, &table(&values, |q| Big::from_rational(q, 200)), 200);
        let (Some(narrow), Some(wide)) = (narrow, wide) else { return Err(TestCaseError::fail("an enclosure has a \
            value")) };
        let tape = Tape::new(&e, &NAMES).map_err(TestCaseError::fail)?;
        let at: Vec<Big> = values.iter().map(|q| Big::from_rational(q, 200)).collect();
        prop_assert_eq!(tape.with_bits::<Big>(200).evaluate(&at), wide.clone());
        if let Some(exact) = exact {
            prop_assert!(narrow.contains(&exact) && wide.contains(&exact));
        }
    }

    #[test]
    fn printed_text_is_read_back_to_the_same_number(e in rational_formulas(), values in point()) {
        let text = Text.expression(&e);
        let mut parser = Parser { text: text.as_bytes(), at: 0, values: &values };
        let read = parser.sum();
        if let Some(exact) = scalar(&e, &table(&values, Rational::clone), 53) {
            prop_assert_eq!(read, Some(exact), "{}", text);
            prop_assert_eq!(parser.at, text.len());
        }
        prop_assert!(balanced(&Latex.expression(&e)));
    }

    #[test]
    fn the_normal_form_has_the_value_of_the_formula(e in rational_formulas(), values in point()) {
        let scene = table(&values, Rational::clone);
        let normal = Normal::of(&e).expression();
        if let (Some(a), Some(b)) = (scalar(&e, &scene, 53), scalar(&normal, &scene, 53)) {
            prop_assert_eq!(a, b, "{:?} and {:?}", e, normal);
        }
    }

    /// A formula and one with an error planted have different normal forms, or the same values.
    #[test]
    fn a_normal_form_tells_formulas_apart(e in rational_formulas(), values in point()) {
        let scene = table(&values, Rational::clone);
        for (_, mutant) in mutants(&e.equals(0)) {
            let other = mutant.first;
            if let (Some(a), Some(b)) = (scalar(&e, &scene, 53), scalar(&other, &scene, 53)) {
                prop_assert!(a == b || Normal::of(&e) != Normal::of(&other), "{:?} and {:?}", e, other);
            }
        }
    }

    #[test]
    fn special_functions_have_their_definitions(n in 0_u32..4, num in 0_i64..4000, bits in 40_u32..300) {
        let v = Rational::new(num, 1000);
        let fine = Big::from_rational(&v, 2000);
        let table = Table::default().scalar("v", fine.clone());
        let close = |a: &Big, b: &Big| !(a - b).is_positive() && !(b - a).is_positive();
        if num > 0 {
            let written = scalar(&super::normal::rest_written_out(n, &var("v")), &table, 2000);
            let written = written.ok_or_else(|| TestCaseError::fail("a value"))?;
            let at = Big::from_rational(&v, bits);
            let value = rest_of(n, &at);
            prop_assert!(close(&value, &written), "{:?} {:?}", value.to_interval(), written.to_interval());
            prop_assert!(value.relative_width() < 2_f64.powi(12 - bits as i32 + 10 * n as i32));
            let logarithm = mean_logarithm(&at);
            prop_assert!(close(&logarithm, &((&fine + 1).ln() / &fine)));
            let f64s = rest_of(n, &Interval::from_rational(&v, 53));
            prop_assert!(close(&Big::from_interval(&f64s, 2000), &written));
        } else {
            prop_assert!(mean_logarithm(&Big::from_rational(&v, bits)) - 1 == Big::zero());
        }
    }

    /// `(A B)^T = B^T A^T`, `norm(A B) <= norm(A) norm(B)`, and what becomes of them with an error.
    #[test]
    fn matrices_are_read_exactly_and_by_enclosures(entries in prop::collection::vec(-5_i64..6, 12)) {
        let of = |range: std::ops::Range<usize>, rows, columns| {
            DMatrix::from_iterator(rows, columns, entries[range].iter().map(|v| Rational::from(*v)))
        };
        let (a, b) = (of(0..6, 2, 3), of(6..12, 3, 2));
        let exact = Table::default().matrix("A", &[], a.clone()).matrix("B", &[], b.clone());
        let (x, y) = (var("A"), var("B"));
        let turned = transpose(&x * &y).equals(transpose(&y) * transpose(&x));
        prop_assert_eq!(holds(&turned, &exact, 53), Ok(Some(true)));
        let wrong = Edit::Swap(transpose(&y) * transpose(&x), transpose(&x) * transpose(&y)).apply(&turned);
        prop_assert!(holds(&wrong.map_err(TestCaseError::fail)?, &exact, 53).is_err(), "shapes");
        let bound = norm(&x * &y).at_most(norm(&x) * norm(&y)).at_most(norm_f(&x) * norm_f(&y));
        let big = |m: &DMatrix<Rational>| m.map(|v| Big::from_rational(&v, 120));
        let scene = Table::default().matrix("A", &[], big(&a)).matrix("B", &[], big(&b));
        prop_assert_ne!(holds(&bound, &scene, 120), Ok(Some(false)));
        let square_lost = Edit::Swap(norm(&x * &y), norm(&x * &y) + 1000).apply(&bound);
        prop_assert_eq!(holds(&square_lost.map_err(TestCaseError::fail)?, &scene, 120), Ok(Some(false)));
    }
}

#[test]
fn folds_run_in_the_order_of_their_index() {
    let of = |v: [i64; 4]| DMatrix::from_row_slice(2, 2, &v.map(Rational::from));
    let scene = Table::default()
        .matrix("W", &[1], of([1, 1, 0, 1]))
        .matrix("W", &[2], of([1, 0, 1, 1]))
        .scalar("L", Rational::from(2));
    let all = product("i", var("L"), 1, at("W", var("i")));
    let Ok(Value::Matrix(m)) = evaluate(&all, &scene, 53) else { panic!("a matrix") };
    assert_eq!(m, of([1, 1, 1, 2]));
    assert_eq!(Text.expression(&all), "W_L .. W_1");
    let squares = sum("i", 1, var("L"), square(at("W", var("i"))));
    assert_eq!(evaluate(&squares, &scene, 53), Ok(Value::Scalar(Rational::from(6))));
    let each = at("W", var("k")).equals(at("W", var("k"))).each("k", 1, var("L"));
    assert_eq!(holds(&each, &scene, 53), Ok(Some(true)));
    assert!(holds(&each.clone().each("j", 3, 2), &scene, 53).is_err(), "no instance");
    let nothing = sum("i", 3, 2, square(at("W", var("i"))));
    assert_eq!(evaluate(&nothing, &scene, 53), Ok(Value::Scalar(Rational::zero())));
    assert!(evaluate(&at("W", 3), &scene, 53).is_err());
}

#[test]
fn cases_are_decided_or_enclosed() {
    let x = var("x");
    let e = cases(x.at_most(1), x.pow(2), 2 * &x - 1);
    let tape = Tape::new(&e, &["x"]).expect("scalar");
    let reader = tape.with_bits::<Interval>(53);
    assert_eq!(reader.evaluate(&[Interval::point(0.5)]), Interval::point(0.25));
    assert_eq!(reader.evaluate(&[Interval::point(3.0)]), Interval::point(5.0));
    let across = reader.evaluate(&[Interval::new(0.5, 3.0)]);
    assert!(across.lo() <= 0.25 && across.hi() >= 5.0);
    let scene = Table::default().scalar("x", Rational::from(3));
    assert_eq!(evaluate(&e, &scene, 53), Ok(Value::Scalar(Rational::from(5))));
    assert!(Tape::new(&norm(&x), &["x"]).is_err());
    assert!(Tape::new(&var("y"), &["x"]).is_err());
}

/// As [`evaluate`] reads it: at one point only, on neither side of it; an index in a condition is refused.
#[test]
fn an_equality_in_a_condition_holds_at_a_point() {
    let x = var("x");
    let e = cases(x.equals(1), 5, 7);
    let tape = Tape::new(&e, &["x"]).expect("scalar");
    for (at, value) in [(0, 7), (1, 5), (2, 7_i32)] {
        let sides = [Interval::point(f64::from(at))];
        assert_eq!(tape.with_bits::<Interval>(53).evaluate(&sides), Interval::point(f64::from(value)), "at {at}");
        let scene = Table::default().scalar("x", Rational::from(i64::from(at)));
        assert_eq!(evaluate(&e, &scene, 53), Ok(Value::Scalar(Rational::from(i64::from(value)))), "at {at}");
    }
    assert_eq!(tape.with_bits::<Interval>(53).evaluate(&[Interval::new(0.5, 3.0)]), Interval::new(5.0, 7.0));
    let none = || x.at_least(1).each("k", 2, 1);
    assert!(Tape::new(&cases(none(), 5, 7), &["x"]).is_err(), "true for no k");
    assert!(Tape::new(&cases(x.at_least(1).and(none()), 5, 7), &["x"]).is_err());
}

/// The squared Frobenius norm of the n x n identity is n, which the matrix beside the product of none tells.
#[test]
fn the_square_of_the_product_of_no_matrices_counts_its_rows() {
    let of = |rows, columns| DMatrix::from_element(rows, columns, Rational::from(1));
    let scene = Table::default().matrix("W", &[1], of(2, 5)).matrix("W", &[2], of(3, 2)).scalar("c", Rational::from(4));
    let down = |first: i64, last: i64| descent("j", first, last, at("W", var("j")));
    let value = |e: Expr| evaluate(&e, &scene, 53);
    let is = |n: i64| Ok(Value::Scalar(Rational::from(n)));
    assert_eq!([(2, 3), (1, 2), (0, 1)].map(|(first, last)| value(square(down(first, last)))), [is(3), is(2), is(5)]);
    assert_eq!(value(square(transpose(down(2, 3)) * down(2, 3))), is(3));
    assert_eq!(value(square(descent("j", 1, 2, var("c")))), is(1));
    assert!(value(square(down(7, 8))).is_err(), "nothing tells its size");
    assert_eq!(value(norm(down(7, 8))), is(1), "the operator norm of every identity");
}

#[test]
fn an_edit_fits_where_it_is_asked_to() {
    let (a, b) = (var("a"), var("b"));
    let says = (2 * &a + &b).at_least(&a - &b);
    let text = |e: Edit| e.apply(&says).map(|s| Text.says(&s));
    assert_eq!(text(Edit::Drop(2.into())), Ok("a + b >= a - b".into()));
    assert_eq!(text(Edit::SwapNth(1, a.clone(), b.clone())), Ok("2 a + b >= b - b".into()));
    assert_eq!(text(Edit::SwapAll(a.clone(), b.clone())), Ok("2 b + b >= b - b".into()));
    assert_eq!(text(Edit::Turn(0)), Ok("2 a + b <= a - b".into()));
    assert!(text(Edit::Swap(a.clone(), b.clone())).is_err(), "two places");
    assert!(text(Edit::FlipSign(b)).is_err(), "two places");
    assert!(text(Edit::Drop(var("c"))).is_err(), "no place");
    assert!(Edit::Turn(0).apply(&a.equals(1)).is_err(), "an equality does not turn");
    assert_eq!(Text.says(&says), "2 a + b >= a - b");
}

/// Of a true identity every generated edit is false, but for those that a symmetry hides.
#[test]
fn generated_errors_change_the_truth_of_an_identity() {
    let (x, y) = (var("x"), var("y"));
    let says = (&x + &y).pow(2).equals(x.pow(2) + 2 * &x * &y + y.pow(2));
    let holds = |s: &Says| Normal::of(&s.first) == Normal::of(&s.rest[0].1);
    assert!(holds(&says));
    let all = mutants(&says);
    assert!(all.len() > 15);
    assert!(all.iter().all(|(_, m)| !holds(m)), "{:?}", all.iter().find(|(_, m)| holds(m)));
}

#[test]
fn powers_and_exponentials_have_a_normal_form() {
    let (x, z, w) = (var("x"), var("z"), var("w"));
    let same = |a: &Expr, b: &Expr| Normal::of(a) == Normal::of(b);
    assert!(same(&(exp(&x) * exp(&z)), &exp(&x + &z)));
    assert!(same(&((&w / 2).power(2 * &z) * Expr::from(4).power(&z)), &w.power(2 * &z)));
    assert!(same(&sqrt(8 * x.pow(3)), &(2 * &x * sqrt(2 * &x))));
    assert!(same(&(x.pow(2) / (1 + &x) + &x / (1 + &x)), &x));
    assert!(same(&ln(exp(&x) / 9), &(&x - 2 * ln(3))));
    assert!(!same(&exp(&x), &exp(2 * &x)));
    assert!(!same(&sqrt(&x), &x));
    assert!(same(&exp_rest(2, &x), &((exp(&x) - 1 - &x) / x.pow(2))));
}

#[test]
fn every_part_of_a_reduction_is_checked() {
    let [depth, x, l, u] = vars(["L", "x", "l", "u"]);
    let says = (1 + &depth * x.pow(2) / 2).at_least(&depth / 4 + &depth * x.pow(2) / 4);
    let reduced = (4 * &l * u.pow(2) + 1).at_least(u.pow(2));
    let one = Rational::one;
    let base = |from: i64| {
        Reduction::on([Range::from("L", 1), Range::from("x", from)])
            .coordinate(Range::within("l", 0, 1), 1 / &depth)
            .coordinate(Range::within("u", 0, 1), 1 / &x)
            .inverse(&depth, 1 / &l)
    };
    let right = base(1).inverse(&x, 1 / &u).cleared_by(4 / (&depth * x.pow(2)), reduced.clone());
    assert_eq!(right.check(&says), Ok(()));
    let refused = |r: Reduction, what: &str| assert!(r.check(&says).is_err(), "{what}");
    refused(base(1).inverse(&x, 1 / &u), "no reduction of the link");
    refused(base(1).inverse(&x, &u).cleared_by(4 / (&depth * x.pow(2)), reduced.clone()), "not the inverse");
    refused(base(0).inverse(&x, 1 / &u).cleared_by(4 / (&depth * x.pow(2)), reduced.clone()), "u above 1");
    refused(base(1).inverse(&x, 1 / &u).cleared_by(-4 / (&depth * x.pow(2)), reduced.clone()), "a negative factor");
    refused(base(1).inverse(&x, 1 / &u).cleared_by(4 / &depth, reduced.clone()), "another factor");
    let other = (4 * &l * u.pow(2) + 2).at_least(u.pow(2));
    refused(base(1).inverse(&x, 1 / &u).cleared_by(4 / (&depth * x.pow(2)), other), "another form");
    let unknown = Reduction { ranges: vec![Range::any("L"), Range::from("x", one())], ..right };
    refused(unknown, "a coordinate without a sign");
}

#[test]
fn degrees_are_those_of_the_fraction() {
    let [x, y] = vars(["x", "y"]);
    let of = |e: &Expr| degree(e, &|_, _| (1, 0), &|_, _| 3);
    assert_eq!(of(&((&x + &y).pow(3) / (1 + &x))), Ok((3, 1)));
    assert_eq!(of(&(1 / &x + 1 / &y)), Ok((1, 2)));
    assert_eq!(of(&product("k", 1, 3, at("W", var("k")))), Ok((3, 0)));
    assert_eq!(of(&square(&x - x.pow(2))), Ok((4, 0)));
    assert!(of(&exp(&x)).is_err());
}

#[test]
fn statements_are_printed_in_three_notations() {
    let [depth, eps] = vars(["L", "eps"]);
    let says =
        (32 * &depth * sqrt(&eps)).at_most(1).and(var("norm(w*)").power(2 - 2 / &depth).at_least(fraction(1, 2)));
    assert_eq!(Text.says(&says), "32 L sqrt(eps) <= 1 and norm(w*)^(2 - 2/L) >= 1/2");
    assert_eq!(
        Latex.says(&says),
        "32 L \\sqrt{\\varepsilon} \\leq 1 \\quad\\text{and}\\quad \\left\\|w^\\star\\right\\|^{2 - \\frac{2}{L}} \
         \\geq \\frac{1}{2}"
    );
    assert_eq!(Coq.says(&says), "32 * L * sqrt eps <= 1 /\\ Rpower norm_w (2 - 2 / L) >= 1 / 2");
    let goal = Style::goal("small", &[Range::from("L", 1), Range::positive("eps")], &[], &eps.at_least(-1));
    assert_eq!(goal, "Theorem small : forall L eps : R,\n  L >= 1 ->\n  eps > 0 ->\n  eps >= -1.\n");
    assert_eq!(Text.ranges(&[Range::within("x", 0, 1), Range::any("y")]), "0 <= x <= 1, any y");
}

#[test]
fn the_logarithm_of_an_exponential_of_a_fraction_is_the_fraction() {
    let [x, y] = vars(["x", "y"]);
    let fraction = || (1 + &x) / (1 - &y);
    let left = ln(&x * exp(fraction()) * exp(-&y));
    let right = ln(&x) + fraction() - &y;
    assert!(Normal::of(&(left - right)).is_zero());
    assert!(!Normal::of(&(ln(&x * exp(fraction())) - fraction())).is_zero());
}

#[test]
fn extremes_over_an_index_and_numbers_known_by_enclosures() {
    let (k, x) = (var("k"), || at("x", var("k")));
    let says = max_over("k", 1, 3, x()).equals(5).and(min_over("k", 2, 3, x() + &k).equals(1));
    assert_eq!(Text.says(&says), "max_{1 <= k <= 3} x_k = 5 and min_{2 <= k <= 3} (x_k + k) = 1");
    assert_eq!(Latex.expression(&min_over("k", 1, 3, x())), "\\min_{1 \\leq k \\leq 3} x_{k}");
    let numbers = [2, 5, -2].map(|n| DMatrix::from_element(1, 1, Rational::from(n)));
    let table = Table::default().family("x", numbers);
    assert_eq!(holds(&says, &table, 64), Ok(Some(true)));
    assert_eq!(holds(&says.put(&5.into(), &4.into()), &table, 64), Ok(Some(false)));
    assert!(holds(&max_over("k", 4, 3, x()).equals(0), &table, 64).is_err());
    assert!(in_roots(&sqrt(max_over("k", 1, 3, x())).equals(0), &table).unwrap()[0].is_some());

    let table = table.enclosed("P", |bits| Big::between(&fraction_of(1, bits), &fraction_of(2, bits)));
    let below = |sixths: i64| var("P").at_most(fraction(sixths, 6));
    assert!(holds(&below(5), &table, 64).is_err());
    for (sixths, known) in [(1, Some(false)), (3, None), (5, Some(true))] {
        assert_eq!(holds(&below(sixths), &table.with_bits(64), 64), Ok(known));
    }
}

/// `n/3`.
fn fraction_of(n: i64, bits: u32) -> Big {
    Big::from_rational(&Rational::new(n, 3), bits)
}

#[test]
fn even_powers_of_norms_of_vectors_and_whole_powers_of_matrices_are_exact() {
    let of = |entries: &[i64], rows: usize| {
        let entries: Vec<Rational> = entries.iter().map(|v| Rational::from(*v)).collect();
        nalgebra::DMatrix::from_row_slice(rows, entries.len() / rows, &entries)
    };
    let table = Table::default()
        .scalar("L", Rational::from(3))
        .matrix("v", &[], of(&[1, 2], 2))
        .matrix("A", &[], of(&[1, 1, 0, 1], 2))
        .matrix("D", &[1, 2], of(&[5], 1));
    let says = |s: &Says| holds(s, &table, 64).unwrap();
    let (v, a, depth) = (var("v"), var("A"), var("L"));
    assert_eq!(says(&norm(&v).pow(4).equals(25)), Some(true));
    assert_eq!(says(&a.power(&depth - 1).equals(&a * &a)), Some(true));
    assert_eq!(says(&a.power(&depth - 1).equals(a.clone())), Some(false));
    assert_eq!(says(&Expr::from(8).power(2 / &depth).equals(4)), Some(true));
    assert_eq!(says(&Expr::from(-1).power(&depth).equals(-1)), Some(true));
    assert_eq!(says(&at2("D", 1, &depth - 1).equals(5)), Some(true));
    assert!(holds(&Expr::from(9).power(2 / &depth).equals(4), &table, 64).is_err());
    // Zero to a positive power, in enclosures too.
    let zero = (Expr::from(0) * &depth).power(2 / &depth).equals(0);
    assert_eq!((says(&zero), holds(&zero, &table.with_bits(64), 64)), (Some(true), Ok(None)));
}

#[test]
fn indices_of_symbols_at_the_start_and_ends_of_products_are_printed_as_one_writes_them() {
    let (k, depth) = (var("k"), var("L"));
    let started = transpose(at("W(0)", &k + 1)) * at("W(0)", &k);
    assert_eq!(Text.expression(&started), "W_{k + 1}(0)^T W_k(0)");
    assert_eq!(Latex.expression(&at("W(0)", &k)), "W_{k}(0)");
    let chain = ascent("j", &k + 1, &depth - 1, at("a", var("j") - 1));
    assert_eq!(Text.expression(&chain), "a_k .. a_{L - 2}");
    assert_eq!(Text.expression(&ascent("j", 2, depth, at("a", var("j") - 2 + 1))), "a_1 .. a_{L - 1}");
}

#[test]
fn exact_numbers_are_enclosed_as_they_are_asked_for_and_the_last_value_of_a_name_counts() {
    let table = Table::default().scalar("x", 2.into()).scalar("x", Rational::new(1, 3)).define("y", &[], var("x") + 1);
    assert_eq!(scalar::<Rational>(&var("y"), &table, 64), Some(Rational::new(4, 3)));
    let enclosed = scalar::<Big>(&var("y"), &table.with_bits(128), 128).unwrap();
    assert!(enclosed.contains(&Rational::new(4, 3)) && !enclosed.contains(&Rational::new(133, 100)));
}

#[test]
fn a_division_by_zero_is_told_whatever_the_dividend_and_an_exponent_may_be_an_integer_of_the_scene() {
    let table = Table::default().scalar("zero", 0.into()).scalar("L", 3.into()).scalar("b", (-2).into());
    let divided = evaluate::<Rational>(&(sqrt(Expr::from(2)) / var("zero")), &table, 64);
    assert!(divided.unwrap_err().contains("a division by zero"));
    // Of a negative number no real power is read; an integer one is.
    let cube = var("b").power(var("L"));
    let enclosed = scalar::<Big>(&cube, &table.with_bits(64), 64).unwrap();
    assert!(enclosed.contains(&Rational::from(-8)) && enclosed.is_negative());
    assert_eq!(scalar::<Rational>(&Expr::from(8).power(fraction(2, 3)), &table, 64), Some(4.into()));
}
