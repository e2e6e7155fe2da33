//! Operators on values, references and integers, so that a formula in Rust reads like the paper: `2 * &x + &y / (1 -
//! &z)`.
//!
//! The traits of this module ask for every form (value or reference on either side, the assigning form), so that
//! generic code may take what it has at hand. A number type writes each operation once and gets the other forms from
//! the macro `operators!`.
//!
//! Forms of one operator agree: `a + &b`, `&a + b`, `a += b` and so on are one computation; a test here holds it for
//! rationals, both enclosures and dual numbers. `2 * &x` takes an `i64` by [`super::Ring::from_i64`]: exactly up to
//! `2^53` in modulus, and enclosed beyond by an enclosure of f64 ends.

use std::ops::{Add, Mul, Sub};

/// `+`, `-`, `*` with an operand of type `Rhs` and a result of type `Out`.
///
/// A name for three bounds, implemented by whatever has the three operators.
pub trait Operators<Rhs, Out>: Add<Rhs, Output = Out> + Sub<Rhs, Output = Out> + Mul<Rhs, Output = Out> {}

impl<Lhs, Rhs, Out> Operators<Rhs, Out> for Lhs where
    Lhs: Add<Rhs, Output = Out> + Sub<Rhs, Output = Out> + Mul<Rhs, Output = Out>
{
}

/// The type `T`, as an associated type of every other type.
///
/// A bound on it among the supertraits of a trait (`for<'a> Named<&'a Self, Is: Operators<..>>`) is known wherever that
/// trait is: a function over any [`super::Ring`] may write `&x * &y`. A `where` clause on `&'a Self` would have to be
/// repeated at every function.
pub trait Named<T>: Name<T, Is = T> {}

impl<S: ?Sized, T> Named<T> for S {}

/// Carries the type of [`Named`].
pub trait Name<T> {
    /// `T` itself.
    type Is;
}

impl<S: ?Sized, T> Name<T> for S {
    type Is = T;
}

/// Gives the number `$t` its operators: a value or a reference on either side, the assigning form, and an integer (by
/// `from_i64`) on either side where `$t` is one type.
///
/// `owned` starts from the assigning operators with a reference on the right, and a result uses the memory of its left
/// operand. The others start from the plain operators: `plain` with division, `ring` without, `division` alone.
///
/// - `owned` (`Big`, `Rational`): a number owns memory, and making a copy costs as much as an operation.
/// - `plain` (`Interval`): a number is copied freely.
/// - `ring`, `division` (`Dual<T>`, `TaylorModel`): generic in another type, or without a quotient. They take no
///   integer on one side.
///
/// The arms that begin with `@` are the parts of these four.
macro_rules! operators {
    (owned $t:ty) => {
        operators!(@owned $t, Add add AddAssign add_assign);
        operators!(@owned $t, Sub sub SubAssign sub_assign);
        operators!(@owned $t, Mul mul MulAssign mul_assign);
        operators!(@owned $t, Div div DivAssign div_assign);
        operators!(@negation [] $t);
        operators!(@integers $t);
    };
    (plain $t:ty) => {
        operators!(ring [] $t);
        operators!(division [] $t);
        operators!(@integers $t);
    };
    (ring [$($generics:tt)*] $t:ty) => {
        operators!(@plain [$($generics)*] $t, Add add AddAssign add_assign);
        operators!(@plain [$($generics)*] $t, Sub sub SubAssign sub_assign);
        operators!(@plain [$($generics)*] $t, Mul mul MulAssign mul_assign);
        operators!(@negation [$($generics)*] $t);
    };
    (division [$($generics:tt)*] $t:ty) => {
        operators!(@plain [$($generics)*] $t, Div div DivAssign div_assign);
    };
    (@owned $t:ty, $op:ident $f:ident $assign:ident $g:ident) => {
        impl std::ops::$assign for $t {
            fn $g(&mut self, o: Self) {
                std::ops::$assign::$g(self, &o);
            }
        }
        impl std::ops::$op for $t {
            type Output = $t;
            fn $f(mut self, o: $t) -> $t {
                std::ops::$assign::$g(&mut self, &o);
                self
            }
        }
        impl std::ops::$op<&$t> for $t {
            type Output = $t;
            fn $f(mut self, o: &$t) -> $t {
                std::ops::$assign::$g(&mut self, o);
                self
            }
        }
        operators!(@borrowed [] $t, $op $f);
    };
    (@plain [$($generics:tt)*] $t:ty, $op:ident $f:ident $assign:ident $g:ident) => {
        impl $($generics)* std::ops::$assign for $t {
            #[inline]
            fn $g(&mut self, o: Self) {
                *self = std::ops::$op::$f(std::mem::replace(self, num_traits::Zero::zero()), o);
            }
        }
        impl $($generics)* std::ops::$op<&$t> for $t {
            type Output = $t;
            #[inline]
            fn $f(self, o: &$t) -> $t {
                std::ops::$op::$f(self, o.clone())
            }
        }
        impl $($generics)* std::ops::$assign<&$t> for $t {
            #[inline]
            fn $g(&mut self, o: &$t) {
                std::ops::$assign::$g(self, o.clone());
            }
        }
        operators!(@borrowed [$($generics)*] $t, $op $f);
    };
    (@borrowed [$($generics:tt)*] $t:ty, $op:ident $f:ident) => {
        impl $($generics)* std::ops::$op<$t> for &$t {
            type Output = $t;
            #[inline]
            fn $f(self, o: $t) -> $t {
                std::ops::$op::$f(self.clone(), o)
            }
        }
        impl $($generics)* std::ops::$op<&$t> for &$t {
            type Output = $t;
            #[inline]
            fn $f(self, o: &$t) -> $t {
                std::ops::$op::$f(self.clone(), o)
            }
        }
    };
    (@negation [$($generics:tt)*] $t:ty) => {
        impl $($generics)* std::ops::Neg for &$t {
            type Output = $t;
            #[inline]
            fn neg(self) -> $t {
                -self.clone()
            }
        }
    };
    (@integers $t:ty) => {
        operators!(@integer $t, Add add);
        operators!(@integer $t, Sub sub);
        operators!(@integer $t, Mul mul);
        operators!(@integer $t, Div div);
    };
    (@integer $t:ty, $op:ident $f:ident) => {
        operators!(@integer $t, $t, $op $f);
        operators!(@integer $t, &$t, $op $f);
    };
    (@integer $t:ty, $side:ty, $op:ident $f:ident) => {
        impl std::ops::$op<i64> for $side {
            type Output = $t;
            #[inline]
            fn $f(self, o: i64) -> $t {
                std::ops::$op::$f(self, <$t as $crate::arithmetic::Ring>::from_i64(o))
            }
        }
        impl std::ops::$op<$side> for i64 {
            type Output = $t;
            #[inline]
            fn $f(self, o: $side) -> $t {
                std::ops::$op::$f(<$t as $crate::arithmetic::Ring>::from_i64(self), o)
            }
        }
    };
}
pub(crate) use operators;

