//! Replica sets: the pods of one revision of a deployment.

use super::cell::{Cell, Tone};
use super::condition::{Condition, Truth, first};
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
pub struct ReplicaSets;

/// A replica set, as far as its columns need it.
pub type ReplicaSet = Object<Workload, Status>;

/// `status`, of a replication controller as well.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Status {
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
    const COLUMNS: &'static [Column<ReplicaSet>] = &columns(|r: &ReplicaSet| r.spec.selector.cell());
    const WIRE: Option<&'static Message> = Some(&wire::apps::REPLICA_SET);
    const CAN: Can = Can::LOGS.and(Can::FORWARD).and(Can::SCALE).and(Can::TEMPLATE);
    const ENTER: Enter = Enter::PodsSelected;
    const OWNED: Option<&'static str> = Some("pods");

    fn meta(set: ReplicaSet) -> Meta {
        set.metadata
    }

    fn link(set: &ReplicaSet) -> Link {
        set.spec.selector.link()
    }

    fn health(set: &ReplicaSet) -> Health {
        health(set)
    }
}

/// The columns of what keeps a number of pods alike; `L` is how it selects them, and `selector` shows that.
pub const fn columns<L>(selector: fn(&Set<L>) -> Cell) -> [Column<Set<L>>; 8] {
    [
        column("NAME", Fill(1), |s: &Set<L>| Cell::text(&s.metadata.name).tone(tone(s, i64::MAX))),
        right(column("DESIRED", Fit(7), |s: &Set<L>| count(s, s.spec.wanted()))),
        right(column("CURRENT", Fit(7), |s: &Set<L>| count(s, s.status.replicas))),
        right(column("READY", Fit(7), |s: &Set<L>| count(s, s.status.ready_replicas))),
        right(column("AGE", Fit(9), |s: &Set<L>| Cell::since(s.metadata.creation_timestamp))),
        containers_column(|s: &Set<L>| s.spec.template.names()),
        images_column(|s: &Set<L>| s.spec.template.images()),
        selector_column(selector),
    ]
}

/// A replica set or a replication controller.
type Set<L> = Object<Workload<L>, Status>;

/// Failing when its controller cannot create pods; pending while fewer pods than wanted are ready.
pub fn health<L>(set: &Set<L>) -> Health {
    if first(&set.status.conditions, "ReplicaFailure") == Some(Truth::True) {
        Health::Failing
    } else if set.status.ready_replicas < set.spec.wanted() {
        Health::Pending
    } else {
        Health::Fine
    }
}

fn count<L>(set: &Set<L>, count: i64) -> Cell {
    Cell::count(count).tone(tone(set, count))
}

/// The tone of a count of those that are wanted. An old revision, of which nothing is wanted or left, is quiet.
fn tone<L>(set: &Set<L>, count: i64) -> Tone {
    if set.spec.wanted() == 0 && set.status.replicas == 0 {
        Tone::Quiet
    } else if count >= set.spec.wanted() {
        Tone::Plain
    } else if health(set) == Health::Failing {
        Tone::Bad
    } else {
        Tone::Busy
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
