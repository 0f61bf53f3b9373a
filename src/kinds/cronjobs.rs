//! Cron jobs: jobs that begin by the clock.

use super::Text;
use super::cell::{Cell, Tone};
use super::jobs;
use super::kind::Width::{Fill, Fit};
use super::kind::{Can, Column, Enter, Kind, Names, column, names, right};
use super::lenient::{length, null};
use super::meta::Meta;
use super::object::Object;
use super::template::{containers_column, images_column, selector_column};
use super::time::{Time, moment};
use super::wire::{self, Message};
use serde::Deserialize;

/// The kind.
pub struct CronJobs;

/// A cron job, as far as its columns need it.
pub type CronJob = Object<Spec, Status>;

/// `spec`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Spec {
    #[serde(deserialize_with = "null")]
    schedule: Text,
    time_zone: Option<Text>,
    suspend: Option<bool>,
    #[serde(deserialize_with = "null")]
    job_template: JobTemplate,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct JobTemplate {
    #[serde(deserialize_with = "null")]
    spec: jobs::Spec,
}

/// `status`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Status {
    #[serde(deserialize_with = "length")]
    active: usize,
    #[serde(deserialize_with = "moment")]
    last_schedule_time: Option<Time>,
}

impl Kind for CronJobs {
    type Object = CronJob;
    const NAMES: Names = names("batch", "v1", "cronjobs", "CronJob", &["cj"]);
    const COLUMNS: &'static [Column<CronJob>] = &[
        column("NAME", Fill(1), |c| Cell::text(&c.metadata.name)),
        column("SCHEDULE", Fit(20), |c| Cell::text(&c.spec.schedule)),
        column("TIMEZONE", Fit(20), |c| c.spec.time_zone.as_ref().map_or_else(Cell::none, Cell::text)),
        column("SUSPEND", Fit(7), suspend),
        right(column("ACTIVE", Fit(6), |c| Cell::count_of(c.status.active))),
        right(column("LAST SCHEDULE", Fit(13), last)),
        right(column("AGE", Fit(9), |c| Cell::since(c.metadata.creation_timestamp))),
        containers_column(|c| c.spec.job_template.spec.template.names()),
        images_column(|c| c.spec.job_template.spec.template.images()),
        selector_column(|c| c.spec.job_template.spec.selector.cell()),
    ];
    const WIRE: Option<&'static Message> = Some(&wire::batch::CRON_JOB);
    const CAN: Can = Can::TEMPLATE.and(Can::SUSPEND);
    const ENTER: Enter = Enter::Owned;
    const OWNED: Option<&'static str> = Some("jobs");

    fn meta(cron: CronJob) -> Meta {
        cron.metadata
    }
}

/// Whether somebody has stopped it, which is easily forgotten.
fn suspend(cron: &CronJob) -> Cell {
    match cron.spec.suspend {
        Some(true) => Cell::text("True").tone(Tone::Warn),
        Some(false) => Cell::text("False"),
        None => Cell::unset(),
    }
}

fn last(cron: &CronJob) -> Cell {
    let time = cron.status.last_schedule_time;
    if time.is_some() { Cell::since(time) } else { Cell::none() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::testing::{row, shown};
    use serde_json::json;

    #[test]
    fn its_cells_are_kubectls() {
        let json = json!({
            "metadata": {"name": "nightly", "creationTimestamp": "2026-11-13T15:32:00Z"},
            "spec": {"schedule": "0 3 * * *", "timeZone": "Europe/Berlin", "suspend": false, "jobTemplate": {"spec": {
                "selector": {"matchLabels": {"a": "b"}}, "template": {"spec": {"containers": [{"name": "c", "image": "busybox"}]}}}}},
            "status": {"active": [{"name": "nightly-1"}, {"name": "nightly-2"}], "lastScheduleTime": "2026-11-23T15:31:00Z"},
        });
        let cells = ["nightly", "0 3 * * *", "Europe/Berlin", "False", "2", "60s", "10d", "c", "busybox", "a=b"];
        assert_eq!(shown(&CronJobs, &json), cells);
        let bare = json!({"metadata": {"name": "bare"}, "spec": {"timeZone": null}, "status": {"active": null}});
        let cells = ["bare", "", "<none>", "<unset>", "0", "<none>", "<unknown>", "", "", "<none>"];
        assert_eq!(shown(&CronJobs, &bare), cells);
    }

    #[test]
    fn a_suspended_one_stands_out() {
        let cell = &row(&CronJobs, &json!({"spec": {"suspend": true}})).cells[3];
        assert_eq!(*cell, Cell::text("True").tone(Tone::Warn));
    }
}
