//! Decimals as text tables hold them: a whole number times a power of ten, exactly, beside the nearest double.
//!
//! `x = m 10^e` with `m < 2^64` covers every number of up to 19 digits, so all that NumPy, pandas, R and C write by
//! default; `m < 2^96` all of up to 28 digits. With `m < 2^64`,
//! `e = -k` and the nearest double `h = f 2^g` (f, g integers, `|f| < 2^53`), the difference is a quotient of integers,
//!
//! `x - h = (m 2^s - f 5^k) / (2^s 10^k)`, `s = -(g + k)`,
//!
//! whose numerator fits in 128 bits where `k <= 27`: exact, and no rational is ever formed.
//!
//! The identity follows from `m 10^-k = m / (2^k 5^k)` and `f 2^g = f 5^k 2^(g + k) / (2^k 5^k)`, both multiplied by
//! `2^s`: with `s >= 0` it is the line above, and with `s < 0` the factor `2^-s` goes to f in place of m. For
//! `k <= 27` x is in the range of normal doubles and h is the one nearest to it, so `|x - h| <= 2^-53 |x|`: both
//! terms of the numerator have the size of the larger one, and the difference is smaller than either by a factor of
//! about 2^52.
//!
//! Why not a rational for each entry: a table of a million rows would take some 60 bytes for each number and an
//! allocation each, while nearly every entry has at most 19 digits. Why not the nearest double alone: the moments
//! `X^T X` and `X^T y` are to be those of the decimals that the file shows, and `0.1` is no double.
//!
//! The way of a field: `parse` (text to a `Number`, the only place that decides what is a number), `Decimals::push`
//! in `values` (struct of arrays), then `Decimal::remainder` or `Decimal::to_rational` on demand.

use crate::arithmetic::Rational;

/// Digits that always fit in 64 bits.
const DIGITS: u32 = 19;

/// 5^27 < 2^63 is the largest power of five that a word holds.
const LARGEST_FIVE: i32 = 27;

/// Largest k for which 10^k is a double.
const LARGEST_TEN: i32 = 22;

/// The whole powers of ten that are doubles: `10^k = 2^k 5^k`, and 5^22 < 2^53.
const TENS: [f64; LARGEST_TEN as usize + 1] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
    1e21, 1e22,
];

/// Decimal exponents beyond this are refused: no double is that large or small, and `1e999999999` would take all
/// memory.
const LARGEST_EXPONENT: i64 = 400;

/// `(-1)^negative mantissa 10^exponent`, and the double nearest to it.
///
/// Invariants, which `parse` and `Decimal::whole` keep and `remainder` relies on: `nearest` is finite and rounded to
/// nearest from the number itself; it has the sign of the number, and is +0.0 for a zero, whatever its sign was.
/// `Decimals::lower` makes one again from the arrays of a table; of a number of more than 64 bits it holds only the
/// lower ones, and then only `to_rational` with the upper ones gives the number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Decimal {
    /// The double nearest to the number, with its sign.
    pub(super) nearest: f64,
    /// m, whose lower 64 bits these are where the number is a `Number::Wide`.
    pub(super) mantissa: u64,
    /// e. Between -428 and 399, as `parse` bounds the place of the first digit by `LARGEST_EXPONENT`.
    pub(super) exponent: i16,
    /// Whether the number is written with a minus sign.
    pub(super) negative: bool,
}

/// A field of a table.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Number {
    /// Up to 19 digits.
    Short(Decimal),
    /// Up to 28 digits: the lower 64 bits of the mantissa, in place of it, and the 32 above them.
    Wide(Decimal, u32),
    /// More of them.
    Long(Rational),
}

/// Why a field is no number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// Nothing between the separators.
    Empty,
    /// A word for a missing value, or an infinity.
    NotFinite,
    /// Its decimal exponent is beyond those of doubles.
    Range,
    /// It has digits beyond the 5000th decimal place, as far as `Rational` reads.
    Long,
    /// Anything else.
    Word,
}

impl Decimal {
    /// The whole number `v`, of which the nearest double is that of the conversion `as`, which rounds to nearest.
    ///
    /// `None` where `|v| >= 2^64`. The callers pass integers of at most 64 bits.
    pub(super) fn whole(v: i128) -> Option<Self> {
        let mantissa = u64::try_from(v.unsigned_abs()).ok()?;
        Some(Self { nearest: v as f64, mantissa, exponent: 0, negative: v < 0 })
    }

