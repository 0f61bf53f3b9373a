//! `RevisionScreen`: the revisions of a workload, the newest first, of which one can be marked to compare others with it.

use super::canvas::{Canvas, age_changes_in, split_top, width};
use super::motion::{Motion, moved, scrolled};
use crate::config::Role;
use crate::kinds::Time;
use crate::kinds::rollout::{Revision, Revisions};
use crate::kinds::time::human_duration;
use crate::model::{Model, ObjectKey};
use ratatui::layout::Rect;

/// The headings of the table; the last column takes what is left.
const HEADINGS: [&str; 5] = ["REVISION", "", "AGE", "CHANGE-CAUSE", "IMAGES"];

/// The revisions of a workload on the screen.
#[derive(Debug)]
pub struct RevisionScreen {
    /// Whose.
    pub key: ObjectKey,
    /// The revision that others are compared with; the current one when none is.
    pub marked: Option<i64>,
    cursor: Option<i64>,
    top: usize,
    height: usize,
}

impl RevisionScreen {
    /// The revisions of `key`.
    pub fn new(key: ObjectKey) -> Self {
        Self { key, marked: None, cursor: None, top: 0, height: 1 }
    }

    /// The revisions, the newest first.
    pub fn rows<'a>(&self, model: &'a Model) -> Vec<&'a Revision> {
        self.revisions(model)
            .and_then(|known| known.list.as_ref())
            .map_or_else(Vec::new, |all| all.iter().rev().collect())
    }

    fn revisions<'a>(&self, model: &'a Model) -> Option<&'a Revisions> {
        model.revisions.get(&self.key)
    }

    /// The revision under the cursor.
    pub fn selected<'a>(&self, model: &'a Model) -> Option<&'a Revision> {
        let rows = self.rows(model);
        rows.get(self.at(&rows)).copied()
    }

    /// What others are compared with: the marked revision, else the current one.
    pub fn base<'a>(&self, model: &'a Model) -> Option<&'a Revision> {
        let rows = self.rows(model);
        let marked = rows.iter().find(|revision| Some(revision.number) == self.marked);
        marked.or_else(|| rows.iter().find(|revision| revision.is_current)).copied()
    }

    /// Marks the revision under the cursor, or no longer.
    pub fn mark(&mut self, model: &Model) {
        let selected = self.selected(model).map(|revision| revision.number);
        self.marked = selected.filter(|_| selected != self.marked);
    }

    /// Where the cursor is: on its revision, wherever that moved.
    fn at(&self, rows: &[&Revision]) -> usize {
        rows.iter().position(|revision| Some(revision.number) == self.cursor).unwrap_or_default()
    }

    /// Moves the cursor.
    pub fn step(&mut self, motion: Motion, model: &Model) {
        let rows = self.rows(model);
        let at = moved(motion, self.at(&rows), rows.len(), self.height);
        self.cursor = rows.get(at).map(|revision| revision.number);
    }

    /// How many there are, for the title.
    pub fn counts(&self, model: &Model) -> String {
        let marked = self.marked.map_or_else(String::new, |number| format!(" · {number} marked"));
        format!("{} revisions{marked}", self.rows(model).len())
    }

    /// Draws the table.
    pub fn draw(&mut self, canvas: &mut Canvas<'_>, area: Rect, model: &Model) {
        let Some(known) = self.revisions(model) else { return };
        let mut area = Rect { x: area.x + area.width.min(1), width: area.width.saturating_sub(2), ..area };
        for warning in &known.warnings {
            canvas.text(area, warning, Role::NoticeWarn);
            area = split_top(area).1;
        }
        let rows = self.rows(model);
        if rows.is_empty() {
            let text = if known.list.is_some() { "no rollout history found" } else { "loading …" };
            canvas.text(area, text, Role::Quiet);
            return;
        }
        let cells: Vec<[String; 5]> = rows.iter().map(|revision| cells(revision, canvas)).collect();
        let widths = widths(&cells);
        let (head, body) = split_top(area);
        self.height = usize::from(body.height).max(1);
        let at = self.at(&rows);
        self.top = scrolled(at, self.top, rows.len(), self.height);
        draw_row(canvas, head, (&HEADINGS.map(str::to_owned), &widths), Role::Heading);
        let visible = rows.iter().zip(&cells).enumerate().skip(self.top);
        for (y, (index, (revision, cells))) in (body.y..body.bottom()).zip(visible) {
            let line = Rect { y, height: 1, ..body };
            let marked = self.marked == Some(revision.number);
            let role = if revision.is_current { Role::ToneGood } else { Role::Text };
            draw_row(canvas, line, (cells, &widths), if marked { Role::Marked } else { role });
            if index == at {
                canvas.paint(line, Role::Cursor);
            }
        }
    }
}

/// The texts of a revision.
fn cells(revision: &Revision, canvas: &mut Canvas<'_>) -> [String; 5] {
    let age = revision.created.map_or_else(String::new, |created| {
        let seconds = canvas.now.seconds_since(created);
        canvas.changes_at(Time(canvas.now.0 + age_changes_in(seconds)));
        human_duration(seconds)
    });
    [
        revision.number.to_string(),
        if revision.is_current { "current" } else { "" }.to_owned(),
        age,
        revision.cause.clone().unwrap_or_else(|| "<none>".to_owned()),
        revision.images.join(", "),
    ]
}

/// The width of each column.
fn widths(cells: &[[String; 5]]) -> [u16; 5] {
    std::array::from_fn(|column| {
        let heading = HEADINGS.get(column).map_or(0, |heading| width(heading));
        let texts = cells.iter().filter_map(|row| row.get(column)).map(|text| width(text));
        texts.max().unwrap_or_default().max(heading).min(50)
    })
}

fn draw_row(canvas: &mut Canvas<'_>, area: Rect, (cells, widths): (&[String; 5], &[u16; 5]), role: Role) {
    let mut left = area;
    for (index, (text, width)) in cells.iter().zip(widths).enumerate() {
        let last = index + 1 == cells.len();
        let width = if last { left.width } else { (*width).min(left.width) };
        canvas.text(Rect { width, ..left }, text, role);
        let taken = (width + 2).min(left.width);
        left = Rect { x: left.x + taken, width: left.width - taken, ..left };
    }
}
