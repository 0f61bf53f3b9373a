//! Which of several pods is meant: the best one, as kubectl 1.36 `pkg/util/podutils` (`ActivePods`, reversed) orders them
//! for exec, attach and port-forward.

use super::{Container, ContainerStatus, Pod};
use std::cmp::Reverse;

impl Pod {
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

/// The best of `pods`: assigned, running, ready, not being deleted, ready for longest, with the fewest restarts, oldest.
pub fn best(pods: Vec<Pod>) -> Option<Pod> {
    pods.into_iter().max_by_key(Pod::rank)
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
}
