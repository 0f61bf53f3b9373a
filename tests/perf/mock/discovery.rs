//! Which kinds the mock says it serves, in both forms of discovery, and as much `OpenAPI` as clients look for.

use crate::catalog::{GROUPS, SORTS, Sort};
use serde_json::{Map, Value, json};

const READ: [&str; 3] = ["get", "list", "watch"];

/// The content type of aggregated discovery.
pub const AGGREGATED: &str = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

/// `/version`.
pub fn version() -> Value {
    json!({"major": "1", "minor": "36", "gitVersion": "v1.36.3", "gitCommit": "", "gitTreeState": "clean",
           "buildDate": "", "goVersion": "", "compiler": "gc", "platform": "linux/amd64"})
}

/// `/api` in its old form.
pub fn core_versions() -> Value {
    json!({"kind": "APIVersions", "versions": ["v1"], "serverAddressByClientCIDRs": []})
}

/// `/apis` in its old form.
pub fn groups() -> Value {
    let groups: Vec<Value> = GROUPS.iter().map(|name| group(name)).collect();
    json!({"kind": "APIGroupList", "apiVersion": "v1", "groups": groups})
}

/// `/apis/GROUP`.
pub fn group(name: &str) -> Value {
    let version = json!({"groupVersion": format!("{name}/v1"), "version": "v1"});
    json!({"kind": "APIGroup", "apiVersion": "v1", "name": name, "versions": [version], "preferredVersion": version})
}

/// `/api/v1` and `/apis/GROUP/VERSION`.
pub fn resources(group: &str) -> Value {
    let mut list: Vec<Value> = of_group(group).map(resource).collect();
    if group.is_empty() {
        list.push(json!({"name": "pods/log", "singularName": "", "namespaced": true, "kind": "Pod", "verbs": ["get"]}));
    }
    let group_version = if group.is_empty() { "v1".to_owned() } else { format!("{group}/v1") };
    json!({"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": group_version, "resources": list})
}

fn of_group(group: &str) -> impl Iterator<Item = &'static Sort> {
    SORTS.iter().filter(move |sort| sort.group == group)
}

fn resource(sort: &Sort) -> Value {
    json!({"name": sort.plural, "singularName": sort.kind.to_lowercase(), "namespaced": sort.namespaced,
           "kind": sort.kind, "verbs": verbs(sort), "shortNames": short_names(sort)})
}

/// `/api` or `/apis` in the aggregated form (`apidiscovery.k8s.io/v2`).
pub fn aggregated(core: bool) -> Value {
    let names: &[&str] = if core { &[""] } else { &GROUPS };
    let items: Vec<Value> = names.iter().map(|name| aggregated_group(name)).collect();
    json!({"kind": "APIGroupDiscoveryList", "apiVersion": "apidiscovery.k8s.io/v2", "metadata": {}, "items": items})
}

fn aggregated_group(name: &str) -> Value {
    let resources: Vec<Value> = of_group(name).map(aggregated_resource).collect();
    json!({"metadata": {"name": name, "creationTimestamp": null},
           "versions": [{"version": "v1", "freshness": "Current", "resources": resources}]})
}

fn aggregated_resource(sort: &Sort) -> Value {
    let kind = json!({"group": sort.group, "version": sort.version, "kind": sort.kind});
    let log = json!([{"subresource": "log", "responseKind": kind, "verbs": ["get"]}]);
    let parts = if sort.is_pods() { log } else { json!([]) };
    json!({"resource": sort.plural, "responseKind": kind, "subresources": parts,
           "scope": if sort.namespaced { "Namespaced" } else { "Cluster" }, "singularResource": sort.kind.to_lowercase(),
           "verbs": verbs(sort), "shortNames": short_names(sort)})
}

fn verbs(sort: &Sort) -> Vec<&'static str> {
    if sort.is_review() { vec!["create"] } else { READ.into() }
}

fn short_names(sort: &Sort) -> Vec<&'static str> {
    if sort.short.is_empty() { Vec::new() } else { vec![sort.short] }
}

/// `/openapi/v3`: a document for each group.
pub fn documents() -> Value {
    let homes = [String::new()].into_iter().chain(GROUPS.map(str::to_owned)).map(|group| home(&group));
    let path = |home: String| (home.clone(), json!({"serverRelativeURL": format!("/openapi/v3/{home}?hash=perf")}));
    json!({"paths": homes.map(path).collect::<Map<_, _>>()})
}

/// A document of it: which kinds there are, and nothing of their fields.
pub fn document(wanted: &str) -> Value {
    let kind = |sort: &Sort| {
        let known = json!([{"group": sort.group, "version": sort.version, "kind": sort.kind}]);
        let name = format!("io.k8s.api.{}.{}.{}", sort.group, sort.version, sort.kind);
        (name, json!({"type": "object", "x-kubernetes-group-version-kind": known}))
    };
    let schemas: Map<_, _> = SORTS.iter().filter(|sort| home(sort.group) == wanted).map(kind).collect();
    let info = json!({"title": "perf", "version": "v1.36.3"});
    json!({"openapi": "3.0.0", "info": info, "paths": {}, "components": {"schemas": schemas}})
}

fn home(group: &str) -> String {
    if group.is_empty() { "api/v1".to_owned() } else { format!("apis/{group}/v1") }
}
