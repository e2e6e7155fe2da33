//! The audit itself put to the test: toy steps whose truth is known, true, false, at a tie, without a domain.

use crate::arithmetic::{Big, Enclosure, Rational, Real, Ring};
use crate::formula::{Edit, Range, Reduction, abs, cases, fraction, max, min, var};
use crate::harness::claim::{Context, Evaluation, Profile, Statement};
use crate::harness::evidence::{Grade, Verdict};
use crate::harness::steps::domain::{Over, Scalars};
use crate::harness::steps::equality::{Equality, Exact, scalar};
use crate::harness::steps::how::{How, Plant};
use crate::harness::steps::inequality::{Inequality, Margins, Pair, TIED};
use crate::harness::steps::sample::{Draw, Sample, of};
use crate::harness::steps::scene::over;
use crate::harness::steps::step::{Missing, Step};
use crate::harness::steps::tie::Tie;
use nalgebra::DMatrix;
use num_traits::One;

/// The sides of a toy inequality.
type Sides = fn(&mut Draw<'_>, How, u32) -> Margins;

/// A short run under a fixed seed.
fn quick() -> Context {
    Context::new(Profile::Quick, 7)
}

/// The verdicts at all instances of a short run, at a strength.
fn verdicts<S: Statement>(s: &S, strength: i64) -> Vec<Verdict> {
    let list = s.instances(&quick());
    assert!(!list.is_empty());
    list.iter().map(|i| s.evaluate(i, &Rational::from(strength)).verdict).collect()
}

/// The sides of a toy identity.
type Both = fn(&mut Draw<'_>) -> Exact;

/// A toy inequality on samples of two sizes.
fn inequality(sides: fn(&mut Draw<'_>, How, u32) -> Margins) -> Inequality {
    Inequality { id: "toy", sizes: &[&[1], &[2]], sides, how: How::Printed }
}

/// What a toy inequality says of the sample of these numbers.
fn one(sides: fn(&mut Draw<'_>, How, u32) -> Margins, numbers: &[i64]) -> Evaluation {
    let sample = Sample { sizes: vec![1], numbers: numbers.iter().map(|v| Rational::from(*v)).collect() };
    inequality(sides).evaluate(&sample, &Rational::one())
}

#[test]
fn a_true_inequality_holds_and_a_false_one_is_refuted_by_the_generated_samples() {
    fn square(d: &mut Draw<'_>, _: How, bits: u32) -> Margins {
        let x = d.number();
        Pair::exact(&(&x * &x), &Rational::from(0), bits).into()
    }
    fn itself(d: &mut Draw<'_>, _: How, bits: u32) -> Margins {
        let x = d.number();
        Pair::new(of(&x, bits), of(&Rational::from(0), bits)).into()
    }
    assert!(verdicts(&inequality(square), 1).iter().all(|v| *v == Verdict::Holds));
    assert!(verdicts(&inequality(itself), 1).contains(&Verdict::Fails));
}

#[test]
fn a_tie_holds_weakly_and_fails_strictly() {
    let sides: [(Sides, Verdict); 8] = [
        (
            |d, _, bits| {
                let x = d.number();
                Pair::exact(&x, &x, bits).into()
            },
            Verdict::Holds,
        ),
        (
            |d, _, bits| {
                let x = d.number();
                Pair::exact(&x, &x, bits).strictly().into()
            },
            Verdict::Fails,
        ),
        (
            |d, _, bits| {
                let x = of(&d.number(), bits);
                Pair::new(x.clone(), x).strictly().into()
            },
            Verdict::Fails,
        ),
        // sqrt(3)^2 against 3: no enclosure decides, whatever the precision.
        (
            |d, _, bits| {
                let x = of(&d.number(), bits);
                Pair::new(x.sqrt() * x.sqrt(), x).into()
            },
            Verdict::Undecided,
        ),
        (
            |d, _, bits| {
                let q = d.number();
                let x = of(&q, bits);
                Pair::new(x.sqrt() * x.sqrt(), x).or_exactly(Tie::Order(q.clone(), q)).into()
            },
            Verdict::Holds,
        ),
        (
            |d, _, bits| {
                let q = d.number();
                let x = of(&q, bits);
                Pair::new(x.sqrt() * x.sqrt(), x).strictly().or_exactly(Tie::Order(q.clone(), q)).into()
            },
            Verdict::Fails,
        ),
        // sqrt(3) + sqrt(12) = sqrt(27).
        (
            |d, _, bits| {
                let q = |n: i64| Rational::from(n);
                let x = d.number();
                let root = |n: i64| of(&(q(n) * x.clone()), bits).sqrt();
                let terms = [(1, 1), (1, 4), (-1, 9)].map(|(c, r)| (q(c), q(r) * x.clone()));
                Pair::new(root(1) + root(4), root(9)).or_exactly(Tie::Roots(terms.to_vec())).into()
            },
            Verdict::Holds,
        ),
        // Equal, but the argument does not show it.
        (
            |d, _, bits| {
                let x = of(&d.number(), bits);
                let other = Tie::Same(Rational::from(1), Rational::from(2));
                Pair::new(x.sqrt() * x.sqrt(), x).or_exactly(other).into()
            },
            Verdict::Undecided,
        ),
    ];
    for (at, (sides, expected)) in sides.into_iter().enumerate() {
        assert_eq!(one(sides, &[3]).verdict, expected, "case {at}");
    }
}

/// An argument that claims an equality.
fn equality() -> Tie {
    Tie::Order(Rational::one(), Rational::one())
}

#[test]
fn what_is_known_at_a_tie_cannot_overrule_an_enclosure() {
    let e = one(
        |d, _, bits| Pair::new(of(&d.number(), bits), of(&d.number(), bits)).or_exactly(equality()).into(),
        &[1, 2],
    );
    assert_eq!(e.verdict, Verdict::Fails);
    assert_eq!(e.arithmetic, "MPFR 96");
}

#[test]
fn the_evidence_names_an_exact_argument() {
    let tied: Sides = |d, _, bits| {
        let q = d.number();
        let x = of(&q, bits);
        Pair::new(x.sqrt() * x.sqrt(), x).or_exactly(Tie::Order(q.clone(), q)).into()
    };
    let e = one(tied, &[3]);
    assert_eq!((e.verdict, e.arithmetic.as_str()), (Verdict::Holds, TIED));
    // The margin is that of an equality from the side that holds.
    assert!(e.margin.is_some_and(|m| m.lo() == 0.0), "{:?}", e.margin);
    // Where the root is a rational the enclosure decides, and is named.
    assert_eq!(one(tied, &[4]).arithmetic, "MPFR 96");
}

#[test]
fn what_is_known_at_a_tie_does_not_decide_a_wide_enclosure() {
    let wide: fn(&mut Draw<'_>, How, u32) -> Margins = |d, _, bits| {
        let x = of(&d.number(), bits);
        Pair::new(x.hull(&(x.clone() + Big::one())), x + of(&Rational::new(1, 2), bits)).or_exactly(equality()).into()
    };
    assert_eq!(one(wide, &[3]).verdict, Verdict::Undecided);
}

#[test]
fn one_failing_pair_among_many_fails_and_is_the_one_shown() {
    let e = one(
        |d, _, bits| {
            let x = of(&d.number(), bits);
            let two = of(&Rational::from(2), bits);
            Margins::All(vec![Pair::new(&two * &x, x.clone()), Pair::new(x.clone(), two * &x), Pair::new(x.clone(), x)])
        },
        &[3],
    );
    assert_eq!(e.verdict, Verdict::Fails);
    assert!(e.margin.is_some_and(|m| m.hi() < -0.49), "{:?}", e.margin);
}

#[test]
fn nothing_passes_without_evidence() {
    assert_eq!(one(|_, _, _| Margins::All(Vec::new()), &[]).verdict, Verdict::Undecided);
    assert_eq!(one(|_, _, _| Margins::OutOfScope("no"), &[]).verdict, Verdict::OutOfScope);
    // 0/0 is the whole line.
    let e = one(
        |d, _, bits| {
            let x = of(&d.number(), bits);
            Pair::new(&x / &x, x).into()
        },
        &[0],
    );
    assert_eq!(e.verdict, Verdict::Undecided);
    let sides: Both = |_| Exact::Sides(Vec::new());
    let empty = Equality { id: "toy", sizes: &[&[1]], sides };
    assert!(verdicts(&empty, 1).iter().all(|v| *v == Verdict::Undecided));
}

#[test]
fn agreement_is_to_many_digits() {
    let near = |e: i32| -> Verdict {
        let close: fn(&mut Draw<'_>, How, u32) -> Margins = if e == 80 {
            |d, _, bits| {
                let x = of(&d.number(), bits);
                Pair::agree(&x, &(&x + of(&Rational::one(), bits).scale(-80)), bits).into()
            }
        } else {
            |d, _, bits| {
                let x = of(&d.number(), bits);
                Pair::agree(&x, &(&x + of(&Rational::one(), bits).scale(-50)), bits).into()
            }
        };
        one(close, &[1]).verdict
    };
    assert_eq!((near(80), near(50)), (Verdict::Holds, Verdict::Fails));
}

#[test]
fn identities_are_decided_by_shape_and_entries() {
    let equality = |sides: Both| Equality { id: "toy", sizes: &[&[2], &[3]], sides };
    fn transposed(d: &mut Draw<'_>) -> Exact {
        let n = d.size(0);
        let (a, b) = (d.matrix(n, 2), d.matrix(2, n));
        Exact::Sides(vec![((&a * &b).transpose(), b.transpose() * a.transpose())])
    }
    fn swapped(d: &mut Draw<'_>) -> Exact {
        let n = d.size(0);
        let (a, b) = (d.matrix(n, n), d.matrix(n, n));
        Exact::Sides(vec![(&a * &b, &b * &a)])
    }
    fn other_shape(d: &mut Draw<'_>) -> Exact {
        let v = d.matrix(1, 4);
        Exact::Sides(vec![(v.clone(), v.transpose()), (scalar(Rational::one()), scalar(Rational::one()))])
    }
    fn torn(_: &mut Draw<'_>) -> Exact {
        Exact::DoesNotChain("shapes (2, 3) and (2, 3)".into())
    }
    let all = |sides: Both, v: Verdict| verdicts(&equality(sides), 1).iter().all(|x| *x == v);
    assert!(all(transposed, Verdict::Holds));
    assert!(all(swapped, Verdict::Fails));
    assert!(all(other_shape, Verdict::Fails));
    assert!(all(torn, Verdict::Fails));
    let e = equality(transposed);
    let sample = &e.instances(&quick())[0];
    // One point alone promises less than the grade does; the points of a shape are counted together.
    let point = e.evaluate(sample, &Rational::one()).point.unwrap();
    assert_eq!((point.shape.as_str(), point.error_log2), ("[2]", 1.0 - 63.0));
    assert_eq!(e.instances(&quick()).iter().filter(|s| s.sizes == [2]).count(), 3);
}

#[test]
fn degrees_are_those_of_the_sides() {
    fn sixth(d: &mut Draw<'_>) -> Exact {
        let x = d.number();
        Exact::Sides(vec![(scalar(x.powi(6)), scalar(x.powi(3) * x.powi(3)))])
    }
    /// `1/a + 1/b = (a + b)/(a b)` at `a = x^2 + 1`, `b = y^2 + 1`: numerators of degree 2 over a denominator of
    /// degree 4.
    fn reciprocals(d: &mut Draw<'_>) -> Exact {
        let (a, b) = (d.number().powi(2) + 1, d.number().powi(2) + 1);
        let sum = 1 / &a + 1 / &b;
        Exact::Sides(vec![(scalar(sum), scalar((&a + &b) / (a * b)))])
    }
    /// A power of a floor: the tracked degree is that of a constant; the bits show it.
    fn floored(d: &mut Draw<'_>) -> Exact {
        let x = Rational::from(d.number().as_rug().clone().floor());
        Exact::Sides(vec![(scalar(x.powi(6)), scalar(x.powi(3) * x.powi(3)))])
    }
    let degree = |sides: Both| {
        let e = Equality { id: "toy", sizes: &[&[1]], sides };
        let sample = &e.instances(&quick())[0];
        (e.evaluate(sample, &Rational::one()).point.unwrap().error_log2 + 63.0).exp2().round()
    };
    assert_eq!((degree(sixth), degree(reciprocals)), (6.0, 6.0));
    assert!(degree(floored) >= 5.0);
}

/// Greater and lesser side of `(x - 1/2)^2 + 1 >= 1`, or of `>= 1 + 1/20` with an error planted.
fn parabola(v: &[Big], how: How) -> (Big, Big) {
    let (x, one) = (v[0].clone(), Big::one());
    // x (1 - x) <= 1/4, as (x - 1/2)^2 >= 0; planted: 1/5 in place of 1/4.
    let half = x - of(&Rational::new(1, 2), 128);
    let slack =
        if how.plants(Plant::WrongConstant) { of(&Rational::new(1, 20), 128) } else { of(&Rational::from(0), 128) };
    (&half * &half + &one, one + slack)
}

#[test]
fn a_domain_is_proved_or_refuted_at_a_point_of_small_rationals() {
    let over =
        |how| Over { variables: &["x"], domain: |_| vec![(Rational::from(0), Rational::one())], sides: parabola, how };
    let planted = over(How::Planted(Plant::WrongConstant));
    assert_eq!(verdicts(&planted, 1), [Verdict::Fails]);
    let point = planted
        .simpler(&Scalars::Domain)
        .into_iter()
        .find(|p| planted.evaluate(p, &Rational::one()).verdict == Verdict::Fails);
    assert!(matches!(point, Some(Scalars::Point(v)) if v == [Rational::new(1, 2)]));
    let outside = Scalars::Point(vec![Rational::from(2)]);
    assert_eq!(planted.evaluate(&outside, &Rational::one()).verdict, Verdict::OutOfScope);
    // A square is known to be nonnegative by its form only: shifted by 1/4 the box splits into provable halves.
    fn shifted(v: &[Big], how: How) -> (Big, Big) {
        let (g, l) = parabola(v, how);
        (g + of(&Rational::new(1, 4), 128), l)
    }
    let easy = Over {
        variables: &["x"],
        domain: |_| vec![(Rational::from(0), Rational::one())],
        sides: shifted,
        how: How::Printed,
    };
    assert_eq!(verdicts(&easy, 1), [Verdict::Holds]);
}

#[test]
fn a_counterexample_shrinks_to_small_numbers() {
    fn product(d: &mut Draw<'_>) -> Exact {
        let n = d.size(0);
        let (a, b) = (d.matrix(n, n), d.matrix(n, n));
        Exact::Sides(vec![(&a * &b, DMatrix::zeros(n, n))])
    }
    let e = Equality { id: "toy", sizes: &[&[1], &[3]], sides: product };
    let mut sample = e.instances(&quick()).pop().unwrap();
    for _ in 0..50 {
        match e.simpler(&sample).into_iter().find(|s| e.evaluate(s, &Rational::one()).verdict == Verdict::Fails) {
            Some(next) => sample = next,
            None => break,
        }
    }
    assert_eq!(sample, Sample { sizes: vec![1], numbers: vec![Rational::one(), Rational::one()] });
}

#[test]
fn rotations_are_orthogonal_and_unit_vectors_have_norm_one() {
    let sample = Sample::of(&[3], 5, crate::harness::steps::sample::Pattern::Spread, 3, 1);
    let mut d = Draw::new(&sample);
    let q = d.rotation(3);
    assert_eq!(&q * q.transpose(), DMatrix::<Rational>::identity(3, 3));
    let v = d.unit_vector(3);
    assert_eq!(v.dot(&v), Rational::one());
    assert_eq!(d.drawn(), 5);
}

/// A toy step.
fn step() -> Step<Missing> {
    Step::new("toy", "nowhere", &[])
}

/// A false equation of them may hold for one sign of the numbers drawn: what is rational by pieces is no identity.
#[test]
fn what_is_rational_by_pieces_is_tried_on_instances() {
    let x = var("x");
    let grade = |says| step().on(&[&[1]], over([Range::any("x")])).states(says).claim.forms[0].grade;
    for by_pieces in [abs(&x), max(&x, -&x), -min(&x, -&x), cases(x.at_least(0), &x, -&x)] {
        assert_eq!(grade(by_pieces.equals(&x)), Grade::Instance, "{by_pieces:?}");
    }
    assert_eq!(grade(x.pow(2).equals(&x * &x)), Grade::Identity);
}

/// A variable that no coordinate binds takes a number of its range, also where the lower end is left out.
#[test]
fn a_counterexample_is_found_beside_an_open_range() {
    let (x, unit) = (var("x"), Range::within("x", 0, 1));
    let above = |a: i64| Range { open: true, ..Range::from("t", a) };
    for (beside, number) in [
        (above(1), "t = 2"),
        (above(3), "t = 4"),
        (Range::half_open("t", 1, 3), "t = 3"),
        (Range::from("t", 2), "t = 2"),
        (Range::positive("t"), "t = 1"),
    ] {
        let domain = Reduction::on([unit.clone(), beside]).coordinate(unit.clone(), &x);
        let step = step().says(x.at_most(1), domain).edited(Plant::WrongConstant, Edit::Swap(1.into(), fraction(1, 2)));
        let list = step.claim.forms[1].prepare(&quick()).expect("a domain");
        assert_eq!(list.evaluate(0, &Rational::one()).verdict, Verdict::Fails, "{number}");
    }
}
