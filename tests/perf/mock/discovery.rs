//! Which kinds the mock says it serves, in both forms of discovery.

use serde_json::{Value, json};

/// A kind: group, version, plural, kind, short name, namespaced.
type Served = (&'static str, &'static str, &'static str, &'static str, &'static str, bool);

/// Only pods have objects; the others are empty lists.
const SERVED: &[Served] = &[
    ("", "v1", "pods", "Pod", "po", true),
    ("", "v1", "namespaces", "Namespace", "ns", false),
    ("", "v1", "nodes", "Node", "no", false),
    ("", "v1", "services", "Service", "svc", true),
    ("", "v1", "events", "Event", "ev", true),
    ("", "v1", "configmaps", "ConfigMap", "cm", true),
    ("", "v1", "secrets", "Secret", "", true),
    ("apps", "v1", "deployments", "Deployment", "deploy", true),
    ("apps", "v1", "replicasets", "ReplicaSet", "rs", true),
    ("apps", "v1", "statefulsets", "StatefulSet", "sts", true),
    ("apps", "v1", "daemonsets", "DaemonSet", "ds", true),
    ("batch", "v1", "jobs", "Job", "", true),
    ("batch", "v1", "cronjobs", "CronJob", "cj", true),
    ("events.k8s.io", "v1", "events", "Event", "ev", true),
    ("authorization.k8s.io", "v1", "selfsubjectaccessreviews", "SelfSubjectAccessReview", "", false),
    ("authorization.k8s.io", "v1", "selfsubjectrulesreviews", "SelfSubjectRulesReview", "", false),
];
const GROUPS: [&str; 4] = ["apps", "batch", "events.k8s.io", "authorization.k8s.io"];
const VERBS: [&str; 8] = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

/// The content type of aggregated discovery.
pub const AGGREGATED: &str = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

/// The kind of a resource, when it is served.
pub fn kind(group: &str, version: &str, plural: &str) -> Option<&'static str> {
    SERVED.iter().find(|s| (s.0, s.1, s.2) == (group, version, plural)).map(|s| s.3)
}

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
    let list: Vec<Value> = SERVED.iter().filter(|served| served.0 == group).map(resource).collect();
    let group_version = if group.is_empty() { "v1".to_owned() } else { format!("{group}/v1") };
    json!({"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": group_version, "resources": list})
}

fn resource(&(_, _, plural, kind, short, namespaced): &Served) -> Value {
    json!({"name": plural, "singularName": kind.to_lowercase(), "namespaced": namespaced, "kind": kind,
           "verbs": VERBS, "shortNames": short_names(short)})
}

/// `/api` or `/apis` in the aggregated form (`apidiscovery.k8s.io/v2`).
pub fn aggregated(core: bool) -> Value {
    let names: &[&str] = if core { &[""] } else { &GROUPS };
    let items: Vec<Value> = names.iter().map(|name| aggregated_group(name)).collect();
    json!({"kind": "APIGroupDiscoveryList", "apiVersion": "apidiscovery.k8s.io/v2", "metadata": {}, "items": items})
}

fn aggregated_group(name: &str) -> Value {
    let resources: Vec<Value> = SERVED.iter().filter(|served| served.0 == name).map(aggregated_resource).collect();
    json!({"metadata": {"name": name, "creationTimestamp": null},
           "versions": [{"version": "v1", "freshness": "Current", "resources": resources}]})
}

fn aggregated_resource(&(group, version, plural, kind, short, namespaced): &Served) -> Value {
    json!({"resource": plural, "responseKind": {"group": group, "version": version, "kind": kind},
           "scope": if namespaced { "Namespaced" } else { "Cluster" }, "singularResource": kind.to_lowercase(),
           "verbs": VERBS, "shortNames": short_names(short)})
}

fn short_names(short: &str) -> Vec<&str> {
    if short.is_empty() { Vec::new() } else { vec![short] }
}
