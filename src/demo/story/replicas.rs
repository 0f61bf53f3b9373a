//! The replica set controller: makes and deletes pods until there are as many as wanted.

use serde_json::Value;
use std::sync::Arc;

use super::events::{self, Said};
use super::pods_of;
use crate::demo::delete;
use crate::demo::json::{int, list, set, text};
use crate::demo::pod;
use crate::demo::resource;
use crate::demo::store::{Name, name_of};
use crate::demo::world::World;
use crate::demo::write;

/// Makes or deletes pods, and writes the status.
pub fn reconcile(world: &mut World, name: &Name, set: &Value) {
    let pods = pods_of(world, set);
    let mut active: Vec<_> = pods.into_iter().filter(|pod| pod::is_active(pod)).collect();
    let wanted = usize::try_from(int(set, "/spec/replicas")).unwrap_or_default();
    for _ in active.len()..wanted {
        let pod = format!("{}-{}", name.1, world.random.suffix(5));
        make(world, set, &pod);
        let message = format!("Created pod: {pod}");
        events::normal(world, set, Said { by: "replicaset-controller", reason: "SuccessfulCreate", message: &message });
    }
    // The least useful go first: not ready, then the youngest (as the controller's ActivePodsWithRanks does).
    active.sort_by_key(|pod| {
        (pod::is_ready(pod), std::cmp::Reverse(text(pod, "/metadata/creationTimestamp").to_owned()))
    });
    let surplus = active.len().saturating_sub(wanted);
    for gone in active.iter().take(surplus) {
        delete::remove(world, gone);
        let message = format!("Deleted pod: {}", text(gone, "/metadata/name"));
        events::normal(world, set, Said { by: "replicaset-controller", reason: "SuccessfulDelete", message: &message });
    }
    observe(world, name);
}

/// Makes a pod of an owner's template.
pub fn make(world: &mut World, owner: &Value, name: &str) -> Arc<Value> {
    let template = owner.pointer("/spec/template").cloned().unwrap_or_default();
    let mut pod = pod::of_template(owner, &template, name);
    super::revisions::mark(owner, &mut pod);
    let Some(pods) = resource::named("pods") else { return Arc::default() };
    write::begin(world, pods, &mut pod, "kube-controller-manager");
    world.keep(pods, pod)
}

/// Writes the status of a replica set.
pub fn observe(world: &mut World, name: &Name) {
    let Some(object) = world.get("replicasets", name) else { return };
    let pods: Vec<_> = pods_of(world, &object).into_iter().filter(|pod| pod::is_active(pod)).collect();
    let ready = pods.iter().filter(|pod| pod::is_ready(pod)).count();
    world.edit("replicasets", name, |object| {
        set(object, "/status/replicas", pods.len());
        set(object, "/status/fullyLabeledReplicas", pods.len());
        set(object, "/status/observedGeneration", int(object, "/metadata/generation"));
        for path in ["/status/readyReplicas", "/status/availableReplicas"] {
            count(object, path, ready);
        }
    });
}

/// Writes a count, which is left out when it is zero.
pub fn count(object: &mut Value, path: &str, number: usize) {
    if number == 0 { crate::demo::json::remove(object, path) } else { set(object, path, number) }
}

/// The replica sets of a deployment.
pub fn sets_of(world: &World, deployment: &Value) -> Vec<Arc<Value>> {
    let uid = text(deployment, "/metadata/uid");
    let owned = |set: &Value| list(set, "/metadata/ownerReferences").iter().any(|o| text(o, "/uid") == uid);
    let sets = world.store.within("replicasets", text(deployment, "/metadata/namespace"));
    sets.filter(|set| owned(set)).cloned().collect()
}

/// Changes how many replicas a set is to have.
pub fn resize(world: &mut World, object: &Value, replicas: i64) {
    world.edit("replicasets", &name_of(object), |object| {
        set(object, "/spec/replicas", replicas);
        set(object, "/metadata/generation", int(object, "/metadata/generation") + 1);
    });
}
