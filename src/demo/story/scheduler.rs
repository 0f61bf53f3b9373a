//! The scheduler: a node for every pod, if one will have it.

use serde_json::Value;

use super::events::{self, Said};
use super::kubelet::{Next, Stage};
use crate::demo::json::{flag, list, text};
use crate::demo::pod;
use crate::demo::store::Name;
use crate::demo::world::World;

/// Finds a node for a pod, or says why there is none.
pub fn schedule(world: &mut World, name: &Name, pod: &Value) -> Next {
    let now = world.now();
    let Some(node) = worker_for(world, pod).filter(|_| !asks_too_much(pod)) else {
        let total = world.store.all("nodes").count();
        let why = format!(
            "0/{total} nodes are available: 1 node(s) had untolerated taint {{node-role.kubernetes.io/control-plane: }}, {} Insufficient memory. preemption: 0/{total} nodes are available: {total} Preemption is not helpful for scheduling.",
            total.saturating_sub(1)
        );
        world.edit("pods", name, |pod| pod::unschedulable(pod, &why, now));
        events::warning(world, pod, Said { by: "default-scheduler", reason: "FailedScheduling", message: &why });
        return (Stage::Schedule, 20_000, 40_000);
    };
    let message = format!("Successfully assigned {}/{} to {node}", name.0, name.1);
    events::normal(world, pod, Said { by: "default-scheduler", reason: "Scheduled", message: &message });
    world.edit("pods", name, |pod| pod::bind(pod, &node, now));
    (Stage::Pull, 200, 500)
}

/// Whether a container wants more memory than any node has.
fn asks_too_much(pod: &Value) -> bool {
    let asked = |container: &Value| {
        text(container, "/resources/requests/memory").strip_suffix("Gi").and_then(|n| n.parse::<u32>().ok())
    };
    list(pod, "/spec/containers").iter().filter_map(asked).sum::<u32>() > 60
}

/// Whether a pod tolerates a taint.
pub fn tolerates(pod: &Value, taint: &Value) -> bool {
    list(pod, "/spec/tolerations").iter().any(|toleration| {
        let same = |path: &str| text(toleration, path).is_empty() || text(toleration, path) == text(taint, path);
        let value = text(toleration, "/operator") == "Exists" || text(toleration, "/value") == text(taint, "/value");
        same("/key") && same("/effect") && value
    })
}

/// The ready, schedulable worker with the fewest pods.
fn worker_for(world: &World, pod: &Value) -> Option<String> {
    let fits = |node: &Value| {
        let taint = |t: &Value| text(t, "/effect") != "PreferNoSchedule" && !tolerates(pod, t);
        let control =
            node.pointer("/metadata/labels").is_some_and(|l| l.get("node-role.kubernetes.io/control-plane").is_some());
        let open = !flag(node, "/spec/unschedulable") && !list(node, "/spec/taints").iter().any(taint);
        !control && open && pod::is_ready(node)
    };
    let load = |name: &str| world.store.all("pods").filter(|(_, pod)| text(pod, "/spec/nodeName") == name).count();
    let nodes = world.store.all("nodes").filter(|(_, node)| fits(node)).map(|((_, name), _)| name);
    nodes.min_by_key(|name| load(name)).cloned()
}
