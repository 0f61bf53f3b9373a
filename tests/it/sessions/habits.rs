//! What a person chose for a kind is kept, and a new order is shown from its beginning.

use super::session::Start;

#[tokio::test(start_paused = true)]
async fn sort_survives_a_switch_of_namespace() {
    let mut s = Start::at("pods shop").go().await;
    s.run("sort age").await.shows("AGE↑").press("0").await.shows("pods(all)").shows("AGE↑");
}

#[tokio::test(start_paused = true)]
async fn cleared_filter_does_not_come_back() {
    let mut s = Start::at("pods -A").go().await;
    s.press("/").await.type_in("shop").await.press("enter").await;
    s.run("deploy").await.run("pods").await.shows("/shop").press("esc").await.hides("/shop");
    s.run("pods data").await.hides("/shop");
}

#[tokio::test(start_paused = true)]
async fn sort_shows_the_first() {
    let mut s = Start::at("pods -A").size(100, 24).go().await;
    s.run("sort restarts").await.run("sort restarts").await.shows("RESTARTS↓").shows("CrashLoopBackOff");
}
