//! `Seen`: which lines of the last second have been delivered, so that a stream that is opened again continues
//! without losing or doubling one. The server can start at a whole second only; it sends that second again.

use super::split::Piece;
use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};

/// How many lines of one second are remembered. Beyond that (a clock that stands still) lines may come double
/// after a cut, but memory stays bounded.
const MOST: usize = 1 << 18;

/// A line: its nanosecond and a hash of its bytes.
type Mark = (i64, u64);

/// The lines delivered in the second of the last one.
#[derive(Debug, Default)]
pub struct Seen {
    second: Option<i64>,
    delivered: Vec<Mark>,
    /// The moment of the newest line, when the open stream should begin with lines that were delivered.
    owed: Option<i64>,
    /// Lines that the open stream will send again, and how often.
    expected: HashMap<Mark, u32>,
    hasher: RandomState,
}

/// What a line is to a reader who has seen others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It was delivered before.
    Known,
    /// It is new.
    New,
    /// It is new, and lines before it are missing: the stream should have begun with the line of this moment, in
    /// nanoseconds since 1970, or with one before it.
    AfterGap(i64),
}

impl Seen {
    /// Judges a line. One without a time is always new.
    pub fn judge(&mut self, piece: &Piece<'_>) -> Verdict {
        let Some(nanos) = piece.nanos else { return Verdict::New };
        let mark = (nanos, self.hasher.hash_one(piece.text));
        if let Some(left) = self.expected.get_mut(&mark).filter(|left| **left > 0) {
            *left -= 1;
            self.owed = None;
            return Verdict::Known;
        }
        self.remember(mark);
        match self.owed.take() {
            Some(last) if nanos > last => Verdict::AfterGap(last),
            _ => Verdict::New,
        }
    }

    fn remember(&mut self, mark: Mark) {
        let second = mark.0.div_euclid(1_000_000_000);
        if self.second.is_none_or(|last| second > last) {
            self.second = Some(second);
            self.delivered.clear();
            self.expected.clear();
        }
        if self.second == Some(second) {
            if self.delivered.len() >= MOST {
                self.delivered.drain(..MOST / 2);
            }
            self.delivered.push(mark);
        }
    }

    /// The stream is opened again: from which second on (since 1970), none when no line had a time. The lines of that
    /// second should come first, unless the stream `begins` another instance of the container.
    pub fn resume(&mut self, begins: bool) -> Option<i64> {
        let newest = self.delivered.iter().map(|(nanos, _)| *nanos).max();
        self.owed = newest.filter(|_| !begins);
        self.expected.clear();
        for mark in &self.delivered {
            *self.expected.entry(*mark).or_default() += 1;
        }
        self.second
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::logs::LineKind;
    use proptest::prelude::*;

    fn admit(seen: &mut Seen, nanos: Option<i64>, text: &str) -> bool {
        seen.judge(&Piece { kind: LineKind::Text, nanos, text: text.as_bytes() }) != Verdict::Known
    }

    #[test]
    fn a_second_that_is_sent_again_is_delivered_once() {
        let mut seen = Seen::default();
        assert_eq!(seen.resume(false), None);
        let lines = [(1_999_999_999, "a"), (2_000_000_000, "b"), (2_000_000_000, "b"), (2_000_000_001, "c")];
        assert!(lines.iter().all(|(nanos, text)| admit(&mut seen, Some(*nanos), text)));
        for _ in 0..2 {
            assert_eq!(seen.resume(false), Some(2));
            assert!(lines[1..].iter().all(|(nanos, text)| !admit(&mut seen, Some(*nanos), text)));
        }
        assert!(admit(&mut seen, Some(2_000_000_000), "b"), "a third one is new");
        assert!(admit(&mut seen, Some(2_000_000_002), "c"), "the same text later is new");
        assert!(admit(&mut seen, None, "x") && admit(&mut seen, None, "x"));
    }

    #[test]
    fn lines_that_should_come_again_and_do_not_are_a_gap() {
        let judge = |seen: &mut Seen, nanos, text: &str| {
            seen.judge(&Piece { kind: LineKind::Text, nanos: Some(nanos), text: text.as_bytes() })
        };
        let mut seen = Seen::default();
        assert_eq!((judge(&mut seen, 5, "a"), judge(&mut seen, 7, "b")), (Verdict::New, Verdict::New));
        seen.resume(false);
        assert_eq!((judge(&mut seen, 7, "b"), judge(&mut seen, 9, "c")), (Verdict::Known, Verdict::New));
        seen.resume(false);
        assert_eq!((judge(&mut seen, 12, "e"), judge(&mut seen, 13, "f")), (Verdict::AfterGap(9), Verdict::New));
        seen.resume(true);
        assert_eq!(judge(&mut seen, 20, "g"), Verdict::New, "a new instance has none of the old lines");
    }

    #[test]
    fn a_clock_that_stands_still_costs_bounded_memory() {
        let mut seen = Seen::default();
        for nth in 0..MOST + 10 {
            assert!(admit(&mut seen, Some(5), &nth.to_string()));
        }
        assert!(seen.delivered.len() <= MOST);
    }

    proptest! {
        /// A log is read over connections that are cut anywhere, each starting at the second asked for.
        #[test]
        fn no_line_is_lost_or_doubled(steps in proptest::collection::vec((0_i64..700_000_000, 0_u8..2), 1..60),
                                      cuts in proptest::collection::vec(0_usize..60, 0..8)) {
            let mut now = 0;
            let log: Vec<(i64, String)> = steps.iter().map(|(step, text)| {
                now += step / 100_000_000 * 100_000_000;
                (now, text.to_string())
            }).collect();
            let (mut seen, mut out) = (Seen::default(), Vec::new());
            for most in cuts.into_iter().chain([usize::MAX]) {
                let since = seen.resume(false).unwrap_or(0) * 1_000_000_000;
                let sent = log.iter().filter(|(nanos, _)| *nanos >= since).take(most);
                out.extend(sent.filter(|(nanos, text)| admit(&mut seen, Some(*nanos), text)).cloned());
            }
            prop_assert_eq!(out, log);
        }
    }
}
