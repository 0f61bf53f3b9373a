//! `Outline`: all fields of a kind at any depth, in order, as a tree that can be opened, closed and searched.

use super::{Document, Explained, FieldOf, Schema, Seen};

/// The most fields of an outline: a definition may name its own types so often that the tree never ends.
const MOST: usize = 20_000;

/// A field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Its name.
    pub name: Box<str>,
    /// Its type, as `kubectl explain` guesses it.
    pub type_name: Box<str>,
    /// Whether it has to be there.
    pub required: bool,
    /// How deep it lies; the fields of the kind itself at 0.
    pub depth: usize,
    /// The first field that is not inside.
    pub after: usize,
}

/// The fields of a kind.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outline {
    fields: Vec<Field>,
    /// Whether there are more fields than are kept.
    pub is_cut: bool,
}

impl Outline {
    /// All fields of what was explained. A type that holds itself is listed once on each way.
    pub fn of(explained: &Explained) -> Self {
        let mut outline = Self::default();
        if let Some(schema) = explained.document.kind(&explained.kind) {
            outline.add(&explained.document, (schema, &Seen::default()), 0);
        }
        outline
    }

    fn add(&mut self, document: &Document, (schema, seen): (&Schema, &Seen<'_>), depth: usize) {
        document.fields(schema, seen, &mut |FieldOf { name, schema, required }, seen| {
            if self.fields.len() >= MOST {
                self.is_cut = true;
                return;
            }
            let at = self.fields.len();
            let type_name = document.type_of(schema).into();
            self.fields.push(Field { name: name.into(), type_name, required, depth, after: at + 1 });
            self.add(document, (schema, seen), depth + 1);
            let after = self.fields.len();
            if let Some(field) = self.fields.get_mut(at) {
                field.after = after;
            }
        });
    }

    /// How many fields there are.
    pub fn len(&self) -> usize {
        self.fields.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    /// A field.
    pub fn field(&self, at: usize) -> Option<&Field> {
        self.fields.get(at)
    }

    /// Whether a field has fields.
    pub fn has_fields(&self, at: usize) -> bool {
        self.field(at).is_some_and(|field| field.after > at + 1)
    }

    /// The fields around a field, from inside to outside.
    pub fn around(&self, at: usize) -> impl Iterator<Item = usize> {
        let mut depth = self.field(at).map_or(0, |field| field.depth);
        (0..at).rev().filter(move |other| {
            let outer = self.field(*other).is_some_and(|field| field.depth < depth);
            depth -= usize::from(outer);
            outer
        })
    }

    /// The names of the fields that lead to a field, itself the last.
    pub fn path(&self, at: usize) -> Vec<String> {
        let name = |at: usize| self.field(at).map(|field| field.name.to_string());
        let mut path: Vec<String> = name(at).into_iter().chain(self.around(at).filter_map(name)).collect();
        path.reverse();
        path
    }

    /// The field at the end of `path`, or the last one on the way that is there.
    pub fn find(&self, path: &[String]) -> Option<usize> {
        let (mut found, mut at, mut end) = (None, 0, self.fields.len());
        for name in path {
            let Some(next) = self.siblings(at, end).find(|at| self.field(*at).is_some_and(|f| *f.name == **name))
            else {
                break;
            };
            (found, at, end) = (Some(next), next + 1, self.field(next).map_or(end, |field| field.after));
        }
        found
    }

    fn siblings(&self, from: usize, end: usize) -> impl Iterator<Item = usize> {
        let first = Some(from).filter(|at| *at < end);
        std::iter::successors(first, move |at| self.field(*at).map(|field| field.after).filter(|next| *next < end))
    }
}
