//! Nodes: the machines that pods run on.

use super::Text;
use super::cell::{Cell, Tone};
use super::condition::{Condition, Truth};
use super::joined::{self, Joinable};
use super::kind::Width::{Fill, Fit, Spare};
use super::kind::{Can, Column, Enter, Kind, Names, column, names, right, wide};
use super::lenient::null;
use super::meta::Meta;
use super::object::Object;
use super::row::Health;
use super::wire::{self, Message};
use serde::Deserialize;
use std::collections::BTreeSet;

/// The kind.
pub struct Nodes;

/// A node, as far as its columns need it.
pub type Node = Object<Spec, Status>;

/// `spec`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Spec {
    #[serde(deserialize_with = "null")]
    unschedulable: bool,
}

/// `status`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Status {
    #[serde(deserialize_with = "null")]
    conditions: Vec<Condition>,
    #[serde(deserialize_with = "null")]
    addresses: Vec<Address>,
    #[serde(deserialize_with = "null")]
    node_info: Info,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Address {
    #[serde(rename = "type", deserialize_with = "null")]
    kind: Text,
    #[serde(deserialize_with = "null")]
    address: Text,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Info {
    #[serde(deserialize_with = "null")]
    kubelet_version: Text,
    #[serde(deserialize_with = "null")]
    os_image: Text,
    #[serde(deserialize_with = "null")]
    kernel_version: Text,
    #[serde(deserialize_with = "null")]
    container_runtime_version: Text,
    #[serde(deserialize_with = "null")]
    architecture: Text,
}

impl Kind for Nodes {
    type Object = Node;
    const NAMES: Names = names("", "v1", "nodes", "Node", &["no"]).cluster_scoped();
    const COLUMNS: &'static [Column<Node>] = &[
        column("NAME", Fill(1), |n| Cell::text(&n.metadata.name)),
        column("STATUS", Fit(27), status),
        column("ROLES", Spare(30, 1), roles),
        right(column("AGE", Fit(9), |n| Cell::since(n.metadata.creation_timestamp))),
        column("VERSION", Fit(24), |n| Cell::text(&n.status.node_info.kubelet_version)),
        wide(column("INTERNAL-IP", Fit(39), |n| address(n, "InternalIP"))),
        wide(column("EXTERNAL-IP", Fit(39), |n| address(n, "ExternalIP"))),
        wide(column("OS-IMAGE", Fit(40), |n| or_unknown(&n.status.node_info.os_image))),
        wide(column("KERNEL-VERSION", Fit(40), kernel)),
        wide(column("CONTAINER-RUNTIME", Fit(30), |n| or_unknown(&n.status.node_info.container_runtime_version))),
    ];
    const WIRE: Option<&'static Message> = Some(&wire::core::NODE);
    const CAN: Can = Can::CORDON;
    const ENTER: Enter = Enter::PodsOn;
    const JOINABLE: Option<&'static Joinable> = Some(&joined::NODES);

    fn meta(node: Node) -> Meta {
        node.metadata
    }

    /// Failing unless it says that it is ready; a cordoned node is as somebody wished.
    fn health(node: &Node) -> Health {
        if ready(node) == Some(Truth::True) { Health::Fine } else { Health::Failing }
    }
}

/// What the last condition of type `Ready` says, as the API server reads it.
fn ready(node: &Node) -> Option<Truth> {
    node.status.conditions.iter().rfind(|condition| condition.kind == "Ready").map(|condition| condition.status)
}

/// `Ready`, `NotReady` or `Unknown`, then `,SchedulingDisabled`. A ready node is worth a look when it is cordoned
/// or short of something: the text is kubectl's, the tone tells.
fn status(node: &Node) -> Cell {
    let (text, tone) = match ready(node) {
        Some(Truth::True) if node.spec.unschedulable || short_of_something(node) => ("Ready", Tone::Warn),
        Some(Truth::True) => ("Ready", Tone::Good),
        Some(_) => ("NotReady", Tone::Bad),
        None => ("Unknown", Tone::Bad),
    };
    let text = if node.spec.unschedulable { format!("{text},SchedulingDisabled") } else { text.to_owned() };
    Cell::text(text).tone(tone)
}

/// Whether the kubelet tells of pressure on memory, disk or process ids, or of a network that is not there.
fn short_of_something(node: &Node) -> bool {
    const SHORTAGES: [&str; 4] = ["MemoryPressure", "DiskPressure", "PIDPressure", "NetworkUnavailable"];
    node.status.conditions.iter().any(|c| c.status == Truth::True && SHORTAGES.contains(&c.kind.as_str()))
}

