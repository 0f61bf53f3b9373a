//! The deployment controller: one replica set for each template, replaced step by step.

use serde_json::{Value, json};
use std::sync::Arc;

use super::events::{self, Said};
use super::replicas::{count, resize, sets_of};
use super::template_hash;
use crate::demo::clock::stamp;
use crate::demo::json::{flag, int, key, list, set, set_key, text};
use crate::demo::pod;
use crate::demo::resource;
use crate::demo::store::Name;
use crate::demo::world::World;
use crate::demo::write;

const REVISION: &str = "deployment.kubernetes.io/revision";

/// Takes the next step of a rollout, or of scaling, and writes the status.
pub fn reconcile(world: &mut World, name: &Name, deployment: &Value) {
    if !flag(deployment, "/spec/paused") {
        let new = new_set(world, deployment);
        roll(world, deployment, &new);
        clean(world, deployment);
    }
    observe(world, name);
}

fn hash_of(set: &Value) -> &str {
    key(set, "/metadata/labels", "pod-template-hash")
}

/// The replica set of the current template; made when there is none yet.
fn new_set(world: &mut World, deployment: &Value) -> Arc<Value> {
    let mut template = deployment.pointer("/spec/template").cloned().unwrap_or_default();
    let hash = template_hash(&template);
    let sets = sets_of(world, deployment);
    let revision = |set: &Value| key(set, "/metadata/annotations", REVISION).parse::<i64>().unwrap_or_default();
    let last = sets.iter().map(|set| revision(set)).max().unwrap_or_default();
    if let Some(found) = sets.iter().find(|set| hash_of(set) == hash) {
        if revision(found) < last {
            mark(world, deployment, (found, last + 1));
        }
        return Arc::clone(found);
    }
    set_key(&mut template, "/metadata/labels", "pod-template-hash", hash.as_str());
    let mut selector = deployment.pointer("/spec/selector").cloned().unwrap_or_default();
    set_key(&mut selector, "/matchLabels", "pod-template-hash", hash.as_str());
    let mut object = json!({
        "metadata": {
            "name": format!("{}-{hash}", text(deployment, "/metadata/name")),
            "namespace": text(deployment, "/metadata/namespace"), "labels": template.pointer("/metadata/labels"),
            "ownerReferences": [pod::reference(deployment)], "annotations": deployment.pointer("/metadata/annotations"),
        },
        "spec": {"replicas": 0, "selector": selector, "template": template},
    });
    let Some(kind) = resource::named("replicasets") else { return Arc::default() };
    write::begin(world, kind, &mut object, "kube-controller-manager");
    let object = world.keep(kind, object);
    mark(world, deployment, (&object, last + 1));
    world.store.get(kind, &crate::demo::store::name_of(&object)).cloned().unwrap_or(object)
}

/// Writes the revision on a replica set and its deployment.
fn mark(world: &mut World, deployment: &Value, (set, revision): (&Value, i64)) {
    for (plural, object) in [("replicasets", set), ("deployments", deployment)] {
        let name = crate::demo::store::name_of(object);
        world.edit(plural, &name, |object| pod::annotate(object, REVISION, revision.to_string()));
    }
}

/// A number or percentage of the replicas, rounded up or down.
fn share(deployment: &Value, path: &str, (total, up): (i64, bool)) -> i64 {
    match deployment.pointer(path) {
        Some(Value::String(percent)) => {
            let percent: i64 = percent.trim_end_matches('%').parse().unwrap_or(25);
            (total * percent + if up { 99 } else { 0 }) / 100
        }
        Some(number) => number.as_i64().unwrap_or_default(),
        None => (total + if up { 3 } else { 0 }) / 4,
    }
}

/// Scales the new set up and the old ones down as far as surge and availability allow.
fn roll(world: &mut World, deployment: &Value, new: &Value) {
    let wanted = int(deployment, "/spec/replicas");
    let sets = sets_of(world, deployment);
    let uid = text(new, "/metadata/uid");
    let old: Vec<_> =
        sets.iter().filter(|set| text(set, "/metadata/uid") != uid && int(set, "/spec/replicas") > 0).collect();
    let current = int(new, "/spec/replicas");
    if old.is_empty() {
        return step(world, deployment, (new, wanted));
    }
    let recreate = text(deployment, "/spec/strategy/type") == "Recreate";
    let surge = share(deployment, "/spec/strategy/rollingUpdate/maxSurge", (wanted, true));
    let absent = share(deployment, "/spec/strategy/rollingUpdate/maxUnavailable", (wanted, false));
    let old_total: i64 = old.iter().map(|set| int(set, "/spec/replicas")).sum();
    let room = if recreate { 0 } else { (wanted + surge - old_total - current).max(0) };
    let scaled = (current + room).min(wanted).max(current.min(wanted));
    step(world, deployment, (new, scaled));
    let least = if recreate { 0 } else { wanted - absent.max(i64::from(surge == 0)) };
    let missing = scaled - int(new, "/status/availableReplicas");
    let ready: i64 = sets.iter().map(|set| int(set, "/status/availableReplicas")).sum();
    shrink(world, deployment, (&old, old_total + scaled - least - missing, ready - least));
}

/// Scales old sets down: first what is broken anyway, `limit` at most, then what can be spared.
fn shrink(world: &mut World, deployment: &Value, (old, limit, spare): (&[&Arc<Value>], i64, i64)) {
    if limit <= 0 {
        return;
    }
    let (mut limit, mut spare) = (limit, spare.max(0));
    for set in old {
        let (has, available) = (int(set, "/spec/replicas"), int(set, "/status/availableReplicas"));
        let broken = (has - available).clamp(0, limit);
        let healthy = spare.min(has - broken).min(limit - broken);
        limit -= broken + healthy;
        spare -= healthy;
        step(world, deployment, (set, has - broken - healthy));
    }
}

