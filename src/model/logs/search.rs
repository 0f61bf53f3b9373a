//! `Needle`: what is searched for in bytes: a text, or behind `re:` a regular expression. With smart case: a capital
//! letter in it makes case count.

use super::ansi;
use crate::model::fold::Folded;
use memchr::memmem;
use regex::bytes::{Regex, RegexBuilder};
use std::ops::Range;

/// Which way a search goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// To what came later.
    Forward,
    /// To what came earlier.
    Backward,
}

impl Direction {
    /// The nearest of `len` lines that `hits`, from line `from` on; `from` itself counts.
    pub fn nearest(self, from: usize, len: usize, hits: impl FnMut(&usize) -> bool) -> Option<usize> {
        match self {
            Self::Forward => (from..len).find(hits),
            Self::Backward => (0..len.min(from.saturating_add(1))).rev().find(hits),
        }
    }
}

/// A text that is searched for. Letters beyond ASCII are always compared as they are.
#[derive(Debug, Clone)]
pub struct Needle {
    way: Way,
}

#[derive(Debug, Clone)]
enum Way {
    Exact(Box<memmem::Finder<'static>>),
    Folded(Folded),
    Regex(Regex),
}

/// What stands before a regular expression.
const REGEX: &str = "re:";
/// Memory that an expression may take, in bytes.
const LARGEST: usize = 1 << 20;

impl Needle {
    /// A needle; none for a text that is empty or more than a line.
    pub fn new(text: &str) -> Option<Self> {
        Self::read(text).ok().flatten()
    }

    /// The same, or why the expression cannot be used.
    ///
    /// # Errors
    /// What is wrong with the expression.
    pub fn read(text: &str) -> Result<Option<Self>, String> {
        if text.is_empty() || text == REGEX || text.contains('\n') {
            return Ok(None);
        }
        match text.strip_prefix(REGEX) {
            Some(pattern) => expression(pattern).map(|regex| Some(Self { way: Way::Regex(regex) })),
            None => Ok(Some(Self::literal(text))),
        }
    }

    /// A needle that is looked for as it stands.
    fn literal(text: &str) -> Self {
        let exact = text.chars().any(char::is_uppercase) || !text.bytes().any(|b| b.is_ascii_alphabetic());
        let exactly = || Way::Exact(Box::new(memmem::Finder::new(text).into_owned()));
        Self { way: if exact { exactly() } else { Way::Folded(Folded::new(text)) } }
    }

    /// Where it stands first in `hay`.
    pub fn find(&self, hay: &[u8]) -> Option<Range<usize>> {
        let (start, len) = match &self.way {
            Way::Exact(finder) => (finder.find(hay)?, finder.needle().len()),
            Way::Folded(folded) => (folded.find(hay)?, folded.width()),
            Way::Regex(regex) => return regex.find(hay).map(|found| found.range()),
        };
        Some(start..start + len)
    }

    /// Where it stands in `text`, for colouring; the places do not overlap.
    pub fn spans(&self, text: &[u8]) -> impl Iterator<Item = Range<usize>> {
        let mut at = 0;
        std::iter::from_fn(move || {
            let found = self.find(text.get(at..)?)?;
            let span = at + found.start..at + found.end;
            // An expression may find nothing between two letters.
            at = span.end.max(span.start + 1);
            Some(span)
        })
    }

    /// Whether a line in which it was found also shows it: what stands in a colour sequence is not seen.
    pub fn shows_in(&self, line: &[u8]) -> bool {
        let is_one_line = !matches!(self.way, Way::Regex(_));
        (is_one_line && memchr::memchr(b'\x1b', line).is_none()) || self.find(&ansi::visible(line)).is_some()
    }
}

/// Reads a regular expression; in several lines, `^` and `$` are the ends of each.
fn expression(pattern: &str) -> Result<Regex, String> {
    let capital = pattern.replace(r"\\", "").split('\\').enumerate().any(|(nth, part)| {
        // The letter behind a backslash names a class.
        part.chars().skip(usize::from(nth > 0)).any(char::is_uppercase)
    });
    let mut builder = RegexBuilder::new(pattern);
    let regex = builder.multi_line(true).case_insensitive(!capital).size_limit(LARGEST).build();
    regex.map_err(|error| error.to_string().lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(needle: &str, hay: &str) -> Option<usize> {
        Needle::new(needle).unwrap().find(hay.as_bytes()).map(|found| found.start)
    }

    #[test]
    fn case_counts_when_there_is_a_capital() {
        assert_eq!(at("error", "an ERROR"), Some(3));
        assert_eq!(at("Error", "an ERROR, an Error"), Some(13));
        assert_eq!(at("é-x", "É-X é-X"), Some(5));
        assert_eq!(at("@k", "`K @K"), Some(3), "0x40 and 0x60 are no letters");
        assert_eq!(at("503", "code 503"), Some(5));
        assert_eq!(at("long needle", "long"), None);
    }

    #[test]
    fn no_needle_is_empty_or_two_lines() {
        assert!(Needle::new("").is_none());
        assert!(Needle::new("a\nb").is_none());
    }

    #[test]
    fn expressions_are_looked_for_behind_their_sign() {
        assert_eq!(at("re:err(or)?\\b", "an ERROR"), Some(3));
        assert_eq!(at("re:Err", "an ERROR"), None);
        assert_eq!(at(r"re:\S\S$", "an ERROR"), Some(6), "the letter of a class is no capital");
        assert!(Needle::new("re:").is_none());
        assert_eq!(Needle::read("re:(").unwrap_err(), "unclosed group");
        let needle = Needle::new("re:x*").unwrap();
        assert_eq!(needle.spans(b"axxb").collect::<Vec<_>>(), [0..0, 1..3, 3..3, 4..4]);
        assert!(!Needle::new(r"re:a\sb").unwrap().shows_in(b"a"));
    }

    #[test]
    fn every_place_is_a_span() {
        let spans: Vec<_> = Needle::new("aa").unwrap().spans(b"aAaaa.aa").collect();
        assert_eq!(spans, [0..2, 2..4, 6..8]);
    }

    #[test]
    fn a_colour_sequence_shows_nothing() {
        let needle = Needle::new("31").unwrap();
        assert!(!needle.shows_in(b"\x1b[31mred\x1b[0m"));
        assert!(needle.shows_in(b"\x1b[31mred 31\x1b[0m"));
    }

    proptest! {
        #[test]
        fn folded_search_finds_what_a_plain_one_finds(hay in "[a-cA-C1 ]{0,300}", needle in "[a-c1]{1,4}") {
            let wanted = hay.to_ascii_lowercase().find(&needle);
            prop_assert_eq!(at(&needle, &hay), wanted);
        }
    }
}
