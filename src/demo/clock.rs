//! The demo's time: tokio's clock, so that a paused clock makes everything deterministic.

use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

/// Wall time counted from a start by tokio's clock.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    wall: Timestamp,
    start: Instant,
}

impl Clock {
    /// A clock that shows `wall` now (in whole seconds).
    pub fn starting_at(wall: Timestamp) -> Self {
        Self { wall: Timestamp::from_second(wall.as_second()).unwrap_or(wall), start: Instant::now() }
    }

    /// The wall time now.
    pub fn now(&self) -> Timestamp {
        self.at(Instant::now())
    }

    /// The wall time at a moment of tokio's clock.
    pub fn at(&self, moment: Instant) -> Timestamp {
        let elapsed = SignedDuration::try_from(moment.saturating_duration_since(self.start)).unwrap_or_default();
        self.wall.saturating_add(elapsed).unwrap_or(self.wall)
    }
}

/// A moment as `metav1.Time` writes it: whole seconds, UTC.
pub fn stamp(moment: Timestamp) -> String {
    Timestamp::from_second(moment.as_second()).unwrap_or(moment).to_string()
}

/// A moment as `metav1.MicroTime` writes it.
pub fn micro(moment: Timestamp) -> String {
    format!("{moment:.6}")
}

/// A number of seconds before (or, negative, after) a moment.
pub fn ago(moment: Timestamp, seconds: i64) -> Timestamp {
    moment.saturating_sub(SignedDuration::from_secs(seconds)).unwrap_or(moment)
}

/// Seconds from the moment that `text` names until `now`; none when it is no moment.
pub fn seconds_since(text: &str, now: Timestamp) -> Option<i64> {
    let then = text.parse::<Timestamp>().ok()?;
    Some(now.duration_since(then).as_secs())
}
