//! The proof of who we are, kept fresh by one task for all requests that need it.

use super::error::ConnectError;
use super::pem::to_base64;
use crate::cluster::kubeconfig::Secret;
use http::HeaderValue;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot, watch};

/// How often a token file is read again, as in client-go (`transport/token_source.go`).
const FILE_PERIOD: Duration = Duration::from_mins(1);

/// What is sent to prove who we are.
#[derive(Clone, Default)]
pub struct Proof {
    /// Grows with each change; 0 means that there is none yet.
    pub serial: u64,
    /// The `Authorization` header.
    pub header: Option<HeaderValue>,
    /// A client certificate of a plugin.
    pub identity: Option<Arc<Identity>>,
    /// Why the proof could not be renewed when that was tried last.
    pub trouble: Option<ConnectError>,
    /// What a plugin that runs now wrote to its standard error so far, line by line, made safe.
    pub says: Vec<String>,
}

/// A client certificate and its key, in PEM.
#[derive(Clone, PartialEq, Eq)]
pub struct Identity {
    /// The certificate.
    pub certificate: String,
    /// Its key.
    pub key: Secret,
}

impl fmt::Debug for Proof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Proof").field("serial", &self.serial).finish_non_exhaustive()
    }
}

/// Shares the current proof; the task behind it ends with the last clone.
#[derive(Debug, Clone)]
pub struct Credentials {
    proof: watch::Receiver<Arc<Proof>>,
    renew: Option<mpsc::Sender<Renew>>,
}

/// A wish for a proof other than the one seen.
#[derive(Debug)]
pub struct Renew {
    /// Serial of the proof that the server refused.
    pub seen: u64,
    /// Told when there is nothing more to wait for.
    pub done: oneshot::Sender<()>,
}

impl Credentials {
    /// A proof that never changes.
    pub fn fixed(header: Option<HeaderValue>) -> Self {
        let (_, proof) = watch::channel(Arc::new(Proof { serial: 1, header, ..Proof::default() }));
        Self { proof, renew: None }
    }

    /// A proof that a task behind `renew` keeps fresh.
    pub fn kept(proof: watch::Receiver<Arc<Proof>>, renew: mpsc::Sender<Renew>) -> Self {
        Self { proof, renew: Some(renew) }
    }

    /// The token in the file at `path`, read again each minute and after a 401; `fallback` is used when the file
    /// cannot be read at first. Later the last good token stays.
    ///
    /// # Errors
    /// When there is neither a readable file nor a fallback.
    pub async fn file(path: PathBuf, fallback: Option<&Secret>) -> Result<Self, ConnectError> {
        let header = match (read_token(&path).await, fallback) {
            (Ok(header), _) => header,
            (Err(_), Some(token)) => bearer(&token.0)?,
            (Err(error), None) => return Err(error),
        };
        let (publish, proof) = watch::channel(Arc::new(Proof { serial: 1, header: Some(header), ..Proof::default() }));
        let (renew, inbox) = mpsc::channel(64);
        tokio::spawn(keep_file(path, publish, inbox));
        Ok(Self::kept(proof, renew))
    }

    /// The proof to send now.
    pub fn current(&self) -> Arc<Proof> {
        self.proof.borrow().clone()
    }

    /// Waits until the proof, or what is said about it, is another than it was at the last call.
    pub async fn changed(&mut self) {
        if self.proof.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
    }

    /// Another proof than the one with the serial `seen`, which the server refused; `None` when there is none.
    pub async fn renew(&self, seen: u64) -> Option<Arc<Proof>> {
        let (done, wait) = oneshot::channel();
        self.renew.as_ref()?.send(Renew { seen, done }).await.ok()?;
        // A dropped sender means the same as an answer: look what is there.
        let _ = wait.await;
        Some(self.current()).filter(|proof| proof.serial > seen)
    }

    /// Why the proof could not be renewed when that was tried last.
    pub fn trouble(&self) -> Option<ConnectError> {
        self.proof.borrow().trouble.clone()
    }
}

/// `Authorization: Bearer …`, marked so that it is not shown.
///
/// # Errors
/// When `token` is no text that a header can hold.
pub fn bearer(token: &str) -> Result<HeaderValue, ConnectError> {
    header(&format!("Bearer {}", token.trim()))
}

/// `Authorization: Basic …`.
///
/// # Errors
/// Never in practice: base64 always fits into a header.
pub fn basic(user: &str, password: &Secret) -> Result<HeaderValue, ConnectError> {
    header(&format!("Basic {}", to_base64(format!("{user}:{}", password.0).as_bytes())))
}

fn header(text: &str) -> Result<HeaderValue, ConnectError> {
    let wrong = || ConnectError::unusable("the token holds characters that no token can have", "");
    let mut value = HeaderValue::from_str(text).map_err(|_| wrong())?;
    value.set_sensitive(true);
    Ok(value)
}

async fn read_token(path: &Path) -> Result<HeaderValue, ConnectError> {
    let wrong = |what: String| ConnectError::unusable(format!("the token file {} {what}", path.display()), "");
    let text = tokio::fs::read_to_string(path).await.map_err(|error| wrong(format!("cannot be read: {error}")))?;
    if text.trim().is_empty() {
        return Err(wrong("is empty".to_owned()));
    }
    bearer(&text)
}

/// Reads the file each minute and when asked, until nobody is left to ask.
async fn keep_file(path: PathBuf, publish: watch::Sender<Arc<Proof>>, mut inbox: mpsc::Receiver<Renew>) {
    loop {
        let asked = match tokio::time::timeout(FILE_PERIOD, inbox.recv()).await {
            Ok(None) => return,
            Ok(Some(asked)) => Some(asked),
            Err(_) => None,
        };
        let current = publish.borrow().clone();
        if asked.as_ref().is_some_and(|asked| asked.seen < current.serial) {
            continue;
        }
        let next = after_reading(&current, read_token(&path).await);
        publish.send_if_modified(|proof| next.is_some_and(|next| replace(proof, next)));
    }
}

/// What to publish after the file was read; `None` when nothing changed.
fn after_reading(current: &Proof, read: Result<HeaderValue, ConnectError>) -> Option<Proof> {
    match read {
        Ok(header) if current.header.as_ref() == Some(&header) && current.trouble.is_none() => None,
        Ok(header) => {
            let serial = current.serial + u64::from(current.header.as_ref() != Some(&header));
            Some(Proof { serial, header: Some(header), ..Proof::default() })
        }
        Err(trouble) => Some(Proof { trouble: Some(trouble), ..current.clone() }),
    }
}

fn replace(proof: &mut Arc<Proof>, next: Proof) -> bool {
    *proof = Arc::new(next);
    true
}
