//! Daemon sets: one pod on every node that fits.

use super::cell::{Cell, Tone};
use super::kind::Width::{Fill, Fit};
use super::kind::{Can, Column, Enter, Kind, Names, column, names, right};
use super::lenient::null;
use super::meta::Meta;
use super::object::Object;
use super::row::{Health, Link};
use super::template::{Workload, containers_column, images_column, selector_column};
use super::wire::{self, Message};
use serde::Deserialize;

/// The kind.
pub struct DaemonSets;

/// A daemon set, as far as its columns need it.
pub type DaemonSet = Object<Workload, Status>;

/// `status`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Status {
    #[serde(deserialize_with = "null")]
    desired_number_scheduled: i64,
    #[serde(deserialize_with = "null")]
    current_number_scheduled: i64,
    #[serde(deserialize_with = "null")]
    number_ready: i64,
    #[serde(deserialize_with = "null")]
    updated_number_scheduled: i64,
    #[serde(deserialize_with = "null")]
    number_available: i64,
}

impl Kind for DaemonSets {
    type Object = DaemonSet;
    const NAMES: Names = names("apps", "v1", "daemonsets", "DaemonSet", &["ds"]);
    const COLUMNS: &'static [Column<DaemonSet>] = &[
        column("NAME", Fill(1), |d| Cell::text(&d.metadata.name)),
        right(column("DESIRED", Fit(7), |d| d.status.part(d.status.desired_number_scheduled))),
        right(column("CURRENT", Fit(7), |d| d.status.part(d.status.current_number_scheduled))),
        right(column("READY", Fit(7), |d| d.status.part(d.status.number_ready))),
        right(column("UP-TO-DATE", Fit(10), |d| d.status.part(d.status.updated_number_scheduled))),
        right(column("AVAILABLE", Fit(9), |d| d.status.part(d.status.number_available))),
        column("NODE SELECTOR", Fit(60), |d| d.spec.template.node_selector()),
        right(column("AGE", Fit(9), |d| Cell::since(d.metadata.creation_timestamp))),
        containers_column(|d| d.spec.template.names()),
        images_column(|d| d.spec.template.images()),
        selector_column(|d| d.spec.selector.cell()),
    ];
    const WIRE: Option<&'static Message> = Some(&wire::apps::DAEMON_SET);
    const CAN: Can = Can::LOGS.and(Can::FORWARD).and(Can::RESTART).and(Can::ROLLOUT).and(Can::TEMPLATE);
    const ENTER: Enter = Enter::PodsSelected;
    const OWNED: Option<&'static str> = Some("controllerrevisions");

    fn meta(set: DaemonSet) -> Meta {
        set.metadata
    }

    fn link(set: &DaemonSet) -> Link {
        set.spec.selector.link()
    }

    /// Pending while a node waits for its pod to be available. Pods of an older revision say nothing: the strategy
    /// `OnDelete` keeps them on purpose.
    fn health(set: &DaemonSet) -> Health {
        let Status { desired_number_scheduled, number_available, .. } = set.status;
        if number_available < desired_number_scheduled { Health::Pending } else { Health::Fine }
    }
}

impl Status {
    /// A count of those that are wanted.
    fn part(&self, count: i64) -> Cell {
        Cell::count(count).tone(if count < self.desired_number_scheduled { Tone::Busy } else { Tone::Plain })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::testing::{row, shown};
    use serde_json::json;

    #[test]
    fn its_cells_are_kubectls() {
        let json = json!({
            "metadata": {"name": "logs", "creationTimestamp": "2026-11-23T15:22:00Z"},
            "spec": {
                "selector": {"matchLabels": {"app": "logs"}},
                "template": {"spec": {"nodeSelector": {"disk": "ssd", "arch": "arm64"}, "containers": [{"name": "log", "image": "fluent"}]}},
            },
            "status": {"desiredNumberScheduled": 5, "currentNumberScheduled": 4, "numberReady": 3, "updatedNumberScheduled": 2,
                "numberAvailable": 1},
        });
        let cells = ["logs", "5", "4", "3", "2", "1", "arch=arm64,disk=ssd", "10m", "log", "fluent", "app=logs"];
        assert_eq!(shown(&DaemonSets, &json), cells);
        let row = row(&DaemonSets, &json);
        assert_eq!((row.link.clone(), row.health), (Link::Selects("app=logs".to_owned()), Health::Pending));
        assert_eq!((row.cells[1].tone, row.cells[5].tone), (Tone::Plain, Tone::Busy));
        let bare = json!({"metadata": {"name": "bare"}, "spec": {"template": {"spec": {"nodeSelector": null}}}});
        let cells = ["bare", "0", "0", "0", "0", "0", "<none>", "<unknown>", "", "", "<none>"];
        assert_eq!(shown(&DaemonSets, &bare), cells);
        assert_eq!(self::row(&DaemonSets, &bare).health, Health::Fine);
    }
}
