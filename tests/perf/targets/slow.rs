//! A link of 100 ms and 10 Mbit/s: what is on the screen when, and whether keys wait.

use super::{PATIENCE, Stage, open};
use crate::driver::{Terminal, rows};
use crate::error::Result;
use crate::list;
use crate::report::{Line, line, show};
use crate::session::{self, LINES};
use crate::stats::Times;
use regex::Regex;
use std::time::Duration;

/// Milliseconds of a round trip.
const LATENCY: u64 = 100;
/// Bytes per second.
const BANDWIDTH: u64 = 1_250_000;
/// Rows that fit on the screen, less some lines.
const PAGE: usize = 40;
/// How long a key may take.
const TARGET: Duration = Duration::from_millis(16);
/// For how long the rest is watched while it comes.
const LOOK: Duration = Duration::from_secs(10);

pub fn measure(stage: &mut Stage) -> Result<Vec<Line>> {
    stage.server.set("gzip", 1)?;
    let fast = zipped_when_fast(stage)?;
    for (knob, value) in [("latency", LATENCY), ("bandwidth", BANDWIDTH)] {
        stage.server.set(knob, value)?;
    }
    let curl = list::run(&mut stage.server.curl_protobuf(&format!("/api/v1/pods?limit={LINES}")), None)?;
    let before = stage.server.tally()?;
    let program = stage.program()?;
    let mut terminal = Terminal::start(&program, LINES)?;
    let started = terminal.started;
    let seen = terminal.until(PATIENCE, |screen| rows(screen, &program.row) >= PAGE).ok_or("no rows ever showed")?;
    let first = seen.duration_since(started);
    let asked = stage.server.tally()?.since(&before, "requests");
    terminal.wait(LOOK / 2);
    let mut keys = Times::default();
    keys.add(session::keys(&mut terminal, &program)?);
    terminal.wait(LOOK / 2);
    let progress = Regex::new(r"filling [0-9]+ % of about [0-9,]+")?;
    let text = terminal.screen().contents();
    let progress = progress.find(&text).map(|found| found.as_str().to_owned());
    let zipped = stage.server.tally()?.since(&before, "zipped");
    let most = keys.percentile(99).unwrap_or(Duration::MAX);
    Ok(vec![
        line(format!("curl, protobuf, limit={LINES}"), show(curl)),
        line(format!("start to first {PAGE} rows on screen"), show(first))
            .target("curl + 30 ms", first <= curl + Duration::from_millis(30)),
        line("requests until then", asked.to_string()),
        line("key to screen while the rest comes, p99", show(most)).target("<= 16 ms", most <= TARGET),
        line("progress on the screen", progress.clone().unwrap_or("none".to_owned()))
            .target("shown", progress.is_some()),
        line("compressed lists", zipped.to_string()).target(">= 1", zipped > 0),
        line("compressed lists on the fast link", fast.to_string()).target("0", fast == 0),
    ])
}

/// How many lists are compressed on the fast link, where that would only cost the server.
fn zipped_when_fast(stage: &mut Stage) -> Result<u64> {
    let before = stage.server.tally()?;
    open(&stage.program()?)?;
    Ok(stage.server.tally()?.since(&before, "zipped"))
}
