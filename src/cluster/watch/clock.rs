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

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;
    use tokio::time::timeout;

    thread_local! {
        static WALL: Cell<u64> = const { Cell::new(1_000) };
    }

    fn wall() -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(WALL.get())
    }

    #[tokio::test(start_paused = true)]
    async fn sleep_is_noticed_and_nothing_else() {
        let mut clock = Clock::new(wall);
        assert!(timeout(Duration::from_mins(1), clock.jumped()).await.is_err(), "a wall clock that stands still");
        WALL.set(900);
        assert!(timeout(Duration::from_mins(1), clock.jumped()).await.is_err(), "one that is set back");
        WALL.set(909);
        assert!(timeout(Duration::from_mins(1), clock.jumped()).await.is_err(), "one that is corrected a little");
        WALL.set(2_000);
        assert!(timeout(Duration::from_secs(3), clock.jumped()).await.is_ok(), "one that ran ahead");
        assert!(timeout(Duration::from_mins(1), clock.jumped()).await.is_err(), "and only once");
    }
}
