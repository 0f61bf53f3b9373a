//! `Intake`: the body of an answer, collected in one buffer that is used again and again.

use super::fault::{Fault, cause};
use futures::FutureExt;
use http_body_util::BodyExt;
use kube::client::Body;
use std::time::Duration;
use tokio::time::Instant;

/// How much is collected before it is read, in bytes: some objects at once, so that few are begun twice.
pub(super) const PIECE: usize = 128 * 1024;
/// The largest object, in bytes. The API server itself takes at most about 1.5 MB.
pub(super) const LARGEST: usize = 64 * 1024 * 1024;
/// The least that must come within `STALL`, in bytes.
const TRICKLE: usize = 4 * 1024;
/// After this long without (enough) bytes a list is given up.
pub(super) const STALL: Duration = Duration::from_mins(1);

/// The body of an answer.
pub(super) struct Intake {
    body: Body,
    buffer: Vec<u8>,
    used: usize,
    again: usize,
    since: Instant,
    came: usize,
    failed: Option<Fault>,
}

impl Intake {
    pub(super) fn new(body: Body) -> Self {
        Self { body, buffer: Vec::new(), used: 0, again: 0, since: Instant::now(), came: 0, failed: None }
    }

    /// What was collected and not taken.
    pub(super) fn bytes(&self) -> &[u8] {
        self.buffer.get(self.used..).unwrap_or_default()
    }

    /// Marks `count` bytes as taken.
    pub(super) fn take(&mut self, count: usize) {
        self.used += count;
        self.again = 0;
    }

    /// Notes that what is there does not end yet: to look again is worth it when there is twice as much, so that an
    /// object of any size is looked at a few times only.
    ///
    /// # Errors
    /// When the object is too large.
    pub(super) fn incomplete(&mut self) -> Result<(), Fault> {
        self.again = self.bytes().len() * 2;
        let large = self.bytes().len() > LARGEST;
        if large { Err(Fault::Down("an object is larger than 64 MiB".to_owned())) } else { Ok(()) }
    }

    /// Whether it is worth looking at what is there when nothing more comes for now: little is always.
    pub(super) fn is_worth_a_look(&self) -> bool {
        !self.bytes().is_empty() && (self.bytes().len() < PIECE || self.bytes().len() >= self.again)
    }

    /// Whether so much is there that it should be looked at before more is collected.
    pub(super) fn is_full(&self) -> bool {
        self.bytes().len() >= self.again.max(PIECE)
    }

    /// Waits for bytes, and takes with them what is there already, up to a piece. False when the body has ended.
    /// Nothing is lost when this is dropped.
    ///
    /// # Errors
    /// When the connection fails; what came before that is told first.
    pub(super) async fn fill(&mut self) -> Result<bool, Fault> {
        self.buffer.drain(..self.used.min(self.buffer.len()));
        self.used = 0;
        if let Some(fault) = self.failed.take() {
            return Err(fault);
        }
        let mut frame = self.body.frame().await;
        loop {
            match frame {
                None => return Ok(false),
                Some(Err(error)) => {
                    self.failed = Some(Fault::Down(cause(&error)));
                    return Ok(true);
                }
                Some(Ok(frame)) => {
                    let data = frame.into_data().unwrap_or_default();
                    self.came += data.len();
                    self.buffer.extend_from_slice(&data);
                }
            }
            if self.is_full() {
                return Ok(true);
            }
            let Some(next) = self.body.frame().now_or_never() else { return Ok(true) };
            frame = next;
        }
    }

    /// Whether bytes come so slowly that the list would never be complete.
    pub(super) fn trickles(&mut self) -> bool {
        if self.since.elapsed() < STALL {
            return false;
        }
        let came = std::mem::take(&mut self.came);
        self.since = Instant::now();
        came < TRICKLE
    }
}
