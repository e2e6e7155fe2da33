//! Decimals as text tables hold them: a whole number times a power of ten, exactly, beside the nearest double.
//!
//! `x = m 10^e` with `m < 2^64` covers every number of up to 19 digits, so all that NumPy, pandas, R and C write by
//! default; `m < 2^96` all of up to 28 digits. With `m < 2^64`,
//! `e = -k` and the nearest double `h = f 2^g` (f, g integers, `|f| < 2^53`), the difference is a quotient of integers,
//!
//! `x - h = (m 2^s - f 5^k) / (2^s 10^k)`, `s = -(g + k)`,
//!
//! whose numerator fits in 128 bits where `k <= 27`: exact, and no rational is ever formed.

use crate::arithmetic::Rational;

/// Digits that always fit in 64 bits.
const DIGITS: u32 = 19;

/// 5^27 < 2^63 is the largest power of five that a word holds.
const LARGEST_FIVE: i32 = 27;

/// Largest k for which 10^k is a double.
const LARGEST_TEN: i32 = 22;

const TENS: [f64; LARGEST_TEN as usize + 1] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
    1e21, 1e22,
];

/// Decimal exponents beyond this are refused: no double is that large or small, and `1e999999999` would take all
/// memory.
const LARGEST_EXPONENT: i64 = 400;

/// `(-1)^negative mantissa 10^exponent`, and the double nearest to it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Decimal {
    pub(super) nearest: f64,
    pub(super) mantissa: u64,
    pub(super) exponent: i16,
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
    /// Anything else.
    Word,
}

impl Decimal {
    /// The whole number `v`.
    pub(super) fn whole(v: i128) -> Option<Self> {
        let mantissa = u64::try_from(v.unsigned_abs()).ok()?;
        Some(Self { nearest: v as f64, mantissa, exponent: 0, negative: v < 0 })
    }

    /// `x - nearest`, within the relative distance 2^-50 of it, and zero exactly if x is a double.
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
    fn whole_remainder(&self) -> Option<f64> {
        let exact = u128::from(self.mantissa).checked_mul(10u128.checked_pow(u32::try_from(self.exponent).ok()?)?)?;
        // A double of 2^128 would saturate.
        let nearest = Some(self.nearest.abs()).filter(|&h| h < 2f64.powi(127))? as u128;
        let difference = exact.abs_diff(nearest) as f64;
        Some(if exact >= nearest { difference } else { -difference })
    }

    /// The quotient of the module's documentation, rounded three times.
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

    fn magnitude(&self) -> Rational {
        self.magnitude_under(0)
    }

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
    pub(super) fn to_rational(self, high: u32) -> Rational {
        let magnitude = self.magnitude_under(high);
        if self.negative { -magnitude } else { magnitude }
    }
}

/// The double nearest to `q`, but never zero for a `q` that is not.
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
        None => pointed()?.parse().map(Number::Long).map_err(|_| Fault::Range),
    }
}

/// Digits, and a mark among them, as a whole number below 10^28 and a power of ten; `None` if there are more.
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

/// One rounding of two doubles: the nearest one (Clinger).
fn quick(mantissa: u64, exponent: i64) -> Option<f64> {
    if mantissa > 1 << 53 {
        return None;
    }
    let ten = *TENS.get(usize::try_from(exponent.abs()).ok()?)?;
    Some(if exponent < 0 { mantissa as f64 / ten } else { mantissa as f64 * ten })
}

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

/// What a field without digits is.
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
