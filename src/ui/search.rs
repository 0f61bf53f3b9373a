//! `Search`: what is searched for in a text or in logs, and where it was found. One value and one way to move for both.

use super::text::StyledLine;
use crate::model::Model;
use crate::model::logs::{Direction, Needle};
use ratatui::style::Style;

/// What is searched for.
#[derive(Debug, Default)]
pub struct Search {
    text: String,
    needle: Option<Needle>,
    found: Option<u64>,
}

impl Search {
    /// What is searched for, `""` when nothing is.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The number of the line in which it was found last.
    pub fn found(&self) -> Option<u64> {
        self.found
    }

    /// The line in which it was found has another number now.
    pub fn move_found(&mut self, to: impl FnOnce(u64) -> u64) {
        self.found = self.found.map(to);
    }

    /// Shows in a line where it stands, from byte `from` on.
    pub fn mark(&self, line: &mut StyledLine, from: usize, style: Style) {
        if let Some(needle) = &self.needle {
            mark(needle, line, (from, style));
        }
    }
}

/// Shows in a line where `needle` stands, from byte `from` on.
pub fn mark(needle: &Needle, line: &mut StyledLine, (from, style): (usize, Style)) {
    let spans: Vec<_> = needle.spans(line.text().get(from..).unwrap_or_default().as_bytes()).collect();
    for span in spans {
        line.mark(span.start + from..span.end + from, style);
    }
}

/// A screen that one reads and searches.
pub trait Searched {
    /// What is searched for.
    fn search(&self) -> &Search;
    /// The same, to change it.
    fn search_mut(&mut self) -> &mut Search;
    /// Where a new search begins, and which way it goes.
    fn begin(&self) -> (u64, Direction);
    /// Whether a search goes on at the other end.
    fn wraps(&self) -> bool {
        true
    }
    /// The nearest line that shows `needle`, `from` itself included.
    fn find(&self, needle: &Needle, from: u64, direction: Direction, model: &Model) -> Option<u64>;
    /// Brings a line into view.
    fn show(&mut self, line: u64, model: &Model);

    /// Searches for `text`; `""` ends the search. Tells whether it was found.
    fn search_for(&mut self, text: &str, model: &Model) -> bool {
        *self.search_mut() = Search { text: text.to_owned(), needle: Needle::new(text), found: None };
        let (from, direction) = self.begin();
        self.search().needle.is_none() || self.go_to(Some(from), direction, model)
    }

    /// Goes to the next or previous line that matches; tells whether there is one.
    fn next_match(&mut self, direction: Direction, model: &Model) -> bool {
        let at = self.search().found.unwrap_or(self.begin().0);
        let from = match direction {
            Direction::Forward => at.checked_add(1),
            Direction::Backward => at.checked_sub(1),
        };
        self.go_to(from, direction, model)
    }

    /// Goes to the nearest match from a line on; tells whether there is one.
    fn go_to(&mut self, from: Option<u64>, direction: Direction, model: &Model) -> bool {
        let Some(needle) = &self.search().needle else { return false };
        let end = if direction == Direction::Forward { 0 } else { u64::MAX };
        let find = |from| self.find(needle, from, direction, model);
        let found = from.and_then(find).or_else(|| Some(end).filter(|_| self.wraps()).and_then(find));
        if let Some(line) = found {
            self.search_mut().found = found;
            self.show(line, model);
        }
        found.is_some()
    }
}
