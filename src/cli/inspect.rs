//! `flatcert inspect`.
use super::{Outcome, arguments};
use flatcert::Error;

pub fn inspect(_a: &arguments::Inspect) -> Outcome {
    Err(Error::internal("waiting for the loaders").into())
}
