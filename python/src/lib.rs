//! The extension module `flatcert._flatcert`: arrays in, the JSON of the command line out. Everything a user sees is in `flatcert/__init__.py`.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod arrays;
mod interruptible;

use arrays::{matrices, matrix, vector};
use flatcert::flow::FlowOptions;
use flatcert::loss::{Loss, Scale};
use flatcert::problem::LoadOptions;
use interruptible::{interruptible, without_gil};
use numpy::{PyArray2, PyReadonlyArray1, PyReadonlyArray2, PyUntypedArrayMethods};
use pyo3::exceptions::{PyRuntimeError, PyValueError};
use pyo3::prelude::*;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Bad input is `ValueError` with the command line's own line; a bug in flatcert is `RuntimeError`.
fn raise(e: flatcert::Error) -> PyErr {
    if e.is_internal() { PyRuntimeError::new_err(e.to_string()) } else { PyValueError::new_err(e.to_string()) }
}

fn json(value: &impl serde::Serialize) -> PyResult<String> {
    serde_json::to_string(value).map_err(|e| PyRuntimeError::new_err(e.to_string()))
}

/// Data X (n x d) and y (n), prepared once.
#[pyclass(frozen, module = "flatcert._flatcert")]
struct Problem(Arc<flatcert::problem::Problem>);

#[pymethods]
impl Problem {
    /// From arrays. X is read where it is if it is C- or Fortran-contiguous.
    #[new]
    #[pyo3(signature = (x, y))]
    fn new(py: Python<'_>, x: PyReadonlyArray2<'_, f64>, y: PyReadonlyArray1<'_, f64>) -> PyResult<Self> {
        use flatcert::problem::Problem as Made;
        let shape = (x.shape()[0], x.shape()[1]);
        let y = vector(&y);
        let made = match x.as_slice() {
            Ok(rows) if x.is_c_contiguous() => without_gil(py, || Made::from_rows("data", shape, rows, y.as_slice())),
            Ok(columns) => without_gil(py, || Made::from_columns("data", shape, columns, y.as_slice())),
            Err(_) => {
                let x = matrix(&x);
                without_gil(py, || Made::from_f64("data", &x, &y))
            }
        };
        Ok(Self(Arc::new(made?.map_err(raise)?)))
    }

    /// From files, as `--x` and `--y` read them.
    #[staticmethod]
    #[pyo3(signature = (x, y, standardise = false))]
    fn load(py: Python<'_>, x: PathBuf, y: PathBuf, standardise: bool) -> PyResult<Self> {
        let options = LoadOptions { standardise, ..Default::default() };
        let made = interruptible(py, None, move || flatcert::problem::Problem::load(&x, &y, &options))?;
        Ok(Self(Arc::new(made.map_err(raise)?)))
    }
}

/// Layers W_1, ..., W_L (each d_k x d_{k-1}) and the head w (d_L).
#[pyclass(frozen, module = "flatcert._flatcert")]
struct Network(Arc<flatcert::network::Network<f64>>);

#[pymethods]
impl Network {
    /// From arrays; without a head, `w = (1)`, where d_L = 1.
    #[new]
    #[pyo3(signature = (layers, head = None, transposed = false))]
    fn new(
        layers: Vec<PyReadonlyArray2<'_, f64>>,
        head: Option<PyReadonlyArray1<'_, f64>>,
        transposed: bool,
    ) -> PyResult<Self> {
        let layers = matrices(&layers, transposed)?;
        let head = arrays::head(head.as_ref(), &layers)?;
        Ok(Self(Arc::new(flatcert::network::Network::new(layers, head).map_err(raise)?)))
    }

    /// From a file, as `--weights` and `--head` read it.
    #[staticmethod]
    #[pyo3(signature = (weights, head = None))]
    fn load(weights: PathBuf, head: Option<PathBuf>) -> PyResult<Self> {
        let network = flatcert::network::Network::load(&weights, head.as_deref()).map_err(raise)?;
        Ok(Self(Arc::new(network)))
    }

    /// W_1, ..., W_L as new arrays.
    fn layers<'py>(&self, py: Python<'py>) -> PyResult<Vec<Bound<'py, PyArray2<f64>>>> {
        self.0.layers().iter().map(|w| arrays::to_numpy(py, w)).collect()
    }
}

