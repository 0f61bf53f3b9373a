//! Volumes, claims and classes; configuration.

use serde_json::Value;

use super::cells::{class_name, or, string};
use super::{AGE, Column, Form, NAME, column, wide};
use crate::demo::json::{entries, has, key, list, text};

pub fn columns(plural: &str) -> Option<&'static [Column]> {
    Some(match plural {
        "persistentvolumes" => VOLUMES,
        "persistentvolumeclaims" => CLAIMS,
        "storageclasses" => CLASSES,
        "configmaps" => CONFIG_MAPS,
        "secrets" => SECRETS,
        _ => return None,
    })
}

const CONFIG_MAPS: &[Column] =
    &[NAME, column("Data", |o, _| (entries(o, "/data").count() + entries(o, "/binaryData").count()).into()), AGE];

const SECRETS: &[Column] =
    &[NAME, column("Type", |o, _| string(o, "/type")), column("Data", |o, _| entries(o, "/data").count().into()), AGE];

const VOLUMES: &[Column] = &[
    NAME,
    column("Capacity", |o, _| string(o, "/spec/capacity/storage")),
    column("Access Modes", |o, _| modes(o, "/spec/accessModes").into()),
    column("Reclaim Policy", |o, _| string(o, "/spec/persistentVolumeReclaimPolicy")),
    column("Status", |o, _| phase(o).into()),
    column("Claim", |o, _| match (text(o, "/spec/claimRef/namespace"), text(o, "/spec/claimRef/name")) {
        (_, "") => "".into(),
        (namespace, name) => format!("{namespace}/{name}").into(),
    }),
    column("StorageClass", |o, _| class(o).into()),
    column("VolumeAttributesClass", |o, _| or(o, "/spec/volumeAttributesClassName", "<unset>")),
    column("Reason", |o, _| string(o, "/status/reason")),
    AGE,
    wide("VolumeMode", |o, _| or(o, "/spec/volumeMode", "<unset>")),
];

const CLAIMS: &[Column] = &[
    NAME,
    column("Status", |o, _| phase(o).into()),
    column("Volume", |o, _| string(o, "/spec/volumeName")),
    column("Capacity", |o, _| bound(o, size(o))),
    column("Access Modes", |o, _| bound(o, modes(o, "/status/accessModes"))),
    column("StorageClass", |o, _| class(o).into()),
    column("VolumeAttributesClass", |o, _| or(o, "/spec/volumeAttributesClassName", "<unset>")),
    AGE,
    wide("VolumeMode", |o, _| or(o, "/spec/volumeMode", "<unset>")),
];

const CLASSES: &[Column] = &[
    Column {
        form: Form::Name,
        ..column("Name", |o, _| {
            class_name(
                o,
                &["storageclass.kubernetes.io/is-default-class", "storageclass.beta.kubernetes.io/is-default-class"],
            )
        })
    },
    column("Provisioner", |o, _| string(o, "/provisioner")),
    column("ReclaimPolicy", |o, _| or(o, "/reclaimPolicy", "Delete")),
    column("VolumeBindingMode", |o, _| or(o, "/volumeBindingMode", "<unset>")),
    column("AllowVolumeExpansion", |o, _| or(o, "/allowVolumeExpansion", "false")),
    AGE,
];

fn phase(object: &Value) -> &str {
    if has(object, "/metadata/deletionTimestamp") { "Terminating" } else { text(object, "/status/phase") }
}

fn bound(claim: &Value, value: String) -> Value {
    if has(claim, "/spec/volumeName") { value.into() } else { "".into() }
}

/// The storage class: the annotation was there before the field.
fn class(object: &Value) -> &str {
    match key(object, "/metadata/annotations", "volume.beta.kubernetes.io/storage-class") {
        "" => text(object, "/spec/storageClassName"),
        class => class,
    }
}

fn size(claim: &Value) -> String {
    or(claim, "/status/capacity/storage", "0").as_str().unwrap_or_default().to_owned()
}

fn modes(object: &Value, path: &str) -> String {
    let short =
        [("ReadWriteOnce", "RWO"), ("ReadOnlyMany", "ROX"), ("ReadWriteMany", "RWX"), ("ReadWriteOncePod", "RWOP")];
    let known = short.iter().filter(|(long, _)| list(object, path).iter().any(|mode| mode == long));
    known.map(|(_, short)| *short).collect::<Vec<_>>().join(",")
}
