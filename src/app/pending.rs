//! `Pending`: what waits for the answer to a question on the screen, and from when on keys count as one.

use super::gate::TYPED_AHEAD;
use tokio::time::Instant;

/// Something that waits to be confirmed.
pub(super) struct Pending<T> {
    waiting: Option<(u64, T)>,
    /// When the question came to the screen.
    shown: Option<Instant>,
}

impl<T> Default for Pending<T> {
    fn default() -> Self {
        Self { waiting: None, shown: None }
    }
}

impl<T> Pending<T> {
    /// From now on `what` waits for the answer to question `id`.
    pub(super) fn wait(&mut self, id: u64, what: T) {
        *self = Self { waiting: Some((id, what)), shown: None };
    }

    /// Notes which question is on the screen; what waits for another one waits no longer.
    pub(super) fn follow_question(&mut self, asked: Option<(u64, bool)>) {
        match (&self.waiting, asked) {
            (Some((id, _)), Some((shown, _))) if *id == shown => {
                self.shown.get_or_insert_with(Instant::now);
            }
            _ => *self = Self::default(),
        }
    }

    /// Whether keys do not count yet, because the question has only just come to the screen.
    pub(super) fn is_too_early(&self) -> bool {
        self.waiting.is_some() && self.shown.is_none_or(|shown| shown.elapsed() < TYPED_AHEAD)
    }

    /// What waited for the answer to question `id`.
    pub(super) fn take(&mut self, id: u64) -> Option<T> {
        self.waiting.take_if(|(waiting, _)| *waiting == id).map(|(_, what)| what)
    }
}
