//! Where the cursor of a table stands: it moves, and it stays on its object while rows come and go.

use super::super::motion::{Motion, moved};
use super::ListScreen;
use crate::kinds::{Health, Uid};
use crate::model::Model;
use crate::model::list::List;

impl ListScreen {
    /// Moves the cursor.
    pub fn step(&mut self, motion: Motion, model: &Model) {
        match motion {
            Motion::Left(by) => self.columns.shift_left(by),
            Motion::Right(by) => self.columns.shift_right(by, self.visible_columns().len()),
            motion => {
                self.at = moved(motion, self.at, self.table.len(), self.height);
                self.hold_row_under_cursor(model);
            }
        }
    }

    /// Moves the cursor to the row that is drawn on line `line` of the body.
    pub fn click(&mut self, line: usize, model: &Model) -> bool {
        let inside = self.top + line < self.table.len();
        if inside {
            self.at = self.top + line;
            self.hold_row_under_cursor(model);
        }
        inside
    }

    /// Moves the cursor to the next (or previous) row that is failing, round the end; tells whether there is one.
    pub fn go_to_failing(&mut self, forward: bool, model: &Model) -> bool {
        let Some(list) = model.lists.get(&self.key) else { return false };
        let len = self.table.len();
        let fails = |at: &usize| self.table.row(&list.store, *at).is_some_and(|row| row.health() == Health::Failing);
        let step = |by: usize| if forward { (self.at + by) % len } else { (self.at + len - by) % len };
        let found = (1..=len).map(step).find(fails);
        if let Some(at) = found {
            self.at = at;
            self.hold_row_under_cursor(model);
        }
        found.is_some()
    }

    /// Begins at the first row again: a new order is asked for to see what comes first.
    pub(super) fn begin_again(&mut self) {
        (self.cursor, self.wanted, self.at, self.top) = (None, None, 0, 0);
    }

    /// Keeps the cursor on its object, wherever that moved; on the row in its place when the object is gone.
    pub(super) fn follow_cursor(&mut self, list: &List) {
        self.find_named(list);
        let place = |uid: Uid| self.table.position(&list.store, uid, self.at);
        if let Some(at) = self.wanted.and_then(place) {
            (self.cursor, self.at) = (self.wanted.take(), at);
        } else if let Some(at) = self.cursor.and_then(place) {
            // The row keeps its line on the screen while others come and go above it.
            self.top = (self.top + at).saturating_sub(self.at);
            self.at = at;
        } else {
            // Behind is where one came from: while a list is filled anew, its cursor waits for its object.
            self.wanted = self.wanted.or(self.cursor).filter(|_| !list.is_complete());
            self.at = self.at.min(self.table.len().saturating_sub(1));
            self.cursor = self.table.row(&list.store, self.at).map(|row| row.uid());
        }
    }

    /// Learns which object it is whose name alone is known.
    fn find_named(&mut self, list: &List) {
        let Some(name) = &self.named else { return };
        let mut rows = (0..self.table.len()).filter_map(|at| self.table.row(&list.store, at));
        let found = rows.find(|row| row.name() == name).map(|row| row.uid());
        if found.is_some() || list.is_complete() {
            (self.wanted, self.named) = (found.or(self.wanted), None);
        }
    }

    fn hold_row_under_cursor(&mut self, model: &Model) {
        (self.wanted, self.named) = (None, None);
        let list = model.lists.get(&self.key);
        self.cursor = list.and_then(|list| self.table.row(&list.store, self.at)).map(|row| row.uid());
    }
}
