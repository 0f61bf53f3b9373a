//! What the server is and what it serves: `/version`, `/api`, `/apis` (both forms), the lists of resources, health.

use serde_json::{Value, json};

use super::answer::{Answer, Failure, Outcome};
use super::fault::Faults;
use super::openapi;
use super::request::Request;
use super::resource::{ALL, Resource};

/// Answers paths that are about the server; none when the path is about objects.
pub fn answer(request: &Request, faults: &Faults) -> Option<Outcome> {
    let aggregated = request.accept.split(',').next().is_some_and(|first| first.contains("as=APIGroupDiscoveryList"));
    let parts = request.parts();
    Some(match parts.as_slice() {
        [] => Ok(Answer::json(
            200,
            &json!({"paths": ["/api", "/api/v1", "/apis", "/healthz", "/livez", "/readyz", "/version"]}),
        )),
        ["version"] => Ok(Answer::json(200, &version())),
        ["healthz" | "livez" | "readyz"] => Ok(Answer::raw(200, "text/plain; charset=utf-8", b"ok".to_vec())),
        ["api"] if aggregated => Ok(discovery(true, faults)),
        ["apis"] if aggregated => Ok(discovery(false, faults)),
        ["api"] => {
            Ok(Answer::json(200, &json!({"kind": "APIVersions", "versions": ["v1"], "serverAddressByClientCIDRs": []})))
        }
        ["apis"] => Ok(Answer::json(200, &group_list())),
        ["api", version] => resource_list("", version),
        ["apis", name] => group_named(name),
        ["apis", group, version] => resource_list(group, version),
        ["openapi", "v3"] => Ok(Answer::json(200, &openapi::index())),
        ["openapi", "v3", rest @ ..] => openapi::document(&rest.join("/")),
        ["openapi", ..] => Err(Failure::no_path()),
        _ => return None,
    })
}

/// The version that the demo says it is.
fn version() -> Value {
    json!({
        "major": "1", "minor": "36", "gitVersion": "v1.36.3+demo", "gitCommit": "0000000000000000000000000000000000000000",
        "gitTreeState": "clean", "buildDate": "2026-07-15T00:00:00Z", "goVersion": "none", "compiler": "rustc",
        "platform": "linux/amd64", "emulationMajor": "1", "emulationMinor": "36",
        "minCompatibilityMajor": "1", "minCompatibilityMinor": "35",
    })
}

/// The groups beside the core group, each once, in order.
fn groups() -> Vec<(&'static str, &'static str)> {
    let mut groups: Vec<_> = ALL.iter().map(|r| (r.group, r.version)).filter(|(group, _)| !group.is_empty()).collect();
    groups.extend([("authorization.k8s.io", "v1"), ("authentication.k8s.io", "v1"), ("metrics.k8s.io", "v1beta1")]);
    groups.dedup();
    groups
}

fn group((name, version): (&str, &str)) -> Value {
    let version = json!({"groupVersion": format!("{name}/{version}"), "version": version});
    json!({"name": name, "versions": [version], "preferredVersion": version})
}

fn group_list() -> Value {
    let groups: Vec<Value> = groups().into_iter().map(group).collect();
    json!({"kind": "APIGroupList", "apiVersion": "v1", "groups": groups})
}

fn group_named(name: &str) -> Outcome {
    let found = groups().into_iter().find(|(group, _)| *group == name).ok_or_else(Failure::no_path)?;
    let mut group = group(found);
    super::json::set(&mut group, "/kind", "APIGroup");
    super::json::set(&mut group, "/apiVersion", "v1");
    Ok(Answer::json(200, &group))
}

/// A resource that only takes questions, or only gives figures.
struct Special {
    group: &'static str,
    plural: &'static str,
    kind: &'static str,
    namespaced: bool,
    verbs: &'static [&'static str],
}

const SPECIAL: &[Special] = &[
    ask("authentication.k8s.io", "selfsubjectreviews", "SelfSubjectReview"),
    ask("authorization.k8s.io", "selfsubjectaccessreviews", "SelfSubjectAccessReview"),
    ask("authorization.k8s.io", "selfsubjectrulesreviews", "SelfSubjectRulesReview"),
    figures("nodes", "NodeMetrics", false),
    figures("pods", "PodMetrics", true),
];

const fn ask(group: &'static str, plural: &'static str, kind: &'static str) -> Special {
    Special { group, plural, kind, namespaced: false, verbs: &["create"] }
}

const fn figures(plural: &'static str, kind: &'static str, namespaced: bool) -> Special {
    Special { group: "metrics.k8s.io", plural, kind, namespaced, verbs: &["get", "list"] }
}

