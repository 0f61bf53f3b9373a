//! `Texts`: every different text of a list once, for as long as a row uses it. A hundred thousand pods share fifteen
//! thousand texts beside their names.

use super::chunks::Chunks;
use super::fold::Word;
use hashbrown::{DefaultHashBuilder, HashTable};
use std::hash::BuildHasher;

/// Bytes per block of text; a longer text gets a block of its own.
const BLOCK: usize = 1 << 16;
/// A block is emptied once this part of it is out of use.
const DEAD: usize = BLOCK / 3;
/// The length of a text that fills its block.
const WHOLE: u16 = u16::MAX;
/// A text with so many uses stays for ever: what is used so often will be used again.
const MANY: u16 = u16::MAX;

/// A text in a [`Texts`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct TextId(pub u32);

/// Where a text lies, and how often it is used: `at` is its block times [`BLOCK`] plus its place in it.
#[derive(Debug, Clone, Copy, Default)]
struct Span {
    at: u32,
    len: u16,
    uses: u16,
}

impl Span {
    /// Its block.
    fn block(self) -> usize {
        self.at as usize / BLOCK
    }

    /// Its place in the block.
    fn start(self) -> usize {
        self.at as usize % BLOCK
    }
}

/// Texts one behind the other, and their ids in the same order; 0 for a text that is out of use.
#[derive(Debug, Default)]
struct Block {
    text: String,
    ids: Vec<u32>,
    dead: usize,
}

impl Block {
    /// The text of a span in this block.
    fn read(&self, span: Span) -> &str {
        let end = if span.len == WHOLE { self.text.len() } else { span.start() + usize::from(span.len) };
        self.text.get(span.start()..end).unwrap_or_default()
    }
}

/// The texts of a list. Id 0 is the empty text, which is always there.
#[derive(Debug)]
pub struct Texts {
    blocks: Vec<Block>,
    /// The block that is being filled.
    open: usize,
    /// Blocks that hold nothing.
    empty: Vec<usize>,
    spans: Chunks<Span>,
    /// Ids that no text has.
    free: Vec<u32>,
    index: HashTable<u32>,
    hasher: DefaultHashBuilder,
}

impl Default for Texts {
    fn default() -> Self {
        let mut spans = Chunks::new();
        spans.push(Span::default());
        Self {
            blocks: vec![Block::default()],
            open: 0,
            empty: Vec::new(),
            spans,
            free: Vec::new(),
            index: HashTable::new(),
            hasher: DefaultHashBuilder::default(),
        }
    }
}

impl Texts {
    /// The id of `text`, which is kept until this use of it is released.
    pub fn id(&mut self, text: &str) -> TextId {
        if text.is_empty() {
            return TextId::default();
        }
        let hash = self.hasher.hash_one(text);
        if let Some(id) = self.index.find(hash, |id| self.text(TextId(*id)) == text).copied() {
            if let Some(span) = self.spans.get_mut(id as usize) {
                span.uses = span.uses.saturating_add(1);
            }
            return TextId(id);
        }
        let id = self.free.pop().unwrap_or_else(|| {
            self.spans.push(Span::default());
            u32::try_from(self.spans.len() - 1).unwrap_or(u32::MAX)
        });
        self.keep(id, text, 1);
        let (blocks, spans, hasher) = (&self.blocks, &self.spans, &self.hasher);
        self.index.insert_unique(hash, id, |id| hasher.hash_one(read(blocks, spans, *id)));
        TextId(id)
    }

    /// The id of `text`, in place of a use of `old`, which it often is.
    pub fn replace(&mut self, old: TextId, text: &str) -> TextId {
        if self.text(old) == text {
            return old;
        }
        // In this order: a text must not get the id of the one in whose place it stands, which would look unchanged.
        let new = self.id(text);
        self.release(old);
        new
    }

    /// Ends a use of a text. After the last one it is forgotten, and its id is given to another.
    pub fn release(&mut self, TextId(id): TextId) {
        let Some(span) = self.spans.get_mut(id as usize).filter(|span| (1..MANY).contains(&span.uses)) else { return };
        span.uses -= 1;
        if span.uses == 0 {
            self.forget(id);
        }
    }

    /// The text of `id`; empty when the id is not of this table.
    pub fn text(&self, TextId(id): TextId) -> &str {
        read(&self.blocks, &self.spans, id)
    }

    /// All ids are below this.
    pub fn ids(&self) -> usize {
        self.spans.len()
    }

    /// How many different texts are in use.
    pub fn len(&self) -> usize {
        self.index.len()
    }

    /// Whether nothing but the empty text is in use.
    pub fn is_empty(&self) -> bool {
        self.index.is_empty()
    }

    /// Tells each text in which `word` stands: one search over all of them, as most do not hold it.
    pub fn each_with(&self, word: &Word, mut found: impl FnMut(TextId)) {
        for block in &self.blocks {
            if block.text.is_ascii() {
                self.search(block, word, &mut found);
                continue;
            }
            let ids = block.ids.iter().filter(|id| **id > 0).map(|id| TextId(*id));
            ids.filter(|id| word.is_in(self.text(*id))).for_each(&mut found);
        }
    }

    /// Tells each text of a block of ASCII in which `word` stands.
    fn search(&self, block: &Block, word: &Word, found: &mut impl FnMut(TextId)) {
        let mut spans = block.ids.iter().filter_map(|id| Some((*id, *self.spans.get(*id as usize)?)));
        let mut at = 0;
        while let Some(hit) = block.text.as_bytes().get(at..).and_then(|rest| word.find(rest)).map(|hit| at + hit) {
            let end = |span: &Span| span.start() + block.read(*span).len();
            let Some((id, span)) = spans.find(|(id, span)| *id > 0 && end(span) > hit) else { return };
            let inside = span.start().max(hit);
            // What begins in one text and ends in the next, or in one that is out of use, stands in none.
            let there = block.text.as_bytes().get(inside..end(&span)).and_then(|rest| word.find(rest));
            if there.is_some() {
                found(TextId(id));
            }
            at = end(&span);
        }
    }

