//! What happens in the cluster: small controllers, a scheduler and a kubelet that answer changes, and the scenes of
//! the story that make the changes.

mod acts;
mod budgets;
mod deployment;
mod endpoints;
pub mod events;
mod jobs;
mod kubelet;
mod nodes;
mod replicas;
pub mod revisions;
mod scheduler;
mod sets;

use serde_json::Value;

use super::json::{Random, list, text};
use super::resource::Resource;
use super::store::Name;
use super::world::World;

pub use acts::{Act, begin, play};
pub use kubelet::{Stage, step, stop, watch_over};
pub use nodes::lose as lose_node;

/// How many objects the controllers look at before requests get their turn again.
const ROUND: usize = 500;

/// Whether a controller looks at objects of this kind.
pub fn is_controlled(plural: &str) -> bool {
    const CONTROLLED: &[&str] = &[
        "daemonsets",
        "deployments",
        "jobs",
        "nodes",
        "poddisruptionbudgets",
        "pods",
        "replicasets",
        "services",
        "statefulsets",
    ];
    CONTROLLED.contains(&plural)
}

/// Lets the controllers answer what has changed.
pub fn settle(world: &mut World) {
    for _ in 0..ROUND {
        let Some((plural, name)) = world.dirty.pop_first() else { return };
        look(world, plural, &name);
    }
}

/// Lets the controllers write the status of everything, without doing anything about it.
pub fn observe_all(world: &mut World) {
    for (plural, observe) in OBSERVERS {
        let names: Vec<Name> = world.store.all(plural).map(|(name, _)| name.clone()).collect();
        for name in names {
            observe(world, &name);
        }
    }
}

/// Who writes the status of which kind, the owned before their owners.
const OBSERVERS: &[(&str, fn(&mut World, &Name))] = &[
    ("replicasets", replicas::observe),
    ("deployments", deployment::observe),
    ("statefulsets", sets::observe_stateful),
    ("daemonsets", sets::observe_daemons),
    ("services", endpoints::observe),
    ("poddisruptionbudgets", budgets::observe),
];

fn look(world: &mut World, plural: &str, name: &Name) {
    if plural == "pods" {
        endpoints::pod_changed(world, &name.0);
        budgets::pod_changed(world, &name.0);
    }
    let Some(object) = world.get(plural, name) else { return };
    if world.still.contains(text(&object, "/metadata/uid")) || super::json::has(&object, "/metadata/deletionTimestamp")
    {
        return;
    }
    match plural {
        "deployments" => deployment::reconcile(world, name, &object),
        "replicasets" => replicas::reconcile(world, name, &object),
        "statefulsets" => sets::reconcile_stateful(world, name, &object),
        "daemonsets" => sets::reconcile_daemons(world, name, &object),
        "jobs" => jobs::reconcile(world, name, &object),
        "nodes" => nodes::reconcile(world, name, &object),
        "poddisruptionbudgets" => budgets::observe(world, name),
        "pods" => kubelet::notice(world, name, &object),
        "services" => endpoints::observe(world, name),
        _ => {}
    }
}

/// Completes a new object that a request makes, as admission does.
pub fn admit(world: &mut World, resource: &Resource, object: &mut Value) {
    match resource.plural {
        "pods" => super::pod::complete(object),
        "jobs" => jobs::admit(world, object),
        "secrets" if !super::json::has(object, "/type") => super::json::set(object, "/type", "Opaque"),
        "namespaces" => super::json::set(object, "/status/phase", "Active"),
        "deployments" | "replicasets" | "statefulsets" if !super::json::has(object, "/spec/replicas") => {
            super::json::set(object, "/spec/replicas", 1);
        }
        "services" if !super::json::has(object, "/spec/clusterIP") => {
            let ip = format!("10.104.{}.{}", world.random.between(1, 250), world.random.between(2, 250));
            super::json::set(object, "/spec/clusterIP", ip.as_str());
            super::json::set(object, "/spec/clusterIPs", vec![ip]);
        }
        _ => {}
    }
}

/// The hash that names the replica set of a pod template.
pub fn template_hash(template: &Value) -> String {
    Random::of(&template.to_string()).suffix(10)
}

/// The pods that an object controls.
pub fn pods_of(world: &World, owner: &Value) -> Vec<std::sync::Arc<Value>> {
    let uid = text(owner, "/metadata/uid");
    let mine = |pod: &Value| list(pod, "/metadata/ownerReferences").iter().any(|o| text(o, "/uid") == uid);
    let pods = world.store.within("pods", text(owner, "/metadata/namespace")).filter(|pod| mine(pod));
    pods.cloned().collect()
}
