//! Classes: of storage, of volume attributes, of priority and of ingresses.

use super::common::{labels_and_annotations, on_one_line, truth_or_unset};
use super::json::Json;
use super::persistentvolume::expressions;
use super::related::Related;
use super::writer::Writer;

/// The description of a storage class.
pub(super) fn describe_storage(class: Json<'_>, _: &Related, out: &mut Writer) {
    out.field(0, "Name", class.at("metadata.name"));
    out.field(0, "IsDefaultClass", if is_default(class) { "Yes" } else { "No" });
    out.field(0, "Annotations", on_one_line(class.at("metadata.annotations")));
    out.field(0, "Provisioner", class.at("provisioner"));
    out.field(0, "Parameters", on_one_line(class.at("parameters")));
    out.field(0, "AllowVolumeExpansion", truth_or_unset(class.at("allowVolumeExpansion")));
    let options = class.at("mountOptions");
    out.line(0, if options.is_empty() { "MountOptions:\t<none>" } else { "MountOptions:" });
    options.list().for_each(|option| out.line(1, option.text()));
    for (title, key) in [("ReclaimPolicy", "reclaimPolicy"), ("VolumeBindingMode", "volumeBindingMode")] {
        if class.at(key).is_set() {
            out.field(0, title, class.at(key));
        }
    }
    let topologies = class.at("allowedTopologies");
    if topologies.is_set() {
        out.field(0, "AllowedTopologies", if topologies.is_empty() { "<none>" } else { "" });
    }
    for (at, term) in topologies.list().enumerate() {
        let all = term.at("matchLabelExpressions").list().map(|of| (of, format!("{} in", of.at("key"))));
        expressions(1, at, all, out);
    }
}

fn is_default(class: Json<'_>) -> bool {
    let names = ["storageclass.kubernetes.io/is-default-class", "storageclass.beta.kubernetes.io/is-default-class"];
    names.iter().any(|name| class.at("metadata.annotations").key(name).text() == "true")
}

/// The description of a volume attributes class.
pub(super) fn describe_attributes(class: Json<'_>, _: &Related, out: &mut Writer) {
    out.field(0, "Name", class.at("metadata.name"));
    out.field(0, "Annotations", on_one_line(class.at("metadata.annotations")));
    out.field(0, "DriverName", class.at("driverName"));
    out.field(0, "Parameters", on_one_line(class.at("parameters")));
}

/// The description of a priority class.
pub(super) fn describe_priority(class: Json<'_>, _: &Related, out: &mut Writer) {
    out.field(0, "Name", class.at("metadata.name"));
    out.field(0, "Value", class.at("value").int());
    out.field(0, "GlobalDefault", class.at("globalDefault").truth());
    out.field(0, "PreemptionPolicy", class.at("preemptionPolicy"));
    out.field(0, "Description", class.at("description"));
    out.field(0, "Annotations", on_one_line(class.at("metadata.annotations")));
}

/// The description of an ingress class.
pub(super) fn describe_ingress(class: Json<'_>, _: &Related, out: &mut Writer) {
    out.field(0, "Name", class.at("metadata.name"));
    labels_and_annotations(class, out);
    out.field(0, "Controller", class.at("spec.controller"));
    let parameters = class.at("spec.parameters");
    if parameters.is_set() {
        out.line(0, "Parameters:");
        if parameters.at("apiGroup").is_set() {
            out.field(1, "APIGroup", parameters.at("apiGroup"));
        }
        out.field(1, "Kind", parameters.at("kind"));
        out.field(1, "Name", parameters.at("name"));
    }
}
