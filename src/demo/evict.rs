//! Evictions: deletions that the disruption budget of the pod has to allow, as kube-apiserver decides about them.

use serde_json::{Value, json};
use std::sync::Arc;

use super::answer::{Answer, Failure, Outcome};
use super::clock::stamp;
use super::delete::{check, delete_one};
use super::json::{has, int, list, set, set_key, text};
use super::read::found;
use super::request::{Request, Target};
use super::select::Selector;
use super::store::name_of;
use super::world::World;
use super::{options, pod};

/// Answers an eviction.
///
/// # Errors
/// 404 without the pod, 429 when its budget allows no disruption, 409 on preconditions, 400 for what is no eviction,
/// 500 when two budgets claim the pod, 403 in a namespace that is being deleted.
pub fn evict(world: &mut World, request: &Request, target: &Target) -> Outcome {
    let body = request.json()?;
    let (version, kind) = (text(&body, "/apiVersion"), text(&body, "/kind"));
    if kind != "Eviction" || !version.starts_with("policy/") {
        let message = format!("{kind} in version \"{version}\" cannot be handled as a Eviction");
        return Err(Failure::bad_request(message));
    }
    if target.name.as_deref() != Some(text(&body, "/metadata/name")) {
        return Err(Failure::bad_request("name in URL does not match name in Eviction object"));
    }
    let (namespace, name) = target.object();
    let home = world.get("namespaces", &(String::new(), namespace.clone()));
    if home.is_some_and(|home| has(&home, "/metadata/deletionTimestamp")) {
        return Err(Failure::terminating(target.resource, &name, &namespace));
    }
    let options = body.get("deleteOptions").cloned().unwrap_or_default();
    let dry = request.is_dry() || options::is_dry(&options);
    let pod = found(world, target)?;
    check(target.resource, &pod, &options)?;
    let budget = if ignores_budgets(&pod) { None } else { budget_of(world, &pod)? };
    let budget = budget.filter(|budget| !spares(budget, &pod));
    if let Some(budget) = budget {
        allows(&budget)?;
        if !dry {
            spend(world, &budget, &pod);
        }
    }
    if !dry {
        let marked = mark(world, target, &pod);
        delete_one(world, (target.resource, &marked), &options);
    }
    let success = json!({"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "code": 201});
    Ok(Answer::json(201, &success))
}

/// Whether no budget counts this pod: it has ended, has not begun, or goes already.
fn ignores_budgets(pod: &Value) -> bool {
    has(pod, "/metadata/deletionTimestamp") || matches!(text(pod, "/status/phase"), "Succeeded" | "Failed" | "Pending")
}

/// The one budget that selects the pod.
fn budget_of(world: &World, pod: &Value) -> Result<Option<Arc<Value>>, Failure> {
    let budgets = world.store.within("poddisruptionbudgets", text(pod, "/metadata/namespace"));
    let selects =
        |budget: &Value| budget.pointer("/spec/selector").is_some_and(|selector| Selector::of(selector).matches(pod));
    let mut mine = budgets.filter(|budget| selects(budget)).cloned();
    let first = mine.next();
    if mine.next().is_some() {
        let message =
            "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.";
        return Err(Failure::new(500, "", message));
    }
    Ok(first)
}

/// Whether a pod that is not ready may go without being counted.
fn spares(budget: &Value, pod: &Value) -> bool {
    let (healthy, desired) = (int(budget, "/status/currentHealthy"), int(budget, "/status/desiredHealthy"));
    let always = text(budget, "/spec/unhealthyPodEvictionPolicy") == "AlwaysAllow";
    !pod::is_ready(pod) && (always || healthy >= desired && desired > 0)
}

fn allows(budget: &Value) -> Result<(), Failure> {
    let name = text(budget, "/metadata/name");
    if int(budget, "/status/observedGeneration") < int(budget, "/metadata/generation") {
        let cause = format!("The disruption budget {name} is still being processed by the server.");
        return Err(blocked(&cause, Some(10)));
    }
    if int(budget, "/status/disruptionsAllowed") > 0 {
        return Ok(());
    }
    let (healthy, desired) = (int(budget, "/status/currentHealthy"), int(budget, "/status/desiredHealthy"));
    let cause = if healthy <= desired {
        format!("The disruption budget {name} needs {desired} healthy pods and has {healthy} currently")
    } else {
        format!("The disruption budget {name} does not allow evicting pods currently")
    };
    Err(blocked(&cause, None))
}

fn blocked(cause: &str, retry: Option<u64>) -> Failure {
    let message = "Cannot evict pod as it would violate the pod's disruption budget.";
    let mut failure = Failure::new(429, "TooManyRequests", message);
    failure.details = json!({"causes": [{"reason": "DisruptionBudget", "message": cause}]});
    if let Some(seconds) = retry {
        set(&mut failure.details, "/retryAfterSeconds", seconds);
    }
    failure
}

/// Counts one disruption off, until the budget's controller counts anew.
fn spend(world: &mut World, budget: &Value, pod: &Value) {
    let now = stamp(world.now());
    world.edit("poddisruptionbudgets", &name_of(budget), |budget| {
        set(budget, "/status/disruptionsAllowed", int(budget, "/status/disruptionsAllowed") - 1);
        set_key(budget, "/status/disruptedPods", text(pod, "/metadata/name"), now);
    });
}

/// Writes on the pod that it is to be disrupted.
fn mark(world: &mut World, target: &Target, pod: &Arc<Value>) -> Arc<Value> {
    let now = world.now();
    world.edit("pods", &target.object(), |pod| {
        pod::condition(pod, ("DisruptionTarget", true), now);
        let mut all = list(pod, "/status/conditions").to_vec();
        for each in all.iter_mut().filter(|each| text(each, "/type") == "DisruptionTarget") {
            set(each, "/reason", "EvictionByEvictionAPI");
            set(each, "/message", "Eviction API: evicting");
        }
        set(pod, "/status/conditions", all);
    });
    world.store.get(target.resource, &target.object()).map_or_else(|| Arc::clone(pod), Arc::clone)
}
