//! Keys that were typed ahead: they were read together with the one that began the hand-over, and are meant for what
//! comes now.

use crossterm::event::{self, Event, EventStream, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use std::time::Duration;

/// Takes what has been read already, as the bytes that a terminal sends. The reader of events must have been dropped;
/// afterwards nobody reads keys any more.
pub fn ahead() -> Vec<u8> {
    let typed = drain();
    // The thread of the dropped reader may be about to wait for a key. What woke it may have woken us instead; the end of
    // another reader wakes it once more.
    drop(EventStream::new());
    typed
}

/// Forgets what has been read already, before keys are read as events again. What woke a reader that is gone may still
/// wait here: a key that came together with it would not be seen before the next one, so that is taken first.
pub fn forget() {
    drain();
    drain();
}

fn drain() -> Vec<u8> {
    let mut typed = Vec::new();
    while let Ok(true) = event::poll(Duration::ZERO)
        && let Ok(event) = event::read()
    {
        match event {
            Event::Key(key) => typed.extend(bytes(key)),
            Event::Paste(text) => typed.extend(text.bytes()),
            _ => {}
        }
    }
    typed
}

/// The bytes of a key; none for those whose bytes depend on the modes of a terminal.
fn bytes(key: KeyEvent) -> Vec<u8> {
    if key.kind == KeyEventKind::Release {
        return Vec::new();
    }
    let mut bytes = match key.code {
        KeyCode::Char(c) if key.modifiers.contains(KeyModifiers::CONTROL) => control(c),
        KeyCode::Char(c) => c.to_string().into_bytes(),
        KeyCode::Enter => vec![b'\r'],
        KeyCode::Tab => vec![b'\t'],
        KeyCode::Backspace => vec![0x7f],
        KeyCode::Esc => vec![0x1b],
        _ => Vec::new(),
    };
    if key.modifiers.contains(KeyModifiers::ALT) && !bytes.is_empty() {
        bytes.insert(0, 0x1b);
    }
    bytes
}

/// `ctrl-a` is 1, `ctrl-z` 26; crossterm calls those behind them `ctrl-4` to `ctrl-7`.
fn control(c: char) -> Vec<u8> {
    match c {
        'a'..='z' | '@' => vec![c as u8 & 0x1f],
        ' ' => vec![0],
        '4'..='7' => vec![c as u8 - b'4' + 0x1c],
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_become_the_bytes_of_a_terminal() {
        let key = |code, modifiers| bytes(KeyEvent::new(code, modifiers));
        assert_eq!(key(KeyCode::Char('ä'), KeyModifiers::NONE), "ä".as_bytes());
        assert_eq!(key(KeyCode::Char('c'), KeyModifiers::CONTROL), [3]);
        assert_eq!(key(KeyCode::Char('4'), KeyModifiers::CONTROL), [0x1c]);
        assert_eq!(key(KeyCode::Char('b'), KeyModifiers::ALT), b"\x1bb");
        assert_eq!(key(KeyCode::Enter, KeyModifiers::NONE), b"\r");
        assert_eq!(key(KeyCode::Up, KeyModifiers::NONE), b"");
    }
}
