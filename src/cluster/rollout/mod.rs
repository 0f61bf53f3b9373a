//! Rollouts of Deployments, StatefulSets and DaemonSets: what kubectl 1.36 does in `pkg/polymorphichelpers`, as functions
//! over the JSON of objects; and the watches that tell how one goes on. Nothing is changed here: `actions` do that.

mod follow;
pub mod history;
mod json;
pub mod pause;
mod progress;
pub mod read;
pub mod restart;
mod revisions;
pub mod status;
#[cfg(test)]
mod status_tests;
#[cfg(test)]
mod tests;
pub mod undo;
mod whole;

pub use follow::Followed;
pub use progress::follow_progress;
pub use revisions::follow_revisions;

use super::gate::Wire;
use crate::kinds::Names;
use serde_json::Value;

/// The kinds that roll out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Workload {
    /// Keeps its revisions as ReplicaSets.
    Deployment,
    /// Keeps its revisions as ControllerRevisions.
    StatefulSet,
    /// Keeps its revisions as ControllerRevisions.
    DaemonSet,
}

impl Workload {
    /// What is called so, when it rolls out.
    pub fn of(names: &Names) -> Option<Self> {
        match (names.group, names.plural) {
            ("apps", "deployments") => Some(Self::Deployment),
            ("apps", "statefulsets") => Some(Self::StatefulSet),
            ("apps", "daemonsets") => Some(Self::DaemonSet),
            _ => None,
        }
    }
}

/// A change of a workload, but for its address.
#[derive(Debug, Clone, PartialEq)]
pub enum Patch {
    /// A list of operations (RFC 6902).
    Operations(Vec<Value>),
    /// A part of the object, merged as its schema says.
    Strategic(Value),
}

impl Patch {
    /// The request that makes the change to the object at `path`.
    pub fn wire(self, path: String) -> Wire {
        match self {
            Self::Operations(operations) => Wire::operations(path, operations),
            Self::Strategic(body) => Wire::strategic(path, body),
        }
    }
}
