//! What goes wrong between rutter and a cluster, as one sees it: the rows stay, and the bar says what is the matter.

use super::session::{Session, Start};
use rutter::demo::Fault;
use serde_json::json;
use std::time::Duration;

/// All pods, watched for a while.
async fn pods() -> Session {
    let mut s = Start::at("pods -A").go().await;
    s.wait(Duration::from_secs(40)).await.shows("live").press("3 j").await.on("backup-29455500");
    s
}

/// A pod that says that what comes now is seen.
async fn sees_news(s: &mut Session, name: &str) {
    let meta = json!({"namespace": "aaa", "name": name});
    s.put(json!({"apiVersion": "v1", "kind": "Pod", "metadata": meta, "status": {"phase": "Running"}})).await;
    s.until("live").await.press("g g").await.shows(name);
}

async fn begin(s: &mut Session, fault: Fault) {
    s.cluster().fault(fault).await;
    s.settle().await;
}

#[tokio::test(start_paused = true)]
async fn watches_that_end_without_a_word_are_taken_up_again() {
    let mut s = pods().await;
    for round in 0..3 {
        begin(&mut s, Fault::CloseWatches).await;
        s.shows("pods(all) 7").on("backup-29455500").until("live").await.wait(Duration::from_secs(20)).await;
        assert!(round < 3);
    }
    sees_news(&mut s, "after").await;
}

#[tokio::test(start_paused = true)]
async fn a_history_that_was_forgotten_is_listed_again() {
    let mut s = pods().await;
    begin(&mut s, Fault::Compact).await;
    begin(&mut s, Fault::CloseWatches).await;
    s.shows("pods(all) 75").on("backup-29455500").until("live").await.shows("pods(all) 75").on("backup-29455500");
    sees_news(&mut s, "after").await;
}

#[tokio::test(start_paused = true)]
async fn a_watch_that_is_refused_with_410_lists_again() {
    let mut s = pods().await;
    begin(&mut s, Fault::Gone).await;
    begin(&mut s, Fault::CloseWatches).await;
    s.shows("pods(all) 75").on("backup-29455500").until("live").await.on("backup-29455500");
    sees_news(&mut s, "after").await;
}

#[tokio::test(start_paused = true)]
async fn watches_that_are_closed_at_once_are_not_asked_for_without_end() {
    let mut s = pods().await;
    begin(&mut s, Fault::RefuseWatches(6)).await;
    begin(&mut s, Fault::CloseWatches).await;
    s.until("reconnecting").await.shows("pods(all) 75").on("backup-29455500");
    s.until("live").await.on("backup-29455500");
    sees_news(&mut s, "after").await;
}

#[tokio::test(start_paused = true)]
async fn garbage_in_a_watch_is_told_and_overcome() {
    let mut s = pods().await;
    begin(&mut s, Fault::Garbage).await;
    s.shows("pods(all) 75").on("backup-29455500").until("live").await;
    sees_news(&mut s, "after").await;
    s.hides("cannot be read");
}

#[tokio::test(start_paused = true)]
async fn an_object_that_cannot_be_read_is_a_row_that_says_so() {
    let start = Start::at("pods -A").size(200, 40);
    let cluster = start.cluster();
    cluster.fault(Fault::Unreadable(8)).await;
    let mut s = start.over(&cluster).await;
    s.shows("cannot be read").shows("live").press("G").await.on("zwbv8");
    begin(&mut s, Fault::Clear).await;
    begin(&mut s, Fault::Compact).await;
    begin(&mut s, Fault::CloseWatches).await;
    s.wait(Duration::from_mins(1)).await.press("g g").await.shows("live").hides("cannot be read");
}

#[tokio::test(start_paused = true)]
async fn what_is_forbidden_says_who_may_not_do_what() {
    let start = Start::at("pods -A").size(200, 30);
    let cluster = start.cluster();
    cluster.fault(Fault::Forbid("/api/v1/pods".into())).await;
    let mut s = start.over(&cluster).await;
    s.shows("forbidden").shows("User \"demo\" cannot list resource \"pods\"").shows(":ns NAME");
    s.run("ns shop").await.shows("pods(shop) 18").shows("live");
    s.press("0").await.shows("forbidden");
    begin(&mut s, Fault::Clear).await;
    s.run("retry").await.until("live").await.shows("pods(all) 75");
}

