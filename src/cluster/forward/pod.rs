//! What a forward needs to know of a pod: whether it can be reached, its ports, and which of several is the best.

use crate::kinds::Time;
use crate::kinds::time::moment;
use serde::Deserialize;
use std::cmp::Reverse;

/// A pod.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Pod {
    /// Name, UID and times.
    pub metadata: Metadata,
    /// Where it runs and what its ports are.
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
}

/// The specification of a pod, or of a pod template.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Spec {
    /// The node, `""` before it is assigned.
    pub node_name: String,
    /// Its containers.
    pub containers: Vec<Container>,
    /// Those that run before.
    pub init_containers: Vec<Container>,
}

/// A container.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Container {
    /// Its name.
    pub name: String,
    /// What it says that it listens on.
    pub ports: Vec<Port>,
    /// `Always` for an init container that stays.
    pub restart_policy: Option<String>,
}

/// A port of a container.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Port {
    /// Its name, `""` when it has none.
    pub name: String,
    /// Its number.
    pub container_port: u16,
    /// `TCP`, `UDP` or `SCTP`; `""` is TCP.
    pub protocol: String,
}

/// The status of a pod.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Status {
    /// `Running`, `Pending` and so on.
    pub phase: String,
    conditions: Vec<Condition>,
    container_statuses: Vec<ContainerStatus>,
    init_container_statuses: Vec<ContainerStatus>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Condition {
    #[serde(rename = "type")]
    kind: String,
    status: String,
    #[serde(deserialize_with = "moment")]
    last_transition_time: Option<Time>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct ContainerStatus {
    name: String,
    restart_count: u32,
}

impl Pod {
    /// The number of the container port called `name`, as kubectl 1.36 `pkg/util/pod_port.go`: containers first, then
    /// init containers.
    pub fn port_named(&self, name: &str) -> Option<u16> {
        let all = self.spec.containers.iter().chain(&self.spec.init_containers);
        all.flat_map(|container| &container.ports).find(|port| port.name == name).map(|port| port.container_port)
    }

    /// Whether the containers say that `number` is a port of UDP and of nothing else.
    pub fn is_udp_only(&self, number: u16) -> bool {
        let ports = self.spec.containers.iter().flat_map(|container| &container.ports);
        is_udp_only(ports.filter(|port| port.container_port == number).map(|port| port.protocol.as_str()))
    }

    /// Whether its deletion was asked for.
    pub fn is_leaving(&self) -> bool {
        self.metadata.deletion_timestamp.is_some()
    }

    /// Whether its containers run; they need not be ready.
    pub fn is_running(&self) -> bool {
        self.status.phase == "Running"
    }

    /// How good it is to connect to: the greatest is the best. The reverse of the order in which kubectl 1.36
    /// `pkg/util/podutils` (`ActivePods`) would delete pods.
    fn rank(&self) -> impl Ord + use<> {
        let phase = match self.status.phase.as_str() {
            "Running" => 2,
            "Unknown" => 1,
            _ => 0,
        };
        let ready = self.status.conditions.iter().find(|c| c.kind == "Ready" && c.status == "True");
        let since = ready.and_then(|condition| condition.last_transition_time);
        let meta = &self.metadata;
        (
            (!self.spec.node_name.is_empty(), phase, ready.is_some(), !self.is_leaving(), meta.deletion_timestamp),
            (since.map(Reverse), Reverse(self.restarts()), meta.creation_timestamp.map(Reverse)),
            Reverse(meta.name.clone()),
        )
    }

    /// The most restarts of a container, then of a sidecar.
    fn restarts(&self) -> (u32, u32) {
        let stays = |name: &str| {
            let always = |c: &Container| c.name == name && c.restart_policy.as_deref() == Some("Always");
            self.spec.init_containers.iter().any(always)
        };
        let most = |all: &[ContainerStatus]| all.iter().map(|status| status.restart_count).max().unwrap_or_default();
        let sidecars = self.status.init_container_statuses.iter().filter(|status| stays(&status.name));
        (most(&self.status.container_statuses), sidecars.map(|status| status.restart_count).max().unwrap_or_default())
    }
}

/// Whether all of some protocols are UDP, and there is one.
pub fn is_udp_only<'a>(mut protocols: impl Iterator<Item = &'a str>) -> bool {
    protocols.next().is_some_and(|first| first == "UDP" && protocols.all(|protocol| protocol == "UDP"))
}

