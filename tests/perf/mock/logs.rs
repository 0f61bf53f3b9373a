//! The log of a container: lines that are computed from their number, at the rate that is set now.

use super::World;
use crate::random::Random;
use futures::{Stream, stream};
use hyper::body::Bytes;
use std::fmt::Write;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

/// Lines that are there before anybody follows.
const THERE: u64 = 1_000;
/// Lines are sent together this often.
const TICK: Duration = Duration::from_millis(10);
const PATHS: [&str; 5] = ["/api/v1/orders", "/api/v1/orders/search", "/healthz", "/api/v1/carts", "/metrics"];

/// What of a log is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Asked {
    /// At most so many of the lines that are there.
    pub tail: Option<u64>,
    /// Whether to stay for what comes.
    pub follow: bool,
    /// Whether each line begins with its time.
    pub timestamps: bool,
}

struct Follow {
    world: Arc<World>,
    rate: watch::Receiver<u64>,
    /// Since when the present rate holds, and how many lines were sent since.
    since: Instant,
    sent: u64,
    /// The number of the next line.
    next: u64,
    asked: Asked,
    now: i64,
    begun: Instant,
}

/// Lines with their times, one a millisecond, the first at `second`; about 150 bytes each.
pub fn log_lines(numbers: Range<u64>, second: i64) -> String {
    let mut out = String::new();
    numbers.for_each(|number| line(number, second, true, &mut out));
    out
}

/// A log: what is there, and when it is followed what comes.
pub fn stream(world: &Arc<World>, asked: Asked) -> impl Stream<Item = Bytes> + use<> {
    let now = world.writer.cluster.now;
    let mut there = String::new();
    let first = THERE - asked.tail.unwrap_or(THERE).min(THERE);
    (first..THERE).for_each(|number| line(number, now, asked.timestamps, &mut there));
    world.tally.lines.fetch_add(THERE - first, Ordering::Relaxed);
    let begun = Instant::now();
    let (rate, world) = (world.knobs.log_rate(), Arc::clone(world));
    let follow = Follow { world, rate, since: begun, sent: 0, next: THERE, asked, now, begun };
    let rest = stream::unfold(follow, |mut follow| async move { follow.next().await.map(|chunk| (chunk, follow)) });
    futures::StreamExt::chain(stream::iter([Bytes::from(there)]), rest)
}

impl Follow {
    /// Waits for the next lines; `None` when nobody follows.
    async fn next(&mut self) -> Option<Bytes> {
        while self.asked.follow {
            let rate = *self.rate.borrow_and_update();
            let tick = TICK.max(Duration::from_secs(1) / u32::try_from(rate.max(1)).unwrap_or(u32::MAX));
            tokio::select! {
                changed = self.rate.changed() => {
                    changed.ok()?;
                    (self.since, self.sent) = (Instant::now(), 0);
                }
                () = sleep_until(Instant::now() + tick), if rate > 0 => return Some(self.lines(rate)),
            }
        }
        None
    }

    /// The lines that are due since the rate was set.
    fn lines(&mut self, rate: u64) -> Bytes {
        let due = u64::try_from(self.since.elapsed().as_millis()).unwrap_or(u64::MAX).saturating_mul(rate) / 1_000;
        let second = self.now + i64::try_from(self.begun.elapsed().as_secs()).unwrap_or_default();
        let mut text = String::new();
        self.world.tally.lines.fetch_add(due.saturating_sub(self.sent), Ordering::Relaxed);
        while self.sent < due {
            line(self.next, second, self.asked.timestamps, &mut text);
            (self.sent, self.next) = (self.sent + 1, self.next + 1);
        }
        text.into()
    }
}

/// One line of an access log.
fn line(number: u64, second: i64, timestamp: bool, out: &mut String) {
    let mut random = Random::of(1, 9, number);
    let moment = jiff::Timestamp::new(second, i32::try_from(number % 1_000).unwrap_or(0) * 1_000_000);
    let moment = moment.unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    // Writing to a string cannot fail.
    if timestamp {
        let _ = write!(out, "{moment:.9} ");
    }
    let path = PATHS.get(usize::try_from(random.below(5)).unwrap_or(0)).copied().unwrap_or("/");
    let (level, status) = if random.below(50) == 0 { ("warn", 503) } else { ("info", 200) };
    let (took, trace) = (random.below(900), random.next());
    let _ = writeln!(
        out,
        "level={level} msg=\"request served\" line={number} method=GET path={path} status={status} took={took}ms trace={trace:016x}"
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_numbered_timed_and_of_a_usual_length() {
        let text = log_lines(0..1_000, 1_800_000_000);
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines.len() == 1_000 && (120..170).contains(&(text.len() / 1_000)), "{}", text.len());
        assert!(lines[7].starts_with("2027-01-15T08:00:00.007000000Z level="), "{}", lines[7]);
        assert!(lines[7].contains(" line=7 ") && lines.iter().filter(|line| line.contains("status=503")).count() > 5);
    }
}
