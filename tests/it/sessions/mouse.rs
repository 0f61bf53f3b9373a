//! The mouse, and pasted text.

use super::session::Start;
use crossterm::event::MouseEventKind::{Moved, ScrollDown, ScrollUp};

#[tokio::test(start_paused = true)]
async fn a_click_selects_a_row_and_nothing_else() {
    let mut s = Start::at("pods -A").go().await;
    s.click(20, 5).await.on("webhook").click(0, 3).await.on("cainjector");
    for y in [0, 1, 2, 39] {
        s.click(3, y).await.on("cainjector");
    }
    s.run("pods default").await.click(3, 6).await.on("toolbox").click(3, 20).await.on("toolbox");
}

#[tokio::test(start_paused = true)]
async fn the_wheel_moves_three_lines() {
    let mut s = Start::at("pods -A").go().await;
    s.mouse(ScrollDown, (5, 5)).await.on("backup-29455500").mouse(ScrollUp, (5, 5)).await.on("cainjector");
    s.mouse(ScrollUp, (5, 5)).await.on("cainjector").mouse(Moved, (5, 9)).await.on("cainjector");
}

#[tokio::test(start_paused = true)]
async fn a_click_on_a_scrolled_list_hits_what_is_under_it() {
    let mut s = Start::at("pods -A").size(120, 24).go().await;
    s.press("G").await;
    let wanted = s.line(10);
    s.click(4, 10).await;
    assert_eq!(s.row(), wanted);
}

#[tokio::test(start_paused = true)]
async fn a_click_beside_a_prompt_changes_nothing() {
    let mut s = Start::at("pods -A").go().await;
    s.press("/").await.type_in("shop").await;
    let screen = s.screen();
    s.click(4, 6).await;
    assert_eq!(s.screen(), screen);
}

#[tokio::test(start_paused = true)]
async fn pasted_text_is_only_text() {
    let mut s = Start::at("pods -A").go().await;
    let screen = s.screen();
    s.paste("q\n:quit\n\x1b[A\x03j").await;
    assert_eq!(s.screen(), screen);
    s.press(":").await.paste("quit\n").await.shows(":quit").shows("leave rutter");
    s.press("esc /").await.paste("shop\r\ncart\n").await.shows("2 of 75").shows("/shop cart");
    assert!(s.effects().is_empty());
}

#[tokio::test(start_paused = true)]
async fn pasted_controls_are_shown_not_obeyed() {
    let mut s = Start::at("pods -A").go().await;
    s.press("/").await.paste("\x1b]0;owned\x07\u{202e}x").await.shows("^[]0;owned");
    assert!(!s.bytes().windows(4).any(|bytes| bytes == b"\x1b]0;"));
}
