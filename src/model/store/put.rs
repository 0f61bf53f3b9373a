//! Rows that come: packed, and compared with what was there. Most of a row is as it was, or as in the row before it.

use super::{Head, RowId, Store};
use crate::kinds::{Cell, Link, Reference, Row, Uid, Value};
use crate::model::changes::What;
use crate::model::packed::{Form, Packed};
use crate::model::pointers::encode_ties;
use crate::model::shapes::Shape;
use crate::model::texts::TextId;
use std::hash::BuildHasher;

/// Where a row is written before it is compared with what is there: one room for all rows.
#[derive(Debug, Default)]
pub(super) struct Draft {
    text: String,
    forms: Vec<Form>,
    /// Owner and link of the row that came last, and both as a text: pods of one owner come one behind the other.
    owner: Option<Reference>,
    link: Link,
    ties: String,
    /// The place of the row that came last: the next one is often like it.
    last: u32,
}

impl Draft {
    /// Writes owner and link of a row, unless they are those of the last one.
    fn tie(&mut self, row: &mut Row) {
        if self.owner != row.owner || self.link != row.link {
            (self.owner, self.link) = (row.owner.take(), std::mem::take(&mut row.link));
            self.ties.clear();
            encode_ties(self.owner.as_ref(), &self.link, &mut self.ties);
        }
    }
}

/// A row that was there, and the one that came before.
#[derive(Clone, Copy)]
struct Known {
    old: Stood,
    like: Stood,
}

/// A row as it stood, if it did.
#[derive(Clone, Copy)]
struct Stood {
    id: u32,
    head: Head,
    shape: Shape,
}

impl Stood {
    /// What of it is another in a row with this head and shape.
    fn differs_from(&self, head: &Head, shape: Shape) -> What {
        let what = self.head.differs_from(head);
        let what = if self.shape == shape { what } else { what.and(What::BESIDE) };
        if self.shape.is_row() { what } else { what.and(What::IDENTITY) }
    }
}

impl Store {
    /// Adds or replaces a row.
    pub(super) fn put(&mut self, part: u8, row: &mut Row) {
        let id = self.slot(row.uid).unwrap_or_else(|| self.new_slot(row.uid));
        let last = std::mem::replace(&mut self.draft.last, id);
        let known = Known { old: self.stood(id), like: self.stood(last) };
        let cells = self.put_cells(&known, row);
        self.draft.tie(row);
        let (head, shape) = self.head(part, (&known, row));
        self.write(id, head, shape);
        let what = known.old.differs_from(&head, shape).and(cells).and(self.put_name(id, &row.name));
        let what = what.and(self.put_unreadable(row));
        // A list that is read again brings rows as they are: nothing has to be looked at anew.
        if what != What::default() {
            self.changes.note(id, what);
        }
    }

    /// Replaces some cells of a row, by their columns.
    pub fn set(&mut self, RowId(id): RowId, cells: &[(usize, Cell)]) {
        let old = self.stood(id);
        if !old.shape.is_row() {
            return;
        }
        let known = Known { old, like: old };
        let (mut what, mut forms) = (What::default(), std::mem::take(&mut self.draft.forms));
        forms.clear();
        forms.extend((0..self.cells.columns()).filter_map(|column| self.shapes.form(old.shape, column)));
        for (column, cell) in cells {
            let Some(form) = forms.get_mut(*column) else { continue };
            let before = (*form, self.cells.get(id, *column));
            let after = self.pack((before, *column), &known, cell);
            if after != before {
                *form = after.0;
                self.cells.set(id, *column, after.1);
                what = what.and(What::column(*column));
            }
        }
        let shape = self.shapes.shape([old.shape; 2], self.shapes.health(old.shape), &forms);
        self.draft.forms = forms;
        self.write(id, old.head, shape);
        if what != What::default() {
            self.changes.note(id, what);
        }
    }

    /// The row at a place as it stands.
    fn stood(&self, id: u32) -> Stood {
        let head = self.heads.get(id as usize).copied().unwrap_or(Head::new(Uid::default()));
        Stood { id, head, shape: self.shape(id) }
    }

