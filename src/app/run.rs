//! The program on a real terminal: events, signals, and the terminal given back whatever happens.

use super::edit::Job;
use super::handover::child;
use super::{App, Setup, Terminal, first};
use crate::commands::Effect;
use crate::model::Notice;
use crate::ui::terminal;
use crossterm::event::{Event, EventStream};
use futures::StreamExt;
use std::io::{self, Stdin, Stdout};
use std::os::fd::{AsFd, AsRawFd};
use std::panic;
use std::process::Command;
use std::time::Duration;
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;
use tokio::signal::unix::{Signal, SignalKind, signal};

/// How the program ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// The user left.
    Quit,
    /// A signal or a lost terminal ended it: the exit code that says so.
    Signal(u8),
}

/// Signals that end or stop the program.
pub(super) struct Signals {
    line: Option<AsyncFd<Stdin>>,
    terminate: Signal,
    hang_up: Signal,
    interrupt: Signal,
    quit: Signal,
    stop: Signal,
    resume: Signal,
}

/// What a signal asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asked {
    /// To end, with this exit code.
    End(u8),
    /// To stop until it is told to go on.
    Stop,
    /// To take the terminal over again.
    Resume,
}

/// Runs the program until the user leaves.
///
/// # Errors
/// When the terminal cannot be used, or there is nowhere to begin; the sentence is then the only thing on screen.
pub async fn run(setup: Setup) -> Result<End, Notice> {
    let mouse = setup.settings.mouse;
    first::refuse_unknown(&setup).await?;
    let mut app = App::new(setup)?;
    restore_on_panic();
    let no_terminal = |error: io::Error| Notice::error(format!("the terminal cannot be used: {error}"), "");
    let mut signals = Signals::new().map_err(no_terminal)?;
    let mut terminal = terminal::enter(mouse).map_err(no_terminal)?;
    app.height = terminal.screen().area.height;
    tokio::spawn(end_without_terminal());
    let end = app.turn_until_quit(&mut terminal, &mut signals).await;
    terminal::leave();
    match end {
        Err(error) if is_gone(&error) => Ok(End::Signal(HUNG_UP)),
        end => end.map_err(no_terminal),
    }
}

/// The exit code of a program whose terminal went away.
const HUNG_UP: u8 = 129;

/// Those of one that was interrupted, and of one that was told to quit at once.
const INTERRUPTED: u8 = 130;
const QUIT: u8 = 131;

impl Asked {
    /// Whether a key sent it: outside raw mode ctrl-c and ctrl-\ are signals, meant for whoever has the terminal.
    pub(super) fn is_key(self) -> bool {
        matches!(self, Self::End(INTERRUPTED | QUIT))
    }
}

/// For so long the loop may take to end once the terminal is gone.
const LAST_WORDS: Duration = Duration::from_millis(500);

/// Whether an error says that the terminal went away: the signal that tells it may come later, or never.
fn is_gone(error: &io::Error) -> bool {
    const EIO: i32 = 5;
    const ENXIO: i32 = 6;
    const ENOTTY: i32 = 25;
    matches!(error.raw_os_error(), Some(EIO | ENXIO | ENOTTY)) || error.kind() == io::ErrorKind::BrokenPipe
}

impl Signals {
    fn new() -> io::Result<Self> {
        // What replaces this function is `unsafe`, because a descriptor might be closed meanwhile; standard input is not.
        #[expect(deprecated)]
        let line = AsyncFd::with_interest(io::stdin(), Interest::READABLE).ok();
        Ok(Self {
            line,
            terminate: signal(SignalKind::terminate())?,
            hang_up: signal(SignalKind::hangup())?,
            interrupt: signal(SignalKind::interrupt())?,
            quit: signal(SignalKind::quit())?,
            stop: signal(SignalKind::from_raw(SIGTSTP))?,
            resume: signal(SignalKind::from_raw(SIGCONT))?,
        })
    }

    /// Waits for one of them.
    pub(super) async fn next(&mut self) -> Asked {
        tokio::select! {
            _ = self.terminate.recv() => Asked::End(143),
            _ = self.hang_up.recv() => Asked::End(HUNG_UP),
            () = hung_up(self.line.as_ref()) => Asked::End(HUNG_UP),
            _ = self.interrupt.recv() => Asked::End(INTERRUPTED),
            _ = self.quit.recv() => Asked::End(QUIT),
            _ = self.stop.recv() => Asked::Stop,
            _ = self.resume.recv() => Asked::Resume,
        }
    }
}

/// Waits until the terminal is gone. No signal tells it when the terminal does not control this process, and the reader
/// of keys does not notice it.
async fn hung_up<T: AsRawFd>(line: Option<&AsyncFd<T>>) {
    let Some(line) = line else { return std::future::pending().await };
    while let Ok(mut guard) = line.readable().await {
        if guard.ready().is_read_closed() {
            return;
        }
        // A key; somebody else reads it.
        guard.clear_ready();
    }
}

/// Ends the program when the terminal is gone and the loop does not end by itself: if it asks for a key in that moment, the
/// reader of keys never comes back.
async fn end_without_terminal() {
    let input = io::stdin().as_fd().try_clone_to_owned();
    #[expect(deprecated, reason = "as in `Signals::new`")]
    let line = input.and_then(|input| AsyncFd::with_interest(input, Interest::READABLE)).ok();
    hung_up(line.as_ref()).await;
    tokio::time::sleep(LAST_WORDS).await;
    std::process::exit(i32::from(HUNG_UP));
}

/// "Continue" after a stop, and "stop" as the terminal asks for it; tokio names no constants for them.
const SIGCONT: i32 = if cfg!(target_os = "linux") { 18 } else { 19 };
const SIGTSTP: i32 = if cfg!(target_os = "linux") { 20 } else { 18 };

