//! Lends the terminal to a session in a container, and takes it back whatever was done to it. Meanwhile the lists go on.

pub mod child;
mod escape;
mod relay;
mod tty;
mod typed;

use super::run::{self, Asked, End, Signals};
use super::{App, Terminal};
use crate::cluster::connect::Lanes;
use crate::cluster::exec::{self, Call, Ended, Opened, Visit, What};
use crate::cluster::{Message, Unreachable};
use crate::model::Notice;
use crate::ui::terminal;
use crossterm::event::Event;
use relay::{Over, Relay};
use std::io::{self, Stdout, Write};
use std::pin::pin;
use std::time::Duration;
use tokio::signal::unix::{SignalKind, signal};
use tty::Tty;

/// The longest that a lost session waits for what the server knows about it.
const EXPLAIN: Duration = Duration::from_secs(2);

/// The longest that deleting a session's own pod may take.
const TIDY: Duration = Duration::from_secs(5);

/// What a hand-over works with.
struct Stage<'a> {
    terminal: &'a mut Terminal<Stdout>,
    signals: &'a mut Signals,
    tty: Tty,
    /// What was typed for the session before it was there.
    typed: Vec<u8>,
}

/// Why a hand-over goes no further.
enum Stop {
    /// The user gave it up.
    Left,
    /// There is no session.
    Refused(Unreachable),
    /// The program ends.
    End(End),
    /// The terminal cannot be used.
    Broken(io::Error),
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::Broken(error)
    }
}

/// How waiting ended.
pub(super) enum Waited<T> {
    /// With what was waited for.
    Done(T),
    /// It was given up.
    Left,
    /// The program ends.
    End(End),
}

/// What happened while the terminal was lent.
enum Told {
    Signal(Asked),
    Resized,
    Moved(io::Result<Option<Over>>),
    Message(Option<Message>),
}

/// What happened while something was waited for.
enum Met<T> {
    Signal(Asked),
    Done(T),
    Typed(io::Result<usize>),
    Message(Option<Message>),
}

impl App {
    /// Opens a session and lends it the terminal until it ends. Nobody else may read keys meanwhile. Returns how the
    /// program ends, if it was told to.
    ///
    /// # Errors
    /// When the terminal cannot be used.
    pub(super) async fn hand_over(
        &mut self,
        visit: Visit,
        terminal: &mut Terminal<Stdout>,
        signals: &mut Signals,
    ) -> io::Result<Option<End>> {
        let Some(lanes) = self.tasks.lanes(&visit.context).cloned() else {
            self.say(Notice::error(format!("{} is not connected", visit.context), ":retry tries it again"));
            return Ok(None);
        };
        let mut stage = Stage { terminal, signals, tty: Tty::open()?, typed: typed::ahead() };
        let done = self.visit(&lanes, visit.clone(), &mut stage).await;
        if let Err(Stop::End(end)) = self.tidy_up(&lanes, &visit, (&mut stage, &done)).await {
            return Ok(Some(end));
        }
        let notice = match done {
            Ok(notice) => notice,
            Err(Stop::Left) => Notice::info("given up"),
            Err(Stop::Refused(why)) => why.into(),
            Err(Stop::End(end)) => return Ok(Some(end)),
            Err(Stop::Broken(error)) => return Err(error),
        };
        self.say(notice);
        Ok(None)
    }

