//! Storage classes: from where volumes come, and what becomes of them.

use super::Text;
use super::cell::Cell;
use super::kind::Width::{Fill, Fit};
use super::kind::{Column, Kind, Names, column, names, right};
use super::lenient::null;
use super::meta::Meta;
use super::wire::{self, Message};
use serde::Deserialize;

/// The kind.
pub struct StorageClasses;

/// A storage class, as far as its columns need it.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct StorageClass {
    #[serde(deserialize_with = "null")]
    metadata: Meta,
    #[serde(deserialize_with = "null")]
    provisioner: Text,
    reclaim_policy: Option<Text>,
    volume_binding_mode: Option<Text>,
    #[serde(deserialize_with = "null")]
    allow_volume_expansion: bool,
}

impl Kind for StorageClasses {
    type Object = StorageClass;
    const NAMES: Names = names("storage.k8s.io", "v1", "storageclasses", "StorageClass", &["sc"]).cluster_scoped();
    const COLUMNS: &'static [Column<StorageClass>] = &[
        column("NAME", Fill(1), |c| c.metadata.class_name()),
        column("PROVISIONER", Fit(40), |c| Cell::text(&c.provisioner)),
        column("RECLAIMPOLICY", Fit(13), |c| Cell::text(c.reclaim_policy.as_deref().unwrap_or("Delete"))),
        column("VOLUMEBINDINGMODE", Fit(20), |c| Cell::text(c.volume_binding_mode.as_deref().unwrap_or("Immediate"))),
        column("ALLOWVOLUMEEXPANSION", Fit(20), |c| Cell::truth(c.allow_volume_expansion)),
        right(column("AGE", Fit(9), |c| Cell::since(c.metadata.creation_timestamp))),
    ];
    const WIRE: Option<&'static Message> = Some(&wire::storage::STORAGE_CLASS);

    fn meta(class: StorageClass) -> Meta {
        class.metadata
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::testing::shown;
    use serde_json::json;

    #[test]
    fn its_cells_are_kubectls() {
        let json = json!({
            "metadata": {"name": "fast", "creationTimestamp": "2026-11-23T15:22:00Z"}, "provisioner": "csi.example.org",
            "reclaimPolicy": "Retain", "volumeBindingMode": "WaitForFirstConsumer", "allowVolumeExpansion": true,
        });
        let cells = ["fast", "csi.example.org", "Retain", "WaitForFirstConsumer", "true", "10m"];
        assert_eq!(shown(&StorageClasses, &json), cells);
        let bare = json!({"metadata": {"name": "bare"}});
        assert_eq!(shown(&StorageClasses, &bare), ["bare", "", "Delete", "Immediate", "false", "<unknown>"]);
    }

    #[test]
    fn the_default_is_marked() {
        let name = |key: &str, value: &str| {
            let json = json!({"metadata": {"name": "c", "annotations": {key: value, "other": null}}});
            shown(&StorageClasses, &json)[0].clone()
        };
        assert_eq!(name("storageclass.kubernetes.io/is-default-class", "true"), "c (default)");
        assert_eq!(name("storageclass.beta.kubernetes.io/is-default-class", "true"), "c (default)");
        assert_eq!(name("storageclass.kubernetes.io/is-default-class", "false"), "c");
    }
}
