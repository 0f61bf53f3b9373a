//! What a change may not do: the few rules of validation that acting meets.

use serde_json::{Value, json};

use super::answer::Failure;
use super::json::{list, set, text};
use super::request::Target;

/// Refuses a change of what cannot be changed, and leaves ephemeral containers to their subresource alone.
///
/// # Errors
/// 422 with the server's words, without the difference that it prints after them.
pub fn check(target: &Target, (old, new): (&Value, &mut Value)) -> Result<(), Failure> {
    let plural = target.resource.plural;
    if target.subresource.as_deref() == Some("ephemeralcontainers") {
        return ephemeral(target, (old, new));
    }
    if plural == "pods" && target.subresource.is_none() {
        return pod(target, (old, new));
    }
    let fixed = ["deployments", "statefulsets", "daemonsets", "replicasets", "jobs"].contains(&plural);
    let (before, after) = (old.pointer("/spec/selector"), new.pointer("/spec/selector"));
    if fixed && before != after {
        let why = format!("Invalid value: {}: field is immutable", after.unwrap_or(&Value::Null));
        return Err(Failure::invalid(target.resource, &target.object().1, ("spec.selector", &why)));
    }
    Ok(())
}

/// Of a pod, images, tolerations and deadlines can change.
fn pod(target: &Target, (old, new): (&Value, &Value)) -> Result<(), Failure> {
    let fixed = |pod: &Value| {
        let mut spec = pod.get("spec").cloned().unwrap_or_default();
        for list in ["containers", "initContainers"] {
            for container in spec.get_mut(list).and_then(Value::as_array_mut).into_iter().flatten() {
                set(container, "/image", Value::Null);
            }
        }
        for name in ["activeDeadlineSeconds", "tolerations", "terminationGracePeriodSeconds"] {
            set(&mut spec, &format!("/{name}"), Value::Null);
        }
        spec
    };
    if fixed(old) == fixed(new) {
        return Ok(());
    }
    let why = "Forbidden: pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";
    Err(forbidden(target, ("spec", why)))
}

/// Takes new ephemeral containers over into the pod, and nothing else.
fn ephemeral(target: &Target, (old, new): (&Value, &mut Value)) -> Result<(), Failure> {
    let mut wanted = list(new, "/spec/ephemeralContainers").to_vec();
    for before in list(old, "/spec/ephemeralContainers") {
        if !wanted.contains(before) {
            let name = text(before, "/name");
            let why = format!("Forbidden: existing ephemeral containers \"{name}\" may not be changed\n");
            return Err(forbidden(target, ("spec.ephemeralContainers", &why)));
        }
    }
    for container in &mut wanted {
        for (path, value) in [
            ("/terminationMessagePath", json!("/dev/termination-log")),
            ("/terminationMessagePolicy", json!("File")),
            ("/imagePullPolicy", json!("IfNotPresent")),
            ("/resources", json!({})),
        ] {
            if !super::json::has(container, path) {
                set(container, path, value);
            }
        }
    }
    let mut kept = old.clone();
    set(&mut kept, "/spec/ephemeralContainers", wanted);
    *new = kept;
    Ok(())
}

fn forbidden(target: &Target, (field, why): (&str, &str)) -> Failure {
    let mut failure = Failure::invalid(target.resource, &target.object().1, (field, why));
    set(&mut failure.details, "/causes", json!([{"reason": "FieldValueForbidden", "message": why, "field": field}]));
    failure
}