    /// Whatever happened, what was made for this visit goes, also when nobody waits for it any more.
    async fn tidy_up(
        &mut self,
        lanes: &Lanes,
        visit: &Visit,
        (stage, done): (&mut Stage<'_>, &Result<Notice, Stop>),
    ) -> Result<(), Stop> {
        let (lanes, made) = (lanes.clone(), visit.clone());
        let work = tokio::spawn(async move { exec::tidy_up(&lanes, &made).await });
        let work = tokio::time::timeout(TIDY, work);
        let tidied = if matches!(done, Err(Stop::End(_))) { work.await } else { self.meanwhile(stage, work).await? };
        let why = match tidied {
            Ok(Ok(Ok(()))) => return Ok(()),
            Ok(Ok(Err(problem))) => problem.to_string(),
            _ => "the server did not answer in time".to_owned(),
        };
        let name = visit.name();
        self.say(Notice::error(format!("pod {}/{name} is still there: {why}", visit.namespace), "delete it"));
        Ok(())
    }

    /// Opens sessions, usually one, and lends them the terminal; what is to be said about the last one.
    async fn visit(&mut self, lanes: &Lanes, mut visit: Visit, stage: &mut Stage<'_>) -> Result<Notice, Stop> {
        loop {
            self.say(Notice::info("opening a session in the container … (esc gives it up)"));
            let opened = self.meanwhile(stage, exec::open(lanes, &visit)).await?;
            let mut opened = opened.map_err(Stop::Refused)?;
            let over = self.lend(stage, &mut opened).await;
            self.take_back(stage.terminal)?;
            let ended = match over? {
                Over::Left => return Ok(left(&opened.title)),
                Over::Ended(ended) => ended,
            };
            let more = async {
                let next = exec::second_try(&lanes.read, &visit, &opened, &ended).await;
                (next, exec::explain(&lanes.read, &visit, &opened, ended.clone()).await)
            };
            let more = self.meanwhile(stage, tokio::time::timeout(EXPLAIN, more)).await?;
            match more.unwrap_or((None, (ended, String::new()))) {
                (Some(next), _) => visit = next,
                (None, (ended, hint)) => return Ok(farewell(&opened.title, &ended, &hint)),
            }
        }
    }

    /// Waits for `work` with the screen as it is; what is typed meanwhile is kept, unless it gives the work up.
    async fn meanwhile<T>(&mut self, stage: &mut Stage<'_>, work: impl Future<Output = T>) -> Result<T, Stop> {
        let mut work = pin!(work);
        let mut buffer = [0; 1024];
        loop {
            self.draw_if_due(stage.terminal)?;
            let met = tokio::select! {
                biased;
                signal = stage.signals.next() => Met::Signal(signal),
                done = &mut work => Met::Done(done),
                read = stage.tty.read(&mut buffer) => Met::Typed(read),
                message = self.message() => Met::Message(message),
            };
            match met {
                Met::Signal(Asked::End(code)) => return Err(Stop::End(End::Signal(code))),
                Met::Signal(Asked::Stop) => run::suspend(stage.terminal, self.mouse)?,
                Met::Signal(Asked::Resume) => self.resume(stage.terminal)?,
                Met::Done(done) => return Ok(done),
                Met::Typed(read) => {
                    let typed = buffer.get(..read?).unwrap_or_default();
                    if typed == b"\x1b" || typed.contains(&3) {
                        return Err(Stop::Left);
                    }
                    stage.typed.extend_from_slice(typed);
                }
                Met::Message(Some(message)) => self.take(message),
                Met::Message(None) => {}
            }
        }
    }

    /// Waits for `work` while everything goes on; Esc gives it up. Nobody else may read keys meanwhile.
    ///
    /// # Errors
    /// When the terminal cannot be used.
    pub(super) async fn wait_drawing<T>(
        &mut self,
        work: impl Future<Output = T>,
        (terminal, signals): (&mut Terminal<Stdout>, &mut Signals),
    ) -> io::Result<Waited<T>> {
        self.say(Notice::info("asking the server … (esc gives it up)"));
        let mut stage = Stage { terminal, signals, tty: Tty::open()?, typed: typed::ahead() };
        let waited = self.meanwhile(&mut stage, work).await;
        self.model.notices.dismiss();
        match waited {
            Ok(done) => Ok(Waited::Done(done)),
            Err(Stop::End(end)) => Ok(Waited::End(end)),
            Err(Stop::Broken(error)) => Err(error),
            Err(Stop::Left | Stop::Refused(_)) => Ok(Waited::Left),
        }
    }

    /// Lends the terminal until the session is over.
    async fn lend(&mut self, stage: &mut Stage<'_>, opened: &mut Opened) -> Result<Over, Stop> {
        let raw = opened.call.tty && opened.call.stdin;
        let mut resized = signal(SignalKind::window_change())?;
        terminal::lend(raw);
        io::stdout().write_all(greeting(opened, raw).as_bytes()).and_then(|()| io::stdout().flush())?;
        let typed = std::mem::take(&mut stage.typed);
        let mut relay = Relay::new(&stage.tty, &mut opened.session, (&opened.call, &typed));
        relay.resize();
        loop {
            let told = tokio::select! {
                signal = stage.signals.next() => Told::Signal(signal),
                _ = resized.recv() => Told::Resized,
                moved = relay.turn() => Told::Moved(moved),
                message = self.message() => Told::Message(message),
            };
            match told {
                Told::Signal(asked) if asked.is_key() && !raw => return Ok(Over::Left),
                Told::Signal(Asked::End(code)) => return Err(Stop::End(End::Signal(code))),
                Told::Signal(asked) => {
                    pause(asked, raw)?;
                    relay.resize();
                }
                Told::Resized => relay.resize(),
                Told::Moved(moved) => {
                    if let Some(over) = moved? {
                        return Ok(over);
                    }
                }
                Told::Message(Some(message)) => self.take(message),
                Told::Message(None) => {}
            }
        }
    }

    /// Takes the terminal back from whoever had it, and draws everything anew.
    fn take_back(&mut self, terminal: &mut Terminal<Stdout>) -> io::Result<()> {
        terminal::reset();
        typed::forget();
        self.resume(terminal)?;
        let area = terminal::size();
        self.event(Event::Resize(area.width, area.height), terminal)
    }
}

/// Stops and goes on, or goes on after somebody else stopped us, with the terminal as the session needs it.
fn pause(asked: Asked, raw: bool) -> io::Result<()> {
    if asked == Asked::Stop {
        terminal::set_raw(false);
        run::stop()?;
    }
    terminal::set_raw(false);
    terminal::set_raw(raw);
    Ok(())
}

/// The line that is printed when a session begins.
fn greeting(opened: &Opened, raw: bool) -> String {
    let Call { container, what, stdin, tty, .. } = &opened.call;
    let out = if *stdin { "enter ~ . leaves it" } else { "ctrl-c leaves it" };
    let notes = match (what, stdin, tty) {
        (What::Attach, false, _) => "; it was started without stdin, so nothing can be typed",
        (What::Attach, true, false) => "; it was started without a terminal",
        _ => "",
    };
    let end = if raw { "\r\n" } else { "\n" };
    format!("rutter: {}, container {}{notes}; {out}{end}", opened.title, crate::text::safe(container))
}

/// What is said about a session that the user left.
fn left(title: &str) -> Notice {
    Notice::warning(format!("{title}: left"), "what ran there may go on")
}

/// What is said about a session that ended.
fn farewell(title: &str, ended: &Ended, hint: &str) -> Notice {
    let sentence = format!("{title} ended: {ended}");
    match ended {
        Ended::Exited(0) => Notice::info(format!("{title} ended")),
        Ended::Exited(_) => Notice::warning(sentence, hint),
        // The pod is under the cursor; the hint matters more.
        Ended::Failed(why) if why == exec::NO_SHELL => Notice::warning(why.clone(), hint),
        Ended::Failed(_) | Ended::Lost(_) => Notice::error(sentence, hint),
    }
}
