//! `Key`: one key as people write it (`ctrl-d`, `G`, `shift-tab`), the same for every terminal that sends it.

use super::problem::did_you_mean;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use std::fmt;

/// A key with its modifiers, brought into one form: shift is part of a character (`G`), never beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Key {
    code: KeyCode,
    modifiers: KeyModifiers,
}

/// The keys that have names; `space` and `comma` because these characters part keys in a key map.
const NAMED: &[(&str, KeyCode)] = &[
    ("enter", KeyCode::Enter),
    ("esc", KeyCode::Esc),
    ("tab", KeyCode::Tab),
    ("space", KeyCode::Char(' ')),
    ("comma", KeyCode::Char(',')),
    ("backspace", KeyCode::Backspace),
    ("delete", KeyCode::Delete),
    ("insert", KeyCode::Insert),
    ("up", KeyCode::Up),
    ("down", KeyCode::Down),
    ("left", KeyCode::Left),
    ("right", KeyCode::Right),
    ("home", KeyCode::Home),
    ("end", KeyCode::End),
    ("pgup", KeyCode::PageUp),
    ("pgdn", KeyCode::PageDown),
];

/// Modifiers in the order in which they are written.
const MODIFIERS: &[(&str, KeyModifiers)] =
    &[("ctrl-", KeyModifiers::CONTROL), ("alt-", KeyModifiers::ALT), ("shift-", KeyModifiers::SHIFT)];

/// Why a text is no key: a sentence and a hint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoKey {
    /// What is wrong.
    pub sentence: String,
    /// What to write instead.
    pub hint: String,
}

impl Key {
    /// The key written `text`.
    ///
    /// # Errors
    /// When no key is called so, or when terminals cannot tell it from another one (`ctrl-i` and `tab`).
    pub fn parse(text: &str) -> Result<Self, NoKey> {
        let (mut rest, mut modifiers) = (text, KeyModifiers::NONE);
        while let Some((name, modifier)) =
            MODIFIERS.iter().find(|(name, _)| rest.len() > name.len() && rest.starts_with(name))
        {
            rest = rest.get(name.len()..).unwrap_or_default();
            modifiers |= *modifier;
        }
        let code = code(rest).ok_or_else(|| no_key(text, rest))?;
        if let Some(twin) = twin(code, modifiers) {
            let sentence = format!("terminals cannot tell `{text}` from `{twin}`");
            return Err(NoKey { sentence, hint: format!("write `{twin}`, or choose another key") });
        }
        Ok(normal(code, modifiers))
    }

    /// The digit, if the key is one.
    pub fn digit(self) -> Option<u32> {
        match (self.code, self.modifiers) {
            (KeyCode::Char(c), KeyModifiers::NONE) => c.to_digit(10),
            _ => None,
        }
    }

    /// Whether it is the key that drops what was begun.
    pub fn is_esc(self) -> bool {
        self == Self { code: KeyCode::Esc, modifiers: KeyModifiers::NONE }
    }
}

impl From<KeyEvent> for Key {
    fn from(event: KeyEvent) -> Self {
        normal(event.code, event.modifiers)
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, modifier) in MODIFIERS {
            if self.modifiers.contains(*modifier) {
                f.write_str(name)?;
            }
        }
        match (NAMED.iter().find(|(_, code)| *code == self.code), self.code) {
            (Some((name, _)), _) => f.write_str(name),
            (None, KeyCode::Char(c)) => write!(f, "{c}"),
            (None, KeyCode::F(n)) => write!(f, "f{n}"),
            (None, code) => write!(f, "{code}"),
        }
    }
}

/// Keys as they are written one after the other: `g g`.
pub fn show(keys: &[Key]) -> String {
    keys.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

fn code(name: &str) -> Option<KeyCode> {
    let mut chars = name.chars();
    match (chars.next(), chars.next()) {
        (Some(c), None) => return (!c.is_control() && !c.is_whitespace()).then_some(KeyCode::Char(c)),
        (Some('f'), Some('1'..='9')) => return name.get(1..)?.parse().ok().filter(|n| *n <= 24).map(KeyCode::F),
        _ => {}
    }
    NAMED.iter().find(|(known, _)| *known == name).map(|(_, code)| *code)
}

fn no_key(text: &str, rest: &str) -> NoKey {
    let hint = did_you_mean(rest, NAMED.iter().map(|(name, _)| *name));
    let other = "keys are written as j, G, ?, ctrl-d, alt-x, shift-tab, enter, esc, space, pgdn, f1".to_owned();
    NoKey { sentence: format!("there is no key called `{text}`"), hint: hint.unwrap_or(other) }
}

/// The key that sends the same bytes as this one, in terminals without the newer keyboard protocol.
fn twin(code: KeyCode, modifiers: KeyModifiers) -> Option<&'static str> {
    match code {
        KeyCode::Char('i' | 'I') if modifiers == KeyModifiers::CONTROL => Some("tab"),
        KeyCode::Char('m' | 'M') if modifiers == KeyModifiers::CONTROL => Some("enter"),
        KeyCode::Char('[') if modifiers == KeyModifiers::CONTROL => Some("esc"),
        _ => None,
    }
}

