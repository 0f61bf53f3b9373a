//! `Sieve`: which lines of a buffer are shown when some are filtered out. It knows the numbers of those lines, and
//! looks only at what is new.

use super::buffer::LogBuffer;
use super::search::Needle;
use std::collections::VecDeque;
use std::ops::Range;

/// A filter of lines.
#[derive(Debug)]
pub struct Sieve {
    needle: Needle,
    inverse: bool,
    text: String,
    /// The numbers of the lines that pass.
    passed: VecDeque<u64>,
    /// The lines before this number were looked at.
    end: u64,
    /// How many weavings of the buffer are known.
    woven: u64,
}

impl Sieve {
    /// Lets those lines pass that show `text`, or, when it begins with `!`, those that do not show what follows. None
    /// for a text that is no needle.
    pub fn new(text: &str) -> Option<Self> {
        let (inverse, needle) = text.strip_prefix('!').map_or((false, text), |needle| (true, needle));
        let needle = Needle::new(needle)?;
        Some(Self { needle, inverse, text: text.to_owned(), passed: VecDeque::new(), end: 0, woven: 0 })
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

    /// Takes over what changed in `buffer`.
    pub fn update(&mut self, buffer: &LogBuffer) {
        let moves = buffer.moves();
        if let Some(touched) = moves.touched(self.woven) {
            self.end = self.end.min(touched);
            self.passed.truncate(self.passed.partition_point(|number| *number < touched));
        }
        self.woven = moves.count();
        let first = buffer.first_number();
        self.passed.drain(..self.passed.partition_point(|number| *number < first));
        let mut from = self.end.max(first);
        let end = buffer.end_number();
        for hit in buffer.hits(&self.needle, from) {
            if self.inverse {
                self.passed.extend(from..hit);
            } else {
                self.passed.push_back(hit);
            }
            from = hit + 1;
        }
        if self.inverse {
            self.passed.extend(from..end);
        }
        self.end = end;
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

    /// Whether the line of this number passes.
    pub fn has(&self, number: u64) -> bool {
        self.number(self.before(number)) == Some(number)
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
            sieve.update(&buffer);
            let passes = |bytes: &[u8]| bytes.contains(&b'a') != inverse;
            let wanted: Vec<u64> = buffer.lines(0..u64::MAX).filter(|l| passes(l.bytes)).map(|l| l.number).collect();
            prop_assert_eq!(sieve.numbers(0..u64::MAX).collect::<Vec<_>>(), wanted);
        }
    }
}
