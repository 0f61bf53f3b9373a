//! Create, read, replace, patch and delete.

use super::log::Log;
use crate::real::wire::{JSON_PATCH, MERGE, Wire};
use serde_json::{Value, json};

fn config_map(name: &str, data: &Value) -> Value {
    json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": data})
}

/// What goes well.
pub async fn written(wire: &Wire, namespace: &str, log: &mut Log) {
    let all = format!("/api/v1/namespaces/{namespace}/configmaps");
    let one = format!("{all}/a");
    let made = wire.post(&all, &config_map("a", &json!({"x": "1"}))).await;
    log.answer("create", &made);
    log.note("created", &json!([made.body["metadata"]["uid"], made.body["metadata"]["namespace"], made.body["data"]]));
    log.answer("get", &wire.get(&one).await);

    let same = wire.patch(&one, (MERGE, &json!({"data": {"x": "1"}}))).await;
    log.answer("patch nothing", &same);
    let version = |object: &Value| object["metadata"]["resourceVersion"].clone();
    log.note("a patch that changes nothing keeps the version", &json!(version(&same.body) == version(&made.body)));
    let dry = wire.patch(&format!("{one}?dryRun=All"), (MERGE, &json!({"data": {"x": "2"}}))).await;
    log.note("dry run", &dry.body["data"]);
    log.note("after the dry run", &wire.get(&one).await.body["data"]);
    let merged = wire.patch(&one, (MERGE, &json!({"data": {"x": null, "y": "2"}}))).await;
    log.note("merged", &merged.body["data"]);
    log.note("the version moves", &json!(version(&merged.body) != version(&made.body)));
    log.note("the object stays", &merged.body["metadata"]["uid"]);
    let steps =
        json!([{"op": "test", "path": "/data/y", "value": "2"}, {"op": "add", "path": "/data/z", "value": "3"}]);
    log.note("json patch", &wire.patch(&one, (JSON_PATCH, &steps)).await.body["data"]);

    let mut object = wire.get(&one).await.body;
    object["data"] = json!({"whole": "new"});
    log.note("replaced", &wire.put(&one, &object).await.body["data"]);
    object["metadata"]["resourceVersion"] = json!("");
    log.answer("replaced without a version", &wire.put(&one, &object).await);
    let dry = wire.post(&format!("{all}?dryRun=All"), &config_map("dry", &json!({}))).await;
    log.answer("created dry", &dry);
    log.answer("is not there", &wire.get(&format!("{all}/dry")).await);
    let generated = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"generateName": "made-"}});
    let generated = wire.post(&all, &generated).await;
    let name = generated.body["metadata"]["name"].as_str().unwrap_or_default();
    log.note("generated", &json!([generated.code, name.starts_with("made-"), name.len()]));
}

/// What the server does not take.
pub async fn refused(wire: &Wire, namespace: &str, log: &mut Log) {
    let all = format!("/api/v1/namespaces/{namespace}/configmaps");
    let one = format!("{all}/a");
    let a = config_map("a", &json!({"x": "1"}));
    let made = wire.post(&all, &a).await;
    log.answer("create", &made);
    log.answer("create again", &wire.post(&all, &a).await);
    log.answer("without a name", &wire.post(&all, &config_map("", &json!({}))).await);
    let elsewhere =
        json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "b", "namespace": "elsewhere"}});
    log.answer("of another namespace", &wire.post(&all, &elsewhere).await);
    log.answer(
        "in no namespace",
        &wire.post("/api/v1/namespaces/nowhere/configmaps", &config_map("b", &json!({}))).await,
    );

    log.answer("get what is not there", &wire.get(&format!("{all}/missing")).await);
    log.answer("patch what is not there", &wire.patch(&format!("{all}/missing"), (MERGE, &json!({}))).await);
    log.answer("delete what is not there", &wire.delete(&format!("{all}/missing")).await);
    log.answer("a kind that is not there", &wire.get("/api/v1/gizmos").await);
    log.note("a group that is not there", &json!(wire.get("/apis/example.org/v1/gizmos").await.code));
    log.answer("a subresource that is not there", &wire.get(&format!("{one}/scale")).await);
    log.answer("put to the list", &wire.put(&all, &a).await);

    let mut stale = made.body.clone();
    wire.patch(&one, (MERGE, &json!({"data": {"x": "2"}}))).await.ok("patch");
    stale["data"] = json!({"x": "3"});
    log.answer("replace an old version", &wire.put(&one, &stale).await);
    let version = json!({"metadata": {"resourceVersion": stale["metadata"]["resourceVersion"]}, "data": {"x": "4"}});
    log.answer("patch an old version", &wire.patch(&one, (MERGE, &version)).await);
    let uid = json!({"metadata": {"uid": "00000000-0000-0000-0000-000000000000"}, "data": {"x": "4"}});
    let other = wire.patch(&one, (MERGE, &uid)).await;
    log.note("patch another object", &json!([other.code, other.body["reason"], other.body["message"]]));
    let test = json!([{"op": "test", "path": "/data/x", "value": "9"}]);
    let failed = wire.patch(&one, (JSON_PATCH, &test)).await;
    log.note("a test that fails", &json!([failed.code, failed.body["reason"]]));
    log.note("an unknown patch", &json!(wire.patch(&one, ("text/plain", &json!({}))).await.code));
    let wrong = wire.send("PATCH", &one, (MERGE, Some(&json!([1])))).await;
    log.note("a patch that is a list", &json!([wrong.code, wrong.body["reason"]]));
    log.note("nothing of this was written", &wire.get(&one).await.body["data"]);
}

