//! `Texts`: every different text of a list once. A hundred thousand pods share fifteen thousand texts.

use super::chunks::Chunks;
use hashbrown::{DefaultHashBuilder, HashTable};
use std::hash::BuildHasher;

/// Bytes per block of text; a longer text gets a block of its own.
const BLOCK: usize = 1 << 16;

/// A text in a [`Texts`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct TextId(pub u32);

/// Where a text lies: `at` is its block times [`BLOCK`] plus its place in it.
#[derive(Debug, Clone, Copy, Default)]
struct Span {
    at: u32,
    len: u32,
}

/// The texts of a list. Id 0 is the empty text.
#[derive(Debug)]
pub struct Texts {
    blocks: Vec<String>,
    spans: Chunks<Span>,
    index: HashTable<u32>,
    hasher: DefaultHashBuilder,
    bytes: usize,
}

impl Default for Texts {
    fn default() -> Self {
        let mut texts = Self {
            blocks: Vec::new(),
            spans: Chunks::new(),
            index: HashTable::new(),
            hasher: DefaultHashBuilder::default(),
            bytes: 0,
        };
        texts.id("");
        texts
    }
}

impl Texts {
    /// The id of `text`, which is kept from now on.
    pub fn id(&mut self, text: &str) -> TextId {
        let hash = self.hasher.hash_one(text);
        if let Some(id) = self.index.find(hash, |id| read(&self.blocks, &self.spans, *id) == text) {
            return TextId(*id);
        }
        let id = u32::try_from(self.spans.len()).unwrap_or(u32::MAX);
        let span = self.keep(text);
        self.spans.push(span);
        let (blocks, spans, hasher) = (&self.blocks, &self.spans, &self.hasher);
        self.index.insert_unique(hash, id, |id| hasher.hash_one(read(blocks, spans, *id)));
        TextId(id)
    }

    /// The text of `id`; empty when the id is not of this table.
    pub fn text(&self, id: TextId) -> &str {
        read(&self.blocks, &self.spans, id.0)
    }

    /// How many different texts there are.
    pub fn len(&self) -> usize {
        self.spans.len()
    }

    /// Whether nothing but the empty text is there.
    pub fn is_empty(&self) -> bool {
        self.len() <= 1
    }

    /// Bytes of text that are kept.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Appends `text` to the last block that has room.
    fn keep(&mut self, text: &str) -> Span {
        self.bytes += text.len();
        let room = self.blocks.last().is_some_and(|block| block.len() + text.len() <= BLOCK);
        if !room {
            self.blocks.push(String::with_capacity(text.len().max(BLOCK)));
        }
        let number = self.blocks.len() - 1;
        let Some(block) = self.blocks.last_mut() else { return Span::default() };
        let at = u32::try_from(number * BLOCK + block.len()).unwrap_or(u32::MAX);
        block.push_str(text);
        Span { at, len: u32::try_from(text.len()).unwrap_or(u32::MAX) }
    }
}

/// The text of number `id`.
fn read<'a>(blocks: &'a [String], spans: &Chunks<Span>, id: u32) -> &'a str {
    let Some(Span { at, len }) = spans.get(id as usize).copied() else { return "" };
    let (block, start) = (at as usize / BLOCK, at as usize % BLOCK);
    blocks.get(block).and_then(|block| block.get(start..start + len as usize)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_texts_are_kept_once() {
        let mut texts = Texts::default();
        let (a, b) = (texts.id("Running"), texts.id("Pending"));
        assert_ne!(a, b);
        assert_eq!(texts.id("Running"), a);
        assert_eq!((texts.text(a), texts.text(TextId::default()), texts.text(TextId(99))), ("Running", "", ""));
    }

    #[test]
    fn many_and_long_texts_are_found_again() {
        let mut texts = Texts::default();
        let long = "é".repeat(100_000);
        let ids: Vec<_> = (0..20_000).map(|n| texts.id(&format!("web-{n}"))).collect();
        let big = texts.id(&long);
        let after = texts.id("after");
        assert_eq!(texts.text(big), long);
        assert_eq!(texts.text(after), "after");
        assert!(ids.iter().enumerate().all(|(n, id)| texts.text(*id) == format!("web-{n}")));
        assert_eq!(texts.id(&long), big);
    }
}
