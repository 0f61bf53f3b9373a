//! Descriptions as a person sees them.

use super::session::{Session, Start};
use regex::Regex;
use serde_json::json;

/// The screen without what depends on the zone of this machine.
fn screen(s: &Session) -> String {
    let moment = Regex::new(r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d [+-]\d{4}").unwrap();
    moment.replace_all(&s.screen(), "A MOMENT").into_owned()
}

async fn described(place: &'static str) -> Session {
    let mut s = Start::at(place).size(120, 80).go().await;
    s.press("d").await;
    s
}

#[tokio::test(start_paused = true)]
async fn a_pod() {
    insta::assert_snapshot!(screen(&described("pods -n shop").await));
}

#[tokio::test(start_paused = true)]
async fn a_deployment() {
    insta::assert_snapshot!(screen(&described("deployments -n shop").await));
}

#[tokio::test(start_paused = true)]
async fn a_node() {
    insta::assert_snapshot!(screen(&described("nodes").await));
}

#[tokio::test(start_paused = true)]
async fn a_secret_keeps_what_it_holds() {
    let mut s = Start::at("secrets -n shop").size(120, 30).go().await;
    s.put(json!({
        "apiVersion": "v1", "kind": "Secret", "type": "kubernetes.io/service-account-token",
        "metadata": {"name": "a-token", "namespace": "shop", "annotations": {
            "kubernetes.io/service-account.name": "default",
            "kubectl.kubernetes.io/last-applied-configuration": "{\"data\":{\"token\":\"aHVzaC1odXNo\"}}"}},
        "data": {"token": "aHVzaC1odXNo", "ca.crt": "QUJD"},
    }))
    .await;
    s.press("g g d").await.hides("hush").hides("aHVz");
    insta::assert_snapshot!(screen(&s));
}

#[tokio::test(start_paused = true)]
async fn it_stays_true_while_one_looks_at_it() {
    let mut s = Start::at("configmaps -n shop").go().await;
    let map = |text: &str| {
        json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a-map", "namespace": "shop"},
            "data": {"word": text}})
    };
    s.put(map("before")).await;
    s.press("g g d").await.shows("configmap shop/a-map").shows("before").shows("word:");
    s.put(map("after")).await;
    s.until("after").await.hides("before");
}

#[tokio::test(start_paused = true)]
async fn its_lines_lead_to_what_they_name_and_its_sections_fold() {
    let mut s = described("pods -n shop").await;
    s.run("find Node:").await;
    s.press("enter").await.shows("nodes");
    s.press("esc").await.shows("Containers:");
    s.run("find Conditions:").await.press("space").await.hides("PodScheduled");
    s.press("space").await.shows("PodScheduled");
    s.press("esc y").await.shows("apiVersion: v1");
    s.press("d").await.shows("Service Account:");
}
