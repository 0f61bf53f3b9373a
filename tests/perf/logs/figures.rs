//! What was measured of logs, and the table with the targets.

use super::{MILLION, PODS, RATE};
use crate::error::Result;
use crate::report::{Line, Report, kilobytes, line, show};
use crate::rutter::thousands;
use crate::stats::Times;
use std::time::Duration;

/// Everything that was measured.
#[derive(Default)]
pub struct Figures {
    /// Bytes kept of a line beside its text.
    pub bytes_per_line: f64,
    /// The most lines that were held, and the most memory then, in kB.
    pub lines: u64,
    pub rss: Option<u64>,
    /// Lines per second that were taken in, run by run.
    pub received: Vec<f64>,
    /// From a key to its frame while they came.
    pub keys_live: Times,
    /// From a key to the frame with its answer, with a million lines.
    pub search_nothing: Times,
    pub search_far: Times,
    pub scroll: Times,
    pub filters: Times,
    /// A hundred pods, run by run, and keys meanwhile.
    pub many: Vec<Many>,
    pub keys_many: Times,
    /// What could not be measured, and why.
    pub failures: Vec<String>,
}

/// A hundred pods.
#[derive(Debug, Default)]
pub struct Many {
    /// Containers followed.
    pub streams: u64,
    /// Until all were live.
    pub opened: Duration,
    /// Requests until then.
    pub requests: u64,
    /// Lines that the server sent, and lines on the screen.
    pub sent: u64,
    pub shown: u64,
    /// Lines per second.
    pub received: f64,
    /// Processor while they came, in percent of one.
    pub cpu: f64,
    /// Memory at the end, in kB.
    pub rss: u64,
}

impl Figures {
    /// Keeps the reason when something could not be measured.
    pub fn seen(&mut self, what: &str, result: Result<()>) {
        self.failures.extend(result.err().map(|error| format!("{what}: {error}")));
    }
}

/// The table.
pub fn report(figures: &Figures) -> Report {
    let mut report = Report::default();
    report.add("one log", Ok(one(figures)));
    report.add("many logs", Ok(many(figures)));
    for failure in &figures.failures {
        report.add("logs", Err(failure.as_str().into()));
    }
    report
}

fn one(figures: &Figures) -> Vec<Line> {
    let held = format!("{} lines", thousands(figures.lines));
    let least = figures.received.iter().copied().reduce(f64::min);
    let fits = figures.lines >= MILLION && figures.rss.is_some_and(|kb| kb <= 256_000);
    let received = least.map_or("-".to_owned(), |rate| format!("{rate:.0}/s"));
    vec![
        line(format!("RSS with {held}"), figures.rss.map_or("-".to_owned(), kilobytes)).target("<= 256 MB", fits),
        line("bytes kept of a line beside its text", format!("{:.1}", figures.bytes_per_line)),
        line(format!("lines received of {RATE}/s, one log, least"), received)
            .target(">= 95,000/s", least.is_some_and(|rate| rate >= 95_000.0)),
        keys("key to frame meanwhile", &figures.keys_live, 16),
        keys("search for what is not there", &figures.search_nothing, 30),
        keys("search for what stands in an old line", &figures.search_far, 30),
        keys("filter to frame, 1,000,000 lines", &figures.filters, 30),
        keys("scroll by a line to frame, 1,000,000 lines", &figures.scroll, 4),
    ]
}

fn many(figures: &Figures) -> Vec<Line> {
    let Some(worst) = figures.many.iter().max_by_key(|many| many.sent.abs_diff(many.shown)) else {
        return vec![line(format!("{PODS} pods together"), "-".to_owned()).target("all lines", false)];
    };
    let most = |of: fn(&Many) -> f64| figures.many.iter().map(of).fold(0.0, f64::max);
    let opened = figures.many.iter().map(|many| many.opened).max().unwrap_or_default();
    vec![
        line(
            format!("{PODS} pods, {} containers: lines shown of those sent", worst.streams),
            format!("{} of {}", thousands(worst.shown), thousands(worst.sent)),
        )
        .target("all", worst.shown == worst.sent),
        line("  until all are live / requests", format!("{} / {}", show(opened), worst.requests)),
        line(
            "  lines per second",
            format!("{:.0}", figures.many.iter().map(|it| it.received).fold(f64::MAX, f64::min)),
        ),
        keys("  key to frame meanwhile", &figures.keys_many, 16),
        line("  processor meanwhile", format!("{:.0} %", most(|many| many.cpu))),
        line("  RSS at the end", kilobytes(figures.many.iter().map(|many| many.rss).max().unwrap_or(0))),
    ]
}

/// The middle and the 99th of a hundred, which should be at most so many milliseconds.
fn keys(what: &str, times: &Times, most: u64) -> Line {
    let both = times.median().zip(times.percentile(99));
    let value = both.map_or("-".to_owned(), |(half, all)| format!("{} / {} ({})", show(half), show(all), times.len()));
    let met = times.percentile(99).is_some_and(|time| time <= Duration::from_millis(most));
    line(format!("{what}, p50 / p99"), value).target(&format!("p99 <= {most} ms"), met)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn good() -> Figures {
        let times = |milliseconds| {
            let mut times = Times::default();
            times.add([Duration::from_millis(milliseconds); 9]);
            times
        };
        Figures {
            lines: MILLION,
            rss: Some(180_000),
            received: vec![99_000.0],
            keys_live: times(9),
            search_nothing: times(20),
            search_far: times(20),
            scroll: times(2),
            filters: times(20),
            many: vec![Many { sent: 5, shown: 5, ..Many::default() }],
            keys_many: times(9),
            ..Figures::default()
        }
    }

    #[test]
    fn all_targets_met_is_met_and_each_missed_one_is_not() {
        assert!(report(&good()).met(), "{}", report(&good()));
        let few = Figures { lines: MILLION - 1, ..good() };
        let fat = Figures { rss: Some(256_001), ..good() };
        let slow = Figures { received: vec![99_000.0, 50_000.0], ..good() };
        let lost = Figures { many: vec![Many { sent: 5, shown: 4, ..Many::default() }], ..good() };
        let unmeasured = Figures { scroll: Times::default(), ..good() };
        for figures in [few, fat, slow, lost, unmeasured] {
            let report = report(&figures);
            assert!(!report.met() && report.to_string().matches("MISSED").count() == 1, "{report}");
        }
    }
}
