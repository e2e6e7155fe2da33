//! Values that several commands take.

use flatcert::nightly::Shard;
use std::time::Duration;

/// Seed of a run for which none is given: that of the tests, so that both see the same instances.
pub const SEED: u64 = 20_240_613;

/// A positive length of time, as `1h 30m`, for `--budget`.
pub(super) fn duration(s: &str) -> Result<Duration, String> {
    match humantime::parse_duration(s) {
        Ok(time) if time.is_zero() => Err("expected a positive time".into()),
        Ok(time) => Ok(time),
        Err(_) => Err("expected a time such as 90s, 20m or 1h".into()),
    }
}

/// `i/n` with `1 <= i <= n`, for `--shard`.
pub(super) fn shard(s: &str) -> Result<Shard, String> {
    s.parse::<Shard>().map_err(|e| e.to_string())
}
