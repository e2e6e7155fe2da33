//! The best constants that the proof of Lemma 3 (B.9) allows: how far down C_1 and how far up C_3 come when every
//! choice of the proof is made well, and nothing else is changed.
//!
//! | paper | here | chosen |
//! | --- | --- | --- |
//! | the net of mesh 1/2 | `Witness::mesh`, e | a mesh for M |
//! | the net of mesh m/M | `Witness::fine`, f | a mesh for m |
//! | the event `Y_{k,2} >= -1/2` | `Witness::cut`, t | `Y_{k,2} >= -t` |
//! | `s^2 + 2 u = (s^2 + u) + u` | a + b | what S_2 needs, then what is left for S_1 |
//! | `-2 u = -u - u` | a' + b' | the same for S_2 and S_3 |
//! | (43) | Chernoff's `exp(-(p/2) (x - ln(1 + x)))` for `chi^2(p) >= p (1 + x)` | |
//! | (44) | the exact moment, `exp(-d a^2/(8 s^2))` | |
//!
//! The statement, its proof, and the constants found: `residual::witness`.

use crate::arithmetic::{Enclosure, Rational};
use crate::figure::{points, series};
use crate::harness::evidence::{FigureData, Panel};
use crate::harness::pairs::{Pair, judge};
use crate::harness::{Claim, Context, Evaluation, Form, Grade, Statement};
use crate::paper::section_5::explicit::{Constants, least_u};
use crate::residual::{Setup, extremes_of, witness::Witness};

/// The least u for which the corrected tails close.
fn printed_u(s: f64) -> f64 {
    64.5 * s * s + 8.4 * s
}

impl Witness {
    /// C_1 to C_5 and C.
    pub fn constants(&self) -> Constants {
        Constants::from_bounds(self.depth, &self.most, &self.least)
    }
    /// log10 C_3: as (36) prints it, with the least u for which the corrected tails close, `64.5 s^2 + 8.4 s`, and
    /// C_2 = 4; as Coq proves it (its root is no double from s = 2 on); and this one.
    fn powers(&self) -> [f64; 3] {
        let s = self.s.to_f64();
        let of = |exponent: f64| -(36.0 * std::f64::consts::LN_2 + exponent) / std::f64::consts::LN_10;
        let printed = of(8.0 * s * s + 20.0 * printed_u(s));
        let corrected = of(10.0 * s * s + 20.0 * least_u(&self.s).to_f64());
        [printed, corrected, 2.0 * self.constants().root_c_3.mid().log10()]
    }
}

/// The witness, or one that asks for more.
struct Closes(fn(&Witness) -> Witness);

impl Statement for Closes {
    type Instance = Witness;

    fn instances(&self, _context: &Context) -> Vec<Witness> {
        Witness::all()
    }
    fn describe(&self, i: &Witness) -> String {
        let coq = Constants::of(&i.s);
        let [_, corrected, best] = i.powers().map(f64::floor);
        format!(
            "s = {}: C_1 = {} (in Coq {:.0}), M = {:.4}, m = {:.3e}, C_3 = 10^{best} (in Coq 10^{corrected}), every d \
             >= 4",
            i.s,
            i.depth,
            coq.least_depth.hi().ceil(),
            i.most.to_f64(),
            i.least.to_f64(),
        )
    }
    fn evaluate(&self, i: &Witness, strength: &Rational) -> Evaluation {
        if !i.is_in_range() {
            return Evaluation::out_of_scope("needs s, f, M, m > 0 and 0 < e, t < 1");
        }
        // The brackets are exponents: their ratio is no tightness.
        Evaluation {
            ratio: None,
            ..judge((self.0)(i).brackets().into_iter().map(|[a, b]| Pair::new(a, b)), strength, "MPFR 128")
        }
    }
}

/// Largest norm and smallest singular value of trials at theta = 0, d = 4.
fn observed(context: &Context, i: &Witness) -> Option<Constants> {
    let trials = context.size(40, 200, 2000) as u64;
    let setup = Setup::new(4, i.depth as usize, i.s.to_f64(), context.seed, "figure/lemma-3-best").ok()?;
    let found: Vec<_> = extremes_of(&setup, 0..trials).into_iter().flatten().collect();
    let high = found.iter().map(|e| e.norm.hi).fold(1.0, f64::max);
    let low = found.iter().map(|e| e.sigma_min.lo).fold(1.0, f64::min);
    Some(Constants::from_bounds(i.depth, &Rational::from_f64(high)?, &Rational::from_f64(low)?))
}

