//! Create, replace and patch, with the metadata kept right.

use serde_json::{Value, json};

use super::answer::{Answer, Failure, Outcome};
use super::clock::stamp;
use super::fields::Writer;
use super::json::{has, int, list, set, text};
use super::read::{found, manager};
use super::request::{Request, Target};
use super::resource::Resource;
use super::store::name_of;
use super::view::View;
use super::world::World;
use super::{apply, delete, evict, fields, options, patch, rules, scale, schema};

/// Answers POST, PUT and PATCH.
///
/// # Errors
/// With the API's failure.
pub fn write(world: &mut World, request: &Request, target: &Target) -> Outcome {
    options::check(request)?;
    match (request.method.as_str(), target.subresource.as_deref()) {
        ("POST", Some("eviction")) => evict::evict(world, request, target),
        ("POST", Some("exec" | "attach" | "portforward")) => super::read::read(world, request, target.clone()),
        ("POST", None) if target.name.is_none() => create(world, request, target),
        ("PUT" | "PATCH", Some("scale")) => scale::write(world, request, target),
        ("PUT", _) if target.name.is_some() => replace(world, request, target),
        ("PATCH", _) if target.name.is_some() => change(world, request, target),
        _ => Err(Failure::not_allowed()),
    }
}

fn create(world: &mut World, request: &Request, target: &Target) -> Outcome {
    let mut object = request.json()?;
    let resource = target.resource;
    if text(&object, "/kind") != resource.kind || text(&object, "/apiVersion") != resource.api_version() {
        let (version, kind) = (text(&object, "/apiVersion"), text(&object, "/kind"));
        return Err(Failure::bad_request(format!(
            "{kind} in version \"{version}\" cannot be handled as a {}",
            resource.kind
        )));
    }
    let unknown = schema::check(request, resource, &object)?;
    schema::prune(&mut object, &unknown);
    place(world, target, &mut object)?;
    if !has(&object, "/metadata/name") && has(&object, "/metadata/generateName") {
        let name = format!("{}{}", text(&object, "/metadata/generateName"), world.random.suffix(5));
        set(&mut object, "/metadata/name", name);
    }
    let name = name_of(&object);
    if name.1.is_empty() {
        let why = "Required value: name or generateName is required";
        let mut failure = Failure::invalid(resource, "", ("metadata.name", why));
        super::json::remove(&mut failure.details, "/name");
        set(
            &mut failure.details,
            "/causes",
            json!([{"reason": "FieldValueRequired", "message": why, "field": "metadata.name"}]),
        );
        return Err(failure);
    }
    if world.store.get(resource, &name).is_some() {
        return Err(Failure::exists(resource, &name.1));
    }
    if resource.has("status") {
        super::json::remove(&mut object, "/status");
    }
    let wanted = request.applies().then(|| object.clone());
    super::story::admit(world, resource, &mut object);
    match wanted {
        None => begin(world, resource, &mut object, &manager(request)),
        Some(wanted) => {
            start(world, resource, &mut object);
            let (by, now) = (manager(request), stamp(world.now()));
            let writer = Writer { manager: &by, operation: "Apply", subresource: "", now: &now };
            fields::keep(resource, (&mut object, Vec::new()), (writer, &apply::applied(&wanted)));
        }
    }
    let kept = if request.is_dry() { object } else { Value::clone(&world.keep(resource, object)) };
    Ok(Answer::json(201, &View::of(request)?.one((resource, &kept), world.now(), true)).warning(unknown))
}

