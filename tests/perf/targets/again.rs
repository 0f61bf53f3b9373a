//! Whether memory grows: ten lists of everything again, then a million changes.

use super::{Stage, open, run};
use crate::driver::Terminal;
use crate::error::Result;
use crate::report::{Line, kilobytes, line};
use std::time::Duration;

/// Lists again because a person asks for them, and because the watch is too old.
const ASKED: u64 = 7;
const EXPIRED: u64 = 3;
/// Changes.
const CHANGES: u64 = 1_000_000;
/// As many a second as the mock can write, about.
const RATE: u64 = 20_000;
/// How long memory may take to be given back.
const SETTLE: Duration = Duration::from_secs(5);

pub fn measure(stage: &mut Stage) -> Result<Vec<Line>> {
    let mut terminal = open(&stage.program()?)?;
    let first = settled(&mut terminal)?;
    for _ in 0..ASKED {
        relist(stage, &mut terminal, |_, terminal| run(terminal, "retry").map(drop))?;
    }
    for _ in 0..EXPIRED {
        relist(stage, &mut terminal, |stage, _| stage.server.set("gone", 1).and_then(|()| stage.server.rate(100)))?;
        stage.server.rate(0)?;
    }
    let again = settled(&mut terminal)?;
    let before = stage.server.tally()?;
    stage.server.rate(RATE)?;
    stage.until(&mut terminal, |tally| tally.since(&before, "changes") >= CHANGES)?;
    stage.server.rate(0)?;
    let changed = settled(&mut terminal)?;
    // A twentieth is what two equal runs differ by.
    let flat = |now: u64, before: u64| now <= before + before / 20;
    Ok(vec![
        line("RSS after the first list", kilobytes(first)),
        line(format!("RSS after {} lists more", ASKED + EXPIRED), kilobytes(again))
            .target("no growth", flat(again, first)),
        line("RSS after a million changes more", kilobytes(changed)).target("no growth", flat(changed, again)),
    ])
}

/// Makes it list everything again, and waits until it watches again.
fn relist(
    stage: &mut Stage,
    terminal: &mut Terminal,
    make: impl Fn(&mut Stage, &mut Terminal) -> Result<()>,
) -> Result<()> {
    let before = stage.server.tally()?;
    make(stage, terminal)?;
    stage.until(terminal, |tally| tally.since(&before, "lists") > 0 && tally.since(&before, "watches") > 0)
}

/// The resident memory after some rest, in kB.
fn settled(terminal: &mut Terminal) -> Result<u64> {
    terminal.wait(SETTLE);
    Ok(terminal.usage().ok_or("the program ended")?.rss)
}
