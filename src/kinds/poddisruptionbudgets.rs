//! Pod disruption budgets: how many pods of a group may be taken away at once.

use super::cell::{Cell, Tone};
use super::kind::Width::{Fill, Fit};
use super::kind::{Column, Enter, Kind, Names, column, names, right};
use super::lenient::{Scalar, null};
use super::meta::Meta;
use super::object::Object;
use super::row::{Health, Link};
use super::selector::Selector;
use super::wire::{self, Message};
use serde::Deserialize;

/// The kind.
pub struct PodDisruptionBudgets;

/// A budget, as far as its columns need it.
pub type PodDisruptionBudget = Object<Spec, Status>;

/// `spec`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Spec {
    min_available: Option<Scalar>,
    max_unavailable: Option<Scalar>,
    selector: Option<Selector>,
}

/// `status`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Status {
    #[serde(deserialize_with = "null")]
    disruptions_allowed: i64,
    #[serde(deserialize_with = "null")]
    current_healthy: i64,
    #[serde(deserialize_with = "null")]
    desired_healthy: i64,
    #[serde(deserialize_with = "null")]
    expected_pods: i64,
}

impl Kind for PodDisruptionBudgets {
    type Object = PodDisruptionBudget;
    const NAMES: Names = names("policy", "v1", "poddisruptionbudgets", "PodDisruptionBudget", &["pdb"]);
    const COLUMNS: &'static [Column<PodDisruptionBudget>] = &[
        column("NAME", Fill(1), |b| Cell::text(&b.metadata.name)),
        right(column("MIN AVAILABLE", Fit(13), |b| limit(b.spec.min_available.as_ref()))),
        right(column("MAX UNAVAILABLE", Fit(15), |b| limit(b.spec.max_unavailable.as_ref()))),
        right(column("ALLOWED DISRUPTIONS", Fit(19), allowed)),
        right(column("AGE", Fit(9), |b| Cell::since(b.metadata.creation_timestamp))),
    ];
    const WIRE: Option<&'static Message> = Some(&wire::autoscaling::BUDGET);
    const ENTER: Enter = Enter::PodsSelected;

    fn meta(budget: PodDisruptionBudget) -> Meta {
        budget.metadata
    }

    /// The pods that it protects: none without a selector, all of the namespace with an empty one.
    fn link(budget: &PodDisruptionBudget) -> Link {
        budget.spec.selector.as_ref().map_or(Link::None, Selector::link_or_all)
    }

    /// Pending while fewer pods are healthy than there must be.
    fn health(budget: &PodDisruptionBudget) -> Health {
        let Status { current_healthy, desired_healthy, .. } = budget.status;
        if current_healthy < desired_healthy { Health::Pending } else { Health::Fine }
    }
}

fn limit(limit: Option<&Scalar>) -> Cell {
    limit.map_or_else(|| Cell::text("N/A").tone(Tone::Quiet), |Scalar(text)| Cell::text(text))
}

/// Worth a look when there are pods and none of them may be evicted: no node that they run on can be drained.
fn allowed(budget: &PodDisruptionBudget) -> Cell {
    let Status { disruptions_allowed, expected_pods, .. } = budget.status;
    let stuck = disruptions_allowed == 0 && expected_pods > 0;
    Cell::count(disruptions_allowed).tone(if stuck { Tone::Warn } else { Tone::Plain })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::testing::{row, shown};
    use serde_json::{Value, json};

    fn budget(spec: &Value, status: &Value) -> Value {
        json!({"metadata": {"name": "web", "creationTimestamp": "2026-11-23T15:22:00Z"}, "spec": spec, "status": status})
    }

    #[test]
    fn its_cells_are_kubectls() {
        let number = budget(&json!({"minAvailable": 2}), &json!({"disruptionsAllowed": 1, "expectedPods": 3}));
        assert_eq!(shown(&PodDisruptionBudgets, &number), ["web", "2", "N/A", "1", "10m"]);
        let percent = budget(&json!({"minAvailable": null, "maxUnavailable": "25%"}), &json!(null));
        assert_eq!(shown(&PodDisruptionBudgets, &percent), ["web", "N/A", "25%", "0", "10m"]);
    }

    #[test]
    fn a_budget_that_is_used_up_stands_out() {
        let state = |allowed: i64, healthy: i64, pods: i64| {
            let status = json!({"disruptionsAllowed": allowed, "currentHealthy": healthy, "desiredHealthy": 2, "expectedPods": pods});
            let row = row(&PodDisruptionBudgets, &budget(&json!({}), &status));
            (row.cells[3].tone, row.health)
        };
        assert_eq!(state(1, 3, 3), (Tone::Plain, Health::Fine));
        assert_eq!(state(0, 2, 3), (Tone::Warn, Health::Fine));
        assert_eq!(state(0, 1, 3), (Tone::Warn, Health::Pending));
        assert_eq!(state(0, 2, 0), (Tone::Plain, Health::Fine));
    }

    #[test]
    fn an_empty_selector_is_every_pod_and_none_is_no_pod() {
        let link = |spec: Value| row(&PodDisruptionBudgets, &budget(&spec, &json!({}))).link;
        assert_eq!(link(json!({"selector": {"matchLabels": {"app": "web"}}})), Link::Selects("app=web".to_owned()));
        assert_eq!(link(json!({"selector": {}})), Link::Selects(String::new()));
        assert_eq!(link(json!({"selector": null})), Link::None);
    }
}
