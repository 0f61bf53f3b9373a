//! Finding lines of a buffer: those that show a needle, those of a moment.

use super::buffer::{LogBuffer, Numbered};
use super::search::{Direction, Needle};
use std::ops::Range;

impl LogBuffer {
    /// The numbers of the lines among `numbers` that show `needle`.
    pub fn hits<'a>(&'a self, needle: &'a Needle, numbers: Range<u64>) -> impl Iterator<Item = u64> + 'a {
        self.touching(numbers)
            .flat_map(move |(part, found)| found.segment.hits(needle, part).map(|index| found.first + index as u64))
    }

    /// The number of the nearest line that shows `needle`: from `from` on forwards, or from `from` backwards;
    /// `from` itself counts.
    pub fn find(&self, needle: &Needle, from: u64, direction: Direction) -> Option<u64> {
        let search = |(part, found): (Range<usize>, &Numbered)| {
            found.segment.find(needle, part, direction).map(|index| found.first + index as u64)
        };
        match direction {
            Direction::Forward => self.touching(from..self.end_number()).find_map(search),
            Direction::Backward => self.touching(0..from.saturating_add(1)).rev().find_map(search),
        }
    }

    /// The number of the first line that was written at `nanos` (since 1970) or later.
    pub fn since(&self, nanos: i64) -> Option<u64> {
        self.lines(0..self.end_number())
            .find(|line| line.time.is_some_and(|time| time >= nanos))
            .map(|line| line.number)
    }

    /// When the last line was written that says so, in nanoseconds since 1970.
    pub fn last_time(&self) -> Option<i64> {
        self.lines(0..self.end_number()).rev().find_map(|line| line.time)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::logs::{LogBatch, SourceId};

    fn batch(lines: &[String]) -> LogBatch {
        let mut batch = LogBatch::new(SourceId(1));
        for line in lines {
            batch.push(None, line.as_bytes());
        }
        batch
    }

    fn numbered() -> LogBuffer {
        let mut buffer = LogBuffer::new(8 << 20);
        let lines: Vec<_> = (0..30_000).map(|nth| format!("line {nth} {}", "x".repeat(100))).collect();
        lines.chunks(7).for_each(|lines| buffer.push(&batch(lines)));
        buffer
    }

    #[test]
    fn search_goes_both_ways_over_segments() {
        let buffer = numbered();
        let find = |needle: &str, from, direction| buffer.find(&Needle::new(needle).unwrap(), from, direction);
        assert_eq!(find("LINE 29999 ", 0, Direction::Forward), None);
        assert_eq!(find("line 29999 ", 0, Direction::Forward), Some(29_999));
        assert_eq!(find("line 3 ", u64::MAX, Direction::Backward), Some(3));
        assert_eq!(find("line 1", 12_345, Direction::Forward), Some(12_345));
        assert_eq!(find("line 1", 12_345, Direction::Backward), Some(12_345));
        assert_eq!(find("line 2000 ", 2_001, Direction::Forward), None);
        assert_eq!(find("line 2000 ", 1_999, Direction::Backward), None);
    }

    #[test]
    fn matches_inside_colour_sequences_are_passed_over() {
        let mut buffer = LogBuffer::default();
        buffer.push(&batch(&["\x1b[31mred", "plain 31", "\x1b[31mred"].map(str::to_owned)));
        let needle = Needle::new("31").unwrap();
        assert_eq!(buffer.find(&needle, 0, Direction::Forward), Some(1));
        assert_eq!(buffer.find(&needle, 2, Direction::Backward), Some(1));
        assert_eq!(buffer.find(&needle, 2, Direction::Forward), None);
    }
}
