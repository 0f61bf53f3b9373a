//! An object as YAML and JSON: live, folded, copied, revealed, and followed to what it names.

use super::session::{BEGIN, Session, Start};
use rutter::commands::Effect;
use rutter::demo::Story;
use serde_json::{Value, json};
use std::time::Duration;

const APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

fn deployment(image: &str) -> Value {
    let container = json!({"name": "web", "image": image, "envFrom": [{"configMapRef": {"name": "conf"}}]});
    let spec = json!({"replicas": 0, "selector": {"matchLabels": {"app": "web"}},
        "template": {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [container]}}});
    let manifest = json!({"apiVersion": "apps/v1", "kind": "Deployment", "spec": {"replicas": 3}}).to_string();
    json!({"apiVersion": "apps/v1", "kind": "Deployment", "spec": spec,
        "metadata": {"name": "web", "namespace": "lab", "annotations": {APPLIED: manifest}}})
}

fn map(data: &Value) -> Value {
    json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "conf", "namespace": "lab"}, "data": data})
}

fn secret() -> Value {
    json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "key", "namespace": "lab"},
        "data": {"password": "aHVudGVyMg==", "user": "bWU="}})
}

/// The YAML of one of these objects.
async fn yaml_of(place: &'static str) -> Session {
    let mut s = Start { story: Story::Empty, ..Start::at(place).size(120, 50) }.go().await;
    s.put(map(&json!({"a": "1", "b": "2"}))).await;
    s.put(deployment("nginx:1")).await.put(secret()).await;
    s.press("y").await.shows("apiVersion");
    s
}

