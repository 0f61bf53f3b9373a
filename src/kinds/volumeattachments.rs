//! Volume attachments: which volume is, or shall be, at which node.

use super::Text;
use super::cell::{Cell, Tone};
use super::kind::Width::{Fill, Fit};
use super::kind::{Column, Kind, Names, column, names, right};
use super::lenient::null;
use super::meta::Meta;
use super::object::Object;
use super::row::Health;
use super::wire::{self, Message};
use serde::Deserialize;
use serde::de::IgnoredAny;

/// The kind.
pub struct VolumeAttachments;

/// An attachment, as far as its columns need it.
pub type VolumeAttachment = Object<Spec, Status>;

/// `spec`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Spec {
    #[serde(deserialize_with = "null")]
    attacher: Text,
    #[serde(deserialize_with = "null")]
    node_name: Text,
    #[serde(deserialize_with = "null")]
    source: Source,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Source {
    #[serde(deserialize_with = "null")]
    persistent_volume_name: Text,
}

/// `status`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Status {
    #[serde(deserialize_with = "null")]
    attached: bool,
    attach_error: Option<IgnoredAny>,
    detach_error: Option<IgnoredAny>,
}

impl Kind for VolumeAttachments {
    type Object = VolumeAttachment;
    const NAMES: Names = names("storage.k8s.io", "v1", "volumeattachments", "VolumeAttachment", &[]).cluster_scoped();
    const COLUMNS: &'static [Column<VolumeAttachment>] = &[
        column("NAME", Fill(1), |a| Cell::text(&a.metadata.name)),
        column("ATTACHER", Fit(40), |a| Cell::text(&a.spec.attacher)),
        column("PV", Fit(50), |a| Cell::text(&a.spec.source.persistent_volume_name)),
        column("NODE", Fit(40), |a| Cell::text(&a.spec.node_name)),
        column("ATTACHED", Fit(8), attached),
        right(column("AGE", Fit(9), |a| Cell::since(a.metadata.creation_timestamp))),
    ];
    const WIRE: Option<&'static Message> = Some(&wire::storage::VOLUME_ATTACHMENT);

    fn meta(attachment: VolumeAttachment) -> Meta {
        attachment.metadata
    }

    /// Failing when the driver has said why it could not; pending while it attaches or detaches.
    fn health(attachment: &VolumeAttachment) -> Health {
        let status = &attachment.status;
        if status.attach_error.is_some() || status.detach_error.is_some() {
            Health::Failing
        } else if !status.attached || attachment.metadata.deletion_timestamp.is_some() {
            Health::Pending
        } else {
            Health::Fine
        }
    }
}

fn attached(attachment: &VolumeAttachment) -> Cell {
    Cell::truth(attachment.status.attached).tone(match VolumeAttachments::health(attachment) {
        Health::Failing => Tone::Bad,
        Health::Pending => Tone::Busy,
        Health::Fine => Tone::Good,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::testing::{row, shown};
    use serde_json::json;

    #[test]
    fn its_cells_are_kubectls() {
        let json = json!({
            "metadata": {"name": "csi-1", "creationTimestamp": "2026-11-23T15:22:00Z"},
            "spec": {"attacher": "csi.example.org", "nodeName": "n1", "source": {"persistentVolumeName": "v1"}},
            "status": {"attached": true},
        });
        assert_eq!(shown(&VolumeAttachments, &json), ["csi-1", "csi.example.org", "v1", "n1", "true", "10m"]);
        assert_eq!(row(&VolumeAttachments, &json).health, Health::Fine);
        let inline = json!({"metadata": {"name": "csi-2"}, "spec": {"source": {"inlineVolumeSpec": {}}}});
        assert_eq!(shown(&VolumeAttachments, &inline), ["csi-2", "", "", "", "false", "<unknown>"]);
        assert_eq!(row(&VolumeAttachments, &inline).health, Health::Pending);
    }

    #[test]
    fn an_error_of_the_driver_fails() {
        for status in [json!({"attachError": {"message": "no"}}), json!({"attached": true, "detachError": {}})] {
            let row = row(&VolumeAttachments, &json!({"status": status}));
            assert_eq!((row.cells[4].tone, row.health), (Tone::Bad, Health::Failing));
        }
    }
}
