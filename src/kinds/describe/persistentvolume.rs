//! Persistent volumes.

use super::common::{labels_and_annotations, reference, status};
use super::json::Json;
use super::related::Related;
use super::sources::OF_VOLUMES;
use super::volume::source;
use super::writer::Writer;

/// The description.
pub(super) fn describe(volume: Json<'_>, _: &Related, out: &mut Writer) {
    let spec = volume.at("spec");
    out.field(0, "Name", volume.at("metadata.name"));
    labels_and_annotations(volume, out);
    out.field(0, "Finalizers", volume.at("metadata.finalizers").or("[]"));
    let class = super::persistentvolumeclaim::class(volume);
    out.field(0, "StorageClass", &class);
    out.leads(reference(("storage.k8s.io", "StorageClass"), "", &class));
    status(volume, out);
    let claim = spec.at("claimRef");
    let (namespace, name) = (claim.at("namespace").text(), claim.at("name").text());
    out.field(0, "Claim", if claim.is_set() { format!("{namespace}/{name}") } else { String::new() });
    out.leads(reference(("", "PersistentVolumeClaim"), namespace, name));
    out.field(0, "Reclaim Policy", spec.at("persistentVolumeReclaimPolicy"));
    out.field(0, "Access Modes", modes(spec.at("accessModes")));
    if spec.at("volumeMode").is_set() {
        out.field(0, "VolumeMode", spec.at("volumeMode"));
    }
    out.field(0, "Capacity", spec.at("capacity.storage").or("0"));
    affinity(spec.at("nodeAffinity.required"), out);
    out.field(0, "Message", volume.at("status.message"));
    out.line(0, "Source:");
    source(spec, OF_VOLUMES, out);
}

/// Access modes in short, always in the same order.
pub(super) fn modes(modes: Json<'_>) -> String {
    let given = modes.texts();
    let known =
        [("ReadWriteOnce", "RWO"), ("ReadOnlyMany", "ROX"), ("ReadWriteMany", "RWX"), ("ReadWriteOncePod", "RWOP")];
    let known = known.iter().filter(|(name, _)| given.contains(name)).map(|(_, short)| *short);
    known.collect::<Vec<_>>().join(",")
}

/// The nodes that can reach it.
fn affinity(required: Json<'_>, out: &mut Writer) {
    if !required.is_set() {
        return out.field(0, "Node Affinity", "<none>");
    }
    out.field(0, "Node Affinity", "");
    let terms = required.at("nodeSelectorTerms");
    out.field(1, "Required Terms", if terms.is_empty() { "<none>" } else { "" });
    for (at, term) in terms.list().enumerate() {
        let all = term.at("matchExpressions").list().map(|expression| {
            let operator = expression.at("operator").text().to_lowercase();
            (expression, format!("{} {operator}", expression.at("key")))
        });
        expressions(2, at, all, out);
    }
}

/// The expressions of a term below each other.
pub(super) fn expressions<'a>(
    level: usize,
    at: usize,
    all: impl Iterator<Item = (Json<'a>, String)>,
    out: &mut Writer,
) {
    out.write(level, format!("Term {at}:\t"));
    let mut is_first = true;
    for (expression, text) in all {
        if !is_first {
            out.write(level, "\t");
        }
        is_first = false;
        let values = expression.at("values").texts().join(", ");
        out.line(0, if values.is_empty() { text } else { format!("{text} [{values}]") });
    }
    if is_first {
        out.line(0, "<none>");
    }
}