/// Puts the object into the namespace of the path, which must exist.
fn place(world: &World, target: &Target, object: &mut Value) -> Result<(), Failure> {
    let Some(namespace) = target.namespace.as_deref() else {
        super::json::remove(object, "/metadata/namespace");
        return Ok(());
    };
    let own = text(object, "/metadata/namespace");
    if !own.is_empty() && own != namespace {
        return Err(Failure::bad_request(
            "the namespace of the provided object does not match the namespace sent on the request",
        ));
    }
    set(object, "/metadata/namespace", namespace);
    let Some(found) = world.get("namespaces", &(String::new(), namespace.to_owned())) else {
        return Err(
            super::resource::named("namespaces").map_or_else(Failure::no_path, |r| Failure::not_found(r, namespace))
        );
    };
    if has(&found, "/metadata/deletionTimestamp") {
        let name = match text(object, "/metadata/name") {
            "" => text(object, "/metadata/generateName"),
            name => name,
        };
        return Err(Failure::terminating(target.resource, name, namespace));
    }
    Ok(())
}

/// Gives a new object what the server gives it: UID, creation time, generation, field manager.
pub fn begin(world: &mut World, resource: &Resource, object: &mut Value, by: &str) {
    start(world, resource, object);
    if !has(object, "/metadata/managedFields") {
        let now = text(object, "/metadata/creationTimestamp").to_owned();
        fields::book(
            resource,
            (&Value::Null, object),
            Writer { manager: by, operation: "Update", subresource: "", now: &now },
        );
    }
}

fn start(world: &mut World, resource: &Resource, object: &mut Value) {
    let now = stamp(world.now());
    if !has(object, "/metadata/uid") {
        set(object, "/metadata/uid", world.random.uid());
    }
    if !has(object, "/metadata/creationTimestamp") {
        set(object, "/metadata/creationTimestamp", now.as_str());
    }
    if counts_generations(resource) && !has(object, "/metadata/generation") {
        set(object, "/metadata/generation", 1);
    }
    set(object, "/kind", resource.kind);
    set(object, "/apiVersion", resource.api_version());
}

/// Kinds whose specification has generations.
fn counts_generations(resource: &Resource) -> bool {
    resource.plural == "pods"
        || ["apps", "batch", "networking.k8s.io", "policy", "cert-manager.io"].contains(&resource.group)
}

fn replace(world: &mut World, request: &Request, target: &Target) -> Outcome {
    let old = found(world, target)?;
    let new = request.json()?;
    finish(world, (request, target), (&old, new))
}

fn change(world: &mut World, request: &Request, target: &Target) -> Outcome {
    if request.applies() {
        return apply(world, request, target);
    }
    if target.resource.is_custom() && request.media.contains("strategic") {
        return Err(patch::unknown_media(&request.media));
    }
    let old = found(world, target)?;
    let new = patch::apply(request, &old)?;
    let (was, uid) = (text(&old, "/metadata/uid"), text(&new, "/metadata/uid"));
    if !uid.is_empty() && uid != was {
        let why = format!("Invalid value: \"{uid}\": field is immutable");
        return Err(Failure::invalid(target.resource, &target.object().1, ("metadata.uid", &why)));
    }
    finish(world, (request, target), (&old, new))
}

/// Server-side apply: creates the object when there is none.
fn apply(world: &mut World, request: &Request, target: &Target) -> Outcome {
    let (resource, wanted) = (target.resource, apply::wanted(request, target)?);
    if let Some(field) = schema::unknown(resource, &wanted).unwrap_or_default().first() {
        let (namespace, name) = (text(&wanted, "/metadata/namespace"), target.object().1);
        let home = format!("{namespace}/{name}; {}, Kind={}", resource.api_version(), resource.kind);
        let message = format!("failed to create typed patch object ({home}): .{field}: field not declared in schema");
        return Err(Failure::new(500, "", message));
    }
    let Some(old) = world.store.get(resource, &target.object()).cloned() else {
        return create(world, request, &Target { name: None, ..target.clone() });
    };
    let (by, now) = (manager(request), stamp(world.now()));
    let writer = Writer { manager: &by, operation: "Apply", subresource: "", now: &now };
    let new = apply::apply(request, resource, (&old, &wanted, writer))?;
    finish(world, (request, target), (&old, new))
}

