//! The life of a watch against a server that does everything wrong.

use super::script::{Script, bookmark, event, list, request, status, web};
use crate::kinds::Freshness;
use std::time::Duration;
use tokio::time::{Instant, sleep};

mod outages;

const SECOND: Duration = Duration::from_secs(1);

#[tokio::test(start_paused = true)]
async fn a_small_list_is_one_page_and_then_a_watch() {
    let (mut script, open) = Script::live().await;
    open.send(event("ADDED", &web("c", 6)) + &event("MODIFIED", &web("a", 7)) + &event("DELETED", &web("b", 8)));
    open.send(bookmark(9));
    assert_eq!(script.said().await, ["c=6", "a=7", "gone b"]);
    drop(open);
}

#[tokio::test(start_paused = true)]
async fn the_url_says_all_that_is_asked() {
    let mut wanted = request(0);
    wanted.namespaces = vec![Some("kube-system/../x".to_owned())];
    wanted.labels = Some("app in (a, b)&x".to_owned());
    wanted.fields = Some("spec.nodeName=n1".to_owned());
    let mut script = Script::start(wanted);
    let asked = script.asked().await;
    assert_eq!(
        asked.url,
        "/apis/apps/v1/namespaces/kube-system%2F..%2Fx/webs?labelSelector=app%20in%20%28a%2C%20b%29%26x\
         &fieldSelector=spec.nodeName%3Dn1&limit=2"
    );
}

