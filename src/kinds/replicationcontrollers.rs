//! Replication controllers: what replica sets were before there were deployments.

use super::kind::{Can, Column, Enter, Kind, Names, names};
use super::meta::Meta;
use super::object::Object;
use super::replicasets::{Status, columns, health};
use super::row::{Health, Link};
use super::selector::Labels;
use super::template::Workload;
use super::wire::{self, Message};

/// The kind.
pub struct ReplicationControllers;

/// A replication controller, as far as its columns need it.
pub type ReplicationController = Object<Workload<Labels>, Status>;

impl Kind for ReplicationControllers {
    type Object = ReplicationController;
    const NAMES: Names = names("", "v1", "replicationcontrollers", "ReplicationController", &["rc"]);
    const COLUMNS: &'static [Column<ReplicationController>] =
        &columns(|r: &ReplicationController| r.spec.selector.cell());
    const WIRE: Option<&'static Message> = Some(&wire::core::REPLICATION_CONTROLLER);
    const CAN: Can = Can::LOGS.and(Can::FORWARD).and(Can::SCALE).and(Can::TEMPLATE);
    const ENTER: Enter = Enter::PodsSelected;
    const OWNED: Option<&'static str> = Some("pods");

    fn meta(controller: ReplicationController) -> Meta {
        controller.metadata
    }

    fn link(controller: &ReplicationController) -> Link {
        controller.spec.selector.link()
    }

    fn health(controller: &ReplicationController) -> Health {
        health(controller)
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
            "metadata": {"name": "old", "creationTimestamp": "2026-11-23T15:22:00Z"},
            "spec": {
                "replicas": 3,
                "selector": {"tier": "front", "app": "old"},
                "template": {"spec": {"containers": [{"name": "web", "image": "nginx:1"}]}},
            },
            "status": {"replicas": 2, "readyReplicas": 1},
        });
        let cells = ["old", "3", "2", "1", "10m", "web", "nginx:1", "app=old,tier=front"];
        assert_eq!(shown(&ReplicationControllers, &json), cells);
        let row = row(&ReplicationControllers, &json);
        assert_eq!((row.link, row.health), (Link::Selects("app=old,tier=front".to_owned()), Health::Pending));
    }

    #[test]
    fn it_can_be_without_selector_and_template() {
        let bare = json!({"metadata": {"name": "bare"}, "spec": {"replicas": 0, "selector": null, "template": null}});
        assert_eq!(shown(&ReplicationControllers, &bare), ["bare", "0", "0", "0", "<unknown>", "", "", "<none>"]);
        assert_eq!(row(&ReplicationControllers, &bare).link, Link::None);
    }
}
