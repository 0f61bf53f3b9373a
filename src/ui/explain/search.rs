//! Search for names of fields, at any depth.

use super::ExplainScreen;
use crate::model::Model;
use crate::model::logs::{Direction, Needle};
use crate::ui::search::{Search, Searched};

impl Searched for ExplainScreen {
    fn search(&self) -> &Search {
        &self.search
    }

    fn search_mut(&mut self) -> &mut Search {
        &mut self.search
    }

    fn begin(&self) -> (u64, Direction) {
        (self.cursor as u64, Direction::Forward)
    }

    fn find(&self, needle: &Needle, from: u64, direction: Direction, model: &Model) -> Option<u64> {
        let outline = &self.page(model)?.outline;
        let from = usize::try_from(from).unwrap_or(usize::MAX);
        let name =
            |line: usize| line.checked_sub(1).and_then(|at| outline.field(at)).map(|field| field.name.as_bytes());
        let hits = |line: &usize| name(*line).is_some_and(|name| needle.find(name).is_some());
        // The first line is the kind's own.
        direction.nearest(from, outline.len() + 1, hits).map(|line| line as u64)
    }

    fn show(&mut self, line: u64, model: &Model) {
        let Some(page) = self.page(model) else { return };
        self.go_to_line(usize::try_from(line).unwrap_or(usize::MAX), &page.outline);
        let row = self.row();
        if !(self.top..self.top + self.height).contains(&row) {
            self.top = row.saturating_sub(self.height / 3);
        }
    }
}
