//! `ChooserScreen`: which columns the table below has. What is chosen stands in the table at once.

use super::canvas::{Canvas, split_top};
use super::motion::{Motion, moved, scrolled};
use crate::config::Role;
use crate::kinds::own::OwnColumn;
use crate::kinds::{Heading, Uid};
use crate::model::{ListKey, Model};
use ratatui::layout::Rect;
use std::borrow::Cow;

/// The widest that a heading is drawn, in cells.
const NAME: u16 = 28;

/// The columns of a table.
#[derive(Debug)]
pub struct ChooserScreen {
    /// The list whose columns they are.
    pub key: ListKey,
    /// The row whose cells are shown beside them.
    pub row: Option<Uid>,
    /// All columns in order: which of the headings, and whether it is shown.
    pub columns: Vec<(usize, bool)>,
    /// Those of the user's, which stand behind the kind's own headings.
    pub own: Vec<OwnColumn>,
    /// The names of the columns before them.
    names: Vec<String>,
    at: usize,
    top: usize,
    height: usize,
}

impl ChooserScreen {
    /// The columns of a list with these headings: those that are `shown` first, and then the others.
    pub fn new(key: ListKey, row: Option<Uid>, (shown, headings): (&[usize], &[Heading]), own: Vec<OwnColumn>) -> Self {
        let joined = key.kind.joinable().map_or(0, |joinable| joinable.columns.len());
        let base = headings.len().saturating_sub(own.len() + joined);
        let names = headings.iter().take(base).map(|heading| heading.name.to_string()).collect();
        let hidden = (0..headings.len()).filter(|column| !shown.contains(column));
        let columns = shown.iter().map(|column| (*column, true)).chain(hidden.map(|column| (column, false)));
        Self { columns: columns.collect(), key, row, own, names, at: 0, top: 0, height: 1 }
    }

    /// The columns that are shown, in order.
    pub fn shown(&self) -> Vec<usize> {
        self.columns.iter().filter(|(_, shown)| *shown).map(|(column, _)| *column).collect()
    }

    /// Moves the cursor.
    pub fn step(&mut self, motion: Motion) {
        self.at = moved(motion, self.at, self.columns.len(), self.height);
    }

    /// Shows or hides the column under the cursor. The last one stays.
    pub fn toggle(&mut self) {
        let shown = self.shown().len();
        if let Some((_, on)) = self.columns.get_mut(self.at)
            && (!*on || shown > 1)
        {
            *on = !*on;
        }
    }

    /// Moves the column under the cursor one place down, or up.
    pub fn shift(&mut self, down: bool) {
        let to = if down { self.at + 1 } else { self.at.wrapping_sub(1) };
        if to < self.columns.len() && self.at < self.columns.len() {
            self.columns.swap(self.at, to);
            self.at = to;
        }
    }

    /// Adds a column of the user's behind all others, and goes to it.
    pub fn add(&mut self, column: OwnColumn) {
        let place = self.base() + self.own.len();
        for (other, _) in self.columns.iter_mut().filter(|(other, _)| *other >= place) {
            *other += 1;
        }
        self.columns.push((place, true));
        self.own.push(column);
        self.at = self.columns.len() - 1;
    }

    /// Takes the column under the cursor away, if it is one of the user's.
    pub fn remove(&mut self) -> bool {
        let Some((column, _)) = self.columns.get(self.at).copied() else { return false };
        let Some(own) = column.checked_sub(self.base()).filter(|own| *own < self.own.len()) else { return false };
        self.own.remove(own);
        self.columns.remove(self.at);
        for (other, _) in self.columns.iter_mut().filter(|(other, _)| *other > column) {
            *other -= 1;
        }
        self.at = self.at.min(self.columns.len().saturating_sub(1));
        true
    }

    /// How many headings its table has without those of the user's and those that are joined.
    fn base(&self) -> usize {
        self.names.len()
    }

    /// What a column is called: the kind's own stand first, then those of the user's, then those that can be joined.
    fn name(&self, column: usize) -> &str {
        let Some(behind) = column.checked_sub(self.base()) else {
            return self.names.get(column).map_or("", String::as_str);
        };
        let own = self.own.get(behind).map(|own| &own.heading);
        let joined = || self.key.kind.joinable()?.column(self.own.len(), behind);
        own.or_else(|| Some(&joined()?.heading)).map_or("", |heading| &heading.name)
    }

    /// Draws the columns, each with the cell of the row below.
    pub fn draw(&mut self, canvas: &mut Canvas<'_>, area: Rect, model: &Model) {
        let (head, body) = split_top(area);
        self.height = usize::from(body.height).max(1);
        self.top = scrolled(self.at, self.top, self.columns.len(), self.height);
        let list = model.lists.get(&self.key);
        let row = self.row.and_then(|uid| Some((list?, list?.store.find(uid)?)));
        let of = row.map_or_else(String::new, |(_, row)| format!("OF {}", row.name()));
        draw_line(canvas, head, (" ", "COLUMN", &of), Role::Heading);
        for (y, (at, (column, shown))) in (body.y..body.bottom()).zip(self.columns.iter().enumerate().skip(self.top)) {
            let line = Rect { y, height: 1, ..body };
            let cell = row.map_or(Cow::Borrowed(""), |(list, row)| list.show(&row, *column, canvas.now));
            let path = column.checked_sub(self.base()).and_then(|own| self.own.get(own)).map(|own| own.path.as_str());
            let cell = path.map_or_else(|| cell.clone(), |path| format!("{cell}   {path}").into());
            let role = if *shown { Role::Text } else { Role::Quiet };
            draw_line(canvas, line, (if *shown { "✓" } else { "·" }, self.name(*column), &cell), role);
            if at == self.at {
                canvas.paint(line, Role::Cursor);
            }
        }
    }
}

fn draw_line(canvas: &mut Canvas<'_>, line: Rect, (mark, name, cell): (&str, &str, &str), role: Role) {
    let room = line.width.saturating_sub(4 + NAME + 2);
    canvas.text(Rect { x: line.x + 1, width: line.width.min(2), ..line }, mark, role);
    canvas.text(Rect { x: line.x + 4, width: NAME.min(line.width.saturating_sub(4)), ..line }, name, role);
    canvas.text(Rect { x: line.x + 6 + NAME, width: room, ..line }, cell, role);
}
