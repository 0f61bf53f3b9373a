//! Volumes, claims on them and where they come from: `storage/v1`, and of `core/v1`.

use super::{Message, core, message, meta, other, quantity, text, truth};

/// `PersistentVolumeClaim`.
pub static CLAIM: Message = Message(&[
    message(1, "metadata", &meta::OBJECT_META),
    message(2, "spec", &CLAIM_SPEC),
    message(3, "status", &CLAIM_STATUS),
]);

/// `PersistentVolumeClaimSpec`.
pub static CLAIM_SPEC: Message = Message(&[
    text(3, "volumeName").or_absent(),
    text(5, "storageClassName"),
    text(6, "volumeMode"),
    text(9, "volumeAttributesClassName"),
]);

/// `PersistentVolumeClaimStatus`.
pub static CLAIM_STATUS: Message =
    Message(&[text(1, "phase").or_absent(), text(2, "accessModes").list(), quantity(3, "capacity").map()]);

/// `PersistentVolume`.
pub static VOLUME: Message = Message(&[
    message(1, "metadata", &meta::OBJECT_META),
    message(2, "spec", &VOLUME_SPEC),
    message(3, "status", &VOLUME_STATUS),
]);

/// `PersistentVolumeSpec`.
pub static VOLUME_SPEC: Message = Message(&[
    quantity(1, "capacity").map(),
    text(3, "accessModes").list(),
    message(4, "claimRef", &core::OBJECT_REFERENCE),
    text(5, "persistentVolumeReclaimPolicy").or_absent(),
    text(6, "storageClassName").or_absent(),
    text(8, "volumeMode"),
    text(10, "volumeAttributesClassName"),
]);

/// `PersistentVolumeStatus`.
pub static VOLUME_STATUS: Message = Message(&[text(1, "phase").or_absent(), text(3, "reason").or_absent()]);

/// `StorageClass`.
pub static STORAGE_CLASS: Message = Message(&[
    message(1, "metadata", &meta::OBJECT_META),
    text(2, "provisioner"),
    text(4, "reclaimPolicy"),
    truth(6, "allowVolumeExpansion"),
    text(7, "volumeBindingMode"),
]);

/// `VolumeAttachment`.
pub static VOLUME_ATTACHMENT: Message = Message(&[
    message(1, "metadata", &meta::OBJECT_META),
    message(2, "spec", &VOLUME_ATTACHMENT_SPEC),
    message(3, "status", &VOLUME_ATTACHMENT_STATUS),
]);

/// `VolumeAttachmentSpec`.
pub static VOLUME_ATTACHMENT_SPEC: Message =
    Message(&[text(1, "attacher"), message(2, "source", &VOLUME_ATTACHMENT_SOURCE), text(3, "nodeName")]);

/// `VolumeAttachmentSource`.
pub static VOLUME_ATTACHMENT_SOURCE: Message = Message(&[text(1, "persistentVolumeName")]);

/// `VolumeAttachmentStatus`.
pub static VOLUME_ATTACHMENT_STATUS: Message =
    Message(&[truth(1, "attached"), other(3, "attachError"), other(4, "detachError")]);
