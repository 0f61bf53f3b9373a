//! `Scan`: a text that is read from the left, as `client-go`'s parser does: `start` is where the last piece ended.

use super::Mistake;

/// A text that is being read.
pub struct Scan<'a> {
    text: &'a str,
    at: usize,
    start: usize,
    width: usize,
}

impl<'a> Scan<'a> {
    /// At the beginning of `text`.
    pub fn new(text: &'a str) -> Self {
        Self { text, at: 0, start: 0, width: 0 }
    }

    /// What was not read yet.
    pub fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// The next character; `None` at the end.
    pub fn next(&mut self) -> Option<char> {
        let next = self.rest().chars().next();
        self.width = next.map_or(0, char::len_utf8);
        self.at += self.width;
        next
    }

    /// Puts back what `next` took.
    pub fn back(&mut self) {
        self.at -= std::mem::take(&mut self.width);
    }

    /// The next character, which stays.
    pub fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Passes over `count` bytes, which are known to be there.
    pub fn pass(&mut self, count: usize) {
        self.at = (self.at + count).min(self.text.len());
        self.take();
    }

    /// Whether the character that was taken last stands behind a `\`.
    pub fn is_escaped(&self) -> bool {
        self.text.get(..self.at.saturating_sub(self.width)).is_some_and(|before| before.ends_with('\\'))
    }

    /// What was read since it was asked last.
    pub fn take(&mut self) -> &'a str {
        let taken = self.text.get(self.start..self.at).unwrap_or_default();
        self.start = self.at;
        taken
    }

    /// A mistake where the reading stands.
    pub fn mistake(&self, sentence: impl Into<String>) -> Mistake {
        let before = self.text.get(..self.start).unwrap_or_default();
        Mistake { at: before.chars().count() + 1, sentence: sentence.into() }
    }
}

/// Whether a name ends before `c`; the end of the text ends it, too.
pub fn ends_name(c: Option<char>) -> bool {
    c.is_none_or(|c| matches!(c, ' ' | '\t' | '\r' | '\n' | '.' | ',' | '[' | ']' | '$' | '@' | '{' | '}'))
}
