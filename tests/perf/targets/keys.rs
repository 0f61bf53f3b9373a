//! Filters, letter by letter, and sorts, on all rows: from the key to the last of what it brings to the screen.

use super::{PATIENCE, QUIET, Stage, open, run};
use crate::driver::Terminal;
use crate::error::Result;
use crate::report::{Line, line, show};
use crate::stats::Times;
use std::time::Duration;

/// What one key may take.
const TARGET: Duration = Duration::from_millis(16);

/// A filter of each kind of term, as `docs/filter.md` lists them.
const FILTERS: [&str; 16] = [
    "cache",
    "cache crash",
    "!running",
    "\"search-worker\"",
    "1/2",
    "7f9",
    "status=Running",
    "status!=running",
    "name=search-*",
    "ns=tenant-0042",
    "node=i-00000*",
    "restarts>3",
    "ready<1",
    "age<1d",
    "label:app.kubernetes.io/name",
    "label:app.kubernetes.io/name=search",
];

/// The columns of pods, as `sort` calls them.
const COLUMNS: [&str; 9] =
    ["ready", "status", "restarts", "age", "ip", "node", "nominated-node", "readiness-gates", "name"];

pub fn measure(stage: &mut Stage) -> Result<Vec<Line>> {
    let mut terminal = open(&stage.program()?)?;
    terminal.wait(Duration::from_secs(2));
    let mut lines = Vec::new();
    let (mut all, mut worst) = (Times::default(), Worst::default());
    for filter in FILTERS {
        for (keys, time) in typed(&mut terminal, filter)? {
            all.add([time]);
            worst.see(time, keys);
        }
    }
    lines.push(worst.line(format!("each key of {} filters, p50 / p99", FILTERS.len()), &all));
    let (mut all, mut worst) = (Times::default(), Worst::default());
    for column in COLUMNS {
        // The second one turns it round.
        for way in ["", " again"] {
            let time = run(&mut terminal, &format!("sort {column}"))?;
            if terminal.screen().contents().contains("there is no column") {
                return Err(format!("pods have no column {column}").into());
            }
            all.add([time]);
            worst.see(time, format!("{column}{way}"));
        }
    }
    lines.push(worst.line(format!("sort by {} columns, both ways, p50 / p99", COLUMNS.len()), &all));
    Ok(lines)
}

/// The time of each key of a filter, and of the one that clears it.
fn typed(terminal: &mut Terminal, filter: &str) -> Result<Vec<(String, Duration)>> {
    terminal.send("/")?;
    terminal.settle(QUIET, PATIENCE);
    let mut times = Vec::new();
    for end in filter.char_indices().map(|(at, c)| at + c.len_utf8()) {
        let typed = filter.get(..end).unwrap_or_default();
        let key = typed.chars().next_back().map(String::from).unwrap_or_default();
        times.push((typed.to_owned(), terminal.answered(&key, QUIET, PATIENCE)?));
    }
    times.push((format!("esc after {filter}"), terminal.answered("\u{1b}", QUIET, PATIENCE)?));
    Ok(times)
}

/// What took longest.
#[derive(Default)]
struct Worst {
    time: Duration,
    what: String,
}

impl Worst {
    fn see(&mut self, time: Duration, what: String) {
        if time > self.time {
            *self = Self { time, what };
        }
    }

    fn line(&self, what: String, all: &Times) -> Line {
        let [half, most] = [50, 99].map(|percent| all.percentile(percent).map_or("-".to_owned(), show));
        let value = format!("{half} / {most}; {} by {}", show(self.time), self.what);
        line(what, value).target("all <= 16 ms", all.len() > 0 && self.time <= TARGET)
    }
}
