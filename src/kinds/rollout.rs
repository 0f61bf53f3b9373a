//! What is told of a rollout: its revisions and how far it is, as plain data that may be drawn.

use super::{Row, Time, Uid};

/// A revision of a workload: a pod template that it runs or ran.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    /// Its number; 0 when the controller has not given it one yet.
    pub number: i64,
    /// The ReplicaSet or ControllerRevision that keeps it.
    pub name: String,
    /// Why it came to be (`kubernetes.io/change-cause`), if somebody said so.
    pub cause: Option<String>,
    /// When it was first made.
    pub created: Option<Time>,
    /// The images of its containers, in their order.
    pub images: Vec<String>,
    /// Whether it is what the workload asks for now.
    pub is_current: bool,
    /// The pod template as JSON, without the label `pod-template-hash`.
    pub template: Vec<u8>,
}

/// Whether a rollout goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Phase {
    /// It is not finished.
    #[default]
    Waiting,
    /// It has come to its end.
    Done,
    /// It will not finish by itself, or nobody can tell any more.
    Failed,
}

/// How far a rollout is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Progress {
    /// Whether it goes on.
    pub phase: Phase,
    /// kubectl's sentence about it.
    pub sentence: String,
    /// What else is worth knowing, e.g. why it failed; `""` is nothing.
    pub detail: String,
    /// How many pods are to run the new template.
    pub wanted: u32,
    /// How many of them exist.
    pub updated: u32,
    /// How many of those can be used for certain: of pods that are available the server does not say how many are new.
    pub usable: u32,
    /// How many pods of older templates are left.
    pub old: u32,
}

/// What is told while a rollout is followed.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Report {
    /// The workload's identity, once it was read.
    pub uid: Option<Uid>,
    /// How far it is; none until the workload was read.
    pub progress: Option<Progress>,
    /// Its pods that are not as wished: the failing ones first, of each sort the newest first.
    pub pods: Vec<Row>,
    /// What happened to the first of these pods, or to the workload, the newest first.
    pub events: Vec<Row>,
    /// Why what is told may be old; `""` when it is not.
    pub stale: String,
}

/// The revisions of a workload.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Revisions {
    /// The workload's identity, once it was read.
    pub uid: Option<Uid>,
    /// By number, the oldest first; none until they were read.
    pub list: Option<Vec<Revision>>,
    /// What could not be read, and why what is told may be old.
    pub warnings: Vec<String>,
}
