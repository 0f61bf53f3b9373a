//! `Pile`: texts under numbers that others give, one behind the other in blocks. A block of which little is used is
//! emptied, so that what is out of use takes no room.

use crate::model::chunks::Chunks;
use crate::model::fold::Word;

/// Bytes per block of text; a longer text gets a block of its own.
pub(super) const BLOCK: usize = 1 << 16;
/// A block is emptied once this part of it is out of use.
const DEAD: usize = BLOCK / 3;
/// The length of a text that fills its block.
const WHOLE: u16 = u16::MAX;
/// Stands for a text that is out of use.
const GONE: u32 = u32::MAX;

/// Where a text lies: its block, its place in it, its length in bytes.
#[derive(Debug, Clone, Copy, Default)]
struct Span {
    block: u16,
    start: u16,
    len: u16,
}

/// Texts one behind the other, and their numbers in the same order.
#[derive(Debug, Default)]
struct Block {
    text: String,
    ids: Vec<u32>,
    dead: usize,
    /// Whether it holds more than ASCII.
    wide: bool,
}

impl Block {
    /// Where the text of a span in this block ends.
    fn end(&self, span: Span) -> usize {
        if span.len == WHOLE { self.text.len() } else { usize::from(span.start) + usize::from(span.len) }
    }

    /// The text of a span in this block.
    fn read(&self, span: Span) -> &str {
        self.text.get(usize::from(span.start)..self.end(span)).unwrap_or_default()
    }

    /// The numbers of the texts that are in use, in the order in which they stand.
    fn used(&self) -> impl Iterator<Item = u32> {
        self.ids.iter().copied().filter(|id| *id != GONE)
    }
}

/// Texts by number. A number without a text has the empty one.
#[derive(Debug)]
pub struct Pile {
    blocks: Vec<Block>,
    /// The block that is being filled.
    open: usize,
    /// Blocks that hold nothing.
    empty: Vec<usize>,
    spans: Chunks<Span>,
}

impl Default for Pile {
    fn default() -> Self {
        Self { blocks: vec![Block::default()], open: 0, empty: Vec::new(), spans: Chunks::new() }
    }
}

impl Pile {
    /// The text of a number.
    pub fn text(&self, id: u32) -> &str {
        let Some(span) = self.spans.get(id as usize).copied() else { return "" };
        self.blocks.get(usize::from(span.block)).map_or("", |block| block.read(span))
    }

    /// Writes the text of a number that has none.
    pub fn put(&mut self, id: u32, text: &str) {
        while self.spans.len() <= id as usize {
            self.spans.push(Span::default());
        }
        if !text.is_empty() {
            self.keep(id, text);
        }
    }

    /// Forgets the text of a number.
    pub fn forget(&mut self, id: u32) {
        let Some(span) = self.spans.get_mut(id as usize).map(std::mem::take) else { return };
        let number = usize::from(span.block);
        let Some(block) = self.blocks.get_mut(number).filter(|_| span.len > 0) else { return };
        block.dead += block.read(span).len();
        // What goes is mostly what came last.
        if let Some(own) = block.ids.iter_mut().rev().find(|other| **other == id) {
            *own = GONE;
        }
        self.empty_if_dead(number);
    }

    /// Tells each text but the empty one in which `word` stands: one search over all of them, as most do not hold it.
    pub fn each_with(&self, word: &Word, mut found: impl FnMut(u32)) {
        for block in &self.blocks {
            if block.wide {
                block.used().filter(|id| word.is_in(self.text(*id))).for_each(&mut found);
            } else {
                self.search(block, word, &mut found);
            }
        }
    }

    /// Tells each text of a block of ASCII in which `word` stands.
    fn search(&self, block: &Block, word: &Word, found: &mut impl FnMut(u32)) {
        let place = |id: u32| self.spans.get(id as usize).map(|span| (id, usize::from(span.start), block.end(*span)));
        let mut texts = block.used().filter_map(place).peekable();
        let mut at = 0;
        while let Some(hit) = block.text.as_bytes().get(at..).and_then(|rest| word.find(rest)).map(|hit| at + hit) {
            while texts.next_if(|(_, _, end)| *end <= hit).is_some() {}
            let Some((id, start, end)) = texts.peek().copied() else { return };
            // What begins in one text and ends in the next, or in one that is out of use, stands in none.
            if start <= hit && hit + word.width() <= end {
                found(id);
            }
            at = if hit < start { start } else { end };
        }
    }

    /// Writes `text` behind the last one of the open block, or into a new block.
    fn keep(&mut self, id: u32, text: &str) {
        let room = self.blocks.get(self.open).is_some_and(|open| open.text.len() + text.len() < BLOCK);
        let whole = text.len() >= usize::from(WHOLE);
        let full = (whole || !room).then(|| self.open_block(text.len()));
        let Some(block) = self.blocks.get_mut(self.open) else { return };
        let small = |number: usize| u16::try_from(number).unwrap_or(WHOLE);
        let span = Span { block: small(self.open), start: small(block.text.len()), len: small(text.len()) };
        block.wide |= !text.is_ascii();
        block.text.push_str(text);
        block.ids.push(id);
        if let Some(slot) = self.spans.get_mut(id as usize) {
            *slot = span;
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

    /// Moves the texts of a block that is used little, so that its memory is free. A block is small: nobody waits.
    fn empty_if_dead(&mut self, number: usize) {
        let sparse = |block: &&mut Block| block.dead >= DEAD.min(block.text.len());
        let Some(block) = self.blocks.get_mut(number).filter(|_| number != self.open).filter(sparse) else { return };
        let block = std::mem::take(block);
        for id in block.used() {
            if let Some(span) = self.spans.get(id as usize).copied() {
                self.keep(id, block.read(span));
            }
        }
        self.empty.push(number);
    }

    /// How many bytes of blocks are held.
    #[cfg(test)]
    pub fn held(&self) -> usize {
        self.blocks.iter().map(|block| block.text.capacity()).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_has_its_text_until_it_is_forgotten() {
        let mut pile = Pile::default();
        pile.put(3, "web");
        pile.put(0, "");
        assert_eq!((pile.text(3), pile.text(0), pile.text(9)), ("web", "", ""));
        pile.forget(3);
        pile.put(3, "db");
        let mut found = Vec::new();
        for word in ["e", "b", "eb", "bd", "db"] {
            pile.each_with(&Word::new(word), |id| found.push(id));
        }
        assert_eq!((pile.text(3), found), ("db", vec![3, 3]));
    }
}