#[tokio::test(start_paused = true)]
async fn namespaces_that_may_not_be_listed_can_be_typed_and_are_remembered() {
    let start = Start::at("pods").size(200, 30);
    let cluster = start.cluster();
    cluster.fault(Fault::Forbid("/api/v1/namespaces/shop/services".into())).await;
    let mut s = start.over(&cluster).await;
    s.run("ns payments").await.shows("pods(payments)").run("ns shop").await;
    s.run("svc").await.shows("forbidden").shows("in the namespace \"shop\"");
    s.run("choose-namespace").await.shows("payments").shows("shop").type_in("payments").await.press("enter").await;
    s.shows("services(payments)").shows("live");
}

#[tokio::test(start_paused = true)]
async fn one_of_several_namespaces_that_is_forbidden_hides_the_others_not() {
    let start = Start::at("pods shop,payments").size(200, 60);
    let cluster = start.cluster();
    cluster.fault(Fault::Forbid("/api/v1/namespaces/shop/pods".into())).await;
    let mut s = start.over(&cluster).await;
    s.shows("forbidden").shows("pods(payments,shop) 9").shows("ledger");
}

#[tokio::test(start_paused = true)]
async fn a_right_that_is_lost_leaves_the_rows() {
    let mut s = pods().await;
    begin(&mut s, Fault::Forbid("/api/v1/pods".into())).await;
    begin(&mut s, Fault::CloseWatches).await;
    s.until("forbidden").await.shows("pods(all) 75").on("backup-29455500");
}

#[tokio::test(start_paused = true)]
async fn a_slow_server_blocks_nothing() {
    let start = Start::at("pods -A");
    let cluster = start.cluster();
    cluster.fault(Fault::Delay(Duration::from_secs(7))).await;
    let mut s = start.over(&cluster).await;
    s.shows("connecting").press(": esc ? esc / x esc").await.run("nodes").await.shows(" nodes");
    s.wait(Duration::from_secs(5)).await.hides("v1.36.3").hides("worker-1");
    // The list was asked for together with the version of the server.
    s.wait(Duration::from_secs(4)).await.shows("v1.36.3").shows("worker-1").shows("live");
    s.press("esc").await.shows("filling").wait(Duration::from_secs(7)).await.shows("pods(all) 75").shows("live");
}

#[tokio::test(start_paused = true)]
async fn lists_that_fail_are_tried_again_and_say_why() {
    let start = Start::at("pods -A");
    let cluster = start.cluster();
    cluster.fault(Fault::FailLists(3)).await;
    let mut s = start.over(&cluster).await;
    s.shows("reconnecting").shows("etcdserver: request timed out").shows("trying again");
    s.until("live").await.shows("pods(all) 75");
}

#[tokio::test(start_paused = true)]
async fn a_server_that_is_too_busy_is_given_the_time_it_asks_for() {
    let start = Start::at("pods -A").size(200, 40);
    let cluster = start.cluster();
    let mut s = start.over(&cluster).await;
    // What may be done with the row under the cursor is asked for first.
    s.press("j").await;
    begin(&mut s, Fault::TooMany(1, 20)).await;
    s.run("nodes").await.shows("the server asks to wait (20 s)");
    s.wait(Duration::from_secs(15)).await.shows("reconnecting").hides("worker-1");
    s.wait(Duration::from_secs(10)).await.shows("live").shows("worker-1");
}

#[tokio::test(start_paused = true)]
async fn a_server_that_is_too_busy_at_the_first_question_is_asked_again() {
    let start = Start::at("pods -A").size(200, 40);
    let cluster = start.cluster();
    cluster.fault(Fault::TooMany(2, 1)).await;
    let mut s = start.over(&cluster).await;
    s.shows("not connected").shows("too many requests");
    s.until("live").await.shows("pods(all) 75").shows("v1.36.3");
}

#[tokio::test(start_paused = true)]
async fn everything_at_once_is_survived() {
    let mut s = Start { story: rutter::demo::Story::Full, ..Start::at("pods -A") }.go().await;
    let faults = [
        Fault::Garbage,
        Fault::CloseWatches,
        Fault::Unreadable(1),
        Fault::Compact,
        Fault::FailLists(1),
        Fault::RefuseWatches(2),
        Fault::TooMany(1, 3),
        Fault::Gone,
        Fault::Delay(Duration::from_millis(700)),
    ];
    for fault in faults.iter().cycle().take(40).cloned() {
        begin(&mut s, fault).await;
        s.wait(Duration::from_secs(3)).await.shows("pods(all)");
    }
    begin(&mut s, Fault::Clear).await;
    s.wait(Duration::from_mins(1)).await.until("live").await;
    sees_news(&mut s, "after").await;
}
