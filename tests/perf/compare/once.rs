//! Programs that print and end.

use super::figures::Column;
use crate::error::Result;
use crate::place::Place;
use crate::usage::{Usage, usage};
use regex::Regex;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

/// How often memory and time are looked at.
const LOOK: Duration = Duration::from_millis(5);

/// What came out of it.
#[derive(Default)]
struct Printed {
    first: Option<Instant>,
    row: Option<Instant>,
    lines: u64,
}

/// One run, from its start to its end.
///
/// # Errors
/// When it cannot be started, fails, or prints another number of lines than it should.
pub fn run(column: &mut Column, place: &Place) -> Result<()> {
    let words = column.description.command(place).ok_or("it is not installed")?;
    let (program, arguments) = words.split_first().ok_or("no command to start")?;
    let row = column.description.row.as_ref().map(|row| Regex::new(&place.fill(row))).transpose()?;
    let mut command = Command::new(program);
    command.args(arguments).envs(column.description.environment(place));
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let started = Instant::now();
    let mut child = command.spawn()?;
    let output = child.stdout.take().ok_or("it has no output")?;
    let reading = std::thread::spawn(move || read(output, row.as_ref()));
    let (most, status, ended) = watch(&mut child)?;
    let printed = reading.join().map_err(|_| "its output could not be read")?;
    let since = |moment: Option<Instant>| moment.map(|at| at.duration_since(started));
    if !status.success() {
        let mut why = String::new();
        child.stderr.take().map(|mut error| error.read_to_string(&mut why)).transpose()?;
        return Err(format!("it failed: {status}: {}", why.trim()).into());
    }
    let wanted = column.description.other_lines.map(|lines| lines + place.count);
    if let Some(wanted) = wanted.filter(|wanted| *wanted != printed.lines) {
        return Err(format!("it printed {} lines instead of {wanted}", printed.lines).into());
    }
    column.first.add(since(printed.first));
    column.row.add(since(printed.row));
    column.full.add([ended.duration_since(started)]);
    column.cpu.add([most.cpu]);
    column.peak = column.peak.max(Some(most.peak));
    Ok(())
}

/// Reads everything, and notes when the first byte and the first row came.
fn read(output: impl Read, row: Option<&Regex>) -> Printed {
    let mut printed = Printed::default();
    let mut output = BufReader::with_capacity(1 << 18, output);
    let mut line = Vec::new();
    while output.read_until(b'\n', &mut line).is_ok_and(|length| length > 0) {
        printed.first.get_or_insert_with(Instant::now);
        printed.lines += 1;
        if printed.row.is_none() && row.is_some_and(|row| row.is_match(&String::from_utf8_lossy(&line))) {
            printed.row = Some(Instant::now());
        }
        line.clear();
    }
    printed
}

/// Waits for the end, and looks meanwhile what it uses: afterwards nobody could ask.
fn watch(child: &mut Child) -> Result<(Usage, ExitStatus, Instant)> {
    let (ended, end): (Sender<()>, Receiver<()>) = channel();
    let id = child.id();
    let looking = std::thread::spawn(move || {
        let mut most = Usage::default();
        while end.recv_timeout(LOOK) == Err(RecvTimeoutError::Timeout) {
            if let Some(now) = usage(id) {
                most = Usage { peak: most.peak.max(now.peak), cpu: most.cpu.max(now.cpu), ..now };
            }
        }
        most
    });
    let status = child.wait()?;
    let at = Instant::now();
    drop(ended);
    let most = looking.join().map_err(|_| "its memory could not be looked at")?;
    Ok((most, status, at))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::program::Description;

    fn shell(script: &str, other_lines: Option<u64>) -> (Result<()>, Column) {
        let place = Place::example(2);
        let description = Description {
            command: ["sh", "-c", script].map(str::to_owned).into(),
            environment: [("COUNT".to_owned(), "{count}".to_owned())].into(),
            row: Some("^row".into()),
            other_lines,
            version: Vec::new(),
            ..Description::read("curl").unwrap()
        };
        let mut column = Column::new(description, &place);
        (run(&mut column, &place), column)
    }

    #[test]
    fn what_is_printed_is_timed_and_counted() {
        let (result, column) = shell("echo head; sleep 0.1; echo row $COUNT; echo row; sleep 0.1", Some(1));
        result.unwrap();
        let [first, row, full] = [&column.first, &column.row, &column.full].map(|times| times.median().unwrap());
        assert!(
            row >= first + Duration::from_millis(80) && full >= row + Duration::from_millis(80),
            "{first:?} {row:?} {full:?}"
        );
        assert!(column.peak.unwrap() > 100);
        shell("exit 0", None).0.unwrap();
    }

    #[test]
    fn a_run_that_failed_or_lost_rows_does_not_count() {
        let (result, column) = shell("echo no >&2; exit 3", None);
        assert!(result.unwrap_err().to_string().contains("no") && column.full.median().is_none());
        assert!(shell("echo head; echo row", Some(1)).0.unwrap_err().to_string().contains("2 lines instead of 3"));
    }
}
