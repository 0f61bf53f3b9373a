//! The controller of disruption budgets: how many pods are healthy, and how many of them can be spared.

use serde_json::{Value, json};

use crate::demo::clock::stamp;
use crate::demo::json::{entries, has, int, list, remove, set, text};
use crate::demo::pod;
use crate::demo::resource;
use crate::demo::select::Selector;
use crate::demo::store::Name;
use crate::demo::world::World;

/// Has the budgets of a namespace looked at again.
pub fn pod_changed(world: &mut World, namespace: &str) {
    let names = world.store.all("poddisruptionbudgets").map(|(name, _)| name).filter(|name| name.0 == namespace);
    let names: Vec<Name> = names.cloned().collect();
    world.dirty.extend(names.into_iter().map(|name| ("poddisruptionbudgets", name)));
}

/// Writes the status of a budget.
pub fn observe(world: &mut World, name: &Name) {
    let Some(budget) = world.get("poddisruptionbudgets", name) else { return };
    let selector = Selector::of(budget.pointer("/spec/selector").unwrap_or(&Value::Null));
    let pods = world.store.within("pods", &name.0).filter(|pod| selector.matches(pod) && lives(pod));
    let pods: Vec<_> = pods.cloned().collect();
    let disrupted: Vec<(String, Value)> = entries(&budget, "/status/disruptedPods")
        .filter(|(pod, _)| pods.iter().any(|own| text(own, "/metadata/name") == **pod && pod::is_active(own)))
        .map(|(pod, when)| (pod.clone(), when.clone()))
        .collect();
    let counted = |pod: &Value| {
        let name = text(pod, "/metadata/name");
        pod::is_ready(pod) && pod::is_active(pod) && !disrupted.iter().any(|(own, _)| own == name)
    };
    let healthy = i64::try_from(pods.iter().filter(|pod| counted(pod)).count()).unwrap_or_default();
    let expected = expected(world, &pods);
    let desired = desired(&budget, expected);
    let allowed = if expected == 0 { 0 } else { (healthy - desired).max(0) };
    let now = stamp(world.now());
    world.edit("poddisruptionbudgets", name, |budget| {
        for (path, number) in [
            ("/status/currentHealthy", healthy),
            ("/status/desiredHealthy", desired),
            ("/status/expectedPods", expected),
            ("/status/disruptionsAllowed", allowed),
            ("/status/observedGeneration", int(budget, "/metadata/generation")),
        ] {
            set(budget, path, number);
        }
        if disrupted.is_empty() {
            remove(budget, "/status/disruptedPods");
        } else {
            set(budget, "/status/disruptedPods", Value::Object(disrupted.into_iter().collect()));
        }
        condition(budget, allowed > 0, &now);
    });
}

fn lives(pod: &Value) -> bool {
    !matches!(text(pod, "/status/phase"), "Succeeded" | "Failed")
}

fn condition(budget: &mut Value, allowed: bool, now: &str) {
    let (status, reason) = if allowed { ("True", "SufficientPods") } else { ("False", "InsufficientPods") };
    let old = list(budget, "/status/conditions").first();
    let turned =
        old.filter(|old| text(old, "/status") == status).map(|old| text(old, "/lastTransitionTime").to_owned());
    let condition = json!({
        "type": "DisruptionAllowed", "status": status, "reason": reason, "message": "",
        "observedGeneration": int(budget, "/metadata/generation"),
        "lastTransitionTime": turned.unwrap_or_else(|| now.to_owned()),
    });
    set(budget, "/status/conditions", json!([condition]));
}

/// How many pods there should be: what the controllers of those that there are want, and each other pod.
fn expected(world: &World, pods: &[std::sync::Arc<Value>]) -> i64 {
    let (mut owners, mut total) = (Vec::new(), 0);
    for pod in pods {
        let owner = list(pod, "/metadata/ownerReferences").first();
        let kind = owner.and_then(|owner| resource::by_kind(text(owner, "/apiVersion"), text(owner, "/kind")));
        let name = owner.map(|owner| text(owner, "/name").to_owned()).unwrap_or_default();
        let place = (text(pod, "/metadata/namespace").to_owned(), name.clone());
        let found = kind.and_then(|kind| world.store.get(kind, &place));
        match found.filter(|owner| has(owner, "/spec/replicas")) {
            None => total += 1,
            Some(_) if owners.contains(&name) => {}
            Some(owner) => {
                total += int(owner, "/spec/replicas");
                owners.push(name);
            }
        }
    }
    total
}

/// How many healthy pods a budget wants. Percentages are rounded up.
fn desired(budget: &Value, expected: i64) -> i64 {
    let number = |path: &str| match budget.pointer(path) {
        Some(Value::String(percent)) => {
            let percent: i64 = percent.trim_end_matches('%').parse().unwrap_or_default();
            Some((expected * percent + 99) / 100)
        }
        number => number.and_then(Value::as_i64),
    };
    match (number("/spec/minAvailable"), number("/spec/maxUnavailable")) {
        (Some(least), _) => least,
        (None, Some(most)) => (expected - most).max(0),
        (None, None) => 0,
    }
}
