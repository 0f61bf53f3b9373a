//! A pseudo-terminal with a program in it, watched as a user watches it: what stands on the screen, and since when.

use crate::error::{Error, Result};
use crate::program::FilterKeys;
use crate::queries::Queries;
use crate::usage::{Usage, usage};
use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use regex::Regex;
use serde::Deserialize;
use std::io::{Read, Write};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};
use vt100::{Color, Parser, Screen};

/// The width of the terminal.
pub const COLUMNS: u16 = 200;

/// A program to be measured.
pub struct Program {
    /// The command and its arguments.
    pub command: Vec<String>,
    /// Variables set beside those of this process.
    pub env: Vec<(String, String)>,
    /// Matches a line of the screen that shows an object.
    pub row: Regex,
    /// Matches the screen when all objects have arrived.
    pub full: Regex,
    /// How an answer to a key is recognised.
    pub moves: Moves,
    /// The key that moves down by one row.
    pub down: String,
    /// The key that moves up by one row.
    pub up: String,
    /// How one filters, if one can.
    pub filter: Option<FilterKeys>,
}

/// What of the screen changes when a key moves the cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Moves {
    /// Another line is highlighted, by its background. Holds while texts change by themselves.
    #[default]
    Cursor,
    /// Anything; for programs without a highlighted line, and only while nothing else changes.
    Anything,
}

/// What came out of the program so far.
#[derive(Debug, Clone, Copy, Default)]
pub struct Output {
    /// Bytes.
    pub bytes: u64,
    /// Reads that returned something: about the program's writes, since writes of 4 kB and more are split.
    pub reads: u64,
    /// Synchronized updates that ended.
    pub frames: u64,
    /// Those after which the screen was as before, when somebody looks.
    pub vain: u64,
}

/// A running program and its screen. Dropping it ends the program.
pub struct Terminal {
    child: Box<dyn Child + Send + Sync>,
    writer: Box<dyn Write + Send>,
    chunks: Receiver<(Instant, Vec<u8>)>,
    parser: Parser,
    queries: Queries,
    /// When the program was started.
    pub started: Instant,
    /// When the last chunk came.
    last: Instant,
    /// What came out of it.
    pub output: Output,
    /// The screen after the last frame, while frames are compared.
    seen: Option<String>,
    /// Kept open as long as the program runs.
    _master: Box<dyn MasterPty + Send>,
}

impl Terminal {
    /// Starts a program in a terminal of so many lines.
    ///
    /// # Errors
    /// When there is no such program or no pseudo-terminal.
    pub fn start(program: &Program, rows: u16) -> Result<Self> {
        let pair = native_pty_system().openpty(PtySize { rows, cols: COLUMNS, pixel_width: 0, pixel_height: 0 })?;
        let reader = pair.master.try_clone_reader()?;
        let writer = pair.master.take_writer()?;
        let started = Instant::now();
        let child = pair.slave.spawn_command(command(program)?)?;
        Ok(Self {
            child,
            writer,
            chunks: read(reader),
            parser: Parser::new(rows, COLUMNS, 0),
            queries: Queries::default(),
            started,
            last: started,
            output: Output::default(),
            seen: None,
            _master: pair.master,
        })
    }

    /// The screen as it is now.
    pub fn screen(&self) -> &Screen {
        self.parser.screen()
    }

    /// Memory and time of the program; `None` when it has ended.
    pub fn usage(&self) -> Option<Usage> {
        usage(self.child.process_id()?)
    }

    /// Types, and gives the moment.
    ///
    /// # Errors
    /// When the program has closed its terminal.
    pub fn send(&mut self, keys: &str) -> Result<Instant> {
        let now = Instant::now();
        self.writer.write_all(keys.as_bytes())?;
        self.writer.flush()?;
        Ok(now)
    }

    /// Waits until the screen is as wished, not looking at half-drawn frames, and gives the moment at which the bytes that made it so were read; `None`
    /// when the program ended or the time is over.
    pub fn until(&mut self, limit: Duration, mut wished: impl FnMut(&Screen) -> bool) -> Option<Instant> {
        let end = Instant::now() + limit;
        while self.queries.within_frame || !wished(self.parser.screen()) {
            self.next(end).ok()?;
        }
        Some(self.last)
    }

    /// Lets time pass; the screen follows.
    pub fn wait(&mut self, time: Duration) {
        let end = Instant::now() + time;
        while self.next(end).is_ok() {}
        // A program that ended says nothing more, but the time passes all the same.
        std::thread::sleep(end.saturating_duration_since(Instant::now()));
    }

    /// Counts from now on the frames that change nothing, which costs some time for each.
    pub fn compare_frames(&mut self) {
        self.seen = Some(looks(self.parser.screen()));
    }