/// Keeps a changed object, with what may not change kept as it was.
fn finish(world: &mut World, (request, target): (&Request, &Target), (old, mut new): (&Value, Value)) -> Outcome {
    let resource = target.resource;
    let name = target.object();
    check_versions(resource, (old, &new), &name.1)?;
    let unknown = schema::check(request, resource, &new)?;
    schema::prune(&mut new, &unknown);
    let entries = request.applies().then(|| list(&new, "/metadata/managedFields").to_vec());
    let mut kept = amend((resource, target.subresource.as_deref()), old, new);
    rules::check(target, (old, &mut kept))?;
    let applied = entries.is_some();
    if let Some(entries) = entries {
        set(&mut kept, "/metadata/managedFields", entries);
    }
    let same = kept == *old;
    if !same {
        if counts_generations(resource) && kept.get("spec") != old.get("spec") {
            set(&mut kept, "/metadata/generation", int(old, "/metadata/generation") + 1);
        }
        if !applied {
            let (by, now) = (manager(request), stamp(world.now()));
            let subresource = if target.subresource.as_deref() == Some("status") { "status" } else { "" };
            let writer = Writer { manager: &by, operation: "Update", subresource, now: &now };
            fields::book(resource, (old, &mut kept), writer);
        }
    }
    if !same && !request.is_dry() {
        world.still.remove(text(old, "/metadata/uid"));
        // The last finalizer takes the object with it: watches see that it is deleted, and no change before.
        let free = has(&kept, "/metadata/deletionTimestamp") && list(&kept, "/metadata/finalizers").is_empty();
        if !free || !delete::finish(world, resource, &kept) {
            kept = Value::clone(&world.keep(resource, kept));
        }
    }
    Ok(Answer::json(200, &View::of(request)?.one((resource, &kept), world.now(), true)).warning(unknown))
}

/// Refuses a change that was made to another version, or to another object.
fn check_versions(resource: &Resource, (old, new): (&Value, &Value), name: &str) -> Result<(), Failure> {
    let (version, uid) = (text(new, "/metadata/resourceVersion"), text(new, "/metadata/uid"));
    if !version.is_empty() && version != "0" && version != text(old, "/metadata/resourceVersion") {
        let why = "the object has been modified; please apply your changes to the latest version and try again";
        return Err(Failure::conflict(resource, name, why));
    }
    if !uid.is_empty() && uid != text(old, "/metadata/uid") {
        let why = format!(
            "Precondition failed: UID in precondition: {uid}, UID in object meta: {}",
            text(old, "/metadata/uid")
        );
        return Err(Failure::conflict(resource, name, &why));
    }
    Ok(())
}

/// The new object with the old one's identity; the status changes only through its subresource.
fn amend((resource, subresource): (&Resource, Option<&str>), old: &Value, new: Value) -> Value {
    let mut kept = match subresource {
        Some("status") => {
            let mut kept = old.clone();
            set(&mut kept, "/status", new.get("status").cloned().unwrap_or_default());
            kept
        }
        _ => new,
    };
    for path in [
        "/kind",
        "/apiVersion",
        "/metadata/name",
        "/metadata/namespace",
        "/metadata/uid",
        "/metadata/creationTimestamp",
        "/metadata/resourceVersion",
        "/metadata/generation",
        "/metadata/deletionTimestamp",
        "/metadata/deletionGracePeriodSeconds",
        "/metadata/managedFields",
    ] {
        hold(&mut kept, old, path);
    }
    if resource.has("status") && subresource.is_none() {
        hold(&mut kept, old, "/status");
    }
    kept
}

/// Copies the value at a path, or its absence.
fn hold(kept: &mut Value, old: &Value, path: &str) {
    match old.pointer(path) {
        Some(value) => set(kept, path, value.clone()),
        None => super::json::remove(kept, path),
    }
}
