//! The built-in editor: what is typed is sent after a look at the difference, and never lost.

use super::session::{Session, Start};
use std::time::Duration;

const LOOKED: Duration = Duration::from_millis(400);

async fn editor() -> Session {
    let mut s = Start::at("deployments -n shop").go().await;
    s.press("home").await.run("edit-here").await;
    s.shows(" edit deployment shop/").shows("apiVersion: apps/v1");
    s
}

#[tokio::test(start_paused = true)]
async fn an_edit_is_shown_and_sent_and_the_editor_closes() {
    let mut s = editor().await;
    let labels = s.screen().lines().position(|line| line.trim() == "labels:").expect("labels");
    // The first line of the text is the third of the screen.
    for _ in 0..labels - 1 {
        s.press("down").await;
    }
    s.press("home").await.type_in("    edited: \"yes\"").await.press("enter").await.shows("changed");
    s.press("ctrl-s").await.shows("+     edited: \"yes\"").shows("enter do it");
    s.wait(LOOKED).await.press("enter").await;
    s.shows("done: edit deployment").hides("· changed");
    s.press("y").await.shows("edited: \"yes\"");
}

#[tokio::test(start_paused = true)]
async fn a_mistake_is_told_at_its_line_and_nothing_is_lost() {
    let mut s = editor().await;
    s.type_in("x: [").await.press("ctrl-s").await.shows("line 2: ").hides("enter do it");
    s.shows("x: [");
    s.press("esc").await.shows("the text was changed and not sent");
    s.press("enter").await.shows("x: [");
    s.press("esc").await.press("down enter").await.hides("x: [").shows("deployments(shop)");
}
