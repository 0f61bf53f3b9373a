//! The benchmark of a long list: rutter and curl on the same pods, run by run in turn.

use crate::driver::{Program, Terminal};
use crate::error::Result;
use crate::json::Writer;
use crate::memory::{self, Held};
use crate::report::{self, Line};
use crate::server::Server;
use crate::session::{self, LINES, Rest};
use crate::stats::Times;
use crate::targets::Stage;
use crate::{cli::ListArgs, rutter};
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Rows of the first page whose time is measured.
pub const FIRST_ROWS: u16 = 100;
/// Changes per second while keys are measured on a busy cluster.
pub const BUSY: u64 = 5_000;
/// How long the program may settle before it is said to rest, and before its memory is called settled.
const SETTLE: Duration = Duration::from_secs(8);

/// Everything that was measured.
#[derive(Default)]
pub struct Figures {
    /// curl moving the list, and its first page.
    pub curl: Times,
    pub curl_page: Times,
    /// `rutter get`, which takes in the list and prints it.
    pub get: Times,
    /// From the start to the first 100 rows on the screen.
    pub first_rows: Times,
    /// From the start to the first text, the first row, all rows.
    pub text: Times,
    pub row: Times,
    pub full: Times,
    /// All rows, where the list comes in JSON.
    pub full_in_json: Times,
    /// From a key to its effect.
    pub keys_at_rest: Times,
    pub keys_loading: Times,
    pub keys_busy: Times,
    /// Idle windows.
    pub rests: Vec<Rest>,
    /// Memory in kB: the most ever, and after settling.
    pub peak: Option<u64>,
    pub settled: Option<u64>,
    /// Bytes per row of the store.
    pub held: Option<Held>,
    /// Requests to the mock in one session, how many of them were pages of lists and watches, and bytes.
    pub requests: Option<[u64; 4]>,
    /// What could not be measured, and why.
    pub failures: Vec<String>,
}

/// Measures all of it.
///
/// # Errors
/// When the mock or curl does not work; what does not work in rutter becomes a failure in the figures.
pub fn measure(stage: &mut Stage) -> Result<Vec<Line>> {
    let program = stage.program()?;
    let binary = stage.place.rutter.clone();
    let mut figures = Figures::default();
    for number in 1..=stage.args.runs {
        eprintln!("perf: run {number} of {}", stage.args.runs);
        figures.curl.add([run(&mut stage.server.curl("/api/v1/pods?pretty=0"), None)?]);
        figures.curl_page.add([run(&mut stage.server.curl("/api/v1/pods?limit=64&pretty=0"), None)?]);
        let get = run(&mut rutter::names(&binary, &stage.server.kubeconfig), Some(stage.cluster.pods));
        let get = figures.seen("get", get);
        figures.get.add(get);
        let first = figures.seen("first rows", session::first_rows(&program, FIRST_ROWS));
        figures.first_rows.add(first.flatten());
        let sat = sit(&mut stage.server, &program, &stage.args, &mut figures);
        figures.seen("session", sat);
        let json = in_json(&mut stage.server, &program);
        let json = figures.seen("a list in JSON", json);
        figures.full_in_json.add(json);
        let loading = figures.seen("keys while loading", session::keys_while_loading(&program));
        figures.keys_loading.add(loading.unwrap_or_default());
    }
    figures.held = figures.seen("memory", memory::of_the_store(&Writer::new(stage.cluster)));
    Ok(report::rows(&figures))
}

/// From the start to all rows, from a server that has no protobuf.
fn in_json(server: &mut Server, program: &Program) -> Result<Duration> {
    server.set("json", 1)?;
    let load = session::load(&mut Terminal::start(program, LINES)?, program);
    server.set("json", 0)?;
    load.full.ok_or_else(|| "the full count never showed".into())
}

impl Figures {
    /// What was measured, or nothing: the reason is then kept, once.
    fn seen<T>(&mut self, what: &str, result: Result<T>) -> Option<T> {
        let error = match result {
            Ok(value) => return Some(value),
            Err(error) => error,
        };
        let failure = format!("{what}: {error}");
        if !self.failures.contains(&failure) {
            self.failures.push(failure);
        }
        None
    }
}

/// One session: load, rest, keys at rest, keys on a busy cluster.
fn sit(server: &mut Server, program: &Program, args: &ListArgs, figures: &mut Figures) -> Result<()> {
    let before = server.tally()?;
    let mut terminal = Terminal::start(program, LINES)?;
    let load = session::load(&mut terminal, program);
    figures.text.add(load.text);
    figures.row.add(load.row);
    figures.full.add(load.full);
    load.full.ok_or("the full count never showed")?;
    let idle = Duration::from_secs(args.idle);
    let (rest, usage) = session::rest(&mut terminal, SETTLE, idle).ok_or("the program ended while at rest")?;
    figures.rests.push(rest);
    figures.settled = figures.settled.max(Some(usage.rss));
    figures.keys_at_rest.add(session::keys(&mut terminal, program)?);
    let after = server.tally()?;
    let count = |name| after.since(&before, name);
    figures.requests = Some(["requests", "lists", "watches", "bytes"].map(count));
    server.rate(BUSY)?;
    terminal.wait(Duration::from_secs(1));
    let busy = session::keys(&mut terminal, program);
    server.rate(0)?;
    figures.keys_busy.add(busy?);
    figures.peak = figures.peak.max(terminal.usage().map(|usage| usage.peak));
    Ok(())
}

/// Runs a command to its end, counting the lines that it prints when a number is expected.
pub fn run(command: &mut Command, lines: Option<u64>) -> Result<Duration> {
    let output = if lines.is_some() { Stdio::piped() } else { Stdio::null() };
    let name = command.get_program().display().to_string();
    let start = Instant::now();
    let mut child = command.stdin(Stdio::null()).stdout(output).spawn().map_err(|error| format!("{name}: {error}"))?;
    let printed = child.stdout.take().map_or(0, |output| BufReader::new(output).split(b'\n').count() as u64);
    let status = child.wait()?;
    let time = start.elapsed();
    match lines {
        _ if !status.success() => Err(format!("{name} failed: {status}").into()),
        Some(lines) if lines != printed => Err(format!("{name} printed {printed} lines instead of {lines}").into()),
        _ => Ok(time),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_counts_only_when_it_succeeds_and_prints_every_row() {
        let shell = |script: &str, lines| run(Command::new("sh").args(["-c", script]), lines);
        assert!(shell("sleep 0.05; echo a; echo b", Some(2)).unwrap() >= Duration::from_millis(50));
        assert!(shell("echo a", Some(2)).unwrap_err().to_string().contains("printed 1 lines instead of 2"));
        assert!(shell("exit 3", None).unwrap_err().to_string().contains("failed"));
        assert!(run(&mut Command::new("/no/such/program"), None).is_err());
    }
}
