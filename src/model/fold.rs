//! Searching without regard to case: over many texts at once, or in one.

use std::ops::Range;

/// A word as filters look for it: a text holds it when both are alike in lower case.
#[derive(Debug, Clone)]
pub struct Word {
    lower: String,
    folded: Option<Folded>,
}

impl Word {
    /// Reads a word.
    pub fn new(text: &str) -> Self {
        let lower = text.to_lowercase();
        let folded = lower.is_ascii().then(|| Folded::new(&lower));
        Self { lower, folded }
    }

    /// Where it stands first in ASCII text.
    pub fn find(&self, ascii: &[u8]) -> Option<usize> {
        self.folded.as_ref().and_then(|folded| folded.find(ascii))
    }

    /// How many bytes it has.
    pub fn width(&self) -> usize {
        self.lower.len()
    }

    /// Whether it stands in `text`.
    pub fn is_in(&self, text: &str) -> bool {
        if text.is_ascii() { self.find(text.as_bytes()).is_some() } else { text.to_lowercase().contains(&self.lower) }
    }
}

/// A search in which ASCII letters equal their capitals. The rarest byte of the pattern is looked for alone; where it is
/// not rare, together with another one at their distance, in loops without branches that the compiler turns into vector
/// instructions.
#[derive(Debug, Clone)]
pub struct Folded {
    pattern: Vec<u8>,
    rare: Probe,
    other: Probe,
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

    /// Where it stands in `hay`.
    fn all_in(self, hay: &[u8]) -> impl Iterator<Item = usize> {
        memchr::memchr2_iter(self.byte, self.byte & !self.fold, hay)
    }
}

/// How much text is looked at between two branches, in bytes.
const CHUNK: usize = 64;
/// So often a rare byte may mislead before it is looked whether it is rare.
const TRIES: usize = 8;
/// A byte is not rare that stands nearer than this to the next one, in bytes: to begin again costs as much as to go on.
const NEAR: usize = 128;

impl Folded {
    /// A search for `text`.
    pub fn new(text: &str) -> Self {
        let pattern = text.to_ascii_lowercase().into_bytes();
        let mut order: Vec<usize> = (0..pattern.len()).collect();
        order.sort_by_key(|at| pattern.get(*at).map_or(0, |byte| frequency(*byte)));
        let probe = |nth: usize| {
            let at = order.get(nth).or(order.first()).copied().unwrap_or(0);
            let byte = pattern.get(at).copied().unwrap_or(0);
            Probe { at, byte, fold: if byte.is_ascii_lowercase() { 0x20 } else { 0 } }
        };
        Self { rare: probe(0), other: probe(1), pattern }
    }

    /// Where it stands first in `hay`.
    pub fn find(&self, hay: &[u8]) -> Option<usize> {
        if self.pattern.is_empty() {
            return Some(0);
        }
        let end = hay.len().checked_sub(self.pattern.len())? + 1;
        let first = hay.get(self.rare.at..self.rare.at + end)?;
        for (tries, at) in (1..).zip(self.rare.all_in(first)) {
            if self.stands_at(hay, at) {
                return Some(at);
            }
            if tries >= TRIES && at < tries * NEAR {
                return self.find_by_two(hay, at + 1..end);
            }
        }
        None
    }

    /// The same among some places, where the rare byte is not rare: only where the other one stands as well is looked
    /// closer.
    fn find_by_two(&self, hay: &[u8], places: Range<usize>) -> Option<usize> {
        let (a, b, from) = (self.rare, self.other, places.start);
        let (first, rest) = hay.get(a.at + from..a.at + places.end)?.as_chunks::<CHUNK>();
        let (second, other_rest) = hay.get(b.at + from..b.at + places.end)?.as_chunks::<CHUNK>();
        let both = |x: &[u8], y: &[u8]| x.iter().zip(y).fold(false, |any, (x, y)| any | (a.is(*x) & b.is(*y)));
        let within =
            |begin: usize, x: &[u8]| a.all_in(x).map(|at| from + begin + at).find(|at| self.stands_at(hay, *at));
        let mut chunks = first.iter().zip(second).enumerate();
        let found = chunks.find_map(|(nth, (x, y))| if both(x, y) { within(nth * CHUNK, x) } else { None });
        found.or_else(|| if both(rest, other_rest) { within(first.len() * CHUNK, rest) } else { None })
    }

    /// How many bytes it has.
    pub fn width(&self) -> usize {
        self.pattern.len()
    }

    /// Whether the whole pattern stands there.
    fn stands_at(&self, hay: &[u8], at: usize) -> bool {
        let is_near = hay.get(at + self.other.at).is_some_and(|byte| self.other.is(*byte));
        is_near && hay.get(at..at + self.pattern.len()).is_some_and(|there| there.eq_ignore_ascii_case(&self.pattern))
    }
}

/// How often a byte stands in logs, roughly: the higher, the more often.
fn frequency(byte: u8) -> u8 {
    const COMMON: &[u8] = b"zqjxkvwybgpfumhdlcsrnoiat e";
    match byte {
        b'0'..=b'9' => 14,
        b' ' | b'a'..=b'z' => memchr::memchr(byte, COMMON).and_then(|at| u8::try_from(at).ok()).unwrap_or(0),
        b'-' | b'.' | b':' | b'/' | b'"' | b'=' | b',' => 20,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Long enough for both ways of searching, each from its beginning.
        #[test]
        fn a_word_is_found_in_long_texts(parts in prop::collection::vec("[xX]{0,40}|[a-c ]{0,200}", 0..12), word in "[xa]{1,4}") {
            let text = parts.concat();
            prop_assert_eq!(Folded::new(&word).find(text.as_bytes()), text.to_lowercase().find(&word));
        }

        #[test]
        fn a_word_is_found_where_lower_case_holds_it(text in "[a-cA-C1\u{212a}É ]{0,80}", word in "[a-cA-Ckéİ1]{0,3}") {
            prop_assert_eq!(Word::new(&word).is_in(&text), text.to_lowercase().contains(&word.to_lowercase()));
        }
    }
}
