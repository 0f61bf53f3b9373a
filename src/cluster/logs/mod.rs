//! Logs from the API server: one task per container follows its stream over cut connections and restarts of the
//! container, and sends batches of lines.

mod fetch;
mod follow;
mod gather;
mod instance;
mod pods;
mod pump;
mod resume;
mod split;
mod streams;
mod workload;

pub use follow::{Wake, follow};
pub use gather::in_order;
pub use instance::Instance;
pub use pods::Container;
pub use streams::MAX_STREAMS;
pub use workload::{Containers, WorkloadLogs, follow_all};

use crate::kinds::logs::{LogBatch, LogSource, LogState, SourceId};
use crate::kinds::{Freshness, Uid};

/// Which part of a log is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Extent {
    /// Whether to stay for what will be written.
    pub follow: bool,
    /// Whether the instance before the last restart is meant.
    pub previous: bool,
    /// At most so many lines of what is there already. (kubectl takes 10 when several pods are selected.)
    pub tail: Option<u32>,
    /// Nothing older than so many seconds, by the node's clock (kubectl's `--since`).
    pub since: Option<u32>,
}

/// A request for the log of one container.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LogRequest {
    /// The number that its lines will carry.
    pub id: SourceId,
    /// The container.
    pub source: LogSource,
    /// Which part of its log.
    pub extent: Extent,
    /// What is known of its pod already; else the stream asks for the pod.
    pub known: Option<Known>,
}

/// A pod and the newest instance of one of its containers, as a list of pods tells them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Known {
    /// The pod's identity.
    pub uid: Uid,
    /// The instance; none before the first start.
    pub instance: Option<Instance>,
}

/// What a stream has to say.
#[derive(Debug, Clone, PartialEq)]
pub enum LogMessage {
    /// Lines with this number come from this container; said before its first line.
    Source {
        /// The number.
        id: SourceId,
        /// The container.
        source: LogSource,
    },
    /// How a stream fares now.
    State {
        /// Which.
        id: SourceId,
        /// How.
        state: LogState,
    },
    /// The containers that there are to choose from: those of a pod that was found.
    Containers(Vec<Container>),
    /// How fresh the list of pods is: whether new ones will be noticed.
    Pods(Freshness),
    /// So many containers wait until others end, because no more are read at once.
    Queued(usize),
    /// Lines.
    Lines(LogBatch),
    /// Something to be shown between the lines: a restart, a lost connection.
    Marker {
        /// Whose lines.
        id: SourceId,
        /// What happened.
        text: String,
    },
    /// The log is complete.
    Ended {
        /// Whose lines.
        id: SourceId,
        /// Why nothing more can come.
        why: String,
    },
    /// The log cannot be read.
    Failed {
        /// Whose lines; none when no container was found.
        id: Option<SourceId>,
        /// What is wrong, in the server's words where it has some.
        sentence: String,
        /// What may help.
        hint: String,
    },
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod workload_tests;
