//! Horizontal pod autoscalers: how many pods a workload has, by what they are busy with.

use super::Text;
use super::cell::{Cell, Tone};
use super::condition::{Condition, Truth};
use super::kind::Width::{Fill, Fit};
use super::kind::{Column, Enter, Kind, Names, column, names, right};
use super::lenient::{Scalar, null};
use super::meta::{Meta, group_of};
use super::object::Object;
use super::row::{Health, Link, Reference};
use super::wire::{self, Message};
use serde::Deserialize;

/// The kind.
pub struct HorizontalPodAutoscalers;

/// An autoscaler, as far as its columns need it.
pub type HorizontalPodAutoscaler = Object<Spec, Status>;

/// `spec`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Spec {
    #[serde(deserialize_with = "null")]
    scale_target_ref: Target,
    min_replicas: Option<i64>,
    #[serde(deserialize_with = "null")]
    max_replicas: i64,
    #[serde(deserialize_with = "null")]
    metrics: Vec<Metric>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Target {
    #[serde(deserialize_with = "null")]
    api_version: Text,
    #[serde(deserialize_with = "null")]
    kind: Text,
    #[serde(deserialize_with = "null")]
    name: Text,
}

/// `status`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Status {
    #[serde(deserialize_with = "null")]
    current_replicas: i64,
    #[serde(deserialize_with = "null")]
    current_metrics: Vec<Metric>,
    #[serde(deserialize_with = "null")]
    conditions: Vec<Condition>,
}

/// An entry of `metrics` or of `currentMetrics`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Metric {
    #[serde(rename = "type", deserialize_with = "null")]
    kind: Text,
    resource: Option<Source>,
    container_resource: Option<Source>,
    pods: Option<Source>,
    object: Option<Source>,
    external: Option<Source>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Source {
    #[serde(deserialize_with = "null")]
    name: Text,
    /// What shall be, or what is.
    #[serde(alias = "current", deserialize_with = "null")]
    target: Amount,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Amount {
    value: Option<Scalar>,
    average_value: Option<Scalar>,
    average_utilization: Option<i64>,
}

impl Kind for HorizontalPodAutoscalers {
    type Object = HorizontalPodAutoscaler;
    const NAMES: Names = names("autoscaling", "v2", "horizontalpodautoscalers", "HorizontalPodAutoscaler", &["hpa"]);
    const COLUMNS: &'static [Column<HorizontalPodAutoscaler>] = &[
        column("NAME", Fill(1), |h| Cell::text(&h.metadata.name)),
        column("REFERENCE", Fit(60), reference),
        column("TARGETS", Fit(60), targets),
        right(column("MINPODS", Fit(7), |h| h.spec.min_replicas.map_or_else(Cell::unset, Cell::count))),
        right(column("MAXPODS", Fit(7), |h| Cell::count(h.spec.max_replicas))),
        right(column("REPLICAS", Fit(8), replicas)),
        right(column("AGE", Fit(9), |h| Cell::since(h.metadata.creation_timestamp))),
    ];
    const WIRE: Option<&'static Message> = Some(&wire::autoscaling::SCALER);
    const ENTER: Enter = Enter::About;

    fn meta(scaler: HorizontalPodAutoscaler) -> Meta {
        scaler.metadata
    }

    /// What it scales.
    fn link(scaler: &HorizontalPodAutoscaler) -> Link {
        let Target { api_version, kind, name } = &scaler.spec.scale_target_ref;
        Link::About(Reference {
            group: group_of(api_version).into(),
            kind: kind.clone(),
            namespace: scaler.metadata.namespace.clone(),
            name: name.clone(),
            uid: None,
        })
    }

    /// Failing when it cannot see what to go by, or cannot scale. It rests on purpose when nothing is to run.
    fn health(scaler: &HorizontalPodAutoscaler) -> Health {
        let fails = |c: &Condition| {
            c.status == Truth::False
                && (c.kind == "AbleToScale" || c.kind == "ScalingActive" && c.reason != "ScalingDisabled")
        };
        if scaler.status.conditions.iter().any(fails) { Health::Failing } else { Health::Fine }
    }
}

/// `Deployment/web`.
fn reference(scaler: &HorizontalPodAutoscaler) -> Cell {
    let Target { kind, name, .. } = &scaler.spec.scale_target_ref;
    Cell::text(format!("{kind}/{name}"))
}

