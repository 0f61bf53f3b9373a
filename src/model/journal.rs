//! `Journal`: what was done to clusters from here: when, where, by whom, and what became of it.

use crate::kinds::Time;
use std::collections::VecDeque;

/// Entries that are kept.
const KEPT: usize = 1_000;

/// Something that was done, or is being done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its number; those of one change follow each other.
    pub id: u64,
    /// When it was confirmed.
    pub at: Time,
    /// In which context.
    pub context: String,
    /// As which user of the kubeconfig.
    pub user: String,
    /// What it is called: `scale`.
    pub verb: String,
    /// What it does, in one line, with the object that it was done to.
    pub effect: String,
    /// What became of it.
    pub state: State,
}

/// What became of something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// It was sent and not answered yet.
    Sent,
    /// It was done.
    Done {
        /// Whether it can be taken back.
        undoable: bool,
    },
    /// It was done and then taken back.
    Undone,
    /// It was not done, or nobody knows: why.
    Failed(String),
}

/// All of it, the newest last.
#[derive(Debug, Default)]
pub struct Journal {
    entries: VecDeque<Entry>,
    last: u64,
}

impl Journal {
    /// Writes that something was sent; returns its number.
    pub fn sent(&mut self, entry: Entry) -> u64 {
        self.last += 1;
        if self.entries.len() >= KEPT {
            self.entries.pop_front();
        }
        self.entries.push_back(Entry { id: self.last, state: State::Sent, ..entry });
        self.last
    }

    /// Writes what became of something.
    pub fn settle(&mut self, id: u64, state: State) {
        if let Some(entry) = self.entries.iter_mut().find(|entry| entry.id == id) {
            entry.state = state;
        }
    }

    /// What was done in `context` last and can be taken back.
    pub fn last_undoable(&self, context: &str) -> Option<&Entry> {
        let undoable = |entry: &&Entry| entry.context == context && entry.state == State::Done { undoable: true };
        self.entries.iter().rev().find(undoable)
    }

    /// The entry with this number.
    pub fn entry(&self, id: u64) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.id == id)
    }

    /// All entries, the oldest first.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter()
    }
}

impl Entry {
    /// The entry in one line, with the moment in UTC.
    pub fn line(&self) -> String {
        let result = match &self.state {
            State::Sent => "…".to_owned(),
            State::Done { undoable: true } => format!("done, :undo {} takes it back", self.id),
            State::Done { undoable: false } => "done".to_owned(),
            State::Undone => "done, taken back".to_owned(),
            State::Failed(why) => format!("FAILED: {why}"),
        };
        let Self { context, user, effect, .. } = self;
        let who = if user.is_empty() { context.clone() } else { format!("{context} as {user}") };
        format!("{}  {who}  {effect}  {result}", self.at.utc())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(context: &str) -> Entry {
        Entry {
            id: 0,
            at: Time(1_767_614_400),
            context: context.into(),
            user: "jane".into(),
            verb: "scale".into(),
            effect: "scale deployment shop/web from 3 to 5".into(),
            state: State::Sent,
        }
    }

    #[test]
    fn the_last_that_can_be_taken_back_is_of_the_same_context() {
        let mut journal = Journal::default();
        let (one, two) = (journal.sent(entry("a")), journal.sent(entry("b")));
        assert_eq!(journal.last_undoable("a"), None);
        journal.settle(one, State::Done { undoable: true });
        journal.settle(two, State::Done { undoable: true });
        assert_eq!(journal.last_undoable("a").map(|entry| entry.id), Some(one));
        journal.settle(one, State::Undone);
        assert_eq!(journal.last_undoable("a"), None);
    }

    #[test]
    fn a_line_says_when_where_who_what_and_how_it_went() {
        let mut journal = Journal::default();
        let id = journal.sent(entry("prod"));
        journal.settle(id, State::Failed("forbidden".into()));
        let line = journal.entry(id).unwrap().line();
        assert_eq!(
            line,
            "2026-01-05T12:00:00Z  prod as jane  scale deployment shop/web from 3 to 5  FAILED: forbidden"
        );
    }
}
