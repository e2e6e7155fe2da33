//! The theorem checker: one test per claim, green only when every form of it has its recorded outcome.

use flatcert::harness::claim::{Context, Profile};
use flatcert::harness::evidence::{Outcome, Role, Verdict};
use flatcert::harness::paper::Options;
use flatcert::paper::registry::paper;
use std::sync::LazyLock;

/// The instances are made, and their flows certified, once for all tests.
static CONTEXT: LazyLock<Context> = LazyLock::new(|| {
    // FLATCERT_PROFILE=standard|nightly deepens the same tests; they are never skipped.
    let profile = match std::env::var("FLATCERT_PROFILE").as_deref() {
        Ok("nightly") => Profile::Nightly,
        Ok("standard") => Profile::Standard,
        _ => Profile::Quick,
    };
    Context::new(profile, 20_240_613)
});

fn options(only: &str) -> Options {
    Options { context: CONTEXT.clone(), only: vec![only.into()] }
}

fn claim_has_its_recorded_outcome(id: &str) {
    let (evidence, _) = paper().unwrap().run(&options(id), &|_, _, _| {}).unwrap();
    assert_eq!(evidence.claims.len(), 1, "{id} is in the catalogue once");
    let claim = &evidence.claims[0];
    assert!(!claim.forms.is_empty(), "{id} has forms");
    assert!(
        claim.forms.iter().any(|f| f.role == Role::Control),
        "{id} has a control: a check that cannot fail proves nothing"
    );
    for form in &claim.forms {
        assert_eq!(
            form.outcome,
            form.expected,
            "{id}/{}: {}\nfails {}, undecided {}, reasons {:?}, coverage {:?}, counterexample {:?}, smallest {:?} at \
             {:?}",
            form.name,
            form.statement,
            form.fails,
            form.undecided,
            form.reasons,
            form.coverage,
            form.counterexample,
            form.smallest_margin,
            form.smallest_at
        );
        match form.expected {
            Outcome::Verified => assert!(form.in_scope() > 0, "{id}/{} checked nothing", form.name),
            // How often a sentence about one draw is seen: something was drawn, and a share measured.
            Outcome::Observed => {
                assert!(form.sampled.iter().any(|s| s.trials >= 30), "{id}/{}: {:?}", form.name, form.sampled);
            }
            _ => {
                assert!(form.counterexample.is_some(), "{id}/{} is refuted by an instance that can be shown", form.name)
            }
        }
    }
}