    /// `l`, where `x = nearest + l` up to `|x - nearest - l| <= 2^-50 |l| + 2^-1074`; it is zero if and only if x is
    /// a double.
    ///
    /// Hypothesis: `mantissa` is the whole of m (the callers filter numbers of more bits).
    ///
    /// For `0 <= e <= 19` and for `-27 <= e <= -1` the difference is formed in integers of 128 bits and is exact
    /// before it is rounded; where such an integer would not fit, and for all other exponents, it is formed in
    /// rationals and rounded once. The term 2^-1074 is there for differences below the range of doubles, which
    /// `rounded` keeps from zero by the smallest double. A difference of integers is zero exactly if x is a double,
    /// and no rounding of a nonzero one underflows: on the quick way it is at least 2^-142 10^-27.
    ///
    /// Cost: some integer operations; on the slow way an exact rational with a power of ten of `|e|` digits.
    pub(super) fn remainder(&self) -> f64 {
        let remainder = match self.exponent {
            0..=19 => self.whole_remainder(),
            -27..=-1 => self.fraction_remainder(),
            _ => None,
        };
        let magnitude = remainder.unwrap_or_else(|| {
            let nearest = Rational::from_f64(self.nearest.abs()).unwrap_or_else(|| Rational::from(0));
            rounded(&(self.magnitude() - nearest))
        });
        if self.negative { -magnitude } else { magnitude }
    }

    /// `m 10^e < 2^128` for m < 2^64 and e <= 19, and so is the double nearest to it, a whole number then.
    ///
    /// The difference of two integers is exact, and the conversion to a double rounds it once, by at most 2^-53 of
    /// it. `None` where an integer does not fit or the nearest double is 2^127 or more: the caller takes rationals
    /// then.
    fn whole_remainder(&self) -> Option<f64> {
        let exact = u128::from(self.mantissa).checked_mul(10u128.checked_pow(u32::try_from(self.exponent).ok()?)?)?;
        // A double of 2^128 would saturate.
        let nearest = Some(self.nearest.abs()).filter(|&h| h < 2f64.powi(127))? as u128;
        let difference = exact.abs_diff(nearest) as f64;
        Some(if exact >= nearest { difference } else { -difference })
    }

    /// The quotient of the module's documentation, rounded three times.
    ///
    /// The numerator is an integer of at most 117 bits and is exact. Its conversion to a double, the power of ten for
    /// k above 22, and the division round; the product with `2^-s` does not, since `s <= 142` and the result is a
    /// normal double. Powers of ten above `10^22` come from `powi`, which by repeated squaring is a product of two
    /// doubles that are exact (`10^16` and `10^(k - 16)`), so they too are rounded once. Three relative errors of
    /// 2^-53 stay below the 2^-50 of `remainder`, which has room for four more, should another library multiply in
    /// another order.
    ///
    /// Zero where m is zero. `None` where the shift would lose bits, so that the caller takes rationals.
    fn fraction_remainder(&self) -> Option<f64> {
        let k = -i32::from(self.exponent);
        if k > LARGEST_FIVE || self.mantissa == 0 || self.nearest == 0.0 {
            return (self.mantissa == 0).then_some(0.0);
        }
        let bits = self.nearest.abs().to_bits();
        // Normal: x >= 10^-27.
        let (f, g) = ((bits & ((1 << 52) - 1)) | (1 << 52), (bits >> 52) as i32 - 1075);
        let fives = u128::from(f) * u128::from(5u64.pow(k as u32));
        let s = -(g + k);
        // m and f 5^k 2^-s differ by less than one part in 2^52, so that either shift stays below 2^117.
        let (exact, nearest) = match u32::try_from(s) {
            Ok(s) => (shift(u128::from(self.mantissa), s)?, fives),
            Err(_) => (u128::from(self.mantissa), shift(fives, s.unsigned_abs())?),
        };
        let difference = i128::try_from(exact).ok()? - i128::try_from(nearest).ok()?;
        let ten = if k <= LARGEST_TEN { TENS[k as usize] } else { 10f64.powi(k) };
        Some(difference as f64 * 2f64.powi(-s.max(0)) / ten)
    }

    /// `|x|`, where m has no more than 64 bits.
    fn magnitude(&self) -> Rational {
        self.magnitude_under(0)
    }