/// What woke the loop.
enum Wake {
    Event(Option<io::Result<Event>>),
    Message(Option<super::Message>),
    Signal(Asked),
    Time,
}

impl App {
    async fn turn_until_quit(&mut self, terminal: &mut Terminal<Stdout>, signals: &mut Signals) -> io::Result<End> {
        let mut events = EventStream::new();
        loop {
            self.draw_if_due(terminal)?;
            match self.wait(&mut events, signals).await {
                Wake::Event(Some(event)) => self.event(event?, terminal)?,
                Wake::Message(Some(message)) => self.take(message),
                Wake::Signal(Asked::End(code)) => return Ok(End::Signal(code)),
                Wake::Signal(Asked::Stop) => suspend(terminal, self.mouse)?,
                Wake::Signal(Asked::Resume) => self.resume(terminal)?,
                // The terminal is gone: there is nobody left to draw for.
                Wake::Event(None) => return Ok(End::Signal(HUNG_UP)),
                Wake::Message(None) | Wake::Time => {}
            }
            for effect in self.effects() {
                match effect {
                    Effect::Quit => return Ok(End::Quit),
                    Effect::HandOver(visit) => {
                        // Its reader would take the keys that are meant for others.
                        drop(events);
                        if let Some(end) = self.hand_over(visit, terminal, signals).await? {
                            return Ok(end);
                        }
                        events = EventStream::new();
                    }
                    Effect::Edit { context, target, .. } => {
                        drop(events);
                        if let Some(end) = self.edit(Job { context, target }, (terminal, signals)).await? {
                            return Ok(end);
                        }
                        events = EventStream::new();
                    }
                    Effect::Child(argv) => {
                        drop(events);
                        match self.run_child(&argv, terminal, signals).await? {
                            Ok(status) if status.success() => {}
                            Ok(status) => self.say(child::failed(&argv, status)),
                            Err(end) => return Ok(end),
                        }
                        events = EventStream::new();
                    }
                    Effect::SignIn(context) => {
                        drop(events);
                        if let Some(end) = self.sign_in(&context, (terminal, signals)).await? {
                            return Ok(end);
                        }
                        events = EventStream::new();
                    }
                    other => self.carry_out(other, terminal)?,
                }
            }
        }
    }

    /// Waits for one thing. Keys come first.
    async fn wait(&mut self, events: &mut EventStream, signals: &mut Signals) -> Wake {
        let deadline = self.deadline();
        let sleep = async {
            match deadline {
                Some(at) => tokio::time::sleep_until(at).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            biased;
            signal = signals.next() => Wake::Signal(signal),
            event = events.next() => Wake::Event(event),
            message = self.message() => Wake::Message(message),
            () = sleep => Wake::Time,
        }
    }

    fn carry_out(&mut self, effect: Effect, terminal: &mut Terminal<Stdout>) -> io::Result<()> {
        match effect {
            Effect::Redraw => terminal.resize(terminal::size())?,
            Effect::ToggleMouse => {
                self.mouse = !self.mouse;
                terminal::set_mouse(self.mouse)?;
                let who = if self.mouse { "rutter" } else { "the terminal" };
                self.say(Notice::info(format!("the mouse belongs to {who}")));
            }
            Effect::Suspend => suspend(terminal, self.mouse)?,
            Effect::Copy(text) => self.copy(&text),
            _ => {}
        }
        self.draw.dirty = true;
        Ok(())
    }

    /// Takes the terminal over again and draws everything.
    pub(super) fn resume(&mut self, terminal: &mut Terminal<Stdout>) -> io::Result<()> {
        *terminal = terminal::enter(self.mouse)?;
        self.draw.dirty = true;
        self.draw.urgent = true;
        terminal.resize(terminal::size())
    }

    fn copy(&mut self, text: &str) {
        let taken = arboard::Clipboard::new().and_then(|mut clipboard| clipboard.set_text(text));
        let done = taken.is_ok() || osc52(text).is_ok();
        let notice = if done { Notice::info(copied(text)) } else { Notice::error("nothing could be copied", "") };
        self.say(notice);
    }
}

/// What was copied, in a few words.
fn copied(text: &str) -> String {
    match text.lines().count() {
        0 | 1 => format!("copied {}", text.trim_end()),
        lines => format!("copied {lines} lines"),
    }
}

/// Asks the terminal to put `text` on the clipboard: works over SSH, where there is no display.
fn osc52(text: &str) -> io::Result<()> {
    crossterm::execute!(io::stdout(), crossterm::clipboard::CopyToClipboard::to_clipboard_from(text))
}

/// Gives the terminal back and stops, as the shell expects of Ctrl-Z.
pub(super) fn suspend(terminal: &mut Terminal<Stdout>, mouse: bool) -> io::Result<()> {
    terminal::leave();
    let stopped = stop();
    *terminal = terminal::enter(mouse)?;
    terminal.resize(terminal::size())?;
    stopped
}

/// Stops this process; returns when it goes on.
pub(super) fn stop() -> io::Result<()> {
    // The parent of this shell is rutter itself.
    Command::new("sh").args(["-c", "kill -s STOP $PPID"]).status().map(drop)
}

/// Gives the terminal back before the loop's last words. When a task panics the program goes on: its words would only
/// spoil the screen, and what it served says that it died.
fn restore_on_panic() {
    let report = panic::take_hook();
    let main = std::thread::current().id();
    panic::set_hook(Box::new(move |info| {
        if std::thread::current().id() == main {
            terminal::leave();
            report(info);
        }
    }));
}