/// At its upper end it can do no more.
fn replicas(scaler: &HorizontalPodAutoscaler) -> Cell {
    let (count, most) = (scaler.status.current_replicas, scaler.spec.max_replicas);
    Cell::count(count).tone(if count >= most && most > 0 { Tone::Warn } else { Tone::Plain })
}

/// The first two metrics: `cpu: 10%/80%, 5/10 (avg) + 1 more...`.
fn targets(scaler: &HorizontalPodAutoscaler) -> Cell {
    const SHOWN: usize = 2;
    let (metrics, current) = (&scaler.spec.metrics, &scaler.status.current_metrics);
    let shown = metrics.iter().enumerate().take(SHOWN).map(|(at, metric)| metric.beside(current.get(at)));
    let text = shown.collect::<Vec<_>>().join(", ");
    let tone = if HorizontalPodAutoscalers::health(scaler) == Health::Failing { Tone::Bad } else { Tone::Plain };
    match metrics.len().saturating_sub(SHOWN) {
        _ if metrics.is_empty() => Cell::none(),
        0 => Cell::text(text).tone(tone),
        more => Cell::text(format!("{text} + {more} more...")).tone(tone),
    }
}

impl Metric {
    fn source(&self, kind: &str) -> Option<&Source> {
        match kind {
            "Resource" => self.resource.as_ref(),
            "ContainerResource" => self.container_resource.as_ref(),
            "Pods" => self.pods.as_ref(),
            "Object" => self.object.as_ref(),
            "External" => self.external.as_ref(),
            _ => None,
        }
    }

    /// What is, and what shall be. A quantity that should be there and is not reads as Go prints it.
    fn beside(&self, current: Option<&Self>) -> String {
        const UNKNOWN: &str = "<unknown>";
        let kind = self.kind.as_str();
        let Some(Source { name, target }) = self.source(kind) else { return "<unknown type>".to_owned() };
        let now = current.and_then(|metric| metric.source(kind)).map(|source| &source.target);
        let average = now.map_or(UNKNOWN, |amount| quantity(amount.average_value.as_ref()));
        match (kind, &target.average_value) {
            ("Object" | "External", Some(Scalar(wanted))) => {
                let known = now.is_some_and(|amount| amount.average_value.is_some());
                format!("{}/{wanted} (avg)", if known { average } else { UNKNOWN })
            }
            ("Object" | "External", None) => {
                let value = now.map_or(UNKNOWN, |amount| quantity(amount.value.as_ref()));
                format!("{value}/{}", quantity(target.value.as_ref()))
            }
            ("Pods", wanted) => format!("{average}/{}", quantity(wanted.as_ref())),
            (_, Some(Scalar(wanted))) => format!("{name}: {average}/{wanted}"),
            (_, None) => {
                let percent = |share: Option<i64>, or: &str| share.map_or(or.to_owned(), |share| format!("{share}%"));
                let used = percent(now.and_then(|amount| amount.average_utilization), UNKNOWN);
                format!("{name}: {used}/{}", percent(target.average_utilization, "<auto>"))
            }
        }
    }
}

