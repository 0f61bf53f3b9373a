//! Every size of a terminal, and keys in any order: nothing panics, and nothing is drawn outside.

use super::keys::all_events;
use super::session::{Session, Start};
use crossterm::event::{Event, KeyEvent, MouseButton, MouseEvent, MouseEventKind};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

/// Screens and prompts, each reached by these keys from the list of all pods.
const SCREENS: [&str; 12] = ["", "w", "/", "?", ":", "s", "g", "enter", "y", "l", "m", ": n o d e s enter"];

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap()
}

#[tokio::test(start_paused = true)]
async fn every_small_size_of_every_screen() {
    for keys in SCREENS {
        let mut s = Start::at("pods -A").size(20, 10).go().await;
        s.press(keys).await;
        for width in 1..=60 {
            for height in 1..=20 {
                s.event(Event::Resize(width, height));
                assert_eq!((s.buffer().area.width, s.buffer().area.height), (width, height));
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn large_and_lopsided_sizes_of_every_screen() {
    for keys in SCREENS {
        let mut s = Start::at("pods -A").go().await;
        s.press(keys).await;
        for (width, height) in [(500, 200), (1000, 2), (1, 300), (3000, 1), (2, 2), (300, 100)] {
            s.event(Event::Resize(width, height));
            s.press("j k").await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_terminal_that_was_small_for_a_while_shows_the_same_again() {
    let mut s = Start::at("pods -A").size(80, 24).go().await;
    let before = s.screen();
    for (width, height) in [(10, 4), (79, 23), (1, 1), (80, 24)] {
        s.resize(width, height).await;
    }
    assert_eq!(s.screen(), before);
}

/// Something that a person or a terminal does.
fn anything() -> impl Strategy<Value = Event> {
    let keys: Vec<KeyEvent> = all_events().collect();
    // What one types most, more often than ctrl-alt-shift-f7.
    let plain: Vec<KeyEvent> = keys.iter().take(110).copied().collect();
    let mouse = |kind: MouseEventKind, column, row| {
        Event::Mouse(MouseEvent { kind, column, row, modifiers: crossterm::event::KeyModifiers::NONE })
    };
    let kinds = [MouseEventKind::Down(MouseButton::Left), MouseEventKind::ScrollDown, MouseEventKind::ScrollUp];
    prop_oneof![
        12 => prop::sample::select(plain).prop_map(Event::Key),
        2 => prop::sample::select(keys).prop_map(Event::Key),
        2 => (1..70_u16, 1..30_u16).prop_map(|(width, height)| Event::Resize(width, height)),
        1 => (prop::sample::select(kinds.to_vec()), 0..90_u16, 0..40_u16).prop_map(move |(kind, x, y)| mouse(kind, x, y)),
        1 => "\\PC{0,12}".prop_map(Event::Paste),
    ]
}

async fn play(events: &[Event]) -> Session {
    let mut s = Start::at("pods -A").size(80, 24).go().await;
    for (number, event) in events.iter().enumerate() {
        s.event(event.clone());
        if number % 7 == 0 {
            s.settle().await;
        }
    }
    s.settle().await;
    s
}

#[test]
fn keys_in_any_order_never_panic_and_always_lead_back() {
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    let config = Config { cases: 24, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, rng);
    let result = runner.run(&prop::collection::vec(anything(), 1..80), |events| {
        runtime().block_on(async {
            let mut s = play(&events).await;
            s.resize(120, 40).await;
            s.press(&"esc ".repeat(100)).await;
            let screen = s.screen();
            prop_assert!(screen.contains("live") && screen.contains(" pods("), "{screen}");
            Ok(())
        })
    });
    result.unwrap_or_else(|error| panic!("{error}"));
}
