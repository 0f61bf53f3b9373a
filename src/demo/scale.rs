//! The `scale` subresource: the replica count of a workload, as an object of its own (`autoscaling/v1`).

use serde_json::{Value, json};

use super::answer::{Answer, Failure, Outcome};
use super::clock::stamp;
use super::fields::{self, Writer};
use super::json::{int, set, text};
use super::patch;
use super::read::{found, manager};
use super::request::{Request, Target};
use super::world::World;

/// The `Scale` of a workload.
pub fn of(workload: &Value) -> Value {
    let meta = |name: &str| workload.pointer(&format!("/metadata/{name}")).cloned().unwrap_or_default();
    let labels = super::json::entries(workload, "/spec/selector/matchLabels");
    let selector: Vec<_> = labels.map(|(k, v)| format!("{k}={}", v.as_str().unwrap_or_default())).collect();
    json!({
        "kind": "Scale", "apiVersion": "autoscaling/v1",
        "metadata": {
            "name": meta("name"), "namespace": meta("namespace"), "uid": meta("uid"),
            "resourceVersion": meta("resourceVersion"), "creationTimestamp": meta("creationTimestamp"),
        },
        "spec": {"replicas": int(workload, "/spec/replicas")},
        "status": {"replicas": int(workload, "/status/replicas"), "selector": selector.join(",")},
    })
}

/// Answers PUT and PATCH of a `Scale`.
///
/// # Errors
/// 404 without the workload, 409 when it is another version, 422 for a negative count.
pub fn write(world: &mut World, request: &Request, target: &Target) -> Outcome {
    let workload = found(world, target)?;
    let old = of(&workload);
    let new = if request.method == "PUT" { request.json()? } else { patch::apply(request, &old)? };
    let version = text(&new, "/metadata/resourceVersion");
    if !version.is_empty() && version != text(&workload, "/metadata/resourceVersion") {
        let why = "the object has been modified; please apply your changes to the latest version and try again";
        return Err(Failure::conflict(target.resource, target.name.as_deref().unwrap_or_default(), why));
    }
    let replicas = int(&new, "/spec/replicas");
    if replicas < 0 {
        return Err(negative(text(&workload, "/metadata/name"), replicas));
    }
    let mut kept = Value::clone(&workload);
    if replicas != int(&workload, "/spec/replicas") {
        set(&mut kept, "/spec/replicas", replicas);
        set(&mut kept, "/metadata/generation", int(&workload, "/metadata/generation") + 1);
        let (by, now) = (manager(request), stamp(world.now()));
        let writer = Writer { manager: &by, operation: "Update", subresource: "scale", now: &now };
        fields::book(target.resource, (&workload, &mut kept), writer);
        if !request.is_dry() {
            world.still.remove(text(&workload, "/metadata/uid"));
            kept = Value::clone(&world.keep(target.resource, kept));
        }
    }
    Ok(Answer::json(200, &of(&kept)))
}

fn negative(name: &str, replicas: i64) -> Failure {
    let why = format!("Invalid value: {replicas}: must be greater than or equal to 0");
    let message = format!("Scale.autoscaling \"{name}\" is invalid: spec.replicas: {why}");
    let causes = json!([{"reason": "FieldValueInvalid", "message": why, "field": "spec.replicas"}]);
    let details = json!({"name": name, "group": "autoscaling", "kind": "Scale", "causes": causes});
    Failure { details, ..Failure::new(422, "Invalid", message) }
}
