//! No step of the integrator allocates: eight times the steps, the same bytes.

use flatcert::flow::dormand_prince::{Stepper, Tolerances};
use flatcert::flow::drive::{Limits, drive};
use flatcert::flow::gradient_flow::Descent;
use flatcert::flow::tableau::Tableau;
use flatcert::flow::{Layout, Stop};
use flatcert::network::initialise;
use flatcert::problem::Problem;
use nalgebra::DVector;
use std::ops::ControlFlow;

#[global_allocator]
static ALLOCATOR: cap::Cap<std::alloc::System> = cap::Cap::new(std::alloc::System, usize::MAX);

#[test]
fn steps_do_not_allocate() {
    let problem = Problem::appendix_c(50, 5, 3).expect("full rank");
    let start =
        initialise::small_scale(&[5, 5, 5, 5, 5, 1], DVector::from_element(1, 1.0), 0.01, 2, 7).expect("a layer");
    let spent = |steps: u64| {
        let mut descent = Descent::new(&problem, &start).expect("inputs match");
        let state = Layout::flatten(&start);
        let limits = Limits {
            level: None,
            t_end: None,
            max_steps: steps,
            max_evaluations: u64::MAX,
            wall_clock: None,
            interrupt: None,
            patience: f64::INFINITY,
        };
        let tolerances = Tolerances { rtol: 1e-8, atol: 1e-10 };
        let before = ALLOCATOR.total_allocated();
        let mut stepper = Stepper::new(&Tableau::dormand_prince(), state, 53, &mut descent);
        let ended = drive(&mut stepper, &mut descent, tolerances, &limits, |_| ControlFlow::Continue(()));
        assert_eq!((ended.stop, ended.statistics.steps), (Stop::Steps, steps));
        ALLOCATOR.total_allocated() - before
    };
    assert_eq!(spent(25), spent(200));
}
