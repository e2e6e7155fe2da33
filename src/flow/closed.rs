//! Gradient flows in closed form, with the constant mu of `norm(grad f)^2 >= mu (f - f_min)` along each; f_min = 0.
//!
//! `f = (a x^2 + b y^2)/2`: `x(t) = x(0) e^(-a t)`, mu = 2 min(a, b). `f = x^2/2 + x^4/4`:
//! `x(t)^2 = q e^(-2t)/(1 + q (1 - e^(-2t)))`, q = x(0)^2, mu = 2, since
//! `(x + x^3)^2 = 4 (1 + x^2)^2/(2 + x^2) f >= 2 f`.
//!
//! **Neither quadratic nor convex** (`Bent`), from where the curvature has the other sign. The instance says where
//! the flow stands, and the time at which it does is the closed form:
//! - `x^2/(1 + x^2)`: `f'^2/f = 4/(1 + x^2)^3`, least at the start, `t = [ln(x)/2 + x^2/2 + x^4/8]` from x(t) to x(0);
//! - `(x^2 - 1)^2`: `f'^2/f = 16 x^2`, least at the start below 1, at the limit above,
//!   `t = [ln(x) - ln|1 - x^2|/2]/4` from x(0) to x(t);
//! - `(x y - 1)^2`, the deep linear network of depth 2: `g = x^2 - y^2` is conserved, p = x y grows to 1,
//!   `norm(grad f)^2/f = 4 sqrt(g^2 + 4 p^2)`, and with `s = sqrt(g^2 + 4)`
//!   `t = [ln((g^2 + 4 p + s sqrt(g^2 + 4 p^2))/(1 - p))]/(2 s)` from p(0) to p(t).
//!
//! They are the instances on which Lemma 7 (Polyak-Lojasiewicz implies exponential decay) is tried: f(x(0)), f(x(t))
//! and the exponent are formulas of rationals, evaluated in any arithmetic, and no integrator takes part.
//!
//! **Where f is not convex** (the second half of what [`Bent::course`] returns):
//! `(x^2/(1 + x^2))'' = (2 - 6 x^2)/(1 + x^2)^3` and `((x^2 - 1)^2)'' = 12 x^2 - 4` have the sign of `1 - 3 x^2` and
//! its opposite; the Hessian of `(x y - 1)^2` has the determinant `4 p^2 - (4 p - 2)^2 = 4 (1 - p)(3 p - 1)`,
//! negative for p below 1/3.

use crate::arithmetic::Rational;
use crate::formula::{Expr, exp, ln, sqrt, var, vars};
use num_traits::One;
use serde::{Deserialize, Serialize};

/// A function, its start, and a time; numbers are exact.
///
/// An instance outside [`Decay::is_sane`] is no flow, and its formulas mean nothing.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Decay {
    /// `(a x^2 + b y^2)/2`, (a, b) positive, from (x(0), y(0)).
    Quadratic { curvature: (Rational, Rational), start: (Rational, Rational), time: Rational },
    /// `x^2/2 + x^4/4` from x(0).
    Mixed { start: Rational, time: Rational },
    /// From x(0) to x(t), or from p(0) to p(t).
    Bent { of: Bent, start: Rational, end: Rational },
    /// `x^4` from x(0) = 1, mu = 4 without the square.
    Quartic { time: Rational },
}

/// A function that is neither quadratic nor convex.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Bent {
    /// `x^2/(1 + x^2)`.
    Bounded,
    /// `(x^2 - 1)^2`.
    Double,
    /// `(x y - 1)^2` on `x^2 - y^2 = gap`, in the coordinate x y.
    Product { gap: Rational },
}

impl Bent {
    /// f and `norm(grad f)^2/f` at x, and the time from x to y.
    ///
    /// In the variable `x`, the time in `x` and `y`; for [`Bent::Product`] these stand for the product x y at two
    /// moments. The times are those of the module's documentation.
    fn formulas(&self) -> [Expr; 3] {
        let [x, y] = vars(["x", "y"]);
        match self {
            Self::Bounded => {
                let powers = (x.pow(2) - y.pow(2)) / 2 + (x.pow(4) - y.pow(4)) / 8;
                [x.pow(2) / (1 + x.pow(2)), 4 / (1 + x.pow(2)).pow(3), ln(x / y) / 2 + powers]
            }
            Self::Double => {
                let rest = |x: &Expr| 1 - x.pow(2);
                let time = (ln(&y / &x) - ln(rest(&y) / rest(&x)) / 2) / 4;
                [(x.pow(2) - 1).pow(2), 16 * x.pow(2), time]
            }
            Self::Product { gap } => {
                let square = Expr::from(gap).pow(2);
                // x^2 + y^2 where x y = p.
                let norm = |p: &Expr| sqrt(&square + 4 * p.pow(2));
                let s = sqrt(&square + 4);
                let inner = |p: &Expr| (&square + 4 * p + &s * norm(p)) / (1 - p);
                [(1 - &x).pow(2), 4 * norm(&x), ln(inner(&y) / inner(&x)) / (2 * &s)]
            }
        }
    }
    /// Whether the flow goes from x to y, where the steepness is least, and whether f is not convex at x.
    ///
    /// `None` unless x is positive and y lies on the way from x to the minimum (0, 1 and 1 in these coordinates) and
    /// short of it.
    pub fn course(&self, x: &Rational, y: &Rational) -> Option<(Rational, bool)> {
        let (zero, one) = (Rational::from(0), Rational::one());
        let square = x * x;
        match self {
            Self::Bounded => (zero < *y && y <= x).then(|| (x.clone(), 3 * square > one)),
            Self::Double if x < &one => (zero < *x && x <= y && *y < one).then(|| (x.clone(), 3 * square < one)),
            Self::Double => (one < *y && y <= x).then_some((one, false)),
            Self::Product { .. } => (zero < *x && x <= y && *y < one).then(|| (x.clone(), 3 * x < one)),
        }
    }
}

