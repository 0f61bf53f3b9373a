//! What is forbidden, what is not served, and servers that are down, busy, slow or silent.

use super::*;

#[tokio::test(start_paused = true)]
async fn forbidden_is_said_and_probed_slowly() {
    let mut script = Script::start(request(0));
    script.asked().await.reply(403, &[], status(403, "webs is forbidden"));
    assert_eq!(script.said().await, ["begin", "forbidden: webs is forbidden"]);
    assert!(!script.asks_within(59 * SECOND).await);
    script.asked().await.ok(&list(&["a"], r#""resourceVersion":"5""#));
    assert_eq!(script.said().await, ["begin", "a=1", "end", "live"]);
}

#[tokio::test(start_paused = true)]
async fn a_right_lost_in_the_middle_is_forbidden() {
    let (mut script, open) = Script::live().await;
    sleep(30 * SECOND).await;
    drop(open);
    script.asked().await.reply(403, &[], status(403, "no watch"));
    script.asked().await.reply(403, &[], status(403, "no list"));
    assert_eq!(script.said().await, ["begin", "forbidden: no list"]);
}

#[tokio::test(start_paused = true)]
async fn who_may_list_but_not_watch_polls() {
    let mut script = Script::start(request(0));
    for round in 0..3 {
        script.asked().await.ok(&list(&["a"], r#""resourceVersion":"5""#));
        let listed = Instant::now();
        let watch = script.asked().await;
        assert!(watch.is_watch());
        watch.reply(403, &[], status(403, "no watch"));
        let said = script.said().await;
        assert_eq!(said.contains(&"polling: no watch".to_owned()), round == 0, "{said:?}");
        assert_eq!(said.contains(&"live".to_owned()), round == 0, "{said:?}");
        assert!(!script.asks_within(listed + 10 * SECOND - Instant::now()).await);
    }
    script.asked().await.ok(&list(&["a"], r#""resourceVersion":"5""#));
    let open = script.asked().await.open(200, &[]);
    assert_eq!(script.fresh().await, Freshness::Live);
    drop(open);
}

#[tokio::test(start_paused = true)]
async fn a_list_without_a_version_is_polled() {
    let mut script = Script::start(request(0));
    script.asked().await.ok(&list(&["a"], ""));
    assert!(script.said().await.contains(&"polling: the server gives no version to watch from".to_owned()));
    assert!(!script.asked().await.is_watch());
}

#[tokio::test(start_paused = true)]
async fn a_kind_that_goes_and_comes_back() {
    let (mut script, open) = Script::live().await;
    sleep(30 * SECOND).await;
    drop(open);
    script.asked().await.reply(404, &[], "404 page not found\n");
    assert_eq!(script.said().await, ["not served: 404 page not found"]);
    assert!(!script.asks_within(59 * SECOND).await);
    let list_again = script.asked().await;
    assert!(!list_again.is_watch());
    list_again.ok(&list(&["a"], r#""resourceVersion":"5""#));
    assert_eq!(script.said().await, ["begin", "a=1", "end"]);
    let open = script.asked().await.open(200, &[]);
    assert_eq!(script.fresh().await, Freshness::Live);
    drop(open);
}

#[tokio::test(start_paused = true)]
async fn a_server_that_is_down_is_asked_less_and_less_and_since_stays() {
    let (mut script, open) = Script::live().await;
    sleep(61 * SECOND).await;
    open.cut();
    let Freshness::Reconnecting { since, .. } = script.fresh().await else { panic!() };
    let (start, mut waits) = (Instant::now(), Vec::new());
    for _ in 0..8 {
        let before = Instant::now();
        let watch = script.asked().await;
        waits.push(before.elapsed());
        watch.refuse();
    }
    let Freshness::Reconnecting { since: later, why } = script.fresh().await else { panic!() };
    assert_eq!((since, why.as_str()), (later, "connection refused"));
    for (wait, whole) in waits.iter().zip([800, 1_600, 3_200, 6_400, 12_800, 25_600, 30_000, 30_000]) {
        let whole = Duration::from_millis(whole);
        assert!((whole / 2..=whole + Duration::from_millis(2)).contains(wait), "{waits:?}");
    }
    assert!(start.elapsed() > 50 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn errors_are_said_in_sentences() {
    for (code, headers, body, why) in [
        (
            500,
            ("x", "y"),
            status(500, "etcd is gone"),
            "the API server answered 500 Internal Server Error: etcd is gone",
        ),
        (
            503,
            ("x", "y"),
            "upstream\u{1b}[2J\r".to_owned(),
            "the API server answered 503 Service Unavailable: upstream^[[2J",
        ),
        (503, ("x", "y"), String::new(), "the API server answered 503 Service Unavailable"),
        (401, ("x", "y"), status(401, "Unauthorized"), "credentials expired or not accepted: Unauthorized"),
        (
            502,
            ("content-type", "text/html; charset=utf-8"),
            "<html>".to_owned(),
            "the API server answered 502 Bad Gateway: with a web page; is a proxy or a login in between?",
        ),
        (
            200,
            ("content-type", "text/html"),
            "<html>".to_owned(),
            "the answer is a web page, not JSON; is a proxy or a login in between?",
        ),
    ] {
        let mut script = Script::start(request(0));
        script.asked().await.reply(code, &[headers], &body);
        assert_eq!(script.said().await, ["begin".to_owned(), format!("reconnecting: {why}")]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_that_asks_to_wait_is_obeyed_up_to_a_minute() {
    for (value, least, most) in [
        ("1", 1.0, 1.1),
        ("86400", 60.0, 60.1),
        ("18446744073709551615", 60.0, 60.1),
        ("99999999999999999999999999", 60.0, 60.1),
        ("-1", 0.4, 0.9),
        ("0", 0.4, 0.9),
        ("Wed, 21 Oct 2026 07:28:00 GMT", 0.4, 0.9),
    ] {
        let mut script = Script::start(request(0));
        let asked = script.asked().await;
        let start = Instant::now();
        asked.reply(429, &[("retry-after", value)], status(429, "too many requests"));
        drop(script.asked().await.leave());
        let waited = start.elapsed().as_secs_f64();
        assert!((least..most).contains(&waited), "{value}: {waited}");
        assert!(script.said().await.iter().any(|word| word.starts_with("reconnecting: the server asks to wait (")));
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_that_does_not_answer_is_given_up() {
    let mut script = Script::start(request(0));
    let silent = script.asked().await.leave();
    let start = Instant::now();
    let Freshness::Reconnecting { why, .. } = script.fresh().await else { panic!() };
    assert_eq!((why.as_str(), start.elapsed().as_secs()), ("no answer for 30 seconds", 30));
    drop(silent);
}

#[tokio::test(start_paused = true)]
async fn a_list_that_stops_or_trickles_is_given_up() {
    let mut script = Script::start(request(0));
    let open = script.asked().await.open(200, &[]);
    open.send(r#"{"items":["#);
    let Freshness::Reconnecting { why, .. } = script.fresh().await else { panic!() };
    assert_eq!(why, "the list stopped coming for 60 seconds");
    open.is_left().await;
    let open = script.asked().await.open(200, &[]);
    open.send(r#"{"items":["#);
    let start = Instant::now();
    tokio::spawn(async move {
        loop {
            open.send(" ");
            sleep(SECOND).await;
        }
    });
    let Freshness::Reconnecting { why, .. } = script.fresh().await else { panic!() };
    assert_eq!((why.as_str(), start.elapsed().as_secs()), ("the list comes too slowly", 60));
}

#[tokio::test(start_paused = true)]
async fn a_silent_watch_is_dead_unless_the_server_is_always_silent() {
    let (mut script, open) = Script::live().await;
    let start = Instant::now();
    let Freshness::Reconnecting { why, .. } = script.fresh().await else { panic!() };
    assert_eq!((why.as_str(), start.elapsed().as_secs()), ("nothing from the server for 90 seconds", 89));
    drop(open);
    // No bookmark in 90 seconds: now it may be silent until the end.
    let open = script.asked().await.open(200, &[]);
    let start = Instant::now();
    assert_eq!(script.fresh().await, Freshness::Live);
    let again = script.asked().await;
    assert!(start.elapsed() > 270 * SECOND, "{:?}", start.elapsed());
    assert_eq!(script.said().await, [""; 0]);
    drop(open);
    // With a bookmark it may not.
    let open = again.open(200, &[]);
    sleep(60 * SECOND).await;
    open.send(bookmark(6));
    let start = Instant::now();
    let Freshness::Reconnecting { why, .. } = script.fresh().await else { panic!() };
    assert_eq!((why.as_str(), start.elapsed().as_secs()), ("nothing from the server for 90 seconds", 90));
}

#[tokio::test(start_paused = true)]
async fn a_computer_that_slept_connects_anew_at_once() {
    use std::cell::Cell;
    use std::time::UNIX_EPOCH;
    thread_local! {
        static WALL: Cell<u64> = const { Cell::new(1_000) };
    }
    let (mut script, open) = Script::live_by(|| UNIX_EPOCH + Duration::from_secs(WALL.get())).await;
    open.send(bookmark(8));
    sleep(10 * SECOND).await;
    WALL.set(30_000);
    let start = Instant::now();
    let again = script.asked().await;
    assert!(start.elapsed() < 3 * SECOND, "{:?}", start.elapsed());
    assert_eq!((again.is_watch(), again.parameter("resourceVersion")), (true, Some("8")));
    assert_eq!(script.said().await, ["reconnecting: this computer slept"]);
    open.is_left().await;
    let open = again.open(200, &[]);
    assert_eq!(script.fresh().await, Freshness::Live);
    drop(open);
    // While it waits for a right, too.
    script.asked().await.reply(403, &[], status(403, "no watch"));
    script.asked().await.reply(403, &[], status(403, "no list"));
    sleep(SECOND).await;
    WALL.set(60_000);
    let start = Instant::now();
    script.asked().await.refuse();
    assert!(start.elapsed() < 3 * SECOND, "{:?}", start.elapsed());
}
