//! `RowRef`: a row of a store, read.

use super::head::Head;
use super::{RowId, Store};
use crate::kinds::{Health, Link, Reference, Tone, Uid};
use crate::model::packed::{Form, View};
use crate::model::pointers::{decode, decode_link, decode_uid, split_ties};
use crate::model::shapes::Shape;
use crate::model::texts::TextId;

/// A row, read.
#[derive(Debug, Clone, Copy)]
pub struct RowRef<'a> {
    pub(super) store: &'a Store,
    pub(super) head: &'a Head,
    pub(super) shape: Shape,
    pub(super) id: u32,
}

impl<'a> RowRef<'a> {
    /// Its place in the store.
    pub fn id(&self) -> RowId {
        RowId(self.id)
    }

    /// Its identity.
    pub fn uid(&self) -> Uid {
        self.head.uid()
    }

    /// Its namespace, `""` when cluster-scoped.
    pub fn namespace(&self) -> &'a str {
        self.store.texts.text(self.head.namespace)
    }

    /// Its name.
    pub fn name(&self) -> &'a str {
        self.store.names.text(self.id)
    }

    /// The id of its namespace, for filters.
    pub fn namespace_id(&self) -> TextId {
        self.head.namespace
    }

    /// The id of its labels, for filters.
    pub fn labels_id(&self) -> TextId {
        self.head.labels
    }

    /// The id of what it belongs and leads to, for filters.
    pub fn ties_id(&self) -> TextId {
        self.head.ties
    }

    /// The value of a label.
    pub fn label(&self, key: &str) -> Option<&'a str> {
        self.labels().find_map(|(k, value)| (k == key).then_some(value))
    }

    /// Its labels, sorted by key.
    pub fn labels(&self) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.store.texts.text(self.head.labels).lines().map(|line| line.split_once('=').unwrap_or((line, "")))
    }

    /// Its controller or first owner.
    pub fn owner(&self) -> Option<Reference> {
        decode(self.ties().0)
    }

    /// Identity of its controller or first owner.
    pub fn owner_uid(&self) -> Option<Uid> {
        decode_uid(self.ties().0)
    }

    /// Where it leads.
    pub fn link(&self) -> Link {
        decode_link(self.ties().1)
    }

    fn ties(&self) -> (&'a str, &'a str) {
        split_ties(self.store.texts.text(self.head.ties))
    }

    /// How it fares.
    pub fn health(&self) -> Health {
        self.store.shapes.health(self.shape)
    }

    /// Why it cannot be read, if so.
    pub fn unreadable(&self) -> Option<&'a str> {
        self.store.unreadable.get(&self.head.uid()).map(String::as_str)
    }

    /// What the cell of a column holds.
    pub fn view(&self, column: usize) -> View<'a> {
        let (form, value) = self.store.cell(self.id, self.shape, column);
        self.store.shows(self.id, self.store.held(form, value))
    }

    /// What the cell of a column means.
    pub fn tone(&self, column: usize) -> Tone {
        match self.store.cell(self.id, self.shape, column) {
            (Form::SPELLED, value) => self.store.spelled(TextId(value)).tone(),
            (form, _) => form.tone(),
        }
    }
}
