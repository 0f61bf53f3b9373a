//! The benchmark of logs: one log of a million lines that arrive as fast as they are taken, searched, filtered and
//! scrolled; then the logs of a hundred pods together.

mod figures;
mod look;
mod many;

use crate::cli::LogArgs;
use crate::data::{Cluster, namespace};
use crate::driver::{Moves, Program, Terminal};
use crate::error::Result;
use crate::memory;
use crate::place::Place;
use crate::program::{Description, FilterKeys};
use crate::server::Server;
use crate::session::{self, LINES};
use crate::stats::per_second;
use figures::{Figures, report};
use look::{count, found, is_live};
use regex::Regex;
use std::time::{Duration, Instant};

/// Lines that the long log gets.
pub const MILLION: u64 = 1_000_000;
/// Lines per second that are sent.
pub const RATE: u64 = 100_000;
/// Pods whose logs are followed together.
pub const PODS: u64 = 100;
/// How long anything may take.
const PATIENCE: Duration = Duration::from_mins(2);
/// How long a search may take.
const LIMIT: Duration = Duration::from_secs(10);
/// Searches of each sort.
const SEARCHES: u64 = 20;

/// Measures all of it and prints the table.
///
/// # Errors
/// When the mock does not work, or a target is missed that shall be met.
pub fn run(cluster: Cluster, args: &LogArgs) -> Result<()> {
    // Logs need few pods: the server is ready at once.
    let cluster = Cluster { pods: cluster.pods.min(1_000), ..cluster };
    println!("{MILLION} lines at {RATE} a second, {PODS} pods together, {} runs", args.runs);
    let mut server = Server::start(cluster)?;
    let place = Place::of(&server.kubeconfig, args.program.as_deref())?;
    settings(&place)?;
    let mut figures = Figures { bytes_per_line: memory::of_a_log_line(200_000), ..Figures::default() };
    for number in 1..=args.runs {
        eprintln!("perf: run {number} of {}", args.runs);
        let one = one(&mut server, &place, &mut figures);
        figures.seen("one log", one);
        server.set("logs", 0)?;
        let many = many::follow(&mut server, &place, (cluster, args.seconds), &mut figures);
        figures.seen("a hundred pods", many);
        server.set("logs", 0)?;
    }
    let report = report(&figures);
    print!("{report}");
    if args.gate && !report.met() { Err("a target is missed".into()) } else { Ok(()) }
}

/// Room for a million lines: a quarter of a gigabyte.
fn settings(place: &Place) -> Result<()> {
    let dir = std::path::PathBuf::from(place.fill("{home}")).join("rutter");
    std::fs::create_dir_all(&dir)?;
    Ok(std::fs::write(dir.join("settings.yaml"), "log-buffer: 256MB\n")?)
}

/// rutter with a place in the first namespace, its keys those of logs.
fn program(place: &Place, kind: &str) -> Result<Program> {
    let program = Description::read("rutter")?.program(place)?;
    let command = [&place.rutter, kind, &namespace(0)].map(str::to_owned).to_vec();
    let filter = FilterKeys { open: "&".into(), submit: "\r".into(), clear: "&".into() };
    Ok(Program {
        command,
        row: Regex::new("level=(?:info|warn) msg=")?,
        moves: Moves::Anything,
        down: "k".into(),
        up: "j".into(),
        filter: Some(filter),
        ..program
    })
}

/// One log: its lines come, keys meanwhile, then memory, scrolling, searches and filters.
fn one(server: &mut Server, place: &Place, figures: &mut Figures) -> Result<()> {
    let program = program(place, "pods")?;
    let mut terminal = Terminal::start(&program, LINES)?;
    open(&mut terminal)?;
    terminal.until(PATIENCE, |screen| count(screen) >= 1_000).ok_or("no line came")?;
    server.set("logs", RATE)?;
    let (began, first) = (Instant::now(), count(terminal.screen()));
    figures.keys_live.add(keys_until(&mut terminal, MILLION)?);
    let received = count(terminal.screen()).saturating_sub(first);
    figures.received.push(per_second(received, began.elapsed()));
    server.set("logs", 0)?;
    terminal.wait(Duration::from_secs(2));
    figures.lines = figures.lines.max(count(terminal.screen()));
    figures.rss = figures.rss.max(terminal.usage().map(|usage| usage.rss));
    figures.scroll.add(session::keys(&mut terminal, &program)?);
    searches(&mut terminal, figures)?;
    terminal.send("G")?;
    terminal.settle(Duration::from_millis(100), Duration::from_secs(2));
    figures.filters.add(session::filters(&mut terminal, &program, "status=503")?);
    Ok(())
}

/// Opens the logs of what the cursor is on.
fn open(terminal: &mut Terminal) -> Result<()> {
    let row = |screen: &vt100::Screen| screen.contents().contains("accounts-api");
    terminal.until(PATIENCE, row).ok_or("the list never showed")?;
    terminal.settle(Duration::from_millis(200), Duration::from_secs(2));
    terminal.send("l")?;
    Ok(())
}

/// From a key that stops following, or goes on, to the title that says so, until there are so many lines.
///
/// # Errors
/// When the program has closed its terminal, or lines do not come.
fn keys_until(terminal: &mut Terminal, lines: u64) -> Result<Vec<Duration>> {
    let (mut times, end) = (Vec::new(), Instant::now() + PATIENCE);
    while count(terminal.screen()) < lines {
        if Instant::now() > end {
            return Err(format!("only {} lines came", count(terminal.screen())).into());
        }
        times.push(key(terminal)?);
        // Not in step with frames of 16 ms.
        terminal.wait(Duration::from_millis(40 + times.len() as u64 % 13));
    }
    if !is_live(terminal.screen()) {
        key(terminal)?;
    }
    Ok(times)
}

/// Stops following, or goes on.
fn key(terminal: &mut Terminal) -> Result<Duration> {
    let live = is_live(terminal.screen());
    let sent = terminal.send("f")?;
    let seen = terminal.until(LIMIT, |screen| is_live(screen) != live);
    Ok(seen.map_or(LIMIT, |at| at.saturating_duration_since(sent)))
}

/// From the key that begins a search to the frame with its answer: for what is not there, and for what stands in one of
/// the oldest lines.
fn searches(terminal: &mut Terminal, figures: &mut Figures) -> Result<()> {
    for number in 0..SEARCHES {
        let text = format!("no such text {number}");
        let answer = format!("\"{text}\" is not there");
        figures.search_nothing.add([search(terminal, &text, |screen| screen.contents().contains(&answer))?]);
        let text = format!("line={} method", 500 + number);
        figures.search_far.add([search(terminal, &text, |screen| found(screen, &text))?]);
    }
    Ok(())
}

fn search(terminal: &mut Terminal, text: &str, seen: impl FnMut(&vt100::Screen) -> bool) -> Result<Duration> {
    let quiet = |terminal: &mut Terminal| terminal.settle(Duration::from_millis(50), Duration::from_secs(1));
    terminal.send("G")?;
    quiet(terminal);
    terminal.send(&format!("/{text}"))?;
    quiet(terminal);
    let sent = terminal.send("\r")?;
    let at = terminal.until(LIMIT, seen).ok_or_else(|| format!("the search for {text} was not answered"))?;
    Ok(at.saturating_duration_since(sent))
}