#[cfg(test)]
mod tests {
    use crate::arithmetic::{Big, Dual, Enclosure, Field, Interval, Rational, Ring};
    use proptest::prelude::*;

    /// Every form of an operator, written out for a pair of variables: all are the first.
    macro_rules! forms {
        ($a:expr, $b:expr, $op:tt, $assign:tt) => {{
            let (a, b) = ($a, $b);
            let first = a.clone() $op b.clone();
            let (mut by_value, mut by_reference) = (a.clone(), a.clone());
            by_value $assign b.clone();
            by_reference $assign &b;
            for other in [a.clone() $op &b, &a $op b.clone(), &a $op &b, by_value, by_reference] {
                prop_assert_eq!(&first, &other);
            }
        }};
    }
    /// The three operators that every ring has.
    macro_rules! ring_forms {
        ($a:expr, $b:expr) => {
            forms!($a, $b, +, +=);
            forms!($a, $b, -, -=);
            forms!($a, $b, *, *=);
        };
    }
    /// An integer n on either side does what the number `$of(n)` does there.
    macro_rules! integer_forms {
        ($a:expr, $n:expr, $of:path) => {{
            let (a, n): (_, i64) = ($a, $n);
            prop_assert_eq!(&a + n, &a + $of(n));
            prop_assert_eq!(a.clone() - n, &a - $of(n));
            prop_assert_eq!(n * &a, $of(n) * &a);
            prop_assert_eq!(n / a.clone(), $of(n) / &a);
            prop_assert_eq!(&a / (n * n + 1), &a / $of(n * n + 1));
        }};
    }

    /// As a generic function sees them.
    ///
    /// Is `a + b - 2 a b`, in several of the forms that the trait [`Ring`] offers.
    fn formula<R: Ring>(a: &R, b: &R) -> R {
        -a * b + a - &(b * a - b)
    }
    /// Zero, by two forms of division.
    fn quotient<F: Field>(a: &F, b: &F) -> F {
        a / b - a.clone() / b
    }

    proptest! {
        #[test]
        fn the_forms_of_an_operator_agree(n in -40_i64..40, m in 1_i64..40, k in -9_i64..9, bits in 20_u32..200) {
            let (p, q) = (Rational::new(n, m), Rational::new(m, 7));
            ring_forms!(p.clone(), q.clone());
            forms!(p.clone(), q.clone(), /, /=);
            integer_forms!(&q + &(&p * &p), k, Rational::from);
            let big = |v: &Rational| Big::from_rational(v, bits);
            ring_forms!(big(&p), big(&q));
            forms!(big(&p), big(&q), /, /=);
            integer_forms!(big(&q), k, Big::from_i64);
            let interval = |v: &Rational| Interval::from_rational(v, 53);
            ring_forms!(interval(&p), interval(&q));
            forms!(interval(&p), interval(&q), /, /=);
            integer_forms!(interval(&q), k, Interval::from_i64);
            ring_forms!(Dual::new(p.clone(), q.clone()), Dual::new(q.clone(), p.clone()));
            forms!(Dual::new(p.clone(), q.clone()), Dual::new(q.clone(), p.clone()), /, /=);
            prop_assert_eq!(formula(&p, &q), &p + &q - 2 * &p * &q);
            prop_assert!(formula(&big(&p), &big(&q)).contains(&(&p + &q - 2 * &p * &q)));
            prop_assert_eq!(quotient(&p, &q), Rational::from(0));
        }

        /// An enclosure of either sign, by an enclosure of either sign: the quotient times the divisor has the dividend
        /// inside.
        #[test]
        fn a_quotient_by_reference_keeps_its_sign(n in -40_i64..40, m in 1_i64..40, sign in prop::bool::ANY) {
            let (a, b) = (Rational::new(n, 3), if sign { Rational::new(m, 7) } else { Rational::new(-m, 7) });
            let quotient = Big::from_rational(&a, 60) / &Big::from_rational(&b, 60);
            prop_assert!(quotient.contains(&(&a / &b)));
            let zero = &Big::from_rational(&b, 60) - &Big::from_rational(&b, 60);
            prop_assert!((Big::from_rational(&a, 60) / zero).is_entire());
        }
    }
}
