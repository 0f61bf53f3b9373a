//! The benchmark of a long list: rutter and curl on the same 100,000 pods, run by run in turn.

use crate::data::Cluster;
use crate::driver::{Program, Terminal};
use crate::error::Result;
use crate::json::Writer;
use crate::memory::{self, Held};
use crate::place::Place;
use crate::program::Description;
use crate::server::Server;
use crate::session::{self, LINES, Rest};
use crate::stats::Times;
use crate::{cli::ListArgs, rutter};
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Rows of the first page whose time is measured.
pub const FIRST_ROWS: u16 = 100;
/// Changes per second while keys are measured on a busy cluster.
pub const BUSY: u64 = 1_000;
/// How long the program may settle before it is said to rest, and before its memory is called settled.
const SETTLE: Duration = Duration::from_secs(8);

/// Everything that was measured.
#[derive(Default)]
pub struct Figures {
    /// curl moving the list.
    pub curl: Times,
    /// `rutter get`, which takes in the list and prints it.
    pub get: Times,
    /// From the start to the first 100 rows on the screen.
    pub first_rows: Times,
    /// From the start to the first text, the first row, all rows.
    pub text: Times,
    pub row: Times,
    pub full: Times,
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
    /// Requests to the mock and bytes from it in one session.
    pub requests: Option<(u64, u64)>,
    /// What could not be measured, and why.
    pub failures: Vec<String>,
}

/// Measures all of it.
///
/// # Errors
/// When the mock or curl does not work; what does not work in rutter becomes a failure in the figures.
pub fn measure(cluster: Cluster, args: &ListArgs) -> Result<Figures> {
    let mut server = Server::start(cluster)?;
    let place = Place::of(&server.kubeconfig, args.program.as_deref())?;
    let binary = place.rutter.as_str();
    let program = Description::read("rutter")?.program(&place)?;
    let mut figures = Figures::default();
    for number in 1..=args.runs {
        eprintln!("perf: run {number} of {}", args.runs);
        figures.curl.add([run(&mut server.curl(), None)?]);
        let get = run(&mut rutter::names(binary, &server.kubeconfig), Some(cluster.pods));
        let get = figures.seen("get", get);
        figures.get.add(get);
        let first = figures.seen("first rows", session::first_rows(&program, FIRST_ROWS));
        figures.first_rows.add(first.flatten());
        let sat = sit(&mut server, &program, args, &mut figures);
        figures.seen("session", sat);
        let loading = figures.seen("keys while loading", session::keys_while_loading(&program));
        figures.keys_loading.add(loading.unwrap_or_default());
    }
    figures.held = figures.seen("memory", memory::of_the_store(&Writer::new(cluster)));
    Ok(figures)
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
    let before = server.count()?;
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
    let after = server.count()?;
    figures.requests = Some((after.0 - before.0, after.1 - before.1));
    server.rate(BUSY)?;
    terminal.wait(Duration::from_secs(1));
    let busy = session::keys(&mut terminal, program);
    server.rate(0)?;
    figures.keys_busy.add(busy?);
    figures.peak = figures.peak.max(terminal.usage().map(|usage| usage.peak));
    Ok(())
}

/// Runs a command to its end, counting the lines that it prints when a number is expected.
fn run(command: &mut Command, lines: Option<u64>) -> Result<Duration> {
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
