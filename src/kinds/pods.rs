//! Pods: containers that share a machine, an address and a fate.

use super::Text;
use super::cell::{Cell, Tone};
use super::condition::{Condition, Truth, first};
use super::joined::{self, Joinable};
use super::kind::Width::{Fill, Fit, Spare};
use super::kind::{Can, Column, Enter, Kind, Names, Server, column, names, right, wide};
use super::lenient::{length, null, with_str};
use super::meta::Meta;
use super::pod_status::{Summary, summary};
use super::row::Health;
use super::state::{self, ContainerStatus};
use super::wire::{self, Message};
use serde::{Deserialize, Deserializer};

/// The kind.
pub struct Pods;

/// A pod, as far as its columns need it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Pod {
    /// Metadata.
    #[serde(deserialize_with = "null")]
    pub metadata: Meta,
    /// What it shall be.
    #[serde(deserialize_with = "null")]
    pub spec: Spec,
    /// What it is.
    #[serde(deserialize_with = "null")]
    pub status: Status,
    /// What STATUS, READY and RESTARTS say, once known.
    #[serde(skip)]
    pub summary: Summary,
}

/// `spec`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Spec {
    /// How many main containers there are.
    #[serde(deserialize_with = "length")]
    pub containers: usize,
    /// Init containers and sidecars.
    #[serde(deserialize_with = "null")]
    pub init_containers: Vec<InitContainer>,
    /// Conditions that must hold besides readiness.
    #[serde(deserialize_with = "null")]
    readiness_gates: Vec<Gate>,
    #[serde(deserialize_with = "null")]
    node_name: Text,
}

/// An entry of `initContainers`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct InitContainer {
    /// Name.
    #[serde(deserialize_with = "null")]
    pub name: Text,
    /// Whether it is a sidecar: an init container that is always restarted.
    #[serde(rename = "restartPolicy", deserialize_with = "always")]
    pub sidecar: bool,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Gate {
    #[serde(deserialize_with = "null")]
    condition_type: Text,
}

/// `status`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Status {
    /// `Pending`, `Running`, `Succeeded`, `Failed`, `Unknown`.
    #[serde(deserialize_with = "null")]
    pub phase: Text,
    /// Why the pod as a whole is so, e.g. `Evicted`.
    #[serde(deserialize_with = "null")]
    pub reason: Text,
    /// Conditions.
    #[serde(deserialize_with = "null")]
    pub conditions: Vec<Condition>,
    /// Of init containers and sidecars, in order.
    #[serde(deserialize_with = "null")]
    pub init_container_statuses: Vec<ContainerStatus>,
    /// Of main containers.
    #[serde(deserialize_with = "null")]
    pub container_statuses: Vec<ContainerStatus>,
    /// The server keeps it equal to the first of `podIPs`.
    #[serde(rename = "podIP", deserialize_with = "null")]
    pod_ip: Text,
    #[serde(deserialize_with = "null")]
    nominated_node_name: Text,
}

impl Kind for Pods {
    type Object = Pod;
    const NAMES: Names = names("", "v1", "pods", "Pod", &["po"]);
    const COLUMNS: &'static [Column<Pod>] = &[
        column("NAME", Fill(1), |p| Cell::text(&p.metadata.name)),
        column("READY", Fit(7), ready),
        column("STATUS", Fit(32), |p| Cell::text(&p.summary.status).tone(tone(p))),
        column("RESTARTS", Spare(20, 1), |p| Cell::restarts(p.summary.restarts.count, p.summary.restarts.last)),
        right(column("AGE", Fit(9), |p| Cell::since(p.metadata.creation_timestamp))),
        wide(column("IP", Fit(39), |p| Cell::or_none(Some(&p.status.pod_ip)))),
        wide(column("NODE", Fit(40), |p| Cell::or_none(Some(&p.spec.node_name)))),
        wide(column("NOMINATED NODE", Fit(40), |p| Cell::or_none(Some(&p.status.nominated_node_name)))),
        wide(column("READINESS GATES", Fit(15), gates)),
    ];
    const WIRE: Option<&'static Message> = Some(&wire::pods::POD);
    const CAN: Can = Can::LOGS.and(Can::TEMPLATE).and(Can::EXEC).and(Can::FORWARD);
    const ENTER: Enter = Enter::Containers;
    const JOINABLE: Option<&'static Joinable> = Some(&joined::PODS);

    fn meta(pod: Pod) -> Meta {
        pod.metadata
    }

    fn finish(pod: &mut Pod, server: Server) {
        pod.summary = summary(pod, server);
    }

    /// By what STATUS means: a failure is failing; what starts, ends, waits or is not ready is pending; a pod that
    /// runs with all containers ready, or has completed, is fine.
    fn health(pod: &Pod) -> Health {
        match tone(pod) {
            Tone::Bad => Health::Failing,
            Tone::Busy | Tone::Warn => Health::Pending,
            Tone::Good | Tone::Quiet | Tone::Plain => Health::Fine,
        }
    }
}

/// What the text of STATUS means for the one who looks after the pod.
fn tone(pod: &Pod) -> Tone {
    let Summary { status, ready, containers, .. } = &pod.summary;
    let word = status.strip_prefix("Init:").unwrap_or(status);
    match state::tone(word) {
        Tone::Good if ready < containers => Tone::Busy,
        Tone::Busy if word == "Pending" && is_unschedulable(pod) => Tone::Warn,
        Tone::Bad if is_progress(word) => Tone::Busy,
        Tone::Bad if pod.status.phase == "Succeeded" => Tone::Quiet,
        tone => tone,
    }
}

/// Whether the scheduler has looked for a node and found none.
fn is_unschedulable(pod: &Pod) -> bool {
    pod.status.conditions.iter().any(|c| c.kind == "PodScheduled" && c.reason == "Unschedulable")
}

/// `1/3`, as in `Init:1/3`.
fn is_progress(word: &str) -> bool {
    word.contains('/') && word.bytes().all(|b| b.is_ascii_digit() || b == b'/')
}

/// Containers that are missing matter as much as STATUS says: not at all in a pod that has completed.
fn ready(pod: &Pod) -> Cell {
    let cell = Cell::ratio(pod.summary.ready, pod.summary.containers);
    match tone(pod) {
        tone @ (Tone::Quiet | Tone::Bad) if cell.tone == Tone::Busy => cell.tone(tone),
        _ => cell,
    }
}

/// `2/3`: how many of the gates' conditions hold.
fn gates(pod: &Pod) -> Cell {
    let gates = &pod.spec.readiness_gates;
    let open = gates.iter().filter(|gate| first(&pod.status.conditions, &gate.condition_type) == Some(Truth::True));
    match (open.count(), gates.len()) {
        (_, 0) => Cell::none(),
        (open, all) => Cell::ratio(u32::try_from(open).unwrap_or(u32::MAX), u32::try_from(all).unwrap_or(u32::MAX)),
    }
}

/// Whether a restart policy says `Always`.
///
/// # Errors
/// When the value is neither a string nor null.
pub fn always<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    with_str(deserializer, |policy| policy == "Always")
}
