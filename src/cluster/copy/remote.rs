//! `Remote`: the container, and programs in it: small ones that are asked something, and tar. Never a shell.

use super::TarError;
use crate::cluster::Unreachable;
use crate::cluster::connect::Lanes;
use crate::cluster::exec::{Call, Ended, Session, Visit, What, is_missing, locate};
use crate::text::safe;
use kube::Client;
use std::io;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::time::timeout;

/// How long a small program may take, as `kubectl cp` gives `test -d`.
const LIMIT: Duration = Duration::from_secs(30);
/// How many bytes of what a program writes are kept.
pub const WORDS: usize = 4_096;

/// A container.
pub struct Remote {
    client: Client,
    call: Call,
}

/// What a small program answered.
pub struct Answer {
    /// How it ended.
    pub ended: Ended,
    /// The beginning of what it wrote.
    pub out: Vec<u8>,
}

impl Remote {
    /// The container that is meant.
    ///
    /// # Errors
    /// When there is none.
    pub async fn find(lanes: &Lanes, visit: &Visit) -> Result<Self, Unreachable> {
        let call = Call { tty: false, ..locate(&lanes.read, visit).await? };
        Ok(Self { client: lanes.sessions.clone(), call })
    }

    #[cfg(test)]
    pub fn new(client: Client, call: Call) -> Self {
        Self { client, call }
    }

    /// `shop/web-1`, safe to show.
    pub fn pod(&self) -> String {
        safe(&format!("{}/{}", self.call.namespace, self.call.pod)).into_owned()
    }

    /// Starts a program; `stdin` says whether something will be written to it.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn open(&self, argv: &[&str], stdin: bool) -> Result<Session, Unreachable> {
        let what = What::Exec(argv.iter().map(|word| (*word).to_owned()).collect());
        Session::open(&self.client, &Call { what, stdin, ..self.call.clone() }).await
    }

    /// Runs a small program to its end.
    ///
    /// # Errors
    /// When the server refuses, or the program takes too long.
    pub async fn ask(&self, argv: &[&str]) -> Result<Answer, Unreachable> {
        let run = async {
            let Session { stdin: _stdin, stdout, stderr, size: _size, mut end } = self.open(argv, false).await?;
            let (out, _, ended) = tokio::join!(beginning(stdout), beginning(stderr), end.wait());
            Ok(Answer { ended, out })
        };
        let program = argv.first().copied().unwrap_or_default();
        let late = |_| unreachable(format!("{program} in {} gave no answer within 30 s", self.pod()), "try again");
        timeout(LIMIT, run).await.map_err(late)?
    }

    /// What a checksum of the container says of a file that has the sum `local` here.
    ///
    /// # Errors
    /// When the two differ.
    pub async fn compare(&self, path: &str, local: &str) -> Result<String, Unreachable> {
        let path = argument(path);
        let Answer { ended, out } = self.ask(&["sha256sum", &path]).await?;
        if is_absent(&ended) {
            return Ok("checksum not compared: no sha256sum in this image".to_owned());
        }
        if ended != Ended::Exited(0) {
            return Ok(format!("checksum not compared: sha256sum {ended}"));
        }
        // A backslash in front says that the name was written in another way.
        let said = String::from_utf8_lossy(&out);
        let sum = said.trim_start_matches('\\').split_whitespace().next().unwrap_or_default();
        if sum == local {
            return Ok("checksum compared".to_owned());
        }
        let sentence = format!("{} has another checksum here than in {}", safe(&path), self.pod());
        Err(unreachable(sentence, "it may have changed meanwhile: --no-checksum compares nothing"))
    }
}

/// Whether a session ended because the image has no such program.
pub fn is_absent(ended: &Ended) -> bool {
    is_missing(ended) || matches!(ended, Ended::Exited(126 | 127))
}

/// A path as an argument that no program takes for an option.
pub fn argument(path: &str) -> String {
    if path.starts_with('-') { format!("./{path}") } else { path.to_owned() }
}

/// Why tar did not succeed, with what it said; `kept` says what that means for what was there.
pub fn failure(ended: &Ended, said: &str, kept: &str) -> Unreachable {
    if is_absent(ended) {
        return unreachable("no tar in this image".to_owned(), ":debug starts a container beside it");
    }
    let said = if said.is_empty() { String::new() } else { format!(": {said}") };
    match ended {
        Ended::Exited(code) => unreachable(format!("tar in the container ended with exit code {code}{said}"), kept),
        ended => unreachable(format!("{ended}{said}"), kept),
    }
}

/// All that a program writes, of which the beginning is kept.
pub async fn beginning(mut pipe: impl AsyncRead + Unpin) -> Vec<u8> {
    let (mut kept, mut piece) = (Vec::new(), vec![0; WORDS]);
    // A pipe that fails has ended.
    while let length @ 1.. = pipe.read(&mut piece).await.unwrap_or_default() {
        let room = WORDS.saturating_sub(kept.len()).min(length);
        kept.extend_from_slice(piece.get(..room).unwrap_or_default());
    }
    kept
}

/// What tar complains about, on one line and safe to show. That it takes the `/` away from names is as it should be.
pub fn complaints(said: &[u8]) -> String {
    let said = String::from_utf8_lossy(said);
    let usual = |line: &str| line.to_lowercase().contains("removing leading");
    let lines = said.lines().map(str::trim).filter(|line| !line.is_empty() && !usual(line));
    lines.map(|line| safe(line).into_owned()).collect::<Vec<_>>().join(" · ")
}

/// Does something that waits for a disk, beside the tasks.
///
/// # Errors
/// Those of `work`, as a sentence.
pub async fn beside<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, TarError> + Send + 'static,
) -> Result<T, Unreachable> {
    let done = tokio::task::spawn_blocking(work).await;
    let died = |_| unreachable("copying failed, which is a defect of rutter".to_owned(), "");
    done.map_err(died)?.map_err(|error| local(&error))
}

/// What went wrong with an archive, or here.
pub fn local(error: &TarError) -> Unreachable {
    let there = |why: &io::Error| why.kind() == io::ErrorKind::AlreadyExists;
    match error {
        TarError::Local { what, why } if there(why) => {
            unreachable(format!("{what} is there already"), "--overwrite replaces a file; a folder is never replaced")
        }
        TarError::Broken(_) => unreachable(error.to_string(), "nothing was put into place; try again"),
        TarError::Local { .. } | TarError::Hostile(_) => unreachable(error.to_string(), "nothing was put into place"),
    }
}

/// A sentence and a hint.
pub fn unreachable(sentence: String, hint: &str) -> Unreachable {
    Unreachable { sentence, hint: hint.to_owned() }
}
