//! Jobs and cron jobs.

use super::common::{
    beginning, controlled_by, labels_and_annotations, name_and_namespace, namespace, reference, selector,
    truth_or_unset,
};
use super::json::Json;
use super::related::Related;
use super::template::template;
use super::writer::Writer;
use crate::kinds::time::{Time, human_duration};

/// So long a list of indexes is shown whole.
const INDEXES: usize = 50;

/// The description of a job.
pub(super) fn describe(job: Json<'_>, _: &Related, out: &mut Writer) {
    name_and_namespace(job, out);
    out.field(0, "Selector", selector(job.at("spec.selector")).unwrap_or_default());
    labels_and_annotations(job, out);
    controlled_by(job, out);
    wanted(job.at("spec"), out);
    progress(job, out);
    template(job.at("spec.template"), namespace(job), out);
}

fn wanted(spec: Json<'_>, out: &mut Writer) {
    let optional = |title: &str, key: &str, out: &mut Writer| {
        if spec.at(key).is_set() {
            out.field(0, title, spec.at(key));
        }
    };
    optional("Parallelism", "parallelism", out);
    out.field(0, "Completions", spec.at("completions").or("<unset>"));
    optional("Completion Mode", "completionMode", out);
    optional("Suspend", "suspend", out);
    optional("Backoff Limit", "backoffLimit", out);
    optional("TTL Seconds After Finished", "ttlSecondsAfterFinished", out);
}

fn progress(job: Json<'_>, out: &mut Writer) {
    let (spec, status) = (job.at("spec"), job.at("status"));
    let (start, end) = (status.at("startTime").text(), status.at("completionTime").text());
    for (title, moment) in [("Start Time", start), ("Completed At", end)] {
        if !moment.is_empty() {
            out.field(0, title, out.moment(moment));
        }
    }
    if let (Some(start), Some(end)) = (Time::parse(start), Time::parse(end)) {
        out.field(0, "Duration", human_duration(end.seconds_since(start)));
    }
    if spec.at("activeDeadlineSeconds").is_set() {
        out.field(0, "Active Deadline Seconds", format!("{}s", spec.at("activeDeadlineSeconds")));
    }
    let of = |name: &str| status.at(name).int();
    let ready = if status.at("ready").is_set() { format!(" ({} Ready)", of("ready")) } else { String::new() };
    let (active, succeeded, failed) = (of("active"), of("succeeded"), of("failed"));
    out.field(0, "Pods Statuses", format!("{active} Active{ready} / {succeeded} Succeeded / {failed} Failed"));
    if spec.at("completionMode").text() == "Indexed" {
        out.field(0, "Completed Indexes", indexes(status.at("completedIndexes").text()));
    }
}

/// A list of indexes, cut at a comma when it is long.
fn indexes(list: &str) -> String {
    let cut = list.match_indices(',').map(|(at, _)| at).find(|at| *at >= INDEXES);
    match cut.and_then(|at| list.get(..=at)) {
        _ if list.is_empty() => "<none>".to_owned(),
        Some(front) => format!("{front}..."),
        None => list.to_owned(),
    }
}

/// The description of a cron job.
pub(super) fn describe_cron(job: Json<'_>, _: &Related, out: &mut Writer) {
    beginning(job, out);
    let spec = job.at("spec");
    out.field(0, "Schedule", spec.at("schedule"));
    out.field(0, "Concurrency Policy", spec.at("concurrencyPolicy"));
    out.field(0, "Suspend", truth_or_unset(spec.at("suspend")));
    out.field(0, "Time Zone", spec.at("timeZone").or("<unset>"));
    out.field(0, "Successful Job History Limit", spec.at("successfulJobsHistoryLimit").or("<unset>"));
    out.field(0, "Failed Job History Limit", spec.at("failedJobsHistoryLimit").or("<unset>"));
    let deadline = spec.at("startingDeadlineSeconds");
    let deadline = if deadline.is_set() { format!("{deadline}s") } else { "<unset>".to_owned() };
    out.field(0, "Starting Deadline Seconds", deadline);
    of_each(spec.at("jobTemplate"), namespace(job), out);
    let last = job.at("status.lastScheduleTime").text();
    let last = if last.is_empty() { "<unset>".to_owned() } else { out.moment(last) };
    out.field(0, "Last Schedule Time", last);
    active(job, out);
}

/// What each of its jobs is like.
fn of_each(job: Json<'_>, namespace: &str, out: &mut Writer) {
    let spec = job.at("spec");
    let selected = if spec.at("selector").is_set() { selector(spec.at("selector")) } else { Some("<unset>".into()) };
    out.field(0, "Selector", selected.unwrap_or_default());
    out.field(0, "Parallelism", spec.at("parallelism").or("<unset>"));
    out.field(0, "Completions", spec.at("completions").or("<unset>"));
    if spec.at("activeDeadlineSeconds").is_set() {
        out.field(0, "Active Deadline Seconds", format!("{}s", spec.at("activeDeadlineSeconds")));
    }
    template(spec.at("template"), namespace, out);
}

fn active(job: Json<'_>, out: &mut Writer) {
    let names: Vec<&str> = job.at("status.active").list().map(|job| job.at("name").text()).collect();
    out.field(0, "Active Jobs", super::common::joined(&names, ", "));
    if let [name] = names.as_slice() {
        out.leads(reference(("batch", "Job"), job.at("metadata.namespace").text(), name));
    }
}
