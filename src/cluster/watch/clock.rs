//! Notices that this computer slept: the wall clock went on and the monotonic one did not.

use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::time::{Instant, sleep};

/// How often the clocks are compared. Every watch does it at the same moments of the wall clock, so that all of them
/// cost one wake-up.
const TICK: Duration = Duration::from_secs(2);
/// How far the clocks may part between two looks.
const JUMP: Duration = Duration::from_secs(10);

/// The two clocks at the last look.
pub(super) struct Clock {
    wall: fn() -> SystemTime,
    seen: (SystemTime, Instant),
}

impl Clock {
    /// A clock that reads the wall clock by `wall`.
    pub(super) fn new(wall: fn() -> SystemTime) -> Self {
        Self { wall, seen: (wall(), Instant::now()) }
    }

    /// Returns when the wall clock has run ahead by more than ten seconds.
    pub(super) async fn jumped(&mut self) {
        loop {
            let past = (self.wall)().duration_since(UNIX_EPOCH).unwrap_or_default();
            let into = u64::try_from(past.as_millis() % TICK.as_millis()).unwrap_or(0);
            sleep(TICK.saturating_sub(Duration::from_millis(into))).await;
            if self.look() {
                return;
            }
        }
    }

    /// Compares the clocks with the last look.
    fn look(&mut self) -> bool {
        let (wall, monotonic) = std::mem::replace(&mut self.seen, ((self.wall)(), Instant::now()));
        let (now, then) = self.seen;
        let ran = now.duration_since(wall).unwrap_or_default();
        ran.saturating_sub(then.duration_since(monotonic)) > JUMP
    }
}