    /// Writes head and shape of the row at a place.
    pub(super) fn write(&mut self, id: u32, head: Head, shape: Shape) {
        self.heads.get_mut(id as usize).into_iter().for_each(|slot| *slot = head);
        self.shape_of.get_mut(id as usize).into_iter().for_each(|slot| *slot = shape);
    }

    /// Head and shape of a row in place of an old one. The forms of its cells and its ties are drafted.
    fn head(&mut self, part: u8, (known, row): (&Known, &Row)) -> (Head, Shape) {
        let (old, like) = (&known.old.head, &known.like.head);
        let head = Head {
            namespace: self.texts.replace((old.namespace, like.namespace), &row.namespace),
            labels: self.texts.replace((old.labels, like.labels), &row.labels),
            ties: self.texts.replace((old.ties, like.ties), &self.draft.ties),
            generation: self.generation(part),
            part,
            ..*old
        };
        (head, self.shapes.shape([known.old.shape, known.like.shape], row.health, &self.draft.forms))
    }

    /// Writes the name of a row; tells whether it had another one.
    fn put_name(&mut self, id: u32, name: &str) -> What {
        if self.names.text(id) == name {
            return What::default();
        }
        self.names.forget(id);
        self.names.put(id, name);
        What::IDENTITY
    }

    /// Writes the cells of a row and drafts their forms; tells which of them are others now.
    fn put_cells(&mut self, known: &Known, row: &Row) -> What {
        let mut what = What::default();
        self.draft.forms.clear();
        for column in 0..self.cells.columns() {
            let old = self.cell(known.old.id, known.old.shape, column);
            let new = match row.cells.get(column) {
                Some(Cell { value: Value::Text(text), tone }) if *text == row.name => {
                    self.release(old);
                    (Form::name(*tone), 0)
                }
                Some(cell) => self.pack((old, column), known, cell),
                None => {
                    self.release(old);
                    (Form::default(), 0)
                }
            };
            self.draft.forms.push(new.0);
            // A place that held no row holds anything.
            if new != old || !known.old.shape.is_row() {
                self.cells.set(known.old.id, column, new.1);
                what = what.and(What::column(column));
            }
        }
        what
    }

    /// Form and value of a cell in place of an old one.
    fn pack(&mut self, (old, column): ((Form, u32), usize), known: &Known, cell: &Cell) -> (Form, u32) {
        let text = |(form, value): (Form, u32)| if form.is_text() { TextId(value) } else { TextId::default() };
        let like = text(self.cell(known.like.id, known.like.shape, column));
        let packed = Packed::new(cell, |new| self.texts.replace((text(old), like), new));
        if packed.text_id().is_some() {
            return packed.narrow().unwrap_or_default();
        }
        if let Some(narrow) = packed.narrow() {
            self.release(old);
            return narrow;
        }
        self.draft.text.clear();
        packed.spell(&mut self.draft.text);
        (Form::SPELLED, self.texts.replace((text(old), like), &self.draft.text).0)
    }

    /// Ends the use of the text that a cell holds, if it holds one.
    pub(super) fn release(&mut self, (form, value): (Form, u32)) {
        if form.is_text() {
            self.texts.release(TextId(value));
        }
    }

    /// Remembers why a row cannot be read, if so; tells whether that is news.
    fn put_unreadable(&mut self, row: &mut Row) -> What {
        let news = match row.unreadable.take() {
            Some(why) => self.unreadable.insert(row.uid, why).is_none(),
            None => !self.unreadable.is_empty() && self.unreadable.remove(&row.uid).is_some(),
        };
        if news { What::BESIDE } else { What::default() }
    }

    /// Makes room for a new row.
    fn new_slot(&mut self, uid: Uid) -> u32 {
        let head = Head::new(uid);
        let id = self.free.pop().unwrap_or_else(|| {
            self.heads.push(head);
            self.shape_of.push(Shape::NONE);
            u32::try_from(self.heads.len() - 1).unwrap_or(u32::MAX)
        });
        self.write(id, head, Shape::NONE);
        let (heads, hasher) = (&self.heads, &self.hasher);
        let rehash = |id: &u32| heads.get(*id as usize).map_or(0, |head| hasher.hash_one(head.uid()));
        self.uids.insert_unique(hasher.hash_one(uid), id, rehash);
        id
    }
}
