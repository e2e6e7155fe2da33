//! Standard normal doubles in bulk, the same on every machine.
//!
//! **Bits.** xoshiro256++ (Blackman and Vigna, Scrambled linear pseudorandom number generators, 2021): additions,
//! rotations and exclusive ors, so W trials step side by side in vector registers; a trial's numbers do not depend on
//! its company.
//!
//! **Normals.** The ziggurat of Marsaglia and Tsang (2000) with 1024 layers of equal area. One word is one normal: its
//! lowest 10 bits choose the layer i, its highest 52 the multiple u of 2^-51 in [-1, 1), and `u x_i` is taken where it
//! lies under the next layer, for 99.6 per cent of the words. The others (wedges, and beyond x_1 = 4.039 Marsaglia's
//! tail) draw what else they need from a second generator of the trial, so that normal t always belongs to word t.
//!
//! **Error.** Up to the rounding of u, of the table and of the wedge test (relative 2^-51, 1e-15, 1e-16) and the
//! generators the distribution is exact; the tail reaches to 13, beyond which a normal falls with probability 1e-38.
//! Everything is integer arithmetic, `+ - * /` and square roots of doubles, and `exp`, `log` of the `libm` crate, which
//! consists of these: the same bits on every machine with IEEE doubles.

use crate::statistics::streams::{Trials, fast_trial_rng};
use rand::Rng;
use rand_pcg::Pcg64Dxsm;
use std::array::from_fn;
use std::sync::LazyLock;

/// Layers of the ziggurat.
const LAYERS: usize = 1024;
/// Right end of the lowest layer's rectangle, where its area with the tail equals that of every other layer (Marsaglia
/// and Tsang, section 3).
const RIGHT: f64 = 4.038_849_846_109_504;
/// That area, under `exp(-x^2/2)`.
const AREA: f64 = 0.001_226_324_646_353_088;

/// The layers, from the lowest: `x[0]` is the width of a rectangle of the lowest layer's area, tail included;
/// `x[1024] = 0`.
pub(super) struct Table {
    /// Right ends, from the lowest layer up.
    x: [f64; LAYERS + 1],
    /// `exp(-x^2/2)`.
    f: [f64; LAYERS + 1],
}

/// Made once per process, by the recursion of equal areas: `x[i] (f[i + 1] - f[i])` is `AREA` for every layer above
/// the lowest.
pub(super) static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let density = |x: f64| libm::exp(-0.5 * x * x);
    let mut x = [0.0; LAYERS + 1];
    x[0] = AREA / density(RIGHT);
    x[1] = RIGHT;
    for i in 1..LAYERS - 1 {
        x[i + 1] = (-2.0 * libm::log(AREA / x[i] + density(x[i]))).sqrt();
    }
    Table { x, f: x.map(density) }
});

/// Layer and multiplier of one word.
#[inline(always)]
fn split(word: u64) -> (usize, f64) {
    // A double in [2, 4) by its bits.
    ((word & 0x3ff) as usize, f64::from_bits((word >> 12) | 0x4000_0000_0000_0000) - 3.0)
}

/// The normals of W trials side by side.
#[derive(Clone, Debug)]
pub(super) struct Streams<const W: usize> {
    /// The four words of xoshiro256++ of each trial.
    state: [[u64; W]; 4],
    /// The second generator of each trial, for wedges and the tail.
    rare: [Pcg64Dxsm; W],
}

impl<const W: usize> Streams<W> {
    /// The streams of W trials from their beginning.
    pub fn new(all: &Trials, trials: [u64; W]) -> Self {
        let mut state = [[0; W]; 4];
        let rare = from_fn(|w| {
            let mut rng = all.rng(trials[w]);
            let rare = fast_trial_rng(&mut rng);
            for words in &mut state {
                words[w] = rng.next_u64();
            }
            rare
        });
        Self { state, rare }
    }

    /// The next N words of every trial. The loop over the trials is the outer one, and N large enough that compilers
    /// keep it and turn it into vectors.
    #[inline(always)]
    fn words<const N: usize>(&mut self, out: &mut [[u64; W]]) {
        let out = &mut out[..N];
        let [s0, s1, s2, s3] = &mut self.state;
        for w in 0..W {
            let mut s = [s0[w], s1[w], s2[w], s3[w]];
            for to in &mut *out {
                to[w] = xoshiro(&mut s);
            }
            [s0[w], s1[w], s2[w], s3[w]] = s;
        }
    }

