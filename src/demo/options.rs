//! The options of writes: those of a create, update or patch stand in the query, those of a deletion in its body.

use serde_json::{Value, json};

use super::answer::Failure;
use super::json::{list, set, text};
use super::request::Request;

/// The options of a deletion: the body when there is one, and the query only when there is none.
///
/// A query beside a body counts for nothing, `dryRun` included: so does kube-apiserver (`handlers/delete.go`).
///
/// # Errors
/// 400 when the body cannot be read, 422 for a value that does not exist.
pub fn of_deletion(request: &Request) -> Result<Value, Failure> {
    let options = match request.json()? {
        Value::Null => of_query(request),
        body => body,
    };
    let given: Vec<&str> = list(&options, "/dryRun").iter().filter_map(Value::as_str).collect();
    check_dry("DeleteOptions", &given)?;
    match text(&options, "/propagationPolicy") {
        "" | "Foreground" | "Background" | "Orphan" => Ok(options),
        other => {
            let choices = ["Foreground", "Background", "Orphan", "nil"];
            Err(unsupported("DeleteOptions", ("propagationPolicy", &format!("\"{other}\"")), &choices))
        }
    }
}

fn of_query(request: &Request) -> Value {
    let mut options = json!({});
    for name in ["gracePeriodSeconds", "propagationPolicy"] {
        let given = request.param(name);
        if !given.is_empty() {
            set(&mut options, &format!("/{name}"), given.parse::<i64>().map_or_else(|_| given.into(), Value::from));
        }
    }
    let dry: Vec<&str> = request.params("dryRun").collect();
    if !dry.is_empty() {
        set(&mut options, "/dryRun", dry);
    }
    options
}

/// Whether the options ask for a dry run.
pub fn is_dry(options: &Value) -> bool {
    list(options, "/dryRun").iter().any(|each| each == "All")
}

/// Refuses a create, update or patch whose options do not exist.
///
/// # Errors
/// 422 for such a value, or for a patch that applies without saying who does.
pub fn check(request: &Request) -> Result<(), Failure> {
    let kind = match request.method.as_str() {
        "POST" => "CreateOptions",
        "PUT" => "UpdateOptions",
        _ => "PatchOptions",
    };
    check_dry(kind, &request.params("dryRun").collect::<Vec<_>>())?;
    match request.param("fieldValidation") {
        "" | "Ignore" | "Strict" | "Warn" => {}
        other => {
            let choices = ["", "Ignore", "Strict", "Warn"];
            return Err(unsupported(kind, ("fieldValidation", &format!("\"{other}\"")), &choices));
        }
    }
    if request.applies() && request.param("fieldManager").is_empty() {
        let why = "Required value: is required for apply patch";
        return Err(wrong(kind, ("FieldValueRequired", "fieldManager", why)));
    }
    Ok(())
}

fn check_dry(kind: &str, given: &[&str]) -> Result<(), Failure> {
    if given.iter().all(|each| *each == "All") {
        return Ok(());
    }
    Err(unsupported(kind, ("dryRun", &json!(given).to_string()), &["All"]))
}

fn unsupported(kind: &str, (field, value): (&str, &str), choices: &[&str]) -> Failure {
    let choices: Vec<String> = choices.iter().map(|choice| format!("\"{choice}\"")).collect();
    let why = format!("Unsupported value: {value}: supported values: {}", choices.join(", "));
    wrong(kind, ("FieldValueNotSupported", field, &why))
}

fn wrong(kind: &str, (reason, field, why): (&str, &str, &str)) -> Failure {
    let message = format!("{kind}.meta.k8s.io \"\" is invalid: {field}: {why}");
    let causes = json!([{"reason": reason, "message": why, "field": field}]);
    let details = json!({"group": "meta.k8s.io", "kind": kind, "causes": causes});
    Failure { details, ..Failure::new(422, "Invalid", message) }
}
