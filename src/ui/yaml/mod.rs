//! `YamlScreen`: one object as YAML or JSON, live, with a cursor, folds, and who set what beside it.

mod draw;
mod search;
mod view;

use super::motion::{Motion, columns, moved};
use super::search::Search;
use crate::kinds::Time;
use crate::kinds::references;
use crate::kinds::row::Reference;
use crate::kinds::way::{self, Step};
use crate::model::diff;
use crate::model::document::folds::Folds;
use crate::model::document::managers::Managers;
use crate::model::document::{self, Document, Format, NodeId, Options, Reveal};
use crate::model::{Model, ObjectKey, Page};
use serde_json::Value;
use std::rc::Rc;

/// For so many seconds a line is marked that changed.
const MARKED: i64 = 5;
/// For so many seconds values of a Secret are shown.
const REVEALED: i64 = 30;

/// How the object is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Look {
    /// As YAML or JSON.
    pub format: Format,
    /// With managed fields.
    pub raw: bool,
    /// Not the object, but the manifest that was applied last.
    pub applied: bool,
    /// With who set each line.
    pub managers: bool,
}

/// What the document was made of.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Made {
    version: u64,
    look: Look,
    reveal: Reveal,
}

/// An object on the screen.
#[derive(Debug)]
pub struct YamlScreen {
    /// Which object.
    pub key: ObjectKey,
    /// How it is shown.
    pub look: Look,
    /// Whether long lines are wrapped.
    pub wrap: bool,
    reveal: Option<(Reveal, Time)>,
    made: Option<Made>,
    document: Document,
    managers: Managers,
    folds: Folds,
    /// The line under the cursor.
    cursor: usize,
    /// The first row that is visible.
    top: usize,
    left: u16,
    height: usize,
    search: Search,
    /// Lines that changed, and until when they are marked.
    changed: (Vec<usize>, Time),
}

impl YamlScreen {
    /// The object `key`, from its first line on.
    pub fn new(key: ObjectKey) -> Self {
        Self {
            key,
            look: Look::default(),
            wrap: false,
            reveal: None,
            made: None,
            document: Document::default(),
            managers: Managers::default(),
            folds: Folds::default(),
            cursor: 0,
            top: 0,
            left: 0,
            height: 1,
            search: Search::default(),
            changed: (Vec::new(), Time(0)),
        }
    }

