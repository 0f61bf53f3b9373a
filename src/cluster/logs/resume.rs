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
    /// Lines that the open stream will send again, and how often.
    expected: HashMap<Mark, u32>,
    hasher: RandomState,
}

impl Seen {
    /// Whether a line is new. A line without a time always is.
    pub fn admit(&mut self, piece: &Piece<'_>) -> bool {
        let Some(nanos) = piece.nanos else { return true };
        let mark = (nanos, self.hasher.hash_one(piece.text));
        if let Some(left) = self.expected.get_mut(&mark).filter(|left| **left > 0) {
            *left -= 1;
            return false;
        }
        self.remember(mark);
        true
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

    /// The stream is opened again: from which second on (since 1970), none when no line had a time.
    pub fn resume(&mut self) -> Option<i64> {
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
        seen.admit(&Piece { kind: LineKind::Text, nanos, text: text.as_bytes() })
    }

    #[test]
    fn a_second_that_is_sent_again_is_delivered_once() {
        let mut seen = Seen::default();
        assert_eq!(seen.resume(), None);
        let lines = [(1_999_999_999, "a"), (2_000_000_000, "b"), (2_000_000_000, "b"), (2_000_000_001, "c")];
        assert!(lines.iter().all(|(nanos, text)| admit(&mut seen, Some(*nanos), text)));
        for _ in 0..2 {
            assert_eq!(seen.resume(), Some(2));
            assert!(lines[1..].iter().all(|(nanos, text)| !admit(&mut seen, Some(*nanos), text)));
        }
        assert!(admit(&mut seen, Some(2_000_000_000), "b"), "a third one is new");
        assert!(admit(&mut seen, Some(2_000_000_002), "c"), "the same text later is new");
        assert!(admit(&mut seen, None, "x") && admit(&mut seen, None, "x"));
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
                let since = seen.resume().unwrap_or(0) * 1_000_000_000;
                let sent = log.iter().filter(|(nanos, _)| *nanos >= since).take(most);
                out.extend(sent.filter(|(nanos, text)| admit(&mut seen, Some(*nanos), text)).cloned());
            }
            prop_assert_eq!(out, log);
        }
    }
}
