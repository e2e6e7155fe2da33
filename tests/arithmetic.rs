//! Enclosures are sound: whatever exact members are taken from the arguments, the exact result lies in the enclosure of
//! the result. And they are tight, so that returning the whole line does not pass. The exact side is rational
//! arithmetic, or MPFR at four times the precision.

use flatcert::arithmetic::{Big, Dual, Enclosure, Field, Interval, Nearest, Rational, Real, Ring, rational_power};
use nalgebra::DMatrix;
use num_traits::{One, Zero};
use proptest::prelude::*;
use rug::Float;
use rug::float::Round;
use std::fmt::Debug;

fn q(n: i64, d: i64) -> Rational {
    Rational::new(n, d)
}

fn exact(x: f64) -> Rational {
    Rational::from_f64(x).unwrap()
}

fn pow2(k: i32) -> Rational {
    let p = q(2, 1).powi(k.unsigned_abs());
    if k < 0 { q(1, 1) / p } else { p }
}

/// An enclosure that can be made from two doubles and knows its exact ends (`None` where infinite).
trait Kind: Enclosure + Debug {
    fn make(lo: f64, hi: f64, bits: u32) -> Self;
    fn ends(&self) -> (Option<Rational>, Option<Rational>);
    /// `lo <= hi`, neither NaN, no infinity on the wrong side.
    fn is_valid(&self) -> bool;
    /// Unit roundoff of the precision, with room for results below the normal range of f64.
    fn room(x: &Rational, bits: u32) -> Rational;
}

impl Kind for Interval {
    fn make(lo: f64, hi: f64, _bits: u32) -> Self {
        Self::new(lo, hi)
    }
    fn ends(&self) -> (Option<Rational>, Option<Rational>) {
        (Rational::from_f64(self.lo()), Rational::from_f64(self.hi()))
    }
    fn is_valid(&self) -> bool {
        self.lo() <= self.hi() && self.lo() < f64::INFINITY && self.hi() > f64::NEG_INFINITY
    }
    fn room(x: &Rational, _bits: u32) -> Rational {
        // One rounding to nearest and one step outward.
        let (tiny, relative) = (pow2(-1074) * q(2, 1), x.abs() * pow2(-52) * q(2, 1));
        if tiny > relative { tiny } else { relative }
    }
}

impl Kind for Big {
    fn make(lo: f64, hi: f64, bits: u32) -> Self {
        Self::from_interval(&Interval::new(lo, hi), bits)
    }
    fn ends(&self) -> (Option<Rational>, Option<Rational>) {
        (self.lower_rational(), self.upper_rational())
    }
    fn is_valid(&self) -> bool {
        self.lower() <= self.upper()
            && !(self.lower().is_infinite() && *self.lower() > 0)
            && !(self.upper().is_infinite() && *self.upper() < 0)
    }
    fn room(x: &Rational, bits: u32) -> Rational {
        x.abs() * pow2(1 - bits as i32)
    }
}

/// The ends of an interval as its JSON says, read as decimals.
fn decimals(json: &str) -> (Option<Rational>, Option<Rational>) {
    let end = |name: &str| {
        let rest = json.split_once(&format!("\"{name}\":")).unwrap().1;
        let text = &rest[..rest.find([',', '}']).unwrap()];
        (text != "null").then(|| text.parse::<Rational>().unwrap())
    };
    (end("lo"), end("hi"))
}

/// Doubles of every kind: integers, ordinary, any exponent, subnormal, near overflow, zeros of both signs.
fn double() -> impl Strategy<Value = f64> {
    prop_oneof![
        3 => (-9i32..=9).prop_map(f64::from),
        3 => -10.0f64..10.0,
        2 => any::<u64>().prop_map(f64::from_bits).prop_filter("finite", |x| x.is_finite()),
        1 => (any::<bool>(), 0u64..1 << 52).prop_map(|(s, m)| if s { -f64::from_bits(m) } else { f64::from_bits(m) }),
        1 => (0u64..4, any::<bool>()).prop_map(|(m, s)| if s { -f64::from_bits(m) } else { f64::from_bits(m) }),
        1 => (0u64..1 << 40, any::<bool>()).prop_map(|(m, s)| {
            let x = f64::from_bits(f64::MAX.to_bits() - m);
            if s { -x } else { x }
        }),
        1 => (-60i32..60).prop_map(|k| 2f64.powi(k)),
        1 => prop_oneof![Just(0.0), Just(-0.0), Just(f64::MIN_POSITIVE), Just(f64::MAX), Just(f64::MIN)],
    ]
}

/// An argument: ends, and a position of the exact member between them.
#[derive(Clone, Debug)]
struct Argument {
    lo: f64,
    hi: f64,
    at: Rational,
}

fn position() -> impl Strategy<Value = Rational> {
    prop_oneof![
        2 => Just(q(0, 1)),
        2 => Just(q(1, 1)),
        1 => Just(q(1, 2)),
        2 => (0i64..=1000).prop_map(|n| q(n, 1000)),
    ]
}

fn argument_from(number: impl Strategy<Value = f64> + Clone) -> impl Strategy<Value = Argument> {
    let steps = |x: f64, n: u32| (0..n).fold(x, |x, _| x.next_up());
    let shape = prop_oneof![
        4 => number.clone().prop_map(|x| (x, x)),
        3 => (number.clone(), 1u32..4).prop_map(move |(x, n)| (x, steps(x, n))),
        4 => (number.clone(), number.clone()).prop_map(|(x, y)| (x.min(y), x.max(y))),
        2 => number.clone().prop_map(|x| (-x.abs(), x.abs())),
        1 => number.clone().prop_map(|x| (0.0, x.abs())),
        1 => number.clone().prop_map(|x| (-x.abs(), 0.0)),
        1 => number.clone().prop_map(|x| (x, f64::INFINITY)),
        1 => number.prop_map(|x| (f64::NEG_INFINITY, x)),
        1 => Just((f64::NEG_INFINITY, f64::INFINITY)),
    ];
    (shape, position()).prop_map(|((lo, hi), at)| Argument { lo, hi, at })
}

fn argument() -> impl Strategy<Value = Argument> {
    argument_from(prop_oneof![3 => double().boxed(), 1 => (-4.0f64..4.0).boxed()].boxed())
}

/// Arguments whose powers and exponentials stay of a moderate size.
fn moderate() -> impl Strategy<Value = Argument> {
    argument_from(
        prop_oneof![(-30.0f64..30.0).boxed(), (-9i32..=9).prop_map(f64::from).boxed(), (-1e-9f64..1e-9).boxed()]
            .boxed(),
    )
}

impl Argument {
    /// The enclosure and an exact member of it (of the enclosure itself, which rounding may have made larger than the
    /// ends drawn).
    fn draw<E: Kind>(&self, bits: u32) -> (E, Rational) {
        let e = E::make(self.lo, self.hi, bits);
        let far = pow2(40);
        let member = match e.ends() {
            (Some(l), Some(h)) => l.clone() + (h - l) * self.at.clone(),
            (Some(l), None) => l + self.at.clone() * far,
            (None, Some(h)) => h - self.at.clone() * far,
            (None, None) => (self.at.clone() - q(1, 2)) * far,
        };
        assert!(e.contains(&member));
        (e, member)
    }
}

fn bits() -> impl Strategy<Value = u32> {
    prop_oneof![Just(24u32), Just(53), Just(64), Just(100), Just(128), Just(256)]
}

fn sound<E: Kind>(name: &str, e: &E, truth: &Rational) {
    assert!(e.is_valid(), "{name}: {e:?} is not an enclosure");
    assert!(e.contains(truth), "{name}: {e:?} misses {truth} = {:e}", truth.to_f64());
}

