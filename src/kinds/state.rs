//! What a container does, did before, and how that reads; for pods and for containers.

use super::Text;
use super::cell::Tone;
use super::lenient::null;
use super::time::{Time, moment};
use serde::Deserialize;

/// An entry of `containerStatuses` or its siblings.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ContainerStatus {
    /// Name of the container.
    #[serde(deserialize_with = "null")]
    pub name: Text,
    /// How often it was started again.
    #[serde(deserialize_with = "null")]
    pub restart_count: i64,
    /// Whether its readiness probe is content.
    #[serde(deserialize_with = "null")]
    pub ready: bool,
    /// Whether its startup probe has been content.
    #[serde(deserialize_with = "null")]
    pub started: bool,
    /// What it does.
    #[serde(deserialize_with = "null")]
    pub state: State,
    /// How it ended last time.
    #[serde(deserialize_with = "null")]
    pub last_state: State,
}

/// At most one of these is there; when none is, it waits.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct State {
    /// It is not started yet, or not again.
    pub waiting: Option<Waiting>,
    /// It runs.
    pub running: Option<Running>,
    /// It has ended.
    pub terminated: Option<Terminated>,
}

/// Why a container waits.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Waiting {
    /// In one word, e.g. `CrashLoopBackOff`.
    #[serde(deserialize_with = "null")]
    pub reason: Text,
}

/// A container that runs.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Running {
    /// Since when.
    #[serde(deserialize_with = "moment")]
    pub started_at: Option<Time>,
}

/// A container that has ended.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Terminated {
    /// What it returned.
    #[serde(deserialize_with = "null")]
    pub exit_code: i64,
    /// The signal that ended it, 0 when none did.
    #[serde(deserialize_with = "null")]
    pub signal: i64,
    /// In one word, e.g. `OOMKilled`.
    #[serde(deserialize_with = "null")]
    pub reason: Text,
    /// When it began.
    #[serde(deserialize_with = "moment")]
    pub started_at: Option<Time>,
    /// When it ended.
    #[serde(deserialize_with = "moment")]
    pub finished_at: Option<Time>,
}

impl Terminated {
    /// The reason, else `Signal:9`, else `ExitCode:3`, as the API server prints it for pods.
    pub fn reason(&self) -> Text {
        match (self.reason.as_str(), self.signal) {
            ("", 0) => format!("ExitCode:{}", self.exit_code).into(),
            ("", signal) => format!("Signal:{signal}").into(),
            _ => self.reason.clone(),
        }
    }
}

/// What a word of the kubelet means: `Running`, the reason of a waiting or ended container, a pod's phase.
/// A word that nobody has told us is `Bad`: the kubelet's list of failures is open, its list of good words is not.
pub fn tone(word: &str) -> Tone {
    match word {
        "Running" => Tone::Good,
        "Completed" | "Succeeded" => Tone::Quiet,
        "" | "Pending" | "ContainerCreating" | "PodInitializing" | "SchedulingGated" | "Terminating" => Tone::Busy,
        "NotReady" => Tone::Warn,
        _ => Tone::Bad,
    }
}
