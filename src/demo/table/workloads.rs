//! Workloads: deployments, sets, jobs.

use jiff::Timestamp;
use serde_json::Value;

use super::cells::{age, containers, containers_at, count, human, map, or, or_none, ratio, selector, string};
use super::{AGE, Column, Form, NAME, column, integer, wide};
use crate::demo::clock::seconds_since;
use crate::demo::json::{has, int, list, text};

const CONTAINERS: Column = wide("Containers", |o, _| containers(o, "/name"));
const IMAGES: Column = wide("Images", |o, _| containers(o, "/image"));
const SELECTOR: Column = wide("Selector", |o, _| selector(o, "/spec/selector"));

pub fn columns(plural: &str) -> Option<&'static [Column]> {
    Some(match plural {
        "deployments" => DEPLOYMENTS,
        "replicasets" => REPLICA_SETS,
        "replicationcontrollers" => CONTROLLERS,
        "statefulsets" => STATEFUL_SETS,
        "daemonsets" => DAEMON_SETS,
        "jobs" => JOBS,
        "cronjobs" => CRON_JOBS,
        "horizontalpodautoscalers" => AUTOSCALERS,
        "poddisruptionbudgets" => BUDGETS,
        _ => return None,
    })
}

const DEPLOYMENTS: &[Column] = &[
    NAME,
    column("Ready", |o, _| ratio(o, ("/status/readyReplicas", "/spec/replicas"))),
    column("Up-to-date", |o, _| count(o, "/status/updatedReplicas")),
    column("Available", |o, _| count(o, "/status/availableReplicas")),
    AGE,
    CONTAINERS,
    IMAGES,
    SELECTOR,
];

const REPLICA_SETS: &[Column] = &[
    NAME,
    integer("Desired", |o, _| count(o, "/spec/replicas")),
    integer("Current", |o, _| count(o, "/status/replicas")),
    integer("Ready", |o, _| count(o, "/status/readyReplicas")),
    AGE,
    CONTAINERS,
    IMAGES,
    SELECTOR,
];

const CONTROLLERS: &[Column] = &[
    NAME,
    integer("Desired", |o, _| count(o, "/spec/replicas")),
    integer("Current", |o, _| count(o, "/status/replicas")),
    integer("Ready", |o, _| count(o, "/status/readyReplicas")),
    AGE,
    CONTAINERS,
    IMAGES,
    wide("Selector", |o, _| map(o, "/spec/selector")),
];

const STATEFUL_SETS: &[Column] =
    &[NAME, column("Ready", |o, _| ratio(o, ("/status/readyReplicas", "/spec/replicas"))), AGE, CONTAINERS, IMAGES];

const DAEMON_SETS: &[Column] = &[
    NAME,
    integer("Desired", |o, _| count(o, "/status/desiredNumberScheduled")),
    integer("Current", |o, _| count(o, "/status/currentNumberScheduled")),
    integer("Ready", |o, _| count(o, "/status/numberReady")),
    integer("Up-to-date", |o, _| count(o, "/status/updatedNumberScheduled")),
    integer("Available", |o, _| count(o, "/status/numberAvailable")),
    column("Node Selector", |o, _| map(o, "/spec/template/spec/nodeSelector")),
    AGE,
    CONTAINERS,
    IMAGES,
    SELECTOR,
];

const JOBS: &[Column] = &[
    NAME,
    column("Status", |o, _| job_status(o).into()),
    column("Completions", |o, _| completions(o).into()),
    column("Duration", |o, now| job_duration(o, now).into()),
    AGE,
    CONTAINERS,
    IMAGES,
    SELECTOR,
];

