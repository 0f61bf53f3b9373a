//! What the storage drivers of a node say about it.

use super::common::labels_and_annotations;
use super::json::Json;
use super::related::Related;
use super::writer::Writer;

/// The description.
pub(super) fn describe(node: Json<'_>, _: &Related, out: &mut Writer) {
    out.field(0, "Name", node.at("metadata.name"));
    labels_and_annotations(node, out);
    out.field(0, "CreationTimestamp", out.moment(node.at("metadata.creationTimestamp").text()));
    out.line(0, "Spec:");
    let drivers = node.at("spec.drivers");
    if drivers.is_set() {
        out.line(1, "Drivers:");
    }
    for driver in drivers.list() {
        out.line(2, format!("{}:", driver.at("name")));
        out.field(3, "Node ID", driver.at("nodeID"));
        if driver.at("allocatable.count").is_set() {
            out.line(3, "Allocatables:");
            out.field(4, "Count", driver.at("allocatable.count"));
        }
        if driver.at("topologyKeys").is_set() {
            out.field(3, "Topology Keys", driver.at("topologyKeys"));
        }
    }
}
