//! Which of several pods is meant: the best one, as kubectl 1.36 `pkg/util/podutils` (`ActivePods`, reversed) orders
//! them for exec and attach.

use super::pod::{ContainerStatus, Pod};
use std::cmp::Reverse;

/// The best of `pods`: assigned, running, ready, not being deleted, ready for longest, with the fewest restarts, oldest.
pub fn best(pods: Vec<Pod>) -> Option<Pod> {
    // Of equals the first.
    pods.into_iter().rev().max_by(|a, b| rank(a).cmp(&rank(b)))
}

/// Greater is better. Times are compared as texts: the server writes them all in the same form.
fn rank(pod: &Pod) -> impl Ord {
    let phase = match pod.status.phase.as_str() {
        "Running" => 2,
        "Unknown" => 1,
        _ => 0,
    };
    let ready = pod.status.conditions.iter().flatten().find(|c| c.kind == "Ready" && c.status == "True");
    let ready_since = ready.and_then(|c| c.last_transition_time.clone()).map(Reverse);
    let deleted = pod.metadata.deletion_timestamp.clone();
    let restarts = restarts(pod);
    let created = pod.metadata.creation_timestamp.clone().map(Reverse);
    let assigned = !pod.spec.node_name.is_empty();
    (assigned, phase, ready.is_some(), deleted.is_none(), deleted, ready_since, Reverse(restarts), created)
}

/// The most restarts of a main container, and of a sidecar.
fn restarts(pod: &Pod) -> (u32, u32) {
    let most = |statuses: &mut dyn Iterator<Item = &ContainerStatus>| {
        statuses.map(|status| status.restart_count).max().unwrap_or_default()
    };
    let is_sidecar = |status: &&ContainerStatus| {
        let mut init = pod.spec.init_containers.iter();
        init.any(|c| c.name == status.name && c.restart_policy.as_deref() == Some("Always"))
    };
    let main = most(&mut pod.status.container_statuses.iter().flatten());
    (main, most(&mut pod.status.init_container_statuses.iter().flatten().filter(is_sidecar)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn pod(name: &str, change: impl FnOnce(&mut Value)) -> Pod {
        let mut value = json!({
            "metadata": {"name": name, "creationTimestamp": "2026-01-02T00:00:00Z"},
            "spec": {"nodeName": "n1", "containers": [{"name": "app"}],
                "initContainers": [{"name": "proxy", "restartPolicy": "Always"}, {"name": "setup"}]},
            "status": {"phase": "Running", "conditions":
                [{"type": "Ready", "status": "True", "lastTransitionTime": "2026-01-02T00:00:10Z"}]},
        });
        change(&mut value);
        serde_json::from_value(value).unwrap()
    }

    /// Each differs from the one before in what makes it worse.
    #[test]
    fn the_best_pod_is_taken() {
        let ready_later = json!("2026-01-02T00:00:20Z");
        let set = |path: &'static str, value: Value| move |v: &mut Value| *v.pointer_mut(path).unwrap() = value;
        let restarts = |of: &str, name: &str| json!([{"name": name, "restartCount": 3, "of": of}]);
        let order = [
            pod("older", set("/metadata/creationTimestamp", json!("2026-01-01T00:00:00Z"))),
            pod("usual", |_| {}),
            pod("setup-restarted", |v| v["status"]["initContainerStatuses"] = restarts("init", "setup")),
            pod("sidecar-restarted", |v| v["status"]["initContainerStatuses"] = restarts("init", "proxy")),
            pod("restarted", |v| v["status"]["containerStatuses"] = restarts("main", "app")),
            pod("ready-later", set("/status/conditions/0/lastTransitionTime", ready_later)),
            pod("leaving-later", |v| v["metadata"]["deletionTimestamp"] = json!("2026-01-03T00:00:09Z")),
            pod("leaving", |v| v["metadata"]["deletionTimestamp"] = json!("2026-01-03T00:00:00Z")),
            pod("unready", set("/status/conditions/0/status", json!("False"))),
            pod("unknown", set("/status/phase", json!("Unknown"))),
            pod("pending", set("/status/phase", json!("Pending"))),
            pod("unassigned", set("/spec/nodeName", json!(""))),
        ];
        for at in 0..order.len() {
            let mut rest = order[at..].to_vec();
            let wanted = &order[at].metadata.name;
            assert_eq!(best(rest.clone()).unwrap().metadata.name, *wanted);
            rest.reverse();
            // An init container that is no sidecar does not count: the two are equal, and the first of them is taken.
            if wanted != "usual" {
                assert_eq!(best(rest).unwrap().metadata.name, *wanted);
            }
        }
        assert!(best(Vec::new()).is_none());
    }
}
