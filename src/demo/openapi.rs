//! As much `OpenAPI` as kubectl needs to see that the server validates fields itself, and to explain what there is.

use serde_json::{Map, Value, json};

use super::answer::{Answer, Failure, Outcome};
use super::resource::{ALL, Resource};
use super::schemas;

/// The index of the documents, one for each group and version.
pub fn index() -> Value {
    let mut paths = Map::new();
    for resource in ALL {
        let home = home(resource);
        let url = format!("/openapi/v3/{home}?hash=demo");
        paths.insert(home, json!({"serverRelativeURL": url}));
    }
    json!({ "paths": paths })
}

/// The document of a group and version.
///
/// # Errors
/// 404 when it is not served.
pub fn document(wanted: &str) -> Outcome {
    let paths: Map<String, Value> = ALL.iter().filter(|r| home(r) == wanted).map(path).collect();
    if paths.is_empty() {
        return Err(Failure::no_path());
    }
    let schemas = schemas::schemas(|resource| home(resource) == wanted);
    let info = json!({"title": "demo", "version": "v1.36.3"});
    Ok(Answer::json(
        200,
        &json!({"openapi": "3.0.0", "info": info, "paths": paths, "components": {"schemas": schemas}}),
    ))
}

fn home(resource: &Resource) -> String {
    if resource.group.is_empty() { "api/v1".to_owned() } else { format!("apis/{}", resource.api_version()) }
}

fn path(resource: &Resource) -> (String, Value) {
    let place = if resource.namespaced { "namespaces/{namespace}/" } else { "" };
    let parameter = |name: &str| json!({"name": name, "in": "query", "schema": {"type": "string"}});
    let patch = json!({
        "parameters": [parameter("dryRun"), parameter("fieldManager"), parameter("fieldValidation")],
        "x-kubernetes-action": "patch",
        "x-kubernetes-group-version-kind": {"group": resource.group, "version": resource.version, "kind": resource.kind},
    });
    (format!("/{}/{place}{}/{{name}}", home(resource), resource.plural), json!({ "patch": patch }))
}
