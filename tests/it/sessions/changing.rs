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
