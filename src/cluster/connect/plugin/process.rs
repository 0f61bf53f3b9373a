//! Running a command away from the terminal (no input, bounded output, bounded time, killed as a whole), or with it.

use crate::text::safe;
use std::io;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio::process::{Child, Command};

/// Longest run. A sign-in in a browser should fit.
pub const TIME_LIMIT: Duration = Duration::from_mins(1);
/// More output than any credential has.
const OUTPUT_LIMIT: usize = 1 << 20;
/// What is kept of the standard error: its end, where the reason stands.
const ERROR_LIMIT: usize = 16 << 10;
/// How long children of the command may hold its pipes open after it ended.
const PIPE_LIMIT: Duration = Duration::from_secs(1);

/// How a command ended.
#[derive(Debug)]
pub struct Ended {
    /// Its exit status, or why there is none.
    pub outcome: Result<ExitStatus, Stopped>,
    /// Its standard output.
    pub output: Vec<u8>,
    /// The end of its standard error, line by line, made safe.
    pub errors: Vec<String>,
}

/// Why a command was stopped, or could not be watched.
#[derive(Debug)]
pub enum Stopped {
    /// It ran for `TIME_LIMIT`.
    Late,
    /// It printed more than `OUTPUT_LIMIT`.
    Flood,
    /// The system failed.
    Io(io::Error),
}

/// Runs `command` to its end; `heard` is told what it wrote to its standard error so far. When this future is dropped, the
/// command and its children are killed.
///
/// # Errors
/// When it cannot be started.
pub async fn run(mut command: Command, heard: impl FnMut(Vec<String>)) -> io::Result<Ended> {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    // A group of its own, so that it can be killed with its children, and cannot take keys from the terminal.
    #[cfg(unix)]
    command.process_group(0);
    let mut child = command.spawn()?;
    let group = Group(child.id());
    let (mut output, mut errors) = (Vec::new(), Vec::new());
    let watched = tokio::time::timeout(TIME_LIMIT, watch(&mut child, &mut output, (&mut errors, heard))).await;
    let outcome = watched.unwrap_or(Err(Stopped::Late));
    if outcome.is_ok() {
        group.forget();
    }
    Ok(Ended { outcome, output, errors: lines(&errors) })
}

/// Runs `command` to its end with the terminal: it says there what it has to say, and reads keys if it `asks`. It is in our
/// process group, and takes as long as the person who sees it wants; ctrl-c ends it.
///
/// # Errors
/// When it cannot be started.
pub async fn run_in_terminal(mut command: Command, asks: bool) -> io::Result<Ended> {
    let stdin = if asks { Stdio::inherit() } else { Stdio::null() };
    command.stdin(stdin).stdout(Stdio::piped()).stderr(Stdio::inherit()).kill_on_drop(true);
    let mut child = command.spawn()?;
    let mut output = Vec::new();
    let outcome = watch(&mut child, &mut output, (&mut Vec::new(), |_| ())).await;
    Ok(Ended { outcome, output, errors: Vec::new() })
}

async fn watch(
    child: &mut Child,
    output: &mut Vec<u8>,
    (errors, heard): (&mut Vec<u8>, impl FnMut(Vec<String>)),
) -> Result<ExitStatus, Stopped> {
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let reading = async { tokio::try_join!(read_all(stdout, output), read_end(stderr, errors, heard)).map(drop) };
    tokio::pin!(reading);
    tokio::select! {
        read = &mut reading => {
            read?;
            child.wait().await.map_err(Stopped::Io)
        }
        status = child.wait() => {
            // What was printed before the end is still in the pipes.
            let rest = tokio::time::timeout(PIPE_LIMIT, &mut reading).await;
            rest.unwrap_or(Ok(()))?;
            status.map_err(Stopped::Io)
        }
    }
}

async fn read_all(pipe: Option<impl AsyncRead + Unpin>, into: &mut Vec<u8>) -> Result<(), Stopped> {
    let Some(mut pipe) = pipe else { return Ok(()) };
    while pipe.read_buf(into).await.map_err(Stopped::Io)? > 0 {
        if into.len() > OUTPUT_LIMIT {
            return Err(Stopped::Flood);
        }
    }
    Ok(())
}

/// Reads to the end, so that the command never waits for us, and keeps the last part.
async fn read_end(
    pipe: Option<impl AsyncRead + Unpin>,
    into: &mut Vec<u8>,
    mut heard: impl FnMut(Vec<String>),
) -> Result<(), Stopped> {
    let Some(mut pipe) = pipe else { return Ok(()) };
    while pipe.read_buf(into).await.map_err(Stopped::Io)? > 0 {
        let surplus = into.len().saturating_sub(ERROR_LIMIT);
        into.drain(..surplus);
        heard(lines(into));
    }
    Ok(())
}

fn lines(bytes: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(bytes);
    text.lines().map(str::trim_end).filter(|line| !line.is_empty()).map(|line| safe(line).into_owned()).collect()
}

/// The process group of a command, killed when this is dropped.
struct Group(Option<u32>);

impl Group {
    fn forget(mut self) {
        self.0 = None;
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        let Some(group) = self.0 else { return };
        // The shell's own `kill` reaches a group without unsafe code, and is there wherever plugins are.
        let mut kill = Command::new("sh");
        kill.arg("-c").arg(format!("kill -s KILL -- -{group}"));
        // The command itself is killed by tokio as well; children that escape this end with their pipes.
        let _ = kill.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    }
}
