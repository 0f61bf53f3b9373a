//! Searching without regard to case: over many texts at once, or in one.

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

/// A search in which ASCII letters equal their capitals. Two rare bytes of the pattern are looked for at their
/// distance, in loops without branches that the compiler turns into vector instructions.
#[derive(Debug, Clone)]
pub struct Folded {
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
        let rare = [probe(0), probe(1)];
        Self { pattern, rare }
    }

    /// Where it stands first in `hay`.
    pub fn find(&self, hay: &[u8]) -> Option<usize> {
        if self.pattern.is_empty() {
            return Some(0);
        }
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

    /// How many bytes it has.
    pub fn width(&self) -> usize {
        self.pattern.len()
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

    proptest! {
        #[test]
        fn a_word_is_found_where_lower_case_holds_it(text in "[a-cA-C1\u{212a}É ]{0,80}", word in "[a-cA-Ckéİ1]{0,3}") {
            prop_assert_eq!(Word::new(&word).is_in(&text), text.to_lowercase().contains(&word.to_lowercase()));
        }
    }
}
