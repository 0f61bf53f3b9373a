//! Search in an object, also inside folds: what hides a match is unfolded.

use super::YamlScreen;
use crate::model::Model;
use crate::model::logs::{Direction, Needle};
use crate::ui::search::{Search, Searched};

impl Searched for YamlScreen {
    fn search(&self) -> &Search {
        &self.search
    }

    fn search_mut(&mut self) -> &mut Search {
        &mut self.search
    }

    fn begin(&self) -> (u64, Direction) {
        (self.cursor as u64, Direction::Forward)
    }

    fn find(&self, needle: &Needle, from: u64, direction: Direction, _: &Model) -> Option<u64> {
        let from = usize::try_from(from).unwrap_or(usize::MAX);
        self.document.find(needle, from, direction).map(|line| line as u64)
    }

    fn show(&mut self, line: u64, _: &Model) {
        self.cursor = usize::try_from(line).unwrap_or(usize::MAX);
        self.folds.open_at(&self.document, self.cursor);
        let row = self.folds.row(self.cursor);
        if !(self.top..self.top + self.height).contains(&row) {
            self.top = row.saturating_sub(self.height / 3);
        }
    }
}
