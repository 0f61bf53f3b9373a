//! Persistent volumes: storage that outlives pods.

use super::Text;
use super::cell::Cell;
use super::kind::Width::{Fill, Fit};
use super::kind::{Column, Kind, Names, column, names, right, wide};
use super::lenient::null;
use super::meta::Meta;
use super::object::{Object, Pointer};
use super::row::Health;
use super::volume::{self, AccessModes, Capacity};
use super::wire::{self, Message};
use serde::Deserialize;

/// The kind.
pub struct PersistentVolumes;

/// A volume, as far as its columns need it.
pub type PersistentVolume = Object<Spec, Status>;

/// `spec`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Spec {
    #[serde(deserialize_with = "null")]
    capacity: Capacity,
    #[serde(deserialize_with = "null")]
    access_modes: AccessModes,
    #[serde(rename = "persistentVolumeReclaimPolicy", deserialize_with = "null")]
    reclaim_policy: Text,
    claim_ref: Option<Pointer>,
    #[serde(deserialize_with = "null")]
    storage_class_name: Text,
    volume_attributes_class_name: Option<Text>,
    volume_mode: Option<Text>,
}

/// `status`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Status {
    #[serde(deserialize_with = "null")]
    phase: Text,
    #[serde(deserialize_with = "null")]
    reason: Text,
}

impl Kind for PersistentVolumes {
    type Object = PersistentVolume;
    const NAMES: Names = names("", "v1", "persistentvolumes", "PersistentVolume", &["pv"]).cluster_scoped();
    const COLUMNS: &'static [Column<PersistentVolume>] = &[
        column("NAME", Fill(1), |v| Cell::text(&v.metadata.name)),
        right(column("CAPACITY", Fit(10), |v| v.spec.capacity.cell())),
        column("ACCESS MODES", Fit(16), |v| v.spec.access_modes.cell()),
        column("RECLAIM POLICY", Fit(14), |v| Cell::text(&v.spec.reclaim_policy)),
        column("STATUS", Fit(11), |v| Cell::text(status(v)).tone(volume::tone(status(v)))),
        column("CLAIM", Fit(60), |v| v.spec.claim_ref.as_ref().map_or_else(|| Cell::text(""), Pointer::cell)),
        column("STORAGECLASS", Fit(30), |v| volume::class(&v.metadata, &v.spec.storage_class_name)),
        column("VOLUMEATTRIBUTESCLASS", Fit(30), |v| Cell::or_unset(v.spec.volume_attributes_class_name.as_deref())),
        column("REASON", Fit(30), |v| Cell::text(&v.status.reason)),
        right(column("AGE", Fit(9), |v| Cell::since(v.metadata.creation_timestamp))),
        wide(column("VOLUMEMODE", Fit(10), |v| Cell::or_unset(v.spec.volume_mode.as_deref()))),
    ];
    const WIRE: Option<&'static Message> = Some(&wire::storage::VOLUME);

    fn meta(volume: PersistentVolume) -> Meta {
        volume.metadata
    }

    fn health(volume: &PersistentVolume) -> Health {
        volume::health(status(volume))
    }
}

fn status(volume: &PersistentVolume) -> &str {
    volume::status(&volume.metadata, &volume.status.phase)
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
            "metadata": {"name": "v1", "creationTimestamp": "2026-11-23T15:22:00Z"},
            "spec": {"capacity": {"storage": "10Gi"}, "accessModes": ["ReadOnlyMany", "ReadWriteOnce", "ReadWriteOnce"],
                "persistentVolumeReclaimPolicy": "Retain", "claimRef": {"namespace": "shop", "name": "data"},
                "storageClassName": "fast", "volumeAttributesClassName": "gold", "volumeMode": "Block"},
            "status": {"phase": "Bound", "reason": "why"},
        });
        let cells = ["v1", "10Gi", "RWO,ROX", "Retain", "Bound", "shop/data", "fast", "gold", "why", "10m", "Block"];
        assert_eq!(shown(&PersistentVolumes, &json), cells);
        let bare = json!({"metadata": {"name": "bare"}});
        let cells = ["bare", "0", "", "", "", "", "", "<unset>", "", "<unknown>", "<unset>"];
        assert_eq!(shown(&PersistentVolumes, &bare), cells);
    }

    #[test]
    fn the_class_of_the_annotation_wins() {
        let annotations = json!({"volume.beta.kubernetes.io/storage-class": "old", "other": "x"});
        let json = json!({"metadata": {"annotations": annotations}, "spec": {"storageClassName": "new"}});
        assert_eq!(shown(&PersistentVolumes, &json)[6], "old");
    }

    #[test]
    fn every_phase_has_its_tone() {
        for (phase, tone, health) in [
            ("Available", Tone::Plain, Health::Fine),
            ("Bound", Tone::Good, Health::Fine),
            ("Released", Tone::Warn, Health::Fine),
            ("Failed", Tone::Bad, Health::Failing),
            ("Pending", Tone::Busy, Health::Pending),
        ] {
            let row = row(&PersistentVolumes, &json!({"status": {"phase": phase}}));
            assert_eq!((row.cells[4].tone, row.health), (tone, health), "{phase}");
        }
        let leaving = json!({"metadata": {"deletionTimestamp": "2026-11-23T15:22:00Z"}, "status": {"phase": "Bound"}});
        assert_eq!(row(&PersistentVolumes, &leaving).cells[4], Cell::text("Terminating").tone(Tone::Busy));
    }
}