    /// What is known of the object.
    pub fn page<'a>(&self, model: &'a Model) -> Option<&'a Page> {
        model.pages.get(&self.key)
    }

    /// The object, or the manifest that was applied last: what the lines are made of, nothing masked.
    pub fn object(&self, model: &Model) -> Option<Rc<Value>> {
        let page = self.page(model)?;
        if self.look.applied { page.applied.clone() } else { page.object.clone() }
    }

    /// The whole text, as it is shown.
    pub fn text(&self) -> &str {
        self.document.text()
    }

    /// How many lines there are, those in folds included.
    pub fn len(&self) -> usize {
        self.document.len()
    }

    /// Whether there is no line.
    pub fn is_empty(&self) -> bool {
        self.document.is_empty()
    }

    /// What of the object is shown now.
    pub fn options(&self) -> Options {
        let reveal = self.reveal.as_ref().map_or(Reveal::Nothing, |(reveal, _)| reveal.clone());
        Options { managed_fields: self.look.raw, reveal, format: self.look.format }
    }

    /// Brings the document up to date: the line under the cursor, the folds and the scroll stay.
    pub fn refresh(&mut self, model: &Model) {
        let now = model.now();
        self.reveal.take_if(|(_, until)| *until <= now);
        let version = self.page(model).map_or(0, |page| page.version);
        let wanted = Made { version, look: self.look, reveal: self.options().reveal };
        if self.made.as_ref() == Some(&wanted) {
            return;
        }
        let object = self.object(model);
        let document =
            object.as_ref().map_or_else(Document::default, |object| Document::of((**object).clone(), &self.options()));
        let went_on = self
            .made
            .as_ref()
            .is_some_and(|made| made.version > 0 && made.look == wanted.look && made.version != version);
        if went_on {
            self.changed = (diff::new_lines(self.document.text(), document.text()), Time(now.0 + MARKED));
        } else if self.made.as_ref().is_none_or(|made| made.look != wanted.look) {
            self.changed.0.clear();
        }
        self.take(document);
        let managed = object.filter(|_| self.look.managers && !self.look.applied);
        self.managers = managed.map_or_else(Managers::default, |object| Managers::of(&object, self.document.tree()));
        self.made = Some(wanted);
    }

    /// Shows another document of the same object, with the cursor on the same field at the same height.
    fn take(&mut self, document: Document) {
        let (node, row) = (self.node(), self.folds.row(self.cursor));
        let offset = self.cursor.saturating_sub(self.document.tree().lines(node).start);
        let (found, is_there) = document.tree().find(&self.document.tree().path(node));
        let lines = document.tree().lines(found);
        let offset = if is_there { offset.min(lines.len().saturating_sub(1)) } else { 0 };
        self.folds.moved(&self.document, &document);
        self.cursor = (lines.start + offset).min(document.len().saturating_sub(1));
        self.top = (self.folds.row(self.cursor) + self.top).saturating_sub(row);
        self.document = document;
    }

    /// Moves the cursor, or the view to the side.
    pub fn step(&mut self, motion: Motion) {
        match motion {
            Motion::Left(by) => self.left = self.left.saturating_sub(columns(by)),
            Motion::Right(by) => self.left = self.left.saturating_add(columns(by)),
            motion => {
                let row = moved(motion, self.folds.row(self.cursor), self.folds.len(), self.height);
                self.cursor = self.folds.line(row).unwrap_or_default();
            }
        }
    }

    /// The field under the cursor.
    fn node(&self) -> NodeId {
        self.document.node(self.cursor)
    }

    /// The way to the field under the cursor.
    pub fn path(&self) -> Vec<Step> {
        self.document.tree().path(self.node())
    }

    /// The value under the cursor, as it is shown: masked where it is.
    pub fn value(&self, model: &Model) -> Option<Value> {
        let mut object = (*self.object(model)?).clone();
        document::mask(&mut object, &self.options());
        way::at(&object, &self.path()).cloned()
    }

    /// The lines of the field that begins under the cursor, else of the line, as far in as they are written.
    pub fn block(&self) -> String {
        let node = self.document.block(self.cursor);
        let lines = node.map_or(self.cursor..self.cursor + 1, |node| self.document.tree().lines(node));
        let text = self.document.slice(lines);
        let indent = text.len() - text.trim_start_matches(' ').len();
        text.lines().map(|line| line.get(indent..).unwrap_or_default().to_owned() + "\n").collect()
    }

    /// The object that the field under the cursor names.
    pub fn reference(&self, model: &Model) -> Option<Reference> {
        references::of_field(&*self.object(model)?, &self.path())
    }

    /// Folds or unfolds what begins under the cursor.
    pub fn fold(&mut self) {
        self.cursor = self.folds.toggle(&self.document, self.cursor);
    }

    /// Folds what lies deeper than `depth`; unfolds everything without one.
    pub fn fold_to(&mut self, depth: Option<usize>) {
        match depth {
            Some(depth) => self.folds.close_to(&self.document, depth),
            None => self.folds.open_all(&self.document),
        }
        self.cursor = self.folds.line(self.folds.row(self.cursor)).unwrap_or_default();
    }

    /// The key of the Secret under the cursor whose value is, or would be, masked.
    pub fn secret_key(&self) -> Option<String> {
        match self.path().as_slice() {
            [Step::Key(data), Step::Key(key), ..] if data == "data" || data == "stringData" => Some(key.clone()),
            _ => None,
        }
    }

    /// Shows values of a Secret for a while from `now` on; what is shown already is masked again.
    pub fn reveal(&mut self, wanted: Reveal, now: Time) {
        let shown = self.reveal.as_ref().is_some_and(|(reveal, _)| *reveal == wanted);
        self.reveal = (!shown).then_some((wanted, Time(now.0 + REVEALED)));
    }
}
