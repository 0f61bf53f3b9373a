//! Persistent volume claims: what a namespace asks for and got of the storage.

use super::Text;
use super::cell::Cell;
use super::kind::Width::{Fill, Fit};
use super::kind::{Column, Kind, Names, column, names, right, wide};
use super::lenient::null;
use super::meta::Meta;
use super::object::Object;
use super::row::Health;
use super::volume::{self, AccessModes, Capacity};
use super::wire::{self, Message};
use serde::Deserialize;

/// The kind.
pub struct PersistentVolumeClaims;

/// A claim, as far as its columns need it.
pub type PersistentVolumeClaim = Object<Spec, Status>;

/// `spec`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Spec {
    #[serde(deserialize_with = "null")]
    volume_name: Text,
    #[serde(deserialize_with = "null")]
    storage_class_name: Text,
    volume_attributes_class_name: Option<Text>,
    volume_mode: Option<Text>,
}

/// `status`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Status {
    #[serde(deserialize_with = "null")]
    phase: Text,
    #[serde(deserialize_with = "null")]
    capacity: Capacity,
    #[serde(deserialize_with = "null")]
    access_modes: AccessModes,
}

impl Kind for PersistentVolumeClaims {
    type Object = PersistentVolumeClaim;
    const NAMES: Names = names("", "v1", "persistentvolumeclaims", "PersistentVolumeClaim", &["pvc"]);
    const COLUMNS: &'static [Column<PersistentVolumeClaim>] = &[
        column("NAME", Fill(1), |c| Cell::text(&c.metadata.name)),
        column("STATUS", Fit(11), |c| Cell::text(status(c)).tone(volume::tone(status(c)))),
        column("VOLUME", Fit(50), |c| Cell::text(&c.spec.volume_name)),
        right(column("CAPACITY", Fit(10), |c| once_bound(c, |c| c.status.capacity.cell()))),
        column("ACCESS MODES", Fit(16), |c| once_bound(c, |c| c.status.access_modes.cell())),
        column("STORAGECLASS", Fit(30), |c| volume::class(&c.metadata, &c.spec.storage_class_name)),
        column("VOLUMEATTRIBUTESCLASS", Fit(30), |c| Cell::or_unset(c.spec.volume_attributes_class_name.as_deref())),
        right(column("AGE", Fit(9), |c| Cell::since(c.metadata.creation_timestamp))),
        wide(column("VOLUMEMODE", Fit(10), |c| Cell::or_unset(c.spec.volume_mode.as_deref()))),
    ];
    const WIRE: Option<&'static Message> = Some(&wire::storage::CLAIM);

    fn meta(claim: PersistentVolumeClaim) -> Meta {
        claim.metadata
    }

    fn health(claim: &PersistentVolumeClaim) -> Health {
        volume::health(status(claim))
    }
}

fn status(claim: &PersistentVolumeClaim) -> &str {
    volume::status(&claim.metadata, &claim.status.phase)
}

/// What it got is told only when it is known from where.
fn once_bound(claim: &PersistentVolumeClaim, cell: fn(&PersistentVolumeClaim) -> Cell) -> Cell {
    if claim.spec.volume_name.is_empty() { Cell::text("") } else { cell(claim) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::cell::Tone;
    use crate::kinds::testing::{row, shown};
    use serde_json::json;

    #[test]
    fn a_bound_claim_is_shown_as_kubectl_does() {
        let json = json!({
            "metadata": {"name": "data", "creationTimestamp": "2026-11-23T15:22:00Z"},
            "spec": {"volumeName": "v1", "storageClassName": "fast", "volumeAttributesClassName": "gold", "volumeMode": "Filesystem",
                "resources": {"requests": {"storage": "5Gi"}}, "accessModes": ["ReadWriteOnce"]},
            "status": {"phase": "Bound", "capacity": {"storage": "10Gi"}, "accessModes": ["ReadWriteOncePod", "ReadWriteMany"]},
        });
        let cells = ["data", "Bound", "v1", "10Gi", "RWX,RWOP", "fast", "gold", "10m", "Filesystem"];
        assert_eq!(shown(&PersistentVolumeClaims, &json), cells);
        assert_eq!(row(&PersistentVolumeClaims, &json).cells[1].tone, Tone::Good);
    }

    #[test]
    fn what_it_gets_is_told_only_when_it_is_known_from_where() {
        let status = json!({"phase": "Pending", "capacity": {"storage": "10Gi"}, "accessModes": ["ReadWriteOnce"]});
        let json = json!({"metadata": {"name": "data"}, "spec": {"storageClassName": null}, "status": status});
        let cells = ["data", "Pending", "", "", "", "", "<unset>", "<unknown>", "<unset>"];
        assert_eq!(shown(&PersistentVolumeClaims, &json), cells);
        assert_eq!(row(&PersistentVolumeClaims, &json).health, Health::Pending);
        let named = json!({"spec": {"volumeName": "v1"}, "status": {"phase": "Lost"}});
        assert_eq!(shown(&PersistentVolumeClaims, &named)[3], "0");
        assert_eq!(row(&PersistentVolumeClaims, &named).health, Health::Failing);
    }
}
