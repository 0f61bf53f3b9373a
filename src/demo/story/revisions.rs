//! The revisions of stateful sets and daemon sets: each template that they ever had, as a patch that brings it back.

use serde_json::{Value, json};

use super::template_hash;
use crate::demo::json::{int, list, set, set_key, text};
use crate::demo::pod;
use crate::demo::resource;
use crate::demo::store::name_of;
use crate::demo::world::World;
use crate::demo::write;

/// The hash of an owner's current template.
pub fn hash_of(owner: &Value) -> String {
    template_hash(owner.pointer("/spec/template").unwrap_or(&Value::Null))
}

/// The label that says of which revision a pod is: of a stateful set, the revision's whole name.
fn mark_of(owner: &Value) -> String {
    match text(owner, "/kind") {
        "StatefulSet" => format!("{}-{}", text(owner, "/metadata/name"), hash_of(owner)),
        _ => hash_of(owner),
    }
}

/// Marks a pod as one of the current revision.
pub fn mark(owner: &Value, pod: &mut Value) {
    if ["StatefulSet", "DaemonSet"].contains(&text(owner, "/kind")) {
        set_key(pod, "/metadata/labels", "controller-revision-hash", mark_of(owner));
    }
}

/// Whether a pod is of the current revision.
pub fn is_current(owner: &Value, pod: &Value) -> bool {
    crate::demo::json::key(pod, "/metadata/labels", "controller-revision-hash") == mark_of(owner)
}

/// Keeps the current template as the newest revision: a new one, or an old one that is raised.
pub fn sync(world: &mut World, owner: &Value) {
    let uid = text(owner, "/metadata/uid");
    let mine = |revision: &Value| text(revision, "/metadata/ownerReferences/0/uid") == uid;
    let all = world.store.within("controllerrevisions", text(owner, "/metadata/namespace"));
    let all: Vec<_> = all.filter(|revision| mine(revision)).cloned().collect();
    let last = all.iter().map(|revision| int(revision, "/revision")).max().unwrap_or_default();
    let data = data(owner);
    if let Some(found) = all.iter().find(|revision| revision.get("data") == Some(&data)) {
        if int(found, "/revision") < last {
            world.edit("controllerrevisions", &name_of(found), |revision| set(revision, "/revision", last + 1));
        }
        return;
    }
    make(world, owner, last + 1);
}

/// The patch that brings a template back.
fn data(owner: &Value) -> Value {
    let mut template = owner.pointer("/spec/template").cloned().unwrap_or_default();
    set(&mut template, "/$patch", "replace");
    json!({"spec": {"template": template}})
}

/// Keeps an owner's template under a number.
pub fn make(world: &mut World, owner: &Value, number: i64) {
    let Some(kind) = resource::named("controllerrevisions") else { return };
    let hash = hash_of(owner);
    let label = match text(owner, "/kind") {
        "StatefulSet" => "controller.kubernetes.io/hash",
        _ => "controller-revision-hash",
    };
    let mut object = json!({
        "metadata": {
            "name": format!("{}-{hash}", text(owner, "/metadata/name")), "namespace": text(owner, "/metadata/namespace"),
            "labels": owner.pointer("/spec/template/metadata/labels"), "ownerReferences": [pod::reference(owner)],
        },
        "data": data(owner), "revision": number,
    });
    if let Some(annotations) = owner.pointer("/metadata/annotations").filter(|_| label == "controller-revision-hash") {
        set(&mut object, "/metadata/annotations", annotations.clone());
    }
    set_key(&mut object, "/metadata/labels", label, hash);
    write::begin(world, kind, &mut object, "kube-controller-manager");
    world.keep(kind, object);
}

/// The next pod that a rolling update replaces, of those that are of an older revision: never while too many are away.
pub fn outdated<'a>(
    owner: &Value,
    pods: &'a [std::sync::Arc<Value>],
    (wanted, away): (usize, usize),
) -> Option<&'a Value> {
    if text(owner, "/spec/updateStrategy/type") == "OnDelete" {
        return None;
    }
    let old = |pod: &&std::sync::Arc<Value>| pod::is_active(pod) && !is_current(owner, pod);
    // What does not work anyway goes first and costs nothing.
    if let Some(broken) = pods.iter().filter(old).find(|pod| !pod::is_ready(pod)) {
        return Some(broken);
    }
    let ready = pods.iter().filter(|pod| pod::is_active(pod) && pod::is_ready(pod)).count();
    let partition = int(owner, "/spec/updateStrategy/rollingUpdate/partition");
    let ordinal = |pod: &Value| text(pod, "/metadata/name").rsplit('-').next().and_then(|n| n.parse::<i64>().ok());
    let numbered = text(owner, "/kind") == "StatefulSet";
    let mut old: Vec<&Value> = pods.iter().filter(old).map(|pod| &**pod).collect();
    old.retain(|pod| !numbered || ordinal(pod).is_some_and(|n| n >= partition));
    old.sort_by_key(|pod| (numbered.then(|| ordinal(pod)), text(pod, "/metadata/name").to_owned()));
    old.pop().filter(|_| ready + away > wanted && list(owner, "/metadata/finalizers").is_empty())
}
