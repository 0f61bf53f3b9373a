//! Delete and evict: grace periods, preconditions, finalizers and what goes with an object.

use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;

use super::agenda::Deed;
use super::answer::{Answer, Failure, Outcome};
use super::clock::{ago, stamp};
use super::json::{has, int, list, set, text};
use super::read::{found, uid};
use super::request::{Request, Target};
use super::resource::{self, Resource};
use super::select::Selector;
use super::store::{Name, name_of};
use super::view::View;
use super::world::World;

/// Answers DELETE.
///
/// # Errors
/// 404 without the object, 409 when a precondition does not hold.
pub fn delete(world: &mut World, request: &Request, target: &Target) -> Outcome {
    let mut options = request.json()?;
    if target.name.is_none() {
        return delete_all(world, request, target, &options);
    }
    for name in ["gracePeriodSeconds", "propagationPolicy"] {
        let given = request.param(name);
        if !given.is_empty() {
            set(&mut options, &format!("/{name}"), given.parse::<i64>().map_or_else(|_| given.into(), Value::from));
        }
    }
    let object = found(world, target)?;
    check(target.resource, &object, &options)?;
    let left = if request.is_dry(&options) { None } else { delete_one(world, (target.resource, &object), &options) };
    let shown = match left {
        Some(left) => View::of(request)?.one((target.resource, &left), world.now(), true),
        // Of those that are served, these give back what they were (`ReturnDeletedObject` of their stores).
        None if target.resource.plural == "pods" => {
            let mut last = Value::clone(&object);
            set(&mut last, "/metadata/deletionTimestamp", stamp(world.now()));
            set(&mut last, "/metadata/deletionGracePeriodSeconds", 0);
            View::of(request)?.one((target.resource, &last), world.now(), true)
        }
        None => success(target.resource, &object),
    };
    Ok(Answer::json(200, &shown))
}

fn delete_all(world: &mut World, request: &Request, target: &Target, options: &Value) -> Outcome {
    let selector = request.selector()?;
    let inside = |name: &Name| target.namespace.as_ref().is_none_or(|ns| *ns == name.0);
    let all = world.store.all(target.resource.plural).filter(|(name, object)| inside(name) && selector.matches(object));
    let gone: Vec<Arc<Value>> = all.map(|(_, object)| Arc::clone(object)).collect();
    if !request.is_dry(options) {
        for object in &gone {
            delete_one(world, (target.resource, object), options);
        }
    }
    let objects: Vec<&Value> = gone.iter().map(|object| &**object).collect();
    let meta = json!({"resourceVersion": world.store.version().to_string()});
    Ok(Answer::raw(200, "application/json", View::of(request)?.many(target.resource, &objects, (meta, world.now()))))
}

/// Refuses to delete what is not the object that was meant.
fn check(resource: &Resource, object: &Value, options: &Value) -> Result<(), Failure> {
    for (wanted, own, (what, happened)) in [
        ("/preconditions/uid", "/metadata/uid", ("UID", "deleted and then recreated")),
        ("/preconditions/resourceVersion", "/metadata/resourceVersion", ("ResourceVersion", "modified")),
    ] {
        let (wanted, own) = (text(options, wanted), text(object, own));
        if !wanted.is_empty() && wanted != own {
            let why = format!(
                "the {what} in the precondition ({wanted}) does not match the {what} in record ({own}). The object might have been {happened}"
            );
            return Err(Failure::unmet(resource, text(object, "/metadata/name"), &why));
        }
    }
    Ok(())
}

