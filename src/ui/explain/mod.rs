//! `ExplainScreen`: the fields of a kind as a tree, with what the server says of the one under the cursor.

mod draw;
mod search;
mod view;

use super::motion::{Motion, moved};
use super::search::Search;
use crate::kinds::schema::outline::Outline;
use crate::kinds::schema::text::{self, Unknown};
use crate::kinds::schema::{Explained, Schema};
use crate::model::Model;
use crate::model::explain::{ExplainKey, ExplainPage};
use std::collections::BTreeSet;

/// A kind on the screen. Its lines are the kind itself, numbered 0, and its fields from 1 on.
#[derive(Debug)]
pub struct ExplainScreen {
    /// What was asked.
    pub key: ExplainKey,
    /// Whether the answer came and the cursor is on what was asked for.
    arrived: bool,
    open: BTreeSet<usize>,
    /// The lines that are shown, in order.
    rows: Vec<usize>,
    cursor: usize,
    top: usize,
    height: usize,
    search: Search,
}

impl ExplainScreen {
    /// What is known about `key`.
    pub fn new(key: ExplainKey) -> Self {
        let search = Search::default();
        Self { key, arrived: false, open: BTreeSet::new(), rows: Vec::new(), cursor: 0, top: 0, height: 1, search }
    }

    /// The answer.
    pub fn page<'a>(&self, model: &'a Model) -> Option<&'a ExplainPage> {
        model.schemas.get(&self.key)
    }

    fn explained<'a>(&self, model: &'a Model) -> Option<&'a Explained> {
        self.page(model)?.explained.as_ref()
    }

    /// Goes to what was asked for, once the answer is there.
    pub fn refresh(&mut self, model: &Model) {
        let Some(page) = self.page(model).filter(|_| !self.arrived) else { return };
        let Some(explained) = &page.explained else { return };
        self.arrived = true;
        let found = page.outline.find(&explained.fields).map_or(0, |at| at + 1);
        self.go_to_line(found, &page.outline);
        self.open.insert(found);
        self.list(&page.outline);
    }

    /// Puts the cursor on a line and opens what is around it.
    fn go_to_line(&mut self, line: usize, outline: &Outline) {
        self.cursor = line;
        if let Some(at) = line.checked_sub(1) {
            self.open.extend(outline.around(at).map(|at| at + 1));
        }
        self.list(outline);
    }

    /// Finds out which lines are shown.
    fn list(&mut self, outline: &Outline) {
        self.rows = vec![0];
        let mut at = 0;
        while let Some(field) = outline.field(at) {
            self.rows.push(at + 1);
            at = if self.open.contains(&(at + 1)) { at + 1 } else { field.after };
        }
    }

    /// The place of the line under the cursor among those that are shown.
    fn row(&self) -> usize {
        self.rows.partition_point(|line| *line <= self.cursor).saturating_sub(1)
    }

    /// Moves the cursor; to the right opens a field, to the left closes it or goes to the one around it.
    pub fn step(&mut self, motion: Motion, model: &Model) {
        let Some(outline) = self.page(model).map(|page| &page.outline) else { return };
        let has_fields = self.cursor.checked_sub(1).is_some_and(|at| outline.has_fields(at));
        match motion {
            Motion::Right(_) if has_fields && self.open.insert(self.cursor) => self.list(outline),
            Motion::Right(_) => {}
            Motion::Left(_) if has_fields && self.open.remove(&self.cursor) => self.list(outline),
            Motion::Left(_) => {
                let around = self.cursor.checked_sub(1).and_then(|at| outline.around(at).next());
                self.cursor = around.map_or(0, |at| at + 1);
            }
            motion => {
                let row = moved(motion, self.row(), self.rows.len(), self.height);
                self.cursor = self.rows.get(row).copied().unwrap_or_default();
            }
        }
    }

    /// Opens the field under the cursor, or closes it.
    pub fn fold(&mut self, model: &Model) {
        let by = if self.open.contains(&self.cursor) { Motion::Left(1) } else { Motion::Right(1) };
        self.step(by, model);
    }

    /// Shows the fields to this depth; all of them without one.
    pub fn fold_to(&mut self, depth: Option<usize>, model: &Model) {
        let Some(outline) = self.page(model).map(|page| &page.outline) else { return };
        let shown = |line: &usize| {
            let field = line.checked_sub(1).and_then(|at| outline.field(at));
            field.is_some_and(|field| depth.is_none_or(|depth| field.depth + 1 < depth))
        };
        self.open = (1..=outline.len()).filter(shown).collect();
        self.list(outline);
        self.cursor = self.rows.get(self.row()).copied().unwrap_or_default();
    }

    /// The names of the fields that lead to the one under the cursor.
    fn fields(&self, model: &Model) -> Vec<String> {
        let at = self.cursor.checked_sub(1);
        self.page(model).zip(at).map_or_else(Vec::new, |(page, at)| page.outline.path(at))
    }

    /// The field under the cursor, as one asks for it: `pods.spec.containers`.
    pub fn asked(&self, model: &Model) -> String {
        let fields = self
            .explained(model)
            .map_or_else(String::new, |explained| explained.fields.iter().flat_map(|name| [".", name]).collect());
        let kind = self.key.asked.strip_suffix(&fields).unwrap_or(&self.key.asked);
        [&[kind.to_owned()], &self.fields(model)[..]].concat().join(".")
    }

    /// What kubectl prints of the field under the cursor.
    pub fn text(&self, model: &Model) -> String {
        let Some(explained) = self.explained(model) else { return String::new() };
        let there = Explained { fields: self.fields(model), ..explained.clone() };
        text::explain(&there, false).unwrap_or_else(|Unknown(why)| why)
    }

    /// What the server says of the field under the cursor.
    fn schema<'a>(&self, model: &'a Model) -> Option<(&'a Explained, &'a Schema)> {
        let explained = self.explained(model)?;
        Some((explained, text::find(explained, &self.fields(model))?))
    }
}
