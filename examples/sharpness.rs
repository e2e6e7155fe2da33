//! The sharpness of a network far from any minimiser, with its ends certified: `cargo run --release --example sharpness`.

use flatcert::arithmetic::Enclosure;
use flatcert::hessian::{Options, sharpness};
use flatcert::network::initialise;
use flatcert::problem::Problem;

fn main() -> flatcert::Result<()> {
    let problem = Problem::appendix_c(50, 5, 1)?;
    println!("n = {}, d = {}, lambda >= {}", problem.samples(), problem.dimension(), problem.lambda().lo());
    for depth in [2, 10, 50] {
        let network = initialise::residual(depth, initialise::unit_head(5, 1), 0.5, 1)?;
        let found = sharpness(&problem, &network, &Options::default())?;
        println!("L = {depth}: S in [{}, {}], by {}", found.value.lo(), found.value.hi(), found.method.name());
    }
    Ok(())
}
