//! `PodDisruptionBudget`s: which of them covers a pod, and whether it lets the pod go now. The rules are those of the
//! API server (Kubernetes 1.36 `pkg/registry/core/pod/storage/eviction.go`); what is told beforehand is a forecast,
//! what the server answers to an eviction is the truth.

use super::pod::Pod;
use crate::kinds::drain::Guard;
use crate::kinds::lenient::{entries, null};
use crate::kinds::selector::{Requirement, Selector};
use crate::text::safe;
use serde::Deserialize;
use std::collections::HashMap;

/// So many evictions that are not confirmed yet the server takes for one budget.
const MOST_UNCONFIRMED: usize = 2_000;

/// A `PodDisruptionBudget`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Budget {
    #[serde(deserialize_with = "null")]
    metadata: Metadata,
    #[serde(deserialize_with = "null")]
    spec: Spec,
    #[serde(deserialize_with = "null")]
    status: Status,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Metadata {
    #[serde(deserialize_with = "null")]
    name: String,
    #[serde(deserialize_with = "null")]
    namespace: String,
    #[serde(deserialize_with = "null")]
    generation: i64,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Spec {
    selector: Option<Selector>,
    #[serde(deserialize_with = "null")]
    unhealthy_pod_eviction_policy: String,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Status {
    #[serde(deserialize_with = "null")]
    observed_generation: i64,
    #[serde(deserialize_with = "null")]
    disruptions_allowed: i64,
    #[serde(deserialize_with = "null")]
    current_healthy: i64,
    #[serde(deserialize_with = "null")]
    desired_healthy: i64,
    #[serde(deserialize_with = "entries")]
    disrupted_pods: usize,
}

impl Budget {
    /// Whether it covers `pod`. An empty selector is every pod of the namespace, none at all is no pod, and one that
    /// is invalid covers nothing.
    pub fn covers(&self, pod: &Pod) -> bool {
        let selector = self.spec.selector.as_ref().filter(|_| self.metadata.namespace == pod.metadata.namespace);
        let Some(selector) = selector.filter(|selector| selector.text().is_some()) else { return false };
        let label = |key: &str| pod.metadata.labels.get(key).map(|value| value.as_deref().unwrap_or_default());
        let pair = |line: &str| line.split_once('=').is_some_and(|(key, value)| label(key) == Some(value));
        selector.match_labels.lines().all(pair) && selector.match_expressions.iter().all(|r| holds(r, label(&r.key)))
    }

    /// Whether `pod` may go without a disruption being counted, since it is not ready anyway.
    fn lets_unready_go(&self, pod: &Pod) -> bool {
        let status = &self.status;
        let enough = status.current_healthy >= status.desired_healthy && status.desired_healthy > 0;
        !pod.is_ready() && (self.spec.unhealthy_pod_eviction_policy == "AlwaysAllow" || enough)
    }

    /// Why it lets no pod go that it counts, after `taken` others went.
    fn refuses(&self, taken: i64) -> Option<String> {
        let (name, status) = (safe(&self.metadata.name), &self.status);
        let allowed = status.disruptions_allowed;
        if status.observed_generation < self.metadata.generation {
            return Some(format!("the controller has not looked at the budget {name} yet"));
        }
        if allowed < 0 || status.disrupted_pods > MOST_UNCONFIRMED {
            return Some(format!("the budget {name} is in disorder: the server refuses every eviction"));
        }
        if allowed == 0 {
            let (needs, has) = (status.desired_healthy, status.current_healthy);
            return Some(format!(
                "the budget {name} allows no disruption now: it needs {needs} healthy pods and has {has}"
            ));
        }
        let waits = || format!("the budget {name} allows {allowed} at a time: it waits for others");
        (taken >= allowed).then(waits)
    }
}

/// Whether no budget is asked about `pod`: it has not begun, has ended, or is ending.
fn is_exempt(pod: &Pod) -> bool {
    pod.is_finished() || pod.is_pending() || pod.metadata.deletion_timestamp.is_some()
}

/// Whether a requirement holds for a label with this value.
fn holds(requirement: &Requirement, value: Option<&str>) -> bool {
    let listed = value.is_some_and(|value| requirement.values.iter().any(|one| one == value));
    match requirement.operator.as_str() {
        "In" => listed,
        "NotIn" => !listed,
        "Exists" => value.is_some(),
        "DoesNotExist" => value.is_none(),
        _ => false,
    }
}

/// What the budgets say to the eviction of `pods`, one after the other.
pub fn guards<'a>(pods: impl Iterator<Item = &'a Pod>, budgets: &[Budget]) -> Vec<Option<Guard>> {
    let mut taken: HashMap<(&str, &str), i64> = HashMap::new();
    pods.map(|pod| {
        let mut covering = budgets.iter().filter(|budget| budget.covers(pod));
        let budget = covering.next()?;
        let key = (budget.metadata.namespace.as_str(), budget.metadata.name.as_str());
        let name = safe(&budget.metadata.name).into_owned();
        let mut guard = Guard { budget: name, allowed: budget.status.disruptions_allowed, refuses: None };
        if is_exempt(pod) {
            return Some(guard);
        }
        if let Some(second) = covering.next() {
            let names = format!("{} and {}", guard.budget, safe(&second.metadata.name));
            guard.refuses = Some(format!("the budgets {names} cover it, and the server evicts no pod that has two"));
            return Some(guard);
        }
        if budget.lets_unready_go(pod) {
            return Some(guard);
        }
        let before = taken.entry(key).or_default();
        guard.refuses = budget.refuses(*before);
        *before += i64::from(guard.refuses.is_none());
        Some(guard)
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn pod(name: &str, extra: &Value) -> Pod {
        let mut object = json!({
            "metadata": {"name": name, "namespace": "shop", "labels": {"app": "web", "tier": "front"}},
            "status": {"phase": "Running", "conditions": [{"type": "Ready", "status": "True"}]},
        });
        for (path, value) in extra.as_object().unwrap() {
            *object.pointer_mut(path).unwrap() = value.clone();
        }
        serde_json::from_value(object).unwrap()
    }

    fn budget(selector: &Value, status: &Value) -> Budget {
        serde_json::from_value(json!({
            "metadata": {"name": "web", "namespace": "shop", "generation": 1},
            "spec": {"selector": selector},
            "status": status,
        }))
        .unwrap()
    }

    fn allowing(allowed: i64) -> Value {
        json!({"observedGeneration": 1, "disruptionsAllowed": allowed, "currentHealthy": 2, "desiredHealthy": 2})
    }

    fn every() -> Value {
        json!({"matchLabels": {"app": "web"}})
    }

    /// What the budgets say, as `-` (not covered), `ok`, or the reason.
    fn said(pods: &[Pod], budgets: &[Budget]) -> Vec<String> {
        let word = |guard: Option<Guard>| match guard {
            None => "-".to_owned(),
            Some(guard) => guard.refuses.unwrap_or_else(|| "ok".to_owned()),
        };
        guards(pods.iter(), budgets).into_iter().map(word).collect()
    }

    #[test]
    fn selectors_select_as_the_server_selects() {
        let expression = |key: &str, operator: &str, values: &[&str]| json!({"matchExpressions": [{"key": key, "operator": operator, "values": values}]});
        for (selector, wanted) in [
            (json!({}), true),
            (json!(null), false),
            (every(), true),
            (json!({"matchLabels": {"app": "web", "tier": "back"}}), false),
            (expression("app", "In", &["api", "web"]), true),
            (expression("app", "In", &["api"]), false),
            (expression("app", "NotIn", &["web"]), false),
            (expression("zone", "NotIn", &["web"]), true),
            (expression("tier", "Exists", &[]), true),
            (expression("zone", "Exists", &[]), false),
            (expression("zone", "DoesNotExist", &[]), true),
            (expression("tier", "DoesNotExist", &[]), false),
            (expression("app", "Like", &["web"]), false),
            (expression("app", "In", &[]), false),
        ] {
            assert_eq!(budget(&selector, &allowing(1)).covers(&pod("a", &json!({}))), wanted, "{selector}");
        }
        let elsewhere = pod("a", &json!({"/metadata/namespace": "other"}));
        assert!(!budget(&every(), &allowing(1)).covers(&elsewhere));
    }

    #[test]
    fn a_budget_lets_so_many_go_at_a_time() {
        let pods = ["a", "b", "c"].map(|name| pod(name, &json!({})));
        let waits = "the budget web allows 2 at a time: it waits for others";
        assert_eq!(said(&pods, &[budget(&every(), &allowing(2))]), ["ok", "ok", waits]);
        assert_eq!(said(&pods, &[budget(&json!(null), &allowing(0))]), ["-", "-", "-"]);
    }

    #[test]
    fn a_budget_that_is_used_up_says_what_it_needs() {
        let why = "the budget web allows no disruption now: it needs 2 healthy pods and has 2";
        assert_eq!(said(&[pod("a", &json!({}))], &[budget(&every(), &allowing(0))]), [why]);
    }

    #[test]
    fn pods_that_are_no_loss_need_no_permission() {
        let none = [budget(&every(), &json!({"observedGeneration": 1, "currentHealthy": 1, "desiredHealthy": 2}))];
        for phase in ["Pending", "Succeeded", "Failed"] {
            assert_eq!(said(&[pod("a", &json!({"/status/phase": phase}))], &none), ["ok"], "{phase}");
        }
        let mut terminating = pod("a", &json!({}));
        terminating.metadata.deletion_timestamp = Some(crate::kinds::Time(1));
        assert_eq!(said(&[terminating], &none), ["ok"]);
        let unready = || pod("a", &json!({"/status/conditions": []}));
        assert_ne!(said(&[unready()], &none), ["ok"], "one that is not ready, of too few");
        assert_eq!(said(&[unready()], &[budget(&every(), &allowing(0))]), ["ok"], "one that is not ready, of enough");
        let mut always = none[0].clone();
        always.spec.unhealthy_pod_eviction_policy = "AlwaysAllow".to_owned();
        assert_eq!(said(&[unready()], &[always]), ["ok"]);
        let no_need = json!({"observedGeneration": 1, "currentHealthy": 0, "desiredHealthy": 0});
        assert_ne!(said(&[unready()], &[budget(&every(), &no_need)]), ["ok"], "a budget that needs nothing protects");
    }

    #[test]
    fn unready_pods_take_nothing_from_the_budget() {
        let pods = [pod("a", &json!({"/status/conditions": []})), pod("b", &json!({}))];
        assert_eq!(said(&pods, &[budget(&every(), &allowing(1))]), ["ok", "ok"]);
    }

    #[test]
    fn two_budgets_let_nothing_go() {
        let both = [budget(&every(), &allowing(1)), budget(&json!({}), &allowing(1))];
        let why = "the budgets web and web cover it, and the server evicts no pod that has two";
        assert_eq!(said(&[pod("a", &json!({}))], &both), [why]);
        assert_eq!(said(&[pod("a", &json!({"/status/conditions": []}))], &both), [why]);
        assert_eq!(said(&[pod("a", &json!({"/status/phase": "Pending"}))], &both), ["ok"]);
    }

    #[test]
    fn a_budget_that_nobody_looked_at_or_that_is_in_disorder_lets_nothing_go() {
        let stale = json!({"observedGeneration": 0, "disruptionsAllowed": 1});
        let why = "the controller has not looked at the budget web yet";
        assert_eq!(said(&[pod("a", &json!({}))], &[budget(&every(), &stale)]), [why]);
        let why = "the budget web is in disorder: the server refuses every eviction";
        assert_eq!(said(&[pod("a", &json!({}))], &[budget(&every(), &allowing(-1))]), [why]);
    }
}
