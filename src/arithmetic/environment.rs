//! What every enclosure in doubles stands on, tried before it is used: rounding to nearest, subnormal numbers, no wider
//! registers.
//!
//! A process that loads a library built with `-ffast-math`, or that changed the control word of its processor, computes
//! with other rules: a product that underflows is flushed to zero, or a sum is rounded upward. `next_down` of such a
//! result is no bound.
//!
//! The program asks once when it starts, and [`Problem`](crate::problem::Problem) whenever one is made, so that a
//! host that embeds the library (a Python process, say) is covered too. The state is the thread's: a thread that
//! changes it afterwards is not noticed.
//!
//! What is *not* tried: every operand. A few operations with known results tell the usual ways of being wrong apart,
//! namely another rounding direction, double rounding, flushing of results, flushing of arguments, and MPFR rounding
//! in the wrong direction.

use super::{Big, Enclosure, Field, Rational};
use crate::error::{Error, Result};
use std::hint::black_box;

#[cfg(all(target_arch = "x86", not(target_feature = "sse2")))]
compile_error!("flatcert needs arithmetic in doubles: x87 registers round twice; build for a target with SSE2");

/// The operations of a machine, so that a faulty one can be tried too.
///
/// Each operation takes and returns doubles, and is taken for correctly rounded until a rule shows otherwise.
struct Machine {
    /// `a + b`.
    add: fn(f64, f64) -> f64,
    /// `a b`.
    mul: fn(f64, f64) -> f64,
    /// `a / b`.
    div: fn(f64, f64) -> f64,
    /// The square root.
    sqrt: fn(f64) -> f64,
}

/// This machine. `black_box` keeps the compiler from doing the arithmetic itself.
const THIS: Machine = Machine {
    add: |a, b| black_box(black_box(a) + black_box(b)),
    mul: |a, b| black_box(black_box(a) * black_box(b)),
    div: |a, b| black_box(black_box(a) / black_box(b)),
    sqrt: |a| black_box(black_box(a).sqrt()),
};

/// The first rule that the machine breaks.
///
/// `None`: every rule holds. With `u = 2^-53` and `next = 1 + 2 u` the sums of the first rule separate the rounding
/// modes: `1 + u` is a tie that goes to 1 (upward it would be `next`), `next + u` a tie that goes to `1 + 4 u`
/// (toward zero or downward it would stay), and `-1 - u` a tie that goes to -1 (downward it would be `-next`). The
/// quotients, products and roots have known nearest doubles on either side of the exact value.
///
/// The neighbours of the last rule do not depend on the machine: they test the standard library's functions, by which
/// every enclosure takes its step outward.
fn fault(m: &Machine) -> Option<&'static str> {
    let unit = f64::EPSILON / 2.0;
    let tiny = f64::from_bits(1);
    let third = f64::from_bits(0x3fd5_5555_5555_5555);
    let next = 1.0 + f64::EPSILON;
    let rules: [(&str, bool); 5] = [
        (
            "sums, products, quotients and roots are rounded to nearest, ties to even",
            (m.add)(1.0, unit) == 1.0
                && (m.add)(next, unit) == 1.0 + 2.0 * f64::EPSILON
                && (m.add)(-1.0, -unit) == -1.0
                && (m.div)(1.0, 3.0) == third
                && (m.div)(-1.0, 3.0) == -third
                && (m.div)(2.0, 3.0) == 2.0 * third
                && (m.mul)(next, next) == 1.0 + 2.0 * f64::EPSILON
                && (m.mul)(-next, next) == -1.0 - 2.0 * f64::EPSILON
                && (m.sqrt)(2.0) == std::f64::consts::SQRT_2,
        ),
        // 1 + (2^-53 + 2^-93) rounded to 64 bits first is a tie, which then goes the wrong way.
        ("results are rounded once", (m.add)(1.0, unit * (1.0 + 2f64.powi(-40))) == next),
        (
            "results that underflow are not flushed to zero",
            (m.mul)(-1e-160, 1e-150) < 0.0 && (m.mul)(f64::MIN_POSITIVE, 0.5) == f64::from_bits(1 << 51),
        ),
        (
            "subnormal arguments are not read as zero",
            (m.mul)(tiny, 2.0) == f64::from_bits(2) && (m.add)(tiny, 1e-320) > 1e-320,
        ),
        (
            "neighbours are one step apart",
            black_box(1.0f64).next_up() == next
                && black_box(0.0f64).next_down() == -tiny
                && black_box(-1.0f64).next_down() == -next
                && black_box(tiny).next_down() == 0.0,
        ),
    ];
    rules.iter().find(|(_, kept)| !kept).map(|(rule, _)| *rule)
}

/// Tries the arithmetic of this thread: some twenty operations.
///
/// MPFR is tried by one rational, 1/3, whose two enclosing doubles are known.
///
/// # Errors
/// The rule of IEEE 754 that does not hold: nothing computed here would be a proof.
pub fn check_environment() -> Result<()> {
    let broken =
        |rule: &str| Error::usage(format!("the floating-point environment cannot be used: it is not true that {rule}"));
    if let Some(rule) = fault(&THIS) {
        return Err(broken(rule));
    }
    let third = Big::from_rational(&Rational::new(1, 3), 53);
    let double = f64::from_bits(0x3fd5_5555_5555_5555);
    if (third.lo(), third.hi()) != (double, double.next_up()) {
        return Err(broken("MPFR rounds 1/3 down and up"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As a processor that flushes subnormal numbers to zero sees x.
    fn flushed(x: f64) -> f64 {
        if x.abs() < f64::MIN_POSITIVE { 0.0 } else { x }
    }

    /// The machine that runs the tests, by the rules and by MPFR.
    #[test]
    fn this_machine_passes() {
        assert_eq!(fault(&THIS), None);
        check_environment().unwrap();
    }

    /// Each machine breaks one rule in one operation, and the rule that is named is that one.
    #[test]
    fn faulty_machines_are_named() {
        let faulty = [
            (Machine { mul: |a, b| flushed(a * b), ..THIS }, "flushed"),
            (Machine { mul: |a, b| flushed(a) * flushed(b), ..THIS }, "read as zero"),
            (Machine { add: |a, b| flushed(a) + flushed(b), ..THIS }, "read as zero"),
            (Machine { add: |a, b| if a == 1.0 && b > 0.0 { 1f64.next_up() } else { a + b }, ..THIS }, "to nearest"),
            (Machine { div: |a, b| (a / b).next_up(), ..THIS }, "to nearest"),
            (Machine { sqrt: |a| a.sqrt().next_down(), ..THIS }, "to nearest"),
            (Machine { mul: |a, b| (a * b).next_down(), ..THIS }, "to nearest"),
            // To 64 bits, then to 53: what is below 2^-63 is lost.
            (
                Machine {
                    add: |a, b| if a == 1.0 && b < 1e-15 { a + b.min(f64::EPSILON / 2.0) } else { a + b },
                    ..THIS
                },
                "once",
            ),
        ];
        for (machine, word) in &faulty {
            let found = fault(machine);
            assert!(found.is_some_and(|f| f.contains(word)), "{found:?} for {word}");
        }
    }
}