/// Resizes one replica set and says so.
fn step(world: &mut World, deployment: &Value, (set, replicas): (&Value, i64)) {
    let before = int(set, "/spec/replicas");
    if replicas == before {
        return;
    }
    resize(world, set, replicas);
    let way = if replicas > before { "up" } else { "down" };
    let message = format!("Scaled {way} replica set {} from {before} to {replicas}", text(set, "/metadata/name"));
    events::normal(
        world,
        deployment,
        Said { by: "deployment-controller", reason: "ScalingReplicaSet", message: &message },
    );
}

/// Deletes the oldest empty replica sets beyond the history limit.
fn clean(world: &mut World, deployment: &Value) {
    let limit = deployment.pointer("/spec/revisionHistoryLimit").and_then(Value::as_u64).unwrap_or(10);
    let mut empty = sets_of(world, deployment);
    let current = template_hash(deployment.pointer("/spec/template").unwrap_or(&Value::Null));
    empty.retain(|set| int(set, "/spec/replicas") == 0 && int(set, "/status/replicas") == 0 && hash_of(set) != current);
    empty.sort_by_key(|set| key(set, "/metadata/annotations", REVISION).parse::<i64>().unwrap_or_default());
    let surplus = empty.len().saturating_sub(usize::try_from(limit).unwrap_or(usize::MAX));
    for set in empty.iter().take(surplus) {
        if let Some(kind) = resource::named("replicasets") {
            world.drop_object(kind, &crate::demo::store::name_of(set));
        }
    }
}

/// Writes the status of a deployment.
pub fn observe(world: &mut World, name: &Name) {
    let Some(deployment) = world.get("deployments", name) else { return };
    let sets = sets_of(world, &deployment);
    let sum = |path: &str| usize::try_from(sets.iter().map(|set| int(set, path)).sum::<i64>()).unwrap_or_default();
    let hash = template_hash(deployment.pointer("/spec/template").unwrap_or(&Value::Null));
    let new = sets.iter().find(|set| hash_of(set) == hash);
    let updated = usize::try_from(new.map_or(0, |set| int(set, "/status/replicas"))).unwrap_or_default();
    let wanted = usize::try_from(int(&deployment, "/spec/replicas")).unwrap_or_default();
    let (total, ready, available) =
        (sum("/status/replicas"), sum("/status/readyReplicas"), sum("/status/availableReplicas"));
    let absent =
        share(&deployment, "/spec/strategy/rollingUpdate/maxUnavailable", (int(&deployment, "/spec/replicas"), false));
    let enough = available + usize::try_from(absent).unwrap_or_default() >= wanted;
    let complete = updated == wanted && total == wanted && available == wanted;
    let set_name = new.map(|set| text(set, "/metadata/name").to_owned()).unwrap_or_default();
    let now = stamp(world.now());
    world.edit("deployments", name, |object| {
        set(object, "/status/observedGeneration", int(object, "/metadata/generation"));
        for (path, number) in [
            ("/status/replicas", total),
            ("/status/updatedReplicas", updated),
            ("/status/readyReplicas", ready),
            ("/status/availableReplicas", available),
            ("/status/unavailableReplicas", wanted.max(total).saturating_sub(available)),
        ] {
            count(object, path, number);
        }
        conditions(object, (enough, complete), (&set_name, &now));
    });
}

fn conditions(object: &mut Value, (enough, complete): (bool, bool), (set_name, now): (&str, &str)) {
    let (reason, message) = if enough {
        ("MinimumReplicasAvailable", "Deployment has minimum availability.")
    } else {
        ("MinimumReplicasUnavailable", "Deployment does not have minimum availability.")
    };
    let status = if enough { "True" } else { "False" };
    condition(object, json!({"type": "Available", "status": status, "reason": reason, "message": message}), now);
    let (reason, message) = if complete {
        ("NewReplicaSetAvailable", format!("ReplicaSet \"{set_name}\" has successfully progressed."))
    } else {
        ("ReplicaSetUpdated", format!("ReplicaSet \"{set_name}\" is progressing."))
    };
    condition(object, json!({"type": "Progressing", "status": "True", "reason": reason, "message": message}), now);
}

/// Writes a condition; its times change with its content only.
fn condition(object: &mut Value, mut new: Value, now: &str) {
    let mut all = list(object, "/status/conditions").to_vec();
    let place = all.iter().position(|c| text(c, "/type") == text(&new, "/type"));
    let old = place.and_then(|at| all.get(at));
    let made = match text(object, "/metadata/creationTimestamp") {
        made if old.is_none() && !made.is_empty() => made.to_owned(),
        _ => now.to_owned(),
    };
    if old.is_some_and(|old| ["/status", "/reason", "/message"].iter().all(|p| text(old, p) == text(&new, p))) {
        return;
    }
    let turned = old
        .filter(|old| text(old, "/status") == text(&new, "/status"))
        .map(|old| text(old, "/lastTransitionTime").to_owned());
    set(&mut new, "/lastUpdateTime", made.as_str());
    set(&mut new, "/lastTransitionTime", turned.unwrap_or(made));
    match place.and_then(|at| all.get_mut(at)) {
        Some(place) => *place = new,
        None => all.push(new),
    }
    set(object, "/status/conditions", all);
}
