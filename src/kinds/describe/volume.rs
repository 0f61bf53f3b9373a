//! Volumes of a pod or a pod template, and what persistent volumes are made of.

use super::common::{LONGEST, reference, shortened};
use super::json::Json;
use super::persistentvolumeclaim::claim;
use super::sources::{self, Source};
use super::writer::Writer;

/// Volumes; those of a template are indented by `space`. They lead to what they hold in `namespace`.
pub(super) fn volumes(volumes: Json<'_>, (space, namespace): (&str, &str), out: &mut Writer) {
    if volumes.is_empty() {
        return out.line(0, format!("{space}Volumes:\t<none>"));
    }
    out.line(0, format!("{space}Volumes:"));
    let indent = if space.is_empty() { "" } else { " " };
    for volume in volumes.list() {
        out.line(1, format!("{indent}{}:", volume.at("name")));
        leads(volume, namespace, out);
        source(volume, sources::OF_PODS, out);
    }
}

/// Lets the line of a volume lead to the object that it holds.
fn leads(volume: Json<'_>, namespace: &str, out: &mut Writer) {
    for (path, kind) in [
        ("secret.secretName", "Secret"),
        ("configMap.name", "ConfigMap"),
        ("persistentVolumeClaim.claimName", "PersistentVolumeClaim"),
    ] {
        let name = volume.at(path).text();
        out.leads(reference(("", kind), namespace, name));
    }
}

/// What a volume is made of: the first of `sources` that it names.
pub(super) fn source(volume: Json<'_>, sources: &[Source], out: &mut Writer) {
    match sources.iter().find(|source| volume.at(source.key).is_set()) {
        Some(source) => source.write(volume.at(source.key), out),
        None => out.line(1, "<unknown>"),
    }
}

/// How large a directory may become.
pub(super) fn empty_dir(dir: Json<'_>, out: &mut Writer) {
    let limit = dir.at("sizeLimit").quantity();
    let limit = if limit.is_positive() { limit.to_string() } else { "<unset>".to_owned() };
    out.field(2, "SizeLimit", limit);
}

/// What is put together into one directory.
pub(super) fn projected(projected: Json<'_>, out: &mut Writer) {
    for source in projected.at("sources").list() {
        let (secret, map) = (source.at("secret"), source.at("configMap"));
        let optional = |of: Json<'_>| of.at("optional").truth();
        if secret.is_set() {
            out.field(2, "SecretName", secret.at("name"));
            out.field(2, "Optional", optional(secret));
        } else if source.at("downwardAPI").is_set() {
            out.field(2, "DownwardAPI", "true");
        } else if map.is_set() {
            out.field(2, "ConfigMapName", map.at("name"));
            out.field(2, "Optional", optional(map));
        } else if source.at("serviceAccountToken").is_set() {
            out.field(2, "TokenExpirationSeconds", source.at("serviceAccountToken.expirationSeconds").int());
        }
    }
}

/// What of the pod is written into which file.
pub(super) fn downward_api(api: Json<'_>, out: &mut Writer) {
    out.line(2, "Items:");
    for item in api.at("items").list() {
        for from in ["fieldRef.fieldPath", "resourceFieldRef.resource"] {
            let from = item.at(from);
            if from.is_set() {
                out.line(3, format!("{from} -> {}", item.at("path")));
            }
        }
    }
}

/// The claim that is made for the pod.
pub(super) fn ephemeral(volume: Json<'_>, out: &mut Writer) {
    let template = volume.at("volumeClaimTemplate");
    if template.is_set() {
        out.nested(2, |out| claim(template, false, out));
    }
}

/// What a driver is told about a volume.
pub(super) fn attributes(volume: Json<'_>, out: &mut Writer) {
    out.write(2, "VolumeAttributes:\t");
    let attributes = volume.at("volumeAttributes").entries();
    if attributes.is_empty() {
        return out.line(0, "<none>");
    }
    for (at, (key, value)) in attributes.into_iter().enumerate() {
        if at != 0 {
            // Both pieces are indented in kubectl.
            out.write(4, "\t");
        }
        out.line(2, shortened(&format!("{key}={}", value.text()), LONGEST));
    }
}

/// Nothing more.
pub(super) fn nothing(_: Json<'_>, _: &mut Writer) {}
