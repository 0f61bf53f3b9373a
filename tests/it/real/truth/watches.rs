//! Watches: what they tell, in which order, from where on.

use super::log::Log;
use crate::real::wire::{MERGE, Wire, next};
use serde_json::{Value, json};
use tokio::sync::mpsc::UnboundedReceiver;

type Lines = UnboundedReceiver<Value>;

fn secret(name: &str, app: &str) -> Value {
    json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name, "labels": {"app": app}}})
}

/// Writes down the next lines.
async fn lines(log: &mut Log, what: &str, (from, count): (&mut Lines, usize)) {
    for _ in 0..count {
        let line = next(from).await.unwrap_or_default();
        let object = &line["object"];
        let meta = &object["metadata"];
        log.note(
            what,
            &json!([
                line["type"],
                object["kind"],
                meta["name"],
                meta["uid"],
                meta["labels"]["app"],
                meta["deletionTimestamp"]
            ]),
        );
    }
}

async fn watch(wire: &Wire, path: &str) -> Lines {
    wire.watch(path).await.expect("a watch")
}

/// Changes, as three watches see them.
pub async fn order(wire: &Wire, namespace: &str, log: &mut Log) {
    let all = format!("/api/v1/namespaces/{namespace}/secrets");
    let version = wire.get(&all).await.body["metadata"]["resourceVersion"].as_str().unwrap_or_default().to_owned();
    let mut whole = watch(wire, &format!("{all}?watch=true&resourceVersion={version}")).await;
    let mut web = watch(wire, &format!("{all}?watch=true&resourceVersion={version}&labelSelector=app%3Dweb")).await;
    let mut one =
        watch(wire, &format!("{all}?watch=true&resourceVersion={version}&fieldSelector=metadata.name%3Db")).await;

    wire.post(&all, &secret("a", "web")).await.ok("create");
    wire.post(&all, &secret("b", "api")).await.ok("create");
    let app = |app: &str| json!({"metadata": {"labels": {"app": app}}});
    wire.patch(&format!("{all}/a"), (MERGE, &app("api"))).await.ok("patch");
    wire.patch(&format!("{all}/b"), (MERGE, &app("web"))).await.ok("patch");
    wire.patch(&format!("{all}/b"), (MERGE, &app("web"))).await.ok("patch that changes nothing");
    wire.delete(&format!("{all}/b")).await.ok("delete");
    wire.post(&all, &secret("b", "web")).await.ok("create again");
    let hold = json!({"metadata": {"finalizers": ["rutter.dev/hold"]}});
    wire.patch(&format!("{all}/b"), (MERGE, &hold)).await.ok("hold");
    wire.delete(&format!("{all}/b")).await.ok("delete");
    wire.patch(&format!("{all}/b"), (MERGE, &json!({"metadata": {"finalizers": null}}))).await.ok("let go");
    wire.post(&all, &secret("end", "web")).await.ok("create");

    lines(log, "whole", (&mut whole, 10)).await;
    lines(log, "web", (&mut web, 9)).await;
    lines(log, "one", (&mut one, 7)).await;
    let mut late = watch(wire, &format!("{all}?watch=true&resourceVersion={version}")).await;
    lines(log, "from then on, but later", (&mut late, 10)).await;
}

/// How watches begin and end.
pub async fn ends(wire: &Wire, namespace: &str, log: &mut Log) {
    let all = format!("/api/v1/namespaces/{namespace}/secrets");
    wire.post(&all, &secret("a", "web")).await.ok("create");
    wire.post(&all, &secret("b", "web")).await.ok("create");
    let mut unversioned = watch(wire, &format!("{all}?watch=true")).await;
    lines(log, "from nowhere", (&mut unversioned, 2)).await;
    let mut zero = watch(wire, &format!("{all}?watch=true&resourceVersion=0")).await;
    lines(log, "from zero", (&mut zero, 2)).await;

    let initial = "sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true";
    let mut streamed = watch(wire, &format!("{all}?watch=true&{initial}")).await;
    lines(log, "streamed", (&mut streamed, 2)).await;
    let mark = next(&mut streamed).await.unwrap_or_default();
    log.note(
        "end of the list",
        &json!([mark["type"], mark["object"]["kind"], mark["object"]["metadata"]["annotations"]]),
    );

    let mut short = watch(wire, &format!("{all}?watch=true&resourceVersion=0&timeoutSeconds=1")).await;
    lines(log, "short", (&mut short, 2)).await;
    log.note("ends without a word", &json!(next(&mut short).await));

    let refused = wire.watch(&format!("{all}?watch=true&sendInitialEvents=true")).await.err();
    log.note("streamed but not said how", &json!(refused.map(|answer| (answer.code, answer.body["reason"].clone()))));
}

/// A version from before the server began to remember. On a real server that takes a restart.
pub async fn too_old(wire: &Wire, log: &mut Log) {
    let mut old = watch(wire, "/api/v1/secrets?watch=true&resourceVersion=1").await;
    let line = next(&mut old).await.unwrap_or_default();
    let status = &line["object"];
    log.note("too old", &json!([line["type"], status["kind"], status["code"], status["reason"], status["status"]]));
    log.note("and over", &json!(next(&mut old).await));
}