impl Decay {
    /// A positive curvature, t >= 0, a point on the way of the flow.
    ///
    /// The zero start of the first two functions is allowed: f is zero there at all times.
    pub fn is_sane(&self) -> bool {
        match self {
            Self::Quadratic { curvature: (a, b), time, .. } => a.sign() > 0 && b.sign() > 0 && time.sign() >= 0,
            Self::Mixed { time, .. } | Self::Quartic { time } => time.sign() >= 0,
            Self::Bent { of, start, end } => of.course(start, end).is_some(),
        }
    }
    /// f(x(0)), f(x(t)) and mu t; f_min = 0.
    ///
    /// Lemma 7 says of them: the second is at most the first times `exp(-mu t)`. For [`Decay::Bent`] the time is a
    /// formula too, so that mu t is the least steepness times the closed form; for [`Decay::Quartic`] mu is that of
    /// the inequality as printed, without the square on the gradient's norm, and the conclusion fails for large t.
    pub fn formulas(&self) -> [Expr; 3] {
        let from_start = |f: &dyn Fn(Expr) -> Expr, time: &Rational| [f(0.into()), f(time.into())];
        let ([before, after], exponent) = match self {
            Self::Quadratic { curvature: (a, b), start: (x, y), time } => {
                let part = |a: &Rational, x: &Rational, t: &Expr| {
                    Expr::from(a) * Expr::from(x).pow(2) * exp(-(Expr::from(2 * a) * t)) / 2
                };
                let least = if a < b { a } else { b };
                (from_start(&|t| part(a, x, &t) + part(b, y, &t), time), (2 * least * time).into())
            }
            Self::Mixed { start, time } => {
                let (q, e) = (Expr::from(start).pow(2), |t: Expr| exp(-(2 * t)));
                let square = |e: Expr| &q * &e / (1 + &q * (1 - &e));
                (from_start(&|t| square(e(t.clone())) / 2 + square(e(t)).pow(2) / 4, time), (2 * time).into())
            }
            Self::Quartic { time } => (from_start(&|t| 1 / (1 + 8 * t).pow(2), time), (4 * time).into()),
            Self::Bent { of, start, end } => {
                let [f, steepness, time] = of.formulas();
                let at = |e: &Expr, q: &Rational| e.put(&var("x"), &q.into());
                let least = of.course(start, end).map_or_else(Rational::one, |c| c.0);
                let exponent = at(&steepness, &least) * at(&time, start).put(&var("y"), &end.into());
                ([at(&f, start), at(&f, end)], exponent)
            }
        };
        [before, after, exponent]
    }
    /// `f(x(t)) = f(x(0)) e^(-mu t)`: t = 0, or a start in the eigenspace of the smaller curvature; where the rate is
    /// not mu, t = 0 only.
    pub fn attains(&self, rate: bool) -> bool {
        match self {
            Self::Quadratic { curvature: (a, b), start: (x, y), time } => {
                let slow = (a <= b || x.sign() == 0) && (b <= a || y.sign() == 0);
                slow && rate || time.sign() == 0
            }
            Self::Mixed { time, .. } | Self::Quartic { time } => time.sign() == 0,
            Self::Bent { start, end, .. } => start == end,
        }
    }
    /// In words.
    pub fn describe(&self) -> String {
        match self {
            Self::Quadratic { curvature: (a, b), start: (x, y), time } => {
                format!("f = ({a} x^2 + {b} y^2)/2 from ({x}, {y}), t = {time}")
            }
            Self::Mixed { start, time } => format!("f = x^2/2 + x^4/4 from {start}, t = {time}"),
            Self::Quartic { time } => format!("f = x^4 from 1, mu = 4, t = {time}"),
            Self::Bent { of: Bent::Bounded, start, end } => format!("f = x^2/(1 + x^2) from {start} to {end}"),
            Self::Bent { of: Bent::Double, start, end } => format!("f = (x^2 - 1)^2 from {start} to {end}"),
            Self::Bent { of: Bent::Product { gap }, start, end } => {
                format!("f = (x y - 1)^2 on x^2 - y^2 = {gap}, x y from {start} to {end}")
            }
        }
    }
}
