//! `LogBuffer`: the lines of a log view, bounded by bytes. Lines have numbers that never change; the oldest are
//! dropped, whole segments at a time, and counted.

use super::segment::{SEGMENT, Segment};
use super::weave::{self, Weave};
use crate::kinds::logs::{LineKind, LineRecord, LogBatch, LogSource, SourceId};
use std::collections::{BTreeMap, VecDeque};
use std::ops::Range;

/// How much a log view holds when nothing else is said, in bytes.
pub const DEFAULT_LIMIT: usize = 64 << 20;

/// Lines of any number of sources, in the order in which they came.
#[derive(Debug)]
pub struct LogBuffer {
    segments: VecDeque<Numbered>,
    spare: Option<Segment>,
    limit: usize,
    next: u64,
    sources: BTreeMap<SourceId, LogSource>,
    weave: Weave,
}

/// A segment and the number of its first line.
#[derive(Debug)]
pub(super) struct Numbered {
    pub(super) first: u64,
    pub(super) segment: Segment,
}

impl Numbered {
    /// The numbers of its lines.
    fn numbers(&self) -> Range<u64> {
        self.first..self.first + self.segment.len() as u64
    }

    /// The part of `numbers` that lies in it, counted from its own first line.
    fn part(&self, numbers: &Range<u64>) -> Range<usize> {
        let own = self.numbers();
        let index = |n: u64| usize::try_from(n.clamp(own.start, own.end) - own.start).unwrap_or(usize::MAX);
        index(numbers.start)..index(numbers.end)
    }
}

/// A line of a buffer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LineRef<'a> {
    /// Its number; the first line that the buffer ever held has number 0.
    pub number: u64,
    /// Where it came from.
    pub source: SourceId,
    /// What it is.
    pub kind: LineKind,
    /// When it was written, in nanoseconds since 1970.
    pub time: Option<i64>,
    /// Its text as the container wrote it, without time and line feed: any bytes, at most `MAX_LINE`.
    pub bytes: &'a [u8],
}

impl<'a> LineRef<'a> {
    fn new(number: u64, (record, bytes): (LineRecord, &'a [u8])) -> Self {
        Self { number, source: record.source, kind: record.kind, time: record.time(), bytes }
    }

    /// Its record, as a batch takes it.
    pub fn record(&self) -> LineRecord {
        LineRecord::new(self.source, self.kind, self.time)
    }
}

impl Default for LogBuffer {
    fn default() -> Self {
        Self::new(DEFAULT_LIMIT)
    }
}

impl LogBuffer {
    /// An empty buffer that takes at most `limit` bytes of memory (but room for four segments of 1 MiB).
    pub fn new(limit: usize) -> Self {
        let limit = limit.max(4 * SEGMENT);
        Self {
            segments: VecDeque::new(),
            spare: None,
            limit,
            next: 0,
            sources: BTreeMap::new(),
            weave: Weave::default(),
        }
    }

    /// Says which container `id` stands for.
    pub fn name_source(&mut self, id: SourceId, source: LogSource) {
        self.sources.insert(id, source);
    }

    /// The containers whose lines may stand here, by number.
    pub fn sources(&self) -> &BTreeMap<SourceId, LogSource> {
        &self.sources
    }

    /// Adds the lines of `batch`, and drops the oldest ones when memory runs out. Lines that are older than the last
    /// ones of other sources are put before them, as far as those are not settled.
    pub fn push(&mut self, batch: &LogBatch) {
        let at = weave::place(self, batch);
        if at == self.next {
            return self.append(batch);
        }
        let mut young = LogBatch::default();
        self.lines(at..self.next).for_each(|line| young.push_line(line.record(), line.bytes));
        self.truncate(at);
        let (woven, moves) = weave::weave(&young, batch, at);
        self.weave.note(moves, at);
        self.append(&woven);
    }

    /// Adds lines behind all others.
    fn append(&mut self, batch: &LogBatch) {
        let mut done = 0;
        while done < batch.records().len() {
            let taken = self.segments.back_mut().map_or(0, |last| last.segment.append(batch, done));
            if taken == 0 {
                self.open_segment();
            }
            done += taken;
            self.next += taken as u64;
        }
        self.trim();
    }