/// How objects go.
pub async fn deleted(wire: &Wire, namespace: &str, log: &mut Log) {
    let all = format!("/api/v1/namespaces/{namespace}/configmaps");
    let one = format!("{all}/a");
    let made = wire.post(&all, &config_map("a", &json!({}))).await;
    log.note("made", &made.body["metadata"]["uid"]);
    let options =
        |preconditions: Value| json!({"apiVersion": "v1", "kind": "DeleteOptions", "preconditions": preconditions});
    let other = options(json!({"uid": "00000000-0000-0000-0000-000000000000"}));
    log.answer("another object", &wire.send("DELETE", &one, ("application/json", Some(&other))).await);
    let old = options(json!({"resourceVersion": "1"}));
    log.answer("an old version", &wire.send("DELETE", &one, ("application/json", Some(&old))).await);
    log.answer("dry", &wire.delete(&format!("{one}?dryRun=All")).await);
    log.answer("still there", &wire.get(&one).await);
    let right = options(json!({"uid": made.body["metadata"]["uid"]}));
    log.answer("this object", &wire.send("DELETE", &one, ("application/json", Some(&right))).await);
    log.answer("gone", &wire.get(&one).await);
    let again = wire.post(&all, &config_map("a", &json!({}))).await;
    log.note("made again", &again.body["metadata"]["uid"]);

    let mut held = config_map("held", &json!({}));
    held["metadata"]["finalizers"] = json!(["rutter.dev/hold"]);
    held["metadata"]["labels"] = json!({"app": "held"});
    wire.post(&all, &held).await.ok("create");
    let going = wire.delete(&format!("{all}/held")).await;
    log.answer("held", &going);
    let meta = &going.body["metadata"];
    log.note("held since", &json!([meta["deletionTimestamp"], meta["deletionGracePeriodSeconds"]]));
    log.answer("held again", &wire.delete(&format!("{all}/held")).await);
    let free = wire.patch(&format!("{all}/held"), (MERGE, &json!({"metadata": {"finalizers": null}}))).await;
    log.answer("let go", &free);
    log.answer("and gone", &wire.get(&format!("{all}/held")).await);

    for name in ["x", "y"] {
        let mut labelled = config_map(name, &json!({}));
        labelled["metadata"]["labels"] = json!({"app": "many"});
        wire.post(&all, &labelled).await.ok("create");
    }
    let many = wire.delete(&format!("{all}?labelSelector=app%3Dmany")).await;
    let names = |list: &Value| {
        list["items"].as_array().into_iter().flatten().map(|o| o["metadata"]["name"].clone()).collect::<Vec<_>>()
    };
    log.note("many", &json!([many.code, many.body["kind"], names(&many.body)]));
    log.answer("none of them is there", &wire.get(&format!("{all}/x")).await);
    log.answer("the other is", &wire.get(&one).await);
}
