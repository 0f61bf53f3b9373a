//! `Sieve`: which lines of a buffer are shown when some are filtered out. It knows the numbers of those lines, looks only
//! at what is new, and at first at the youngest lines: those before them are looked at a part at a time, so that no key
//! waits for a million lines.

use super::buffer::LogBuffer;
use super::search::Needle;
use std::collections::VecDeque;
use std::ops::Range;

/// How many older lines are looked at each time.
const PART: u64 = 1 << 16;

/// A filter of lines.
#[derive(Debug)]
pub struct Sieve {
    needle: Needle,
    inverse: bool,
    text: String,
    /// The numbers of the lines that pass.
    passed: VecDeque<u64>,
    /// The lines of these numbers were looked at; none yet.
    known: Option<Range<u64>>,
    /// How many weavings of the buffer are known.
    woven: u64,
}

impl Sieve {
    /// Lets those lines pass that show `text`, or, when it begins with `!`, those that do not show what follows. None
    /// for a text that is no needle.
    pub fn new(text: &str) -> Option<Self> {
        let (inverse, needle) = text.strip_prefix('!').map_or((false, text), |needle| (true, needle));
        let needle = Needle::new(needle)?;
        Some(Self { needle, inverse, text: text.to_owned(), passed: VecDeque::new(), known: None, woven: 0 })
    }

    /// Whether `text` can be asked for.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn check(text: &str) -> Result<(), String> {
        Needle::read(text.strip_prefix('!').unwrap_or(text)).map(drop)
    }

    /// What was asked for, with its `!`.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What is looked for, to show where it stands; none when lines with it are hidden.
    pub fn needle(&self) -> Option<&Needle> {
        Some(&self.needle).filter(|_| !self.inverse)
    }

    /// Takes over what changed in `buffer`, and looks at a part of the older lines.
    pub fn update(&mut self, buffer: &LogBuffer) {
        let (first, end) = (buffer.first_number(), buffer.end_number());
        let known = self.still_known(buffer);
        let new = self.passing(buffer, known.end..end);
        self.passed.extend(new);
        let start = known.start.saturating_sub(PART).max(first);
        let older = self.passing(buffer, start..known.start);
        older.into_iter().rev().for_each(|number| self.passed.push_front(number));
        self.known = Some(start..end);
    }

    /// Looks at all lines.
    pub fn complete(&mut self, buffer: &LogBuffer) {
        self.update(buffer);
        while self.is_behind(buffer) {
            self.update(buffer);
        }
    }

    /// Whether older lines are still to be looked at.
    pub fn is_behind(&self, buffer: &LogBuffer) -> bool {
        self.known.as_ref().is_none_or(|known| known.start > buffer.first_number())
    }

    /// The lines that were looked at and are what they were; what passed of others is forgotten.
    fn still_known(&mut self, buffer: &LogBuffer) -> Range<u64> {
        let (first, end) = (buffer.first_number(), buffer.end_number());
        let touched = buffer.moves().touched(self.woven).unwrap_or(end);
        self.woven = buffer.moves().count();
        let known = self.known.take().unwrap_or(end..end);
        let known = known.start.max(first)..known.end.min(touched).max(first);
        self.passed.truncate(self.before(known.end));
        self.passed.drain(..self.before(first));
        known.start.min(known.end)..known.end
    }

    /// The numbers among `numbers` whose lines pass.
    fn passing(&self, buffer: &LogBuffer, numbers: Range<u64>) -> Vec<u64> {
        let hits = buffer.hits(&self.needle, numbers.clone());
        if !self.inverse {
            return hits.collect();
        }
        let mut from = numbers.start;
        let mut passing = Vec::new();
        for hit in hits {
            passing.extend(from..hit);
            from = hit + 1;
        }
        passing.extend(from..numbers.end);
        passing
    }

    /// How many lines pass.
    pub fn len(&self) -> usize {
        self.passed.len()
    }

    /// Whether no line passes.
    pub fn is_empty(&self) -> bool {
        self.passed.is_empty()
    }

    /// The number of the line that is the nth of those that pass.
    pub fn number(&self, index: usize) -> Option<u64> {
        self.passed.get(index).copied()
    }

    /// Whether the line of this number passes, also when it was not looked at yet.
    pub fn has(&self, number: u64, buffer: &LogBuffer) -> bool {
        if self.known.as_ref().is_some_and(|known| known.contains(&number)) {
            return self.number(self.before(number)) == Some(number);
        }
        !self.passing(buffer, number..number + 1).is_empty()
    }

    /// How many lines pass before the line of this number.
    pub fn before(&self, number: u64) -> usize {
        self.passed.partition_point(|passed| *passed < number)
    }

    /// The numbers of the lines that pass among `numbers`, from either end.
    pub fn numbers(&self, numbers: Range<u64>) -> impl DoubleEndedIterator<Item = u64> {
        let (start, end) = (self.before(numbers.start), self.before(numbers.end));
        self.passed.range(start..end.max(start)).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::logs::{LogBatch, SourceId};
    use proptest::prelude::*;

    fn push(buffer: &mut LogBuffer, source: u16, lines: &[(i64, String)]) {
        let mut batch = LogBatch::new(SourceId(source));
        for (time, text) in lines {
            batch.push(Some(*time), text.as_bytes());
        }
        buffer.push(&batch);
    }

    #[test]
    fn what_is_no_needle_is_no_filter() {
        assert!(Sieve::new("").is_none() && Sieve::new("!").is_none());
        assert_eq!(Sieve::new("!a").unwrap().text(), "!a");
    }

    #[test]
    fn the_youngest_lines_are_looked_at_first() {
        let (mut buffer, mut sieve) = (LogBuffer::default(), Sieve::new("!b").unwrap());
        let lines: Vec<_> = (0..150_000).map(|time| (time, if time % 3 == 0 { "b" } else { "a" }.to_owned())).collect();
        push(&mut buffer, 0, &lines);
        sieve.update(&buffer);
        assert!((30_000..60_000).contains(&sieve.len()) && sieve.is_behind(&buffer), "{}", sieve.len());
        assert_eq!(sieve.numbers(0..u64::MAX).next_back(), Some(149_999));
        push(&mut buffer, 0, &[(150_000, "b".to_owned()), (150_001, "a".to_owned())]);
        sieve.update(&buffer);
        sieve.update(&buffer);
        assert_eq!((sieve.len(), sieve.is_behind(&buffer), sieve.number(0)), (100_001, false, Some(1)));
    }

    proptest! {
        #[test]
        fn it_knows_what_a_look_at_every_line_would_find(
            steps in proptest::collection::vec((0_u16..3, 0_i64..50, "[ab ]{0,3}", any::<bool>()), 1..40), inverse in any::<bool>()) {
            let mut buffer = LogBuffer::default();
            let mut sieve = Sieve::new(if inverse { "!a" } else { "a" }).unwrap();
            for (source, time, text, look) in steps {
                push(&mut buffer, source, &[(time, text)]);
                if look {
                    sieve.update(&buffer);
                }
            }
            sieve.complete(&buffer);
            let passes = |bytes: &[u8]| bytes.contains(&b'a') != inverse;
            let wanted: Vec<u64> = buffer.lines(0..u64::MAX).filter(|l| passes(l.bytes)).map(|l| l.number).collect();
            prop_assert_eq!(sieve.numbers(0..u64::MAX).collect::<Vec<_>>(), wanted);
        }
    }
}
