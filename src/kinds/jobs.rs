//! Jobs: pods that run until enough of them have succeeded.

use super::cell::{Cell, Tone};
use super::condition::{Condition, Truth, first};
use super::kind::Width::{Fill, Fit};
use super::kind::{Can, Column, Enter, Kind, Names, column, names, right};
use super::lenient::null;
use super::meta::Meta;
use super::object::Object;
use super::row::{Health, Link};
use super::selector::Selector;
use super::template::{Template, containers_column, images_column, selector_column};
use super::time::{Time, moment};
use super::wire::{self, Message};
use serde::Deserialize;

/// The kind.
pub struct Jobs;

/// A job, as far as its columns need it.
pub type Job = Object<Spec, Status>;

/// `spec`, of a cron job's jobs as well.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Spec {
    completions: Option<i64>,
    #[serde(deserialize_with = "null")]
    parallelism: i64,
    /// Which pods are its own.
    #[serde(deserialize_with = "null")]
    pub selector: Selector,
    /// How its pods are made.
    #[serde(deserialize_with = "null")]
    pub template: Template,
}

/// `status`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Status {
    #[serde(deserialize_with = "null")]
    succeeded: i64,
    #[serde(deserialize_with = "null")]
    failed: i64,
    #[serde(deserialize_with = "moment")]
    start_time: Option<Time>,
    #[serde(deserialize_with = "moment")]
    completion_time: Option<Time>,
    #[serde(deserialize_with = "null")]
    conditions: Vec<Condition>,
}

impl Kind for Jobs {
    type Object = Job;
    const NAMES: Names = names("batch", "v1", "jobs", "Job", &[]);
    const COLUMNS: &'static [Column<Job>] = &[
        column("NAME", Fill(1), |j| Cell::text(&j.metadata.name)),
        column("STATUS", Fit(18), |j| Cell::text(status(j)).tone(tone(j))),
        column("COMPLETIONS", Fit(13), completions),
        right(column("DURATION", Fit(9), duration)),
        right(column("AGE", Fit(9), |j| Cell::since(j.metadata.creation_timestamp))),
        containers_column(|j| j.spec.template.names()),
        images_column(|j| j.spec.template.images()),
        selector_column(|j| j.spec.selector.cell()),
    ];
    const WIRE: Option<&'static Message> = Some(&wire::batch::JOB);
    const CAN: Can = Can::LOGS.and(Can::FORWARD).and(Can::SUSPEND);
    const ENTER: Enter = Enter::PodsSelected;
    const OWNED: Option<&'static str> = Some("pods");

    fn meta(job: Job) -> Meta {
        job.metadata
    }

    fn link(job: &Job) -> Link {
        job.spec.selector.link()
    }

    /// Failing when it has failed or will; pending while it ends. What runs, waits for somebody or is complete is as
    /// wished.
    fn health(job: &Job) -> Health {
        match tone(job) {
            Tone::Bad => Health::Failing,
            Tone::Busy => Health::Pending,
            _ => Health::Fine,
        }
    }
}

/// What STATUS says, as the API server finds it: the first of these conditions that holds.
fn status(job: &Job) -> &'static str {
    let holds = |kind: &str| first(&job.status.conditions, kind) == Some(Truth::True);
    match () {
        () if holds("Complete") => "Complete",
        () if holds("Failed") => "Failed",
        () if job.metadata.deletion_timestamp.is_some() => "Terminating",
        () if holds("Suspended") => "Suspended",
        () if holds("FailureTarget") => "FailureTarget",
        () if holds("SuccessCriteriaMet") => "SuccessCriteriaMet",
        () => "Running",
    }
}

fn tone(job: &Job) -> Tone {
    match status(job) {
        "Complete" => Tone::Quiet,
        "Failed" | "FailureTarget" => Tone::Bad,
        "Suspended" => Tone::Warn,
        "Running" if job.status.failed > 0 => Tone::Warn,
        "Running" => Tone::Good,
        _ => Tone::Busy,
    }
}

/// `1/3`, or `0/1 of 3` when three pods work on something of which one may say that it is done.
fn completions(job: &Job) -> Cell {
    let (have, spec) = (job.status.succeeded, &job.spec);
    let cell = match spec.completions {
        None if spec.parallelism > 1 => Cell::text(format!("{have}/1 of {}", spec.parallelism)),
        want => Cell::ratio(have, want.unwrap_or(1)),
    };
    if tone(job) == Tone::Bad { cell.tone(Tone::Bad) } else { cell }
}

