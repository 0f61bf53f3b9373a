//! The logs of a hundred pods together.

use super::figures::{Figures, Many};
use super::look::{count, streams};
use super::{LINES, PATIENCE, PODS, RATE, key, open, program};
use crate::data::{Change, Cluster};
use crate::driver::Terminal;
use crate::error::Result;
use crate::place::Place;
use crate::server::Server;
use crate::stats::{per_second, percent};
use std::time::{Duration, Instant};

/// Follows them for so many seconds: all lines have to be there at the end.
pub fn follow(
    server: &mut Server,
    place: &Place,
    (cluster, seconds): (Cluster, u64),
    figures: &mut Figures,
) -> Result<()> {
    server.set("selected", PODS)?;
    let sidecars = (0..PODS).filter(|index| cluster.pod(*index, Change::default()).sidecar).count() as u64;
    let all = PODS + sidecars;
    let mut terminal = Terminal::start(&program(place, "deployments")?, LINES)?;
    let tally = server.tally()?;
    let began = Instant::now();
    open(&mut terminal)?;
    terminal.until(PATIENCE, |screen| streams(screen) == (all, all)).ok_or("not all streams became live")?;
    let opened = began.elapsed();
    let requests = server.tally()?.since(&tally, "requests");
    let before = terminal.usage().ok_or("it ended")?;
    let (began, first) = (Instant::now(), count(terminal.screen()));
    server.set("logs", RATE / all)?;
    while began.elapsed() < Duration::from_secs(seconds) {
        figures.keys_many.add([key(&mut terminal)?]);
        terminal.wait(Duration::from_millis(40));
    }
    let (time, received) = (began.elapsed(), count(terminal.screen()) - first);
    let after = terminal.usage().ok_or("it ended")?;
    server.set("logs", 0)?;
    terminal.wait(Duration::from_secs(2));
    figures.many.push(Many {
        streams: all,
        opened,
        requests,
        sent: server.tally()?.since(&tally, "lines"),
        shown: count(terminal.screen()),
        received: per_second(received, time),
        cpu: percent(after.cpu.saturating_sub(before.cpu), time),
        rss: terminal.usage().map_or(0, |usage| usage.rss),
    });
    Ok(())
}
