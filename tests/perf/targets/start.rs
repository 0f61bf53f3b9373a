//! The start: what the process needs before it does anything, and how large the binary is.

use super::{PATIENCE, Stage};
use crate::driver::Terminal;
use crate::error::Result;
use crate::report::{Line, line, show, spread};
use crate::session::LINES;
use crate::stats::Times;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

/// How often it is started.
const TIMES: u32 = 20;
/// The unit in which the kernel tells the time of processes that ended.
const TICK: Duration = Duration::from_millis(10);

pub fn measure(stage: &mut Stage) -> Result<Vec<Line>> {
    let program = stage.program()?;
    let user = version(&stage.place.rutter)?;
    let mut frames = Times::default();
    for _ in 0..TIMES {
        let mut terminal = Terminal::start(&program, LINES)?;
        let started = terminal.started;
        let text = terminal.until(PATIENCE, |screen| !screen.contents().trim().is_empty());
        frames.add(text.map(|at| at.duration_since(started)));
    }
    let size = Path::new(&stage.place.rutter).metadata()?.len();
    let met = frames.median().is_some_and(|time| time <= Duration::from_millis(30));
    Ok(vec![
        line("rutter --version, user time", show(user)).target("<= 5 ms", user <= Duration::from_millis(5)),
        line("start to first frame", spread(&frames)).target("<= 30 ms", met),
        line("the binary", format!("{}.{} MB", size / 1_000_000, size / 100_000 % 10))
            .target("<= 16 MB", size <= 16_000_000),
    ])
}

/// The user time of `--version`, on average.
fn version(binary: &str) -> Result<Duration> {
    let before = children()?;
    for _ in 0..TIMES {
        let status = Command::new(binary).arg("--version").stdout(Stdio::null()).status()?;
        if !status.success() {
            return Err(format!("{binary} --version failed: {status}").into());
        }
    }
    Ok(children()?.saturating_sub(before) / TIMES)
}

/// The user time of the processes that this one started, and that have ended.
fn children() -> Result<Duration> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    // Behind the name, which may hold spaces: the 14th number is `cutime`.
    let numbers = stat.rsplit_once(')').map_or("", |(_, numbers)| numbers);
    let ticks: u32 = numbers.split_whitespace().nth(13).ok_or("the kernel tells no times")?.parse()?;
    Ok(TICK * ticks)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_of_a_process_that_ended_counts() {
        let before = children().unwrap();
        let busy = "i=0; while [ $i -lt 200000 ]; do i=$((i + 1)); done";
        Command::new("sh").args(["-c", busy]).status().unwrap();
        assert!(children().unwrap() > before);
    }
}