    /// `|x| = (high 2^64 + mantissa) 10^exponent`, exactly. Cost: a power of ten of `|exponent|` digits.
    fn magnitude_under(&self, high: u32) -> Rational {
        let m = rug::Integer::from(u128::from(high) << 64 | u128::from(self.mantissa));
        let ten = rug::Integer::from(10);
        let power = |e: i16| rug::Integer::from(rug::ops::Pow::pow(&ten, u32::from(e.unsigned_abs())));
        Rational::from(match self.exponent {
            e if e < 0 => rug::Rational::from((m, power(e))),
            e => rug::Rational::from(m * power(e)),
        })
    }

    /// The number itself, where `high` are the bits of the mantissa above 64.
    ///
    /// See also `Values::rational`, which calls it on demand: no table keeps rationals of such numbers.
    pub(super) fn to_rational(self, high: u32) -> Rational {
        let magnitude = self.magnitude_under(high);
        if self.negative { -magnitude } else { magnitude }
    }
}

/// The double nearest to `q`, but never zero for a `q` that is not: the smallest double with the sign of q then. So a
/// remainder of zero says that nothing remains.
pub(super) fn rounded(q: &Rational) -> f64 {
    match q.to_f64() {
        v if v != 0.0 => v,
        _ => f64::from(q.sign()) * f64::from_bits(1),
    }
}

/// `v 2^s`, if no bit is lost.
fn shift(v: u128, s: u32) -> Option<u128> {
    (s <= v.leading_zeros()).then(|| v << s)
}

/// Reads `12`, `-3.5`, `.5`, `7.`, `1e-3`; with `comma` in place of the point if `comma` is asked for.
///
/// Blanks around the field are gone already. There is one sign at most, one mark at most, at least one digit before
/// or behind it, and an exponent of e or E with digits. Separators of thousands, hexadecimal numbers, and `inf` or
/// `nan` are refused. A minus sign before a zero is kept as such and changes nothing.
///
/// One pass collects the first 19 digits from the first that is not zero, and counts in the exponent what lies behind
/// them. Zeros behind those digits do not make a number long. The nearest double is `quick`'s where two doubles make
/// it, else that of the standard library's parser, which rounds correctly; digits beyond the 19th are seen by the
/// latter, since it reads the whole field.
///
/// # Errors
/// `Fault::Range`: a written exponent beyond 400, a first digit farther than 400 places from the decimal mark (for a
/// zero only the former counts), or a number that rounds to an infinity. `Fault::Long`: one of more than 28 digits
/// that reach beyond the 5000th decimal place. `Fault::Empty`, `Fault::NotFinite` and `Fault::Word` as `word` tells
/// them apart.
pub(super) fn parse(field: &[u8], comma: bool) -> Result<Number, Fault> {
    let point = if comma { b',' } else { b'.' };
    let (negative, digits) = match field.first() {
        Some(b'-') => (true, &field[1..]),
        Some(b'+') => (false, &field[1..]),
        _ => (false, field),
    };
    let (mut mantissa, mut used, mut exponent) = (0u64, 0u32, 0i64);
    // Digits seen at all, digits after the point, and digits that did not fit and are not zero.
    let (mut seen, mut fraction, mut long) = (false, false, false);
    let mut at = 0;
    while at < digits.len() {
        let byte = digits[at];
        if byte.is_ascii_digit() {
            seen = true;
            if used < DIGITS {
                mantissa = mantissa * 10 + u64::from(byte - b'0');
                used += u32::from(mantissa != 0);
                exponent -= i64::from(fraction);
            } else {
                long |= byte != b'0';
                exponent += i64::from(!fraction);
            }
        } else if byte == point && !fraction {
            fraction = true;
        } else {
            break;
        }
        at += 1;
    }
    if !seen {
        return Err(word(field));
    }
    let written = match digits.get(at) {
        None => 0,
        Some(b'e' | b'E') => power(&digits[at + 1..]).ok_or(Fault::Word)?,
        Some(_) => return Err(word(field)),
    };
    if written.abs() > LARGEST_EXPONENT {
        return Err(Fault::Range);
    }
    exponent += written;
    if mantissa == 0 {
        return Ok(Number::Short(Decimal { nearest: 0.0, mantissa, exponent: 0, negative }));
    }
    // The position of the first digit decides the size.
    if (exponent + i64::from(used)).abs() > LARGEST_EXPONENT {
        return Err(Fault::Range);
    }
    let text = || std::str::from_utf8(field).map_err(|_| Fault::Word);
    let pointed = || text().map(|t| if comma { t.replace(',', ".") } else { t.to_string() });
    let nearest = match quick(mantissa, exponent).filter(|_| !long) {
        Some(v) => v,
        None if comma => pointed()?.parse::<f64>().map_err(|_| Fault::Word)?.abs(),
        None => text()?.parse::<f64>().map_err(|_| Fault::Word)?.abs(),
    };
    if nearest.is_infinite() {
        return Err(Fault::Range);
    }
    let nearest = if negative { -nearest } else { nearest };
    let of = |mantissa, exponent| {
        let exponent = i16::try_from(exponent).map_err(|_| Fault::Range)?;
        Ok(Decimal { nearest, mantissa, exponent, negative })
    };
    if !long {
        return of(mantissa, exponent).map(Number::Short);
    }
    match wide(&digits[..at]) {
        // The lower and the upper bits of the mantissa.
        Some((m, power)) => Ok(Number::Wide(of(m as u64, written + power)?, (m >> 64) as u32)),
        None => pointed()?.parse().map(Number::Long).map_err(|_| Fault::Long),
    }
}

