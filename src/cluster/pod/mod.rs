//! A pod, as far as sessions with it and its logs need to know it: its containers and ports, how they fare, and where it
//! runs.

mod best;
mod containers;

pub use best::best;
pub use containers::{ContainerKind, listed};

use crate::kinds::Time;
use crate::kinds::time::moment;
use serde::Deserialize;
use std::collections::BTreeMap;

/// A pod.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Pod {
    /// Name, UID and times.
    pub metadata: Metadata,
    /// Where it runs and what its containers are.
    pub spec: Spec,
    /// How it fares.
    pub status: Status,
}

/// A list of pods.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Pods {
    /// The pods.
    pub items: Vec<Pod>,
}

/// The metadata of a pod.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Metadata {
    /// Its name.
    pub name: String,
    /// Its identity.
    pub uid: String,
    /// Which version of it this is.
    pub resource_version: String,
    /// When it was created.
    #[serde(deserialize_with = "moment")]
    pub creation_timestamp: Option<Time>,
    /// When its deletion was asked for.
    #[serde(deserialize_with = "moment")]
    pub deletion_timestamp: Option<Time>,
    /// Its annotations.
    pub annotations: BTreeMap<String, String>,
}

/// The specification of a pod, or of a pod template.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Spec {
    /// The node, `""` before it is assigned.
    pub node_name: String,
    /// Labels that the node must have.
    pub node_selector: BTreeMap<String, String>,
    /// The operating system that it says it is for.
    pub os: Option<Os>,
    /// Which containers are started again: `Always` when it says nothing, `OnFailure`, `Never`.
    pub restart_policy: Option<String>,
    /// Its containers.
    pub containers: Vec<Container>,
    /// Those that run before, and sidecars.
    pub init_containers: Vec<Container>,
    /// Those that were added for debugging.
    pub ephemeral_containers: Vec<Container>,
}

/// An operating system.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Os {
    /// `linux` or `windows`.
    pub name: String,
}

/// A container.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Container {
    /// Its name.
    pub name: String,
    /// What it says that it listens on.
    pub ports: Vec<Port>,
    /// Whether it was started with a stdin.
    pub stdin: bool,
    /// Whether it was started with a terminal.
    pub tty: bool,
    /// Its own policy, if it has one: `Always` for an init container that stays.
    pub restart_policy: Option<String>,
}

/// A port of a container.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Port {
    /// Its name, `""` when it has none.
    pub name: String,
    /// Its number.
    #[serde(rename = "containerPort")]
    pub number: u16,
    /// `TCP`, `UDP` or `SCTP`; `""` is TCP.
    pub protocol: String,
}

/// The status of a pod.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Status {
    /// `Running`, `Pending` and so on.
    pub phase: String,
    /// Why, in one word: `Evicted`.
    pub reason: String,
    /// What holds of it.
    pub conditions: Vec<Condition>,
    /// How its containers fare.
    pub container_statuses: Vec<ContainerStatus>,
    /// How its init containers fare.
    pub init_container_statuses: Vec<ContainerStatus>,
    /// How its ephemeral containers fare.
    pub ephemeral_container_statuses: Vec<ContainerStatus>,
}

/// Something that holds of a pod, or not.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Condition {
    /// What: `Ready`.
    #[serde(rename = "type")]
    pub kind: String,
    /// `True`, `False` or `Unknown`.
    pub status: String,
    /// Since when.
    #[serde(deserialize_with = "moment")]
    pub last_transition_time: Option<Time>,
}

/// How a container fares.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ContainerStatus {
    /// Its name.
    pub name: String,
    /// What the runtime calls it.
    #[serde(rename = "containerID")]
    pub container_id: String,
    /// How often it was started again.
    pub restart_count: u32,
    /// What it does now.
    pub state: State,
    /// What it did before its last restart.
    pub last_state: State,
}

/// What a container does.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct State {
    /// It runs.
    pub running: Option<Running>,
    /// It waits.
    pub waiting: Option<Waiting>,
    /// It has ended.
    pub terminated: Option<Terminated>,
}

/// It runs.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Running {}

/// It waits.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Waiting {
    /// Why, in one word.
    pub reason: String,
    /// Why.
    pub message: String,
}

/// It has ended.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Terminated {
    /// With which code.
    pub exit_code: i32,
    /// Why, in one word: `OOMKilled`.
    pub reason: String,
    /// What the runtime called it.
    #[serde(rename = "containerID")]
    pub container_id: String,
}

impl Pod {
    /// Whether its deletion was asked for.
    pub fn is_leaving(&self) -> bool {
        self.metadata.deletion_timestamp.is_some()
    }

    /// Whether its containers run; they need not be ready.
    pub fn is_running(&self) -> bool {
        self.status.phase == "Running"
    }

    /// Whether all of its containers have ended for good.
    pub fn is_over(&self) -> bool {
        matches!(self.status.phase.as_str(), "Succeeded" | "Failed")
    }
}
