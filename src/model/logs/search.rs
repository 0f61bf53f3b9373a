//! `Needle`: what is searched for in bytes. Literal, with smart case: a capital letter in it makes case count.

use super::ansi;
use memchr::memmem;
use std::ops::Range;

/// Which way a search goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// To what came later.
    Forward,
    /// To what came earlier.
    Backward,
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
}

impl Needle {
    /// A needle; none for a text that is empty or more than a line.
    pub fn new(text: &str) -> Option<Self> {
        if text.is_empty() || text.contains('\n') {
            return None;
        }
        let exact = text.chars().any(char::is_uppercase) || !text.bytes().any(|b| b.is_ascii_alphabetic());
        let exactly = || Way::Exact(Box::new(memmem::Finder::new(text).into_owned()));
        Some(Self { way: if exact { exactly() } else { Way::Folded(Folded::new(text)) } })
    }

    /// Where it stands first in `hay`.
    pub fn find(&self, hay: &[u8]) -> Option<usize> {
        match &self.way {
            Way::Exact(finder) => finder.find(hay),
            Way::Folded(folded) => folded.find(hay),
        }
    }

    /// How many bytes it has.
    fn len(&self) -> usize {
        match &self.way {
            Way::Exact(finder) => finder.needle().len(),
            Way::Folded(folded) => folded.pattern.len(),
        }
    }

    /// Where it stands in `text`, for colouring; the places do not overlap.
    pub fn spans(&self, text: &[u8]) -> impl Iterator<Item = Range<usize>> {
        let mut at = 0;
        std::iter::from_fn(move || {
            let start = at + self.find(text.get(at..)?)?;
            at = start + self.len();
            Some(start..at)
        })
    }

    /// Whether a line in which it was found also shows it: what stands in a colour sequence is not seen.
    pub fn shows_in(&self, line: &[u8]) -> bool {
        memchr::memchr(b'\x1b', line).is_none() || self.find(&ansi::visible(line)).is_some()
    }
}

/// A search in which ASCII letters equal their capitals. Two rare bytes of the pattern are looked for at their
/// distance, in loops without branches that the compiler turns into vector instructions.
#[derive(Debug, Clone)]
struct Folded {
    pattern: Vec<u8>,
    rare: [Probe; 2],
}

/// One byte of a pattern.
#[derive(Debug, Clone, Copy)]
struct Probe {
    at: usize,
    byte: u8,
    /// The bit by which a letter and its capital differ; 0 for what is no letter.
    fold: u8,
}

impl Probe {
    fn is(self, byte: u8) -> bool {
        byte | self.fold == self.byte
    }
}

/// How much text is looked at between two branches.
const CHUNK: usize = 64;

impl Folded {
    fn new(text: &str) -> Self {
        let pattern = text.to_ascii_lowercase().into_bytes();
        let mut order: Vec<usize> = (0..pattern.len()).collect();
        order.sort_by_key(|at| pattern.get(*at).map_or(0, |byte| frequency(*byte)));
        let probe = |nth: usize| {
            let at = order.get(nth).or(order.first()).copied().unwrap_or(0);
            let byte = pattern.get(at).copied().unwrap_or(0);
            Probe { at, byte, fold: if byte.is_ascii_lowercase() { 0x20 } else { 0 } }
        };
        let rare = [probe(0), probe(1)];
        Self { pattern, rare }
    }

    fn find(&self, hay: &[u8]) -> Option<usize> {
        let places = hay.len().checked_sub(self.pattern.len())? + 1;
        let [a, b] = self.rare;
        let first = hay.get(a.at..a.at + places)?.chunks(CHUNK);
        let second = hay.get(b.at..b.at + places)?.chunks(CHUNK);
        first.zip(second).enumerate().find_map(|(nth, (x, y))| {
            let may = x.iter().zip(y).fold(false, |any, (x, y)| any | (a.is(*x) & b.is(*y)));
            if !may {
                return None;
            }
            let pairs = x.iter().zip(y).enumerate().filter(|(_, (x, y))| a.is(**x) && b.is(**y));
            pairs.map(|(at, _)| nth * CHUNK + at).find(|at| self.stands_at(hay, *at))
        })
    }

    /// Whether the whole pattern stands there.
    fn stands_at(&self, hay: &[u8], at: usize) -> bool {
        hay.get(at..at + self.pattern.len()).is_some_and(|there| there.eq_ignore_ascii_case(&self.pattern))
    }
}

/// How often a byte stands in logs, roughly: the higher, the more often.
fn frequency(byte: u8) -> u8 {
    const COMMON: &[u8] = b"zqjxkvwybgpfumhdlcsrnoiat e";
    match byte {
        b'0'..=b'9' => 24,
        b' ' | b'a'..=b'z' => memchr::memchr(byte, COMMON).and_then(|at| u8::try_from(at).ok()).unwrap_or(0),
        b'-' | b'.' | b':' | b'/' | b'"' | b'=' | b',' => 20,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(needle: &str, hay: &str) -> Option<usize> {
        Needle::new(needle).unwrap().find(hay.as_bytes())
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
