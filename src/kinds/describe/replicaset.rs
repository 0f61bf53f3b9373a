//! Replica sets and replication controllers.

use super::common::{
    controlled_by, labels_and_annotations, name_and_namespace, namespace, on_one_line, selector_or_none,
};
use super::controlled::{self, pods_status};
use super::deployment::with_reasons;
use super::json::Json;
use super::related::{Related, Want};
use super::template::template;
use super::writer::Writer;

/// The pods of a replication controller, whose selector is a plain map.
pub(super) fn wants_of_plain(controller: Json<'_>) -> Vec<Want> {
    let labels = controller.at("spec.selector");
    let labels = if labels.is_empty() { String::new() } else { on_one_line(labels) };
    vec![controlled::pods(controller, labels)]
}

/// The description of a replica set.
pub(super) fn describe(set: Json<'_>, related: &Related, out: &mut Writer) {
    name_and_namespace(set, out);
    out.field(0, "Selector", selector_or_none(set.at("spec.selector")));
    labels_and_annotations(set, out);
    controlled_by(set, out);
    rest(set, related, out);
}

/// The description of a replication controller.
pub(super) fn describe_plain(controller: Json<'_>, related: &Related, out: &mut Writer) {
    name_and_namespace(controller, out);
    out.field(0, "Selector", on_one_line(controller.at("spec.selector")));
    labels_and_annotations(controller, out);
    rest(controller, related, out);
}

fn rest(set: Json<'_>, related: &Related, out: &mut Writer) {
    let (is, wanted) = (set.at("status.replicas").int(), set.at("spec.replicas").int());
    out.field(0, "Replicas", format!("{is} current / {wanted} desired"));
    pods_status(set, related, out);
    template(set.at("spec.template"), namespace(set), out);
    if !set.at("status.conditions").is_empty() {
        with_reasons(set.at("status.conditions"), out);
    }
}