/// How long it took, or since when it runs. A job that has failed goes on counting, as in kubectl.
fn duration(job: &Job) -> Cell {
    match (job.status.start_time, job.status.completion_time) {
        (None, _) => Cell::text(""),
        (start, None) => Cell::since(start),
        (Some(start), Some(end)) => Cell::duration(end.seconds_since(start)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::testing::{NOW, row, shown};
    use serde_json::{Value, json};

    fn job(spec: &Value, status: &Value) -> Value {
        json!({"metadata": {"name": "once", "creationTimestamp": "2026-11-23T15:22:00Z"}, "spec": spec, "status": status})
    }

    #[test]
    fn its_cells_are_kubectls() {
        let spec = json!({
            "completions": 3, "parallelism": 2,
            "selector": {"matchLabels": {"batch.kubernetes.io/controller-uid": "u"}},
            "template": {"spec": {"containers": [{"name": "c", "image": "busybox"}]}},
        });
        let json = job(&spec, &json!({"succeeded": 1, "startTime": "2026-11-23T15:31:00Z"}));
        let cells = ["once", "Running", "1/3", "60s", "10m", "c", "busybox", "batch.kubernetes.io/controller-uid=u"];
        assert_eq!(shown(&Jobs, &json), cells);
        assert_eq!(row(&Jobs, &json).link, Link::Selects("batch.kubernetes.io/controller-uid=u".to_owned()));
        let bare = json!({"metadata": {"name": "bare"}});
        assert_eq!(shown(&Jobs, &bare), ["bare", "Running", "0/1", "", "<unknown>", "", "", "<none>"]);
    }

    #[test]
    fn completions_depend_on_how_many_work_at_once() {
        let shown = |spec: Value| shown(&Jobs, &job(&spec, &json!({"succeeded": 2})))[2].clone();
        assert_eq!(shown(json!({"completions": 0})), "2/0");
        assert_eq!(shown(json!({"parallelism": 1})), "2/1");
        assert_eq!(shown(json!({"parallelism": 4})), "2/1 of 4");
    }

    #[test]
    fn its_duration_stands_still_when_it_is_complete() {
        let json = job(
            &json!({}),
            &json!({"startTime": "2026-11-23T15:00:00Z", "completionTime": "2026-11-23T15:02:30Z",
                "conditions": [{"type": "Complete", "status": "True"}]}),
        );
        assert_eq!(row(&Jobs, &json).cells[3].show(NOW), "2m30s");
        assert_eq!(row(&Jobs, &json).cells[3].show(Time(NOW.0 + 86_400)), "2m30s");
    }

    #[test]
    fn its_status_is_the_first_that_holds() {
        let state = |conditions: Value, deleted: bool, failed: i64| {
            let mut json = job(&json!({}), &json!({"conditions": conditions, "failed": failed}));
            if deleted {
                json["metadata"]["deletionTimestamp"] = "2026-11-23T15:31:00Z".into();
            }
            let row = row(&Jobs, &json);
            (row.cells[1].show(NOW), row.cells[1].tone, row.health)
        };
        let holds =
            |kinds: &[&str]| kinds.iter().map(|kind| json!({"type": kind, "status": "True"})).collect::<Value>();
        let is = |text: &str, tone, health| (text.to_owned(), tone, health);
        let all = ["Suspended", "FailureTarget", "SuccessCriteriaMet", "Failed", "Complete"];
        assert_eq!(state(holds(&all), true, 0), is("Complete", Tone::Quiet, Health::Fine));
        assert_eq!(state(holds(&all[..4]), true, 0), is("Failed", Tone::Bad, Health::Failing));
        assert_eq!(state(holds(&all[..3]), true, 0), is("Terminating", Tone::Busy, Health::Pending));
        assert_eq!(state(holds(&all[..3]), false, 0), is("Suspended", Tone::Warn, Health::Fine));
        assert_eq!(state(holds(&all[1..3]), false, 0), is("FailureTarget", Tone::Bad, Health::Failing));
        assert_eq!(state(holds(&all[2..3]), false, 0), is("SuccessCriteriaMet", Tone::Busy, Health::Pending));
        assert_eq!(state(json!([]), false, 0), is("Running", Tone::Good, Health::Fine));
        assert_eq!(state(json!([]), false, 2), is("Running", Tone::Warn, Health::Fine));
        let twice = json!([{"type": "Failed", "status": "False"}, {"type": "Failed", "status": "True"}]);
        assert_eq!(state(twice, false, 0).0, "Running", "the first of a type counts");
    }
}
