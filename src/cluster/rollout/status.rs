//! How far a rollout is, in the words and with the arithmetic of kubectl 1.36 `pkg/polymorphichelpers/rollout_status.go`.

use super::Workload;
use super::json::{annotation, count, is_set, number, text};
use crate::kinds::rollout::{Phase, Progress};
use serde_json::Value;

/// What kubectl says of a strategy whose progress nobody can tell.
const ONLY_ROLLING: &str = "rollout status is only available for RollingUpdate strategy type";

/// How far the rollout of `live` is. `pinned` is the revision that somebody asks about; another one that took its place
/// is a failure (Deployments only, as in kubectl).
pub fn status(workload: Workload, live: &Value, pinned: Option<i64>) -> Progress {
    let (phase, sentence) = match workload {
        Workload::Deployment => deployment(live, pinned),
        Workload::StatefulSet => stateful_set(live),
        Workload::DaemonSet => daemon_set(live),
    };
    let counts = Counts::of(workload, live);
    Progress {
        phase,
        sentence,
        detail: detail(workload, live, phase),
        wanted: whole(counts.wanted),
        updated: whole(counts.updated),
        // The old ones may be those that are available: what is left over must be new.
        usable: whole((counts.usable - counts.old).min(counts.updated)),
        old: whole(counts.old),
    }
}

/// What is said of an object that went while its rollout was followed; one of the same name is another object.
pub fn deleted() -> Progress {
    Progress { phase: Phase::Failed, sentence: "object has been deleted".to_owned(), ..Progress::default() }
}

fn deployment(live: &Value, pinned: Option<i64>) -> (Phase, String) {
    let name = text(live, "/metadata/name");
    if let Some(failed) = pinned.filter(|wanted| *wanted > 0).and_then(|wanted| other_revision(live, wanted)) {
        return (Phase::Failed, failed);
    }
    if count(live, "/metadata/generation") > count(live, "/status/observedGeneration") {
        return waiting("Waiting for deployment spec update to be observed...".to_owned());
    }
    if progressing(live).is_some_and(|condition| text(condition, "/reason") == "ProgressDeadlineExceeded") {
        return (Phase::Failed, format!("deployment \"{name}\" exceeded its progress deadline"));
    }
    let status = |field: &str| count(live, &format!("/status/{field}"));
    let (all, updated, available) = (status("replicas"), status("updatedReplicas"), status("availableReplicas"));
    let finish = format!("Waiting for deployment \"{name}\" rollout to finish");
    if let Some(wanted) = number(live, "/spec/replicas").filter(|wanted| updated < *wanted) {
        return waiting(format!("{finish}: {updated} out of {wanted} new replicas have been updated..."));
    }
    if all > updated {
        return waiting(format!("{finish}: {} old replicas are pending termination...", all - updated));
    }
    if available < updated {
        return waiting(format!("{finish}: {available} of {updated} updated replicas are available..."));
    }
    (Phase::Done, format!("deployment \"{name}\" successfully rolled out"))
}

/// What is wrong when the Deployment is at another revision than the wanted one.
fn other_revision(live: &Value, wanted: i64) -> Option<String> {
    let written = annotation(live, super::history::REVISION).unwrap_or("0");
    let Ok(running) = written.parse::<i64>() else {
        let name = text(live, "/metadata/name");
        return Some(format!("cannot get the revision of deployment \"{name}\": \"{written}\" is no number"));
    };
    let differs = running != wanted;
    differs.then(|| format!("desired revision ({wanted}) is different from the running revision ({running})"))
}

fn daemon_set(live: &Value) -> (Phase, String) {
    if text(live, "/spec/updateStrategy/type") != "RollingUpdate" {
        return (Phase::Failed, ONLY_ROLLING.to_owned());
    }
    if count(live, "/metadata/generation") > count(live, "/status/observedGeneration") {
        return waiting("Waiting for daemon set spec update to be observed...".to_owned());
    }
    let name = text(live, "/metadata/name");
    let finish = format!("Waiting for daemon set \"{name}\" rollout to finish");
    let wanted = count(live, "/status/desiredNumberScheduled");
    let updated = count(live, "/status/updatedNumberScheduled");
    let available = count(live, "/status/numberAvailable");
    if updated < wanted {
        return waiting(format!("{finish}: {updated} out of {wanted} new pods have been updated..."));
    }
    if available < wanted {
        return waiting(format!("{finish}: {available} of {wanted} updated pods are available..."));
    }
    (Phase::Done, format!("daemon set \"{name}\" successfully rolled out"))
}