/// Ends no further out than one rounding from the exact extremes.
fn tight<E: Kind>(name: &str, e: &E, low: &Rational, high: &Rational, bits: u32) {
    let limit = |x: &Rational| exact(f64::MAX) >= x.abs() || bits != 53;
    if limit(low) {
        let (lo, _) = e.ends();
        let lo = lo.unwrap_or_else(|| panic!("{name}: {e:?} has no lower end, exact {low}"));
        assert!(lo >= low.clone() - E::room(low, bits), "{name}: lower end of {e:?} far below {low}");
    }
    if limit(high) {
        let (_, hi) = e.ends();
        let hi = hi.unwrap_or_else(|| panic!("{name}: {e:?} has no upper end, exact {high}"));
        assert!(hi <= high.clone() + E::room(high, bits), "{name}: upper end of {e:?} far above {high}");
    }
}

/// The exact range of a bilinear or monotone operation is reached at the corners.
fn corners(
    a: &(Rational, Rational),
    b: &(Rational, Rational),
    f: impl Fn(Rational, Rational) -> Rational,
) -> (Rational, Rational) {
    let mut all = vec![];
    for x in [&a.0, &a.1] {
        for y in [&b.0, &b.1] {
            all.push(f(x.clone(), y.clone()));
        }
    }
    all.sort();
    (all[0].clone(), all[3].clone())
}

fn both<E: Kind>(e: &E) -> Option<(Rational, Rational)> {
    match e.ends() {
        (Some(l), Some(h)) => Some((l, h)),
        _ => None,
    }
}

fn basic<E: Kind>(x: &Argument, y: &Argument, bits: u32) {
    let ((a, p), (b, r)) = (x.draw::<E>(bits), y.draw::<E>(bits));
    sound("neg", &-a.clone(), &-p.clone());
    sound("add", &(a.clone() + b.clone()), &(p.clone() + r.clone()));
    sound("sub", &(a.clone() - b.clone()), &(p.clone() - r.clone()));
    sound("mul", &(a.clone() * b.clone()), &(p.clone() * r.clone()));
    let quotient = a.clone() / b.clone();
    let touches = b.is_nonnegative() || (-b.clone()).is_nonnegative();
    if b.contains(&q(0, 1)) && (!touches || b.is_zero()) {
        assert!(quotient.ends() == (None, None), "{a:?} / {b:?} = {quotient:?}");
    } else if !r.is_zero() {
        sound("div", &quotient, &(p.clone() / r.clone()));
    }
    let mut assigned = a.clone();
    assigned += b.clone();
    assigned -= a.clone();
    sound("assign", &assigned, &r);
    assigned *= a.clone();
    sound("assign", &assigned, &(r.clone() * p.clone()));
    assigned /= E::from_i64(-3);
    sound("assign", &assigned, &(r.clone() * p.clone() / q(-3, 1)));
    let mut product = a.clone();
    product.add_product(&a, &b);
    sound("add_product", &product, &(p.clone() + p.clone() * r.clone()));
    let mut product = b.clone();
    product.sub_product(&a, &b);
    sound("sub_product", &product, &(r.clone() - p.clone() * r.clone()));
    sound("dot", &E::dot([(&a, &b), (&b, &a), (&a, &a)]), &(q(2, 1) * p.clone() * r.clone() + p.powi(2)));
    sound("abs", &a.abs(), &p.abs());
    assert!(a.abs().is_nonnegative());
    sound("max", &Enclosure::max(&a, &b), (&p).max(&r));
    sound("min", &Enclosure::min(&a, &b), if p < r { &p } else { &r });
    let hull = a.hull(&b);
    sound("hull", &hull, &p);
    sound("hull", &hull, &r);
    sound("to_interval", &a.to_interval(), &p);
    sound("lower bits", &E::from_interval(&a.to_interval(), 24), &p);
    sound("midpoint", &a, &both(&a.midpoint()).unwrap().0);
    assert_eq!(a.midpoint().ends().0, a.midpoint().ends().1);
    assert_eq!(a.is_positive(), a.ends().0.is_some_and(|l| l.sign() > 0));
    assert_eq!(a.is_nonnegative(), a.ends().0.is_some_and(|l| l.sign() >= 0));
    assert_eq!(a.is_negative(), a.ends().1.is_some_and(|h| h.sign() < 0));
    assert_eq!(a.is_bounded(), both(&a).is_some());
    // Containment is that of the exact ends.
    if let Some((l, h)) = both(&a) {
        let beyond = pow2(-2000);
        assert!(a.contains(&l) && a.contains(&h));
        assert!(!a.contains(&(l.clone() - beyond.clone())) && !a.contains(&(h.clone() + beyond)));
        assert_eq!(both(&a.lower_end()), Some((l.clone(), l.clone())));
        assert_eq!(both(&a.upper_end()), Some((h.clone(), h.clone())));
        let size = l.abs().max(h.abs());
        match a.exponent() {
            Some(k) => assert!(size < pow2(k) && size >= pow2(k - 1), "{a:?} has exponent {k}"),
            None => assert!(size.is_zero()),
        }
    }
    let between = E::between(&a, &b);
    match (a.ends().0, b.ends().1) {
        (Some(l), Some(h)) if l > h => assert_eq!(between.ends(), (None, None)),
        (l, h) => assert_eq!(between.ends(), (l, h)),
    }
    if let (Some(c), Some(d)) = (both(&a), both(&b)) {
        let (l, h) = corners(&c, &d, |s, t| s + t);
        tight("add", &(a.clone() + b.clone()), &l, &h, bits);
        let (l, h) = corners(&c, &d, |s, t| s - t);
        tight("sub", &(a.clone() - b.clone()), &l, &h, bits);
        let (l, h) = corners(&c, &d, |s, t| s * t);
        tight("mul", &(a.clone() * b.clone()), &l, &h, bits);
        assert_eq!((a.clone() * b.clone()).is_nonnegative(), l.sign() >= 0, "{a:?} * {b:?}");
        if !b.contains(&q(0, 1)) {
            let (l, h) = corners(&c, &d, |s, t| s / t);
            tight("div", &quotient, &l, &h, bits);
            assert_eq!(quotient.is_nonnegative(), l.sign() >= 0, "{a:?} / {b:?}");
        }
        let larger = c.1.clone().max(d.1.clone());
        assert_eq!(both(&Enclosure::max(&a, &b)), Some((c.0.clone().max(d.0.clone()), larger.clone())));
        assert_eq!(both(&hull), Some((c.0.min(d.0), larger)));
    }
}

fn powers<E: Kind>(x: &Argument, n: u32, bits: u32) {
    let (a, p) = x.draw::<E>(bits);
    let power = a.powi(n);
    sound("powi", &power, &p.powi(n));
    if n.is_multiple_of(2) {
        assert!(power.is_nonnegative(), "{a:?}^{n} = {power:?}");
    }
    if let Some((l, h)) = both(&a) {
        let (s, t) = (l.powi(n), h.powi(n));
        let (mut low, high) = if s < t { (s, t) } else { (t, s) };
        if n > 0 && n.is_multiple_of(2) && a.contains(&q(0, 1)) {
            low = q(0, 1);
        }
        // n roundings at most, each of one part; below the normal range only the first few bits are left.
        let slack = |v: &Rational| E::room(v, bits) * q(2 * i64::from(n) + 2, 1);
        let inside = |v: &Rational| v.abs() < pow2(1000);
        if inside(&low) && inside(&high) && (bits != 53 || high.abs() > pow2(-900)) {
            let (lo, hi) = both(&power).unwrap();
            assert!(
                lo >= low.clone() - slack(&low) - pow2(-1050) && hi <= high.clone() + slack(&high) + pow2(-1050),
                "{a:?}^{n} = {power:?}"
            );
        }
    }
}

