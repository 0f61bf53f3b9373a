//! The pod template of a workload.

use super::common::{annotations, labels, reference};
use super::container::{Within, containers};
use super::json::Json;
use super::pod::{scheduling_group, spread, tolerations};
use super::volume::volumes;
use super::writer::Writer;

/// The template, under its heading; its pods live in `namespace`.
pub(super) fn template(template: Json<'_>, namespace: &str, out: &mut Writer) {
    out.line(0, "Pod Template:");
    if !template.is_set() {
        return out.write(1, "<unset>");
    }
    labels(template.at("metadata.labels"), ("", "  Labels"), out);
    if !template.at("metadata.annotations").is_empty() {
        annotations(template.at("metadata.annotations"), ("", "  Annotations"), out);
    }
    let spec = template.at("spec");
    if !spec.at("serviceAccountName").text().is_empty() {
        let name = spec.at("serviceAccountName").text();
        out.field(1, "Service Account", name);
        out.leads(reference(("", "ServiceAccount"), namespace, name));
    }
    let within = Within { space: "  ", namespace, pod: None };
    let none = spec.at("nothing");
    if !spec.at("initContainers").is_empty() {
        containers("Init Containers", (spec.at("initContainers"), none), within, out);
    }
    containers("Containers", (spec.at("containers"), none), within, out);
    volumes(spec.at("volumes"), ("  ", namespace), out);
    spread(spec.at("topologySpreadConstraints"), "  ", out);
    if !spec.at("priorityClassName").text().is_empty() {
        out.field(1, "Priority Class Name", spec.at("priorityClassName"));
    }
    labels(spec.at("nodeSelector"), ("", "  Node-Selectors"), out);
    tolerations(spec.at("tolerations"), "  Tolerations", out);
    scheduling_group(spec.at("schedulingGroup"), "  ", out);
}
