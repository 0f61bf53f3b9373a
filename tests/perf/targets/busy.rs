//! 5,000 changes a second for a minute: what that costs, and whether anything was lost.

use super::{PATIENCE, Stage, open};
use crate::data::{Change, Cluster, State};
use crate::driver::Terminal;
use crate::error::Result;
use crate::report::{Line, line};
use crate::stats::{per_second, percent};
use std::collections::HashMap;
use std::time::{Duration, Instant};

/// Changes a second.
pub const RATE: u64 = 5_000;
const MINUTE: Duration = Duration::from_mins(1);
/// How long the program may need to get into it, and to take in what is on its way.
const SETTLE: Duration = Duration::from_secs(3);
/// Pages of the list that are compared with what the mock told.
const PAGES: u64 = 200;
/// The key that turns a page.
const PAGE_DOWN: &str = "\u{6}";

pub fn measure(stage: &mut Stage) -> Result<Vec<Line>> {
    let mut terminal = open(&stage.program()?)?;
    terminal.wait(SETTLE);
    let shown = 0..stage.cluster.pods.min(PAGES * 50);
    let listed = stage.server.told(shown.clone())?;
    stage.server.rate(RATE)?;
    terminal.wait(SETTLE);
    terminal.compare_frames();
    let (before, output, tally) = (terminal.usage().ok_or(GONE)?, terminal.output, stage.server.tally()?);
    let began = Instant::now();
    terminal.wait(MINUTE);
    let (after, tally) = (terminal.usage().ok_or(GONE)?, stage.server.tally()?.since(&tally, "changes"));
    let took = began.elapsed();
    let frames = terminal.output.frames - output.frames;
    let vain = terminal.output.vain - output.vain;
    stage.server.rate(0)?;
    terminal.wait(SETTLE);
    let told = stage.server.told(shown)?;
    let found = compare(&mut terminal, &stage.cluster, &changed(&listed, &told))?;
    let all = percent(after.cpu.saturating_sub(before.cpu), took);
    let lane = percent(after.first.saturating_sub(before.first), took);
    let rate = per_second(frames, took);
    Ok(vec![
        line("changes per second", format!("{:.0}", per_second(tally, took))),
        line("processor, in all", format!("{all:.1} %")).target("<= 25 %", all <= 25.0),
        line("processor, the loop", format!("{lane:.1} %")).target("<= 5 %", lane <= 5.0),
        line("frames per second", format!("{rate:.1}")).target("<= 60", rate <= 60.0),
        line("  frames that changed nothing", vain.to_string()).target("0", vain == 0),
        line(
            "rows compared / that had changed / wrong",
            format!("{} / {} / {}", found.rows, found.changed, found.wrong),
        )
        .target("0 wrong", found.wrong == 0 && found.changed > 0),
    ])
}

const GONE: &str = "the program ended";

/// The versions that pods have on the screen by right: 0 for those of which nothing was told since the list.
fn changed(listed: &[u64], told: &[u64]) -> Vec<u64> {
    listed.iter().zip(told).map(|(listed, told)| if listed == told { 0 } else { *told }).collect()
}

/// What was found on the screen.
#[derive(Debug, Default, PartialEq)]
struct Found {
    rows: usize,
    changed: usize,
    wrong: usize,
}

/// Goes through the list from the top, and compares what it shows with what was told.
fn compare(terminal: &mut Terminal, cluster: &Cluster, versions: &[u64]) -> Result<Found> {
    let mut rights: HashMap<String, (String, bool)> =
        (0..).zip(versions).map(|(index, version)| right(cluster, index, *version)).collect();
    let mut found = Found::default();
    for _ in 0..PAGES {
        let text = terminal.screen().contents();
        text.lines().for_each(|row| check(row, &mut rights, &mut found));
        if rights.is_empty() {
            break;
        }
        terminal.send(PAGE_DOWN)?;
        if terminal.until(Duration::from_secs(1), |screen| screen.contents() != text).is_none() {
            break;
        }
        terminal.settle(Duration::from_millis(2), PATIENCE);
    }
    Ok(found)
}

/// The namespace and name of a pod, READY and RESTARTS as they should be, and whether it changed.
fn right(cluster: &Cluster, index: u64, version: u64) -> (String, (String, bool)) {
    let pod = cluster.pod(index, Change::told(version, cluster.pods));
    let containers = 1 + u8::from(pod.sidecar);
    let ready = u8::from(pod.ready) + u8::from(pod.sidecar && pod.state == State::Running);
    // Of the others it is the state that says it, and they never change.
    let cells =
        if pod.state == State::Running { format!("{ready}/{containers} {}", pod.restarts) } else { String::new() };
    (format!("{} {}", pod.namespace, pod.name), (cells, version > 0))
}

/// Compares a row, once.
fn check(row: &str, rights: &mut HashMap<String, (String, bool)>, found: &mut Found) {
    let words: Vec<&str> = row.split_whitespace().collect();
    let [namespace, name, ready, _, restarts, ..] = words.as_slice() else { return };
    let Some((right, changed)) = rights.remove(&format!("{namespace} {name}")) else { return };
    found.rows += 1;
    found.changed += usize::from(changed);
    found.wrong += usize::from(!right.is_empty() && right != format!("{ready} {restarts}"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_that_was_lost_is_found() {
        let cluster = Cluster { seed: 7, pods: 300, now: 1_800_000_000 };
        let running = |index: &u64| cluster.pod(*index, Change::default()).state == State::Running;
        let index = (0..300).find(running).unwrap();
        let change = |version| right(&cluster, index, version);
        let look = |seen: u64, told: u64| {
            let (name, (cells, _)) = change(seen);
            let (ready, restarts) = cells.split_once(' ').unwrap();
            let (mut rights, mut found) = (HashMap::from([change(told)]), Found::default());
            check(&format!(" {name}  {ready}  Running  {restarts} (2m ago)  5d"), &mut rights, &mut found);
            found
        };
        assert_eq!(look(902, 902), Found { rows: 1, changed: 1, wrong: 0 });
        assert_eq!(look(0, 902), Found { rows: 1, changed: 1, wrong: 1 });
        assert_eq!(look(902, 903).wrong, 1, "only readiness differs");
        assert_eq!(changed(&[0, 5, 5], &[7, 5, 9]), [7, 0, 9]);
    }
}
