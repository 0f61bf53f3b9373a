//! Making objects that have been there for a while.

use serde_json::{Value, json};
use std::sync::Arc;

use crate::demo::clock::{ago, stamp};
use crate::demo::json::{set, text};
use crate::demo::resource;
use crate::demo::world::World;
use crate::demo::write;

/// Seconds in a day.
pub const DAY: i64 = 86_400;

/// Keeps an object of this kind as if it had been made `age` seconds ago.
pub fn keep(world: &mut World, (plural, age): (&str, i64), mut object: Value) -> Arc<Value> {
    let Some(resource) = resource::named(plural) else { return Arc::default() };
    let made = stamp(ago(world.now(), age));
    set(&mut object, "/metadata/creationTimestamp", made);
    let by = match text(&object, "/metadata/ownerReferences/0/kind") {
        "" => "kubectl-client-side-apply",
        "Node" => "kubelet",
        _ => "kube-controller-manager",
    };
    write::begin(world, resource, &mut object, by);
    world.keep(resource, object)
}

/// Keeps an object without a namespace.
pub fn global(world: &mut World, plural: &str, (name, age, body): (&str, i64, Value)) -> Arc<Value> {
    let mut object = body;
    set(&mut object, "/metadata/name", name);
    keep(world, (plural, age), object)
}

/// Keeps an object in a namespace.
pub fn spaced(
    world: &mut World,
    plural: &str,
    ((namespace, name), age, body): ((&str, &str), i64, Value),
) -> Arc<Value> {
    let mut object = body;
    set(&mut object, "/metadata/name", name);
    set(&mut object, "/metadata/namespace", namespace);
    keep(world, (plural, age), object)
}

/// `app.kubernetes.io` labels of an app.
pub fn labels(name: &str) -> Value {
    json!({"app.kubernetes.io/name": name})
}
