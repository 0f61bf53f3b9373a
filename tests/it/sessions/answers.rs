//! Questions and their answers as a person sees them.

use super::session::Start;

#[tokio::test(start_paused = true)]
async fn who_the_server_takes_one_for_is_asked_it() {
    let mut s = Start::at("pods -n shop").go().await;
    s.run("whoami").await.shows("ATTRIBUTE").shows("Username");
    s.press("q").await.shows("pods(shop)");
}
