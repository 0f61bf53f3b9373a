//! Weaving: lines of several sources in the order of their times. What has come a moment ago may still move; older
//! lines are settled, so that a wrong clock cannot hide new lines among old ones.

use super::buffer::LogBuffer;
use crate::kinds::logs::{LineRecord, LogBatch, SourceId};
use std::collections::{BTreeMap, VecDeque};

/// How many lines are looked back at most.
const FAR: u64 = 1 << 15;
/// How many moves are remembered, and how many weavings.
const KEPT: usize = 1 << 12;

/// Which lines of a buffer may move, and how they did.
#[derive(Debug, Default)]
pub struct Weave {
    /// Lines before this number stay where they are.
    settled: u64,
    /// Lines before this number are settled next.
    next: u64,
    /// How often lines were woven in.
    count: u64,
    moves: VecDeque<Move>,
    /// The first number that each of the last weavings moved.
    touched: VecDeque<u64>,
}

/// Lines from a number on moved, because others were put before them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Move {
    /// Which weaving this was.
    nth: u64,
    /// From this number on, as it was before.
    from: u64,
    /// By so many.
    by: u64,
}

impl Weave {
    /// How often lines were woven in: what `moved` and `touched` want to know of what was seen.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// What lines before `end` are settled next, and those that were next are so now.
    pub(super) fn settle(&mut self, end: u64) {
        self.settled = std::mem::replace(&mut self.next, end);
    }

    /// Notes how lines moved, the first of them first.
    pub(super) fn note(&mut self, moves: Vec<(u64, u64)>, at: u64) {
        self.count += 1;
        let nth = self.count;
        self.touched.push_back(moves.first().map_or(at, |(from, _)| *from));
        self.touched.drain(..self.touched.len().saturating_sub(KEPT));
        self.moves.extend(moves.into_iter().map(|(from, by)| Move { nth, from, by }));
        self.moves.drain(..self.moves.len().saturating_sub(KEPT));
    }

    /// The number that the line has now that had `number` when `seen` weavings were known.
    pub fn moved(&self, number: u64, seen: u64) -> u64 {
        let start = self.moves.partition_point(|step| step.nth <= seen);
        let (mut now, mut at) = (number, number);
        let mut nth = seen;
        for step in self.moves.range(start..) {
            if step.nth != nth {
                (at, nth) = (now, step.nth);
            }
            now += if step.from <= at { step.by } else { 0 };
        }
        now
    }

    /// The first number whose line may be another one than when `seen` weavings were known.
    pub fn touched(&self, seen: u64) -> Option<u64> {
        let new = usize::try_from(self.count.saturating_sub(seen)).unwrap_or(usize::MAX);
        match self.touched.len().checked_sub(new) {
            Some(known) => self.touched.range(known..).copied().min(),
            None => Some(0),
        }
    }
}

/// The number before which the lines of `batch` begin to stand; the end of the buffer when they are the youngest.
/// Lines of the same source keep their order, and a line without a time stays behind the one before it.
pub(super) fn place(buffer: &LogBuffer, batch: &LogBatch) -> u64 {
    let end = buffer.end_number();
    let Some(first) = batch.records().first().and_then(LineRecord::time) else { return end };
    let floor = buffer.moves().settled.max(buffer.first_number()).max(end.saturating_sub(FAR));
    let (mut at, mut begins) = (end, None);
    for line in buffer.lines(floor..end).rev() {
        if line.time.is_some_and(|time| time <= first) {
            break;
        }
        let begins = begins.get_or_insert_with(|| begins_of(batch));
        if begins.get(&line.source).is_some_and(|begin| line.time.is_none_or(|time| time > *begin)) {
            break;
        }
        at = line.number;
    }
    let dated = buffer.lines(at..end).find(|line| line.time.is_some());
    dated.map_or(end, |line| line.number)
}

/// When the first line of each source in a batch was written.
fn begins_of(batch: &LogBatch) -> BTreeMap<SourceId, i64> {
    let mut begins = BTreeMap::new();
    for line in batch.records() {
        begins.entry(line.source).or_insert_with(|| line.time().unwrap_or(i64::MIN));
    }
    begins
}

