//! Tables: the first one, sorting, wide columns, ages.

use super::session::Start;
use insta::assert_snapshot;
use std::time::Duration;

#[tokio::test(start_paused = true)]
async fn the_first_screen_on_a_small_terminal() {
    let s = Start::at("pods").size(80, 24).go().await;
    assert_snapshot!(s.screen());
}

#[tokio::test(start_paused = true)]
async fn everything_on_a_large_terminal() {
    let mut s = Start::at("pods -A").size(200, 50).go().await;
    assert_snapshot!(s.press("w ctrl-f").await.screen());
}

#[tokio::test(start_paused = true)]
async fn nodes_and_wide_columns() {
    let mut s = Start::at("nodes").size(80, 24).go().await;
    s.shows("NotReady").shows("Ready,SchedulingDisabled").shows("nodes 5 · 1 failing").hides("KERNEL-VERSION");
    s.resize(200, 24).await.press("w").await.shows("INTERNAL-IP").shows("KERNEL-VERSION").shows("CONTAINER-RUNTIME");
    s.press("w").await.hides("INTERNAL-IP");
}

#[tokio::test(start_paused = true)]
async fn every_kind_lists_what_the_demo_has() {
    // What is deprecated is not in the demo.
    for kind in rutter::kinds::ALL.iter().filter(|kind| kind.names().plural != "componentstatuses") {
        let plural = kind.names().plural;
        let mut s = Start::default().go().await;
        s.run(&format!("{plural} -A")).await.shows(&format!(" {plural}")).shows(" live");
        assert!(!s.column(0).is_empty(), "{plural}:\n{}", s.screen());
        assert!(!s.screen().contains("cannot be read"), "{}", s.screen());
    }
}

#[tokio::test(start_paused = true)]
async fn a_namespace_without_anything_says_so() {
    let mut s = Start::at("pods ingress-2").go().await;
    s.shows("pods(ingress-2) 0").shows("no pods in ingress-2").shows("0 shows all namespaces");
}

#[tokio::test(start_paused = true)]
async fn sorting_by_a_column_forth_and_back_and_not_at_all() {
    let mut s = Start::at("deploy -A").go().await;
    let usual = s.column(1);
    s.run("sort age").await.shows("AGE↑");
    let forth = s.column(1);
    assert_eq!(forth.first().map(String::as_str), Some("recommendations"), "{forth:?}");
    s.run("sort age").await.shows("AGE↓");
    let back = s.column(1);
    assert_eq!(back.first().map(String::as_str), Some("coredns"), "{back:?}");
    assert_ne!(forth, back);
    s.run("sort age").await.hides("↓").hides("↑");
    assert_eq!(s.column(1), usual);
}

#[tokio::test(start_paused = true)]
async fn the_sort_is_chosen_from_the_columns() {
    let mut s = Start::at("pods -A").go().await;
    s.press("s").await.shows("sort by").shows("restarts").type_in("rest").await.press("enter").await;
    s.shows("RESTARTS↑").press("I g g").await.shows("RESTARTS↓");
    assert!(s.line(3).contains("CrashLoopBackOff"), "{}", s.screen());
    s.press("> ").await.shows("AGE↑").press("<").await.shows("RESTARTS↑");
    s.run("sort colour").await.shows("there is no column \"colour\"");
}

#[tokio::test(start_paused = true)]
async fn sort_and_columns_are_kept_for_the_kind() {
    let mut s = Start::at("pods -A").size(200, 40).go().await;
    s.run("sort age").await.press("w").await.shows("AGE↑").shows("NOMINATED NODE");
    s.run("deploy").await.hides("AGE↑").hides("CONTAINERS");
    s.run("pods shop").await.shows("AGE↑").shows("NOMINATED NODE");
    s.press("esc esc").await.shows("pods(all)").shows("AGE↑");
}

#[tokio::test(start_paused = true)]
async fn ages_grow_on_the_screen_and_nothing_else_is_drawn() {
    let mut s = Start::at("pods shop /kwjtq").go().await;
    s.shows("7 (95s ago)").shows("4d3h");
    s.wait(Duration::from_secs(5)).await.shows("7 (100s ago)");
    s.wait(Duration::from_mins(1)).await.shows("7 (2m40s ago)");
    let frames = s.frames();
    s.wait(Duration::from_secs(10)).await.shows("7 (2m50s ago)");
    assert_eq!(s.frames() - frames, 10, "an age that counts seconds is one frame a second");
}

#[tokio::test(start_paused = true)]
async fn a_quiet_screen_is_not_drawn_again() {
    let mut s = Start::at("deploy shop").go().await;
    s.wait(Duration::from_secs(30)).await.shows("live");
    let (frames, bytes) = (s.frames(), s.bytes().len());
    s.wait(Duration::from_mins(10)).await;
    assert_eq!((s.frames(), s.bytes().len()), (frames, bytes));
}
