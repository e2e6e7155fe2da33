//! Statements about chance: any trial alone, in any company, says the same; verdicts are those of exact intervals.

use flatcert::arithmetic::Rational;
use flatcert::harness::chance::{Chance, Counts, Part, assess};
use flatcert::harness::evidence::Verdict;
use flatcert::paper::battery::battery;
use std::collections::BTreeSet;

fn one() -> Rational {
    Rational::new(1, 1)
}

fn of(part: Part) -> Chance {
    battery().into_iter().find(|c| c.part == part).unwrap()
}

#[test]
fn the_battery_is_complete_and_its_keys_are_distinct() {
    let battery = battery();
    let keys: BTreeSet<&str> = battery.iter().map(|c| c.key.as_str()).collect();
    assert_eq!(keys.len(), battery.len());
    for part in [Part::PlantedFalsehood, Part::PlantedTruth, Part::KnownFalse, Part::Statement] {
        assert!(battery.iter().any(|c| c.part == part), "{part:?}");
    }
    for c in &battery {
        assert!(c.bound > 0.0 && c.bound < 1.0 && c.cost > 0.0 && c.cost < 5.0, "{}: {} {}", c.key, c.bound, c.cost);
        assert!(c.key.contains('/') && !c.statement.is_empty() && !c.version.is_empty(), "{}", c.key);
    }
}

#[test]
fn a_trial_alone_says_what_it_said_in_a_batch() {
    for c in battery() {
        let n = (0.02 / c.cost).clamp(3.0, 40.0) as u64;
        let together = c.run(5, 0..n).unwrap();
        let mut sum = Counts::default();
        for t in (0..n).rev() {
            let alone = c.run(5, t..t + 1).unwrap();
            sum.failures += alone.failures;
            sum.undecided += alone.undecided;
        }
        assert_eq!(together, sum, "{}", c.key);
        assert_eq!(c.run(5, 3..3).unwrap(), Counts::default());
    }
}

#[test]
fn verdicts_are_those_of_exact_intervals() {
    let falsehood = assess(&of(Part::PlantedFalsehood), &one(), 3, 60_000);
    assert_eq!(falsehood.verdict, Verdict::Fails);
    let truth = of(Part::PlantedTruth);
    let at = |strength: Rational| assess(&truth, &strength, 3, 60_000);
    // With equality no number of trials decides; a bound 10 % off is decided, on the right side.
    assert_eq!(at(one()).verdict, Verdict::Undecided);
    assert_eq!(at(Rational::new(11, 10)).verdict, Verdict::Fails);
    assert_eq!(at(Rational::new(9, 10)).verdict, Verdict::Holds);
    let counted = at(one()).sampled.unwrap();
    assert!(counted.interval[0] < 0.5 && 0.5 < counted.interval[1]);
    assert!(counted.exposed > counted.bound && counted.exposed < 0.53, "{counted:?}");
    assert!(counted.log10_e < 4.0 && counted.log10_support < 4.0, "{counted:?}");
    // What would have been seen is seen: another statement with that probability of failure is refuted.
    assert!(falsehood.sampled.unwrap().exposed < 0.52);
}

#[test]
fn what_cannot_be_counted_is_undecided_and_says_why() {
    let never = |bound| Chance::new("test/never", "lemma-3-norm", "never fails", bound, |_, _| Ok(Counts::default()));
    let too_rare = assess(&never(1e-12), &one(), 1, 1000);
    assert_eq!(too_rare.verdict, Verdict::Undecided);
    assert!(too_rare.reason.unwrap().contains("p0 = 1.00e-12"));
    assert!(too_rare.sampled.unwrap().exposed > 1e-3);
    assert_eq!(assess(&never(0.0), &one(), 1, 1000).verdict, Verdict::Undecided);
    assert_eq!(assess(&never(0.1), &one(), 1, 0).verdict, Verdict::Undecided);
    let undecided = |_, range: std::ops::Range<u64>| Ok(Counts { failures: 0, undecided: range.end - range.start });
    let blind = Chance::new("test/blind", "lemma-3-norm", "sees nothing", 0.1, undecided);
    assert_eq!(assess(&blind, &one(), 1, 1000).verdict, Verdict::Undecided);
}