/// Both batches as one, by time; of lines of one moment those of `old` come first. Also which of the old lines, which
/// begin with number `first`, move by how much.
pub(super) fn weave(old: &LogBatch, new: &LogBatch, first: u64) -> (LogBatch, Vec<(u64, u64)>) {
    let mut woven = LogBatch::default();
    let mut moves = Vec::new();
    let (mut at, mut time) = (0, None);
    for (number, (record, text)) in (first..).zip(old.lines()) {
        time = record.time().or(time);
        let before = at;
        while let Some((line, text)) = new.line(at).filter(|(line, _)| line.time().is_none_or(|t| Some(t) < time)) {
            woven.push_line(line, text);
            at += 1;
        }
        if at > before {
            moves.push((number, (at - before) as u64));
        }
        woven.push_line(record, text);
    }
    while let Some((line, text)) = new.line(at) {
        woven.push_line(line, text);
        at += 1;
    }
    (woven, moves)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::logs::{LineKind, SourceId};
    use proptest::prelude::*;

    fn push(buffer: &mut LogBuffer, source: u16, lines: &[(i64, &str)]) {
        let mut batch = LogBatch::new(SourceId(source));
        for (time, text) in lines {
            batch.push(Some(*time), text.as_bytes());
        }
        buffer.push(&batch);
    }

    fn shown(buffer: &LogBuffer) -> String {
        let lines = buffer.lines(0..u64::MAX).map(|line| String::from_utf8_lossy(line.bytes).into_owned());
        lines.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn lines_of_several_sources_stand_by_time() {
        let mut buffer = LogBuffer::default();
        push(&mut buffer, 1, &[(10, "a"), (20, "b"), (30, "c")]);
        push(&mut buffer, 2, &[(15, "x"), (20, "y"), (40, "z")]);
        assert_eq!(shown(&buffer), "a x b y c z");
        let moves = buffer.moves();
        assert_eq!([0, 1, 2].map(|number| moves.moved(number, 0)), [0, 2, 4]);
        assert_eq!((moves.moved(4, 1), moves.touched(0), moves.touched(1)), (4, Some(1), None));
        push(&mut buffer, 1, &[(5, "late")]);
        assert_eq!(shown(&buffer), "a x b y c late z", "lines of one source keep their order");
    }

    #[test]
    fn settled_lines_stay() {
        let mut buffer = LogBuffer::default();
        push(&mut buffer, 1, &[(10, "a"), (20, "b")]);
        buffer.settle();
        push(&mut buffer, 1, &[(30, "c")]);
        buffer.settle();
        push(&mut buffer, 2, &[(1, "x")]);
        assert_eq!(shown(&buffer), "a b x c");
    }

    #[test]
    fn lines_without_a_time_stay_behind_theirs() {
        let mut buffer = LogBuffer::default();
        push(&mut buffer, 1, &[(10, "a")]);
        buffer.mark(SourceId(1), None, "restarted");
        push(&mut buffer, 2, &[(5, "x")]);
        assert_eq!(shown(&buffer), "x a restarted");
        let mut batch = LogBatch::new(SourceId(3));
        batch.push(Some(7), b"long");
        batch.push_as(LineKind::Continued, None, b"more");
        batch.push(Some(20), b"end");
        buffer.push(&batch);
        assert_eq!(shown(&buffer), "x long more a restarted end");
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_sorted_sources_come_out_sorted(
            batches in proptest::collection::vec((0_u16..4, proptest::collection::vec(0_i64..9, 1..6)), 1..20)) {
            let mut buffer = LogBuffer::default();
            let mut clocks = [0; 4];
            let mut all = Vec::new();
            for (source, steps) in &batches {
                let mut batch = LogBatch::new(SourceId(*source));
                for step in steps {
                    clocks[usize::from(*source)] += step;
                    batch.push(Some(clocks[usize::from(*source)]), b"x");
                    all.push((clocks[usize::from(*source)], *source));
                }
                let (seen, before) = (buffer.moves().count(), buffer.lines(0..u64::MAX).map(|l| (l.number, l.time, l.source)).collect::<Vec<_>>());
                buffer.push(&batch);
                for (number, time, source) in before {
                    let now = buffer.line(buffer.moves().moved(number, seen)).unwrap();
                    prop_assert_eq!((now.time, now.source), (time, source));
                }
            }
            let mut held: Vec<_> = buffer.lines(0..u64::MAX).map(|line| (line.time.unwrap(), line.source.0)).collect();
            for source in 0..4 {
                prop_assert!(held.iter().filter(|(_, of)| *of == source).is_sorted());
            }
            held.sort_unstable();
            all.sort_unstable();
            prop_assert_eq!(held, all);
        }
    }
}
