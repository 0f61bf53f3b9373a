//! `Report`: tells the loop how a forward fares, when something changed and not more often than a person can read.

use crate::cluster::Message;
use crate::kinds::forward::{ForwardId, ForwardState};
use std::time::Duration;
use tokio::sync::mpsc::Sender;
use tokio::time::{Instant, sleep_until};

/// Shortest time between two messages.
const PACE: Duration = Duration::from_millis(250);

/// The state of a forward, as it is and as it was told.
#[derive(Debug)]
pub struct Report {
    id: ForwardId,
    /// As it is.
    pub state: ForwardState,
    told: Option<ForwardState>,
    next: Instant,
    out: Sender<Message>,
}

impl Report {
    /// A report of which nothing was told yet.
    pub fn new(id: ForwardId, out: Sender<Message>) -> Self {
        Self { id, state: ForwardState::default(), told: None, next: Instant::now(), out }
    }

    /// Waits until something may be told; for ever when nothing is to be told. `counts` says that bytes may be passing,
    /// which nobody tells.
    pub async fn due(&self, counts: bool) {
        if counts || self.told.as_ref() != Some(&self.state) {
            sleep_until(self.next).await;
        } else {
            std::future::pending().await
        }
    }

    /// Tells what changed, if there is room: passing on bytes must not wait for the screen.
    pub fn tell(&mut self) {
        self.next = Instant::now() + PACE;
        if self.told.as_ref() == Some(&self.state) {
            return;
        }
        let message = Message::Forward { id: self.id, state: self.state.clone() };
        if self.out.try_send(message).is_ok() {
            self.told = Some(self.state.clone());
        }
    }

    /// Tells the last state, whatever it takes.
    pub async fn tell_last(self) {
        // When the loop has ended, nobody needs it.
        let _ = self.out.send(Message::Forward { id: self.id, state: self.state }).await;
    }
}