    /// The next normals, each times `scale`.
    ///
    /// `out` has one entry of W numbers for each normal. How calls are divided plays no part: 10 and then 20 normals
    /// are the same as 30.
    #[inline(always)]
    pub fn fill(&mut self, table: &Table, scale: f64, out: &mut [[f64; W]]) {
        // Words first, by vectors; then their normals, one by one.
        let mut words = [[0; W]; BLOCK];
        for block in out.chunks_mut(BLOCK) {
            let mut n = 0;
            while n + STEPS <= block.len() {
                self.words::<STEPS>(&mut words[n..]);
                n += STEPS;
            }
            while n < block.len() {
                self.words::<1>(&mut words[n..]);
                n += 1;
            }
            for (to, from) in block.iter_mut().zip(&words) {
                // Without a branch for each: in most rows all lie under the next layer.
                let (mut x, mut common) = ([0.0; W], true);
                for w in 0..W {
                    let (i, u) = split(from[w]);
                    x[w] = u * table.x[i];
                    common &= x[w].abs() < table.x[i + 1];
                }
                if !common {
                    x = from_fn(|w| table.normal(from[w], &mut self.rare[w]));
                }
                *to = x.map(|x| scale * x);
            }
        }
    }
}

/// Words made at a time.
const BLOCK: usize = 32;
/// At a stretch for each trial.
const STEPS: usize = 8;

/// One step of xoshiro256++.
#[inline(always)]
fn xoshiro(s: &mut [u64; 4]) -> u64 {
    let out = s[0].wrapping_add(s[3]).rotate_left(23).wrapping_add(s[0]);
    let t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = s[3].rotate_left(45);
    out
}

impl Table {
    /// The normal of a word, any layer.
    ///
    /// In the layer's inner part, at once; in the lowest layer's rest, from the tail; else the wedge between two
    /// layers: a uniform height, accepted where it lies under the density. A refusal takes the next word of the
    /// second generator.
    #[cold]
    #[inline(never)]
    fn normal(&self, word: u64, rng: &mut Pcg64Dxsm) -> f64 {
        let mut next = word;
        loop {
            let (i, u) = split(next);
            let x = u * self.x[i];
            if x.abs() < self.x[i + 1] {
                return x;
            }
            if i == 0 {
                return tail(rng).copysign(u);
            }
            if self.f[i + 1] + (self.f[i] - self.f[i + 1]) * (1.0 - positive(rng)) < libm::exp(-0.5 * x * x) {
                return x;
            }
            next = rng.next_u64();
        }
    }
}

/// Uniform among the multiples of 2^-53 in (0, 1].
fn positive(rng: &mut Pcg64Dxsm) -> f64 {
    ((rng.next_u64() >> 11) + 1) as f64 * (f64::EPSILON / 2.0)
}

/// A normal beyond [`RIGHT`]: Marsaglia's rejection from an exponential (Generating a variable from the tail of the
/// normal distribution, 1964).
fn tail(rng: &mut Pcg64Dxsm) -> f64 {
    loop {
        let x = -libm::log(positive(rng)) / RIGHT;
        let y = -libm::log(positive(rng));
        if y + y >= x * x {
            return RIGHT + x;
        }
    }
}

/// [`Streams::fill`] with the vector instructions of this machine.
pub(super) struct Fill<'a, const W: usize> {
    /// Where the words come from.
    pub streams: &'a mut Streams<W>,
    /// The ziggurat.
    pub table: &'a Table,
    /// Factor of every normal.
    pub scale: f64,
    /// Where they go.
    pub out: &'a mut [[f64; W]],
}

impl<const W: usize> pulp::WithSimd for Fill<'_, W> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) {
        self.streams.fill(self.table, self.scale, self.out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_generator_is_xoshiro256_plus_plus() {
        // The first numbers of the reference implementation from the state 1, 2, 3, 4.
        let mut state = [1, 2, 3, 4];
        let expected = [
            41_943_041, 58_720_359, 3_588_806_011_781_223, 3_591_011_842_654_386, 9_228_616_714_210_784_205,
            9_973_669_472_204_895_162,
        ];
        for word in expected {
            assert_eq!(xoshiro(&mut state), word);
        }
    }

    #[test]
    fn the_layers_have_equal_areas_and_end_at_the_top() {
        let Table { x, f } = &*TABLE;
        for i in 1..LAYERS {
            assert!((x[i] * (f[i + 1] - f[i]) / AREA - 1.0).abs() < 1e-11, "{i}");
            assert!(x[i] > x[i + 1]);
        }
        assert!((x[0] * f[1] / AREA - 1.0).abs() < 1e-15);
    }

    #[test]
    fn trials_side_by_side_draw_what_each_draws_alone() {
        let trials = [3, 7, 0, 12];
        let all = Trials::new(1, "normals");
        let mut together = Streams::new(&all, trials);
        // Not a multiple of the block.
        let mut out = vec![[0.0; 4]; 1237];
        for _ in 0..30 {
            pulp::Arch::new().dispatch(Fill { streams: &mut together, table: &TABLE, scale: 0.5, out: &mut out });
        }
        for (w, trial) in trials.into_iter().enumerate() {
            let mut alone = Streams::new(&all, [trial]);
            let mut one = vec![[0.0]; 1237];
            for _ in 0..30 {
                alone.fill(&TABLE, 0.5, &mut one);
            }
            assert!(out.iter().zip(&one).all(|(a, b)| a[w] == b[0]));
        }
    }
}