    /// Types, and gives the time until the last of what that brought: until nothing came for `quiet`.
    ///
    /// # Errors
    /// When the program has closed its terminal, or shows nothing within the limit.
    pub fn answered(&mut self, keys: &str, quiet: Duration, limit: Duration) -> Result<Duration> {
        let (before, sent) = (self.output.reads, self.send(keys)?);
        let end = Instant::now() + limit;
        while self.output.reads == before {
            self.next(end).map_err(|_| format!("the keys {keys:?} show nothing"))?;
        }
        self.settle(quiet, limit);
        Ok(self.last.saturating_duration_since(sent))
    }

    /// Waits until nothing has come for `quiet`, but not longer than `limit`.
    pub fn settle(&mut self, quiet: Duration, limit: Duration) {
        let end = Instant::now() + limit;
        while self.next(end.min(Instant::now() + quiet)).is_ok() {}
    }

    /// Takes the next chunk, if one comes before `end`.
    fn next(&mut self, end: Instant) -> std::result::Result<(), RecvTimeoutError> {
        let (at, bytes) = self.chunks.recv_timeout(end.saturating_duration_since(Instant::now()))?;
        self.last = at;
        self.output.bytes += bytes.len() as u64;
        self.output.reads += 1;
        self.parser.process(&bytes);
        let asked = self.queries.answers(&bytes, self.parser.screen().cursor_position());
        self.output.frames += asked.frames;
        if asked.frames > 0
            && let Some(before) = &self.seen
        {
            let now = looks(self.parser.screen());
            self.output.vain += u64::from(now == *before);
            self.seen = Some(now);
        }
        // A program that ended without reading the answer is found by the next read.
        let _ = self.writer.write_all(asked.answers.as_bytes()).and_then(|()| self.writer.flush());
        Ok(())
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn command(program: &Program) -> Result<CommandBuilder> {
    let (name, arguments) = program.command.split_first().ok_or_else(|| Error::from("no command to start"))?;
    let mut command = CommandBuilder::new(name);
    command.args(arguments);
    command.cwd(std::env::current_dir()?);
    for (key, value) in [("TERM", "xterm-256color"), ("COLORTERM", "truecolor"), ("LANG", "C.UTF-8")] {
        command.env(key, value);
    }
    for (key, value) in &program.env {
        command.env(key, value);
    }
    Ok(command)
}

/// Reads on a thread of its own, so that moments are those of the arrival, however long the screen takes.
fn read(mut reader: Box<dyn Read + Send>) -> Receiver<(Instant, Vec<u8>)> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        let mut buffer = vec![0; 64 * 1024];
        while let Ok(length @ 1..) = reader.read(&mut buffer) {
            let chunk = buffer.get(..length).unwrap_or_default().to_vec();
            if sender.send((Instant::now(), chunk)).is_err() {
                return;
            }
        }
    });
    receiver
}

/// What can be seen of a screen, with its colours.
fn looks(screen: &Screen) -> String {
    String::from_utf8_lossy(&screen.contents_formatted()).into_owned()
}

/// How many lines of the screen show an object.
pub fn rows(screen: &Screen, row: &Regex) -> usize {
    screen.rows(0, COLUMNS).filter(|line| row.is_match(line)).count()
}

/// Whether the screen shows objects, and none whose line is without `text`: what a filter leaves.
pub fn shows_only(screen: &Screen, row: &Regex, text: &str) -> bool {
    let mut lines = screen.rows(0, COLUMNS).filter(|line| row.is_match(line)).peekable();
    lines.peek().is_some() && lines.all(|line| line.contains(text))
}

/// What a key is expected to change.
#[derive(Debug, Clone, PartialEq)]
pub struct Look {
    highlights: Vec<(Color, bool)>,
    text: Option<String>,
}

impl Look {
    /// Of the present screen.
    pub fn of(screen: &Screen, moves: Moves) -> Self {
        let (lines, _) = screen.size();
        let text = (moves == Moves::Anything).then(|| screen.contents());
        Self { highlights: (0..lines).map(|line| highlight(screen, line)).collect(), text }
    }
}

/// The background that most of a line has; a coloured word in it does not count.
fn highlight(screen: &Screen, line: u16) -> (Color, bool) {
    let mut counts: Vec<((Color, bool), usize)> = Vec::new();
    for cell in (0..COLUMNS).step_by(4).filter_map(|column| screen.cell(line, column)) {
        let look = (cell.bgcolor(), cell.inverse());
        match counts.iter_mut().find(|(known, _)| *known == look) {
            Some((_, count)) => *count += 1,
            None => counts.push((look, 1)),
        }
    }
    counts.into_iter().max_by_key(|(_, count)| *count).map_or((Color::Default, false), |(look, _)| look)
}