fn copied(s: &mut Session) -> String {
    match s.effects().pop() {
        Some(Effect::Copy(text)) => text,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn an_object_is_shown_as_it_is_now_and_the_cursor_stays_on_its_field() {
    let mut s = yaml_of("configmaps -n lab").await;
    s.shows("live").press("/").await.type_in("b: ").await.press("enter").await.on("b: \"2\"");
    let line = s.cursor_line();
    s.put(map(&json!({"a": "1", "aa": "new", "b": "3"}))).await.wait(Duration::from_secs(1)).await;
    s.on("b: \"3\"").shows("▎ ").shows("aa: new");
    assert_eq!(s.cursor_line(), line.map(|line| line + 1), "the view is at its top, so the line moves down");
    s.wait(Duration::from_secs(6)).await.hides("▎ ");
    s.delete(map(&json!({}))).await.wait(Duration::from_secs(1)).await;
    s.shows("deleted: this is what it was").shows("aa: new").shows("gone");
    s.put(map(&json!({"back": "yes"})))
        .await
        .wait(Duration::from_secs(1))
        .await
        .shows("back: \"yes\"")
        .hides("deleted");
}

#[tokio::test(start_paused = true)]
async fn the_view_does_not_jump_when_the_object_changes_above_it() {
    let keys = |count: usize| (0..count).map(|n| (format!("k{n:03}"), json!("x"))).collect::<Value>();
    let mut s = Start { story: Story::Empty, ..Start::at("configmaps -n lab").size(80, 20) }.go().await;
    s.put(map(&keys(100))).await.press("y").await.press("/").await.type_in("k050").await.press("enter").await;
    let line = s.cursor_line();
    let mut more = keys(100);
    more["k001a"] = json!("new");
    s.put(map(&more)).await.wait(Duration::from_secs(1)).await.on("k050: x");
    assert_eq!(s.cursor_line(), line);
}

#[tokio::test(start_paused = true)]
async fn lines_are_folded_and_searching_unfolds_them() {
    let mut s = yaml_of("deployments -n lab").await;
    s.press("z M").await.shows("spec: … ").hides("containers:").shows("▸metadata:");
    s.press("G").await.on("spec:").press("space").await.shows("containers:").press("z a").await.hides("containers:");
    s.press("/").await.type_in("nginx").await.press("enter").await.on("image: nginx:1").shows("metadata: … ");
    s.press("z R").await.shows("uid:").press("2 z m").await.on("template:").hides("containers:");
    s.press("J").await.on("\"template\": { … ").press("z R").await.shows("\"image\": \"nginx:1\",");
    s.press("J").await.shows("image: nginx:1").press("R").await.shows("managedFields:").shows("with managed fields");
}

#[tokio::test(start_paused = true)]
async fn a_line_leads_to_the_object_that_it_names() {
    let mut s = yaml_of("deployments -n lab").await;
    s.press("/").await.type_in("name: conf").await.press("enter").await;
    s.shows(".spec.template.spec.containers[0].envFrom[0].configMapRef.name").shows("enter → configmap lab/conf");
    s.press("enter").await.shows("yaml of configmap lab/conf").shows("b: \"2\"");
    s.press("enter").await.shows("this line names no other object").press("esc").await.on("name: conf");
    s.delete(map(&json!({}))).await.press("enter").await.wait(Duration::from_secs(1)).await;
    s.shows("deleted: this is what it was");
}

#[tokio::test(start_paused = true)]
async fn fields_are_copied_as_values_ways_blocks_and_commands() {
    let mut s = yaml_of("deployments -n lab").await;
    s.press("/").await.type_in("image:").await.press("enter y v").await;
    assert_eq!(copied(&mut s), "nginx:1");
    s.press("y p").await;
    assert_eq!(copied(&mut s), ".spec.template.spec.containers[0].image");
    s.press("y k").await;
    let command = "get deployments web -o jsonpath='{.spec.template.spec.containers[0].image}'";
    assert!(copied(&mut s).ends_with(command));
    s.press("/").await.type_in("envFrom").await.press("enter y b").await;
    assert_eq!(copied(&mut s), "- envFrom:\n  - configMapRef:\n      name: conf\n  image: nginx:1\n  name: web\n");
    s.press("J y v").await;
    assert!(copied(&mut s).contains("\"configMapRef\": {"));
    s.press("c").await;
    assert!(copied(&mut s).starts_with("{\n    \"apiVersion\": \"apps/v1\","));
}

#[tokio::test(start_paused = true)]
async fn who_set_a_line_stands_beside_it() {
    let mut s = yaml_of("configmaps -n lab").await;
    s.press("M").await.shows("test Update 0s").press("M").await.hides("test Update");
    let fields = json!([{"manager": "me", "operation": "Apply", "fieldsType": "FieldsV1",
        "time": "2026-01-05T11:55:00Z", "fieldsV1": {"f:data": {"f:a": {}}}}]);
    let mut object = map(&json!({"a": "1", "b": "2"}));
    object["metadata"]["managedFields"] = fields;
    assert_eq!(BEGIN, 1_767_614_400);
    s.put(object)
        .await
        .wait(Duration::from_secs(1))
        .await
        .press("M")
        .await
        .shows("me Apply 5m1s")
        .hides("managedFields");
    s.press("/").await.type_in("a: \"1").await.press("enter").await.shows("set by me Apply 5m1s");
}

#[tokio::test(start_paused = true)]
async fn what_was_applied_is_shown_and_compared() {
    let mut s = yaml_of("deployments -n lab").await;
    s.press("L").await.shows("last applied manifest of deployment lab/web").shows("replicas: 3").hides("nginx");
    s.press("L D").await.shows("-   replicas: 3").shows("+   replicas: 0").hides("nginx");
    s.press("esc").await.shows("nginx");
    let mut s = yaml_of("configmaps -n lab").await;
    s.press("L").await.shows("it keeps no manifest");
}

#[tokio::test(start_paused = true)]
async fn a_secret_is_shown_by_key_and_for_a_while() {
    let mut s = yaml_of("secrets -n lab").await;
    s.hides("aHVudGVyMg").press("J R").await.hides("aHVudGVyMg").press("J R x").await.shows("no value of the secret");
    s.press("/").await.type_in("password").await.press("enter").await.on("••• 7 bytes").press("y v").await;
    s.shows("the value is masked");
    assert!(s.effects().is_empty());
    s.press("x").await.on("aHVudGVyMg==").hides("bWU=").shows("secret values are shown").press("y v").await;
    assert_eq!(copied(&mut s), "aHVudGVyMg==");
    s.press("x").await.hides("aHVudGVyMg==").press("X").await.shows("bWU=").shows("aHVudGVyMg==");
    s.wait(Duration::from_secs(31)).await.hides("bWU=").hides("aHVudGVyMg==").hides("are shown");
    s.press("c").await;
    assert!(!copied(&mut s).contains("aHVudGVyMg"));
}
