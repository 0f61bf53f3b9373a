//! Discovery over servers that are new, old, large, or in part not there.

use super::discover;
use crate::cluster::gate::testing::{Asked, server};
use crate::kinds::{Discovered, Resource};
use serde_json::{Value, json};

/// What comes of a server that answers GET requests with `answers`, and what it was asked.
async fn found(
    answers: impl Fn(&str) -> Option<(u16, Value)> + Send + Sync + 'static,
) -> (Result<Discovered, String>, Vec<String>) {
    let (reader, _, asked) = server(move |asked: &Asked| answers(asked.line.trim_start_matches("GET ")));
    let found = discover(reader.client()).await.map_err(|error| error.sentence);
    (found, asked.try_iter().map(|asked| asked.line).collect())
}

fn full_names(found: &Discovered) -> Vec<String> {
    let name = |one: &Resource| format!("{}{} {}", one.called(), if one.preferred { "" } else { "!" }, one.version);
    found.resources.iter().map(name).collect()
}

fn one(plural: &str, kind: &str) -> Value {
    json!({"resource": plural, "responseKind": {"group": "", "version": "", "kind": kind}, "scope": "Namespaced",
        "singularResource": kind.to_lowercase(), "verbs": ["get", "list"], "shortNames": ["g"],
        "subresources": [{"subresource": "scale"}, {"subresource": "status"}]})
}

#[tokio::test]
async fn all_is_asked_at_once() {
    let (found, asked) = found(|path| {
        let core = json!([{"metadata": {"name": ""}, "versions": [{"version": "v1", "resources": [one("pods", "Pod")], "freshness": "Current"}]}]);
        let groups = json!([
            {"metadata": {"name": "e.x"}, "versions": [
                {"version": "v2", "resources": [one("gadgets", "Gadget"), {"resource": "nameless"}]},
                {"version": "v1", "resources": [one("gadgets", "Gadget"), one("old", "Old")]}]},
            {"metadata": {"name": "m.x"}, "versions": [{"version": "v1", "resources": null, "freshness": "Stale"}]}]);
        let list = |items| (200, json!({"kind": "APIGroupDiscoveryList", "items": items}));
        Some(if path == "/api" { list(core) } else { list(groups) })
    })
    .await;
    let found = found.unwrap();
    assert_eq!(asked.len(), 2);
    assert_eq!(full_names(&found), ["pods v1", "gadgets.e.x v2", "gadgets.e.x! v1", "old.e.x v1"]);
    assert_eq!(found.versions, ["v1", "e.x/v2", "e.x/v1"]);
    assert_eq!(found.failed, [("m.x/v1".to_owned(), "the server that serves it does not answer".to_owned())]);
    let gadgets = &found.resources[1];
    assert!(gadgets.scales && gadgets.namespaced && gadgets.can_list() && gadgets.is_called("g"));
}

#[tokio::test]
async fn an_old_server_is_asked_group_by_group_and_one_that_fails_harms_nobody() {
    let (found, asked) = found(|path| {
        let groups = json!([
            {"name": "e.x", "versions": [{"version": "v1"}, {"version": "v2"}], "preferredVersion": {"version": "v2"}},
            {"name": "m.x", "versions": [{"version": "v1"}], "preferredVersion": {"version": "v1"}}]);
        let list = |name: &str, kind: &str| {
            let parts = json!([{"name": format!("{name}/scale"), "kind": "Scale"},
                {"name": name, "singularName": "", "kind": kind, "namespaced": true, "verbs": ["list"], "shortNames": null}]);
            (200, json!({"kind": "APIResourceList", "resources": parts}))
        };
        Some(match path {
            "/api" => (200, json!({"kind": "APIVersions", "versions": ["v1"]})),
            "/apis" => (200, json!({"kind": "APIGroupList", "groups": groups})),
            "/api/v1" => list("pods", "Pod"),
            "/apis/e.x/v1" | "/apis/e.x/v2" => list("gadgets", "Gadget"),
            _ => (503, json!({"message": "service unavailable"})),
        })
    })
    .await;
    let found = found.unwrap();
    assert_eq!(asked.len(), 6);
    assert_eq!(full_names(&found), ["pods v1", "gadgets.e.x v2", "gadgets.e.x! v1"]);
    assert!(found.resources.iter().all(|one| one.scales));
    assert_eq!(found.failed, [("m.x/v1".to_owned(), "service unavailable".to_owned())]);
}

#[tokio::test]
async fn a_thousand_groups_are_two_requests() {
    let (found, asked) = found(|path| {
        let version = json!([{"version": "v1", "resources": [one("things", "Thing")]}]);
        let group = |at| json!({"metadata": {"name": format!("g{at}.x")}, "versions": version});
        let groups: Vec<Value> = if path == "/apis" { (0..1_000).map(group).collect() } else { Vec::new() };
        Some((200, json!({"kind": "APIGroupDiscoveryList", "items": groups})))
    })
    .await;
    let found = found.unwrap();
    assert_eq!((asked.len(), found.resources.len(), found.failed), (2, 1_000, Vec::new()));
}

#[tokio::test]
async fn a_thousand_groups_are_no_matter() {
    let (found, asked) = found(|path| {
        let groups: Vec<Value> =
            (0..1_000).map(|at| json!({"name": format!("g{at}.x"), "versions": [{"version": "v1"}]})).collect();
        Some(match path {
            "/api" => (403, json!({"message": "forbidden"})),
            "/apis" => (200, json!({"kind": "APIGroupList", "groups": groups})),
            _ => (200, json!({"resources": [{"name": "things", "kind": "Thing", "verbs": ["list"]}]})),
        })
    })
    .await;
    let found = found.unwrap();
    assert_eq!((asked.len(), found.resources.len()), (1_002, 1_000));
    assert!(found.resources.iter().all(|one| one.preferred));
    assert_eq!(found.failed, [("the core group".to_owned(), "forbidden".to_owned())]);
}

#[tokio::test]
async fn what_is_no_discovery_is_an_error() {
    for answer in [(200, json!({"kind": "Status"})), (200, json!([])), (403, json!({"message": "no"}))] {
        assert!(found(move |_| Some(answer.clone())).await.0.is_err());
    }
    assert!(found(|_| None).await.0.is_err());
}
