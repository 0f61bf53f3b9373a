//! Stateful sets.

use super::common::{labels, labels_and_annotations, name_and_namespace, namespace, selector};
use super::controlled::pods_status;
use super::json::Json;
use super::persistentvolumeclaim::class;
use super::related::Related;
use super::template::template;
use super::writer::Writer;

/// The description.
pub(super) fn describe(set: Json<'_>, related: &Related, out: &mut Writer) {
    name_and_namespace(set, out);
    out.field(0, "CreationTimestamp", out.moment(set.at("metadata.creationTimestamp").text()));
    out.field(0, "Selector", selector(set.at("spec.selector")).unwrap_or_default());
    labels_and_annotations(set, out);
    let (wanted, is) = (set.at("spec.replicas").int(), set.at("status.replicas").int());
    out.field(0, "Replicas", format!("{wanted} desired | {is} total"));
    let strategy = set.at("spec.updateStrategy");
    out.field(0, "Update Strategy", strategy.at("type"));
    let partition = strategy.at("rollingUpdate.partition");
    if partition.is_set() {
        out.field(1, "Partition", partition);
        let down = strategy.at("rollingUpdate.maxUnavailable");
        if down.is_set() {
            out.field(1, "MaxUnavailable", down);
        }
    }
    pods_status(set, related, out);
    template(set.at("spec.template"), namespace(set), out);
    claims(set.at("spec.volumeClaimTemplates"), out);
}

/// The claims that each pod gets.
fn claims(claims: Json<'_>, out: &mut Writer) {
    out.line(0, if claims.is_empty() { "Volume Claims:\t<none>" } else { "Volume Claims:" });
    for claim in claims.list() {
        out.field(1, "Name", claim.at("metadata.name"));
        out.field(1, "StorageClass", class(claim));
        labels(claim.at("metadata.labels"), ("  ", "Labels"), out);
        labels(claim.at("metadata.annotations"), ("  ", "Annotations"), out);
        out.field(1, "Capacity", claim.at("spec.resources.requests.storage").or("<default>"));
        out.field(1, "Access Modes", claim.at("spec.accessModes").or("[]"));
    }
}
