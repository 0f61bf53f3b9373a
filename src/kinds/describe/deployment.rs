//! Deployments, with their old and new replica sets.

use super::common::{controller, labels_and_annotations, name_and_namespace, namespace, reference, selector};
use super::json::Json;
use super::related::{Related, Want, Which};
use super::template::template;
use super::writer::Writer;
use crate::kinds::kind::Kind;
use crate::kinds::replicasets::ReplicaSets;
use crate::kinds::time::Time;
use serde_json::Value;

/// The label that tells the replica sets of a deployment apart.
const HASH: &str = "pod-template-hash";

/// The replica sets that its selector selects.
pub(super) fn wants(deployment: Json<'_>) -> Vec<Want> {
    let labels = selector(deployment.at("spec.selector")).unwrap_or_default();
    vec![Want::new(ReplicaSets::NAMES, deployment.at("metadata.namespace").text(), Which::Labels(labels))]
}

/// The description.
pub(super) fn describe(deployment: Json<'_>, related: &Related, out: &mut Writer) {
    name_and_namespace(deployment, out);
    out.field(0, "CreationTimestamp", out.moment(deployment.at("metadata.creationTimestamp").text()));
    labels_and_annotations(deployment, out);
    out.field(0, "Selector", selector(deployment.at("spec.selector")).unwrap_or_default());
    replicas(deployment, out);
    template(deployment.at("spec.template"), namespace(deployment), out);
    if !deployment.at("status.conditions").is_empty() {
        with_reasons(deployment.at("status.conditions"), out);
    }
    replica_sets(deployment, related, out);
}

fn replicas(deployment: Json<'_>, out: &mut Writer) {
    let status = |name: &str| deployment.at("status").at(name).int();
    out.field(
        0,
        "Replicas",
        format!(
            "{} desired | {} updated | {} total | {} available | {} unavailable",
            deployment.at("spec.replicas").int(),
            status("updatedReplicas"),
            status("replicas"),
            status("availableReplicas"),
            status("unavailableReplicas")
        ),
    );
    let strategy = deployment.at("spec.strategy");
    out.field(0, "StrategyType", strategy.at("type"));
    out.field(0, "MinReadySeconds", deployment.at("spec.minReadySeconds").int());
    let update = strategy.at("rollingUpdate");
    if update.is_set() {
        let (down, up) = (update.at("maxUnavailable").or("<nil>"), update.at("maxSurge").or("<nil>"));
        out.field(0, "RollingUpdateStrategy", format!("{down} max unavailable, {up} max surge"));
    }
}

/// Conditions with their reasons.
pub(super) fn with_reasons(all: Json<'_>, out: &mut Writer) {
    out.line(0, "Conditions:\n  Type\tStatus\tReason");
    out.row(1, &["----", "------", "------"]);
    for condition in all.list() {
        out.write(1, format!("{} \t", condition.at("type")));
        out.say(condition.at("status").text(), super::common::tone(condition));
        out.line(0, format!("\t{}", condition.at("reason")));
    }
}

/// The old replica sets and the new one: the oldest whose template is the deployment's.
fn replica_sets(deployment: Json<'_>, related: &Related, out: &mut Writer) {
    let uid = deployment.at("metadata.uid").text();
    let mut sets = related.known("replicasets");
    sets.retain(|set| controller(*set).is_some_and(|owner| owner.at("uid").text() == uid));
    sets.sort_by_key(|set| (Time::parse(set.at("metadata.creationTimestamp").text()), set.at("metadata.name").text()));
    if sets.is_empty() {
        return;
    }
    let wanted = without_hash(deployment.at("spec.template"));
    let new = sets.iter().position(|set| without_hash(set.at("spec.template")) == wanted);
    let new = new.map(|at| sets.remove(at));
    line("OldReplicaSets", &sets, out);
    line("NewReplicaSet", &Vec::from_iter(new), out);
}

fn line(title: &str, sets: &[Json<'_>], out: &mut Writer) {
    let text = sets.iter().map(|set| {
        let (is, wanted) = (set.at("status.replicas").int(), set.at("spec.replicas").int());
        format!("{} ({is}/{wanted} replicas created)", set.at("metadata.name"))
    });
    let text = text.collect::<Vec<_>>().join(", ");
    out.field(0, title, if text.is_empty() { "<none>" } else { &text });
    if let [set] = sets {
        let (namespace, name) = (set.at("metadata.namespace").text(), set.at("metadata.name").text());
        out.leads(reference(("apps", "ReplicaSet"), namespace, name));
    }
}

/// A template without the label that its controller gives it.
fn without_hash(template: Json<'_>) -> Value {
    let mut template = template.value().cloned().unwrap_or_default();
    if let Some(labels) = template.pointer_mut("/metadata/labels").and_then(Value::as_object_mut) {
        labels.remove(HASH);
    }
    template
}
