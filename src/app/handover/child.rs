//! Runs a program of this machine in the foreground, as an editor, with the terminal as a shell would give it.
//!
//! The program is in our process group, as those of git and kubectl: ctrl-z stops both of us, and one `fg` wakes both.

use super::Told;
use crate::app::run::{self, Asked, End, Signals};
use crate::app::{App, Terminal};
use crate::model::Notice;
use crate::text::safe;
use crate::ui::terminal;
use rustix::termios::{OptionalActions, tcgetattr, tcsetattr};
use std::ffi::OsStr;
use std::io::{self, Stdout};
use std::os::unix::process::ExitStatusExt;
use std::pin::pin;
use std::process::ExitStatus;
use std::time::Duration;
use tokio::process::Command;
use tokio::time::timeout;

/// How long signals that were meant for the program may take to arrive.
const LATE: Duration = Duration::from_millis(20);

/// Runs `argv` to its end; the terminal is then set as before, whatever the program did to it. Whoever calls it has
/// given the screen back and reads no keys. Given up, it ends the program.
///
/// # Errors
/// When there is no such program, or no terminal.
pub async fn run<A: AsRef<OsStr>>(argv: &[A]) -> io::Result<ExitStatus> {
    let (program, arguments) = argv.split_first().ok_or(io::ErrorKind::InvalidInput)?;
    leaving_modes(Command::new(program).args(arguments).kill_on_drop(true).status()).await?
}

/// Does `work`, which may do to the terminal what it likes.
async fn leaving_modes<T>(work: impl Future<Output = T>) -> io::Result<T> {
    let before = tcgetattr(io::stdin())?;
    let done = work.await;
    tcsetattr(io::stdin(), OptionalActions::Now, &before)?;
    Ok(done)
}

/// What is said about a program that failed.
pub fn failed<A: AsRef<OsStr>>(argv: &[A], status: ExitStatus) -> Notice {
    let name = argv.first().map(|name| name.as_ref().to_string_lossy().into_owned()).unwrap_or_default();
    let how = match (status.code(), status.signal()) {
        (Some(code), _) => format!("exited {code}"),
        (None, Some(signal)) => format!("was ended by signal {signal}"),
        (None, None) => "failed".to_owned(),
    };
    Notice::warning(format!("{} {how}", safe(&name)), "")
}

impl App {
    /// Lends the terminal to a program until it ends; nobody else may read keys meanwhile. What ctrl-c sends is for the
    /// program alone. Returns how the program fared, or how rutter ends, if it was told to.
    ///
    /// # Errors
    /// When the terminal cannot be used. A program that does not exist is said and counts as failed.
    pub(in crate::app) async fn run_child(
        &mut self,
        argv: &[String],
        terminal: &mut Terminal<Stdout>,
        signals: &mut Signals,
    ) -> io::Result<Result<ExitStatus, End>> {
        match self.lend_to(run(argv), (terminal, signals)).await? {
            Ok(Ok(status)) => Ok(Ok(status)),
            Ok(Err(error)) => {
                let name = argv.first().map_or("", String::as_str);
                self.say(Notice::error(format!("{} cannot be run: {error}", safe(name)), ""));
                Ok(Ok(ExitStatus::from_raw(127 << 8)))
            }
            Err(end) => Ok(Err(end)),
        }
    }

    /// Lends the terminal to the credential plugin of a context, and connects with what it gives. Returns how rutter
    /// ends, if it was told to.
    ///
    /// # Errors
    /// When the terminal cannot be used.
    pub(in crate::app) async fn sign_in(
        &mut self,
        context: &str,
        (terminal, signals): (&mut Terminal<Stdout>, &mut Signals),
    ) -> io::Result<Option<End>> {
        let clusters = self.tasks.clusters().clone();
        let signing_in = Box::pin(clusters.sign_in(context));
        match self.lend_to(leaving_modes(signing_in), (terminal, signals)).await? {
            Ok(signed_in) => {
                match signed_in? {
                    Ok(()) => self.run("retry", None),
                    Err(why) => self.say(why.into()),
                }
                self.follow_screens();
                Ok(None)
            }
            Err(end) => Ok(Some(end)),
        }
    }

    /// Gives the screen back while `work` has the terminal. What it comes to, or how rutter ends.
    async fn lend_to<T>(
        &mut self,
        work: impl Future<Output = T>,
        (terminal, signals): (&mut Terminal<Stdout>, &mut Signals),
    ) -> io::Result<Result<T, End>> {
        terminal::leave();
        let done = self.wait_for(work, signals).await;
        while let Ok(asked) = timeout(LATE, signals.next()).await {
            if let Some(end) = end(asked) {
                return Ok(Err(end));
            }
        }
        self.take_back(terminal)?;
        Ok(done)
    }

    /// Waits for a program while the lists go on.
    async fn wait_for<T>(&mut self, work: impl Future<Output = T>, signals: &mut Signals) -> Result<T, End> {
        let mut work = pin!(work);
        loop {
            let told = tokio::select! {
                done = &mut work => return Ok(done),
                signal = signals.next() => Told::Signal(signal),
                message = self.message() => Told::Message(message),
            };
            match told {
                Told::Signal(Asked::Stop) => drop(run::stop()),
                Told::Signal(asked) => {
                    if let Some(end) = end(asked) {
                        return Err(end);
                    }
                }
                Told::Message(Some(message)) => self.take(message),
                _ => {}
            }
        }
    }
}

/// How rutter ends, if a signal asks it to that is not the program's.
fn end(asked: Asked) -> Option<End> {
    match asked {
        Asked::End(code) if !asked.is_key() => Some(End::Signal(code)),
        _ => None,
    }
}