#[tokio::test(start_paused = true)]
async fn a_large_list_shows_its_first_page_and_streams_the_rest() {
    let mut script = Script::start(request(36));
    let page = script.asked().await;
    assert_eq!(page.parameter("limit"), Some("2"));
    page.ok(&list(&["a", "b"], r#""resourceVersion":"5","continue":"t","remainingItemCount":1"#));
    assert_eq!(script.said().await, ["begin", "a=1", "b=1", "filling 3"]);
    let bulk = script.asked().await;
    assert_eq!((bulk.parameter("limit"), bulk.parameter("continue")), (None, None));
    assert_eq!(bulk.parameter("resourceVersion"), Some("5"));
    assert_eq!(bulk.parameter("resourceVersionMatch"), Some("NotOlderThan"));
    let body = list(&["a", "c"], r#""resourceVersion":"6""#);
    let (front, back) = body.split_at(body.len() - 20);
    let open = bulk.open(200, &[]);
    open.send(front);
    // `b` went between the two: the list begins anew, so that the end sweeps it away.
    assert_eq!(script.said().await, ["begin", "a=1"]);
    open.send(back);
    assert_eq!(script.said().await, ["c=1", "end", "live"]);
    assert_eq!(script.asked().await.parameter("resourceVersion"), Some("6"));
}

#[tokio::test(start_paused = true)]
async fn an_old_server_is_asked_for_pages() {
    let mut script = Script::start(request(32));
    script.asked().await.ok(&list(&["a"], r#""resourceVersion":"5","continue":"t 1""#));
    let next = script.asked().await;
    assert_eq!((next.parameter("limit"), next.parameter("continue")), (Some("500"), Some("t%201")));
    next.ok(&list(&["b"], r#""resourceVersion":"5""#));
    assert!(script.asked().await.is_watch());
    assert_eq!(script.said().await, ["begin", "a=1", "filling", "b=1", "end", "live"]);
}

#[tokio::test(start_paused = true)]
async fn a_token_that_expires_twice_leads_to_one_whole_list() {
    let mut script = Script::start(request(32));
    for limit in ["2", "500"] {
        let page = script.asked().await;
        assert_eq!(page.parameter("limit"), Some(limit));
        page.ok(&list(&["a"], r#""resourceVersion":"5","continue":"t""#));
        script.asked().await.reply(410, &[], status(410, "expired"));
    }
    let whole = script.asked().await;
    assert_eq!((whole.parameter("limit"), whole.parameter("continue")), (None, None));
    whole.ok(&list(&["a", "b"], r#""resourceVersion":"6""#));
    let said = script.said().await;
    assert_eq!(said[said.len() - 5..], ["begin", "a=1", "b=1", "end", "live"]);
}

#[tokio::test(start_paused = true)]
async fn a_cache_that_lags_is_not_waited_for() {
    let mut script = Script::start(request(36));
    script.asked().await.ok(&list(&["a"], r#""resourceVersion":"5","continue":"t""#));
    let bulk = script.asked().await;
    bulk.reply(504, &[], status(504, "Timeout: Too large resource version: 5, current: 3"));
    let fresh = script.asked().await;
    assert_eq!((fresh.parameter("resourceVersion"), fresh.parameter("limit")), (None, None));
}

#[tokio::test(start_paused = true)]
async fn a_list_without_items_is_empty_but_another_answer_is_none() {
    let mut script = Script::start(request(0));
    script.asked().await.ok(r#"{"items":null,"metadata":{"resourceVersion":"5"}}"#);
    assert_eq!(script.said().await, ["begin", "end", "live"]);
    for (body, why) in [
        ("{}", "the answer is no list: it has no items"),
        (r#"{"kind":"Status","message":"x"}"#, "the answer is no list: it is a Status, not a list"),
        ("<html>\u{1b}[31m", "the answer is no list: expected '{' and found '<html>^[[31m'"),
        (r#"{"items":[{"metadata":{}}"#, "the list ended in the middle"),
        (r#"{"items":[]}}"#, "the answer is no list: something follows the list"),
    ] {
        let mut script = Script::start(request(0));
        script.asked().await.ok(body);
        let said = script.said().await;
        assert_eq!(said.last().unwrap(), &format!("reconnecting: {why}"), "{body}");
        assert!(!said.contains(&"end".to_owned()), "{body}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_expired_watch_lists_again_without_emptying() {
    let (mut script, open) = Script::live().await;
    sleep(61 * SECOND).await;
    open.send(event("MODIFIED", &web("a", 7)) + &event("ERROR", &status(410, "too old resource version")));
    let relist = script.asked().await;
    assert!(!relist.is_watch());
    assert_eq!((relist.parameter("limit"), relist.parameter("resourceVersion")), (None, None));
    assert_eq!(script.said().await, ["a=7", "reconnecting: the watch expired; listing again"]);
    relist.ok(&list(&["a", "c"], r#""resourceVersion":"9""#));
    assert_eq!(script.said().await, ["begin", "a=1", "c=1", "end", "live"]);
    assert_eq!(script.asked().await.parameter("resourceVersion"), Some("9"));
}

#[tokio::test(start_paused = true)]
async fn versions_that_are_refused_by_status_list_again() {
    for (code, message) in [
        (410, "too old resource version: 5 (9)"),
        (504, "Too large resource version: 5, current: 3"),
        (400, "Too large resource version: 5, current: 3"),
    ] {
        let mut script = Script::start(request(0));
        script.asked().await.ok(&list(&["a"], r#""resourceVersion":"5""#));
        script.asked().await.reply(code, &[], status(code, message));
        assert!(!script.asked().await.is_watch(), "{code}");
        assert!(script.said().await.contains(&format!("reconnecting: {message}")), "{code}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_watch_that_always_expires_is_no_hot_loop_and_never_live() {
    let mut script = Script::start(request(0));
    let start = Instant::now();
    for _ in 0..10 {
        script.asked().await.ok(&list(&["a"], r#""resourceVersion":"5""#));
        script.asked().await.reply(410, &[], status(410, "gone"));
    }
    assert!(start.elapsed() > 60 * SECOND, "{:?}", start.elapsed());
    let said = script.said().await;
    assert_eq!(said.iter().filter(|word| *word == "live").count(), 1, "{said:?}");
}

#[tokio::test(start_paused = true)]
async fn another_error_event_ends_the_watch_but_not_the_version() {
    let (mut script, open) = Script::live().await;
    open.send(event("MODIFIED", &web("a", 7)) + &event("ERROR", &status(500, "etcd has no leader")));
    let again = script.asked().await;
    assert!(again.is_watch());
    assert_eq!(again.parameter("resourceVersion"), Some("7"));
    assert_eq!(
        script.said().await,
        ["a=7", "reconnecting: the API server answered 500 Internal Server Error: etcd has no leader"]
    );
    let open = again.open(200, &[]);
    assert_eq!(script.said().await, [""; 0]);
    sleep(SECOND).await;
    assert_eq!(script.said().await, ["live"]);
    drop(open);
}

#[tokio::test(start_paused = true)]
async fn a_watch_that_is_closed_at_once_backs_off() {
    let mut script = Script::start(request(0));
    script.asked().await.ok(&list(&["a"], r#""resourceVersion":"5""#));
    let start = Instant::now();
    for _ in 0..10 {
        let watch = script.asked().await;
        assert!(watch.is_watch());
        watch.ok("");
    }
    assert!(start.elapsed() > 60 * SECOND, "{:?}", start.elapsed());
    assert!(script.said().await.contains(&"reconnecting: the server closed the watch at once".to_owned()));
}

#[tokio::test(start_paused = true)]
async fn a_watch_that_ends_in_time_is_taken_up_at_once() {
    let (mut script, open) = Script::live().await;
    open.send(bookmark(8));
    sleep(30 * SECOND).await;
    open.send(event("MODIFIED", &web("a", 9)).trim_end());
    drop(open);
    let start = Instant::now();
    assert_eq!(script.asked().await.parameter("resourceVersion"), Some("9"));
    assert!(start.elapsed() < Duration::from_millis(1), "{:?}", start.elapsed());
    assert_eq!(script.said().await, ["a=9"]);
}

#[tokio::test(start_paused = true)]
async fn a_cut_line_is_asked_for_again() {
    let (mut script, open) = Script::live().await;
    sleep(2 * SECOND).await;
    open.send(event("MODIFIED", &web("a", 7)));
    open.send(&event("MODIFIED", &web("b", 8))[..40]);
    open.cut();
    assert_eq!(script.asked().await.parameter("resourceVersion"), Some("7"));
    assert_eq!(script.said().await, ["a=7", "reconnecting: the connection was cut"]);
}

#[tokio::test(start_paused = true)]
async fn garbage_in_a_watch_is_said_and_asked_for_again() {
    let (mut script, open) = Script::live().await;
    open.send("\u{1b}]0;x\n");
    assert!(script.asked().await.is_watch());
    let why = "the watch sent something that is no event: expected '{' and found '^[]0;x'";
    assert_eq!(script.said().await, [format!("reconnecting: {why}")]);
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_read_is_a_row_and_stops_nothing() {
    let (mut script, open) = Script::live().await;
    let wrong = web("a", 7).replace(r#""replicas":7"#, r#""replicas":"x""#);
    open.send(
        event("MODIFIED", &wrong) + &event("ADDED", "{}") + &event("ADDED", "7") + &event("MODIFIED", &web("b", 8)),
    );
    let said = script.said().await;
    assert!(said[0].starts_with("a: cannot be read: invalid type: string \"x\", expected u32"), "{said:?}");
    assert!(said[1].starts_with(": cannot be read: missing field"), "{said:?}");
    assert!(said[2].starts_with(": cannot be read: invalid type"), "{said:?}");
    assert_eq!(said[3..], ["b=8"]);
    open.cut();
    assert_eq!(script.asked().await.parameter("resourceVersion"), Some("8"));
}

#[tokio::test(start_paused = true)]
async fn deleted_and_created_again_is_two_objects() {
    let (mut script, open) = Script::live().await;
    let new = web("a", 8).replace("uid-a", "uid-new");
    open.send(event("DELETED", &web("a", 7)) + &event("ADDED", &new));
    assert_eq!(script.said().await, ["gone a", "a=8"]);
}

#[tokio::test(start_paused = true)]
async fn several_namespaces_are_several_parts() {
    let mut wanted = request(0);
    wanted.namespaces = ["a", "b", "c", "d", "e"].iter().map(|n| Some((*n).to_owned())).collect();
    let mut script = Script::start(wanted);
    let mut lists = Vec::new();
    for _ in 0..4 {
        lists.push(script.asked().await);
    }
    assert!(!script.asks_within(SECOND).await, "at most four lists at once");
    lists.remove(1).reply(403, &[], status(403, "not in b"));
    assert!(script.asked().await.url.contains("/namespaces/e/"));
    assert!(script.said().await.contains(&"forbidden: not in b".to_owned()));
}

#[tokio::test(start_paused = true)]
async fn it_ends_when_nobody_listens() {
    let (script, open) = Script::live().await;
    drop(script.messages);
    script.task.await.unwrap();
    open.is_left().await;
}

#[tokio::test(start_paused = true)]
async fn a_slow_reader_slows_the_server_and_loses_nothing() {
    let mut script = Script::start(request(0));
    let names: Vec<String> = (0..100_000).map(|n| format!("w{n}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    script.asked().await.ok(&list(&names, r#""resourceVersion":"5""#));
    sleep(SECOND).await;
    assert!(script.messages.len() <= 64);
    assert_eq!(script.said().await.len(), 100_003);
}