    /// Forgets the lines from number `at` on.
    fn truncate(&mut self, at: u64) {
        while self.segments.back().is_some_and(|last| last.first >= at) {
            self.segments.pop_back();
        }
        if let Some(last) = self.segments.back_mut() {
            last.segment.truncate(usize::try_from(at - last.first).unwrap_or(usize::MAX));
        }
        self.next = at;
    }

    /// Settles what came before the last call: no line is put before those any more.
    pub fn settle(&mut self) {
        self.weave.settle(self.next);
    }

    /// How lines were moved so far.
    pub fn moves(&self) -> &Weave {
        &self.weave
    }

    /// Adds a line that rutter itself says, e.g. "container restarted".
    pub fn mark(&mut self, source: SourceId, nanos: Option<i64>, text: &str) {
        self.push(&LogBatch::marker(source, nanos, text));
    }

    /// Forgets all lines; the numbers go on.
    pub fn clear(&mut self) {
        self.segments.clear();
        self.settle();
        self.settle();
    }

    /// Adds an empty segment.
    fn open_segment(&mut self) {
        if let Some(last) = self.segments.back_mut() {
            last.segment.seal();
        }
        self.trim();
        let segment = self.spare.take().unwrap_or_default();
        self.segments.push_back(Numbered { first: self.next, segment });
    }

    /// Drops the oldest segments until the memory is within the limit; keeps one of them for use.
    fn trim(&mut self) {
        let mut cost = self.memory();
        while cost > self.limit && self.segments.len() > 1 {
            let Some(Numbered { mut segment, .. }) = self.segments.pop_front() else { return };
            segment.clear();
            cost -= self.spare.replace(segment).map_or(0, |old| old.cost());
        }
    }

    /// The memory taken, in bytes.
    pub fn memory(&self) -> usize {
        self.segments.iter().map(|s| s.segment.cost()).sum::<usize>() + self.spare.as_ref().map_or(0, Segment::cost)
    }

    /// How many lines are held.
    pub fn len(&self) -> usize {
        usize::try_from(self.next - self.first_number()).unwrap_or(usize::MAX)
    }

    /// Whether no line is held.
    pub fn is_empty(&self) -> bool {
        self.next == self.first_number()
    }

    /// The number of the oldest line that is held.
    pub fn first_number(&self) -> u64 {
        self.segments.front().map_or(self.next, |front| front.first)
    }

    /// The number that the next line will get.
    pub fn end_number(&self) -> u64 {
        self.next
    }

    /// How many lines were dropped since the beginning, for want of memory or by `clear`.
    pub fn dropped(&self) -> u64 {
        self.first_number()
    }

    /// The line with this number, if it is held.
    pub fn line(&self, number: u64) -> Option<LineRef<'_>> {
        let at = self.segments.partition_point(|s| s.first <= number).checked_sub(1)?;
        let found = self.segments.get(at)?;
        let index = usize::try_from(number - found.first).ok()?;
        found.segment.line(index).map(|line| LineRef::new(number, line))
    }

