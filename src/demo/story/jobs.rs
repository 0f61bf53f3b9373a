//! The job controller: pods that run to their end, as often as wanted; and none while the job is suspended.

use serde_json::{Value, json};

use super::events::{self, Said};
use super::pods_of;
use super::replicas::{count, make};
use crate::demo::clock::stamp;
use crate::demo::delete;
use crate::demo::json::{entries, flag, has, int, list, remove, set, set_key, text};
use crate::demo::pod;
use crate::demo::store::Name;
use crate::demo::world::World;

/// Completes a new job: its selector and labels name its UID.
pub fn admit(world: &mut World, job: &mut Value) {
    if !has(job, "/metadata/uid") {
        set(job, "/metadata/uid", world.random.uid());
    }
    for (path, value) in [
        ("/spec/parallelism", json!(1)),
        ("/spec/completions", json!(1)),
        ("/spec/backoffLimit", json!(6)),
        ("/spec/completionMode", json!("NonIndexed")),
        ("/spec/suspend", json!(false)),
    ] {
        if !has(job, path) {
            set(job, path, value);
        }
    }
    if !has(job, "/spec/selector") {
        let (uid, name) = (text(job, "/metadata/uid").to_owned(), text(job, "/metadata/name").to_owned());
        set(job, "/spec/selector", json!({"matchLabels": {"batch.kubernetes.io/controller-uid": uid}}));
        for (label, value) in [
            ("batch.kubernetes.io/controller-uid", &uid),
            ("controller-uid", &uid),
            ("batch.kubernetes.io/job-name", &name),
            ("job-name", &name),
        ] {
            set_key(job, "/spec/template/metadata/labels", label, value.as_str());
            set_key(job, "/metadata/labels", label, value.as_str());
        }
    }
}

fn is(job: &Value, condition: &str) -> bool {
    list(job, "/status/conditions").iter().any(|c| text(c, "/type") == condition && text(c, "/status") == "True")
}

/// Takes the next step with a job, and writes its status.
pub fn reconcile(world: &mut World, name: &Name, job: &Value) {
    if is(job, "Complete") || is(job, "Failed") {
        return;
    }
    let pods = pods_of(world, job);
    let active: Vec<_> = pods.iter().filter(|pod| pod::is_active(pod)).collect();
    let ended = |phase: &str| pods.iter().filter(|pod| text(pod, "/status/phase") == phase).count();
    let (succeeded, failed) = (ended("Succeeded"), ended("Failed"));
    let wanted = |path: &str| usize::try_from(int(job, path)).unwrap_or_default();
    let suspended = flag(job, "/spec/suspend");
    if suspended {
        for pod in &active {
            delete::remove(world, pod);
        }
    } else if succeeded < wanted("/spec/completions") && failed <= wanted("/spec/backoffLimit") {
        let room = wanted("/spec/parallelism").min(wanted("/spec/completions") - succeeded);
        for _ in active.len()..room {
            let pod = format!("{}-{}", name.1, world.random.suffix(5));
            make(world, job, &pod);
            let message = format!("Created pod: {pod}");
            events::normal(world, job, Said { by: "job-controller", reason: "SuccessfulCreate", message: &message });
        }
    }
    let complete = succeeded >= wanted("/spec/completions").max(1);
    let broken = failed > wanted("/spec/backoffLimit");
    if complete {
        events::normal(world, job, Said { by: "job-controller", reason: "Completed", message: "Job completed" });
    }
    observe(world, name, (suspended, complete, broken));
}

fn observe(world: &mut World, name: &Name, (suspended, complete, broken): (bool, bool, bool)) {
    let Some(job) = world.get("jobs", name) else { return };
    let now = stamp(world.now());
    let pods = pods_of(world, &job);
    let of = |phase: &str| pods.iter().filter(|pod| text(pod, "/status/phase") == phase).count();
    let active = pods.iter().filter(|pod| pod::is_active(pod)).count();
    let ready = pods.iter().filter(|pod| pod::is_active(pod) && pod::is_ready(pod)).count();
    world.edit("jobs", name, |job| {
        count(job, "/status/active", active);
        count(job, "/status/succeeded", of("Succeeded"));
        count(job, "/status/failed", of("Failed"));
        set(job, "/status/ready", ready);
        let was = is(job, "Suspended");
        if suspended {
            remove(job, "/status/startTime");
            condition(job, ("Suspended", "True"), ("JobSuspended", "Job suspended", &now));
        } else {
            if was {
                condition(job, ("Suspended", "False"), ("JobResumed", "Job resumed", &now));
            }
            if !has(job, "/status/startTime") {
                set(job, "/status/startTime", now.as_str());
            }
        }
        if complete {
            set(job, "/status/completionTime", now.as_str());
            let said = ("CompletionsReached", "Reached expected number of succeeded pods", now.as_str());
            condition(job, ("SuccessCriteriaMet", "True"), said);
            condition(job, ("Complete", "True"), said);
        }
        if broken {
            let said = ("BackoffLimitExceeded", "Job has reached the specified backoff limit", now.as_str());
            condition(job, ("Failed", "True"), said);
        }
    });
}

fn condition(job: &mut Value, (kind, status): (&str, &str), (reason, message, now): (&str, &str, &str)) {
    let mut all = list(job, "/status/conditions").to_vec();
    if all.iter().any(|c| text(c, "/type") == kind && text(c, "/status") == status) {
        return;
    }
    all.retain(|c| text(c, "/type") != kind);
    all.push(json!({
        "type": kind, "status": status, "reason": reason, "message": message, "lastProbeTime": now,
        "lastTransitionTime": now,
    }));
    set(job, "/status/conditions", all);
}

/// Whether the pod belongs to a job, so that it comes to an end.
pub fn owns(pod: &Value) -> bool {
    list(pod, "/metadata/ownerReferences").iter().any(|owner| text(owner, "/kind") == "Job")
}

/// Whether a schedule is suspended.
pub fn is_suspended(world: &World, name: &Name) -> bool {
    world
        .get("cronjobs", name)
        .is_none_or(|schedule| entries(&schedule, "/spec").any(|(n, v)| n == "suspend" && v == true))
}