macro_rules! theorems {
    ($($name:ident: $id:literal),* $(,)?) => {
        $(#[test] fn $name() { claim_has_its_recorded_outcome($id); })*

        #[test]
        fn every_claim_of_the_catalogue_is_a_test() {
            let tested = [$($id),*];
            // The steps of the proofs have tests of their own.
            let listed: Vec<String> = paper().unwrap().catalogue().into_iter().map(|e| e.id).filter(|id| !id.contains('/')).collect();
            assert_eq!(listed, tested);
        }
    };
}

theorems! {
    theorem_1: "theorem-1",
    theorem_2_norms: "theorem-2-norms",
    theorem_2_depth: "theorem-2-depth",
    rescaling: "rescaling",
    product_example: "product-example",
    gradient: "gradient",
    variational: "variational",
    lemma_1: "lemma-1",
    lemma_2_rank_one: "lemma-2-rank-one",
    lemma_2_balance: "lemma-2-balance",
    lemma_2_alignment: "lemma-2-alignment",
    sigma_product: "sigma-product",
    assumption_2: "assumption-2",
    theorem_3: "theorem-3",
    corollary_1: "corollary-1",
    corollary_2: "corollary-2",
    corollary_3: "corollary-3",
    lemma_3_chi_square: "lemma-3-chi-square",
    lemma_3_s1: "lemma-3-s1",
    lemma_3_s2: "lemma-3-s2",
    lemma_3_s3: "lemma-3-s3",
    lemma_3_step: "lemma-3-step",
    lemma_3_nets: "lemma-3-nets",
    chi_square_not_sub_gaussian: "chi-square-not-sub-gaussian",
    lemma_3_constants: "lemma-3-constants",
    lemma_3_norm: "lemma-3-norm",
    lemma_3_sigma_min: "lemma-3-sigma-min",
    lemma_3_in_scope: "lemma-3-in-scope",
    lemma_3_best: "lemma-3-best",
    lemma_3_order: "lemma-3-order",
    theorem_4_constants: "theorem-4-constants",
    corollary_4_constants: "corollary-4-constants",
    lemma_4_minus: "lemma-4-minus",
    lemma_4_plus: "lemma-4-plus",
    lemma_5: "lemma-5",
    lemma_6: "lemma-6",
    lemma_7: "lemma-7",
    lemma_8: "lemma-8",
    lemma_9: "lemma-9",
    lemma_9_worst: "lemma-9-worst",
    minimum_sharpness: "minimum-sharpness",
    balanced_limit: "balanced-limit",
    multivariate_sharpness: "multivariate-sharpness",
    theorem_4_gradient: "theorem-4-gradient",
    theorem_5: "theorem-5",
    theorem_4: "theorem-4",
    theorem_5_flow: "theorem-5-flow",
    corollary_4_lower: "corollary-4-lower",
    corollary_4_upper: "corollary-4-upper",
    theorem_4_in_scope: "theorem-4-in-scope",
    theorem_5_in_scope: "theorem-5-in-scope",
    corollary_4_in_scope: "corollary-4-in-scope",
    theorem_4_constants_observed: "theorem-4-constants-observed",
    critical_rate: "critical-rate",
    small_scale_plateau: "small-scale-plateau",
    edge_plateau: "edge-plateau",
    no_edge: "no-edge",
    edge: "edge",
    above_threshold: "above-threshold",
    sharpening: "sharpening",
    divergence: "divergence",
    residual_scale: "residual-scale",
}

#[test]
fn identities_are_false_with_probability_below_two_to_the_minus_100() {
    for id in ["gradient", "lemma-1", "lemma-8", "product-example"] {
        let (evidence, _) = paper().unwrap().run(&options(id), &|_, _, _| {}).unwrap();
        for form in evidence.claims[0].forms.iter().filter(|f| f.grade == flatcert::harness::evidence::Grade::Identity)
        {
            assert!(form.error_log2.is_some_and(|e| e < -100.0), "{id}/{}: {:?}", form.name, form.error_log2);
        }
    }
}

/// How many forms of the stated results are recorded as refuted: one that is lost is seen here.
const FALSEHOODS: usize = 171;

#[test]
fn the_generated_instances_find_every_planted_falsehood_without_the_stored_ones() {
    // The errors planted in the steps of the proofs are looked for by their own test.
    let only = paper().unwrap().catalogue().into_iter().map(|e| e.id).filter(|id| !id.contains('/')).collect();
    let found = paper().unwrap().controls_found_by_search(&Options { only, ..options("") }).unwrap();
    assert_eq!(found.len(), FALSEHOODS, "controls, and printed forms that do not hold");
    let missed: Vec<&String> = found.iter().filter(|(_, refuted)| !refuted).map(|(id, _)| id).collect();
    assert!(missed.is_empty(), "not found by search: {missed:?}");
}

#[test]
fn every_refuted_form_has_a_stored_counterexample_that_still_refutes_it() {
    let all = Options { only: Vec::new(), ..options("") };
    for claim in paper().unwrap().catalogue() {
        for (form, _, expected, _) in claim.forms {
            if expected == Outcome::Refuted {
                let id = format!("{}/{form}#stored", claim.id);
                assert_eq!(paper().unwrap().replay(&id, &all).unwrap().instance.verdict, Verdict::Fails, "{id}");
            }
        }
    }
}

#[test]
fn the_grade_of_a_claim_alone_names_what_it_leaves_out() {
    let (evidence, _) = paper().unwrap().run(&options("lemma-9/recursion"), &|_, _, _| {}).unwrap();
    let claim = &evidence.claims[0];
    assert!(claim.unchecked.iter().any(|id| id == "lemma-9/path"), "{:?}", claim.unchecked);
    assert!(flatcert::report::text::claim_grade(claim).ends_with(", without its proof steps"));
    let (evidence, _) = paper().unwrap().run(&options("lemma-6/defined"), &|_, _, _| {}).unwrap();
    assert_eq!(evidence.claims[0].unchecked, Vec::<String>::new());
    // What Coq proves rests on nothing of the run.
    let (evidence, _) = paper().unwrap().run(&options("lemma-9"), &|_, _, _| {}).unwrap();
    assert_eq!(flatcert::report::text::claim_grade(&evidence.claims[0]), "Proved");
}

#[test]
fn results_that_rest_on_exact_steps_have_their_grade() {
    use flatcert::harness::evidence::Grade;
    let ids = ["variational", "corollary-3/eq-31", "corollary-3/ratio", "lemma-3/powers"].map(String::from);
    let (evidence, _) = paper().unwrap().run(&Options { only: ids.to_vec(), ..options("") }, &|_, _, _| {}).unwrap();
    assert_eq!(evidence.claims.len(), 4);
    for claim in &evidence.claims {
        assert!(claim.grade.is_some_and(|g| g <= Grade::Instance), "{}: {:?}", claim.id, claim.grade);
    }
    // The power is defined as an exponential: Lemma 4 does not rest on that step.
    let entries = paper().unwrap().check("lemma-4/minus-power", &options("")).unwrap();
    assert!(entries.iter().all(|e| e.arithmetic == "exact rationals"), "decided in rationals");
}

#[test]
fn an_assumption_holds_fails_or_has_no_meaning_here() {
    use flatcert::arithmetic::Rational;
    use flatcert::harness::Assumption;
    use flatcert::instances::NetworkInstance;
    use flatcert::paper::section_4::setting::Setting;
    use flatcert::{network::Network, problem::Problem};
    use nalgebra::{DMatrix, DVector};
    // X = (1, 1), y = (2, 2): w* = 2, R_0 = 4.
    let (x, y) = (DMatrix::from_element(2, 1, 1.0), DVector::from_element(2, 2.0));
    let problem = std::sync::Arc::new(Problem::from_f64("toy", &x, &y).unwrap());
    let second = |weights: [i64; 2], head: i64| {
        let layers = weights.map(|w| DMatrix::from_element(1, 1, Rational::from(w))).to_vec();
        let network = Network::new(layers, DVector::from_element(1, Rational::from(head))).unwrap();
        Setting::of(&NetworkInstance::new(problem.clone(), network, "toy")).a2
    };
    assert_eq!(second([1, 1], 1), Assumption::Holds);
    // A head is outside of the section, not a violation.
    let outside = second([1, 1], 2);
    assert!(matches!(&outside, Assumption::OutOfSetting(_)), "{outside:?}");
    assert_eq!(outside.evaluation().verdict, Verdict::OutOfScope);
    for (weights, why) in [([3, 2], "R(W(0)) > R_0"), ([0, 0], "the gradient vanishes")] {
        let violated = second(weights, 1);
        assert!(matches!(&violated, Assumption::Fails(said) if said.contains(why)), "{violated:?}");
        assert_eq!(violated.evaluation().verdict, Verdict::Fails);
        assert_eq!(violated.refusal().unwrap().verdict, Verdict::OutOfScope);
    }
    let open = Assumption::Undecided("not known".into());
    assert_eq!((open.evaluation().verdict, open.refusal().unwrap().verdict), (Verdict::Undecided, Verdict::Undecided));
    let failing = Assumption::Fails("no".into());
    assert_eq!(open.clone().and(failing.clone()), failing);
    assert_eq!(Assumption::Holds.and(open.clone()), open);
    assert_eq!(failing.and(outside.clone()), outside);
}

#[test]
fn the_evidence_does_not_depend_on_the_number_of_threads() {
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            serde_json::to_string(&paper().unwrap().check("theorem-2-depth", &options("theorem-2-depth")).unwrap())
                .unwrap()
        })
    };
    assert_eq!(with(1), with(3));
}

#[test]
fn an_instance_replays_to_the_same_verdict() {
    let options = options("theorem-2-norms");
    let all = paper().unwrap().check("theorem-2-norms", &options).unwrap();
    for row in all.iter().filter(|r| r.verdict != Verdict::OutOfScope).step_by(97) {
        let again = paper().unwrap().replay(&row.id, &options).unwrap().instance;
        assert_eq!((again.verdict, again.margin), (row.verdict, row.margin), "{}", row.id);
    }
}