/// Digits, and a mark among them, as a whole number below 10^28 and a power of ten; `None` if there are more, or all
/// are zero. Zeros at the end are cut off before the digits are counted. Since `10^28 < 2^96`, what lies above 64
/// bits fits into 32.
fn wide(digits: &[u8]) -> Option<(u128, i64)> {
    let whole = digits.iter().take_while(|d| d.is_ascii_digit()).count();
    let end = digits.iter().rposition(|d| (b'1'..=b'9').contains(d))? + 1;
    let mut mantissa = 0u128;
    for d in digits[..end].iter().filter(|d| d.is_ascii_digit()) {
        mantissa = mantissa * 10 + u128::from(d - b'0');
        if mantissa >= 10u128.pow(28) {
            return None;
        }
    }
    // Zeros before the mark that were dropped, or digits behind it.
    let power = if end <= whole { (whole - end) as i64 } else { -((end - whole - 1) as i64) };
    Some((mantissa, power))
}

/// `mantissa 10^exponent` by one rounding of two doubles, which is the nearest double; `None` where it needs more.
///
/// Hypotheses: `mantissa <= 2^53`, `|exponent| <= 22`. Then both operands are exact doubles, and IEEE 754 rounds
/// their product or quotient to nearest (Clinger, "How to read floating point numbers accurately", PLDI 1990).
fn quick(mantissa: u64, exponent: i64) -> Option<f64> {
    if mantissa > 1 << 53 {
        return None;
    }
    let ten = *TENS.get(usize::try_from(exponent.abs()).ok()?)?;
    Some(if exponent < 0 { mantissa as f64 / ten } else { mantissa as f64 * ten })
}

/// The whole number that is written behind `e`, with a sign or without; `None` where there is none. It saturates at the
/// range of `i64`, far beyond what `parse` accepts.
fn power(text: &[u8]) -> Option<i64> {
    let (negative, digits) = match text.first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let size = digits.iter().fold(0i64, |v, d| v.saturating_mul(10).saturating_add(i64::from(d - b'0')));
    Some(if negative { -size } else { size })
}

/// Why a field is no number: empty, a word for what is missing or not finite, with a sign or without, in capitals or
/// not, or anything else. Where digits came before the fault, as in `1.#INF`, the whole field is compared.
fn word(field: &[u8]) -> Fault {
    // As NumPy, pandas, R, Excel, SQL and MATLAB write what is not there or not finite.
    const WORDS: [&str; 18] = [
        "nan", "na", "n/a", "#n/a", "<na>", "null", "none", "nil", "missing", "inf", "infinity", "1.#qnan", "1.#inf",
        "nat", "-", "?", "#na", ".",
    ];
    if field.is_empty() {
        return Fault::Empty;
    }
    let unsigned = match field {
        [b'+' | b'-', rest @ ..] if !rest.is_empty() => rest,
        _ => field,
    };
    let known = WORDS.iter().any(|w| w.as_bytes().eq_ignore_ascii_case(unsigned));
    if known { Fault::NotFinite } else { Fault::Word }
}
