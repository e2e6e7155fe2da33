//! Doubles and enclosures as decimals: rounded outward, so that what is read as a decimal encloses too.
//!
//! Two facts make this necessary. The shortest decimal that identifies a double lies on either side of it: `0.1` is
//! below its double, `0.3` above. And a reader of JSON takes a decimal to the nearest double, on either side again.
//! An enclosure that is written end by end in the usual way may therefore lose the number that it encloses, twice.
//!
//! | function | from | to | keeps |
//! | --- | --- | --- | --- |
//! | `written` | an end | a double whose shortest decimal is not inside | the enclosure, read as decimals |
//! | `inside` | the double of a decimal | the end that is written so | the decimals, written once more |
//! | `outward`, `directed` | an end | the next short decimal outside | the enclosure, with few digits |
//! | `Deserialize` | a decimal of anybody's | one step outward of its double | the enclosure, whoever wrote it |
//! | `as_written` | a decimal of ours | the end that is written so | the decimals, from one report to the next |
//!
//! All comparisons of a decimal with a double are exact, in rationals.

use super::interval::{down, up};
use super::{Enclosure, Interval, Rational};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize, Serializer, ser::SerializeStruct};
use std::borrow::Cow;
use std::cmp::Ordering;

/// The shortest decimal, in scientific notation where the plain one would be long.
///
/// Plain from 0.001 to 100000 in modulus, and for zero; read back, it is the same double. Infinities and NaN come out
/// as `inf` and `NaN`.
pub fn number(x: f64) -> String {
    if x == 0.0 || (1e-3..1e5).contains(&x.abs()) { format!("{x}") } else { format!("{x:e}") }
}

// Significant digits of an end, for people; the JSON has all of them.
/// How many digits of an end are shown by [`enclosure`].
pub(crate) const DIGITS: usize = 8;

/// `[lo, hi]`, rounded outward to eight digits; one number where both ends are the same.
pub fn enclosure(m: &Interval) -> String {
    let m = outward(m, DIGITS);
    let (lo, hi) = (number(written(m.lo(), false)), number(written(m.hi(), true)));
    if lo == hi { lo } else { format!("[{lo}, {hi}]") }
}

/// An enclosure rounded outward to `digits` significant digits, for people.
///
/// `digits` is 1 to 17. The result is meant to be written: its decimals enclose m. A zero or infinite end stays.
pub fn outward(m: &Interval, digits: usize) -> Interval {
    between(directed(m.lo(), digits, false, 0.0), directed(m.hi(), digits, true, 0.0))
}

/// The interval whose ends are written as the shortest decimals of these doubles, both of which lie outside already as
/// decimals.
///
/// An end on the far side of its decimal is taken one step inside, where the decimal is the shortest that does not cut
/// it.
///
/// The whole line where the ends are out of order or NaN.
pub(crate) fn between(lo: f64, hi: f64) -> Interval {
    Interval::new(inside(lo, false), inside(hi, true))
}

/// The decimal of `digits` significant digits (1 to 17) next to `x`, on the side asked for, after a relative step
/// `guard` to that side.
///
/// The standard library rounds to the nearest decimal of so many digits; where that falls on the wrong side, the last
/// digit moves by one. The result is the double nearest to that decimal. Zero, infinities and NaN are returned as
/// they are.
///
/// The guard serves ends that differ in their last bits from one processor to another: moved by a relative step
/// first, they round alike.
pub(crate) fn directed(x: f64, digits: usize, upward: bool, guard: f64) -> f64 {
    if x == 0.0 || !x.is_finite() {
        return x;
    }
    let guarded = if upward { x + x.abs() * guard } else { x - x.abs() * guard };
    let text = format!("{guarded:.*e}", digits - 1);
    // As a decimal: the double nearest to it may lie on the other side.
    let Ok(decimal) = text.parse::<Rational>() else { return x };
    let side = decimal.compare_f64(guarded);
    if (upward && side.is_ge()) || (!upward && side.is_le()) {
        return text.parse().unwrap_or(x);
    }
    let Some((mantissa, exponent)) = text.split_once('e') else { return x };
    let (Ok(m), Ok(e)) = (mantissa.replace('.', "").parse::<i64>(), exponent.parse::<i32>()) else { return x };
    // Below 1.00 comes 0.999: one digit further down.
    let short = 10i64.pow(digits as u32 - 1);
    let (m, e) = match (m, upward) {
        (m, false) if m == short => (10 * short - 1, e - 1),
        (m, true) if m == -short => (1 - 10 * short, e - 1),
        (m, true) => (m + 1, e),
        (m, false) => (m - 1, e),
    };
    format!("{m}e{}", e + 1 - digits as i32).parse().unwrap_or(x)
}

/// An end as it is written: the double whose shortest decimal, read as a decimal, is not inside of the end `x`.
///
/// The shortest decimal of a double is next to it, on either side. Of x and the double beyond it the one with fewer
/// digits is taken among those whose decimal lies outside; that of the double beyond always does.
pub(crate) fn written(x: f64, upward: bool) -> f64 {
    // Adding zero turns -0 into 0.
    let x = x + 0.0;
    let outside = |text: &str| {
        text.parse::<Rational>().is_ok_and(|q| if upward { q.compare_f64(x).is_ge() } else { q.compare_f64(x).is_le() })
    };
    let (own, next) = (format!("{x:e}"), if upward { up(x) } else { down(x) });
    if !x.is_finite() || x == 0.0 {
        return x;
    }
    let beyond = format!("{next:e}");
    // Where two shortest decimals are equally near, the standard library takes the one and serde_json the other.
    let json = serde_json::Number::from_f64(x).map_or_else(|| own.clone(), |n| n.to_string());
    if outside(&own) && outside(&json) && own.len() <= beyond.len() { x } else { next }
}