fn success(resource: &Resource, object: &Value) -> Value {
    let mut details = json!({"name": text(object, "/metadata/name"), "kind": resource.plural, "uid": uid(object)});
    if !resource.group.is_empty() {
        set(&mut details, "/group", resource.group);
    }
    json!({"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "details": details})
}

/// Deletes an object, or begins to; returns it as it is when it stays for a while.
fn delete_one(
    world: &mut World,
    (resource, object): (&'static Resource, &Value),
    options: &Value,
) -> Option<Arc<Value>> {
    let name = name_of(object);
    match text(options, "/propagationPolicy") {
        "Orphan" => orphan(world, uid(object)),
        "Foreground" => collect(world, uid(object)),
        _ => {}
    }
    if resource.plural == "namespaces" {
        return Some(close_namespace(world, &name));
    }
    let grace = grace(resource, object, options);
    if grace == 0 && list(object, "/metadata/finalizers").is_empty() {
        world.drop_object(resource, &name);
        return None;
    }
    if has(object, "/metadata/deletionTimestamp") {
        return world.store.get(resource, &name).cloned();
    }
    let end = stamp(ago(world.now(), -grace));
    world.edit(resource.plural, &name, |object| {
        set(object, "/metadata/deletionTimestamp", end);
        set(object, "/metadata/deletionGracePeriodSeconds", grace);
        let generation = int(object, "/metadata/generation");
        if generation > 0 {
            set(object, "/metadata/generation", generation + 1);
        }
    });
    super::story::stop(world, (resource, object), grace);
    world.store.get(resource, &name).cloned()
}

/// Seconds that the object stays: pods that run somewhere get time to end.
fn grace(resource: &Resource, object: &Value, options: &Value) -> i64 {
    let ended = matches!(text(object, "/status/phase"), "Succeeded" | "Failed");
    if resource.plural != "pods" || !has(object, "/spec/nodeName") || ended {
        return 0;
    }
    let asked = options.get("gracePeriodSeconds").and_then(Value::as_i64);
    let own = object.pointer("/spec/terminationGracePeriodSeconds").and_then(Value::as_i64);
    asked.or(own).unwrap_or(30).max(0)
}

/// Removes an object whose last finalizer has gone; false when it still has time.
pub fn finish(world: &mut World, resource: &'static Resource, object: &Value) -> bool {
    let over = resource.plural != "pods" || int(object, "/metadata/deletionGracePeriodSeconds") == 0;
    over && world.drop_object(resource, &name_of(object)).is_some()
}

/// Removes a pod that has had its time, if it is still the same one and nothing holds it.
pub fn reap(world: &mut World, name: &Name, wanted: &str) {
    let Some(pods) = resource::named("pods") else { return };
    let Some(pod) = world.store.get(pods, name).cloned() else { return };
    if uid(&pod) == wanted && list(&pod, "/metadata/finalizers").is_empty() {
        world.drop_object(pods, name);
    }
}

/// Deletes what a UID owned, as the garbage collector does.
pub fn collect(world: &mut World, owner: &str) {
    for (resource, name) in world.owned_by(owner) {
        if let Some(object) = world.store.get(resource, &name).cloned() {
            delete_one(world, (resource, &object), &Value::Null);
        }
    }
}

fn orphan(world: &mut World, owner: &str) {
    for (resource, name) in world.owned_by(owner) {
        world.edit(resource.plural, &name, |object| {
            let mut owners = list(object, "/metadata/ownerReferences").to_vec();
            owners.retain(|reference| text(reference, "/uid") != owner);
            set(object, "/metadata/ownerReferences", owners);
        });
    }
}

fn close_namespace(world: &mut World, name: &Name) -> Arc<Value> {
    let now = stamp(world.now());
    world.edit("namespaces", name, |namespace| {
        set(namespace, "/metadata/deletionTimestamp", now);
        set(namespace, "/status/phase", "Terminating");
    });
    world.agenda.after(Duration::from_secs(1), Deed::Empty(name.1.clone()));
    world.get("namespaces", name).unwrap_or_default()
}

/// Deletes everything in a namespace, and at last the namespace.
pub fn empty(world: &mut World, namespace: &str) {
    let mut left = 0;
    for resource in resource::ALL.iter().filter(|r| r.namespaced) {
        let objects: Vec<_> = world.store.within(resource.plural, namespace).cloned().collect();
        for object in objects {
            left += usize::from(delete_one(world, (resource, &object), &Value::Null).is_some());
        }
    }
    if left > 0 {
        return world.agenda.after(Duration::from_secs(1), Deed::Empty(namespace.to_owned()));
    }
    if let Some(namespaces) = resource::named("namespaces") {
        world.drop_object(namespaces, &(String::new(), namespace.to_owned()));
    }
}

/// Answers an eviction: a deletion that the pod's disruption budget has to allow.
///
/// # Errors
/// 404 without the pod, 429 when its budget allows no disruption, 409 on preconditions.
pub fn evict(world: &mut World, request: &Request, target: &Target) -> Outcome {
    let body = request.json()?;
    let options = body.get("deleteOptions").cloned().unwrap_or_default();
    let pod = found(world, target)?;
    check(target.resource, &pod, &options)?;
    let budgets: Vec<_> =
        world.store.within("poddisruptionbudgets", text(&pod, "/metadata/namespace")).cloned().collect();
    let budget =
        budgets.iter().find(|b| Selector::of(b.pointer("/spec/selector").unwrap_or(&Value::Null)).matches(&pod));
    if let Some(budget) = budget.filter(|budget| int(budget, "/status/disruptionsAllowed") == 0) {
        return Err(blocked(budget));
    }
    if !request.is_dry(&options) {
        delete_one(world, (target.resource, &pod), &options);
    }
    Ok(Answer::json(
        201,
        &json!({"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "code": 201}),
    ))
}

fn blocked(budget: &Value) -> Failure {
    let message = "Cannot evict pod as it would violate the pod's disruption budget.";
    let name = text(budget, "/metadata/name");
    let (healthy, desired) = (int(budget, "/status/currentHealthy"), int(budget, "/status/desiredHealthy"));
    let cause = format!("The disruption budget {name} needs {desired} healthy pods and has {healthy} currently");
    let mut failure = Failure::new(429, "TooManyRequests", message);
    failure.details = json!({"causes": [{"reason": "DisruptionBudget", "message": cause}]});
    failure
}

/// Deletes an object as a controller does: in the background and with its own grace period.
pub fn remove(world: &mut World, object: &Value) {
    let kind = resource::by_kind(text(object, "/apiVersion"), text(object, "/kind"));
    if let Some(kind) = kind {
        delete_one(world, (kind, object), &Value::Null);
    }
}