/// C_1 and C_3 against s: printed, corrected, best by this proof, observed.
pub(crate) fn figures(context: &Context) -> Vec<FigureData> {
    let all = Witness::all();
    let power = |c: &Constants| 2.0 * c.root_c_3.mid().log10();
    let along = |f: &dyn Fn(&Witness) -> f64| all.iter().map(|i| (i.s.to_f64(), f(i))).collect::<Vec<_>>();
    let in_coq = |i: &Witness| Constants::of(&i.s).least_depth.mid().max(1.0);
    let seen = all.iter().filter_map(|i| Some((i.s.to_f64(), power(&observed(context, i)?)))).collect();
    vec![
        FigureData::new(
            "lemma-3-best-risk",
            "Theorem 4: how small the initial risk has to be",
            "The exponent of C_3 = 10^y in Theorem 4. Printed: (36) with the u for which its tails close, which does \
             not close the chain of B.8. Corrected: what Coq proves. Best: the same proof with its choices made well. \
             Observed: the deterministic form with the worst M and m of the trials at d = 4.",
            vec![Panel::new(
                ("s, the scale of the residual start", "log₁₀ C_3"),
                (false, false),
                vec![
                    series("printed, with u = 64.5 s² + 8.4 s", "line", along(&|i| i.powers()[0])),
                    series("corrected: proved in Coq", "line", along(&|i| i.powers()[1])),
                    series("best by this proof", "line", along(&|i| i.powers()[2])),
                    points("observed", seen),
                ],
            )],
        ),
        FigureData::new(
            "lemma-3-best-depth",
            "Theorem 4: how deep the network has to be",
            "C_1 in Theorem 4. Printed: (u/C_4)^4 with C_4 = 0.65 for u = 64.5 s^2 + 8.4 s, as B.9 asks for u <= C_4 \
             L^(1/4). Corrected: what Coq proves. Best: the same proof with its choices made well.",
            vec![Panel::new(
                ("s, the scale of the residual start", "C_1, the least depth"),
                (false, true),
                vec![
                    series("printed", "line", along(&|i| (printed_u(i.s.to_f64()) / 0.65).powi(4))),
                    series("corrected: proved in Coq", "line", along(&in_coq)),
                    series("best by this proof", "line", along(&|i| f64::from(i.depth))),
                ],
            )],
        ),
    ]
}

/// `lemma-3-best`.
pub fn claim() -> Claim {
    let statement = "every d >= 4 and L >= C_1: all norm(Pi_{k:1}) <= M and sigma_min(Pi_{k:1}) >= m but for a \
                     probability of at most 5 exp(-d)";
    let control = |name, words: &str, asks: fn(&Witness) -> Witness| Form::control(name, words, Closes(asks));
    Claim {
        id: "lemma-3-best",
        title: "The best constants that the proof of Lemma 3 allows",
        place: "proof of Lemma 3, B.9",
        hypotheses: "s = 1/10, 1/4, 1/2, 1, 3/2, 2 and the choices listed with each; theta = 0",
        uses: &["lemma-3-chi-square", "lemma-3-nets"],
        forms: vec![
            Form::sharpened("closes", statement, Closes(Witness::clone)).graded(Grade::Domain),
            control("shallower", "the five terms with C_1/4", |i| Witness { depth: (i.depth / 4).max(1), ..i.clone() }),
            control("larger-m", "the five terms with m larger by a tenth", |i| Witness {
                least: &i.least * Rational::new(11, 10),
                ..i.clone()
            }),
            control("smaller-M", "the five terms with M smaller by a tenth", |i| Witness {
                most: &i.most * Rational::new(9, 10),
                ..i.clone()
            }),
        ],
        finding: None,
        remarks: &[
            "C_1, printed / corrected / best: 28 / 4 / 4 at s = 1/10, 8e3 / 45 / 20 at 1/4, 1e6 / 391 / 80 at 1/2, 2e8 \
             / 4241 / 600 at 1, 4e9 / 18509 / 1600 at 3/2, 3e10 / 54084 / 3000 at 2. C_3, rounded down: 1e-24 / 1e-19 \
             / 1e-6, 1e-65 / 1e-37 / 1e-10, 1e-189 / 1e-86 / 1e-18, 1e-648 / 1e-259 / 1e-37, 1e-1389 / 1e-529 / 1e-64, \
             1e-2412 / 1e-897 / 1e-99. Printed is with u = 64.5 s^2 + 8.4 s, best with C_4 = 1; observed is in the \
             figure.",
            "With a smaller C_3 (1e-48 at s = 1) C_1 comes down to 149 at s = 1; with L = 6000 C_3 comes up to 1e-35 \
             only.",
            "Exact tails of the normal and the chi-square laws do not help: the constants serve every d, and for large \
             d Chernoff's exponents are exact.",
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_witness_is_read_and_is_better_than_the_corrected_constants() {
        let all = Witness::all();
        assert_eq!(all.len(), 6);
        for witness in all {
            let (best, coq) = (witness.constants(), Constants::of(&witness.s));
            assert!((best.root_c_3 - coq.root_c_3).is_positive(), "s = {}", witness.s);
            assert!(f64::from(witness.depth) <= coq.least_depth.hi().ceil(), "s = {}", witness.s);
            assert!(witness.least.sign() > 0);
            // What the remark says of C_3 is this.
            let [printed, corrected, best] = witness.powers().map(f64::floor);
            let said = format!("1e{printed} / 1e{corrected} / 1e{best}");
            assert!(claim().remarks[0].contains(&said), "s = {}: {said}", witness.s);
        }
    }
}
