//! What the server is asked for, and when.

use super::session::Start;
use rutter::demo::Fault;
use std::time::Duration;
use tokio::time::Instant;

/// How long the server takes for each answer.
const ROUND_TRIP: Duration = Duration::from_millis(100);

#[tokio::test(start_paused = true)]
async fn the_first_rows_take_one_round_trip() {
    let start = Start::at("pods -A");
    let cluster = start.cluster();
    cluster.fault(Fault::Delay(ROUND_TRIP)).await;
    let began = Instant::now();
    let mut s = start.over(&cluster).await;
    s.until("backup-29455500").await;
    assert!(began.elapsed() < ROUND_TRIP * 3 / 2, "{:?}", began.elapsed());
    s.until("live").await.shows("pods(all) 75");
}

#[tokio::test(start_paused = true)]
async fn requests_are_counted_and_none_is_sent_while_nothing_happens() {
    let mut s = Start::at("pods -A").go().await;
    s.hides(" requests, ").run("requests").await.shows(" requests, ");
    s.wait(Duration::from_secs(5)).await.resize(141, 40).await;
    let before = s.requests();
    assert!(before > 2, "version, list and watch at least");
    // The server ends a watch after four and a half minutes at the soonest.
    s.wait(Duration::from_mins(4)).await.resize(140, 40).await;
    assert_eq!(s.requests(), before);
    s.run("deployments").await.shows("live").wait(Duration::from_secs(5)).await;
    assert!(s.requests() > before, "{}", s.screen());
    s.run("requests").await.hides(" requests, ");
}
