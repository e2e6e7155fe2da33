//! A computation that leaves Python running: the GIL is released, and Ctrl-C is heard.

use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

/// How often Python is asked whether somebody pressed Ctrl-C.
const LOOK: Duration = Duration::from_millis(50);

/// Nested products of matrices recurse a little deeper than the 2 MiB that a thread has by default.
const STACK: usize = 16 << 20;

/// Runs `work` on a thread of its own and waits for it without the GIL. On Ctrl-C, `stop` asks the work to end; the exception is raised
/// at once, and work that cannot be asked goes on unseen until it is done (it owns its data).
pub fn interruptible<T: Send + 'static>(
    py: Python<'_>,
    stop: Option<&dyn Fn()>,
    work: impl FnOnce() -> T + Send + 'static,
) -> PyResult<T> {
    let (send, receive) = channel();
    std::thread::Builder::new()
        .stack_size(STACK)
        .spawn(move || {
            // Nobody waits any more after Ctrl-C.
            let _ = send.send(work());
        })
        .map_err(|e| PyRuntimeError::new_err(format!("no thread could be started: {e}")))?;
    // The GIL is released while this waits; a receiver is not shared between threads, so it is lent through a lock.
    let receive = std::sync::Mutex::new(receive);
    loop {
        let answer = py.detach(|| match receive.lock() {
            Ok(receiver) => receiver.recv_timeout(LOOK),
            Err(_) => Err(RecvTimeoutError::Disconnected),
        });
        match answer {
            Ok(value) => return Ok(value),
            Err(RecvTimeoutError::Timeout) => {
                if let Err(signal) = py.check_signals() {
                    if let Some(stop) = stop {
                        stop();
                    }
                    return Err(signal);
                }
            }
            Err(RecvTimeoutError::Disconnected) => {
                return Err(PyRuntimeError::new_err("internal error, please report it: the computation panicked"));
            }
        }
    }
}

/// Runs `work`, which borrows arrays of Python, on a thread of its own without the GIL; Ctrl-C is heard when it is done.
pub fn without_gil<T: Send>(py: Python<'_>, work: impl FnOnce() -> T + Send) -> PyResult<T> {
    let done = py.detach(|| {
        std::thread::scope(|scope| {
            let started = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work);
            started.map(std::thread::ScopedJoinHandle::join)
        })
    });
    py.check_signals()?;
    match done {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(_)) => Err(PyRuntimeError::new_err("internal error, please report it: the computation panicked")),
        Err(e) => Err(PyRuntimeError::new_err(format!("no thread could be started: {e}"))),
    }
}