fn stateful_set(live: &Value) -> (Phase, String) {
    if text(live, "/spec/updateStrategy/type") != "RollingUpdate" {
        return (Phase::Failed, ONLY_ROLLING.to_owned());
    }
    let observed = count(live, "/status/observedGeneration");
    if observed == 0 || count(live, "/metadata/generation") > observed {
        return waiting("Waiting for statefulset spec update to be observed...".to_owned());
    }
    let (replicas, ready) = (number(live, "/spec/replicas"), count(live, "/status/readyReplicas"));
    if let Some(replicas) = replicas.filter(|replicas| ready < *replicas) {
        return waiting(format!("Waiting for {} pods to be ready...", replicas - ready));
    }
    if live.pointer("/spec/updateStrategy/rollingUpdate").is_some_and(Value::is_object) {
        return partitioned(live, replicas);
    }
    let (current, update) = (text(live, "/status/currentRevision"), text(live, "/status/updateRevision"));
    if update != current {
        let updated = count(live, "/status/updatedReplicas");
        let sentence = "waiting for statefulset rolling update to complete";
        return waiting(format!("{sentence} {updated} pods at revision {update}..."));
    }
    let pods = count(live, "/status/currentReplicas");
    (Phase::Done, format!("statefulset rolling update complete {pods} pods at revision {current}..."))
}

/// A StatefulSet of which only the pods from a number on are replaced; usually from 0 on, as the server fills it in.
fn partitioned(live: &Value, replicas: Option<i64>) -> (Phase, String) {
    let updated = count(live, "/status/updatedReplicas");
    let partition = number(live, "/spec/updateStrategy/rollingUpdate/partition");
    if let Some(wanted) = replicas.zip(partition).map(|(all, from)| all - from).filter(|wanted| updated < *wanted) {
        let sentence = "Waiting for partitioned roll out to finish";
        return waiting(format!("{sentence}: {updated} out of {wanted} new pods have been updated..."));
    }
    (Phase::Done, format!("partitioned roll out complete: {updated} new pods have been updated..."))
}

fn waiting(sentence: String) -> (Phase, String) {
    (Phase::Waiting, sentence)
}

fn progressing(live: &Value) -> Option<&Value> {
    let conditions = live.pointer("/status/conditions").and_then(Value::as_array);
    conditions.into_iter().flatten().find(|condition| text(condition, "/type") == "Progressing")
}

/// What kubectl does not say: why a rollout failed or does not move.
fn detail(workload: Workload, live: &Value, phase: Phase) -> String {
    if phase == Phase::Failed {
        return progressing(live).map(|condition| text(condition, "/message").to_owned()).unwrap_or_default();
    }
    if workload == Workload::Deployment && phase == Phase::Waiting && is_set(live, "/spec/paused") {
        return "it is paused: nothing moves until it is resumed".to_owned();
    }
    String::new()
}

/// Numbers of pods, as the status tells them.
struct Counts {
    wanted: i64,
    updated: i64,
    usable: i64,
    old: i64,
}

impl Counts {
    fn of(workload: Workload, live: &Value) -> Self {
        let status = |field: &str| count(live, &format!("/status/{field}"));
        let (wanted, updated, usable, all) = match workload {
            Workload::Deployment | Workload::StatefulSet => {
                let partition = count(live, "/spec/updateStrategy/rollingUpdate/partition");
                let wanted = (number(live, "/spec/replicas").unwrap_or(1) - partition).max(0);
                let usable = if workload == Workload::Deployment { "availableReplicas" } else { "readyReplicas" };
                (wanted, status("updatedReplicas"), status(usable), status("replicas"))
            }
            Workload::DaemonSet => {
                let scheduled = status("currentNumberScheduled");
                let wanted = status("desiredNumberScheduled");
                (wanted, status("updatedNumberScheduled"), status("numberAvailable"), scheduled)
            }
        };
        // A status of an older spec counts pods of another template as updated.
        let seen = count(live, "/metadata/generation") <= status("observedGeneration");
        let updated = if seen { updated } else { 0 };
        Self { wanted, updated, usable, old: (all - updated).max(0) }
    }
}

/// A count of pods, which is never negative.
fn whole(count: i64) -> u32 {
    u32::try_from(count.max(0)).unwrap_or(u32::MAX)
}
