//! Changing things as a person does: the question, its answer, the journal, taking it back; and what confirms nothing.

use super::session::{Session, Start};
use rutter::demo::Story;
use std::time::Duration;

/// Longer than keys are taken for typed ahead.
const LOOKED: Duration = Duration::from_millis(400);

async fn deployments() -> Session {
    let mut s = Start { story: Story::Still, ..Start::at("deployments -n shop") }.go().await;
    s.press("home").await;
    s
}

#[tokio::test(start_paused = true)]
async fn a_scale_is_shown_confirmed_written_down_and_taken_back() {
    let mut s = deployments().await;
    let row = s.row();
    s.press("S").await.shows("replicas: ");
    s.press("ctrl-u").await.type_in("7").await.press("enter").await;
    s.shows("to 7").shows("enter do it");
    s.wait(LOOKED).await.press("enter").await;
    s.shows("done: scale deployment").shows("u takes it back");
    assert_ne!(s.row(), row);
    s.wait(LOOKED).await.press("u").await.shows("from 7 to");
    s.wait(LOOKED).await.press("enter").await.shows("done: scale deployment");
    s.run("journal").await.shows("taken back").hides("FAILED");
}

#[tokio::test(start_paused = true)]
async fn keys_typed_ahead_and_pasted_text_confirm_nothing() {
    let mut s = deployments().await;
    let before = s.row();
    s.run("scale 7").await.shows("enter do it");
    s.press("enter enter enter").await.shows("enter do it");
    s.paste("\n\ny\n").await.shows("enter do it");
    s.press("esc").await.hides("enter do it");
    assert_eq!(s.row(), before);
    s.run("journal").await.shows("nothing was done yet");
}

#[tokio::test(start_paused = true)]
async fn nothing_is_changed_while_the_context_is_read_only() {
    let mut s = deployments().await;
    s.run("read-only").await.shows("READ-ONLY");
    s.run("scale 7").await.shows("read-only: you switched it on").hides("enter do it");
    s.run("read-only").await.hides("READ-ONLY ");
    s.run("scale 7").await.shows("enter do it");
}

#[tokio::test(start_paused = true)]
async fn marked_rows_are_all_listed_and_hidden_ones_too() {
    let mut s = deployments().await;
    s.press("space space").await.shows("2 marked");
    s.run("filter zzz-nothing").await.shows("2 marked");
    s.run("scale 4").await;
    let lines = s.screen().lines().filter(|line| line.contains("scale deployment shop/")).count();
    assert_eq!(lines, 2, "{}", s.screen());
    s.press("esc").await.press("esc").await.hides("marked");
}

#[tokio::test(start_paused = true)]
async fn what_is_grave_has_to_be_typed() {
    let mut s = Start::at("namespaces").go().await;
    s.press("home").await;
    let name = s.row().split_whitespace().next().unwrap().to_owned();
    s.press("X").await.shows(&format!("type {name} and press enter"));
    s.wait(LOOKED).await.press("enter").await.shows("and press enter");
    s.paste(&name).await.press("enter").await.shows("and press enter");
    s.type_in(&name).await.press("enter").await.shows("done: delete namespace");
}

#[tokio::test(start_paused = true)]
async fn what_rbac_forbids_says_so_before_and_after_it_is_tried() {
    let start = Start::at("deployments -n shop");
    let cluster = start.cluster();
    cluster.fault(rutter::demo::Fault::Refuse("update".to_owned(), "deployments/scale".to_owned())).await;
    let mut s = start.over(&cluster).await;
    s.press("home j k").await.press("S").await;
    s.shows("you may not update deployments.apps/scale in shop").hides("replicas:");
}

#[tokio::test(start_paused = true)]
async fn a_change_that_cannot_be_made_says_why_and_can_only_be_left() {
    let mut s = deployments().await;
    s.run("label app.kubernetes.io/name=other")
        .await
        .shows("cannot label")
        .shows("--overwrite is false")
        .shows("nothing can be done");
    s.wait(LOOKED).await.press("enter").await.hides("nothing can be done");
    s.run("journal").await.shows("nothing was done yet");
}