/// Bracket of an increasing function at an exact rational, at four times the precision.
fn bracket(m: &Rational, bits: u32, f: impl Fn(&Float, Round) -> Float) -> (Rational, Rational) {
    // Wide enough for any double next to any other, so that an argument above a pole does not round onto it.
    let wide = 4 * bits + 2500;
    let at = |round| Float::with_val_round(wide, m.as_rug(), round).0;
    let to = |x: Float| Rational::from(x.to_rational().unwrap());
    (to(f(&at(Round::Down), Round::Down)), to(f(&at(Round::Up), Round::Up)))
}

/// The enclosure meets the bracket at the member, and is no wider than two roundings beyond the brackets at the ends.
fn against<E: Kind>(
    name: &str,
    e: &E,
    m: &Rational,
    ends: Option<&(Rational, Rational)>,
    bits: u32,
    f: &dyn Fn(&Float, Round) -> Float,
) {
    assert!(e.is_valid(), "{name}: {e:?} is not an enclosure");
    let (below, above) = bracket(m, bits, f);
    let (lo, hi) = e.ends();
    assert!(lo.as_ref().is_none_or(|l| *l <= above), "{name} at {m}: {e:?} is above {:e}", above.to_f64());
    assert!(hi.as_ref().is_none_or(|h| *h >= below), "{name} at {m}: {e:?} is below {:e}", below.to_f64());
    if let Some((l, h)) = ends {
        let (low, high) = (bracket(l, bits, f).0, bracket(h, bits, f).1);
        if high < pow2(1000) && low.abs() < pow2(1000) {
            let (two, tiny) = (q(2, 1), if bits == 53 { pow2(-1070) } else { q(0, 1) });
            assert!(
                lo.unwrap() >= low.clone() - two.clone() * E::room(&low, bits) - tiny.clone(),
                "{name}: {e:?} is wide"
            );
            assert!(hi.unwrap() <= high.clone() + two * E::room(&high, bits) + tiny, "{name}: {e:?} is wide");
        }
    }
}

