//! Lists and watches of kinds that are shown by the server's tables.

use super::Request;
use super::script::{Script, event, request, status, web};
use crate::kinds::kind::names;
use crate::kinds::{Can, Names, Served};
use serde_json::{Value, json};
use std::time::Duration;

static NAMES: Names = names("e.x", "v1", "gadgets", "Gadget", &[]);
static GADGETS: Served = Served { names: &NAMES, can: Can::NOTHING };

fn gadgets() -> Request {
    Request { kind: &GADGETS, ..request(36) }
}

fn column(name: &str) -> Value {
    json!({"name": name, "type": "integer", "format": "", "description": "", "priority": 0})
}

fn row(name: &str, cell: u32) -> Value {
    json!({"cells": [cell], "object": {"metadata": {"name": name, "uid": format!("uid-{name}")}}})
}

/// A table of version `version` with these columns, and these rows whose cell is 1.
fn table(version: &str, columns: &Value, rows: &[&str]) -> String {
    let rows: Vec<Value> = rows.iter().map(|name| row(name, 1)).collect();
    let meta = format!(r#"{{"resourceVersion":"{version}"}}"#);
    // In the order of the API server.
    format!(
        r#"{{"kind":"Table","apiVersion":"meta.k8s.io/v1","metadata":{meta},"columnDefinitions":{columns},"rows":{}}}"#,
        Value::from(rows)
    )
}

fn one() -> Value {
    json!([column("Count")])
}

#[tokio::test(start_paused = true)]
async fn a_table_is_listed_and_followed() {
    let mut script = Script::start(gadgets());
    script.asked().await.ok(&table("5", &one(), &["a", "b"]));
    assert_eq!(script.said().await, ["begin", "columns 1", "a=1", "b=1", "end", "live"]);
    let watch = script.asked().await;
    assert!(watch.is_watch() && watch.parameter("resourceVersion") == Some("5"), "{}", watch.url);
    let open = watch.open(200, &[]);
    open.send(event("ADDED", &table("6", &one(), &["c"])) + &event("DELETED", &table("7", &Value::Null, &["a"])));
    open.send(event("BOOKMARK", &table("9", &Value::Null, &[])));
    assert_eq!(script.said().await, ["c=1", "gone a"]);
    // A server that ends it long before its time has changed something.
    tokio::time::sleep(Duration::from_secs(5)).await;
    drop(open);
    let again = script.asked().await;
    assert!(!again.is_watch(), "{}", again.url);
    let two = json!([column("Count"), column("More")]);
    again.ok(&table("12", &two, &["b"]));
    assert_eq!(script.said().await, ["begin", "columns 2", "b=1", "end"]);
}

#[tokio::test(start_paused = true)]
async fn other_columns_in_a_watch_make_it_list_again() {
    let mut script = Script::start(gadgets());
    script.asked().await.ok(&table("5", &one(), &["a"]));
    let open = script.asked().await.open(200, &[]);
    assert_eq!(script.said().await, ["begin", "columns 1", "a=1", "end", "live"]);
    open.send(event("MODIFIED", &table("6", &json!([column("Other")]), &["a"])));
    let again = script.asked().await;
    assert!(!again.is_watch(), "{}", again.url);
    again.ok(&table("6", &json!([column("Other")]), &["a"]));
    assert_eq!(script.said().await, ["begin", "columns 1", "a=1", "end"]);
}

#[tokio::test(start_paused = true)]
async fn dates_are_read_from_the_objects() {
    let mut script = Script::start(gadgets());
    let mut last = column("Last");
    (last["type"], last["description"]) =
        ("date".into(), "Custom resource definition column (in JSONPath format): .status.last".into());
    let first = script.asked().await;
    assert_eq!(first.parameter("includeObject"), None);
    first.ok(&table("5", &json!([last]), &["a"]));
    let second = script.asked().await;
    assert_eq!(second.parameter("includeObject"), Some("Object"));
    second.ok(&table("5", &json!([last]), &["a"]));
    assert_eq!(script.said().await, ["begin", "columns 1", "begin", "a=1", "end", "live"]);
    assert_eq!(script.asked().await.parameter("includeObject"), Some("Object"));
}

#[tokio::test(start_paused = true)]
async fn a_server_without_tables_sends_objects() {
    let mut script = Script::start(gadgets());
    script
        .asked()
        .await
        .ok(&format!(r#"{{"kind":"GadgetList","metadata":{{"resourceVersion":"5"}},"items":[{}]}}"#, web("a", 1)));
    assert_eq!(script.said().await.last().map(String::as_str), Some("live"));
    let open = script.asked().await.open(200, &[]);
    open.send(event("DELETED", &web("a", 6)));
    assert_eq!(script.said().await, ["gone a"]);
}

#[tokio::test(start_paused = true)]
async fn columns_behind_the_rows_are_known_the_second_time() {
    let odd = |rows: &str| {
        format!(r#"{{"rows":[{rows}],"columnDefinitions":{},"metadata":{{"resourceVersion":"5"}}}}"#, one())
    };
    let body = odd(&row("a", 1).to_string());
    let mut script = Script::start(gadgets());
    script.asked().await.ok(&body);
    script.asked().await.ok(&body);
    let said = script.said().await;
    assert!(said.ends_with(&["a=1".to_owned(), "end".to_owned(), "live".to_owned()]), "{said:?}");
}

#[tokio::test(start_paused = true)]
async fn a_wrong_selector_is_told_and_not_asked_on_and_on() {
    let mut script = Script::start(gadgets());
    script.asked().await.reply(400, &[], &status(400, "unable to parse requirement"));
    assert_eq!(script.said().await, ["refused: unable to parse requirement"]);
    assert!(!script.asks_within(Duration::from_secs(50)).await);
}
