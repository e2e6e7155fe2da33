//! Any bytes, as a file of any name, give data, a network, or one line that says why not.
//!
//! Run with `cargo fuzz run readers` (on stable: `RUSTC_BOOTSTRAP=1`); `-malloc_limit_mb=256` also catches allocations from claimed sizes.
#![no_main]

use flatcert::input::{Source, read};
use flatcert::network::Network;
use flatcert::problem::{LoadOptions, Problem};
use libfuzzer_sys::fuzz_target;

const EXTENSIONS: [&str; 5] = ["npy", "npz", "safetensors", "csv", "dat"];

/// Problems larger than this are read, but not solved: solving them is slow, not wrong.
const LARGEST: usize = 64;

fn check<T>(result: flatcert::Result<T>) -> Option<T> {
    result
        .map_err(|e| {
            let text = e.to_string();
            assert!(!e.is_internal() && !text.contains('\n'), "{text}");
        })
        .ok()
}

fuzz_target!(|data: &[u8]| {
    let Some((&first, bytes)) = data.split_first() else { return };
    let extension = EXTENSIONS[usize::from(first) % EXTENSIONS.len()];
    let path = std::env::temp_dir().join(format!("flatcert-fuzz-{}.{extension}", std::process::id()));
    if std::fs::write(&path, bytes).is_err() {
        return;
    }
    check(Network::load(&path, None));
    let array = check(read(&Source::parse(&path), &["X", "x"]));
    if array.is_some_and(|a| a.shape.iter().product::<usize>() <= LARGEST) {
        for standardise in [false, true] {
            check(Problem::load(&path, &path, &LoadOptions { standardise, ..LoadOptions::default() }));
        }
    }
});
