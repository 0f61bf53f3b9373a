//! Horizontal pod autoscalers.

use super::common::{beginning, conditions, reference};
use super::go::quoted;
use super::json::Json;
use super::related::Related;
use super::writer::Writer;

/// The description.
pub(super) fn describe(scaler: Json<'_>, _: &Related, out: &mut Writer) {
    beginning(scaler, out);
    out.field(0, "CreationTimestamp", out.moment(scaler.at("metadata.creationTimestamp").text()));
    let (spec, status) = (scaler.at("spec"), scaler.at("status"));
    let target = spec.at("scaleTargetRef");
    let (kind, name) = (target.at("kind").text(), target.at("name").text());
    out.field(0, "Reference", format!("{kind}/{name}"));
    let group = target.at("apiVersion").text().split_once('/').map_or("", |(group, _)| group);
    out.leads(reference((group, kind), scaler.at("metadata.namespace").text(), name));
    out.field(0, "Metrics", "( current / target )");
    let current: Vec<Json<'_>> = status.at("currentMetrics").list().collect();
    for (at, wanted) in spec.at("metrics").list().enumerate() {
        out.line(1, metric(wanted, current.get(at).copied()));
    }
    out.field(0, "Min replicas", spec.at("minReplicas").or("<unset>"));
    out.field(0, "Max replicas", spec.at("maxReplicas").int());
    if spec.at("behavior").is_set() {
        out.line(0, "Behavior:");
        direction("Scale Up", spec.at("behavior.scaleUp"), out);
        direction("Scale Down", spec.at("behavior.scaleDown"), out);
    }
    let (is, wanted) = (status.at("currentReplicas").int(), status.at("desiredReplicas").int());
    out.field(0, &format!("{kind} pods"), format!("{is} current / {wanted} desired"));
    if !status.at("conditions").is_empty() {
        out.line(0, "Conditions:");
        out.row(1, &["Type", "Status", "Reason", "Message"]);
        out.row(1, &["----", "------", "------", "-------"]);
        conditions(status.at("conditions"), &["type", "status", "reason", "message"], "", out);
    }
}

/// A metric, what it is and what it shall be.
fn metric(metric: Json<'_>, current: Option<Json<'_>>) -> String {
    let kind = metric.at("type").text();
    let (key, of_resource) = match kind {
        "External" => ("external", false),
        "Pods" => ("pods", false),
        "Object" => ("object", false),
        "Resource" => ("resource", true),
        "ContainerResource" => ("containerResource", true),
        _ => return format!("<unknown metric type {}>", quoted(kind)),
    };
    let wanted = metric.at(key);
    let is = current.map(|current| current.at(key).at("current")).filter(|is| is.is_set());
    if of_resource { resource(kind, wanted, is) } else { measured(kind, wanted, is) }
}

/// A metric that somebody measures: its name, and of what it is one.
fn measured(kind: &str, wanted: Json<'_>, is: Option<Json<'_>>) -> String {
    let name = wanted.at("metric.name").text();
    let target = wanted.at("target");
    let by_average = match kind {
        "Pods" => true,
        "Object" => target.at("type").text() == "AverageValue",
        _ => target.at("averageValue").is_set(),
    };
    let of = if by_average { "averageValue" } else { "value" };
    let title = match (kind, by_average) {
        ("Pods", _) => format!("{} on pods:", quoted(name)),
        ("Object", _) => {
            let object = wanted.at("describedObject");
            let how = if by_average { "(target average value):" } else { "(target value):" };
            format!("\"{name}\" on {}/{} {how}", object.at("kind"), object.at("name"))
        }
        (_, true) => format!("{} (target average value):", quoted(name)),
        (_, false) => format!("{} (target value):", quoted(name)),
    };
    // An external average that is missing is unknown; elsewhere Go prints a missing quantity as it does.
    let missing = if kind == "External" && by_average { "<unknown>" } else { "<nil>" };
    let is = is.map_or_else(|| "<unknown>".to_owned(), |is| is.at(of).or(missing));
    format!("{title}\t{is} / {}", target.at(of).or("<nil>"))
}

/// A resource that pods, or one container of each, use.
fn resource(kind: &str, wanted: Json<'_>, is: Option<Json<'_>>) -> String {
    let name = wanted.at("name");
    let title = match kind {
        "Resource" => format!("resource {name} on pods"),
        _ => format!("resource {name} of container \"{}\" on pods", wanted.at("container")),
    };
    let target = wanted.at("target");
    if target.at("averageValue").is_set() {
        let is = is.map_or_else(|| "<unknown>".to_owned(), |is| is.at("averageValue").or("<nil>"));
        return format!("{title}:\t{is} / {}", target.at("averageValue"));
    }
    let is = is.filter(|is| is.at("averageUtilization").is_set());
    let is = is.map_or_else(
        || "<unknown>".to_owned(),
        |is| format!("{}% ({})", is.at("averageUtilization"), is.at("averageValue").or("<nil>")),
    );
    let wanted = target.at("averageUtilization");
    let wanted = if wanted.is_set() { format!("{wanted}%") } else { "<auto>".to_owned() };
    format!("{title}  (as a percentage of request):\t{is} / {wanted}")
}

/// How it scales up or down.
fn direction(title: &str, rules: Json<'_>, out: &mut Writer) {
    if !rules.is_set() {
        return;
    }
    out.line(1, format!("{title}:"));
    let window = rules.at("stabilizationWindowSeconds");
    if window.is_set() {
        out.line(2, format!("Stabilization Window: {window} seconds"));
    }
    if rules.at("policies").is_empty() {
        return;
    }
    out.line(2, format!("Select Policy: {}", rules.at("selectPolicy").or("Max")));
    out.line(2, "Policies:");
    for policy in rules.at("policies").list() {
        let (kind, value, period) = (policy.at("type"), policy.at("value").int(), policy.at("periodSeconds").int());
        out.line(3, format!("- Type: {kind}\tValue: {value}\tPeriod: {period} seconds"));
    }
}