fn resource_list(group: &str, version: &str) -> Outcome {
    if group.is_empty() && version != "v1" || !group.is_empty() && !groups().contains(&(group, version)) {
        return Err(Failure::no_path());
    }
    let mut resources: Vec<Value> = Vec::new();
    for resource in ALL.iter().filter(|r| r.group == group) {
        resources.push(entry(resource));
        resources.extend(resource.subresources.iter().map(|sub| sub_entry(resource, sub)));
    }
    for special in SPECIAL.iter().filter(|s| s.group == group) {
        resources.push(json!({
            "name": special.plural, "singularName": special.kind.to_lowercase(), "namespaced": special.namespaced,
            "kind": special.kind, "verbs": special.verbs,
        }));
    }
    let name = if group.is_empty() { version.to_owned() } else { format!("{group}/{version}") };
    let list = json!({"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": name, "resources": resources});
    Ok(Answer::json(200, &list))
}

fn categories(resource: &Resource) -> &'static [&'static str] {
    match resource.plural {
        "customresourcedefinitions"
        | "apiservices"
        | "mutatingwebhookconfigurations"
        | "validatingadmissionpolicies"
        | "validatingwebhookconfigurations" => &["api-extensions"],
        _ if resource.in_all() => &["all"],
        _ => &[],
    }
}

fn entry(resource: &Resource) -> Value {
    let mut entry = json!({
        "name": resource.plural, "singularName": resource.kind.to_lowercase(), "namespaced": resource.namespaced,
        "kind": resource.kind, "verbs": resource.verbs(),
    });
    for (field, names) in [("shortNames", resource.short), ("categories", categories(resource))] {
        if !names.is_empty() {
            super::json::set(&mut entry, &format!("/{field}"), names.to_vec());
        }
    }
    entry
}

/// Group, version, kind and verbs of a subresource.
fn sub_facts(resource: &Resource, sub: &str) -> (&'static str, &'static str, &'static str, &'static [&'static str]) {
    match sub {
        "scale" => ("autoscaling", "v1", "Scale", &["get", "patch", "update"]),
        "eviction" => ("policy", "v1", "Eviction", &["create"]),
        "exec" => ("", "v1", "PodExecOptions", &["create", "get"]),
        "attach" => ("", "v1", "PodAttachOptions", &["create", "get"]),
        "portforward" => ("", "v1", "PodPortForwardOptions", &["create", "get"]),
        "log" => ("", "v1", "Pod", &["get"]),
        "finalize" => ("", "v1", "Namespace", &["update"]),
        _ => (resource.group, resource.version, resource.kind, &["get", "patch", "update"]),
    }
}

fn sub_entry(resource: &Resource, sub: &str) -> Value {
    let (group, version, kind, verbs) = sub_facts(resource, sub);
    let mut entry = json!({
        "name": format!("{}/{sub}", resource.plural), "singularName": "", "namespaced": resource.namespaced,
        "kind": kind, "verbs": verbs,
    });
    if group != resource.group {
        super::json::set(&mut entry, "/group", group);
        super::json::set(&mut entry, "/version", version);
    }
    entry
}

/// Aggregated discovery (`apidiscovery.k8s.io/v2`).
fn discovery(core: bool, faults: &Faults) -> Answer {
    let groups = if core { vec![("", "v1")] } else { groups() };
    let items: Vec<Value> = groups.into_iter().map(|group| discovered(group, faults)).collect();
    let list = json!({
        "kind": "APIGroupDiscoveryList", "apiVersion": "apidiscovery.k8s.io/v2", "metadata": {}, "items": items,
    });
    let media = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
    Answer::raw(200, media, list.to_string().into_bytes())
}

fn discovered((group, version): (&str, &str), faults: &Faults) -> Value {
    let served = |r: &&Resource| r.group == group && faults.serves(r.plural);
    let mut resources: Vec<Value> = ALL.iter().filter(served).map(discovered_resource).collect();
    let freshness = if faults.is_stale(group) { "Stale" } else { "Current" };
    resources.extend(SPECIAL.iter().filter(|s| s.group == group).map(|s| {
        json!({
            "resource": s.plural, "responseKind": {"group": "", "version": "", "kind": s.kind},
            "scope": if s.namespaced { "Namespaced" } else { "Cluster" },
            "singularResource": s.kind.to_lowercase(), "verbs": s.verbs,
        })
    }));
    json!({
        "metadata": {"name": group, "creationTimestamp": null},
        "versions": [{"version": version, "resources": resources, "freshness": freshness}],
    })
}

fn discovered_resource(resource: &Resource) -> Value {
    let subresources: Vec<Value> = resource
        .subresources
        .iter()
        .map(|sub| {
            let (group, version, kind, verbs) = sub_facts(resource, sub);
            let kind = json!({"group": group, "version": version, "kind": kind});
            json!({"subresource": sub, "responseKind": kind, "verbs": verbs})
        })
        .collect();
    json!({
        "resource": resource.plural,
        "responseKind": {"group": resource.group, "version": resource.version, "kind": resource.kind},
        "scope": if resource.namespaced { "Namespaced" } else { "Cluster" },
        "singularResource": resource.kind.to_lowercase(), "verbs": resource.verbs(),
        "shortNames": resource.short, "categories": categories(resource), "subresources": subresources,
    })
}
