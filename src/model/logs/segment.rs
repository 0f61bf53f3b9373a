//! A segment: some lines of a log, their bytes in one piece. Segments are filled at the end and dropped whole.

use super::search::{Direction, Needle};
use crate::kinds::logs::{LineRecord, LogBatch};
use std::ops::Range;

/// How much a segment holds: text and records of its lines, in bytes.
pub const SEGMENT: usize = 1 << 20;
/// What a line costs beside its text.
const RECORD: usize = size_of::<LineRecord>();
/// How many lines a search backwards looks at in one go.
const BLOCK: usize = 256;

/// Some lines of a log.
#[derive(Debug, Default)]
pub struct Segment {
    bytes: Vec<u8>,
    lines: Vec<LineRecord>,
}

impl Segment {
    /// How many lines it holds.
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// The memory that it takes, in bytes, used or not.
    pub fn cost(&self) -> usize {
        self.bytes.capacity() + self.lines.capacity() * RECORD
    }

    /// Forgets all lines but keeps the memory.
    pub fn clear(&mut self) {
        self.bytes.clear();
        self.lines.clear();
    }

    /// Gives back the memory that it does not use: it is full.
    pub fn seal(&mut self) {
        self.bytes.shrink_to_fit();
        self.lines.shrink_to_fit();
    }

    /// Takes lines of `batch` from number `from` on, as many as fit, and says how many those were. An empty
    /// segment takes at least one.
    pub fn append(&mut self, batch: &LogBatch, from: usize) -> usize {
        let Some(records) = batch.records().get(from..) else { return 0 };
        let Some(base) = records.first().map(|line| line.start as usize) else { return 0 };
        let end = |count: usize| records.get(count).map_or(batch.bytes().len(), |line| line.start as usize);
        let room = SEGMENT.saturating_sub(self.bytes.len() + self.lines.len() * RECORD);
        let fits = |count: usize| end(count).saturating_sub(base) + count * RECORD <= room;
        let count =
            if fits(records.len()) { records.len() } else { (1..records.len()).take_while(|n| fits(*n)).count() };
        let count = if self.lines.is_empty() { count.max(1) } else { count };
        let offset = self.bytes.len();
        self.bytes.extend_from_slice(batch.bytes().get(base..end(count)).unwrap_or_default());
        let place = |line: &LineRecord| u32::try_from(line.start as usize - base + offset).unwrap_or(u32::MAX);
        self.lines.extend(records.iter().take(count).map(|line| line.moved_to(place(line))));
        count
    }

    /// Forgets the lines from `index` on.
    pub fn truncate(&mut self, index: usize) {
        let end = self.start(index);
        self.bytes.truncate(end);
        self.lines.truncate(index);
    }

    /// Record and text of a line.
    pub fn line(&self, index: usize) -> Option<(LineRecord, &[u8])> {
        let record = *self.lines.get(index)?;
        let end = self.start(index + 1).saturating_sub(1);
        Some((record, self.bytes.get(record.start as usize..end)?))
    }

    /// Where line `index` starts; the end of the text for the line behind the last.
    fn start(&self, index: usize) -> usize {
        self.lines.get(index).map_or(self.bytes.len(), |line| line.start as usize)
    }

    /// The first or the last of the lines in `range` that shows `needle`.
    pub fn find(&self, needle: &Needle, range: Range<usize>, direction: Direction) -> Option<usize> {
        match direction {
            Direction::Forward => self.hits(needle, range).next(),
            Direction::Backward => self.last(needle, range),
        }
    }

    /// The lines in `range` that show `needle`, one after the other: one search over the bytes of all of them.
    pub fn hits<'a>(&'a self, needle: &'a Needle, range: Range<usize>) -> impl Iterator<Item = usize> + 'a {
        let end = self.start(range.end);
        let mut next = range.start;
        std::iter::from_fn(move || {
            loop {
                let at = self.start(next);
                let hit = at + needle.find(self.bytes.get(at..end)?)?.start;
                let index = self.index_at(hit, next);
                next = index + 1;
                if needle.shows_in(self.line(index)?.1) {
                    return Some(index);
                }
            }
        })
    }

    /// The line in which a byte stands that is not before line `from`, which is often near.
    fn index_at(&self, byte: usize, from: usize) -> usize {
        let mut step = 1;
        while self.lines.get(from + step).is_some_and(|line| line.start as usize <= byte) {
            step *= 2;
        }
        let low = from + step / 2;
        let between = self.lines.get(low..self.lines.len().min(from + step)).unwrap_or_default();
        (low + between.partition_point(|line| line.start as usize <= byte)).saturating_sub(1)
    }

    /// The last line in `range` that shows `needle`. There is no fast search backwards, so blocks of lines are
    /// taken from the end, and each is searched forwards.
    fn last(&self, needle: &Needle, range: Range<usize>) -> Option<usize> {
        let mut end = range.end;
        while end > range.start {
            let start = end.saturating_sub(BLOCK).max(range.start);
            let last = self.hits(needle, start..end).last();
            if last.is_some() {
                return last;
            }
            end = start;
        }
        None
    }
}