fn elementary<E: Kind>(x: &Argument, num: i64, den: u32, bits: u32) {
    let (a, m) = x.draw::<E>(bits);
    let wide = 4 * bits + 64;
    let ends = both(&a);
    let small = |v: &Rational| v.abs() < q(700, 1);
    let with = |r: Round, f: &dyn Fn(Round) -> (Float, std::cmp::Ordering)| f(r).0;
    if small(&m) && ends.as_ref().is_none_or(|(l, h)| small(l) && small(h)) {
        against("exp", &a.exp(), &m, ends.as_ref(), bits, &|v, r| {
            with(r, &|r| Float::with_val_round(wide, v.exp_ref(), r))
        });
        against("exp_m1", &a.exp_m1(), &m, ends.as_ref(), bits, &|v, r| {
            with(r, &|r| Float::with_val_round(wide, v.exp_m1_ref(), r))
        });
    }
    assert!(a.exp().is_nonnegative() && a.exp().is_valid() && a.exp_m1().is_valid());
    let positive = ends.clone().filter(|(l, _)| l.sign() > 0);
    if m.sign() > 0 {
        against("ln", &a.ln(), &m, positive.as_ref(), bits, &|v, r| {
            with(r, &|r| Float::with_val_round(wide, v.ln_ref(), r))
        });
    } else if ends.as_ref().is_some_and(|(_, h)| h.sign() <= 0) {
        assert_eq!(a.ln().ends(), (None, None));
    }
    if m > q(-1, 1) {
        let inside = ends.clone().filter(|(l, _)| *l > q(-1, 1));
        against("ln_1p", &a.ln_1p(), &m, inside.as_ref(), bits, &|v, r| {
            with(r, &|r| Float::with_val_round(wide, v.ln_1p_ref(), r))
        });
    } else if ends.as_ref().is_some_and(|(_, h)| *h <= q(-1, 1)) {
        assert_eq!(a.ln_1p().ends(), (None, None));
    }
    if m.sign() >= 0 {
        let clipped = ends.clone().map(|(l, h)| if l.sign() < 0 { (q(0, 1), h) } else { (l, h) });
        against("sqrt", &a.sqrt(), &m, clipped.as_ref(), bits, &|v, r| {
            with(r, &|r| Float::with_val_round(wide, v.sqrt_ref(), r))
        });
        assert!(a.sqrt().is_nonnegative(), "{:?}", a.sqrt());
    } else if ends.as_ref().is_some_and(|(_, h)| h.sign() < 0) {
        assert_eq!(a.sqrt().ends(), (None, None));
        assert_eq!(a.pow_ratio(1, 3).ends(), (None, None));
    }
    // x^(num/den), increasing for num > 0 and decreasing for num < 0, where its reciprocal is checked.
    let power = a.pow_ratio(num, den);
    assert!(power.is_valid());
    if num == 0 {
        let one = (q(1, 1), q(1, 1));
        assert_eq!(both(&power), (!a.is_negative()).then_some(one));
    } else if m.sign() > 0 {
        // (x^n)^(1/d) through the exact rational power: no logarithm, unlike the arithmetic for large exponents.
        let n = num.unsigned_abs() as u32;
        let power_of = |v: &Rational| if num > 0 { v.powi(n) } else { q(1, 1) / v.powi(n) };
        let root = |v: &Float, r: Round| Float::with_val_round(wide, v.root_ref(den), r).0;
        let inside = positive
            .clone()
            .map(|(l, h)| if num > 0 { (power_of(&l), power_of(&h)) } else { (power_of(&h), power_of(&l)) });
        against("pow_ratio", &power, &power_of(&m), inside.as_ref(), bits, &root);
        assert!(power.is_nonnegative());
    } else if m.is_zero() && num > 0 {
        sound("pow_ratio at zero", &power, &q(0, 1));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn basic_operations(x in argument(), y in argument(), bits in bits()) {
        basic::<Interval>(&x, &y, 53);
        basic::<Big>(&x, &y, bits);
    }

    /// Ends whose significands agree or nearly agree: sums that cancel, products and quotients that are exact or just
    /// not.
    #[test]
    fn basic_operations_near_each_other(x in moderate(), n in -3i64..=3, k in -60i32..60) {
        let y = Argument { lo: x.lo * 2f64.powi(k) , hi: x.hi * 2f64.powi(k), at: x.at.clone() };
        let y = Argument { lo: (0..n.abs()).fold(y.lo, |v, _| v.next_down()), ..y };
        basic::<Interval>(&x, &y, 53);
    }

    #[test]
    fn mixed_precisions(x in argument(), y in argument(), s in bits(), t in bits()) {
        let ((a, p), (b, r)) = (x.draw::<Big>(s), y.draw::<Big>(t));
        let widest = a.bits().max(b.bits());
        let all = [
            ("add", a.clone() + b.clone(), p.clone() + r.clone()),
            ("sub", a.clone() - b.clone(), p.clone() - r.clone()),
            ("mul", a.clone() * b.clone(), p.clone() * r.clone()),
        ];
        for (name, e, truth) in &all {
            sound(name, e, truth);
            prop_assert!(e.ends() == (None, None) || e.bits() >= widest, "{} {:?}", name, e);
        }
        if !b.contains(&q(0, 1)) {
            sound("div", &(a.clone() / b.clone()), &(p.clone() / r.clone()));
        }
        sound("with_bits", &a.with_bits(t), &p);
        if t >= s {
            prop_assert_eq!(a.with_bits(t).ends(), a.ends());
        }
        let mut fused = a.clone();
        fused.add_product(&b, &a);
        fused.sub_product(&b, &b);
        sound("fused", &fused, &(p.clone() + r.clone() * p.clone() - r.clone() * r.clone()));
        if let (Some(c), Some(d)) = (both(&a), both(&b)) {
            for (name, e, f) in [("add", &all[0].1, 0), ("sub", &all[1].1, 1), ("mul", &all[2].1, 2)] {
                let (l, h) = corners(&c, &d, |s, t| match f { 0 => s + t, 1 => s - t, _ => s * t });
                // 54 stands for any precision but that of f64, whose range ends.
                tight(name, e, &l, &h, if widest == 53 { 54.min(widest) } else { widest });
            }
        }
    }

    #[test]
    fn integer_powers(x in moderate(), y in argument(), n in 0u32..14, small in 0u32..5, bits in bits()) {
        powers::<Interval>(&x, n, 53);
        powers::<Big>(&x, n, bits);
        powers::<Interval>(&y, small, 53);
        powers::<Big>(&y, small, bits);
    }

    #[test]
    fn scaling(x in argument(), k in -2500i32..2500) {
        let (a, p) = x.draw::<Interval>(53);
        sound("scale", &a.scale(k), &(p.clone() * pow2(k)));
        let (b, r) = x.draw::<Big>(100);
        sound("scale", &b.scale(k), &(r * pow2(k)));
        if let Some((l, h)) = both(&b) {
            prop_assert_eq!(both(&b.scale(k)), Some((l * pow2(k), h * pow2(k))));
        }
        let small = k % 20;
        if x.lo.abs() > 1e-290 && x.hi.abs() > 1e-290 && x.lo.abs() < 1e290 && x.hi.abs() < 1e290 {
            prop_assert_eq!((a.scale(small).lo(), a.scale(small).hi()), (x.lo * 2f64.powi(small), x.hi * 2f64.powi(small)));
        }
    }

    #[test]
    fn conversions(x in argument(), y in double(), v in any::<i64>(), n in any::<i64>(), d in 1i64.., k in -1200i32..1200, bits in bits()) {
        for v in [v, v >> 20] {
            let truth = q(v, 1);
            sound("from_i64", &Interval::from_i64(v), &truth);
            prop_assert_eq!(both(&Big::from_i64(v)), Some((truth.clone(), truth)));
        }
        let (a, p) = x.draw::<Big>(bits);
        sound("to_interval", &a.to_interval(), &p);
        if let Some((l, h)) = both(&a) {
            tight("to_interval", &a.to_interval(), &l, &h, 53);
        }
        let truth = q(n, d) * pow2(k);
        let (f, b) = (Interval::from_rational(&truth, 53), Big::from_rational(&truth, bits));
        sound("from_rational", &f, &truth);
        sound("from_rational", &b, &truth);
        tight("from_rational", &f, &truth, &truth, 53);
        tight("from_rational", &b, &truth, &truth, if bits == 53 { 52 } else { bits });
        sound("Big to f64", &b.to_interval(), &truth);
        // Nearest, and no neighbour is nearer.
        let nearest = truth.to_f64();
        if nearest.is_finite() {
            let distance = |x: f64| (exact(x) - truth.clone()).abs();
            for other in [nearest.next_up(), nearest.next_down()] {
                prop_assert!(!other.is_finite() || distance(nearest) <= distance(other));
            }
            prop_assert!(f.lo() <= nearest && nearest <= f.hi());
        }
        prop_assert_eq!(truth.compare_f64(y), truth.cmp(&exact(y)));
        prop_assert_eq!(exact(y).compare_f64(y), std::cmp::Ordering::Equal);
        prop_assert_eq!(truth.compare_f64(f64::INFINITY), std::cmp::Ordering::Less);
        prop_assert_eq!(truth.compare_f64(f64::NEG_INFINITY), std::cmp::Ordering::Greater);
        sound("from_f64", &Big::from_f64(y, bits), &exact(y));
        prop_assert_eq!(truth.to_string().parse::<Rational>(), Ok(truth.clone()));
        let i = Interval::make(x.lo, x.hi, 53);
        let text = serde_json::to_string(&i).unwrap();
        let back: Interval = serde_json::from_str(&text).unwrap();
        // The decimals lie outside, and so does what is read of them; two or three steps are lost at most.
        let (low, high) = decimals(&text);
        let steps = |x: f64, up: bool| (0..3).fold(x, |x, _| if up { x.next_up() } else { x.next_down() });
        if let Some(low) = low {
            prop_assert!(low.compare_f64(i.lo()).is_le() && low.compare_f64(steps(i.lo(), false)).is_gt(), "{}", text);
            prop_assert!(low.compare_f64(back.lo()).is_ge());
        }
        if let Some(high) = high {
            prop_assert!(high.compare_f64(i.hi()).is_ge() && high.compare_f64(steps(i.hi(), true)).is_lt(), "{}", text);
            prop_assert!(high.compare_f64(back.hi()).is_le());
        }
        prop_assert!(back.lo() <= i.lo() && back.hi() >= i.hi());
        let back: Big = serde_json::from_str(&serde_json::to_string(&a).unwrap()).unwrap();
        prop_assert_eq!((back.bits(), back), (a.bits(), a));
        let back: Rational = serde_json::from_str(&serde_json::to_string(&truth).unwrap()).unwrap();
        prop_assert_eq!(back, truth);
    }

    #[test]
    fn interval_queries(x in argument(), y in argument()) {
        let ((a, p), (b, _)) = (x.draw::<Interval>(53), y.draw::<Interval>(53));
        match a.intersection(&b) {
            Some(c) => prop_assert_eq!((c.lo(), c.hi()), (x.lo.max(y.lo), x.hi.min(y.hi))),
            None => prop_assert!(x.hi < y.lo || y.hi < x.lo),
        }
        prop_assert!(p.abs() <= exact(a.magnitude().min(f64::MAX)) || a.magnitude().is_infinite());
        prop_assert!(p.abs() >= exact(a.mignitude()));
        prop_assert!(a.lo() <= a.mid() && a.mid() <= a.hi() && a.mid().is_finite());
        if let Some((l, h)) = both(&a) {
            prop_assert!(a.width().is_infinite() || exact(a.width()) >= h - l);
            prop_assert!(x.lo == x.hi || a.width() > 0.0);
        }
        prop_assert_eq!(Interval::symmetric(x.lo).is_entire(), x.lo < 0.0 || x.lo.is_infinite());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 700, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn elementary_functions(x in moderate(), y in argument(), num in -12i64..=12, den in 1u32..=8, bits in bits()) {
        elementary::<Interval>(&x, num, den, 53);
        elementary::<Big>(&x, num, den, bits);
        elementary::<Interval>(&y, num, den, 53);
        elementary::<Big>(&y, num, den, bits);
    }
}

/// An expression over three leaves.
#[derive(Clone, Debug)]
enum Expression {
    Leaf(usize),
    Constant(i64, i64),
    Neg(Box<Expression>),
    Add(Box<Expression>, Box<Expression>),
    Sub(Box<Expression>, Box<Expression>),
    Mul(Box<Expression>, Box<Expression>),
    Div(Box<Expression>, Box<Expression>),
    Power(Box<Expression>, u32),
}

impl Expression {
    fn value<T: Field>(&self, leaves: &[T], bits: u32, divide: &dyn Fn(T, T) -> Option<T>) -> Option<T> {
        use Expression::*;
        let go = |e: &Expression| e.value(leaves, bits, divide);
        Some(match self {
            Leaf(i) => leaves[*i].clone(),
            Constant(n, d) => T::from_rational(&q(*n, *d), bits),
            Neg(a) => -go(a)?,
            Add(a, b) => go(a)? + go(b)?,
            Sub(a, b) => go(a)? - go(b)?,
            Mul(a, b) => go(a)? * go(b)?,
            Div(a, b) => divide(go(a)?, go(b)?)?,
            Power(a, n) => go(a)?.powi(*n),
        })
    }
    fn operations(&self) -> u32 {
        use Expression::*;
        match self {
            Leaf(_) | Constant(..) => 1,
            Neg(a) => a.operations(),
            Power(a, n) => 1 + n * a.operations(),
            Add(a, b) | Sub(a, b) | Mul(a, b) | Div(a, b) => 1 + a.operations() + b.operations(),
        }
    }
}

/// Sums, products, quotients and powers of positive numbers: nothing cancels.
fn positive_expression() -> impl Strategy<Value = Expression> {
    use Expression::*;
    let leaf =
        prop_oneof![3 => (0usize..3).prop_map(Leaf), 1 => (1i64..=5, 1i64..=7).prop_map(|(n, d)| Constant(n, d))];
    leaf.prop_recursive(5, 24, 2, |inner| {
        let pair = (inner.clone(), inner.clone());
        prop_oneof![
            pair.clone().prop_map(|(a, b)| Add(Box::new(a), Box::new(b))),
            pair.clone().prop_map(|(a, b)| Mul(Box::new(a), Box::new(b))),
            pair.prop_map(|(a, b)| Div(Box::new(a), Box::new(b))),
            (inner, 0u32..4).prop_map(|(a, n)| Power(Box::new(a), n)),
        ]
    })
}

fn expression() -> impl Strategy<Value = Expression> {
    use Expression::*;
    let leaf =
        prop_oneof![3 => (0usize..3).prop_map(Leaf), 1 => (-5i64..=5, 1i64..=7).prop_map(|(n, d)| Constant(n, d))];
    leaf.prop_recursive(5, 24, 2, |inner| {
        let pair = (inner.clone(), inner.clone());
        prop_oneof![
            inner.clone().prop_map(|a| Neg(Box::new(a))),
            pair.clone().prop_map(|(a, b)| Add(Box::new(a), Box::new(b))),
            pair.clone().prop_map(|(a, b)| Sub(Box::new(a), Box::new(b))),
            pair.clone().prop_map(|(a, b)| Mul(Box::new(a), Box::new(b))),
            pair.prop_map(|(a, b)| Div(Box::new(a), Box::new(b))),
            (inner, 0u32..4).prop_map(|(a, n)| Power(Box::new(a), n)),
        ]
    })
}

fn nested<E: Kind>(tree: &Expression, arguments: &[Argument], bits: u32) {
    let drawn: Vec<(E, Rational)> = arguments.iter().map(|a| a.draw(bits)).collect();
    let members: Vec<Rational> = drawn.iter().map(|d| d.1.clone()).collect();
    let sets: Vec<E> = drawn.iter().map(|d| d.0.clone()).collect();
    let Some(truth) = tree.value(&members, bits, &|a, b: Rational| (!b.is_zero()).then(|| a / b)) else { return };
    let e = tree.value(&sets, bits, &|a, b| Some(a / b)).unwrap();
    sound("expression", &e, &truth);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn expressions(tree in expression(), arguments in prop::collection::vec(moderate(), 3), bits in bits()) {
        nested::<Interval>(&tree, &arguments, 53);
        nested::<Big>(&tree, &arguments, bits);
    }

    /// Without cancellation the relative width grows by at most a few roundings per operation.
    #[test]
    fn expressions_stay_tight(tree in positive_expression(), leaves in prop::collection::vec(1i64..1000, 3), bits in bits()) {
        let members: Vec<Rational> = leaves.iter().map(|v| q(*v, 7)).collect();
        let truth = tree.value(&members, bits, &|a, b: Rational| Some(a / b)).unwrap();
        let operations = f64::from(tree.operations());
        let divide = |a, b| Some(a / b);
        let f = tree.value(&members.iter().map(|m| Interval::from_rational(m, 53)).collect::<Vec<_>>(), 53, &divide).unwrap();
        sound("expression", &f, &truth);
        prop_assert!(f.width() <= 4.0 * operations * 2f64.powi(-52) * truth.to_f64(), "{:?} {} operations", f, operations);
        let b = tree.value(&members.iter().map(|m| Big::from_rational(m, bits)).collect::<Vec<_>>(), bits, &|a: Big, b| Some(a / b)).unwrap();
        sound("expression", &b, &truth);
        prop_assert!(b.relative_width() <= 4.0 * operations * 2f64.powi(-(bits as i32)), "{:?}", b);
    }

    /// Products, transposes and differences of `nalgebra` over all the scalars.
    #[test]
    fn matrices(entries in prop::collection::vec((-50i64..=50, 1i64..=12), 24), bits in bits()) {
        let fill = |rows, columns, from: usize| DMatrix::from_fn(rows, columns, |i, j| { let (n, d) = entries[from + i * columns + j]; q(n, d) });
        let (a, b) = (fill(3, 4, 0), fill(4, 3, 12));
        let truth = &a * &b;
        let f = |m: &DMatrix<Rational>| m.map(|v| Interval::from_rational(&v, 53));
        let g = |m: &DMatrix<Rational>| m.map(|v| Big::from_rational(&v, bits));
        let (fs, gs) = (f(&a) * f(&b), g(&a) * g(&b));
        for ((t, e), big) in truth.iter().zip(fs.iter()).zip(gs.iter()) {
            sound("matrix product", e, t);
            sound("matrix product", big, t);
            // Four products of size at most 2500 and three sums, constants at 64 bits.
            prop_assert!(e.width() <= 16.0 * 2500.0 * 2f64.powi(-52) && big.hi() - big.lo() <= 16.0 * 2500.0 * 2f64.powi(-(bits.min(50) as i32)));
        }
        let difference = f(&a).transpose() - f(&b);
        for (t, e) in (a.transpose() - &b).iter().zip(difference.iter()) {
            sound("matrix difference", e, t);
        }
    }

    /// Integers: no rounding happens, so none may be added.
    #[test]
    fn exact_results_are_not_widened(a in -1000i64..1000, b in -1000i64..1000, k in -60i32..60, n in 0u32..5) {
        let scale = 2f64.powi(k);
        let (x, y) = (Interval::point(a as f64 * scale), Interval::point(b as f64 * scale));
        let (p, r) = (exact(a as f64 * scale), exact(b as f64 * scale));
        let is = |e: Interval, truth: Rational| both(&e) == Some((truth.clone(), truth));
        prop_assert!(is(x + y, p.clone() + r.clone()) && is(x - y, p.clone() - r.clone()) && is(x * y, p.clone() * r.clone()));
        prop_assert!(is(x.powi(n), p.powi(n)));
        prop_assert!(is((x * x).sqrt(), p.abs()));
        if b != 0 {
            prop_assert!(is((x * y) / y, p.clone()));
        }
        let (x, y) = (Big::from_i64(a), Big::from_i64(b));
        let is = |e: Big, truth: Rational| both(&e) == Some((truth.clone(), truth));
        prop_assert!(is(x.clone() + y.clone(), q(a + b, 1)) && is(x.clone() * y.clone(), q(a * b, 1)) && is(x.powi(n), q(a, 1).powi(n)));
        prop_assert!(is((x.clone() * x).sqrt(), q(a.abs(), 1)));
    }

    #[test]
    fn derivatives(c in prop::collection::vec((-9i64..=9, 1i64..=5), 1..6), x in (-9i64..=9, 1i64..=5), n in 0u32..5) {
        let c: Vec<Rational> = c.into_iter().map(|(n, d)| q(n, d)).collect();
        let x = q(x.0, x.1);
        let term = |k: usize, times: Rational, power: usize| times * c[k].clone() * x.powi(power as u32);
        let sum = |it: Vec<Rational>| it.into_iter().fold(q(0, 1), |s, v| s + v);
        let value = sum((0..c.len()).map(|k| term(k, q(1, 1), k)).collect());
        let first = sum((1..c.len()).map(|k| term(k, q(k as i64, 1), k - 1)).collect());
        let second = sum((2..c.len()).map(|k| term(k, q((k * (k - 1)) as i64, 1), k - 2)).collect());
        let inner = Dual::new(x.clone(), q(1, 1));
        let at = Dual::new(inner.clone(), Dual::constant(q(1, 1)));
        let p = c.iter().rev().fold(Dual::constant(Dual::constant(q(0, 1))), |s, v| s * at.clone() + Dual::constant(Dual::constant(v.clone())));
        prop_assert_eq!(&p.value.value, &value);
        prop_assert_eq!(&p.value.derivative, &first);
        prop_assert_eq!(&p.derivative.value, &first);
        prop_assert_eq!(&p.derivative.derivative, &second);
        let power = p.powi(n);
        let repeated = (0..n).fold(Dual::<Dual<Rational>>::one(), |s, _| s * p.clone());
        prop_assert_eq!(&power, &repeated);
        if !value.is_zero() {
            let reciprocal = Dual::one() / p.value.clone();
            prop_assert_eq!(reciprocal.derivative, -first / value.powi(2));
            prop_assert_eq!(p.clone() / p.clone(), Dual::one());
            let mut d = p.clone();
            d -= Dual::one();
            d *= p.clone();
            d += p.clone();
            d /= p.clone();
            prop_assert_eq!(d, p);
        }
    }
}

#[test]
fn nothing_passes_for_a_number() {
    let entire = Interval::ENTIRE;
    for (lo, hi) in [
        (f64::NAN, 1.0),
        (1.0, f64::NAN),
        (f64::NAN, f64::NAN),
        (2.0, 1.0),
        (f64::INFINITY, f64::INFINITY),
        (f64::NEG_INFINITY, f64::NEG_INFINITY),
        (f64::INFINITY, f64::NEG_INFINITY),
    ] {
        assert_eq!(Interval::new(lo, hi), entire);
    }
    for x in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        assert_eq!(Interval::point(x), entire);
        assert!(Big::from_f64(x, 100).is_entire());
        assert_eq!(Interval::from_point(&x), entire);
        assert!(Big::from_point(&Float::with_val(53, x)).is_entire());
    }
    assert_eq!(Interval::symmetric(f64::NAN), entire);
    fn check<E: Kind>() {
        let whole = E::make(f64::NEG_INFINITY, f64::INFINITY, 64);
        let is_whole = |e: E| assert!(e.is_valid() && e.ends() == (None, None), "{e:?}");
        let (zero, one) = (E::zero(), E::one());
        is_whole(zero.clone() / zero.clone());
        is_whole(one.clone() / zero.clone());
        is_whole(one.clone() / E::make(-1.0, 1.0, 64));
        assert_eq!((one.clone() / E::make(0.0, 1.0, 64)).ends(), (Some(q(1, 1)), None));
        assert_eq!((one.clone() / E::make(-1.0, 0.0, 64)).ends(), (None, Some(q(-1, 1))));
        is_whole(E::make(-1.0, 1.0, 64) / E::make(0.0, 1.0, 64));
        // An undefined value cannot be hidden by a zero factor.
        is_whole(zero.clone() * whole.clone());
        is_whole(whole.clone() * zero.clone());
        is_whole(whole.clone() - whole.clone());
        is_whole(zero.clone() / whole.clone());
        is_whole(whole.clone() / one.clone());
        let mut sum = one.clone();
        sum.add_product(&whole, &zero);
        is_whole(sum.clone());
        sum.sub_product(&zero, &one);
        is_whole(sum);
        is_whole((-one.clone()).sqrt());
        is_whole((-one.clone()).ln());
        is_whole(zero.ln());
        is_whole((-one.clone()).ln_1p());
        is_whole(one.pow_ratio(1, 0));
        is_whole(zero.pow_ratio(-1, 2));
        is_whole((-one.clone()).pow_ratio(1, 2));
        is_whole(E::between(&one, &zero));
        let half = E::make(0.0, f64::INFINITY, 64);
        assert_eq!((half.clone() * E::make(0.0, 1.0, 64)).ends(), (Some(q(0, 1)), None));
        assert_eq!((half.clone() * half.clone()).ends(), (Some(q(0, 1)), None));
        assert_eq!((zero.clone() * half.clone()).ends(), (Some(q(0, 1)), Some(q(0, 1))));
        assert_eq!(half.sqrt().ends(), (Some(q(0, 1)), None));
        assert!(
            !half.is_bounded()
                && !whole.is_bounded()
                && !whole.is_positive()
                && !whole.is_nonnegative()
                && !whole.is_negative()
        );
        assert_eq!(whole.powi(2).ends(), (Some(q(0, 1)), None));
        assert_eq!(whole.exp().ends(), (Some(q(0, 1)), None));
        assert_eq!(whole.exp_m1().ends(), (Some(q(-1, 1)), None));
        assert_eq!(whole.ln().ends(), (None, None));
        assert_eq!(E::make(0.0, 1.0, 64).ln().ends(), (None, Some(q(0, 1))));
        assert_eq!(E::make(-1.0, 0.0, 64).ln_1p().ends(), (None, Some(q(0, 1))));
        assert_eq!(zero.pow_ratio(1, 2).ends(), (Some(q(0, 1)), Some(q(0, 1))));
        assert_eq!(zero.pow_ratio(0, 2).ends(), (Some(q(1, 1)), Some(q(1, 1))));
        assert_eq!(E::make(0.0, 4.0, 64).pow_ratio(-1, 2).ends(), (Some(q(1, 2)), None));
        assert_eq!(E::make(-1.0, 4.0, 64).pow_ratio(-1, 2).ends(), (Some(q(1, 2)), None));
        assert_eq!(E::make(-1.0, 4.0, 64).pow_ratio(3, 2).ends(), (Some(q(0, 1)), Some(q(8, 1))));
        assert_eq!(E::make(4.0, 9.0, 64).pow_ratio(-4, 8).ends().1, Some(q(1, 2)));
        assert_eq!(E::make(4.0, 9.0, 64).pow_ratio(4, 2).ends(), (Some(q(16, 1)), Some(q(81, 1))));
        // Exponents beyond any power that can be formed.
        let huge = E::make(1.5, 2.0, 64).pow_ratio(i64::MAX, 1);
        assert!(huge.is_positive() && huge.ends().1.is_none());
        let vanishing = E::make(0.25, 0.5, 64).pow_ratio(i64::MAX, 2);
        assert!(vanishing.is_valid() && vanishing.is_nonnegative() && vanishing.hi() < 1e-300);
        let reciprocal = E::make(2.0, 2.0, 64).pow_ratio(i64::MIN, 3);
        assert!(reciprocal.is_valid() && reciprocal.hi() < 1e-300);
        // One over a prime: the paper's 2 - 2/L at a depth where the exact power is too large.
        let root = E::make(3.0, 3.0, 64).pow_ratio(200_000, 100_003);
        let truth = 3f64.powf(200_000.0 / 100_003.0);
        assert!((root.lo() - truth).abs() < 1e-13 && root.hi() - root.lo() < 1e-14 && root.hi() > root.lo());
    }
    check::<Interval>();
    check::<Big>();
}

#[test]
fn ends_of_the_range() {
    let max = Interval::point(f64::MAX);
    for e in [max + max, max * max, max / Interval::point(0.5), max.exp(), max.powi(3), max.powi(20)] {
        assert_eq!((e.lo(), e.hi()), (f64::MAX, f64::INFINITY), "{e:?}");
    }
    let e = -max - max;
    assert_eq!((e.lo(), e.hi()), (f64::NEG_INFINITY, f64::MIN));
    let tiny = Interval::point(f64::from_bits(1));
    for e in [tiny * tiny, tiny / Interval::point(3.0), (-max).exp(), tiny.powi(11)] {
        assert_eq!((e.lo(), e.hi()), (0.0, f64::from_bits(1)), "{e:?}");
    }
    assert_eq!(((tiny * -tiny).lo(), (tiny * -tiny).hi()), (-f64::from_bits(1), 0.0));
    let beyond = Big::from_rational(&pow2(5000), 100);
    assert_eq!((beyond.lo(), beyond.hi()), (f64::MAX, f64::INFINITY));
    assert!(beyond.is_bounded() && beyond.is_positive() && beyond.exponent() == Some(5001));
    assert_eq!(((-beyond.clone()).lo(), (-beyond).hi()), (f64::NEG_INFINITY, f64::MIN));
    let below = Big::from_rational(&-pow2(-5000), 100);
    assert_eq!((below.lo(), below.hi()), (-f64::from_bits(1), 0.0));
    assert!(below.is_negative());
    // A first operand at the end of the range makes the two-sum overflow inside.
    for (a, b) in [(f64::MIN, 2f64.powi(970)), (f64::MAX, -2f64.powi(969)), (f64::MIN, 1.0), (f64::MAX, -1.0)] {
        let truth = exact(a) + exact(b);
        sound("sum at the end", &(Interval::point(a) + Interval::point(b)), &truth);
        sound("sum at the end", &(Interval::point(b) + Interval::point(a)), &truth);
    }
    // A product of 53 bits just below the least normal number rounds up to it, and quotients and roots near there.
    let (a, b) = (Interval::point((1u64 << 53) as f64 - 1.0).scale(-500), Interval::point(2f64.powi(-575)));
    sound("product below the normal range", &(a * b), &((pow2(53) - q(1, 1)) * pow2(-1075)));
    let (a, b) = (Interval::point(f64::MIN_POSITIVE), Interval::point(2f64.powi(-53) - 2f64.powi(-106)));
    sound("quotient", &(a / b), &(pow2(-1022) / (pow2(-53) - pow2(-106))));
    // Above half of the least double: rounding first to 53 bits would make a tie, and zero of it.
    assert_eq!((pow2(-1075) + pow2(-1140)).to_f64(), f64::from_bits(1));
    // MPFR's own ends.
    let huge = Big::from_i64(2).powi(u32::MAX);
    assert!(huge.is_positive() && huge.is_valid());
    let e = huge.powi(1000);
    assert!(e.is_valid() && e.is_positive() && e.upper().is_infinite() && e.lower().is_finite());
    assert!((-e.clone()).exp().is_nonnegative() && e.exp().is_valid() && (e.clone() - e).is_valid());
}

#[test]
fn precision_of_derived_constants() {
    // Small constants are exact at 64 bits, and an exponent such as 2 - 2/L made of them must not lower the precision.
    let bits = 512;
    let x = Big::from_rational(&q(10, 7), bits);
    assert!(x.pow_ratio(18, 10).relative_width() < 1e-150);
    assert!(x.pow_ratio(-18, 10).relative_width() < 1e-150);
    assert!(x.pow_ratio(200_000, 100_003).relative_width() < 1e-145);
    assert!(rational_power::<Big>(&q(10, 7), 18, 10, bits).relative_width() < 1e-150);
    assert_eq!(both(&rational_power::<Big>(&q(9, 4), 3, 2, bits)), Some((q(27, 8), q(27, 8))));
    assert_eq!(both(&rational_power::<Interval>(&q(0, 1), 3, 2, bits)), Some((q(0, 1), q(0, 1))));
    assert_eq!(both(&rational_power::<Interval>(&q(0, 1), 0, 1, bits)), Some((q(1, 1), q(1, 1))));
    let y = x.clone() * Big::from_i64(3) / Big::from_i64(7) + Big::one();
    assert!(y.bits() == bits && y.relative_width() < 1e-150);
    // Relative width is an upper bound, also where the magnitude rounds.
    assert_eq!(Big::from_interval(&Interval::new(1.0, f64::INFINITY), 60).relative_width(), f64::INFINITY);
    for k in 1..200 {
        let e = Big::from_rational(&q(1, 2 * k + 1), 100);
        let (l, h) = both(&e).unwrap();
        assert!(exact(e.relative_width()) >= (h.clone() - l) / h, "{k}");
    }
    let near_zero = Big::from_f64(2f64.powi(-200), 200);
    assert!(near_zero.exp_m1().relative_width() < 1e-55 && near_zero.ln_1p().relative_width() < 1e-55);
}

#[test]
fn text_and_bad_numbers() {
    for (text, value) in [
        ("3", q(3, 1)),
        ("-3/4", q(-3, 4)),
        ("0.1", q(1, 10)),
        ("-1.5e-3", q(-3, 2000)),
        ("+2E2", q(200, 1)),
        (".5", q(1, 2)),
    ] {
        assert_eq!(text.parse::<Rational>(), Ok(value));
    }
    for text in ["", ".", "1/0", "nan", "inf", "1e99999", "0x10", "1.2.3", "--1", "1 2", "e5", "1/2/3"] {
        assert!(text.parse::<Rational>().is_err(), "{text}");
    }
    for x in [f64::NAN, f64::INFINITY] {
        assert_eq!(Rational::from_f64(x), None);
    }
    assert_eq!(q(9, 16).exact_sqrt(), Some(q(3, 4)));
    assert_eq!((q(8, 27).exact_root(3), q(-8, 1).exact_root(1)), (Some(q(2, 3)), Some(q(-8, 1))));
    assert_eq!((q(9, 27).exact_root(3), q(-8, 1).exact_root(3), q(1, 1).exact_root(0)), (None, None, None));
    assert_eq!((q(2, 1).exact_sqrt(), q(-4, 1).exact_sqrt(), q(4, 3).exact_sqrt()), (None, None, None));
    assert!(serde_json::from_str::<Big>(r#"{"bits":4000000000,"lo":"1","hi":"1"}"#).is_err());
    assert!(serde_json::from_str::<Big>(r#"{"bits":64,"lo":"2","hi":"1"}"#).is_err());
    for bad in [r#"{"lo":2.0,"hi":1.0}"#, r#"{"lo":2,"hi":1}"#, r#"{"lo":"1","hi":2}"#] {
        let e = serde_json::from_str::<Interval>(bad).unwrap_err().to_string();
        assert!(!e.contains('\n'), "{e}");
    }
    let read = |text: &str| serde_json::from_str::<Interval>(text).unwrap();
    assert_eq!(read(r#"{"lo":null,"hi":null}"#), Interval::ENTIRE);
    assert_eq!(read(r#"{"lo":-1,"hi":3}"#), Interval::new(-1.0, 3.0));
    // 0.3 is below the double nearest to it, 0.1 above: read as decimals, neither lies inside of a point.
    let third = read(r#"{"lo":0.1,"hi":0.3}"#);
    assert!(third.contains(&q(1, 10)) && third.contains(&q(3, 10)));
    let written = |x: f64| serde_json::to_string(&Interval::point(x)).unwrap();
    assert_eq!(written(0.5), r#"{"lo":0.5,"hi":0.5}"#);
    assert_eq!(written(0.1), r#"{"lo":0.1,"hi":0.10000000000000002}"#);
    assert_eq!(written(0.3), r#"{"lo":0.29999999999999993,"hi":0.3}"#);
    assert_eq!(serde_json::to_string(&Interval::new(-0.0, f64::INFINITY)).unwrap(), r#"{"lo":0.0,"hi":null}"#);
}

#[test]
fn companions_round_to_nearest() {
    fn check<P: Nearest>() {
        let of = |x: f64| P::from_f64(x, 80);
        let mut x = of(3.0);
        x.mul(&of(4.0));
        x.add(&of(4.0));
        x.root();
        assert_eq!(x.to_f64(), 4.0);
        x.sub(&of(7.0));
        x.positive();
        x.div(&of(2.0));
        x.add_product(&of(2.0), &of(5.0));
        x.sub_product(&of(3.0), &of(0.5));
        x.scale(-3);
        assert_eq!((x.to_f64(), x.is_usable(), x.zero_like().to_f64()), (1.25, true, 0.0));
        let mut bad = of(-1.0);
        bad.root();
        assert!(!bad.is_usable());
    }
    check::<f64>();
    check::<Float>();
    assert_eq!(f64::pow_ratio(&4.0, 3, 2), 8.0);
    assert!(f64::pow_ratio(&4.0, 3, 0).is_nan());
    assert_eq!(f64::pow_ratio(&0.0, 0, 1), 1.0);
    assert_eq!((Real::exp_m1(&0.0f64), Real::ln_1p(&0.0f64)), (0.0, 0.0));
}

#[test]
fn a_short_rational_in_an_enclosure_is_guessed() {
    let q = Rational::new;
    assert_eq!(Rational::simplest(&q(1, 3), &q(1, 2)), q(1, 2));
    assert_eq!(Rational::simplest(&q(31, 10), &q(32, 10)), q(16, 5));
    assert_eq!(Rational::simplest(&q(5, 2), &q(7, 2)), q(3, 1));
    assert_eq!(Rational::simplest(&q(22, 7), &q(22, 7)), q(22, 7));
    let third = Big::from_rational(&q(1, 3), 128);
    assert_eq!(third.guess(), Some(q(1, 3)));
    // No short one: a square root; nor where zero may lie, or beyond every bound.
    assert_eq!(Big::from_rational(&q(2, 1), 128).sqrt().guess(), None);
    assert_eq!((third.clone() - third).guess(), None);
    assert_eq!((Big::one() / Big::zero()).guess(), None);
}

#[test]
fn disjoint_enclosures_of_one_number_are_a_bug_that_is_reported() {
    let (one, two) = (Interval::new(0.0, 1.0), Interval::new(0.5, 2.0));
    assert_eq!(one.meet(&two).unwrap(), Interval::new(0.5, 1.0));
    let error = one.meet(&Interval::new(2.0, 3.0)).unwrap_err();
    assert!(error.to_string().contains("disjoint enclosures of one number"), "{error}");
}

mod taylor {
    use flatcert::arithmetic::{Enclosure, Interval, Rational, Ring, TaylorModel};
    use proptest::prelude::*;

    fn value(c: &[i32], tau: &Rational) -> Rational {
        c.iter().rev().fold(Rational::from(0), |s, v| s * tau.clone() + Rational::new(i64::from(*v), 16))
    }

    fn model(c: &[i32], degree: usize) -> TaylorModel {
        TaylorModel::polynomial(c.iter().map(|v| f64::from(*v) / 16.0), degree)
    }

    /// The model's enclosure of its function at tau.
    fn at(m: &TaylorModel, tau: &Rational) -> Interval {
        let t = <Interval as flatcert::arithmetic::Field>::from_rational(tau, 53);
        let mut sum = Interval::symmetric(m.remainder());
        for k in (0..m.len()).rev() {
            let mut power = Interval::from_i64(1);
            for _ in 0..k {
                power *= t;
            }
            sum += Interval::point(m.coefficient(k)) * power;
        }
        sum
    }

    /// The value of a polynomial with these doubles as coefficients.
    fn exact(c: &[f64], tau: &Rational) -> Rational {
        c.iter().rev().fold(Rational::from(0), |s, v| s * tau.clone() + Rational::from_f64(*v).unwrap())
    }

    #[test]
    fn products_that_underflow_are_enclosed() {
        // No product is above half of the smallest double, their sum is many times that.
        let tiny = TaylorModel::polynomial([1e-162; 6], 10);
        let (square, one) = (tiny.clone() * tiny, Rational::from(1));
        let value = exact(&[1e-162; 6], &one);
        assert!(at(&square, &one).contains(&(&value * &value)), "{square:?}");
    }

    #[test]
    fn sums_that_are_rounded_are_enclosed() {
        let (a, b) = ([1.0, 0.5, 3.0], [1e-18, -1e-18]);
        let model = |c: &[f64]| TaylorModel::polynomial(c.iter().copied(), 10);
        for sign in [1.0, -1.0] {
            let found = if sign > 0.0 { model(&a) + model(&b) } else { model(&a) - model(&b) };
            let kept: Vec<f64> = (0..found.len()).map(|k| found.coefficient(k)).collect();
            assert_eq!(kept, a, "what is added is below half a unit in the last place");
            // Nothing is rounded here.
            for tau in [Rational::from(1), Rational::from(-1), Rational::new(1, 3)] {
                let lost = exact(&b, &tau) * Rational::from_f64(sign).unwrap();
                assert_eq!(exact(&a, &tau), exact(&kept, &tau));
                assert!(lost.abs() <= Rational::from_f64(found.remainder()).unwrap(), "{found:?} at {tau}");
            }
        }
    }

    proptest! {
        /// Sums, differences and products of polynomials lie in the models' results at every tau, whatever is cut off.
        #[test]
        fn models_enclose(
            a in prop::collection::vec(-40_i32..40, 1..7), b in prop::collection::vec(-40_i32..40, 1..7),
            c in prop::collection::vec(-40_i32..40, 1..4), degree in 0_usize..6, n in -16_i64..=16,
        ) {
            let tau = Rational::new(n, 16);
            let (x, y, z) = (model(&a, degree), model(&b, degree), model(&c, degree));
            let exact = (value(&a, &tau) * value(&b, &tau) - value(&c, &tau)) * value(&a, &tau);
            let found = (x.clone() * y - z) * x;
            prop_assert!(at(&found, &tau).contains(&exact));
            prop_assert!(found.range().contains(&exact));
            let widened = found.widened(0.5);
            prop_assert!(widened.range().contains(&(exact.clone() + Rational::new(1, 2))));
        }

        /// The same where products and sums are rounded, at any scale, and coefficients have a width.
        #[test]
        fn rounded_models_enclose(
            a in prop::collection::vec(-9.0_f64..9.0, 2..7), b in prop::collection::vec(-9.0_f64..9.0, 2..7),
            degree in 1_usize..12, n in -16_i64..=16, scale in prop_oneof![Just(1.0), Just(1e-160), Just(1e-322)],
            width in prop_oneof![Just(0.0), Just(0.25)], end in prop::bool::ANY,
        ) {
            let tau = Rational::new(n, 16);
            let scaled: Vec<f64> = a.iter().map(|v| v * scale).collect();
            let ends: Vec<f64> = b.iter().map(|v| if end { v + width } else { *v }).collect();
            let x = TaylorModel::polynomial(scaled.iter().copied(), degree);
            let wide: Vec<Interval> = b.iter().map(|v| Interval::new(*v, v + width)).collect();
            let y = TaylorModel::new(&wide, degree);
            let found = x.clone() * y.clone() * (x * y);
            let value = exact(&scaled, &tau) * exact(&ends, &tau);
            let value = &value * &value;
            prop_assert!(at(&found, &tau).contains(&value));
            prop_assert!(found.range().is_bounded());
        }
    }
}

/// 2^50 + 1/4 has two shortest decimals, equally near: one of them lies inside.
#[test]
fn ends_halfway_between_two_shortest_decimals_are_written_outward() {
    let x = 2f64.powi(50) + 0.25;
    for i in [Interval::new(1.0, x), Interval::new(-x, 1.0)] {
        let text = serde_json::to_string(&i).unwrap();
        let (low, high) = decimals(&text);
        assert!(low.unwrap().compare_f64(i.lo()).is_le() && high.unwrap().compare_f64(i.hi()).is_ge(), "{text}");
    }
}