const CRON_JOBS: &[Column] = &[
    NAME,
    column("Schedule", |o, _| string(o, "/spec/schedule")),
    column("Timezone", |o, _| or_none(o, "/spec/timeZone")),
    Column {
        form: Form::Boolean,
        ..column("Suspend", |o, _| match o.pointer("/spec/suspend").and_then(Value::as_bool) {
            Some(true) => "True".into(),
            Some(false) => "False".into(),
            None => "<unset>".into(),
        })
    },
    integer("Active", |o, _| list(o, "/status/active").len().into()),
    column("Last Schedule", |o, now| match text(o, "/status/lastScheduleTime") {
        "" => "<none>".into(),
        _ => age(o, "/status/lastScheduleTime", now),
    }),
    AGE,
    wide("Containers", |o, _| containers_at(o, JOB_CONTAINERS, "/name")),
    wide("Images", |o, _| containers_at(o, JOB_CONTAINERS, "/image")),
    wide("Selector", |o, _| selector(o, "/spec/jobTemplate/spec/selector")),
];

/// Where the containers of a cron job are.
const JOB_CONTAINERS: &str = "/spec/jobTemplate/spec/template/spec/containers";

const AUTOSCALERS: &[Column] = &[
    NAME,
    column("Reference", |o, _| {
        format!("{}/{}", text(o, "/spec/scaleTargetRef/kind"), text(o, "/spec/scaleTargetRef/name")).into()
    }),
    column("Targets", |o, _| targets(o).into()),
    column("MinPods", |o, _| or(o, "/spec/minReplicas", "<unset>")),
    column("MaxPods", |o, _| count(o, "/spec/maxReplicas")),
    column("Replicas", |o, _| count(o, "/status/currentReplicas")),
    AGE,
];

const BUDGETS: &[Column] = &[
    NAME,
    column("Min Available", |o, _| or(o, "/spec/minAvailable", "N/A")),
    column("Max Unavailable", |o, _| or(o, "/spec/maxUnavailable", "N/A")),
    integer("Allowed Disruptions", |o, _| count(o, "/status/disruptionsAllowed")),
    AGE,
];

fn job_status(job: &Value) -> &'static str {
    let holds = |kind: &str| {
        let condition = list(job, "/status/conditions").iter().find(|c| text(c, "/type") == kind);
        condition.is_some_and(|c| text(c, "/status") == "True")
    };
    match () {
        () if holds("Complete") => "Complete",
        () if holds("Failed") => "Failed",
        () if has(job, "/metadata/deletionTimestamp") => "Terminating",
        () if holds("Suspended") => "Suspended",
        () if holds("FailureTarget") => "FailureTarget",
        () if holds("SuccessCriteriaMet") => "SuccessCriteriaMet",
        () => "Running",
    }
}

fn completions(job: &Value) -> String {
    let done = int(job, "/status/succeeded");
    if has(job, "/spec/completions") {
        return format!("{done}/{}", int(job, "/spec/completions"));
    }
    match int(job, "/spec/parallelism") {
        parallel if parallel > 1 => format!("{done}/1 of {parallel}"),
        _ => format!("{done}/1"),
    }
}

fn job_duration(job: &Value, now: Timestamp) -> String {
    let end = text(job, "/status/completionTime").parse().unwrap_or(now);
    seconds_since(text(job, "/status/startTime"), end).map(human).unwrap_or_default()
}

/// Resource metrics, as the demo's autoscalers have them.
fn targets(scaler: &Value) -> String {
    let metrics = list(scaler, "/spec/metrics");
    let current = list(scaler, "/status/currentMetrics");
    let percent = |v: Option<&Value>, path: &str, other: &str| match v.and_then(|v| v.pointer(path)) {
        Some(number) => format!("{number}%"),
        None => other.to_owned(),
    };
    let one = |(at, metric): (usize, &Value)| {
        let now = percent(current.get(at), "/resource/current/averageUtilization", "<unknown>");
        let aim = percent(Some(metric), "/resource/target/averageUtilization", "<auto>");
        format!("{}: {now}/{aim}", text(metric, "/resource/name"))
    };
    let all: Vec<_> = metrics.iter().enumerate().map(one).take(2).collect();
    match (all.is_empty(), metrics.len().saturating_sub(2)) {
        (true, _) => "<none>".to_owned(),
        (_, 0) => all.join(", "),
        (_, more) => format!("{} + {more} more...", all.join(", ")),
    }
}
