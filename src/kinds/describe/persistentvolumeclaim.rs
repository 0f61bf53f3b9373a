//! Persistent volume claims, and templates of them.

use super::common::{annotations, conditions, labels, lines_under, name_and_namespace, reference, status};
use super::json::Json;
use super::persistentvolume::modes;
use super::related::{Related, Want, Which};
use super::writer::Writer;
use crate::kinds::kind::Kind;
use crate::kinds::pods::Pods;

/// The pods of its namespace: those that use it are found among them.
pub(super) fn wants(claim: Json<'_>) -> Vec<Want> {
    vec![Want::new(Pods::NAMES, claim.at("metadata.namespace").text(), Which::All)]
}

/// The description.
pub(super) fn describe(json: Json<'_>, related: &Related, out: &mut Writer) {
    claim(json, true, out);
    used_by(json, related, out);
    let all = json.at("status.conditions");
    if !all.is_empty() {
        out.line(0, "Conditions:");
        out.row(1, &["Type", "Status", "LastProbeTime", "LastTransitionTime", "Reason", "Message"]);
        out.row(1, &["----", "------", "-----------------", "------------------", "------", "-------"]);
        let columns = ["type", "status", "lastProbeTime", "lastTransitionTime", "reason", "message"];
        conditions(all, &columns, " ", out);
    }
}

/// The storage class of a claim: the annotation that came before the field wins.
pub(super) fn class(claim: Json<'_>) -> String {
    let beta = claim.at("metadata.annotations").key("volume.beta.kubernetes.io/storage-class");
    if beta.is_set() { beta.to_string() } else { claim.at("spec.storageClassName").to_string() }
}

/// A claim; what a template of one cannot have is left out when it is not `whole`.
pub(super) fn claim(claim: Json<'_>, whole: bool, out: &mut Writer) {
    if whole {
        name_and_namespace(claim, out);
    }
    out.field(0, "StorageClass", class(claim));
    if whole {
        out.leads(reference(("storage.k8s.io", "StorageClass"), "", &class(claim)));
        status(claim, out);
    }
    let volume = claim.at("spec.volumeName").text();
    out.field(0, "Volume", volume);
    out.leads(reference(("", "PersistentVolume"), "", volume));
    labels(claim.at("metadata.labels"), ("", "Labels"), out);
    annotations(claim.at("metadata.annotations"), ("", "Annotations"), out);
    if whole {
        out.field(0, "Finalizers", claim.at("metadata.finalizers").or("[]"));
    }
    let bound = claim.at("status");
    let (capacity, access) = match volume {
        "" => (String::new(), String::new()),
        _ => (bound.at("capacity.storage").or("0"), modes(bound.at("accessModes"))),
    };
    out.field(0, "Capacity", capacity);
    out.field(0, "Access Modes", access);
    rest(claim.at("spec"), out);
}

fn rest(spec: Json<'_>, out: &mut Writer) {
    if spec.at("volumeMode").is_set() {
        out.field(0, "VolumeMode", spec.at("volumeMode"));
    }
    let source = spec.at("dataSource");
    if source.is_set() {
        out.line(0, "DataSource:");
        if source.at("apiGroup").is_set() {
            out.field(1, "APIGroup", source.at("apiGroup"));
        }
        out.field(1, "Kind", source.at("kind"));
        out.field(1, "Name", source.at("name"));
    }
}

/// The pods that mount it, or that it was made for.
fn used_by(claim: Json<'_>, related: &Related, out: &mut Writer) {
    let name = claim.at("metadata.name").text();
    let pods = match related.list("pods") {
        Ok(pods) => pods,
        Err(why) => return out.field(0, "Used By", format!("<cannot be read: {}>", why.sentence)),
    };
    let mounts = |pod: &Json<'_>| {
        pod.at("spec.volumes").list().any(|volume| volume.at("persistentVolumeClaim.claimName").text() == name)
    };
    let owns = |pod: &Json<'_>| {
        let uid = pod.at("metadata.uid").text();
        let mut owners = claim.at("metadata.ownerReferences").list();
        owners.any(|owner| owner.at("kind").text() == "Pod" && owner.at("uid").text() == uid)
    };
    let users = pods.into_iter().filter(|pod| mounts(pod) || owns(pod));
    let mut users: Vec<&str> = users.map(|pod| pod.at("metadata.name").text()).collect();
    users.sort_unstable();
    lines_under(("", "Used By"), users.iter().map(ToString::to_string), out);
    if let [name] = users.as_slice() {
        out.leads(reference(("", "Pod"), claim.at("metadata.namespace").text(), name));
    }
}
