//! Replica sets: the pods of one revision of a deployment.

use super::cell::{Cell, Tone};
use super::condition::{Condition, Truth, first};
use super::kind::Width::{Fill, Fit};
use super::kind::{Can, Column, Enter, Kind, Names, column, names, right};
use super::lenient::null;
use super::meta::Meta;
use super::row::{Health, Link};
use super::selector::Selector;
use super::template::{Template, containers_column, images_column, selector_column};
use serde::Deserialize;

/// The kind.
pub struct ReplicaSets;

/// A replica set, as far as its columns need it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ReplicaSet {
    #[serde(deserialize_with = "null")]
    metadata: Meta,
    #[serde(deserialize_with = "null")]
    spec: Spec,
    #[serde(deserialize_with = "null")]
    status: Status,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Spec {
    replicas: Option<i64>,
    #[serde(deserialize_with = "null")]
    selector: Selector,
    #[serde(deserialize_with = "null")]
    template: Template,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Status {
    #[serde(deserialize_with = "null")]
    replicas: i64,
    #[serde(deserialize_with = "null")]
    ready_replicas: i64,
    #[serde(deserialize_with = "null")]
    conditions: Vec<Condition>,
}

impl Kind for ReplicaSets {
    type Object = ReplicaSet;
    const NAMES: Names = names("apps", "v1", "replicasets", "ReplicaSet", &["rs"]);
    const COLUMNS: &'static [Column<ReplicaSet>] = &[
        column("NAME", Fill(1), |r| Cell::text(&r.metadata.name).tone(r.tone(i64::MAX))),
        right(column("DESIRED", Fit(7), |r| Cell::count(r.wanted()).tone(r.tone(i64::MAX)))),
        right(column("CURRENT", Fit(7), |r| Cell::count(r.status.replicas).tone(r.tone(r.status.replicas)))),
        right(column("READY", Fit(7), |r| Cell::count(r.status.ready_replicas).tone(r.tone(r.status.ready_replicas)))),
        right(column("AGE", Fit(9), |r| Cell::since(r.metadata.creation_timestamp))),
        containers_column(|r| r.spec.template.names()),
        images_column(|r| r.spec.template.images()),
        selector_column(selector),
    ];
    const CAN: Can = Can::LOGS.and(Can::SCALE);
    const ENTER: Enter = Enter::PodsSelected;

    fn meta(set: ReplicaSet) -> Meta {
        set.metadata
    }

    fn link(set: &ReplicaSet) -> Link {
        set.spec.selector.link()
    }

    /// Failing when its controller cannot create pods; pending while fewer pods than wanted are ready.
    fn health(set: &ReplicaSet) -> Health {
        if first(&set.status.conditions, "ReplicaFailure") == Some(Truth::True) {
            Health::Failing
        } else if set.status.ready_replicas < set.wanted() {
            Health::Pending
        } else {
            Health::Fine
        }
    }
}

impl ReplicaSet {
    /// How many pods are asked for; the API's default is one.
    fn wanted(&self) -> i64 {
        self.spec.replicas.unwrap_or(1)
    }

    /// The tone of a count of those that are wanted. An old revision, of which nothing is wanted or left, is quiet.
    fn tone(&self, count: i64) -> Tone {
        if self.wanted() == 0 && self.status.replicas == 0 {
            Tone::Quiet
        } else if count >= self.wanted() {
            Tone::Plain
        } else if ReplicaSets::health(self) == Health::Failing {
            Tone::Bad
        } else {
            Tone::Busy
        }
    }
}

fn selector(set: &ReplicaSet) -> Cell {
    set.spec.selector.text().map_or_else(|| Cell::text("<error>").tone(Tone::Bad), |text| Cell::or_none(Some(text)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::testing::{row, shown};
    use serde_json::json;

    #[test]
    fn its_cells_are_kubectls() {
        let json = json!({
            "metadata": {"name": "web-1", "creationTimestamp": "2026-11-23T15:31:57Z"},
            "spec": {
                "replicas": 3,
                "selector": {"matchLabels": {"app": "web"}, "matchExpressions": [{"key": "x", "operator": "In", "values": ["b", "a"]}]},
                "template": {"spec": {"containers": [{"name": "web", "image": "nginx:1"}]}},
            },
            "status": {"replicas": 2, "readyReplicas": 1},
        });
        assert_eq!(shown(&ReplicaSets, &json), ["web-1", "3", "2", "1", "3s", "web", "nginx:1", "app=web,x in (a,b)"]);
        assert_eq!(row(&ReplicaSets, &json).health, Health::Pending);
        let bare = json!({"metadata": {"name": "bare"}, "spec": {"replicas": null}});
        assert_eq!(shown(&ReplicaSets, &bare), ["bare", "1", "0", "0", "<unknown>", "", "", "<none>"]);
    }

    #[test]
    fn an_old_revision_is_quiet_and_a_stuck_one_is_bad() {
        let old = row(&ReplicaSets, &json!({"metadata": {"name": "old"}, "spec": {"replicas": 0}}));
        assert!(old.cells[..4].iter().all(|cell| cell.tone == Tone::Quiet));
        assert_eq!(old.health, Health::Fine);
        let stuck = row(
            &ReplicaSets,
            &json!({"spec": {"replicas": 1}, "status": {"conditions": [{"type": "ReplicaFailure", "status": "True"}]}}),
        );
        assert_eq!((stuck.cells[3].tone, stuck.cells[1].tone, stuck.health), (Tone::Bad, Tone::Plain, Health::Failing));
    }
}
