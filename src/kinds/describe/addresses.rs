//! Addresses of services: the ranges that they come from, and those that are given away.

use super::common::{conditions, labels_and_annotations, reference};
use super::json::Json;
use super::related::Related;
use super::writer::Writer;

/// The description of a range.
pub(super) fn describe_range(range: Json<'_>, _: &Related, out: &mut Writer) {
    out.field(0, "Name", range.at("metadata.name"));
    labels_and_annotations(range, out);
    out.field(0, "CIDRs", range.at("spec.cidrs").texts().join(", "));
    if !range.at("status.conditions").is_empty() {
        out.line(0, "Status:");
        moved(range.at("status.conditions"), out);
    }
}

/// Conditions with the moment of their last change.
pub(super) fn moved(all: Json<'_>, out: &mut Writer) {
    out.line(0, "Conditions:");
    out.row(1, &["Type", "Status", "LastTransitionTime", "Reason", "Message"]);
    out.row(1, &["----", "------", "------------------", "------", "-------"]);
    conditions(all, &["type", "status", "lastTransitionTime", "reason", "message"], "", out);
}

/// The description of an address.
pub(super) fn describe_address(address: Json<'_>, _: &Related, out: &mut Writer) {
    out.field(0, "Name", address.at("metadata.name"));
    labels_and_annotations(address, out);
    let parent = address.at("spec.parentRef");
    if !parent.is_set() {
        return;
    }
    out.line(0, "Parent Reference:");
    for (title, key) in [("Group", "group"), ("Resource", "resource"), ("Namespace", "namespace"), ("Name", "name")] {
        out.field(1, title, parent.at(key));
    }
    if (parent.at("group").text(), parent.at("resource").text()) == ("", "services") {
        out.leads(reference(("", "Service"), parent.at("namespace").text(), parent.at("name").text()));
    }
}
