//! Bounds of all products of residual layers at once, for every width and every depth from some depth on, and the
//! choices that prove them: nets of mesh e and f, and a cut t (S_1, S_2, S_3 and Y are those of [`super::walk`]).
//!
//! **Statement.** For the s, C_1, M and m of a `Witness`, every d >= 4 and L >= C_1: with probability at least
//! `1 - 5 exp(-d)` all `norm(Pi_{k:1}) <= M` and all `sigma_min(Pi_{k:1}) >= m`. (Twice, for Pi_{L:k}: `10 exp(-d)`.)
//! Proof: five terms, each at most exp(-d), with `r = ln(1 + 2/e) + 1`, `r' = ln(1 + 2/f) + 1`:
//! 1. `a^2/(8 s^2) = r`: Doob for S_2, times a net of `(1 + 2/e)^d` points.
//! 2. `s^2 + a + b = 2 ln((1 - e) M)`, `x = b/s^2`, `(C_1/2) (x - ln(1 + x)) >= r`: S_1 ~ (s^2/(L d)) chi^2(L d).
//! 3. `a'^2/(8 s^2) = r'`, for `norm(Pi h) >= m + f M`.
//! 4. `a' + b' = -2 ln(m + f M)`, and `ln(1 + y) >= y - c y^2` for `y >= -t`, `c = (-ln(1 - t) - t)/t^2`, the ratio
//!    `(y - ln(1 + y))/y^2` being decreasing. `c S_3 <= b'` fails for `chi^2(L) >= L (1 + x)`,
//!    `1 + x = b' d/(4 s^2 c)`: `(C_1/2) (x - ln(1 + x)) >= 4 r'` at d = 4 is enough, since `(x - ln(1 + x))/d`
//!    increases with d where `x >= 0`.
//! 5. `C_1 t^2/(8 s^2) - ln(C_1)/4 >= r'`: L steps, each with probability `exp(-t^2 L d/(8 s^2))`; the left-hand side
//!    increases with L for `L >= 8 s^2/(t^2 d)`, and with d.
//!
//! **Exact tails gain nothing.** The constants serve every d; as d grows, the probabilities of a normal and of a
//! chi-square variable are their Chernoff bounds up to factors that are not exponential in d, and so are the nets. What
//! remains is what the proof discards: `Y_{k,1} >= 0` in the lower bound (a drift of s^2), and the union over the net.

use crate::arithmetic::{Big, Enclosure, Field, Interval, Rational, Real, Ring};
use num_traits::{One, Zero};
use serde::{Deserialize, Serialize};

/// Constants for one s, and the choices that prove them.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Witness {
    /// The paper's s.
    pub s: Rational,
    /// C_1.
    pub depth: u32,
    /// e, the mesh of the net for the norm.
    pub mesh: Rational,
    /// f, the mesh of the net for sigma_min.
    pub fine: Rational,
    /// t, the cut of `ln(1 + y)`.
    pub cut: Rational,
    /// M.
    pub most: Rational,
    /// m.
    pub least: Rational,
}

/// s, C_1, e, f, t, M, m: found by a search over e, f/(m/M) and t for the largest C_3; checked by
/// [`Witness::brackets`]. M is rounded up and m down.
const FOUND: [(&str, u32, &str, &str, &str, &str, &str); 6] = [
    ("1/10", 4, "3/20", "21672/1000000", "7/20", "158/100", "644/1000"),
    ("1/4", 20, "3/20", "12058/1000000", "17/40", "2480/1000", "340/1000"),
    ("1/2", 80, "3/20", "30463/10000000", "19/40", "5500/1000", "944/10000"),
    ("1", 600, "1/4", "25669/1000000000", "9/20", "29800/1000", "304/100000"),
    ("3/2", 1600, "7/20", "44523/1000000000000", "1/2", "19480/100", "2012/100000000"),
    ("2", 3000, "2/5", "59909/10000000000000000", "23/40", "15770/10", "2193/100000000000"),
];

impl Witness {
    /// All of them.
    pub fn all() -> Vec<Self> {
        let read = |(s, depth, mesh, fine, cut, most, least)| {
            let q = |text: &str| text.parse::<Rational>().ok();
            let [s, mesh, fine] = [q(s)?, q(mesh)?, q(fine)?];
            Some(Self { s, depth, mesh, fine, cut: q(cut)?, most: q(most)?, least: q(least)? })
        };
        FOUND.into_iter().filter_map(read).collect()
    }
    /// That of s.
    ///
    /// `None` for an s that is not in the list.
    pub fn at(s: &Rational) -> Option<Self> {
        Self::all().into_iter().find(|w| w.s == *s)
    }
    /// s, f, M, m > 0 and 0 < e, t < 1.
    pub fn is_in_range(&self) -> bool {
        let positive =
            [&self.s, &self.mesh, &self.fine, &self.cut, &self.most, &self.least].iter().all(|q| q.sign() > 0);
        positive && self.mesh < Rational::one() && self.cut < Rational::one() && self.depth > 0
    }
    /// What has to be at least what: the five terms, and that b, x and the depth are in range.
    ///
    /// Each pair is `[greater, lesser]`, enclosed at 128 bits; the statement follows if greater >= lesser is certain
    /// for all. In order: term 2, term 4, term 5, and `C_1 t^2/(8 s^2) >= 1/4`, which is `C_1 >= 8 s^2/(t^2 d)` at
    /// d = 4, from where term 5 increases with L. Terms 1 and 3 hold with equality, by the choice of a and a'. Where
    /// b or x is not positive: one pair, `[0, 1]`, that fails.
    pub fn brackets(&self) -> Vec<[Interval; 2]> {
        const BITS: u32 = 128;
        let of = |q: &Rational| Big::from_rational(q, BITS);
        let n = |v: i64| of(&Rational::from(v));
        let (s2, depth, cut) = (of(&self.s.powi(2)), n(self.depth.into()), of(&self.cut));
        let (high, low) = (of(&self.most), of(&self.least));
        let rate = |mesh: &Rational| (1 + n(2) / of(mesh)).ln() + 1;
        let (coarse, fine) = (rate(&self.mesh), rate(&self.fine));
        let doob = |rate: &Big| (n(8) * &s2 * rate).sqrt();
        let chernoff = |x: &Big| &depth * (x - x.ln_1p()) / n(2);
        let b = n(2) * ((1 - of(&self.mesh)) * &high).ln() - &s2 - doob(&coarse);
        let rest = -n(2) * (low + of(&self.fine) * &high).ln() - doob(&fine);
        let curvature = (-(1 - &cut).ln() - &cut) / cut.powi(2);
        let x = &rest / (&s2 * curvature) - 1;
        let steps = &depth * cut.powi(2) / (n(8) * &s2);
        let pair = |greater: Big, lesser: Big| [greater, lesser].map(|v| v.to_interval());
        let positive = b.is_positive() && x.is_positive();
        if !positive {
            return vec![[Interval::zero(), Interval::one()]];
        }
        vec![
            pair(chernoff(&(b / &s2)), coarse),
            pair(chernoff(&x), n(4) * &fine),
            pair(&steps - depth.ln() / n(4), fine),
            pair(steps, n(1) / n(4)),
        ]
    }
}
