//! One table for several programs on the same cluster: they take turns, run by run.

mod churn;
mod figures;
mod once;

use crate::cli::CompareArgs;
use crate::data::Cluster;
use crate::driver::Terminal;
use crate::error::Result;
use crate::place::Place;
use crate::program::Description;
use crate::server::Server;
use crate::session::{self, LINES};
use churn::Churn;
use figures::{Column, table};
use std::time::Duration;

/// How long a program may settle before it is said to rest, and before its memory is called settled.
const SETTLE: Duration = Duration::from_secs(8);

/// Measures the programs and prints the table.
///
/// # Errors
/// When there is no cluster to measure on, or a program is described wrongly. What does not work in a program stands
/// below the table.
pub fn run(cluster: Cluster, args: &CompareArgs) -> Result<()> {
    let mut server = match &args.kubeconfig {
        Some(_) => None,
        None => Some(start(cluster, args)?),
    };
    let kubeconfig = server.as_ref().map(|server| server.kubeconfig.clone()).or_else(|| args.kubeconfig.clone());
    let place = Place::of(&kubeconfig.ok_or("no cluster to measure on")?, args.rutter.as_deref())?;
    println!("{} pods, {} runs in turn", place.count, args.runs);
    let mut columns = Vec::new();
    for name in args.programs.split(',') {
        let description = Description::read(name)?;
        if description.command(&place).is_some() {
            columns.push(Column::new(description, &place));
        } else {
            println!("{} is not installed: it is not measured", description.name);
        }
    }
    for number in 1..=args.runs {
        for column in &mut columns {
            eprintln!("perf: run {number} of {}, {}", args.runs, column.description.name);
            measure(column, &place, server.as_mut(), args)?;
        }
    }
    print!("{}", table(&columns));
    Ok(())
}

fn start(cluster: Cluster, args: &CompareArgs) -> Result<Server> {
    let mut server = Server::start(cluster)?;
    for line in &args.set {
        let known = line.split_once('=').and_then(|(knob, value)| Some((knob, value.parse().ok()?)));
        let (knob, value) = known.ok_or_else(|| format!("{line} is no KNOB=NUMBER"))?;
        server.set(knob, value)?;
    }
    Ok(server)
}

/// One run of one program, what it costs the server, and the same program while the cluster changes.
fn measure(column: &mut Column, place: &Place, mut server: Option<&mut Server>, args: &CompareArgs) -> Result<()> {
    let count = |server: &mut Option<&mut Server>| server.as_mut().map(|server| server.tally()).transpose();
    let before = count(&mut server)?;
    let calm = if column.description.terminal { sit(column, place, args) } else { once::run(column, place) };
    if let (Some(before), Some(after)) = (before, count(&mut server)?) {
        column.requests = Some((after.since(&before, "requests"), after.since(&before, "bytes")));
    }
    let rate = args.churn.filter(|_| column.description.terminal);
    let result = calm.and_then(|()| rate.map_or(Ok(()), |rate| sit_busy(column, (place, server), rate, args.idle)));
    if let Err(error) = result {
        column.fail(&error);
    }
    Ok(())
}

/// Keeps a cluster busy while it lives: the mock, or one of your own.
enum Busy<'a> {
    Mock(&'a mut Server),
    Own(Churn),
}

impl<'a> Busy<'a> {
    fn begin(place: &Place, server: Option<&'a mut Server>, rate: u64) -> Result<Self> {
        let Some(server) = server else { return Ok(Self::Own(Churn::start(&place.kubeconfig, rate)?)) };
        server.rate(rate)?;
        Ok(Self::Mock(server))
    }

    /// Changes so far.
    fn made(&mut self) -> Result<u64> {
        match self {
            Self::Mock(server) => Ok(server.tally()?.of("changes")),
            Self::Own(churn) => Ok(churn.made()),
        }
    }
}

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        if let Self::Mock(server) = self {
            // A mock that is gone changes nothing any more.
            let _ = server.rate(0);
        }
    }
}

/// A session while the cluster changes so many times a second: load, so many seconds of looking, keys.
fn sit_busy(
    column: &mut Column,
    (place, server): (&Place, Option<&mut Server>),
    rate: u64,
    seconds: u64,
) -> Result<()> {
    let program = column.description.program(place)?;
    let mut busy = Busy::begin(place, server, rate)?;
    let mut terminal = Terminal::start(&program, LINES)?;
    let load = session::load(&mut terminal, &program);
    column.busy_full.add(load.full);
    load.full.ok_or("the full count never showed while the cluster changed")?;
    terminal.wait(SETTLE);
    let before = busy.made()?;
    let look = Duration::from_secs(seconds);
    let (rest, _) = session::rest(&mut terminal, Duration::ZERO, look).ok_or("it ended while the cluster changed")?;
    column.changes = Some((busy.made()? - before) / seconds.max(1));
    column.busy.push(rest);
    column.busy_keys.add(session::keys(&mut terminal, &program)?);
    terminal.send(&column.description.quit)?;
    Ok(())
}

/// One session: load, rest, keys, filter, quit.
fn sit(column: &mut Column, place: &Place, args: &CompareArgs) -> Result<()> {
    let program = column.description.program(place)?;
    let mut terminal = Terminal::start(&program, LINES)?;
    let load = session::load(&mut terminal, &program);
    column.first.add(load.text);
    column.row.add(load.row);
    column.full.add(load.full);
    column.cpu.add(terminal.usage().map(|usage| usage.cpu));
    load.full.ok_or("the full count never showed")?;
    let idle = Duration::from_secs(args.idle);
    let (rest, usage) = session::rest(&mut terminal, SETTLE, idle).ok_or("it ended while at rest")?;
    column.rests.push(rest);
    column.settled = column.settled.max(Some(usage.rss));
    column.keys.add(session::keys(&mut terminal, &program)?);
    column.filters.add(session::filters(&mut terminal, &program, &place.needle)?);
    column.peak = column.peak.max(terminal.usage().map(|usage| usage.peak));
    terminal.send(&column.description.quit)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A server that does nothing but answer, and writes what it was told into this file.
    fn mock(told: &std::path::Path) -> Server {
        let script = r#"echo "ready 1 /none"; while read -r line; do echo "$line" >> "$TOLD"; echo "$line"; done"#;
        let mut command = std::process::Command::new("sh");
        Server::of(command.args(["-c", script]).env("TOLD", told)).unwrap()
    }

    #[test]
    fn the_mock_is_calm_again_when_a_session_fails() {
        let dir = tempfile::tempdir().unwrap();
        let told = dir.path().join("told");
        let (mut server, place) = (mock(&told), Place::example(2));
        let command = ["sh", "-c", "exit 1"].map(str::to_owned).into();
        let mut column =
            Column::new(Description { command, version: Vec::new(), ..Description::read("rutter").unwrap() }, &place);
        sit_busy(&mut column, (&place, Some(&mut server)), 7, 1).unwrap_err();
        assert_eq!(std::fs::read_to_string(told).unwrap(), "rate 7\nrate 0\n");
    }
}
