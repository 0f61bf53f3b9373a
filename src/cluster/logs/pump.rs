//! `Outbox`: gathers the lines of a stream into batches and sends them.

use super::super::watch::cause;
use super::resume::{Seen, Verdict};
use super::split::{Piece, Splitter};
use super::{LogMessage, LogRequest};
use crate::kinds::logs::{LineKind, LogBatch, LogState};
use http_body_util::BodyExt;
use kube::client::Body;
use std::time::Duration;
use tokio::sync::mpsc::Sender;
use tokio::time::{Instant, sleep_until};

/// How long a line may wait for others.
const PATIENCE: Duration = Duration::from_millis(4);
/// How much text makes a batch, in bytes.
const BATCH: usize = 64 << 10;

/// How a stream ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Close {
    /// The server said that it is complete.
    End,
    /// The connection broke.
    Cut(String),
}

/// The way of one stream's lines to whoever reads them.
#[derive(Debug)]
pub struct Outbox {
    request: LogRequest,
    sender: Sender<LogMessage>,
    batch: LogBatch,
    due: Option<Instant>,
    splitter: Splitter,
    seen: Seen,
}

impl Outbox {
    /// An outbox for the lines of `request`.
    pub fn new(request: LogRequest, sender: Sender<LogMessage>) -> Self {
        let batch = LogBatch::new(request.id);
        Self { request, sender, batch, due: None, splitter: Splitter::default(), seen: Seen::default() }
    }

    /// What it was opened for.
    pub fn request(&self) -> &LogRequest {
        &self.request
    }

    /// The second from which a stream that is opened again has to start. When it `begins` a new instance, nothing
    /// is missing if none of the old lines come again.
    pub fn resume(&mut self, begins: bool) -> Option<i64> {
        self.seen.resume(begins)
    }

    /// Passes on all that comes from an open stream until it ends or is `over`; says how that was, and whether a new
    /// line came.
    pub async fn pump(&mut self, mut body: Body, mut over: impl Future<Output = ()> + Unpin) -> (Close, bool) {
        self.splitter.restart();
        let mut news = false;
        loop {
            let due = self.due;
            let frame = tokio::select! {
                frame = body.frame() => frame,
                () = until(due) => {
                    self.flush().await;
                    continue;
                }
                () = &mut over => return (Close::End, news),
            };
            match frame {
                None => return (Close::End, news),
                Some(Err(error)) => return (Close::Cut(cause(&error)), news),
                Some(Ok(frame)) => news |= self.take(frame.data_ref().map_or(&[], |data| data)).await,
            }
        }
    }

    /// Takes the bytes of a frame; says whether they brought a new line.
    async fn take(&mut self, data: &[u8]) -> bool {
        let mut news = false;
        for part in data.chunks(BATCH) {
            let (batch, seen) = (&mut self.batch, &mut self.seen);
            self.splitter.feed(part, &mut |piece: Piece<'_>| add(batch, seen, &piece));
            news |= !self.batch.is_empty();
            if self.batch.bytes().len() >= BATCH {
                self.flush().await;
            } else if !self.batch.is_empty() && self.due.is_none() {
                self.due = Some(Instant::now() + PATIENCE);
            }
        }
        news
    }

    /// Sends the lines that wait.
    pub async fn flush(&mut self) {
        self.due = None;
        if !self.batch.is_empty() {
            let next = self.batch.following();
            let batch = std::mem::replace(&mut self.batch, next);
            self.send(LogMessage::Lines(batch)).await;
        }
    }

    /// Sends what is to be shown behind the lines so far.
    pub async fn mark(&mut self, text: String) {
        self.flush().await;
        self.send(LogMessage::Marker { id: self.request.id, text }).await;
    }

    /// Sends how the stream fares.
    pub async fn state(&mut self, state: LogState) {
        self.flush().await;
        self.send(LogMessage::State { id: self.request.id, state }).await;
    }

    /// Sends everything that is left, also a last line without its end, and then `message`.
    pub async fn close(&mut self, message: LogMessage) {
        let (batch, seen) = (&mut self.batch, &mut self.seen);
        self.splitter.finish(&mut |piece: Piece<'_>| add(batch, seen, &piece));
        self.flush().await;
        self.send(message).await;
    }

    /// Sends a message. A reader who has gone is noticed by `follow`, which then ends.
    pub async fn send(&mut self, message: LogMessage) {
        let _ = self.sender.send(message).await;
    }
}

/// Waits for a moment, if there is one.
async fn until(due: Option<Instant>) {
    match due {
        Some(due) => sleep_until(due).await,
        None => std::future::pending().await,
    }
}

/// Adds a line that is new, and before it says what is missing.
fn add(batch: &mut LogBatch, seen: &mut Seen, piece: &Piece<'_>) {
    match seen.judge(piece) {
        Verdict::Known => return,
        Verdict::New => {}
        Verdict::AfterGap(last) => batch.push_as(LineKind::Marker, None, gap(last, piece.nanos).as_bytes()),
    }
    batch.push_as(piece.kind, piece.nanos, piece.text);
}

/// What is said where lines are missing: between two moments, in nanoseconds since 1970.
fn gap(last: i64, next: Option<i64>) -> String {
    let shown = |nanos: i64| {
        let moment = jiff::Timestamp::from_nanosecond(nanos.into()).ok();
        moment.map_or_else(String::new, |moment| format!("{moment:.3}"))
    };
    let until = next.map_or_else(String::new, |next| format!(" and {}", shown(next)));
    format!("lines between {}{until} may be missing: the log was rotated while the connection was lost", shown(last))
}
