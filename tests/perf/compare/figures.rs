//! The figures of the programs, side by side.

use crate::error::Error;
use crate::place::Place;
use crate::program::Description;
use crate::report::{kilobytes, show};
use crate::session::Rest;
use crate::stats::Times;
use std::fmt::Write;
use std::time::Duration;

/// What was measured of one program.
pub struct Column {
    /// Which.
    pub description: Description,
    version: String,
    /// From its start to the first text, the first row, all rows or its end.
    pub first: Times,
    pub row: Times,
    pub full: Times,
    /// Time on processors until then.
    pub cpu: Times,
    /// From a key to its effect, from the last letter of a filter to what it leaves.
    pub keys: Times,
    pub filters: Times,
    /// Idle windows.
    pub rests: Vec<Rest>,
    /// Memory in kB.
    pub peak: Option<u64>,
    pub settled: Option<u64>,
    /// Requests and bytes at the server in one run.
    pub requests: Option<(u64, u64)>,
    /// The same while the cluster changes, and how often it did in a second.
    pub busy_full: Times,
    pub busy_keys: Times,
    pub busy: Vec<Rest>,
    pub changes: Option<u64>,
    failures: Vec<String>,
}

impl Column {
    /// Nothing measured yet.
    pub fn new(description: Description, place: &Place) -> Self {
        let (peak, settled, requests) = (None, None, None);
        let [first, row, full, cpu, keys, filters, busy_full, busy_keys] = std::array::from_fn(|_| Times::default());
        let version = description.version(place);
        Self {
            description,
            version,
            first,
            row,
            full,
            cpu,
            keys,
            filters,
            rests: Vec::new(),
            peak,
            settled,
            requests,
            busy_full,
            busy_keys,
            busy: Vec::new(),
            changes: None,
            failures: Vec::new(),
        }
    }

    /// Keeps why a run failed, once.
    pub fn fail(&mut self, error: &Error) {
        let failure = format!("{}: {error}", self.description.name);
        if !self.failures.contains(&failure) {
            self.failures.push(failure);
        }
    }

    /// The worst of the idle windows.
    fn worst(&self, of: fn(&Rest) -> f64) -> Option<f64> {
        self.rests.iter().map(of).reduce(f64::max)
    }
}

/// A line: what it shows, and how it is read off a program, beside the first one.
type Line = (&'static str, fn(&Column, &Column) -> Option<String>);

const LINES: [Line; 19] = [
    ("version", |of, _| Some(of.version.clone())),
    ("first text", |of, _| of.first.median().map(show)),
    ("first row", |of, _| of.row.median().map(show)),
    ("all rows", |of, _| of.full.median().map(show)),
    ("  least", |of, _| of.full.range().map(|(least, _)| show(least))),
    ("  most", |of, _| of.full.range().map(|(_, most)| show(most))),
    ("  to the first program", |of, first| {
        let seconds = |column: &Column| column.full.median().map(|time| time.as_secs_f64());
        Some(format!("{:.2}x", seconds(of)? / seconds(first)?))
    }),
    ("processor until then", |of, _| of.cpu.median().map(show)),
    ("key to frame, p50 / p99", |of, _| pair(&of.keys, 99)),
    ("filter to frame, p50 / most", |of, _| pair(&of.filters, 100)),
    ("idle: frames / bytes", |of, _| {
        let most = |what: fn(&Rest) -> u64| of.rests.iter().map(what).max();
        Some(format!("{} / {}", most(|rest| rest.frames)?, most(|rest| rest.bytes)?))
    }),
    ("idle: wake-ups / s, processor", |of, _| {
        Some(format!("{:.1}, {:.2} %", of.worst(|rest| rest.wakeups)?, of.worst(|rest| rest.cpu)?))
    }),
    ("peak RSS", |of, _| of.peak.map(kilobytes)),
    ("settled RSS", |of, _| of.settled.map(kilobytes)),
    ("requests / bytes at the server", |of, _| {
        of.requests.map(|(n, bytes)| format!("{n} / {}", kilobytes(bytes / 1_000)))
    }),
    ("busy: changes / s", |of, _| of.changes.map(|changes| changes.to_string())),
    ("busy: all rows", |of, _| of.busy_full.median().map(show)),
    ("busy: key to frame, p50 / p99", |of, _| pair(&of.busy_keys, 99)),
    ("busy: frames / s, processor", |of, _| {
        let most = |what: fn(&Rest) -> f64| of.busy.iter().map(what).reduce(f64::max);
        Some(format!("{:.1}, {:.2} %", most(Rest::frame_rate)?, most(|rest| rest.cpu)?))
    }),
];

fn pair(times: &Times, percent: usize) -> Option<String> {
    let (half, most): (Duration, Duration) = times.median().zip(times.percentile(percent))?;
    Some(format!("{} / {}", show(half), show(most)))
}

/// The table, as Markdown, and what could not be measured.
pub fn table(columns: &[Column]) -> String {
    let mut text = String::new();
    let line = |text: &mut String, what: &str, cells: Vec<String>| {
        let _ = write!(text, "| {what:<31} |");
        for cell in cells {
            let _ = write!(text, " {cell:>20} |");
        }
        text.push('\n');
    };
    line(&mut text, "", columns.iter().map(|column| column.description.name.clone()).collect());
    line(&mut text, &"-".repeat(31), columns.iter().map(|_| "-".repeat(20)).collect());
    for (what, cell) in LINES {
        let cell = |column: &Column| columns.first().and_then(|first| cell(column, first)).unwrap_or("-".to_owned());
        line(&mut text, what, columns.iter().map(cell).collect());
    }
    for failure in columns.iter().flat_map(|column| &column.failures) {
        let _ = writeln!(text, "not measured: {failure}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_stand_side_by_side_and_what_failed_is_said() {
        let place = Place::example(10);
        let column = |milliseconds: u64| {
            let description = Description { version: Vec::new(), ..Description::read("curl").unwrap() };
            let mut column = Column::new(description, &place);
            column.full.add([Duration::from_millis(milliseconds)]);
            column
        };
        let (first, mut second) = (column(200), column(500));
        second.peak = Some(12_345);
        second.requests = Some((3, 4_000_000));
        second.fail(&"it fell over".into());
        second.fail(&"it fell over".into());
        let text = table(&[first, second]);
        assert!(text.contains("1.00x |                2.50x"), "{text}");
        assert!(text.contains("12.3 MB") && text.contains("3 / 4.0 MB"), "{text}");
        assert_eq!(text.matches("not measured: curl: it fell over").count(), 1);
    }
}
