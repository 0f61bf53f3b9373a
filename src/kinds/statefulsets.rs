//! Stateful sets: numbered pods that keep their names and their volumes.

use super::cell::Cell;
use super::kind::Width::{Fill, Fit};
use super::kind::{Can, Column, Enter, Kind, Names, column, names, right};
use super::lenient::null;
use super::meta::Meta;
use super::object::Object;
use super::row::{Health, Link};
use super::template::{Workload, containers_column, images_column};
use super::wire::{self, Message};
use serde::Deserialize;

/// The kind.
pub struct StatefulSets;

/// A stateful set, as far as its columns need it.
pub type StatefulSet = Object<Workload, Status>;

/// `status`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Status {
    #[serde(deserialize_with = "null")]
    ready_replicas: i64,
}

impl Kind for StatefulSets {
    type Object = StatefulSet;
    const NAMES: Names = names("apps", "v1", "statefulsets", "StatefulSet", &["sts"]);
    const COLUMNS: &'static [Column<StatefulSet>] = &[
        column("NAME", Fill(1), |s| Cell::text(&s.metadata.name)),
        column("READY", Fit(11), |s| Cell::ratio(s.status.ready_replicas, s.spec.wanted())),
        right(column("AGE", Fit(9), |s| Cell::since(s.metadata.creation_timestamp))),
        containers_column(|s| s.spec.template.names()),
        images_column(|s| s.spec.template.images()),
    ];
    const WIRE: Option<&'static Message> = Some(&wire::apps::STATEFUL_SET);
    const CAN: Can = Can::LOGS.and(Can::FORWARD).and(Can::SCALE).and(Can::RESTART).and(Can::ROLLOUT).and(Can::TEMPLATE);
    const ENTER: Enter = Enter::PodsSelected;
    const OWNED: Option<&'static str> = Some("controllerrevisions");

    fn meta(set: StatefulSet) -> Meta {
        set.metadata
    }

    fn link(set: &StatefulSet) -> Link {
        set.spec.selector.link()
    }

    /// Pending while fewer pods than wanted are ready. Pods of an older revision say nothing: a partition or the
    /// strategy `OnDelete` keeps them on purpose.
    fn health(set: &StatefulSet) -> Health {
        if set.status.ready_replicas < set.spec.wanted() { Health::Pending } else { Health::Fine }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::cell::Tone;
    use crate::kinds::testing::{row, shown};
    use serde_json::json;

    #[test]
    fn its_cells_are_kubectls() {
        let json = json!({
            "metadata": {"name": "db", "creationTimestamp": "2026-11-23T15:22:00Z"},
            "spec": {
                "replicas": 3,
                "selector": {"matchLabels": {"app": "db"}},
                "template": {"spec": {"containers": [{"name": "db", "image": "postgres:18"}, {"name": "log", "image": "fluent"}]}},
            },
            "status": {"replicas": 3, "readyReplicas": 2, "updatedReplicas": 1},
        });
        assert_eq!(shown(&StatefulSets, &json), ["db", "2/3", "10m", "db,log", "postgres:18,fluent"]);
        let row = row(&StatefulSets, &json);
        assert_eq!((row.link, row.health), (Link::Selects("app=db".to_owned()), Health::Pending));
        let bare = json!({"metadata": {"name": "bare"}});
        assert_eq!(shown(&StatefulSets, &bare), ["bare", "0/1", "<unknown>", "", ""]);
    }

    #[test]
    fn what_is_ready_is_fine_and_what_is_scaled_to_zero_is_quiet() {
        let set = |wanted: i64| {
            row(&StatefulSets, &json!({"spec": {"replicas": wanted}, "status": {"readyReplicas": wanted}}))
        };
        assert_eq!((set(2).cells[1].tone, set(2).health), (Tone::Plain, Health::Fine));
        assert_eq!((set(0).cells[1].tone, set(0).health), (Tone::Quiet, Health::Fine));
    }
}
