//! Looking at one column of all rows: what a filter or a sort does. The cells stand one behind the other, and what is
//! known of the shapes is looked up once.

use super::Store;
use crate::model::chunks::CHUNK;
use crate::model::packed::{Form, Packed, View};
use crate::model::texts::{Pile, TextId, Texts};

/// What a cell holds, as it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Held {
    /// The name of its row.
    Name,
    /// A text.
    Text(TextId),
    /// A quantity, as it is written.
    Quantity(TextId),
    /// What is no text.
    Other(Packed),
}

/// What a column may hold: what once was there counts, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sorts {
    /// Names of rows.
    pub names: bool,
    /// Texts and quantities.
    pub texts: bool,
    /// What is no text.
    pub others: bool,
}

impl Store {
    /// Shows the cell of a column of each row, in no order, with the place of the row.
    pub fn scan(&self, column: usize, mut look: impl FnMut(u32, Held)) {
        let (forms, mut values) = (self.shapes.forms(column), Vec::with_capacity(CHUNK));
        let parts = self.cells.parts(column).iter();
        for ((shapes, part), first) in self.shape_of.chunks().zip(parts).zip((0..).step_by(CHUNK)) {
            part.write_out(shapes.len(), &mut values);
            for ((shape, value), id) in shapes.iter().zip(&values).zip(first..) {
                // There is none where there is no row.
                if let Some(form) = forms.get(shape.number()) {
                    look(id, self.held(*form, *value));
                }
            }
        }
    }

    /// What a cell of this form and value holds.
    #[inline]
    pub(super) fn held(&self, form: Form, value: u32) -> Held {
        if form.is_name() {
            Held::Name
        } else if form == Form::SPELLED {
            Held::Other(self.spelled(TextId(value)))
        } else if form.is_quantity() {
            Held::Quantity(TextId(value))
        } else if form.is_text() {
            Held::Text(TextId(value))
        } else {
            Held::Other(Packed::wide(form, value))
        }
    }

    /// The cell that a text spells. They are few, and would make the loop over all others large.
    #[inline(never)]
    pub(super) fn spelled(&self, text: TextId) -> Packed {
        Packed::read(self.texts.text(text))
    }

    /// What the cell of the row at `id` holds, read.
    #[inline]
    pub fn shows(&self, id: u32, held: Held) -> View<'_> {
        match held {
            Held::Name => View::Text(self.names.text(id)),
            Held::Text(text) => View::Text(self.texts.text(text)),
            Held::Quantity(text) => View::Quantity(self.texts.text(text)),
            Held::Other(packed) => packed.view(&self.texts),
        }
    }

    /// What a column may hold.
    pub fn sorts(&self, column: usize) -> Sorts {
        let mut sorts = Sorts { names: false, texts: false, others: false };
        for form in self.shapes.forms(column) {
            let is_text = form.is_text() && form != Form::SPELLED;
            sorts.names |= form.is_name();
            sorts.texts |= is_text;
            sorts.others |= !form.is_name() && !is_text;
        }
        sorts
    }

    /// The texts of the cells.
    pub fn texts(&self) -> &Texts {
        &self.texts
    }

    /// The names, by the places of the rows.
    pub fn names(&self) -> &Pile {
        &self.names
    }
}
