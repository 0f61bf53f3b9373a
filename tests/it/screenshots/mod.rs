//! The pictures of `screenshots/`, drawn by the real drawing from the demo cluster.
//!
//! They are compared with what is drawn; `RUTTER_UPDATE=1 cargo test --test it screenshots` draws them anew.

mod svg;

use crate::sessions::session::{Session, Start};
use std::path::Path;

/// Compares a picture of the screen with the committed one, or writes it.
#[track_caller]
fn compare(session: &Session, name: &str) {
    let picture = svg::picture(session.buffer(), &format!("rutter: {name}"));
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("screenshots").join(format!("{name}.svg"));
    if std::env::var_os("RUTTER_UPDATE").is_some_and(|value| value == "1") {
        std::fs::write(&path, &picture).unwrap();
    }
    let known = std::fs::read_to_string(&path).unwrap_or_default();
    let same = known == picture;
    assert!(same, "screenshots/{name}.svg is not what is drawn; RUTTER_UPDATE=1 draws it anew:\n{}", session.screen());
}

#[tokio::test(start_paused = true)]
async fn pods() {
    let mut s = Start::at("pods shop,payments").size(110, 32).go().await;
    compare(s.press("1 4 j").await, "pods");
}

#[tokio::test(start_paused = true)]
async fn palette() {
    let mut s = Start::at("pods -A").size(110, 32).go().await;
    compare(s.press(":").await.type_in("s").await.press("down").await, "palette");
}

#[tokio::test(start_paused = true)]
async fn help() {
    let mut s = Start::at("pods -A").size(110, 32).go().await;
    compare(s.press("?").await, "help");
}

#[tokio::test(start_paused = true)]
async fn filtered_and_wide() {
    let mut s = Start::at("pods -A").size(160, 32).go().await;
    s.press("w /").await.type_in("!running age<30d").await.press("enter 3 j").await;
    compare(&s, "filter");
}

#[tokio::test(start_paused = true)]
async fn a_small_terminal() {
    let s = Start::at("deploy -A").size(80, 24).go().await;
    compare(&s, "small");
}

#[tokio::test(start_paused = true)]
async fn nodes() {
    let mut s = Start::at("nodes").size(160, 16).go().await;
    compare(s.press("w G").await, "nodes");
}

#[tokio::test(start_paused = true)]
async fn yaml() {
    let mut s = Start::at("pods shop /crash").size(110, 40).go().await;
    compare(s.press("y").await.shows("apiVersion: v1"), "yaml");
}

#[tokio::test(start_paused = true)]
async fn logs() {
    let mut s = Start::at("deploy shop /checkout").size(130, 32).go().await;
    compare(s.press("l").await, "logs");
}

#[tokio::test(start_paused = true)]
async fn rollback() {
    let mut s = Start::at("deploy shop /images").size(110, 32).go().await;
    compare(s.press("r u").await.shows("enter do it"), "rollback");
}

#[tokio::test(start_paused = true)]
async fn rollout() {
    let mut s = Start::at("deploy shop /images").size(110, 24).go().await;
    compare(s.press("r s").await.shows("Waiting for deployment"), "rollout");
}

#[tokio::test(start_paused = true)]
async fn drain() {
    let mut s = Start::at("nodes /worker-1").size(130, 32).go().await;
    compare(s.press("D").await.shows("block the drain"), "drain");
}

/// The answer to a question about the row under the cursor of a list.
async fn answer(name: &str, place: &'static str, (line, shown): (&str, &str)) {
    let mut s = Start::at(place).size(110, 32).go().await;
    compare(s.run(line).await.shows(shown), name);
}

#[tokio::test(start_paused = true)]
async fn describe() {
    answer("describe", "pods shop /crash", ("describe", "Containers:")).await;
}

#[tokio::test(start_paused = true)]
async fn explain() {
    answer("explain", "deploy shop", ("explain deployments.spec.strategy", "DeploymentSpec")).await;
}

#[tokio::test(start_paused = true)]
async fn tree() {
    answer("tree", "deploy shop /frontend", ("tree", "replicaset/")).await;
}

#[tokio::test(start_paused = true)]
async fn top() {
    answer("top", "pods shop", ("top pods", "TOTAL")).await;
}

#[tokio::test(start_paused = true)]
async fn permissions() {
    answer("can-i", "pods shop", ("can-i", "Resources")).await;
}

#[tokio::test(start_paused = true)]
async fn the_cluster() {
    answer("cluster-info", "pods -A", ("cluster-info", "Failing")).await;
}
