//! Going back to a revision, as kubectl 1.36 `pkg/polymorphichelpers/rollback.go`, but never over a change that nobody
//! has seen: what is replaced must still be what it was (kubectl does not look).

use super::history::{History, Kept, REVISION, is_same_template, saved};
use super::json::{annotation, count, is_set, number, text};
use super::{Patch, Workload};
use crate::cluster::gate::Problem;
use crate::cluster::json::{at, put};
use serde_json::{Map, Value, json};

/// Where `kubectl apply` keeps what it applied last.
const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";
/// Annotations that belong to the Deployment and stay; all others are those of the revision.
const STAYING: &[&str] = &[
    LAST_APPLIED,
    REVISION,
    "deployment.kubernetes.io/revision-history",
    "deployment.kubernetes.io/desired-replicas",
    "deployment.kubernetes.io/max-replicas",
    "deprecated.deployment.rollback.to",
];

/// A way back.
#[derive(Debug, Clone, PartialEq)]
pub struct Undo {
    /// The revision that comes back.
    pub to: i64,
    /// The one that goes, when the controller knows it.
    pub from: Option<i64>,
    /// What to send; none when its template is there already.
    pub patch: Option<Patch>,
    /// What to know before.
    pub notes: Vec<String>,
}

/// The way back to revision `to`; 0 is the one before the newest.
///
/// # Errors
/// kubectl's: no such revision, nothing to go back to, or a paused Deployment.
pub fn undo(workload: Workload, live: &Value, history: &History, to: i64) -> Result<Undo, Problem> {
    let target = target(workload, live, history, to)?;
    if workload == Workload::Deployment && is_set(live, "/spec/paused") {
        let sentence = "you cannot rollback a paused deployment; resume it first";
        return Err(Problem::new(sentence, "resume it, then try again"));
    }
    let patch = match workload {
        _ if is_there_already(workload, live, target) => None,
        Workload::Deployment => Some(deployment_patch(live, target)),
        Workload::StatefulSet | Workload::DaemonSet => Some(set_patch(live, target)),
    };
    let from = history.current().map(|kept| kept.number);
    Ok(Undo { to: target.number, from, patch, notes: notes(workload, live) })
}

/// The revision that is meant.
fn target<'a>(workload: Workload, live: &Value, history: &'a History, to: i64) -> Result<&'a Kept, Problem> {
    let kept = &history.revisions;
    if to != 0 {
        let found = kept.iter().find(|kept| kept.number == to && to > 0);
        let sentence = || format!("unable to find specified revision {to} in history");
        return found.ok_or_else(|| Problem::new(sentence(), "its history shows the revisions that are kept"));
    }
    let nothing = match workload {
        Workload::Deployment => format!("no rollout history found for deployment \"{}\"", text(live, "/metadata/name")),
        Workload::StatefulSet | Workload::DaemonSet => "no last revision to roll back to".to_owned(),
    };
    // Of the same number, kubectl takes the one that it saw first for the newer.
    let mut by_age: Vec<&Kept> = kept.iter().filter(|kept| kept.number >= 0).collect();
    by_age.sort_by_key(|kept| std::cmp::Reverse(kept.number));
    let hint = "it has had one template only, or keeps no older ones (spec.revisionHistoryLimit)";
    by_age.get(1).copied().ok_or_else(|| Problem::new(nothing, hint))
}

fn is_there_already(workload: Workload, live: &Value, target: &Kept) -> bool {
    let template = at(live, "/spec/template");
    match workload {
        Workload::Deployment => is_same_template(&super::history::plain_template(template), &target.template),
        Workload::StatefulSet | Workload::DaemonSet => saved(template) == *at(&target.object, "/data"),
    }
}

/// Replaces the template and all annotations but those that stay. kubectl does not look whether somebody changed the
/// Deployment meanwhile; a list of operations can ask the server to.
fn deployment_patch(live: &Value, target: &Kept) -> Patch {
    let metadata = |field: &str| at(live, &format!("/metadata/{field}"));
    // Where there are none, there is nothing to replace.
    let set = if metadata("annotations").is_object() { "replace" } else { "add" };
    Patch::Operations(vec![
        json!({ "op": "test", "path": "/metadata/uid", "value": metadata("uid") }),
        json!({ "op": "test", "path": "/metadata/resourceVersion", "value": metadata("resourceVersion") }),
        json!({ "op": "replace", "path": "/spec/template", "value": target.template }),
        json!({ "op": set, "path": "/metadata/annotations", "value": annotations(live, &target.object) }),
    ])
}

/// The annotations of a Deployment that goes back to a ReplicaSet.
fn annotations(live: &Value, set: &Value) -> Map<String, Value> {
    let of = |object: &Value| object.pointer("/metadata/annotations").and_then(Value::as_object).cloned();
    let (of_live, of_set) = (of(live).unwrap_or_default(), of(set).unwrap_or_default());
    let stays = |key: &String| STAYING.contains(&key.as_str());
    let staying = of_live.into_iter().filter(|(key, _)| stays(key));
    staying.chain(of_set.into_iter().filter(|(key, _)| !stays(key))).collect()
}

/// What the revision keeps, which says itself that it replaces the template; for this object as it is now.
fn set_patch(live: &Value, target: &Kept) -> Patch {
    let mut body = at(&target.object, "/data").clone();
    put(&mut body, &["metadata", "uid"], at(live, "/metadata/uid").clone());
    put(&mut body, &["metadata", "resourceVersion"], at(live, "/metadata/resourceVersion").clone());
    Patch::Strategic(body)
}

fn notes(workload: Workload, live: &Value) -> Vec<String> {
    let mut notes = Vec::new();
    if annotation(live, LAST_APPLIED).is_some() {
        notes.push("it is managed by kubectl apply: the next apply will undo the undo".to_owned());
    }
    if workload == Workload::Deployment {
        return notes;
    }
    if text(live, "/spec/updateStrategy/type") == "OnDelete" {
        notes.push("its strategy is OnDelete: a pod changes when it is deleted".to_owned());
    }
    if let Some(partition) = number(live, "/spec/updateStrategy/rollingUpdate/partition").filter(|n| *n > 0) {
        notes.push(format!("its partition is {partition}: pods below that number keep their template"));
    }
    let waits = workload == Workload::StatefulSet && text(live, "/spec/podManagementPolicy") != "Parallel";
    if waits && count(live, "/status/readyReplicas") < count(live, "/spec/replicas") {
        notes.push("a pod that never becomes ready holds it up: delete that pod".to_owned());
    }
    notes
}