/// The pod to connect to.
pub fn best(pods: Vec<Pod>) -> Option<Pod> {
    pods.into_iter().max_by_key(|pod| pod.rank())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn pod(name: &str, changes: &[(&str, Value)]) -> Pod {
        let mut object = json!({
            "metadata": {"name": name, "creationTimestamp": "2026-01-01T00:00:00Z"},
            "spec": {"nodeName": "n1", "initContainers": [{"name": "s", "restartPolicy": "Always"}, {"name": "i"}]},
            "status": {"phase": "Running",
                "conditions": [{"type": "Ready", "status": "True", "lastTransitionTime": "2026-01-01T00:01:00Z"}],
                "containerStatuses": [{"name": "c", "restartCount": 1}]},
        });
        for (path, value) in changes {
            object.pointer_mut(path.rsplit_once('/').unwrap().0).unwrap()[path.rsplit_once('/').unwrap().1] =
                value.clone();
        }
        serde_json::from_value(object).unwrap()
    }

    #[test]
    fn the_best_pod_is_kubectls() {
        let not_ready = json!([{"type": "Ready", "status": "False"}]);
        let later = json!([{"type": "Ready", "status": "True", "lastTransitionTime": "2026-01-01T00:02:00Z"}]);
        let restarts = |n: u32| json!([{"name": "c", "restartCount": n}]);
        let sidecar = |name: &str| json!([{"name": name, "restartCount": 9}]);
        // Each is worse than the one before it.
        let order: Vec<Pod> = vec![
            pod("a", &[("/metadata/creationTimestamp", json!("2025-12-31T00:00:00Z"))]),
            pod("b", &[("/status/initContainerStatuses", sidecar("i"))]),
            pod("c", &[]),
            pod("d", &[("/metadata/creationTimestamp", json!(null))]),
            pod("e", &[("/status/initContainerStatuses", sidecar("s"))]),
            pod("f", &[("/status/containerStatuses", restarts(2))]),
            pod("g", &[("/status/conditions", later)]),
            pod("h", &[("/metadata/deletionTimestamp", json!("2026-01-02T00:00:00Z"))]),
            pod("i", &[("/metadata/deletionTimestamp", json!("2026-01-01T12:00:00Z"))]),
            pod("j", &[("/status/conditions", not_ready)]),
            pod("k", &[("/status/phase", json!("Unknown"))]),
            pod("l", &[("/status/phase", json!("Pending"))]),
            pod("m", &[("/spec/nodeName", json!(""))]),
        ];
        for (at, pair) in order.windows(2).enumerate() {
            let name = |pods: Vec<Pod>| best(pods).unwrap().metadata.name;
            assert_eq!(name(pair.to_vec()), pair[0].metadata.name, "{at}");
            assert_eq!(name(pair.iter().rev().cloned().collect()), pair[0].metadata.name, "{at}, the other way round");
        }
        assert!(best(Vec::new()).is_none());
    }

    #[test]
    fn ports_are_found_by_name() {
        let ports = |ports: Value| json!([{"name": "c", "ports": ports}]);
        let pod = pod(
            "a",
            &[
                (
                    "/spec/containers",
                    ports(json!([{"name": "http", "containerPort": 80}, {"containerPort": 53, "protocol": "UDP"},
                    {"containerPort": 54, "protocol": "UDP"}, {"containerPort": 54, "protocol": "TCP"}])),
                ),
                (
                    "/spec/initContainers",
                    ports(json!([{"name": "http", "containerPort": 81}, {"name": "side", "containerPort": 82}])),
                ),
            ],
        );
        assert_eq!(["http", "side", "dns"].map(|name| pod.port_named(name)), [Some(80), Some(82), None]);
        assert_eq!([53, 54, 80, 99].map(|number| pod.is_udp_only(number)), [true, false, false, false]);
    }
}
