//! Which fields there are: what a typed client would not keep of an object is unknown, as a server's decoder finds it.

use k8s_openapi::api::{apps::v1 as apps, autoscaling::v2 as autoscaling, batch::v1 as batch, core::v1 as core};
use k8s_openapi::api::{networking::v1 as networking, policy::v1 as policy};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::answer::Failure;
use super::request::Request;
use super::resource::Resource;

/// Reads an object into its type and writes it again.
type Typed = fn(Value) -> Result<Value, serde_json::Error>;

fn typed<T: DeserializeOwned + Serialize>(object: Value) -> Result<Value, serde_json::Error> {
    serde_json::to_value(serde_json::from_value::<T>(object)?)
}

/// The types of the kinds whose fields are checked.
const TYPES: &[(&str, Typed)] = &[
    ("configmaps", typed::<core::ConfigMap>),
    ("cronjobs", typed::<batch::CronJob>),
    ("daemonsets", typed::<apps::DaemonSet>),
    ("deployments", typed::<apps::Deployment>),
    ("horizontalpodautoscalers", typed::<autoscaling::HorizontalPodAutoscaler>),
    ("ingresses", typed::<networking::Ingress>),
    ("jobs", typed::<batch::Job>),
    ("namespaces", typed::<core::Namespace>),
    ("nodes", typed::<core::Node>),
    ("persistentvolumeclaims", typed::<core::PersistentVolumeClaim>),
    ("poddisruptionbudgets", typed::<policy::PodDisruptionBudget>),
    ("pods", typed::<core::Pod>),
    ("replicasets", typed::<apps::ReplicaSet>),
    ("secrets", typed::<core::Secret>),
    ("services", typed::<core::Service>),
    ("statefulsets", typed::<apps::StatefulSet>),
];

/// The unknown fields of an object, as decoders name them.
///
/// # Errors
/// With the decoder's sentence when a field has the wrong type.
pub fn unknown(resource: &Resource, object: &Value) -> Result<Vec<String>, String> {
    let Some((_, typed)) = TYPES.iter().find(|(plural, _)| *plural == resource.plural) else { return Ok(Vec::new()) };
    let known = typed(object.clone()).map_err(|error| format!("json: {error}"))?;
    let mut all = Vec::new();
    compare((object, &known), "", &mut all);
    Ok(all)
}

fn compare((given, known): (&Value, &Value), path: &str, all: &mut Vec<String>) {
    match (given, known) {
        (Value::Object(given), Value::Object(known)) => {
            for (name, value) in given.iter().filter(|(_, value)| !value.is_null()) {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                match known.get(name) {
                    Some(known) => compare((value, known), &path, all),
                    None => all.push(path),
                }
            }
        }
        (Value::Array(given), Value::Array(known)) => {
            for (at, pair) in given.iter().zip(known).enumerate() {
                compare(pair, &format!("{path}[{at}]"), all);
            }
        }
        _ => {}
    }
}

/// Takes unknown fields out of an object.
pub fn prune(object: &mut Value, unknown: &[String]) {
    for path in unknown {
        let pointer = format!("/{}", path.replace(['.', '['], "/").replace(']', ""));
        super::json::remove(object, &pointer);
    }
}

/// What a write with unknown fields or wrong types comes to: an error, or the fields that are only warned of.
///
/// # Errors
/// 400 for a whole object, 422 for a patch, with what is wrong.
pub fn check(request: &Request, resource: &Resource, object: &Value) -> Result<Vec<String>, Failure> {
    let found = unknown(resource, object).map_err(|why| wrong(request, (resource, object), &why))?;
    if found.is_empty() || request.param("fieldValidation") != "Strict" {
        return Ok(if request.param("fieldValidation") == "Ignore" { Vec::new() } else { found });
    }
    let fields: Vec<String> = found.iter().map(|field| format!("unknown field \"{field}\"")).collect();
    let why = format!("strict decoding error: {}", fields.join(", "));
    Err(wrong(request, (resource, object), &why))
}

fn wrong(request: &Request, (resource, object): (&Resource, &Value), why: &str) -> Failure {
    if request.method != "PATCH" {
        let (kind, version) = (resource.kind, resource.version);
        let message = format!("{kind} in version \"{version}\" cannot be handled as a {kind}: {why}");
        return Failure::bad_request(message);
    }
    // Of a strategic patch the server shows the patch as Go prints it, of the others what they make of the object.
    let strategic = request.media.contains("strategic");
    let value = if strategic { go(&request.json().unwrap_or_default()) } else { object.to_string() };
    let why = format!("Invalid value: {}: {why}", Value::from(value));
    let causes = serde_json::json!([{"reason": "FieldValueInvalid", "message": why, "field": "patch"}]);
    let failure = Failure::new(422, "Invalid", format!(" \"\" is invalid: patch: {why}"));
    Failure { details: serde_json::json!({"causes": causes}), ..failure }
}

/// A value as Go prints it.
fn go(value: &Value) -> String {
    match value {
        Value::Object(map) => {
            let fields: Vec<String> = map.iter().map(|(name, value)| format!("{name}:{}", go(value))).collect();
            format!("map[{}]", fields.join(" "))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(go).collect::<Vec<_>>().join(" ")),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