/// The roles that its labels give it, as a sorted set.
fn roles(node: &Node) -> Cell {
    let roles: BTreeSet<&str> = node
        .metadata
        .labels
        .lines()
        .filter_map(|line| line.split_once('='))
        .filter_map(|(key, value)| match key.strip_prefix("node-role.kubernetes.io/") {
            None => (key == "kubernetes.io/role").then_some(value),
            role => role,
        })
        .filter(|role| !role.is_empty())
        .collect();
    Cell::or_none(Some(roles.into_iter().collect::<Vec<_>>().join(",")))
}

/// The first address of a type. An empty one is shown as such, as kubectl does.
fn address(node: &Node, kind: &str) -> Cell {
    let address = node.status.addresses.iter().find(|address| address.kind == kind);
    address.map_or_else(Cell::none, |address| Cell::text(&address.address))
}

fn or_unknown(text: &str) -> Cell {
    if text.is_empty() { Cell::text("<unknown>").tone(Tone::Quiet) } else { Cell::text(text) }
}

/// `6.18.0 (amd64)`.
fn kernel(node: &Node) -> Cell {
    let Info { kernel_version, architecture, .. } = &node.status.node_info;
    let kernel = if kernel_version.is_empty() { "<unknown>" } else { kernel_version };
    if architecture.is_empty() { or_unknown(kernel_version) } else { Cell::text(format!("{kernel} ({architecture})")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::testing::{row, shown};
    use serde_json::{Value, json};

    #[test]
    fn its_cells_are_kubectls() {
        let json = json!({
            "metadata": {"name": "n1", "labels": {
                "node-role.kubernetes.io/worker": "", "node-role.kubernetes.io/control-plane": "x",
                "node-role.kubernetes.io/": "", "kubernetes.io/role": "worker", "a": "b"}},
            "status": {
                "addresses": [{"type": "Hostname", "address": "n1"}, {"type": "InternalIP", "address": "10.0.0.1"},
                    {"type": "InternalIP", "address": "fd00::1"}],
                "conditions": [{"type": "Ready", "status": "True"}],
                "nodeInfo": {"kubeletVersion": "v1.36.3", "osImage": "Linux", "kernelVersion": "6.18", "architecture": "amd64",
                    "containerRuntimeVersion": "containerd://2.1"},
            },
        });
        let cells = [
            "n1",
            "Ready",
            "control-plane,worker",
            "<unknown>",
            "v1.36.3",
            "10.0.0.1",
            "<none>",
            "Linux",
            "6.18 (amd64)",
            "containerd://2.1",
        ];
        assert_eq!(shown(&Nodes, &json), cells);
        let bare = json!({"metadata": {"name": "bare"}, "status": {"nodeInfo": {"architecture": "arm64"}}});
        let cells = [
            "bare",
            "Unknown",
            "<none>",
            "<unknown>",
            "",
            "<none>",
            "<none>",
            "<unknown>",
            "<unknown> (arm64)",
            "<unknown>",
        ];
        assert_eq!(shown(&Nodes, &bare), cells);
    }

    #[test]
    fn its_status_is_ready_not_ready_or_unknown() {
        let status = |conditions: Value, unschedulable: bool| {
            let row =
                row(&Nodes, &json!({"spec": {"unschedulable": unschedulable}, "status": {"conditions": conditions}}));
            (row.cells[1].show(crate::kinds::testing::NOW), row.cells[1].tone, row.health)
        };
        let ready =
            |status: &str| json!([{"type": "MemoryPressure", "status": "False"}, {"type": "Ready", "status": status}]);
        assert_eq!(status(ready("True"), false), ("Ready".to_owned(), Tone::Good, Health::Fine));
        assert_eq!(status(ready("True"), true), ("Ready,SchedulingDisabled".to_owned(), Tone::Warn, Health::Fine));
        assert_eq!(status(ready("False"), false), ("NotReady".to_owned(), Tone::Bad, Health::Failing));
        assert_eq!(
            status(ready("Unknown"), true),
            ("NotReady,SchedulingDisabled".to_owned(), Tone::Bad, Health::Failing)
        );
        assert_eq!(status(json!(null), false), ("Unknown".to_owned(), Tone::Bad, Health::Failing));
        let short = json!([{"type": "Ready", "status": "True"}, {"type": "DiskPressure", "status": "True"}]);
        assert_eq!(status(short, false), ("Ready".to_owned(), Tone::Warn, Health::Fine));
        let twice = json!([{"type": "Ready", "status": "False"}, {"type": "Ready", "status": "True"}]);
        assert_eq!(status(twice, false).0, "Ready", "the last one counts");
    }
}
