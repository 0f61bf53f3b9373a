//! Keys as key maps spell them, as a terminal sends them.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use rutter::config::Key;

/// The event of the key written `text`, as in `j`, `ctrl-d` and `shift-tab`.
///
/// # Panics
/// When no key is written so.
pub fn event(text: &str) -> KeyEvent {
    let key = Key::parse(text).unwrap_or_else(|no| panic!("{} ({})", no.sentence, no.hint));
    event_of(key).unwrap_or_else(|| panic!("no terminal sends `{text}`"))
}

/// An event that rutter takes for `key`: the first of all that terminals send.
pub fn event_of(key: Key) -> Option<KeyEvent> {
    all_events().find(|event| Key::from(*event) == key)
}

/// Every event of an ordinary keyboard, the simple ones first.
pub fn all_events() -> impl Iterator<Item = KeyEvent> {
    const NAMED: [KeyCode; 15] = [
        KeyCode::Enter,
        KeyCode::Esc,
        KeyCode::Tab,
        KeyCode::BackTab,
        KeyCode::Backspace,
        KeyCode::Delete,
        KeyCode::Insert,
        KeyCode::Up,
        KeyCode::Down,
        KeyCode::Left,
        KeyCode::Right,
        KeyCode::Home,
        KeyCode::End,
        KeyCode::PageUp,
        KeyCode::PageDown,
    ];
    let signs = ('a'..='z').chain(' '..='`').chain('{'..='~').chain("öß日".chars()).map(KeyCode::Char);
    let codes: Vec<KeyCode> = NAMED.into_iter().chain(signs).chain((1..=12).map(KeyCode::F)).collect();
    let modifiers = (0..8).map(|bits| {
        let held = [(1, KeyModifiers::CONTROL), (2, KeyModifiers::ALT), (4, KeyModifiers::SHIFT)];
        held.into_iter().filter(|(bit, _)| bits & bit != 0).fold(KeyModifiers::NONE, |all, (_, held)| all | held)
    });
    modifiers.flat_map(move |held| codes.clone().into_iter().map(move |code| KeyEvent::new(code, held)))
}
