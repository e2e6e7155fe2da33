//! Counter-based streams: the draws of a trial depend on (seed, claim id, trial) and on nothing else, so that any trial
//! can be replayed alone, on any machine, in any order, in any shard.
//!
//! A stateful generator that all trials share would tie the draws of a trial to how many were drawn before it: to the
//! order, the number of threads, and where a night was killed. Here the number of the trial *is* the stream: ChaCha
//! has 2^64 streams of one key, and choosing one costs no draws. It is used for its addressing, not for secrecy.

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rand_pcg::Pcg64Dxsm;

/// FNV-1a, 64 bits: offset basis `0xcbf29ce484222325`, prime `0x100000001b3`. Stable for ever, unlike the hashes of the
/// standard library.
///
/// It spreads names over keys and is no defence against somebody who looks for collisions.
pub fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3))
}

/// The trials of one claim.
///
/// The key is made once for all trials of a claim; [`Trials::rng`] then costs a block of ChaCha.
#[derive(Clone, Debug, PartialEq)]
pub struct Trials {
    /// Seed, two hashes of the claim's name and its length, eight bytes each.
    key: [u8; 32],
}

impl Trials {
    /// Of this claim under this seed.
    pub fn new(seed: u64, claim: &str) -> Self {
        let tagged = format!("flatcert.trial/1:{claim}");
        let words = [seed, fnv1a(claim.as_bytes()), fnv1a(tagged.as_bytes()), claim.len() as u64];
        let mut key = [0u8; 32];
        for (bytes, word) in key.chunks_exact_mut(8).zip(words) {
            bytes.copy_from_slice(&word.to_le_bytes());
        }
        Self { key }
    }
    /// The generator of one of them.
    ///
    /// Two calls with one number give the same draws; each trial has 2^64 blocks of 64 bytes.
    pub fn rng(&self, trial: u64) -> ChaCha8Rng {
        let mut rng = ChaCha8Rng::from_seed(self.key);
        rng.set_stream(trial);
        rng
    }
}

/// The generator of one trial of one claim.
///
/// ChaCha8 with the 32-byte key, all numbers little-endian: `seed`, `fnv1a(claim)`,
/// `fnv1a("flatcert.trial/1:" + claim)`, the length of `claim` in bytes; and with the stream number `trial`. Different
/// trials of a claim are different streams of one key.
pub fn trial_rng(seed: u64, claim: &str, trial: u64) -> ChaCha8Rng {
    Trials::new(seed, claim).rng(trial)
}

/// A faster generator of the same trial, for normals in bulk: PCG 64 DXSM, its state and increment the first 32 bytes
/// of a fresh [`trial_rng`].
///
/// The argument has to be fresh: its first 32 bytes are consumed, and a generator that had drawn before would give
/// another sequence for the same trial.
pub fn fast_trial_rng(fresh: &mut ChaCha8Rng) -> Pcg64Dxsm {
    Pcg64Dxsm::from_rng(fresh)
}
