//! The table: each figure with its target, and whether it is met.

use crate::error::Result;
use crate::list::{BUSY, FIRST_ROWS, Figures};
use crate::session::Rest;
use crate::stats::Times;
use std::fmt;
use std::time::Duration;

/// A line of the table.
pub struct Line {
    what: String,
    value: String,
    target: Option<Target>,
}

/// What a figure should be.
struct Target {
    text: String,
    met: bool,
}

/// The table.
#[derive(Default)]
pub struct Report {
    lines: Vec<(&'static str, Line)>,
    failures: Vec<String>,
}

impl Report {
    /// Adds what was measured in a part, or why nothing was.
    pub fn add(&mut self, part: &'static str, lines: Result<Vec<Line>>) {
        match lines {
            Ok(lines) => self.lines.extend(lines.into_iter().map(|line| (part, line))),
            Err(error) => self.failures.push(format!("{part}: {error}")),
        }
    }

    /// Whether every target is met; what was not measured is missed.
    pub fn met(&self) -> bool {
        let mut targets = self.lines.iter().filter_map(|(_, line)| line.target.as_ref());
        self.failures.is_empty() && targets.all(|target| target.met)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut before = "";
        for (part, line) in &self.lines {
            if std::mem::replace(&mut before, part) != *part {
                writeln!(f, "\n{part}")?;
            }
            let (target, met) = line
                .target
                .as_ref()
                .map_or(("", ""), |target| (target.text.as_str(), if target.met { "met" } else { "MISSED" }));
            writeln!(f, "{}", format!("  {:<48} {:<34} {target:<14} {met}", line.what, line.value).trim_end())?;
        }
        self.failures.iter().try_for_each(|failure| writeln!(f, "not measured: {failure}"))
    }
}

/// The lines of what was measured of a long list.
pub fn rows(figures: &Figures) -> Vec<Line> {
    let mut lines = times(figures);
    lines.extend(keys(figures));
    lines.extend(idle(figures));
    lines.extend(memory(figures));
    lines
        .extend(figures.failures.iter().map(|failure| line("not measured", failure.clone()).target("measured", false)));
    lines
}

fn times(figures: &Figures) -> Vec<Line> {
    let curl = figures.curl.median();
    let ratio = |times: &Times| Some(times.median()?.as_secs_f64() / curl?.as_secs_f64());
    let first = figures.first_rows.median();
    let page = figures.row.median().zip(figures.curl_page.median());
    let soon = page.is_some_and(|(row, curl)| row <= curl + Duration::from_millis(30));
    vec![
        line("curl, the JSON list to /dev/null", spread(&figures.curl)),
        line("rutter get pods -A -o name", spread(&figures.get)),
        line("  ratio to curl", factor(ratio(&figures.get))),
        line("start to first text on screen", spread(&figures.text)),
        line("curl, limit=64", spread(&figures.curl_page)),
        line("start to first row on screen", spread(&figures.row)).target("curl + 30 ms", soon),
        line(format!("start to first {FIRST_ROWS} rows on screen"), spread(&figures.first_rows))
            .target("< 20 ms", first.is_some_and(|time| time < Duration::from_millis(20))),
        line("start to all rows on screen", spread(&figures.full)),
        line("  ratio to curl", factor(ratio(&figures.full)))
            .target("<= 0.8x", ratio(&figures.full).is_some_and(|ratio| ratio <= 0.8)),
        line("start to all rows, from JSON", spread(&figures.full_in_json)),
        line("  ratio to curl", factor(ratio(&figures.full_in_json)))
            .target("<= 2x", ratio(&figures.full_in_json).is_some_and(|ratio| ratio <= 2.0)),
    ]
}

fn keys(figures: &Figures) -> Vec<Line> {
    let series = [
        ("at rest".to_owned(), 8, &figures.keys_at_rest),
        ("while loading".to_owned(), 16, &figures.keys_loading),
        (format!("at {BUSY} changes/s"), 16, &figures.keys_busy),
    ];
    let key = |(when, limit, times): (String, u64, &Times)| {
        let value = match times.median().zip(times.percentile(99)) {
            Some((half, most)) => format!("{} / {} ({} keys)", show(half), show(most), times.len()),
            None => "-".to_owned(),
        };
        // A percentile of a handful of keys says nothing.
        let met = times.len() >= 60 && times.percentile(99).is_some_and(|time| time <= Duration::from_millis(limit));
        line(format!("key to screen, {when}, p50 / p99"), value).target(&format!("p99 <= {limit} ms"), met)
    };
    series.into_iter().map(key).collect()
}

fn idle(figures: &Figures) -> Vec<Line> {
    let worst = |of: fn(&Rest) -> f64| figures.rests.iter().map(of).reduce(f64::max);
    let most = |of: fn(&Rest) -> u64| figures.rests.iter().map(of).max();
    let seconds = figures.rests.first().map_or(0, |rest| rest.time.as_secs());
    let (frames, wakeups) = (most(|rest| rest.frames), worst(|rest| rest.wakeups));
    let (bytes, writes) = (most(|rest| rest.bytes), most(|rest| rest.writes));
    let silent = (frames, bytes) == (Some(0), Some(0));
    let value = frames.zip(bytes).zip(writes).map(|((f, b), w)| format!("{f} / {b} / {w}"));
    vec![
        line(format!("idle for {seconds} s: frames / bytes / writes"), value.unwrap_or("-".to_owned()))
            .target("0", silent),
        line("idle: wake-ups per second", wakeups.map_or("-".to_owned(), |it| format!("{it:.1}")))
            .target("<= 2", wakeups.is_some_and(|it| it <= 2.0)),
        line("idle: processor", worst(|rest| rest.cpu).map_or("-".to_owned(), |it| format!("{it:.2} %"))),
    ]
}

fn memory(figures: &Figures) -> Vec<Line> {
    let megabytes = |kb: Option<u64>| kb.map_or("-".to_owned(), kilobytes);
    let held = figures.held.map_or("-".to_owned(), |it| format!("{:.0} ({:.1} allocations)", it.bytes, it.allocations));
    let requests = figures.requests.map(|[requests, lists, watches, bytes]| {
        format!("{requests} / {lists} / {watches} / {} MB", bytes / 1_000_000)
    });
    vec![
        line("peak RSS", megabytes(figures.peak)).target("<= 40 MB", figures.peak.is_some_and(|kb| kb <= 40_000)),
        line("settled RSS", megabytes(figures.settled)),
        line("bytes per pod row", held).target("<= 250", figures.held.is_some_and(|it| it.bytes <= 250.0)),
        line("requests / pages / watches / bytes of a session", requests.unwrap_or("-".to_owned())),
    ]
}

/// A line without a target.
pub fn line(what: impl Into<String>, value: String) -> Line {
    Line { what: what.into(), value, target: None }
}

impl Line {
    /// What the figure should be, and whether it is.
    pub fn target(mut self, text: &str, met: bool) -> Self {
        self.target = Some(Target { text: text.to_owned(), met });
        self
    }
}

/// The median, and the spread behind it.
pub fn spread(times: &Times) -> String {
    match times.median().zip(times.range()) {
        Some((median, (least, most))) => format!("{} ({} to {})", show(median), show(least), show(most)),
        None => "-".to_owned(),
    }
}

fn factor(ratio: Option<f64>) -> String {
    ratio.map_or("-".to_owned(), |ratio| format!("{ratio:.2}x"))
}

/// Kilobytes as megabytes.
pub fn kilobytes(kb: u64) -> String {
    format!("{}.{} MB", kb / 1_000, kb / 100 % 10)
}

/// Seconds above one, else milliseconds.
pub fn show(time: Duration) -> String {
    if time.as_secs() > 0 {
        format!("{:.2} s", time.as_secs_f64())
    } else {
        format!("{:.1} ms", time.as_secs_f64() * 1_000.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::memory::Held;

    fn good() -> Figures {
        let times = |milliseconds: u64, count: usize| {
            let mut times = Times::default();
            times.add(std::iter::repeat_n(Duration::from_millis(milliseconds), count));
            times
        };
        let rest = Rest { time: Duration::from_secs(10), frames: 0, bytes: 0, writes: 0, wakeups: 0.5, cpu: 0.01 };
        Figures {
            curl: times(700, 3),
            first_rows: times(15, 3),
            curl_page: times(9, 3),
            row: times(15, 3),
            full: times(500, 3),
            full_in_json: times(1_300, 3),
            keys_at_rest: times(2, 80),
            keys_loading: times(9, 80),
            keys_busy: times(4, 80),
            rests: vec![rest],
            peak: Some(39_000),
            held: Some(Held { bytes: 180.0, peak: 200.0, allocations: 3.0 }),
            ..Figures::default()
        }
    }

    #[test]
    fn all_targets_met_is_met_and_each_missed_one_is_not() {
        let report = |figures: &Figures| {
            let mut report = Report::default();
            report.add("rows", Ok(rows(figures)));
            report
        };
        assert!(report(&good()).met(), "{}", report(&good()));
        let mut slow = good();
        slow.full.add(std::iter::repeat_n(Duration::from_millis(600), 9));
        let mut few_keys = good();
        few_keys.keys_loading = Times::default();
        let mut awake = good();
        awake.rests[0].bytes = 1;
        let fat = Figures { peak: Some(40_001), ..good() };
        let unmeasured = Figures { held: None, ..good() };
        for figures in [slow, few_keys, awake, fat, unmeasured] {
            let report = report(&figures);
            assert!(!report.met() && report.to_string().matches("MISSED").count() == 1, "{report}");
        }
        let mut failed = report(&good());
        failed.add("rest", Err("it ended".into()));
        assert!(!failed.met() && failed.to_string().ends_with("not measured: rest: it ended\n"), "{failed}");
    }
}