/// One form for what terminals send in several: shift with a letter, back-tab, ctrl with an upper-case letter, and the
/// control bytes 1c to 1f, which arrive as ctrl with 4 to 7.
fn normal(code: KeyCode, modifiers: KeyModifiers) -> Key {
    let known = KeyModifiers::CONTROL | KeyModifiers::ALT | KeyModifiers::SHIFT;
    let mut modifiers = modifiers & known;
    let control = modifiers.contains(KeyModifiers::CONTROL);
    let code = match code {
        KeyCode::BackTab => {
            modifiers |= KeyModifiers::SHIFT;
            KeyCode::Tab
        }
        KeyCode::Char(' ') => code,
        KeyCode::Char(c) if control => KeyCode::Char(control_char(c)),
        KeyCode::Char(c) if modifiers.contains(KeyModifiers::SHIFT) => {
            modifiers -= KeyModifiers::SHIFT;
            KeyCode::Char(upper(c))
        }
        code => code,
    };
    Key { code, modifiers }
}

fn control_char(c: char) -> char {
    match c {
        '4' => '\\',
        '5' => ']',
        '6' => '^',
        '7' | '/' => '_',
        c => c.to_ascii_lowercase(),
    }
}

fn upper(c: char) -> char {
    let mut upper = c.to_uppercase();
    match (upper.next(), upper.next()) {
        (Some(upper), None) => upper,
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn event(code: KeyCode, modifiers: KeyModifiers) -> Key {
        KeyEvent::new(code, modifiers).into()
    }

    #[test]
    fn keys_are_shown_as_they_are_written() {
        for text in "j G ? : , $ 0 - ctrl-d ctrl-space shift-tab alt-x alt-G ctrl-alt-x enter esc space tab backspace \
                     delete insert home end pgup pgdn up shift-up f1 f12 ctrl-\\ ctrl-_ ctrl-shift-p ctrl-- ö"
            .split(' ')
        {
            let shown = Key::parse(text).map(|key| key.to_string());
            assert_eq!(shown, Ok(if text == "," { "comma".to_owned() } else { text.to_owned() }));
        }
    }

    #[test]
    fn terminals_agree_after_normalising() {
        let is = |text: &str, key| assert_eq!(Key::parse(text), Ok(key), "{text}");
        is("G", event(KeyCode::Char('G'), KeyModifiers::SHIFT));
        is("G", event(KeyCode::Char('g'), KeyModifiers::SHIFT));
        is("shift-g", event(KeyCode::Char('G'), KeyModifiers::NONE));
        is("?", event(KeyCode::Char('?'), KeyModifiers::SHIFT));
        is("shift-tab", event(KeyCode::BackTab, KeyModifiers::SHIFT));
        is("shift-tab", event(KeyCode::BackTab, KeyModifiers::NONE));
        is("alt-G", event(KeyCode::Char('G'), KeyModifiers::ALT | KeyModifiers::SHIFT));
        is("ctrl-D", event(KeyCode::Char('d'), KeyModifiers::CONTROL));
        is("ctrl-\\", event(KeyCode::Char('4'), KeyModifiers::CONTROL));
        is("ctrl-/", event(KeyCode::Char('7'), KeyModifiers::CONTROL));
        is("space", event(KeyCode::Char(' '), KeyModifiers::NONE));
        is("enter", event(KeyCode::Enter, KeyModifiers::META));
    }

    #[test]
    fn what_is_no_key_is_said_with_a_hint() {
        let wrong = |text: &str| Key::parse(text).map_err(|no| format!("{} ({})", no.sentence, no.hint)).unwrap_err();
        assert_eq!(wrong("ctrl-entr"), "there is no key called `ctrl-entr` (did you mean `enter`?)");
        assert_eq!(wrong("pgdwn"), "there is no key called `pgdwn` (did you mean `pgdn`?)");
        assert_eq!(wrong("ctrl-i"), "terminals cannot tell `ctrl-i` from `tab` (write `tab`, or choose another key)");
        let ways = "keys are written as j, G, ?, ctrl-d, alt-x, shift-tab, enter, esc, space, pgdn, f1";
        for text in ["", "C-x", "ctrl-", "f0", "f25", "f99999", "super-x"] {
            assert_eq!(wrong(text), format!("there is no key called `{text}` ({ways})"));
        }
    }

    proptest! {
        #[test]
        fn every_key_that_is_read_is_shown_in_a_way_that_is_read_alike(text in "((ctrl|alt|shift)-){0,2}(\\PC|f[0-9]{1,3}|enter|tab)") {
            if let Ok(key) = Key::parse(&text) {
                prop_assert_eq!(Key::parse(&key.to_string()), Ok(key));
            }
        }
    }
}
