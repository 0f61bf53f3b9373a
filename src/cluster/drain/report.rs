//! `Report`: tells how pods fare, not more often than somebody can see.

use crate::kinds::drain::{News, Stage, Step};
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::sync::mpsc::Sender;
use tokio::time::Instant;

/// Shortest time between two reports about pods.
const PAUSE: Duration = Duration::from_millis(100);

/// Where the news go, and what was not told yet.
pub struct Report {
    out: Sender<News>,
    changed: BTreeMap<usize, Step>,
    next: Instant,
}

impl Report {
    /// Tells `out`.
    pub fn new(out: Sender<News>) -> Self {
        Self { out, changed: BTreeMap::new(), next: Instant::now() }
    }

    /// Notes how a pod fares; of several steps the last is told.
    pub fn note(&mut self, at: usize, step: Step) {
        self.changed.insert(at, step);
    }

    /// When something is to be told.
    pub fn due(&self) -> Option<Instant> {
        (!self.changed.is_empty()).then_some(self.next)
    }

    /// Tells what was noted, if it is time.
    pub async fn tell_if_due(&mut self) {
        if self.due().is_some_and(|due| due <= Instant::now()) {
            self.tell().await;
        }
    }

    /// Tells what was noted.
    async fn tell(&mut self) {
        let changed: Vec<(usize, Step)> = std::mem::take(&mut self.changed).into_iter().collect();
        self.next = Instant::now() + PAUSE;
        if !changed.is_empty() {
            // When nobody listens, the drain is ended by its owner.
            let _ = self.out.send(News::Steps(changed)).await;
        }
    }

    /// Tells something else, and before it what was noted.
    pub async fn say(&mut self, news: News) {
        self.tell().await;
        let _ = self.out.send(news).await;
    }

    /// Tells what the drain does now.
    pub async fn stage(&mut self, stage: Stage) {
        self.say(News::Stage(stage)).await;
    }

    /// Returns when nobody listens any more.
    pub fn listener(&self) -> Sender<News> {
        self.out.clone()
    }
}
