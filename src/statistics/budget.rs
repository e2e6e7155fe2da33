//! One false-alarm budget for the whole life of a ledger, spent claim by claim in the order of their registration.
//!
//! A claim with the share `alpha_i` raises the alarm when its e-process reaches `1 / alpha_i`. By Ville's inequality a
//! true claim ever does so with probability at most `alpha_i`; the shares of all claims, of those still to come as
//! well, add up to at most `alpha`. Evidence that starts anew, for another version of a statement say, is another claim
//! and needs a share of its own.
//!
//! Two ways of splitting are offered. Shares `alpha 6/(pi i)^2` never run out and need no list ([`Budget::new`],
//! [`Budget::declared`]), but depend on the order of registration, which differs between ledgers that are merged
//! later. Equal shares ([`Budget::equal`]) do not, at the price of a fixed number of statements: that is what the
//! nights use. Bonferroni's inequality is all that is needed, so the statements may share trials and may be as
//! dependent as they like.

use crate::error::{Error, Result};
use serde::{Deserialize, Serialize};

/// 6 / pi^2, rounded down: the shares `6 / (pi i)^2` of all i = 1, 2, ... add up to at most 1.
///
/// The sum of all 1/i^2 is pi^2/6 (Euler).
const BASEL: f64 = 0.607_927_101_854;

/// What one of `shards` shards that look on their own may spend of a share, in the `night`-th night (from 1):
/// `share 6 / (pi night)^2 / shards`.
///
/// The shards of a night continue the same history in different ways, and so do the nights: each pair is an e-process
/// of its own that starts from what was known, its expectation at most 1, and the parts of all pairs add up to at most
/// the share.
///
/// A shard that looks sees a history that no other look continues. To count such looks under the share of the whole
/// ledger would spend it many times; a share of its own, divided over shards and over nights by the same series,
/// covers all of them: the sum over nights k of `6/(pi k)^2 <= 1`, times n shards of 1/n each. A night or a number of
/// shards of 0 is read as 1.
pub fn early(share: f64, shards: u64, night: u64) -> f64 {
    let night = night.max(1) as f64;
    share * BASEL / (night * night) / shards.max(1) as f64
}

/// What a claim may spend.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Share {
    /// The claim.
    pub claim: String,
    /// Its part of the budget.
    pub alpha: f64,
}

/// Shares given out, in the order of registration. A share once given never changes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Budget {
    /// The probability of any false alarm in the life of the ledger.
    alpha: f64,
    /// What is split over claims registered one by one; the rest was split equally over those declared at the start.
    open: f64,
    /// How many of the shares were declared at the start: the registered ones are numbered after them.
    declared: usize,
    /// Equal shares, so many of them in all.
    slots: Option<usize>,
    /// In order of registration, declared ones first. [`Budget::register`] only appends.
    shares: Vec<Share>,
}

impl Budget {
    /// `alpha` for claims that are not known yet: the i-th registered gets `alpha 6 / (pi i)^2`.
    ///
    /// # Errors
    /// `alpha` outside (0, 1).
    pub fn new(alpha: f64) -> Result<Self> {
        Self::declared(alpha, &[], 1.0)
    }

    /// `alpha (1 - reserve)` split equally over the claims of a list, `alpha reserve` kept for claims that come later,
    /// as in [`Budget::new`].
    ///
    /// A share of a declared claim is lowered by 1e-12 of itself, so that the sum in doubles stays below alpha for up
    /// to some thousands of claims. With a reserve of 0 a claim that comes later gets the share 0 and never raises an
    /// alarm.
    ///
    /// # Errors
    /// `alpha` outside (0, 1); `reserve` outside [0, 1]; a claim listed twice.
    pub fn declared(alpha: f64, claims: &[&str], reserve: f64) -> Result<Self> {
        if !(alpha > 0.0 && alpha < 1.0) {
            return Err(Error::usage(format!("a false-alarm budget of {alpha}, expected a number between 0 and 1")));
        }
        if !(0.0..=1.0).contains(&reserve) {
            return Err(Error::usage(format!("a reserve of {reserve}, expected a part between 0 and 1")));
        }
        // Rounding of a sum of shares stays below this.
        let each = alpha * (1.0 - reserve) / claims.len().max(1) as f64 * (1.0 - 1e-12);
        let mut shares: Vec<Share> = Vec::new();
        for claim in claims {
            if shares.iter().any(|share| share.claim == *claim) {
                return Err(Error::usage(format!("claim {claim} is declared twice")));
            }
            shares.push(Share { claim: (*claim).to_string(), alpha: each });
        }
        Ok(Self { alpha, open: alpha * reserve, declared: claims.len(), slots: None, shares })
    }

    /// `alpha / slots` for each of the first `slots` claims, 0 for any more: shares that do not depend on the order of
    /// registration.
    ///
    /// A ledger that outgrows its slots keeps its guarantee and loses the alarms of the claims beyond: their
    /// threshold is infinite.
    ///
    /// # Errors
    /// `alpha` outside (0, 1); no slots.
    pub fn equal(alpha: f64, slots: usize) -> Result<Self> {
        if slots == 0 {
            return Err(Error::usage("a false-alarm budget without shares"));
        }
        Ok(Self { slots: Some(slots), ..Self::new(alpha)? })
    }

    /// The share of a claim, given now if it has none yet.
    ///
    /// The caller registers in an order that does not depend on what was found: nightly ledgers go through their
    /// statements by name.
    pub fn register(&mut self, claim: &str) -> f64 {
        if let Some(share) = self.share(claim) {
            return share;
        }
        let alpha = self.next_share();
        self.shares.push(Share { claim: claim.to_string(), alpha });
        alpha
    }

    /// What the next claim to be registered gets.
    pub fn next_share(&self) -> f64 {
        match self.slots {
            // Rounding of a sum of shares stays below this.
            Some(slots) if self.shares.len() < slots => self.alpha / slots as f64 * (1.0 - 1e-12),
            Some(_) => 0.0,
            None => {
                let order = (self.shares.len() - self.declared + 1) as f64;
                self.open * BASEL / (order * order)
            }
        }
    }

    /// The share of a registered claim.
    pub fn share(&self, claim: &str) -> Option<f64> {
        self.shares.iter().find(|share| share.claim == claim).map(|share| share.alpha)
    }

    /// The log e-value at which the claim raises the alarm, `ln(1 / share)`. None for a claim without a share, infinite
    /// for a share of 0.
    pub fn threshold(&self, claim: &str) -> Option<f64> {
        self.share(claim).map(|alpha| -alpha.ln())
    }

    /// A log e-value that the claim's share pays for. Never for a claim without a share.
    ///
    /// The comparison is `log_e >= ln(1/share)`. A log e-value of NaN raises none.
    pub fn alarm(&self, claim: &str, log_e: f64) -> bool {
        self.threshold(claim).is_some_and(|threshold| threshold.is_finite() && log_e >= threshold)
    }

    /// The whole budget: the probability that any true claim ever raises an alarm is at most this.
    pub fn alpha(&self) -> f64 {
        self.alpha
    }

    /// The shares given out, in order.
    pub fn shares(&self) -> &[Share] {
        &self.shares
    }

    /// The sum of the shares given out.
    pub fn spent(&self) -> f64 {
        self.shares.iter().map(|share| share.alpha).sum()
    }

    /// What no claim has been given yet.
    ///
    /// 0 once the slots or the reserve are used up, up to the 1e-12 that every share gives up.
    pub fn left(&self) -> f64 {
        (self.alpha - self.spent()).max(0.0)
    }
}
