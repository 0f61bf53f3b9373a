//! What can befall a node: its disk fills, its kubelet falls silent, and it comes back.

use serde_json::{Value, json};
use std::time::Duration;

use super::events::{self, Said};
use super::kubelet::node_pods;
use super::scheduler;
use crate::demo::agenda::Deed;
use crate::demo::clock::stamp;
use crate::demo::delete;
use crate::demo::json::{flag, has, list, remove, set, text};
use crate::demo::pod;
use crate::demo::read::uid;
use crate::demo::store::Name;
use crate::demo::world::World;

fn name(node: &str) -> Name {
    (String::new(), node.to_owned())
}

/// Writes a condition of a node.
fn condition(world: &mut World, node: &str, (kind, status, reason, message): (&str, &str, &str, &str)) {
    let now = stamp(world.now());
    world.edit("nodes", &name(node), |node| {
        let mut all = list(node, "/status/conditions").to_vec();
        for each in all.iter_mut().filter(|c| text(c, "/type") == kind && text(c, "/status") != status) {
            set(each, "/status", status);
            set(each, "/reason", reason);
            set(each, "/message", message);
            set(each, "/lastTransitionTime", now.as_str());
        }
        set(node, "/status/conditions", all);
    });
}

fn taints(world: &mut World, node: &str, taints: &Value) {
    world.edit("nodes", &name(node), |node| set(node, "/spec/taints", taints.clone()));
}

fn say(world: &mut World, node: &str, (warns, by, reason, message): (bool, &str, &str, &str)) {
    let Some(node) = world.get("nodes", &name(node)) else { return };
    let said = Said { by, reason, message };
    if warns { events::warning(world, &node, said) } else { events::normal(world, &node, said) }
}

/// The taint of a node that takes no more pods.
const CORDONED: &str = "node.kubernetes.io/unschedulable";

/// Keeps the taint of a cordoned node, and ends the pods that a taint drives out.
pub fn reconcile(world: &mut World, name: &Name, node: &Value) {
    let mut all = list(node, "/spec/taints").to_vec();
    let (cordoned, marked) = (flag(node, "/spec/unschedulable"), all.iter().any(|t| text(t, "/key") == CORDONED));
    if cordoned && !marked {
        let now = stamp(world.now());
        all.push(json!({"key": CORDONED, "effect": "NoSchedule", "timeAdded": now}));
    } else if marked && !cordoned {
        all.retain(|taint| text(taint, "/key") != CORDONED);
    }
    if cordoned != marked {
        world.edit("nodes", name, |node| {
            if all.is_empty() { remove(node, "/spec/taints") } else { set(node, "/spec/taints", all.clone()) }
        });
    }
    // Those of the node's own condition wait for their tolerations to end, which is longer than the story's troubles.
    let ends = |t: &&Value| text(t, "/effect") == "NoExecute" && !text(t, "/key").starts_with("node.kubernetes.io/");
    let taints: Vec<&Value> = list(node, "/spec/taints").iter().filter(ends).collect();
    let on = world.store.all("pods").filter(|(_, pod)| text(pod, "/spec/nodeName") == name.1 && pod::is_active(pod));
    let out = on.filter(|(_, pod)| taints.iter().any(|taint| !scheduler::tolerates(pod, taint)));
    let out: Vec<_> = out.map(|(_, pod)| std::sync::Arc::clone(pod)).collect();
    for pod in &out {
        delete::remove(world, pod);
    }
}

/// The node runs out of memory.
pub fn fill(world: &mut World, node: &str) {
    let message = "kubelet has insufficient memory available";
    condition(world, node, ("MemoryPressure", "True", "KubeletHasInsufficientMemory", message));
    taints(world, node, &json!([{"key": "node.kubernetes.io/memory-pressure", "effect": "NoSchedule"}]));
    say(world, node, (true, "kubelet", "EvictionThresholdMet", "Attempting to reclaim memory"));
    let said = format!("Node {node} status is now: NodeHasInsufficientMemory");
    say(world, node, (false, "kubelet", "NodeHasInsufficientMemory", &said));
}

/// The node falls silent.
pub fn lose(world: &mut World, node: &str) {
    let message = "Kubelet stopped posting node status.";
    for kind in ["Ready", "MemoryPressure", "DiskPressure", "PIDPressure"] {
        condition(world, node, (kind, "Unknown", "NodeStatusUnknown", message));
    }
    let now = stamp(world.now());
    let key = "node.kubernetes.io/unreachable";
    let both = json!([{"key": key, "effect": "NoSchedule", "timeAdded": now}, {"key": key, "effect": "NoExecute", "timeAdded": now}]);
    taints(world, node, &both);
    let said = format!("Node {node} status is now: NodeNotReady");
    say(world, node, (false, "node-controller", "NodeNotReady", &said));
    node_pods(world, node, false);
}

/// The node comes back, and ends the pods whose deletion it has missed.
pub fn restore(world: &mut World, node: &str) {
    for (kind, status, reason, message) in [
        ("MemoryPressure", "False", "KubeletHasSufficientMemory", "kubelet has sufficient memory available"),
        ("DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
        ("PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
        ("Ready", "True", "KubeletReady", "kubelet is posting ready status"),
    ] {
        condition(world, node, (kind, status, reason, message));
    }
    taints(world, node, &json!(null));
    let said = format!("Node {node} status is now: NodeReady");
    say(world, node, (false, "kubelet", "NodeReady", &said));
    node_pods(world, node, true);
    let going = |pod: &Value| text(pod, "/spec/nodeName") == node && has(pod, "/metadata/deletionTimestamp");
    let late: Vec<_> = world.store.all("pods").filter(|(_, pod)| going(pod)).collect();
    let deeds: Vec<Deed> = late.iter().map(|(name, pod)| Deed::Reap((*name).clone(), uid(pod).to_owned())).collect();
    for deed in deeds {
        world.agenda.after(Duration::from_secs(2), deed);
    }
}
