//! What is said to the user: a sentence, and what to do about it.

use crate::kinds::Time;
use std::collections::VecDeque;

/// How important a notice is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// Something was done.
    Info,
    /// Something is to be known.
    Warning,
    /// Something failed.
    Error,
}

/// A sentence for the user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// How important.
    pub weight: Weight,
    /// What happened.
    pub sentence: String,
    /// What to do about it, `""` when there is nothing.
    pub hint: String,
}

impl Notice {
    /// Something was done.
    pub fn info(sentence: impl Into<String>) -> Self {
        Self { weight: Weight::Info, sentence: sentence.into(), hint: String::new() }
    }

    /// Something failed.
    pub fn error(sentence: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { weight: Weight::Error, sentence: sentence.into(), hint: hint.into() }
    }

    /// Something is to be known.
    pub fn warning(sentence: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { weight: Weight::Warning, sentence: sentence.into(), hint: hint.into() }
    }

    /// Sentence and hint on one line.
    pub fn line(&self) -> String {
        if self.hint.is_empty() { self.sentence.clone() } else { format!("{} ({})", self.sentence, self.hint) }
    }
}

/// Notices that are kept for `:messages`.
const KEPT: usize = 500;
/// Seconds for which a notice stands in the bar.
const SHOWN: i64 = 8;

/// What was said, the newest last.
#[derive(Debug, Default)]
pub struct Notices {
    all: VecDeque<(Time, Notice)>,
    dismissed: bool,
}

impl Notices {
    /// Says something. The same sentence twice in a row is said once.
    pub fn say(&mut self, notice: Notice, now: Time) {
        self.dismissed = false;
        if self.all.back().is_some_and(|(_, last)| *last == notice) {
            self.all.pop_back();
        }
        if self.all.len() >= KEPT {
            self.all.pop_front();
        }
        self.all.push_back((now, notice));
    }

    /// What stands in the bar: errors until a key is pressed, others for some seconds.
    pub fn current(&self, now: Time) -> Option<&Notice> {
        let (at, notice) = self.all.back().filter(|_| !self.dismissed)?;
        (notice.weight == Weight::Error || now.seconds_since(*at) < SHOWN).then_some(notice)
    }

    /// When the bar becomes free by itself.
    pub fn expires(&self) -> Option<Time> {
        let (at, notice) = self.all.back().filter(|_| !self.dismissed)?;
        (notice.weight != Weight::Error).then_some(Time(at.0 + SHOWN))
    }

    /// Takes the notice out of the bar; it stays in the history.
    pub fn dismiss(&mut self) {
        self.dismissed = true;
    }

    /// All notices, the oldest first.
    pub fn history(&self) -> impl Iterator<Item = &(Time, Notice)> {
        self.all.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notices_leave_the_bar_and_stay_in_the_history() {
        let mut notices = Notices::default();
        notices.say(Notice::info("copied"), Time(0));
        notices.say(Notice::info("copied"), Time(1));
        assert_eq!(notices.history().count(), 1);
        assert!(notices.current(Time(8)).is_some() && notices.current(Time(9)).is_none());
        notices.say(Notice::error("it failed", "try again"), Time(10));
        assert_eq!(notices.current(Time(999)).map(Notice::line), Some("it failed (try again)".into()));
        notices.dismiss();
        assert_eq!((notices.current(Time(10)), notices.history().count()), (None, 2));
    }
}
