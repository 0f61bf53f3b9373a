//! Controller revisions: what stateful sets and daemon sets were, so that they can be that again.

use super::cell::Cell;
use super::kind::Width::{Fill, Fit};
use super::kind::{Column, Kind, Names, column, names, right};
use super::lenient::null;
use super::meta::Meta;
use super::wire::{self, Message};
use serde::Deserialize;

/// The kind.
pub struct ControllerRevisions;

/// A controller revision, as far as its columns need it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ControllerRevision {
    #[serde(deserialize_with = "null")]
    metadata: Meta,
    #[serde(deserialize_with = "null")]
    revision: i64,
}

impl Kind for ControllerRevisions {
    type Object = ControllerRevision;
    const NAMES: Names = names("apps", "v1", "controllerrevisions", "ControllerRevision", &[]);
    const COLUMNS: &'static [Column<ControllerRevision>] = &[
        column("NAME", Fill(1), |r| Cell::text(&r.metadata.name)),
        column("CONTROLLER", Fit(60), controller),
        right(column("REVISION", Fit(8), |r| Cell::count(r.revision))),
        right(column("AGE", Fit(9), |r| Cell::since(r.metadata.creation_timestamp))),
    ];
    const WIRE: Option<&'static Message> = Some(&wire::apps::CONTROLLER_REVISION);

    fn meta(revision: ControllerRevision) -> Meta {
        revision.metadata
    }
}

/// `statefulset.apps/db`.
fn controller(revision: &ControllerRevision) -> Cell {
    let Some(owner) = revision.metadata.controller() else { return Cell::none() };
    let dot = if owner.group.is_empty() { "" } else { "." };
    let kind = format!("{}{dot}{}", owner.kind, owner.group).to_lowercase();
    Cell::text(if kind.is_empty() { owner.name.to_string() } else { format!("{kind}/{}", owner.name) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::testing::shown;
    use serde_json::{Value, json};

    #[test]
    fn its_cells_are_kubectls() {
        let cells = |owners: Value| {
            let meta = json!({"name": "db-1", "creationTimestamp": "2026-11-23T15:22:00Z", "ownerReferences": owners});
            shown(&ControllerRevisions, &json!({"metadata": meta, "revision": 7, "data": {"spec": [1, 2]}}))
        };
        let owner = json!({"apiVersion": "apps/v1", "kind": "StatefulSet", "name": "db", "controller": true});
        assert_eq!(cells(json!([owner])), ["db-1", "statefulset.apps/db", "7", "10m"]);
        let core = json!({"apiVersion": "v1", "kind": "Node", "name": "n1", "controller": true});
        assert_eq!(cells(json!([core]))[1], "node/n1");
        let unmanaged = json!({"apiVersion": "apps/v1", "kind": "StatefulSet", "name": "db"});
        assert_eq!(cells(json!([unmanaged]))[1], "<none>");
    }
}