fn quantity(quantity: Option<&Scalar>) -> &str {
    quantity.map_or("<nil>", |Scalar(text)| text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::testing::{row, shown};
    use serde_json::{Value, json};

    fn scaler(metrics: &Value, current: &Value) -> Value {
        json!({
            "metadata": {"name": "web", "namespace": "shop", "creationTimestamp": "2026-11-23T15:22:00Z"},
            "spec": {"scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"},
                "minReplicas": 2, "maxReplicas": 10, "metrics": metrics},
            "status": {"currentReplicas": 4, "currentMetrics": current},
        })
    }

    fn targets(metrics: &Value, current: &Value) -> String {
        shown(&HorizontalPodAutoscalers, &scaler(metrics, current))[2].clone()
    }

    #[test]
    fn its_cells_are_kubectls() {
        let cpu = json!([{"type": "Resource", "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 80}}}]);
        let current = json!([{"type": "Resource", "resource": {"name": "cpu", "current": {"averageUtilization": 10, "averageValue": "100m"}}}]);
        let json = scaler(&cpu, &current);
        let cells = ["web", "Deployment/web", "cpu: 10%/80%", "2", "10", "4", "10m"];
        assert_eq!(shown(&HorizontalPodAutoscalers, &json), cells);
        let Link::About(target) = row(&HorizontalPodAutoscalers, &json).link else {
            panic!("it is about a deployment")
        };
        assert_eq!((target.group.as_str(), target.namespace.as_str(), target.uid), ("apps", "shop", None));
        let bare = json!({"spec": {"minReplicas": null, "metrics": null}});
        assert_eq!(shown(&HorizontalPodAutoscalers, &bare), ["", "/", "<none>", "<unset>", "0", "0", "<unknown>"]);
    }

    #[test]
    fn resources_are_shares_or_amounts() {
        for (kind, field) in [("Resource", "resource"), ("ContainerResource", "containerResource")] {
            let metric = |amount: Value| json!([{"type": kind, field: {"name": "cpu", "target": amount}}]);
            let current = |amount: Value| json!([{"type": kind, field: {"name": "cpu", "current": amount}}]);
            let (share, amount) = (metric(json!({"averageUtilization": 80})), metric(json!({"averageValue": "200m"})));
            assert_eq!(targets(&share, &json!([])), "cpu: <unknown>/80%");
            assert_eq!(targets(&share, &current(json!({"averageValue": "5"}))), "cpu: <unknown>/80%");
            assert_eq!(targets(&metric(json!({})), &current(json!({"averageUtilization": 5}))), "cpu: 5%/<auto>");
            assert_eq!(targets(&amount, &json!([])), "cpu: <unknown>/200m");
            assert_eq!(targets(&amount, &current(json!({"averageValue": "50m"}))), "cpu: 50m/200m");
        }
    }

    #[test]
    fn other_metrics_are_averages_or_values() {
        let pods = json!([{"type": "Pods", "pods": {"metric": {"name": "hits"}, "target": {"averageValue": "10"}}}]);
        assert_eq!(targets(&pods, &json!([])), "<unknown>/10");
        assert_eq!(targets(&pods, &json!([{"pods": {"current": {"averageValue": "7"}}}])), "7/10");
        for (kind, field) in [("Object", "object"), ("External", "external")] {
            let metric = |amount: Value| json!([{"type": kind, field: {"target": amount}}]);
            let current = |amount: Value| json!([{"type": kind, field: {"current": amount}}]);
            let (average, value) = (metric(json!({"averageValue": 5})), metric(json!({"value": "2k"})));
            assert_eq!(targets(&average, &current(json!({"value": "1"}))), "<unknown>/5 (avg)");
            assert_eq!(targets(&average, &current(json!({"averageValue": "3"}))), "3/5 (avg)");
            assert_eq!(targets(&value, &json!([])), "<unknown>/2k");
            assert_eq!(targets(&value, &current(json!({"value": "1k"}))), "1k/2k");
            assert_eq!(targets(&value, &current(json!({}))), "<nil>/2k");
        }
        assert_eq!(targets(&json!([{"type": "New"}]), &json!([])), "<unknown type>");
    }

    #[test]
    fn two_metrics_are_shown_and_the_others_counted() {
        let cpu = json!({"type": "Resource", "resource": {"name": "cpu", "target": {"averageUtilization": 80}}});
        let two = "cpu: <unknown>/80%, cpu: <unknown>/80%";
        assert_eq!(targets(&json!([cpu, cpu]), &json!([])), two);
        assert_eq!(targets(&json!([cpu, cpu, cpu, cpu]), &json!([])), format!("{two} + 2 more..."));
    }

    #[test]
    fn it_fails_when_it_cannot_see_or_scale_and_not_when_it_rests() {
        let health = |kind: &str, status: &str, reason: &str| {
            let mut json = scaler(&json!([]), &json!([]));
            json["status"]["conditions"] = json!([{"type": kind, "status": status, "reason": reason}]);
            row(&HorizontalPodAutoscalers, &json).health
        };
        assert_eq!(health("ScalingActive", "False", "FailedGetResourceMetric"), Health::Failing);
        assert_eq!(health("ScalingActive", "False", "ScalingDisabled"), Health::Fine);
        assert_eq!(health("AbleToScale", "False", "FailedGetScale"), Health::Failing);
        assert_eq!(health("AbleToScale", "True", "SucceededGetScale"), Health::Fine);
        assert_eq!(health("ScalingLimited", "False", ""), Health::Fine);
    }
}
