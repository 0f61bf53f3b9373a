//! The moment that is shown.

use crate::kinds::Time;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::time::Instant;

/// This machine's clock, or in tests the paused one.
#[derive(Debug, Clone, Copy)]
pub enum Clock {
    /// This machine's.
    Wall,
    /// Tokio's, which showed this moment then.
    Tokio(Time, Instant),
}

impl Clock {
    /// The second that it is.
    pub fn now(self) -> Time {
        Time(i64::try_from(self.since_1970().as_secs()).unwrap_or(i64::MAX))
    }

    /// How long it is until the second `at` begins.
    pub fn until(self, at: Time) -> Duration {
        let at = Duration::from_secs(u64::try_from(at.0).unwrap_or_default());
        at.saturating_sub(self.since_1970())
    }

    fn since_1970(self) -> Duration {
        match self {
            Self::Wall => SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default(),
            Self::Tokio(Time(second), then) => {
                Duration::from_secs(u64::try_from(second).unwrap_or_default()) + then.elapsed()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_second_begins_when_it_begins() {
        let clock = Clock::Tokio(Time(100), Instant::now());
        tokio::time::advance(Duration::from_millis(1_300)).await;
        assert_eq!(clock.now(), Time(101));
        assert_eq!(clock.until(Time(102)), Duration::from_millis(700));
        assert_eq!(clock.until(Time(99)), Duration::ZERO);
    }
}
