//! Moving in tables.

use super::session::{Session, Start};

/// How far the cursor is from the top, as the list counts: each name once.
fn name(s: &Session) -> String {
    s.row().split_whitespace().nth(1).unwrap_or_default().to_owned()
}

#[tokio::test(start_paused = true)]
async fn lines_and_counts() {
    let mut s = Start::at("pods -A").go().await;
    s.on("cert-manager-cainjector");
    s.press("j").await.on("cert-manager-cfrfnsfcsz").press("down").await.on("webhook");
    s.press("k up").await.on("cainjector").press("k").await.on("cainjector");
    s.press("5 j").await.on("backup-29458380").press("3 k").await.on("webhook");
    s.press("1 0 j").await.on("redis-0").press("9 9 9 j").await.on("search-cj9v6xvhw8-zwbv8");
}

#[tokio::test(start_paused = true)]
async fn to_the_ends_and_to_a_line() {
    let mut s = Start::at("pods -A").go().await;
    s.press("G").await.on("search-cj9v6xvhw8-zwbv8").press("g g").await.on("cainjector");
    s.press("end").await.on("zwbv8").press("home").await.on("cainjector");
    s.press("7 g g").await.on("kafka-0").press("1 7 G").await.on("migrate-failed");
    s.press("9 9 9 9 9 9 9 9 9 9 9 9 9 G").await.on("zwbv8");
}

#[tokio::test(start_paused = true)]
async fn pages_and_halves() {
    let mut s = Start::at("pods -A").size(120, 24).go().await;
    // 24 lines: 20 of them are rows.
    let names: Vec<String> = {
        s.resize(120, 100).await;
        let names = s.column(1);
        s.resize(120, 24).await;
        names
    };
    assert_eq!(names.len(), 75);
    let steps =
        [("ctrl-d", 10), ("ctrl-d", 20), ("ctrl-u", 10), ("ctrl-f", 29), ("pgdn", 48), ("ctrl-b", 29), ("pgup", 10)];
    for (key, place) in steps {
        s.press(key).await;
        assert_eq!(name(&s), names[place], "{key}");
    }
    s.press("2 ctrl-d").await.press("2 ctrl-u").await;
    assert_eq!(name(&s), names[10]);
    s.press("9 ctrl-f").await;
    assert_eq!(name(&s), names[74]);
}

#[tokio::test(start_paused = true)]
async fn the_view_follows_the_cursor_by_as_little_as_it_must() {
    let mut s = Start::at("pods -A").size(120, 24).go().await;
    s.press("1 9 j").await;
    assert_eq!(s.cursor_line(), Some(22), "{}", s.screen());
    s.shows("cainjector").press("j").await.hides("cainjector");
    assert_eq!(s.cursor_line(), Some(22), "{}", s.screen());
    s.press("k").await;
    assert_eq!(s.cursor_line(), Some(21), "{}", s.screen());
}

#[tokio::test(start_paused = true)]
async fn columns_scroll_while_the_names_stay() {
    let mut s = Start::at("pods -A").size(80, 24).go().await;
    s.press("w").await.hides("NOMINATED NODE").press("5 right").await.shows("NAMESPACE").shows("NOMINATED NODE");
    s.hides("STATUS").press("5 left").await.shows("STATUS");
}

#[tokio::test(start_paused = true)]
async fn what_was_begun_is_shown_and_dropped() {
    let mut s = Start::at("pods -A").go().await;
    s.press("g").await;
    assert!(s.foot().contains("first-line") && s.foot().contains(" g "), "{}", s.foot());
    s.press("esc").await.on("cainjector");
    assert!(!s.foot().contains("first-line"), "{}", s.foot());
    s.press("4 esc j").await.on("cfrfnsfcsz");
}
