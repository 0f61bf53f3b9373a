//! Rows that come and go while one looks.

use super::session::{Session, Start};
use serde_json::{Value, json};
use std::time::Duration;

fn pod(namespace: &str, name: &str) -> Value {
    json!({
        "apiVersion": "v1", "kind": "Pod", "metadata": {"namespace": namespace, "name": name},
        "spec": {"containers": [{"name": "main", "image": "busybox"}]},
        "status": {"phase": "Running"},
    })
}

async fn ten() -> Session {
    let mut s = Start { story: rutter::demo::Story::Empty, ..Start::at("pods lab") }.go().await;
    for n in 0..10 {
        s.put(pod("lab", &format!("p{n}"))).await;
    }
    s
}

#[tokio::test(start_paused = true)]
async fn new_rows_appear_by_themselves() {
    let mut s = ten().await;
    s.shows("pods(lab) 10").put(pod("lab", "p10")).await.shows("pods(lab) 11").shows("p10");
    s.put(pod("other", "p11")).await.shows("pods(lab) 11").hides("p11");
}

#[tokio::test(start_paused = true)]
async fn the_cursor_stays_on_its_object_and_its_line() {
    let mut s = ten().await;
    s.press("5 j").await.on("p5");
    let line = s.cursor_line();
    s.delete(pod("lab", "p1")).await.on("p5").delete(pod("lab", "p3")).await.on("p5");
    s.put(pod("lab", "a1")).await.on("p5").put(pod("lab", "p51")).await.on("p5").put(pod("lab", "a2")).await.on("p5");
    assert_eq!(s.cursor_line(), line, "{}", s.screen());
}

#[tokio::test(start_paused = true)]
async fn on_a_scrolled_list_the_cursor_keeps_its_line() {
    let mut s = ten().await;
    s.resize(80, 9).await.press("6 j").await.on("p6");
    let line = s.cursor_line();
    s.delete(pod("lab", "p0")).await.on("p6");
    assert_eq!(s.cursor_line(), line, "{}", s.screen());
    s.put(pod("lab", "a1")).await.on("p6");
    s.put(pod("lab", "a2")).await.on("p6");
    assert_eq!(s.cursor_line(), line, "{}", s.screen());
}

#[tokio::test(start_paused = true)]
async fn when_the_object_under_the_cursor_goes_the_next_one_takes_its_place() {
    let mut s = ten().await;
    s.press("5 j").await.delete(pod("lab", "p5")).await.on("p6").press("G").await.on("p9");
    s.delete(pod("lab", "p9")).await.on("p8").shows("pods(lab) 8");
    for n in [0, 1, 2, 3, 4, 6, 7, 8] {
        s.delete(pod("lab", &format!("p{n}"))).await;
    }
    s.shows("no pods in lab").press("j G enter").await.shows("nothing is selected");
    s.put(pod("lab", "q")).await.on("q");
}

#[tokio::test(start_paused = true)]
async fn an_object_made_anew_under_its_old_name_is_another_one() {
    let mut s = ten().await;
    s.wait(Duration::from_secs(30)).await.press("5 j").await.on("p5").on("30s");
    s.delete(pod("lab", "p5")).await.put(pod("lab", "p5")).await.shows("pods(lab) 10").on("p6");
}

#[tokio::test(start_paused = true)]
async fn a_change_moves_the_row_and_the_cursor_goes_along() {
    let mut s = ten().await;
    s.run("sort status").await.press("g g 5 j").await.on("p5");
    let mut failed = pod("lab", "p5");
    failed["status"]["phase"] = json!("Failed");
    s.put(failed).await.on("p5").on("Failed").shows("1 failing");
}

#[tokio::test(start_paused = true)]
async fn below_other_screens_a_list_goes_on() {
    let mut s = ten().await;
    s.press("3 j enter").await.shows("containers(lab)").delete(pod("lab", "p1")).await.press("esc").await;
    s.shows("pods(lab) 9").on("p3");
}

#[tokio::test(start_paused = true)]
async fn a_list_that_nobody_looked_at_for_long_is_as_true_as_a_new_one() {
    let mut s = ten().await;
    s.press("3 j").await.on("p3");
    for kind in ["deploy", "svc", "nodes", "ns", "events", "rs"] {
        s.run(kind).await;
    }
    s.wait(Duration::from_mins(1)).await.delete(pod("lab", "p1")).await.put(pod("lab", "p31")).await;
    s.press("esc esc esc esc esc esc").await.shows("pods(lab) 10").shows("live").on("p3").shows("p31");
}

#[tokio::test(start_paused = true)]
async fn the_story_moves_on_the_screen() {
    let mut s = Start { story: rutter::demo::Story::Full, ..Start::at("pods -A") }.go().await;
    let before = s.screen();
    s.wait(Duration::from_mins(5)).await.shows("live").hides("cannot be read");
    assert_ne!(s.screen(), before);
}
