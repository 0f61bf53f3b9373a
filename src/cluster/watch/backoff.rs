//! How long to wait before a failed request is made again.

use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

const FIRST: Duration = Duration::from_millis(800);
const LONGEST: Duration = Duration::from_secs(30);

/// Waits that double from 0.8 s to 30 s (the figures of client-go's reflector); of each between a half and the whole
/// is waited, so that many watches that fail together do not come back together.
#[derive(Debug)]
pub(super) struct Backoff(Duration);

impl Backoff {
    pub(super) const fn new() -> Self {
        Self(FIRST)
    }

    /// The next wait.
    pub(super) fn next(&mut self) -> Duration {
        let whole = self.0;
        self.0 = (whole * 2).min(LONGEST);
        spread(whole)
    }
}

/// A random duration between a half of `whole` and `whole`.
pub(super) fn spread(whole: Duration) -> Duration {
    // A new `RandomState` has new keys: the standard library's own source of randomness.
    let random = RandomState::new().hash_one(0_u8) % 1_000;
    whole / 2 + whole / 2 * u32::try_from(random).unwrap_or(0) / 1_000
}
