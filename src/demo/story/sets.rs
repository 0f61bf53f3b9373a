//! The controllers of stateful sets (numbered pods, in order) and daemon sets (one pod on each node).

use serde_json::{Value, json};

use super::events::{self, Said};
use super::replicas::{count, make};
use super::{pods_of, revisions};
use crate::demo::delete;
use crate::demo::json::{int, set, text};
use crate::demo::pod;
use crate::demo::resource;
use crate::demo::store::Name;
use crate::demo::world::World;
use crate::demo::write;

/// Makes the first pod that is missing when those before it are ready; deletes the last that is too many.
pub fn reconcile_stateful(world: &mut World, name: &Name, owner: &Value) {
    revisions::sync(world, owner);
    let wanted = int(owner, "/spec/replicas");
    let pods = pods_of(world, owner);
    for ordinal in 0..wanted {
        let pod_name = format!("{}-{ordinal}", name.1);
        let found = pods.iter().find(|pod| text(pod, "/metadata/name") == pod_name);
        if found.is_none() {
            make(world, owner, &pod_name);
            let message = format!("create Pod {pod_name} in StatefulSet {} successful", name.1);
            events::normal(
                world,
                owner,
                Said { by: "statefulset-controller", reason: "SuccessfulCreate", message: &message },
            );
        }
        if !found.is_some_and(|pod| pod::is_ready(pod)) {
            break;
        }
    }
    let ordinal = |pod: &Value| text(pod, "/metadata/name").rsplit('-').next().and_then(|n| n.parse::<i64>().ok());
    let surplus = pods.iter().filter(|pod| pod::is_active(pod) && ordinal(pod).is_some_and(|n| n >= wanted));
    let whole = usize::try_from(wanted).unwrap_or_default();
    if let Some(last) = surplus.max_by_key(|pod| ordinal(pod)) {
        delete::remove(world, last);
    } else if let Some(old) = revisions::outdated(owner, &pods, (whole, 1)) {
        delete::remove(world, old);
    }
    observe_stateful(world, name);
}

/// Writes the status of a stateful set.
pub fn observe_stateful(world: &mut World, name: &Name) {
    let Some(owner) = world.get("statefulsets", name) else { return };
    let pods = pods_of(world, &owner);
    let ready = pods.iter().filter(|pod| pod::is_ready(pod)).count();
    let updated = pods.iter().filter(|pod| revisions::is_current(&owner, pod)).count();
    let revision = format!("{}-{}", name.1, revisions::hash_of(&owner));
    let done = updated == pods.len() && ready == pods.len();
    let current = text(&owner, "/status/currentRevision").to_owned();
    let current = if done || current.is_empty() { revision.clone() } else { current };
    let of_current = if current == revision { updated } else { pods.len() - updated };
    world.edit("statefulsets", name, |object| {
        set(object, "/status/observedGeneration", int(object, "/metadata/generation"));
        set(object, "/status/replicas", pods.len());
        set(object, "/status/currentRevision", current);
        set(object, "/status/updateRevision", revision);
        set(object, "/status/collisionCount", 0);
        for (path, number) in [
            ("/status/readyReplicas", ready),
            ("/status/availableReplicas", ready),
            ("/status/currentReplicas", of_current),
            ("/status/updatedReplicas", updated),
        ] {
            count(object, path, number);
        }
    });
}

/// Makes the pods of the nodes that have none.
pub fn reconcile_daemons(world: &mut World, name: &Name, owner: &Value) {
    revisions::sync(world, owner);
    let pods = pods_of(world, owner);
    let nodes: Vec<String> = world.store.all("nodes").map(|((_, node), _)| node.clone()).collect();
    for node in nodes {
        if pods.iter().any(|pod| text(pod, "/spec/nodeName") == node) {
            continue;
        }
        let template = owner.pointer("/spec/template").cloned().unwrap_or_default();
        let pod_name = format!("{}-{}", name.1, world.random.suffix(5));
        let mut pod = pod::of_template(owner, &template, &pod_name);
        revisions::mark(owner, &mut pod);
        let now = world.now();
        pod::bind(&mut pod, &node, now);
        set(&mut pod, "/status/startTime", json!(null));
        let Some(kind) = resource::named("pods") else { return };
        write::begin(world, kind, &mut pod, "kube-controller-manager");
        world.keep(kind, pod);
        let message = format!("Created pod: {pod_name}");
        events::normal(
            world,
            owner,
            Said { by: "daemonset-controller", reason: "SuccessfulCreate", message: &message },
        );
    }
    let wanted = world.store.all("nodes").count();
    let away = int(owner, "/spec/updateStrategy/rollingUpdate/maxUnavailable");
    let away = usize::try_from(away).unwrap_or_default().max(1);
    if let Some(old) = revisions::outdated(owner, &pods, (wanted, away)) {
        delete::remove(world, old);
    }
    observe_daemons(world, name);
}

/// Writes the status of a daemon set.
pub fn observe_daemons(world: &mut World, name: &Name) {
    let Some(owner) = world.get("daemonsets", name) else { return };
    let pods: Vec<_> = pods_of(world, &owner).into_iter().filter(|pod| pod::is_active(pod)).collect();
    let ready = pods.iter().filter(|pod| pod::is_ready(pod)).count();
    let updated = pods.iter().filter(|pod| revisions::is_current(&owner, pod)).count();
    let wanted = world.store.all("nodes").count();
    world.edit("daemonsets", name, |object| {
        set(object, "/status/observedGeneration", int(object, "/metadata/generation"));
        set(object, "/status/desiredNumberScheduled", wanted);
        set(object, "/status/currentNumberScheduled", pods.len());
        set(object, "/status/numberMisscheduled", 0);
        set(object, "/status/numberReady", ready);
        count(object, "/status/numberAvailable", ready);
        count(object, "/status/updatedNumberScheduled", updated);
        count(object, "/status/numberUnavailable", wanted.saturating_sub(ready));
    });
}