/// The end whose written form is the shortest decimal of x: x itself, or the double inside of it where that decimal
/// lies inside of x.
pub(crate) fn inside(x: f64, upward: bool) -> f64 {
    let side = format!("{x:e}").parse::<Rational>().map(|q| q.compare_f64(x));
    match side {
        Ok(Ordering::Less) if upward => down(x),
        Ok(Ordering::Greater) if !upward => up(x),
        _ => x,
    }
}

/// `{"lo": .., "hi": ..}`, decimals rounded outward: read as decimals they enclose too, and so do the doubles nearest
/// to them. An infinite end is `null`.
impl Serialize for Interval {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let end = |x: f64| x.is_finite().then_some(x);
        let mut object = s.serialize_struct("Interval", 2)?;
        object.serialize_field("lo", &end(written(self.lo(), false)))?;
        object.serialize_field("hi", &end(written(self.hi(), true)))?;
        object.end()
    }
}

/// The schema states the form and not the order of the ends, which reading tests.
impl JsonSchema for Interval {
    fn schema_name() -> Cow<'static, str> {
        "Enclosure".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "An enclosure: decimals rounded outward; null where an end is infinite.",
            "type": "object",
            "properties": {"lo": {"type": ["number", "null"]}, "hi": {"type": ["number", "null"]}},
            "required": ["lo", "hi"],
            "additionalProperties": false
        })
    }
}

/// An interval as it was written, for a report that is made from its own JSON: the same decimals come out again. What
/// others wrote is read by `Deserialize`, outward.
///
/// `null` in its place is `None`; an end that is `null` or missing is infinite.
///
/// # Errors
/// What is neither `null` nor an object, an end that is neither `null` nor a number, and ends out of order.
pub(crate) fn as_written<'de, D: serde::Deserializer<'de>>(d: D) -> Result<Option<Interval>, D::Error> {
    #[derive(Deserialize)]
    struct Ends {
        lo: Option<f64>,
        hi: Option<f64>,
    }
    let Some(ends) = Option::<Ends>::deserialize(d)? else { return Ok(None) };
    let (lo, hi) = (ends.lo.unwrap_or(f64::NEG_INFINITY), ends.hi.unwrap_or(f64::INFINITY));
    let (low, high) = (inside(lo, false), inside(hi, true));
    // One decimal for both ends is the number itself.
    let (lo, hi) = if low <= high { (low, high) } else { (lo, hi) };
    if lo > hi {
        return Err(serde::de::Error::custom(format!("the ends {lo:e} and {hi:e} of an enclosure are out of order")));
    }
    Ok(Some(Interval::new(lo, hi)))
}

/// An end of an interval that is read: an integer up to 2^53 exactly, another number one step outward, because only the
/// double nearest to the decimal is known. `null` is infinite. Ends out of order are an error.
impl<'de> Deserialize<'de> for Interval {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum End {
            Whole(i64),
            Decimal(f64),
        }
        #[derive(Deserialize)]
        struct Ends {
            lo: Option<End>,
            hi: Option<End>,
        }
        let outward = |end: Option<End>, infinite: f64, step: fn(f64) -> f64| match end {
            None => infinite,
            Some(End::Whole(v)) if v.unsigned_abs() <= 1 << 53 => v as f64,
            Some(End::Whole(v)) => step(v as f64),
            Some(End::Decimal(x)) => step(x),
        };
        let ends = Ends::deserialize(d)?;
        let (lo, hi) = (outward(ends.lo, f64::NEG_INFINITY, down), outward(ends.hi, f64::INFINITY, up));
        if lo <= hi && lo < f64::INFINITY && hi > f64::NEG_INFINITY {
            Ok(Self::new(lo, hi))
        } else {
            Err(serde::de::Error::custom(format!("the ends {lo:e} and {hi:e} of an enclosure are out of order")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The decimals with which an interval is written.
    fn shown(m: Interval) -> String {
        serde_json::to_string(&m).unwrap()
    }

    /// The decimals asked for.
    fn ends(lo: &str, hi: &str) -> String {
        format!(r#"{{"lo":{lo},"hi":{hi}}}"#)
    }

    #[test]
    fn outward_to_any_number_of_digits() {
        let eight = |lo, hi| shown(outward(&Interval::new(lo, hi), 8));
        assert_eq!(eight(8.220727746682746, 8.220727746683027), ends("8.2207277", "8.2207278"));
        assert_eq!(eight(1.0, 1.0), ends("1.0", "1.0"));
        assert_eq!(eight(0.99999999999, 1.0), ends("0.99999999", "1.0"));
        assert_eq!(eight(-1.00000000001, -0.99999999999), ends("-1.0000001", "-0.99999999"));
        // The double 0.1 lies above one tenth, 0.3 below three tenths.
        assert_eq!(eight(0.1, 0.1), ends("0.1", "0.10000001"));
        assert_eq!(eight(0.3, 0.3), ends("0.29999999", "0.3"));
        assert_eq!(outward(&Interval::ENTIRE, 8), Interval::ENTIRE);
    }
}
