//! Delete: grace periods, preconditions, finalizers and what goes with an object.

use jiff::Timestamp;
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
use super::store::{Name, name_of};
use super::view::View;
use super::world::World;
use super::{options, story};

/// Answers DELETE.
///
/// # Errors
/// 404 without the object, 409 when a precondition does not hold.
pub fn delete(world: &mut World, request: &Request, target: &Target) -> Outcome {
    let options = options::of_deletion(request)?;
    if target.name.is_none() {
        return delete_all(world, request, target, &options);
    }
    let object = found(world, target)?;
    check(target.resource, &object, &options)?;
    let left = if options::is_dry(&options) {
        staying(world.now(), (target.resource, &object), &options).map(Arc::new)
    } else {
        delete_one(world, (target.resource, &object), &options)
    };
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
    if !options::is_dry(options) {
        for object in &gone {
            delete_one(world, (target.resource, object), options);
        }
    }
    let objects: Vec<&Value> = gone.iter().map(|object| &**object).collect();
    let meta = json!({"resourceVersion": world.store.version().to_string()});
    Ok(Answer::raw(200, "application/json", View::of(request)?.many(target.resource, &objects, (meta, world.now()))))
}

/// Refuses to delete what is not the object that was meant.
pub fn check(resource: &Resource, object: &Value, options: &Value) -> Result<(), Failure> {
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
pub fn delete_one(
    world: &mut World,
    (resource, object): (&'static Resource, &Value),
    options: &Value,
) -> Option<Arc<Value>> {
    let name = name_of(object);
    let Some(left) = staying(world.now(), (resource, object), options) else {
        world.drop_object(resource, &name);
        return None;
    };
    if left == *object {
        return world.store.get(resource, &name).cloned();
    }
    let grace = int(&left, "/metadata/deletionGracePeriodSeconds");
    let left = world.keep(resource, left);
    if resource.plural == "namespaces" {
        world.agenda.after(Duration::from_secs(1), Deed::Empty(name.1));
    } else {
        story::stop(world, (resource, object), grace);
    }
    if list(&left, "/metadata/finalizers").iter().any(|held| held == FOREGROUND || held == ORPHAN) {
        world.agenda.after(Duration::from_millis(200), Deed::Collect(uid(object).to_owned()));
    }
    Some(left)
}

/// The finalizers by which the garbage collector holds an owner until it has done with what that owns.
const FOREGROUND: &str = "foregroundDeletion";
const ORPHAN: &str = "orphan";

/// A deleted object as it stays for a while; none when it goes at once.
fn staying(now: Timestamp, (resource, object): (&Resource, &Value), options: &Value) -> Option<Value> {
    let mut left = object.clone();
    if resource.plural == "namespaces" {
        if !has(object, "/metadata/deletionTimestamp") {
            set(&mut left, "/metadata/deletionTimestamp", stamp(now));
            set(&mut left, "/status/phase", "Terminating");
        }
        return Some(left);
    }
    let mut finalizers = list(object, "/metadata/finalizers").to_vec();
    let added = holder(resource, options).filter(|name| !finalizers.iter().any(|held| held == name));
    if let Some(name) = added {
        finalizers.push(name.into());
        set(&mut left, "/metadata/finalizers", finalizers.clone());
    }
    let grace = grace(resource, object, options);
    if grace == 0 && finalizers.is_empty() {
        return None;
    }
    let before = has(object, "/metadata/deletionTimestamp");
    if before && int(object, "/metadata/deletionGracePeriodSeconds") <= grace {
        return Some(left);
    }
    set(&mut left, "/metadata/deletionTimestamp", stamp(ago(now, -grace)));
    set(&mut left, "/metadata/deletionGracePeriodSeconds", grace);
    let generation = int(object, "/metadata/generation");
    if generation > 0 && !before {
        set(&mut left, "/metadata/generation", generation + 1);
    }
    Some(left)
}

/// The finalizer that a propagation policy puts on an object. Without a policy, jobs and replication controllers leave
/// their pods alone, as they have always done (`DefaultGarbageCollectionPolicy` of their strategies).
fn holder(resource: &Resource, options: &Value) -> Option<&'static str> {
    match text(options, "/propagationPolicy") {
        "Foreground" => Some(FOREGROUND),
        "Orphan" => Some(ORPHAN),
        "" if ["jobs", "replicationcontrollers"].contains(&resource.plural) => Some(ORPHAN),
        _ => None,
    }
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

/// Does what the garbage collector does about an owner that is gone, or that is to go when it has done.
pub fn collect(world: &mut World, owner: &str) {
    let Some((resource, name)) = world.with_uid(owner) else { return collect_owned(world, owner, &Value::Null) };
    let holds = |world: &World, name: &Name, what: &str| {
        let object = world.store.get(resource, name);
        object.is_some_and(|object| list(object, "/metadata/finalizers").iter().any(|held| held == what))
    };
    if holds(world, &name, ORPHAN) {
        orphan(world, owner);
        release(world, (resource, &name), ORPHAN);
    }
    if holds(world, &name, FOREGROUND) {
        collect_owned(world, owner, &json!({"propagationPolicy": "Foreground"}));
        if world.owned_by(owner).is_empty() {
            return release(world, (resource, &name), FOREGROUND);
        }
        world.agenda.after(Duration::from_millis(500), Deed::Collect(owner.to_owned()));
    }
}

/// Takes one finalizer off an object; the last one takes the object with it.
fn release(world: &mut World, (resource, name): (&'static Resource, &Name), finalizer: &str) {
    let Some(mut object) = world.store.get(resource, name).map(|object| Value::clone(object)) else { return };
    let mut left = list(&object, "/metadata/finalizers").to_vec();
    left.retain(|held| held != finalizer);
    if left.is_empty() && finish(world, resource, &object) {
        return;
    }
    set(&mut object, "/metadata/finalizers", left);
    world.keep(resource, object);
}

fn collect_owned(world: &mut World, owner: &str, options: &Value) {
    for (resource, name) in world.owned_by(owner) {
        let Some(object) = world.store.get(resource, &name).cloned() else { continue };
        // What owns nothing itself has nothing to wait for.
        let alone = world.owned_by(uid(&object)).is_empty();
        let background = json!({"propagationPolicy": "Background"});
        delete_one(world, (resource, &object), if alone || options.is_null() { &background } else { options });
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

/// Deletes everything in a namespace, and at last the namespace.
pub fn empty(world: &mut World, namespace: &str) {
    let mut left = 0;
    for resource in resource::ALL.iter().filter(|r| r.namespaced) {
        let objects: Vec<_> = world.store.within(resource.plural, namespace).cloned().collect();
        for object in objects {
            let background = json!({"propagationPolicy": "Background"});
            left += usize::from(delete_one(world, (resource, &object), &background).is_some());
        }
    }
    if left > 0 {
        return world.agenda.after(Duration::from_secs(1), Deed::Empty(namespace.to_owned()));
    }
    if let Some(namespaces) = resource::named("namespaces") {
        world.drop_object(namespaces, &(String::new(), namespace.to_owned()));
    }
}

/// Deletes an object as a controller does: in the background and with its own grace period.
pub fn remove(world: &mut World, object: &Value) {
    let kind = resource::by_kind(text(object, "/apiVersion"), text(object, "/kind"));
    if let Some(kind) = kind {
        delete_one(world, (kind, object), &json!({"propagationPolicy": "Background"}));
    }
}