    /// The held lines among `numbers`, from either end: what a screen shows, or what is saved to a file.
    pub fn lines(&self, numbers: Range<u64>) -> impl DoubleEndedIterator<Item = LineRef<'_>> {
        self.touching(numbers).flat_map(|(part, found)| {
            let first = found.first + part.start as u64;
            let count = part.len();
            let numbers = first..first + count as u64;
            numbers.filter_map(move |n| {
                let index = usize::try_from(n - found.first).ok()?;
                found.segment.line(index).map(|line| LineRef::new(n, line))
            })
        })
    }

    /// The segments that hold some of `numbers`, with the part of each.
    pub(super) fn touching(&self, numbers: Range<u64>) -> impl DoubleEndedIterator<Item = (Range<usize>, &Numbered)> {
        let start = self.segments.partition_point(|s| s.numbers().end <= numbers.start);
        let end = self.segments.partition_point(|s| s.first < numbers.end).max(start);
        self.segments.range(start..end).map(move |found| (found.part(&numbers), found))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::logs::MAX_LINE;
    use proptest::prelude::*;

    fn batch(lines: &[&str]) -> LogBatch {
        let mut batch = LogBatch::new(SourceId(1));
        for (nth, line) in lines.iter().enumerate() {
            batch.push(i64::try_from(nth).ok(), line.as_bytes());
        }
        batch
    }

    fn numbered(count: usize) -> LogBuffer {
        let mut buffer = LogBuffer::new(8 << 20);
        for nth in 0..count {
            buffer.push(&batch(&[&format!("line {nth} {}", "x".repeat(100))]));
        }
        buffer
    }

    #[test]
    fn lines_come_back_as_they_went_in() {
        let mut buffer = LogBuffer::default();
        buffer.push(&batch(&["one", "", "three"]));
        buffer.mark(SourceId(2), None, "container restarted");
        assert_eq!((buffer.len(), buffer.first_number(), buffer.dropped()), (4, 0, 0));
        let third = LineRef { number: 2, source: SourceId(1), kind: LineKind::Text, time: Some(2), bytes: b"three" };
        assert_eq!(buffer.line(2), Some(third));
        assert_eq!(buffer.line(1).unwrap().bytes, b"");
        let marker = buffer.line(3).unwrap();
        assert_eq!((marker.kind, marker.source, marker.time), (LineKind::Marker, SourceId(2), None));
        assert_eq!(buffer.line(4), None);
    }

    #[test]
    fn memory_is_bounded_and_numbers_stay() {
        let buffer = numbered(100_000);
        assert!(buffer.memory() <= 9 * SEGMENT, "{} bytes", buffer.memory());
        assert!(buffer.dropped() > 20_000);
        assert_eq!(buffer.len() as u64 + buffer.dropped(), 100_000);
        assert_eq!(buffer.line(buffer.dropped() - 1), None);
        for number in [buffer.first_number(), 99_999] {
            assert!(buffer.line(number).unwrap().bytes.starts_with(format!("line {number} ").as_bytes()));
        }
    }

    #[test]
    fn empty_lines_take_memory_too() {
        let mut buffer = LogBuffer::new(0);
        let empty = batch(&vec![""; 4_000]);
        for _ in 0..1_000 {
            buffer.push(&empty);
        }
        assert!(buffer.memory() <= 5 * SEGMENT, "{} bytes", buffer.memory());
        assert!(buffer.dropped() > 3_000_000);
    }

    #[test]
    fn a_line_of_any_size_is_kept() {
        let mut buffer = LogBuffer::default();
        let mut long = LogBatch::new(SourceId(0));
        long.push(None, &vec![b'x'; 3 * MAX_LINE]);
        buffer.push(&batch(&["before"]));
        buffer.push(&long);
        buffer.push(&batch(&["after"]));
        let sizes: Vec<_> = buffer.lines(0..9).map(|line| line.bytes.len()).collect();
        assert_eq!(sizes, [6, MAX_LINE, MAX_LINE, MAX_LINE, 5]);
        assert_eq!(buffer.line(2).unwrap().kind, LineKind::Continued);
    }

    #[test]
    fn windows_cross_segments_from_both_ends() {
        let buffer = numbered(30_000);
        let numbers: Vec<_> = buffer.lines(5_000..25_000).map(|line| line.number).collect();
        assert_eq!(numbers, (5_000..25_000).collect::<Vec<_>>());
        let mut back: Vec<_> = buffer.lines(29_990..u64::MAX).rev().map(|line| line.number).collect();
        back.reverse();
        assert_eq!(back, (29_990..30_000).collect::<Vec<_>>());
        assert_eq!(buffer.lines(40_000..50_000).count() + buffer.lines(7..7).count(), 0);
    }

    #[test]
    fn clearing_keeps_the_numbers_going() {
        let mut buffer = numbered(10);
        buffer.clear();
        assert_eq!((buffer.len(), buffer.is_empty(), buffer.dropped()), (0, true, 10));
        buffer.push(&batch(&["next"]));
        assert_eq!(buffer.line(10).unwrap().bytes, b"next");
    }

    proptest! {
        #[test]
        fn any_batches_are_kept_line_by_line(batches in proptest::collection::vec(
            proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..20), 0..10), 0..20)) {
            let mut buffer = LogBuffer::default();
            for lines in &batches {
                let mut batch = LogBatch::new(SourceId(0));
                for line in lines {
                    batch.push(None, line);
                }
                buffer.push(&batch);
            }
            let held: Vec<_> = buffer.lines(0..u64::MAX).map(|line| line.bytes.to_vec()).collect();
            prop_assert_eq!(held, batches.concat());
        }
    }
}
