//! Lists: pages, selectors, and what is wrong about them.

use super::log::Log;
use crate::real::wire::Wire;
use serde_json::{Value, json};

async fn fill(wire: &Wire, namespace: &str) -> String {
    let all = format!("/api/v1/namespaces/{namespace}/secrets");
    for (name, labels) in [
        ("a", json!({"app": "web", "tier": "front"})),
        ("b", json!({"app": "web"})),
        ("c", json!({"app": "api", "tier": "back"})),
        ("d", json!({})),
        ("e", json!({"app": "api"})),
    ] {
        let object = json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name, "labels": labels}});
        wire.post(&all, &object).await.ok(name);
    }
    all
}

fn names(list: &Value) -> Value {
    list["items"].as_array().into_iter().flatten().map(|object| object["metadata"]["name"].clone()).collect()
}

/// What goes well.
pub async fn lists(wire: &Wire, namespace: &str, log: &mut Log) {
    let all = fill(wire, namespace).await;
    let list = wire.get(&all).await;
    log.note("all", &json!([list.code, list.body["kind"], list.body["apiVersion"], names(&list.body)]));
    log.note(
        "items have no kind of their own",
        &json!([list.body["items"][0]["kind"], list.body["items"][0]["apiVersion"]]),
    );

    let mut token = String::new();
    for page in 0..3 {
        let path = if token.is_empty() { format!("{all}?limit=2") } else { format!("{all}?limit=2&continue={token}") };
        let list = wire.get(&path).await;
        let meta = &list.body["metadata"];
        log.note(
            &format!("page {page}"),
            &json!([names(&list.body), meta["remainingItemCount"], meta["continue"].is_null()]),
        );
        meta["continue"].as_str().unwrap_or_default().clone_into(&mut token);
    }
    let few = wire.get(&format!("{all}?limit=1&labelSelector=app")).await;
    log.note("selected pages", &json!([names(&few.body), few.body["metadata"]["remainingItemCount"]]));

    for selector in [
        "app=web",
        "app==web",
        "app!=web",
        "app",
        "!app",
        "app in (web,api)",
        "app notin (web)",
        "app=web,tier=front",
        "app=web,!tier",
        "tier in (front),app",
        "app=nothing",
        "",
    ] {
        let path = format!("{all}?labelSelector={}", encoded(selector));
        log.note(selector, &names(&wire.get(&path).await.body));
    }
    for selector in ["metadata.name=b", "metadata.name!=b", "metadata.namespace=elsewhere", "type=Opaque"] {
        let path = format!("{all}?fieldSelector={}", encoded(selector));
        log.note(selector, &names(&wire.get(&path).await.body));
    }
    log.note("nothing in it", &names(&wire.get(&format!("/api/v1/namespaces/{namespace}/pods")).await.body));
    log.note("a namespace that is not there", &names(&wire.get("/api/v1/namespaces/nowhere/pods").await.body));
    for version in ["0", ""] {
        let list = wire.get(&format!("{all}?resourceVersion={version}")).await;
        log.note("at any version", &json!([list.code, names(&list.body)]));
    }
}

fn encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |text, byte| format!("{text}%{byte:02X}"))
}

/// What the server cannot answer.
pub async fn refused(wire: &Wire, namespace: &str, log: &mut Log) {
    let all = fill(wire, namespace).await;
    for selector in ["a=b=c", "in (", "app in web", "=web", "app=!"] {
        let answer = wire.get(&format!("{all}?labelSelector={}", encoded(selector))).await;
        log.note(selector, &json!([answer.code, answer.body["reason"]]));
    }
    for selector in ["spec.colour=red", "metadata.name"] {
        let answer = wire.get(&format!("{all}?fieldSelector={}", encoded(selector))).await;
        log.note(selector, &json!([answer.code, answer.body["reason"], answer.body["message"]]));
    }
    for query in ["limit=many", "continue=nonsense", "resourceVersion=x"] {
        let answer = wire.get(&format!("{all}?{query}")).await;
        log.note(query, &json!([answer.code, answer.body["reason"]]));
    }
}
