//! What is known of the texts that screens show: an object, and logs.

use super::document::LAST_APPLIED;
use super::logs::LogBuffer;
use super::notice::Notice;
use crate::kinds::logs::{LogBatch, LogState, SourceId};
use crate::kinds::{Freshness, Time};
use serde_json::Value;
use std::collections::BTreeMap;
use std::rc::Rc;

/// An object that somebody looks at, nothing masked: screens show documents of it.
#[derive(Debug, Default)]
pub struct Page {
    /// The object; what it was stays when it is gone, or when reading it again fails.
    pub object: Option<Rc<Value>>,
    /// What `kubectl apply` was given last, as the object keeps it.
    pub applied: Option<Rc<Value>>,
    /// Grows with each state of the object that came.
    pub version: u64,
    /// Whether it is not there any more.
    pub gone: bool,
    /// Why it could not be read the last time.
    pub failure: Option<Notice>,
    /// Whether its changes are seen.
    pub freshness: Freshness,
}

impl Page {
    /// Takes over the object as the server gave it.
    pub fn read(&mut self, object: Value) {
        (self.gone, self.failure) = (false, None);
        if self.object.as_deref() == Some(&object) {
            return;
        }
        let annotations = object.pointer("/metadata/annotations");
        let applied = annotations.and_then(|all| all.get(LAST_APPLIED)).and_then(Value::as_str);
        self.applied = applied.and_then(|text| serde_json::from_str(text).ok()).map(Rc::new);
        self.object = Some(Rc::new(object));
        self.version += 1;
    }
}

/// The logs of some pods.
#[derive(Debug)]
pub struct LogPage {
    /// The lines.
    pub buffer: LogBuffer,
    /// Why nothing can be read.
    pub failure: Option<Notice>,
    /// How each stream fares.
    pub streams: BTreeMap<SourceId, LogState>,
    /// Whether new pods will be noticed.
    pub pods: Freshness,
    /// So many containers wait until others end.
    pub queued: usize,
    /// The containers to choose from, and what kubectl writes behind them: `""`, ` (init)`, ` (ephem)`.
    pub containers: BTreeMap<String, &'static str>,
    /// When lines were settled last.
    settled: Option<Time>,
}

impl LogPage {
    /// No lines yet; at most `limit` bytes are kept.
    pub fn new(limit: usize) -> Self {
        Self {
            buffer: LogBuffer::new(limit),
            failure: None,
            streams: BTreeMap::new(),
            pods: Freshness::Connecting,
            queued: 0,
            containers: BTreeMap::new(),
            settled: None,
        }
    }

    /// Takes over lines that come at `now`. What came more than a second or two ago stays where it is, unless there are
    /// streams whose first lines are still to come.
    pub fn take(&mut self, batch: &LogBatch, now: Time) {
        let begins = self.streams.values().any(|state| *state == LogState::Opening);
        if !begins && self.settled != Some(now) {
            self.settled = Some(now);
            self.buffer.settle();
        }
        self.buffer.push(batch);
    }

    /// Forgets all lines, and says so.
    pub fn clear(&mut self) {
        let lines = self.buffer.len();
        self.buffer.clear();
        self.say(&format!("{lines} lines were cleared away"));
    }

    /// Adds a line that rutter says of all of it.
    pub fn say(&mut self, text: &str) {
        self.buffer.mark(SourceId::NONE, None, text);
    }
}