    /// Writes `text` behind the last one of the open block, or into a new block.
    fn keep(&mut self, id: u32, text: &str, uses: u16) {
        let room = self.blocks.get(self.open).is_some_and(|open| open.text.len() + text.len() < BLOCK);
        let whole = text.len() >= usize::from(WHOLE);
        let full = (whole || !room).then(|| self.open_block(text.len()));
        let Some(block) = self.blocks.get_mut(self.open) else { return };
        let at = u32::try_from(self.open * BLOCK + block.text.len()).unwrap_or(u32::MAX);
        block.text.push_str(text);
        block.ids.push(id);
        if let Some(span) = self.spans.get_mut(id as usize) {
            *span = Span { at, len: u16::try_from(text.len()).unwrap_or(WHOLE), uses };
        }
        // Only now: what is moved must not stand before the first text of a block, which may fill it.
        if let Some(full) = full {
            self.empty_if_dead(full);
        }
    }

    /// Begins a block with room for a text of `len` bytes; returns the one before.
    fn open_block(&mut self, len: usize) -> usize {
        let full = self.open;
        self.open = self.empty.pop().unwrap_or_else(|| {
            self.blocks.push(Block::default());
            self.blocks.len() - 1
        });
        if let Some(block) = self.blocks.get_mut(self.open) {
            block.text.reserve_exact(len.max(BLOCK));
        }
        if let Some(block) = self.blocks.get_mut(full) {
            block.ids.shrink_to_fit();
        }
        full
    }

    /// Forgets the text of `id`.
    fn forget(&mut self, id: u32) {
        let hash = self.hasher.hash_one(self.text(TextId(id)));
        if let Ok(entry) = self.index.find_entry(hash, |other| *other == id) {
            entry.remove();
        }
        let Some(span) = self.spans.get_mut(id as usize).map(std::mem::take) else { return };
        self.free.push(id);
        let Some(block) = self.blocks.get_mut(span.block()) else { return };
        block.dead += block.read(span).len();
        if let Some(own) = block.ids.iter_mut().find(|other| **other == id) {
            *own = 0;
        }
        self.empty_if_dead(span.block());
    }

    /// Moves the texts of a block that is used little, so that its memory is free. A block is small: nobody waits.
    fn empty_if_dead(&mut self, number: usize) {
        let sparse = |block: &&mut Block| block.dead >= DEAD.min(block.text.len());
        let Some(block) = self.blocks.get_mut(number).filter(|_| number != self.open).filter(sparse) else { return };
        let block = std::mem::take(block);
        for id in block.ids.iter().filter(|id| **id > 0) {
            if let Some(span) = self.spans.get(*id as usize).copied() {
                self.keep(*id, block.read(span), span.uses);
            }
        }
        self.empty.push(number);
    }
}

/// The text of number `id`.
fn read<'a>(blocks: &'a [Block], spans: &Chunks<Span>, id: u32) -> &'a str {
    let Some(span) = spans.get(id as usize).copied() else { return "" };
    blocks.get(span.block()).map_or("", |block| block.read(span))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn equal_texts_are_kept_once() {
        let mut texts = Texts::default();
        let (a, b) = (texts.id("Running"), texts.id("Pending"));
        assert_ne!(a, b);
        assert_eq!((texts.id("Running"), texts.replace(b, "Running"), texts.len()), (a, a, 1));
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

    #[test]
    fn what_is_used_no_more_takes_no_room() {
        let mut texts = Texts::default();
        let stays = texts.id("stays");
        let mut last = texts.id("0");
        for n in 0..300_000 {
            last = texts.replace(last, &format!("message {n}"));
        }
        let long = texts.id(&"x".repeat(1 << 20));
        texts.release(long);
        texts.id("after");
        assert_eq!((texts.text(stays), texts.text(last), texts.len()), ("stays", "message 299999", 3));
        assert!(texts.blocks.len() < 8 && texts.ids() < 8, "{} blocks, {} ids", texts.blocks.len(), texts.ids());
        assert!(texts.blocks.iter().map(|block| block.text.capacity()).sum::<usize>() < 4 * BLOCK);
    }

    proptest! {
        /// However texts come and go, each use finds its text, and a search finds what a look at each would find.
        #[test]
        fn texts_are_there_while_they_are_used(
            steps in prop::collection::vec(("[aAbK\u{212a}é]{0,3}", 1..9_000_usize, any::<bool>()), 1..60),
            word in "[abké]{1,2}",
        ) {
            let (mut texts, mut used) = (Texts::default(), Vec::<(TextId, String)>::new());
            for (text, times, ends) in steps {
                if ends && !used.is_empty() {
                    let (id, _) = used.swap_remove(times % used.len());
                    texts.release(id);
                } else {
                    let text = text.repeat(times);
                    used.push((texts.id(&text), text));
                }
                prop_assert!(used.iter().all(|(id, text)| texts.text(*id) == text));
            }
            let word = Word::new(&word);
            let mut found = Vec::new();
            texts.each_with(&word, |id| found.push(id.0));
            let mut wanted: Vec<u32> = used.iter().filter(|(_, text)| word.is_in(text)).map(|(id, _)| id.0).collect();
            found.sort_unstable();
            wanted.sort_unstable();
            wanted.dedup();
            prop_assert_eq!(found, wanted);
        }
    }
}
