//! What is to happen later, in order of time.

use std::collections::BTreeMap;
use std::time::Duration;
use tokio::time::Instant;

use super::store::Name;
use super::story::Act;

/// Something that the owner task does when its time comes.
#[derive(Debug, Clone, PartialEq)]
pub enum Deed {
    /// Tell a watch the current version.
    Bookmark(u64),
    /// End a watch: its `timeoutSeconds` have passed.
    EndWatch(u64),
    /// Let the kubelet (or the scheduler) take the next step with a pod, by name and UID.
    Pod(Name, String),
    /// Remove a pod whose grace period is over.
    Reap(Name, String),
    /// Delete what is owned by this UID.
    Collect(String),
    /// Empty a namespace that is being deleted.
    Empty(String),
    /// Go on with the story.
    Story(Act),
}

/// The list of deeds.
#[derive(Debug, Default)]
pub struct Agenda {
    deeds: BTreeMap<(Instant, u64), Deed>,
    last: u64,
}

impl Agenda {
    /// Plans a deed for later.
    pub fn after(&mut self, delay: Duration, deed: Deed) {
        self.last += 1;
        self.deeds.insert((Instant::now() + delay, self.last), deed);
    }

    /// When the first deed is due.
    pub fn next(&self) -> Option<Instant> {
        self.deeds.first_key_value().map(|((when, _), _)| *when)
    }

    /// Takes the first deed when it is due.
    pub fn due(&mut self) -> Option<Deed> {
        let entry = self.deeds.first_entry()?;
        (entry.key().0 <= Instant::now()).then(|| entry.remove())
    }
}
