//! `SafeText`: text from outside, with everything that a terminal could obey made visible.
//!
//! Names, messages, labels, log lines, error bodies, file names: whatever a cluster, a file or a plugin
//! gives us may carry escape sequences or characters that reorder or hide what follows. Painting takes
//! nothing but `SafeText`, so a forgotten call does not compile.

use std::borrow::Cow;
use std::fmt;
use unicode_width::UnicodeWidthChar;

/// Text without control characters, bidirectional overrides or invisible tags.
///
/// Escape is shown as `^[` and carriage return as `\r`, as kubectl does (`cli-runtime` `printers/terminal.go`);
/// the other characters are shown as U+FFFD. Line feeds become spaces: a `SafeText` is one line. Of many marks over one
/// letter only some are kept.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct SafeText<'a>(Cow<'a, str>);

impl<'a> SafeText<'a> {
    /// Makes `text` safe; borrows it when nothing had to change.
    pub fn new(text: &'a str) -> Self {
        Self(safe(text))
    }

    /// The text, safe to print.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The same text, no longer borrowed.
    pub fn into_owned(self) -> SafeText<'static> {
        SafeText(Cow::Owned(self.0.into_owned()))
    }
}

impl<'a> From<&'a str> for SafeText<'a> {
    fn from(text: &'a str) -> Self {
        Self::new(text)
    }
}

impl<'a> From<&'a String> for SafeText<'a> {
    fn from(text: &'a String) -> Self {
        Self::new(text)
    }
}

impl From<String> for SafeText<'_> {
    fn from(text: String) -> Self {
        if is_tame(&text) { Self(Cow::Owned(text)) } else { SafeText(safe(&text)).into_owned() }
    }
}

impl<'a> From<&'a SafeText<'_>> for SafeText<'a> {
    fn from(text: &'a SafeText<'_>) -> Self {
        Self(Cow::Borrowed(&text.0))
    }
}

impl fmt::Display for SafeText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// `text` on one line and without anything that a terminal would obey; borrowed when it was so already.
pub fn safe(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|b| (b' '..0x7f).contains(&b)) || is_tame(text) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    let mut marks = 0;
    for c in text.chars() {
        marks = if is_mark(c) { marks + 1 } else { 0 };
        match c {
            _ if marks > MARKS => {}
            '\x1b' => out.push_str("^["),
            '\r' => out.push_str("\\r"),
            '\n' | '\t' => out.push(' '),
            c if is_harmless(c) => out.push(c),
            _ => out.push('\u{fffd}'),
        }
    }
    Cow::Owned(out)
}

/// The most marks over and under one letter: more of them would hide the lines around it, or are many bytes in one cell.
const MARKS: usize = 8;

/// Whether nothing in `text` has to change.
fn is_tame(text: &str) -> bool {
    let mut marks = 0;
    text.chars().all(|c| {
        marks = if is_mark(c) { marks + 1 } else { 0 };
        is_harmless(c) && marks <= MARKS
    })
}

/// Whether `c` takes no column of its own but is drawn over the one before.
fn is_mark(c: char) -> bool {
    c > '\u{2ff}' && UnicodeWidthChar::width(c) == Some(0)
}

/// Whether a terminal shows `c` and does nothing else with it.
fn is_harmless(c: char) -> bool {
    !matches!(c,
        '\0'..='\x1f' | '\x7f'..='\u{9f}'
        | '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
        | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clean_text_is_borrowed() {
        assert!(matches!(safe("web-1 日本 👍🏽"), Cow::Borrowed(_)));
    }

    #[test]
    fn a_letter_has_only_so_many_marks() {
        let zalgo = format!("a{}b", "\u{301}".repeat(1_000));
        assert_eq!(safe(&zalgo), format!("a{}b", "\u{301}".repeat(MARKS)));
        assert_eq!(SafeText::from(zalgo).as_str().chars().count(), MARKS + 2);
        let family = "👩‍👩‍👧‍👦 e\u{301}\u{323}";
        assert!(matches!(safe(family), Cow::Borrowed(_)));
    }

    #[test]
    fn controls_become_visible() {
        assert_eq!(safe("a\x1b[31mb\rc\nd\te\u{9b}f\u{202e}g\0"), "a^[[31mb\\rc d e\u{fffd}f\u{fffd}g\u{fffd}");
        assert_eq!(SafeText::from(String::from("\x07x")).as_str(), "\u{fffd}x");
    }
}
