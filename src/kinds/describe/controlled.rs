//! The pods of a workload: how many are in which phase.

use super::common::{controller, selector};
use super::json::Json;
use super::related::{Related, Want, Which};
use super::writer::Writer;
use crate::kinds::kind::Kind;
use crate::kinds::pods::Pods;

/// The pods that a label selector at `path` selects, in the namespace of the object.
pub(super) fn wants(object: Json<'_>) -> Vec<Want> {
    let labels = selector(object.at("spec.selector")).unwrap_or_default();
    vec![pods(object, labels)]
}

/// The pods with these labels, in the namespace of the object.
pub(super) fn pods(object: Json<'_>, labels: String) -> Want {
    Want::new(Pods::NAMES, object.at("metadata.namespace").text(), Which::Labels(labels))
}

/// How many of the pods that belong to `object` are in which phase.
pub(super) fn pods_status(object: Json<'_>, related: &Related, out: &mut Writer) {
    let pods = match related.list("pods") {
        Ok(pods) => pods,
        Err(why) => return out.field(0, "Pods Status", format!("error in fetching pods: {}", why.sentence)),
    };
    let uid = object.at("metadata.uid").text();
    let own = |pod: &&Json<'_>| controller(**pod).is_some_and(|owner| owner.at("uid").text() == uid);
    let own: Vec<&str> = pods.iter().filter(own).map(|pod| pod.at("status.phase").text()).collect();
    let count = |phase: &str| own.iter().filter(|known| **known == phase).count();
    let [running, waiting, succeeded, failed] = ["Running", "Pending", "Succeeded", "Failed"].map(count);
    let text = format!("{running} Running / {waiting} Waiting / {succeeded} Succeeded / {failed} Failed");
    out.field(0, "Pods Status", text);
}
