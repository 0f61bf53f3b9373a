//! `Outbox`: gathers the changes of one part into batches and sends them, in order, over the bounded channel.

use super::fault::Fault;
use crate::cluster::message::{Message, Subscription};
use crate::kinds::{Change, Freshness, Heading, Row, Uid};
use std::time::{Duration, Instant};
use tokio::sync::mpsc::Sender;

/// The most changes of a batch, and the longest time that one is gathered: what the loop takes in between two frames
/// stays small.
const MOST: usize = 128;
pub(super) const GATHER: Duration = Duration::from_millis(4);

/// Sends for one part of a subscription.
pub(super) struct Outbox {
    out: Sender<Message>,
    of: Subscription,
    part: u8,
    batch: Vec<Change>,
    since: Instant,
    state: Freshness,
}

impl Outbox {
    pub(super) fn new(out: Sender<Message>, of: Subscription, part: u8) -> Self {
        Self { out, of, part, batch: Vec::new(), since: Instant::now(), state: Freshness::Connecting }
    }

    /// The other end, to notice that nobody listens any more.
    pub(super) fn listener(&self) -> Sender<Message> {
        self.out.clone()
    }

    /// Says that a list begins.
    pub(super) fn begin(&mut self) {
        self.add(Change::Begin { part: self.part });
    }

    /// Puts rows out.
    pub(super) fn put(&mut self, rows: &mut Vec<Row>) {
        for row in rows.drain(..) {
            self.add(Change::Put { part: self.part, row: Box::new(row) });
        }
    }

    /// Says that the rows have other columns from here on.
    pub(super) fn columns(&mut self, headings: Vec<Heading>) {
        self.add(Change::Columns { headings });
    }

    /// Says that an object is gone.
    pub(super) fn gone(&mut self, uid: Uid) {
        self.add(Change::Gone { uid });
    }

    /// Says that the list is complete.
    pub(super) fn end(&mut self) {
        self.add(Change::End { part: self.part });
    }

    fn add(&mut self, change: Change) {
        if self.batch.is_empty() {
            self.since = Instant::now();
        }
        self.batch.push(change);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.batch.is_empty()
    }

    /// Whether the batch should go.
    pub(super) fn is_due(&self) -> bool {
        self.batch.len() >= MOST || (!self.batch.is_empty() && self.since.elapsed() >= GATHER)
    }

    /// Sends what was gathered. Waits while the loop is behind; nothing is lost when this is dropped.
    pub(super) async fn flush(&mut self) -> Result<(), Fault> {
        if self.batch.is_empty() {
            return Ok(());
        }
        let place = self.out.reserve().await.map_err(|_| Fault::Unheard)?;
        place.send(Message::Changes { of: self.of, batch: std::mem::take(&mut self.batch) });
        Ok(())
    }

    /// Sends what was gathered and then how fresh the list is now, if that is news.
    pub(super) async fn fresh(&mut self, state: Freshness) -> Result<(), Fault> {
        self.flush().await?;
        if self.state == state {
            return Ok(());
        }
        let place = self.out.reserve().await.map_err(|_| Fault::Unheard)?;
        place.send(Message::Fresh { of: self.of, part: self.part, state: state.clone() });
        self.state = state;
        Ok(())
    }
}
