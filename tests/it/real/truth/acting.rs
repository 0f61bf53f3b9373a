//! What acting needs: dry runs, options, managers of fields, unknown fields, and what a deletion leaves behind.

use super::log::Log;
use crate::real::wire::{Answer, JSON_PATCH, MERGE, STRATEGIC, Wire};
use serde_json::{Value, json};

const APPLY: &str = "application/apply-patch+yaml";

fn deployment() -> Value {
    json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"}, "spec": {
        "replicas": 2, "selector": {"matchLabels": {"app": "web"}},
        "template": {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [{"name": "c", "image": "c:1"}]}}}})
}

fn managers(object: &Value) -> Value {
    let entries = object["metadata"]["managedFields"].as_array().into_iter().flatten();
    entries.map(|e| json!([e["manager"], e["operation"], e["subresource"], e["fieldsV1"]])).collect()
}

/// Who manages which fields of a config map, and what happens where two want the same.
pub async fn managed(wire: &Wire, namespace: &str, log: &mut Log) {
    let one = format!("/api/v1/namespaces/{namespace}/configmaps/m");
    let map = |data: Value| json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "m"}, "data": data});
    let apply = async |query: &str, object: Value| wire.patch(&format!("{one}?{query}"), (APPLY, &object)).await;
    let mut note = |what: &str, answer: Answer| {
        log.answer(what, &answer);
        log.note("managers", &managers(&answer.body));
        log.note("data", &answer.body["data"]);
    };
    note("nobody applies", apply("", map(json!({"a": "1"}))).await);
    note("the first applies", apply("fieldManager=one", map(json!({"a": "1", "b": "1"}))).await);
    note("a conflict", apply("fieldManager=two", map(json!({"a": "2", "b": "1"}))).await);
    note("two conflicts", apply("fieldManager=two", map(json!({"a": "2", "b": "2"}))).await);
    note("the same value", apply("fieldManager=two", map(json!({"b": "1"}))).await);
    note("the first lets go", apply("fieldManager=one", map(json!({"a": "1"}))).await);
    note("the second lets go", apply("fieldManager=two", map(json!({"c": "1"}))).await);
    note("dry and forced", apply("fieldManager=two&force=true&dryRun=All", map(json!({"a": "3"}))).await);
    note("forced", apply("fieldManager=two&force=true", map(json!({"a": "3"}))).await);
    let merge = json!({"data": {"a": "4"}, "metadata": {"labels": {"x.y/z": "1"}}});
    note("by hand", wire.patch(&format!("{one}?fieldManager=hand"), (MERGE, &merge)).await);
    let other = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "n"}});
    note("another name", apply("fieldManager=two", other).await);
    note("no kind", apply("fieldManager=two", json!({"metadata": {"name": "m"}})).await);
}

/// Dry runs, and what is refused before anything is looked at.
pub async fn asked(wire: &Wire, namespace: &str, log: &mut Log) {
    let all = format!("/apis/apps/v1/namespaces/{namespace}/deployments");
    let (one, scale) = (format!("{all}/web"), format!("{all}/web/scale"));
    let mut strange = deployment();
    strange["spec"]["foo"] = json!(1);
    log.answer("an unknown field", &wire.post(&format!("{all}?fieldValidation=Strict"), &strange).await);
    log.answer("create", &wire.post(&format!("{all}?fieldManager=one"), &deployment()).await);
    let unknown = json!({"spec": {"foo": 1}});
    let refused = wire.patch(&format!("{one}?fieldValidation=Strict"), (STRATEGIC, &unknown)).await;
    log.answer("an unknown field in a patch", &refused);
    let applied =
        json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"}, "spec": {"foo": 5}});
    log.answer("an unknown field applied", &wire.patch(&format!("{one}?fieldManager=t"), (APPLY, &applied)).await);
    let conflict = json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"}, "spec": {
        "replicas": 5, "template": {"spec": {"containers": [{"name": "c", "image": "c:2"}]}}}});
    log.answer("conflicts", &wire.patch(&format!("{one}?fieldManager=two"), (APPLY, &conflict)).await);
    for query in ["dryRun=Some", "fieldValidation=Some"] {
        log.answer(query, &wire.patch(&format!("{one}?{query}"), (MERGE, &json!({}))).await);
    }
    let options = |options: Value| ("application/json", Some(options));
    for body in [json!({"propagationPolicy": "Sideways"}), json!({"dryRun": ["Some"]})] {
        let (media, body) = options(body);
        log.answer("options", &wire.send("DELETE", &one, (media, body.as_ref())).await);
    }
    let test = json!([{"op": "test", "path": "/spec/replicas", "value": 9}]);
    log.answer("a test that fails", &wire.patch(&one, (JSON_PATCH, &test)).await);
    log.answer("no list of steps", &wire.patch(&one, (JSON_PATCH, &json!({"a": 1}))).await);
    let selector = json!({"spec": {"selector": {"matchLabels": {"app": "other"}}}});
    log.note("another selector", &json!(wire.patch(&one, (MERGE, &selector)).await.code));
    log.answer("a negative count", &wire.patch(&scale, (MERGE, &json!({"spec": {"replicas": -1}}))).await);
    let three = json!({"spec": {"replicas": 3}});
    log.note("scaled dry", &wire.patch(&format!("{scale}?dryRun=All"), (MERGE, &three)).await.body["spec"]);
    for policy in ["Foreground", "Orphan", "Background"] {
        let (media, body) = options(json!({"propagationPolicy": policy, "dryRun": ["All"]}));
        let dry = wire.send("DELETE", &one, (media, body.as_ref())).await;
        log.answer(policy, &dry);
        let meta = &dry.body["metadata"];
        log.note(
            "left",
            &json!([meta["finalizers"], meta["deletionGracePeriodSeconds"], meta["deletionTimestamp"].is_null()]),
        );
    }
    log.note("nothing of this was kept", &wire.get(&one).await.body["spec"]["replicas"]);
    let (media, body) = options(json!({"propagationPolicy": "Background"}));
    let real = wire.send("DELETE", &format!("{one}?dryRun=All"), (media, body.as_ref())).await;
    log.answer("a dry run in the query beside a body is none", &real);
    log.answer("gone", &wire.get(&one).await);
}