/// The `inspect` object of the command line, as JSON.
#[pyfunction]
#[pyo3(signature = (problem, network, *, top, eta, loss, weight_decay))]
fn inspect(
    py: Python<'_>,
    problem: &Problem,
    network: &Network,
    top: usize,
    eta: Option<f64>,
    loss: &str,
    weight_decay: f64,
) -> PyResult<String> {
    let scale = match loss {
        "mean" => Scale::Mean,
        "half" => Scale::Half,
        "sum" => Scale::Sum,
        _ => return Err(PyValueError::new_err(format!("loss: {loss:?}, expected \"mean\", \"half\" or \"sum\""))),
    };
    let asked = flatcert::inspect::Options { top, eta, loss: Loss { scale, weight_decay }, ..Default::default() };
    let (problem, network) = (problem.0.clone(), network.0.clone());
    let found = interruptible(py, None, move || flatcert::inspect::inspect_with(&problem, &network, &asked))?;
    json(&found.map_err(raise)?.0)
}

/// The sharpness alone: lower end, upper end.
#[pyfunction]
fn sharpness(py: Python<'_>, problem: &Problem, network: &Network) -> PyResult<(f64, f64)> {
    use flatcert::arithmetic::Enclosure;
    let (problem, network) = (problem.0.clone(), network.0.clone());
    let options = flatcert::hessian::Options::default();
    let found = interruptible(py, None, move || flatcert::hessian::sharpness(&problem, &network, &options))?;
    let value = found.map_err(raise)?.value;
    Ok((value.lo(), value.hi()))
}

/// The certified number of eigenvalues of the Hessian above a threshold: at least, at most.
#[pyfunction]
fn above(py: Python<'_>, problem: &Problem, network: &Network, threshold: f64) -> PyResult<(usize, usize)> {
    let (problem, network) = (problem.0.clone(), network.0.clone());
    let found = interruptible(py, None, move || flatcert::hessian::above(&problem, &network, threshold))?;
    let count = found.map_err(raise)?;
    Ok((count.least, count.most))
}

/// The gradient flow from these weights: the `flow` object of the command line as JSON, and the last weights.
#[pyfunction]
#[pyo3(signature = (problem, network, *, rtol, atol, gap, t_end, max_steps, time_budget))]
#[allow(clippy::too_many_arguments)] // One for each option of the command line; Python passes them by name.
fn flow(
    py: Python<'_>,
    problem: &Problem,
    network: &Network,
    rtol: f64,
    atol: f64,
    gap: f64,
    t_end: Option<f64>,
    max_steps: u64,
    time_budget: Option<f64>,
) -> PyResult<(String, Network)> {
    let flag = Arc::new(AtomicBool::new(false));
    let wall_clock = match time_budget.map(Duration::try_from_secs_f64) {
        None => None,
        Some(Ok(d)) if !d.is_zero() => Some(d),
        Some(_) => return Err(PyValueError::new_err("time_budget: expected a positive number of seconds")),
    };
    let options = FlowOptions {
        rtol,
        atol,
        gap: Some(gap),
        t_end,
        max_steps,
        wall_clock,
        interrupt: Some(flag.clone()),
        ..FlowOptions::default()
    };
    options.validate().map_err(raise)?;
    let (problem, network) = (problem.0.clone(), network.0.clone());
    let stop: &dyn Fn() = &|| flag.store(true, Ordering::Relaxed);
    let followed = interruptible(py, Some(stop), move || {
        flatcert::follow::follow(&problem, &network, &options, &mut |_| std::ops::ControlFlow::Continue(()))
    })?;
    let (trajectory, account) = followed.map_err(raise)?;
    Ok((json(&account)?, Network(Arc::new(trajectory.final_network))))
}

/// See `flatcert/__init__.py`.
#[pymodule]
fn _flatcert(m: &Bound<'_, PyModule>) -> PyResult<()> {
    m.add("__version__", env!("CARGO_PKG_VERSION"))?;
    m.add_class::<Problem>()?;
    m.add_class::<Network>()?;
    m.add_function(wrap_pyfunction!(inspect, m)?)?;
    m.add_function(wrap_pyfunction!(sharpness, m)?)?;
    m.add_function(wrap_pyfunction!(above, m)?)?;
    m.add_function(wrap_pyfunction!(flow, m)?)
}
