//! Pods, with the status words that everybody knows (the rule of 1.35 and newer).

use jiff::Timestamp;
use serde_json::{Value, json};

use super::cells::{or_none, since};
use super::{AGE, Column, NAME, column, wide};
use crate::demo::json::{flag, has, int, list, set, text};

pub fn columns(plural: &str) -> Option<&'static [Column]> {
    (plural == "pods").then_some(PODS)
}

const PODS: &[Column] = &[
    NAME,
    column("Ready", |pod, _| summary(pod).ready.into()),
    column("Status", |pod, _| summary(pod).status.into()),
    column("Restarts", |pod, now| restarts(&summary(pod), now).into()),
    AGE,
    wide("IP", |pod, _| or_none(pod, "/status/podIPs/0/ip")),
    wide("Node", |pod, _| or_none(pod, "/spec/nodeName")),
    wide("Nominated Node", |pod, _| or_none(pod, "/status/nominatedNodeName")),
    wide("Readiness Gates", |o, _| gates(o)),
];

/// How many of the readiness gates are open.
fn gates(pod: &Value) -> Value {
    let gates = list(pod, "/spec/readinessGates");
    let is_open = |gate: &&Value| {
        let mut conditions = list(pod, "/status/conditions").iter();
        conditions.any(|c| text(c, "/type") == text(gate, "/conditionType") && text(c, "/status") == "True")
    };
    let open = gates.iter().filter(is_open).count();
    if gates.is_empty() { "<none>".into() } else { format!("{open}/{}", gates.len()).into() }
}

/// The condition that lets clients fade pods that have ended.
pub fn condition(pod: &Value, row: &mut Value) {
    let (reason, message) = match text(pod, "/status/phase") {
        "Succeeded" => ("Succeeded", "The pod has completed successfully."),
        "Failed" => ("Failed", "The pod failed."),
        _ => return,
    };
    set(row, "/conditions", json!([{"type": "Completed", "status": "True", "reason": reason, "message": message}]));
}

/// What the columns say about a pod.
struct Summary {
    ready: String,
    status: String,
    restarts: i64,
    last: String,
}

fn restarts(summary: &Summary, now: Timestamp) -> String {
    match (summary.restarts, summary.last.is_empty()) {
        (0, _) | (_, true) => summary.restarts.to_string(),
        (number, false) => format!("{number} ({} ago)", since(&summary.last, now)),
    }
}

/// Restarts of several containers, and when the last of them ended.
#[derive(Default, Clone)]
struct Count {
    restarts: i64,
    last: String,
}

impl Count {
    fn add(&mut self, container: &Value) {
        self.restarts += int(container, "/restartCount");
        let end = text(container, "/lastState/terminated/finishedAt");
        if end > self.last.as_str() {
            end.clone_into(&mut self.last);
        }
    }
}

fn is_true(pod: &Value, kind: &str) -> bool {
    list(pod, "/status/conditions").iter().any(|c| text(c, "/type") == kind && text(c, "/status") == "True")
}

fn summary(pod: &Value) -> Summary {
    let phase = text(pod, "/status/phase");
    let gated = list(pod, "/status/conditions").iter().any(|c| text(c, "/reason") == "SchedulingGated");
    let mut status = match text(pod, "/status/reason") {
        _ if gated => "SchedulingGated",
        "" => phase,
        reason => reason,
    }
    .to_owned();
    let inits = list(pod, "/spec/initContainers");
    let sidecars = inits.iter().filter(|c| text(c, "/restartPolicy") == "Always").count();
    let total = list(pod, "/spec/containers").len() + sidecars;
    let (mut ready, mut count, started) = begin(pod);
    if let Some(word) = &started.word {
        status.clone_from(word);
    }
    if started.word.is_none() || is_true(pod, "Initialized") {
        count = started.sidecars;
        ready += run(pod, &mut status, &mut count);
    }
    if has(pod, "/metadata/deletionTimestamp") {
        match (text(pod, "/status/reason"), phase) {
            ("NodeLost", _) => "Unknown".clone_into(&mut status),
            (_, "Succeeded" | "Failed") => {}
            _ => "Terminating".clone_into(&mut status),
        }
    }
    Summary { ready: format!("{ready}/{total}"), status, restarts: count.restarts, last: count.last }
}

/// What the init containers have come to.
struct Started {
    word: Option<String>,
    sidecars: Count,
}

/// Goes through the init containers up to the first that is not done.
fn begin(pod: &Value) -> (usize, Count, Started) {
    let inits = list(pod, "/spec/initContainers");
    let (mut ready, mut count, mut sidecars) = (0, Count::default(), Count::default());
    for (at, container) in list(pod, "/status/initContainerStatuses").iter().enumerate() {
        let own = inits.iter().find(|spec| text(spec, "/name") == text(container, "/name"));
        let sidecar = own.is_some_and(|spec| text(spec, "/restartPolicy") == "Always");
        count.add(container);
        if sidecar {
            sidecars.add(container);
        }
        if has(container, "/state/terminated") && int(container, "/state/terminated/exitCode") == 0 {
            continue;
        }
        if sidecar && flag(container, "/started") {
            ready += usize::from(flag(container, "/ready"));
            continue;
        }
        let word = if has(container, "/state/terminated") {
            format!("Init:{}", ended(container))
        } else {
            match text(container, "/state/waiting/reason") {
                "" | "PodInitializing" => format!("Init:{at}/{}", inits.len()),
                reason => format!("Init:{reason}"),
            }
        };
        return (ready, count, Started { word: Some(word), sidecars });
    }
    (ready, count, Started { word: None, sidecars })
}

/// Why a container ended, in one word.
fn ended(container: &Value) -> String {
    let of = |name: &str| format!("/state/terminated/{name}");
    match (text(container, &of("reason")), int(container, &of("signal"))) {
        ("", 0) => format!("ExitCode:{}", int(container, &of("exitCode"))),
        ("", signal) => format!("Signal:{signal}"),
        (reason, _) => reason.to_owned(),
    }
}

/// Goes through the main containers, the first last, so that its word counts; returns how many are ready.
fn run(pod: &Value, status: &mut String, count: &mut Count) -> usize {
    let (mut ready, mut error) = (0, None);
    for container in list(pod, "/status/containerStatuses").iter().rev() {
        count.add(container);
        let waiting = text(container, "/state/waiting/reason");
        if !waiting.is_empty() {
            waiting.clone_into(status);
        } else if has(container, "/state/terminated") {
            *status = ended(container);
            if int(container, "/state/terminated/exitCode") != 0 {
                error = Some(status.clone());
            }
        } else if flag(container, "/ready") && has(container, "/state/running") {
            ready += 1;
        }
    }
    if status == "Completed" {
        if ready > 0 && is_true(pod, "Ready") {
            "Running".clone_into(status);
        } else if let Some(error) = error {
            *status = error;
        } else if ready > 0 {
            "NotReady".clone_into(status);
        }
    }
    ready
}
