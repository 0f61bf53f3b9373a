//! The filter: while typing, its language, and what becomes of it.

use super::session::Start;
use insta::assert_snapshot;
use std::time::Duration;

/// The names that a filter leaves of all pods.
async fn names(filter: &str) -> Vec<String> {
    let mut s = Start::at("pods -A").size(160, 100).go().await;
    s.press("/").await.type_in(filter).await.press("enter").await;
    s.column(1)
}

#[tokio::test(start_paused = true)]
async fn rows_go_while_one_types_and_come_back() {
    let mut s = Start::at("pods -A").go().await;
    s.press("/")
        .await
        .type_in("frontend")
        .await
        .shows("pods(all) 4 of 75")
        .hides("postgres")
        .on("frontend-4q82mtwc85-474z7");
    s.press("backspace backspace backspace backspace backspace").await.shows("of 75 ").shows("/fro");
    s.press("esc").await.shows("pods(all) 75").hides("/fro").on("frontend-4q82mtwc85-474z7");
}

#[tokio::test(start_paused = true)]
async fn esc_brings_the_filter_back_that_stood_before() {
    let mut s = Start::at("pods -A").go().await;
    s.press("/").await.type_in("shop").await.press("enter").await.shows("18 of 75").shows("· /shop");
    s.press("/").await.type_in(" cart").await.shows("2 of 75").press("esc").await.shows("18 of 75").shows("· /shop");
    s.press("esc").await.shows("pods(all) 75").hides("/shop");
    s.press("esc").await.shows("pods(all) 75");
}

#[tokio::test(start_paused = true)]
async fn a_wrong_filter_says_what_is_wrong_while_one_types() {
    let mut s = Start::at("pods -A").size(200, 50).go().await;
    s.press("/").await.type_in("restarts>").await.shows("restarts> has no value");
    s.type_in("x").await.shows("\"x\" is neither a number nor an age").shows("write restarts>3");
    s.press("backspace").await.type_in("3").await.shows("2 of 75").hides("neither");
    s.press("ctrl-u")
        .await
        .type_in("colour=red")
        .await
        .shows("no column is called \"colour\"")
        .shows("columns: namespace");
    s.press("ctrl-u").await.type_in("\"open").await.shows("a quote is not closed");
    s.press("ctrl-u").await.type_in("!").await.shows("stands alone");
}

#[tokio::test(start_paused = true)]
async fn a_wrong_filter_on_a_small_terminal() {
    let mut s = Start::at("pods").size(80, 24).go().await;
    s.press("/").await.type_in("age<soon").await;
    assert_snapshot!(s.screen());
}

#[tokio::test(start_paused = true)]
async fn every_form_of_the_language() {
    assert_eq!(names("KAFKA").await, ["kafka-0", "kafka-1", "kafka-2"]);
    assert_eq!(names("kafka !pending").await, ["kafka-0", "kafka-1"]);
    assert_eq!(names("data 0/1 completed").await.len(), 3);
    assert_eq!(names("status=pending").await, ["kafka-2"]);
    assert_eq!(names("status!=running ns=default").await, ["legacy-importer", "migrate-failed", "report-evicted"]);
    assert_eq!(names("status=*backoff").await.len(), 2);
    assert_eq!(names("restarts>=4").await.len(), 2);
    assert_eq!(names("restarts>4").await, ["recommendations-69p4pnqbsc-kwjtq"]);
    assert_eq!(names("age<1h").await, ["kafka-2"]);
    assert_eq!(names("age>=40d").await, ["legacy-importer"]);
    assert_eq!(names("label:app.kubernetes.io/name=cart").await.len(), 2);
    assert_eq!(names("l:app.kubernetes.io/name=c* !cainjector ns!=kube-system").await.len(), 10);
    assert_eq!(names("\"(95s ago)\"").await, ["recommendations-69p4pnqbsc-kwjtq"]);
    assert_eq!(names("ready<1 ns=shop").await.len(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_filter_that_hides_everything_says_so() {
    let mut s = Start::at("pods -A").go().await;
    s.press("/").await.type_in("zzz").await.press("enter").await.shows("the filter hides all 75 pods").shows("0 of 75");
    s.press("esc").await.shows("pods(all) 75");
}

#[tokio::test(start_paused = true)]
async fn the_filter_is_kept_for_the_kind_but_not_taken_along() {
    let mut s = Start::at("pods -A").go().await;
    s.press("/").await.type_in("shop").await.press("enter").await;
    s.run("deploy").await.shows("deployments(all) 19").run("pods").await.shows("pods(all) 18 of 75").shows("/shop");
    s.run("deploy shop").await.press("enter").await.hides("/shop");
}

#[tokio::test(start_paused = true)]
async fn what_an_age_leaves_follows_the_clock() {
    let mut s = Start::at("pods -A /age<46m").go().await;
    s.shows("1 of 75").shows("kafka-2").wait(Duration::from_mins(2)).await;
    s.shows("0 of 75").shows("the filter hides all");
}

#[tokio::test(start_paused = true)]
async fn what_is_typed_is_edited_as_in_a_shell() {
    let mut s = Start::at("pods -A").go().await;
    s.press("/").await.type_in("shop cart").await.press("ctrl-w").await.shows("18 of 75");
    s.press("home").await.type_in("!").await.shows("57 of 75").press("end").await.type_in("kube").await;
    s.press("ctrl-u").await.shows("pods(all) 75").press("ctrl-c").await.shows("pods(all) 75");
    assert!(s.effects().is_empty(), "Ctrl-C in a prompt ends the prompt, not the program");
}

#[tokio::test(start_paused = true)]
async fn digits_and_letters_of_keys_are_text_in_the_filter() {
    let mut s = Start::at("pods -A").go().await;
    s.press("/").await.type_in("q0w29458380").await.shows("/q0w29458380").shows("0 of 75");
    assert!(s.effects().is_empty());
}
