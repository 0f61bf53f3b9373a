//! The targets: what rutter should do on a large cluster served by the mock, one part after the other.

mod again;
mod busy;
mod keys;
mod kinds;
mod rest;
mod slow;
mod start;

use crate::cli::ListArgs;
use crate::data::Cluster;
use crate::driver::{Program, Terminal};
use crate::error::{Error, Result};
use crate::list;
use crate::place::Place;
use crate::program::Description;
use crate::report::{Line, Report};
use crate::server::Server;
use crate::session::LINES;
use regex::Regex;
use std::time::{Duration, Instant};

/// How long anything may take that is waited for.
const PATIENCE: Duration = Duration::from_mins(2);
/// A screen on which nothing came for so long shows all that a key brought.
const QUIET: Duration = Duration::from_millis(40);

/// Some of the targets, measured together.
pub struct Part {
    /// What it is called on the command line.
    pub name: &'static str,
    /// What it measures.
    pub what: &'static str,
    /// Measures it.
    measure: fn(&mut Stage) -> Result<Vec<Line>>,
}

/// All of them, in the order in which they are measured.
pub const PARTS: [Part; 8] = [
    Part { name: "start", what: "the start of the program", measure: start::measure },
    Part { name: "rows", what: "a long list of pods", measure: list::measure },
    Part { name: "keys", what: "filters and sorts of a long list", measure: keys::measure },
    Part { name: "kinds", what: "all kinds of a cluster together", measure: kinds::measure },
    Part { name: "rest", what: "ten watches at rest", measure: rest::measure },
    Part { name: "slow", what: "a slow link", measure: slow::measure },
    Part { name: "busy", what: "many changes for a minute", measure: busy::measure },
    Part { name: "again", what: "lists that come again, and a million changes", measure: again::measure },
];

/// What the parts are measured on.
pub struct Stage {
    pub cluster: Cluster,
    pub args: ListArgs,
    pub server: Server,
    pub place: Place,
}

/// Measures the parts that are wanted; what does not work in a part stands below the table.
///
/// # Errors
/// When a part is unknown, or the mock does not work.
pub fn measure(cluster: Cluster, args: &ListArgs) -> Result<Report> {
    let parts = wanted(args.only.as_deref())?;
    let server = Server::start(cluster)?;
    let place = Place::of(&server.kubeconfig, args.program.as_deref())?;
    let mut stage = Stage { cluster, args: args.clone(), server, place };
    let mut report = Report::default();
    for part in parts {
        eprintln!("perf: {}: {}", part.name, part.what);
        let began = Instant::now();
        let lines = (part.measure)(&mut stage);
        report.add(part.name, lines);
        // What a part that failed has set must not trouble the next one.
        stage.calm()?;
        eprintln!("perf: {}: {:.0} s", part.name, began.elapsed().as_secs_f64());
    }
    Ok(report)
}

/// The parts with these names, parted by commas; all of them without names.
fn wanted(only: Option<&str>) -> Result<Vec<&'static Part>> {
    let Some(only) = only else { return Ok(PARTS.iter().collect()) };
    let find = |name: &str| PARTS.iter().find(|part| part.name == name).ok_or_else(|| unknown(name));
    only.split(',').map(find).collect()
}

fn unknown(name: &str) -> Error {
    let names = PARTS.map(|part| part.name).join(", ");
    format!("there is no part {name}: {names}").into()
}

impl Stage {
    /// The pods of all namespaces, as `programs/rutter.yaml` starts it.
    pub fn program(&self) -> Result<Program> {
        Description::read("rutter")?.program(&self.place)
    }

    /// rutter begun at another place, whose title then matches `full`.
    pub fn at(&self, place: &str, full: &str) -> Result<Program> {
        let mut program = self.program()?;
        program.command.truncate(1);
        program.command.extend(place.split(' ').map(str::to_owned));
        program.full = Regex::new(full)?;
        Ok(program)
    }

    /// Waits until a count of the mock is as wished.
    pub fn until(&mut self, terminal: &mut Terminal, wished: impl Fn(&crate::server::Tally) -> bool) -> Result<()> {
        let end = Instant::now() + 2 * PATIENCE;
        while !wished(&self.server.tally()?) {
            if Instant::now() > end {
                return Err("the mock was not asked for what was waited for".into());
            }
            terminal.wait(Duration::from_millis(100));
        }
        Ok(())
    }

    /// Nothing changes, and the link is fast.
    fn calm(&mut self) -> Result<()> {
        ["rate", "latency", "bandwidth", "gzip", "gone", "json"].iter().try_for_each(|knob| self.server.set(knob, 0))
    }
}

/// A session in which all rows are there.
fn open(program: &Program) -> Result<Terminal> {
    let mut terminal = Terminal::start(program, LINES)?;
    let full = terminal.until(PATIENCE, |screen| program.full.is_match(&screen.contents()));
    full.ok_or("the full count never showed")?;
    Ok(terminal)
}

/// Runs a command line by the palette, and gives the time from the last key to the last of what that brought.
fn run(terminal: &mut Terminal, line: &str) -> Result<Duration> {
    terminal.send(":")?;
    terminal.settle(QUIET, PATIENCE);
    terminal.send(line)?;
    terminal.settle(QUIET, PATIENCE);
    terminal.answered("\r", QUIET, PATIENCE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_found_by_their_names() {
        let names = |only| wanted(only).map(|parts| parts.iter().map(|part| part.name).collect::<Vec<_>>());
        assert_eq!(names(Some("rest,busy")).unwrap(), ["rest", "busy"]);
        assert_eq!(names(None).unwrap().len(), PARTS.len());
        assert!(names(Some("rest,lazy")).unwrap_err().to_string().starts_with("there is no part lazy: start, rows"));
    }
}
