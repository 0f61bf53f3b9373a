//! Daemon sets.

use super::common::{labels_and_annotations, name_and_namespace, namespace, on_one_line, selector};
use super::controlled::pods_status;
use super::json::Json;
use super::related::Related;
use super::template::template;
use super::writer::Writer;

/// The description.
pub(super) fn describe(set: Json<'_>, related: &Related, out: &mut Writer) {
    name_and_namespace(set, out);
    out.field(0, "Selector", selector(set.at("spec.selector")).unwrap_or_default());
    out.field(0, "Node-Selector", on_one_line(set.at("spec.template.spec.nodeSelector")));
    labels_and_annotations(set, out);
    for (title, key) in [
        ("Desired Number of Nodes Scheduled", "desiredNumberScheduled"),
        ("Current Number of Nodes Scheduled", "currentNumberScheduled"),
        ("Number of Nodes Scheduled with Up-to-date Pods", "updatedNumberScheduled"),
        ("Number of Nodes Scheduled with Available Pods", "numberAvailable"),
        ("Number of Nodes Misscheduled", "numberMisscheduled"),
    ] {
        out.line(0, format!("{title}: {}", set.at("status").at(key).int()));
    }
    pods_status(set, related, out);
    template(set.at("spec.template"), namespace(set), out);
}
