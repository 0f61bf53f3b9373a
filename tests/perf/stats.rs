//! Medians and percentiles of times, rates and percents.

use std::time::Duration;

/// Times of one measure over several runs.
#[derive(Debug, Clone, Default)]
pub struct Times(Vec<Duration>);

impl Times {
    /// Adds what was seen.
    pub fn add(&mut self, times: impl IntoIterator<Item = Duration>) {
        self.0.extend(times);
        self.0.sort_unstable();
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The middle one.
    pub fn median(&self) -> Option<Duration> {
        self.percentile(50)
    }

    /// The smallest time that at least `percent` of all do not exceed (nearest rank).
    pub fn percentile(&self, percent: usize) -> Option<Duration> {
        let rank = (self.0.len() * percent).div_ceil(100).max(1);
        self.0.get(rank - 1).copied()
    }

    /// The smallest and the greatest.
    pub fn range(&self) -> Option<(Duration, Duration)> {
        self.0.first().copied().zip(self.0.last().copied())
    }
}

/// So many of something in that time, by the second.
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
pub fn per_second(count: u64, time: Duration) -> f64 {
    count as f64 / time.as_secs_f64()
}

/// How many percent of a processor that is.
pub fn percent(cpu: Duration, time: Duration) -> f64 {
    100.0 * cpu.as_secs_f64() / time.as_secs_f64()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_by_the_second_and_parts_in_percent() {
        let time = Duration::from_secs(4);
        assert_eq!(
            (per_second(10, time).to_string(), percent(time / 8, time).to_string()),
            ("2.5".into(), "12.5".into())
        );
    }

    #[test]
    fn percentiles_are_those_of_the_nearest_rank() {
        let mut times = Times::default();
        assert_eq!(times.median(), None);
        times.add((1..=100).rev().map(Duration::from_millis));
        assert_eq!(times.percentile(99), Some(Duration::from_millis(99)));
        assert_eq!(times.median(), Some(Duration::from_millis(50)));
        assert_eq!(times.range(), Some((Duration::from_millis(1), Duration::from_millis(100))));
        times.add((0..100).map(|_| Duration::from_millis(500)));
        assert_eq!(times.percentile(99), Some(Duration::from_millis(500)));
    }
}
