//! `Shapes`: what rows have in common beside their texts: the sort and the tone of each cell, and how the objects fare.
//! A list has some dozens of shapes, so that a row says it in four bytes, and each of its cells in four more.

use super::packed::Form;
use crate::kinds::Health;
use hashbrown::{DefaultHashBuilder, HashTable};
use std::hash::BuildHasher;

/// The shape of a row; at a place without a row it is [`Shape::NONE`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape(u32);

impl Shape {
    /// There is no row.
    pub const NONE: Self = Self(u32::MAX);

    /// Whether there is a row.
    pub fn is_row(self) -> bool {
        self != Self::NONE
    }

    /// Its number: shapes are counted from 0.
    pub fn number(self) -> usize {
        self.0 as usize
    }
}

/// The shapes of a list.
#[derive(Debug, Default)]
pub struct Shapes {
    all: Vec<(Health, Box<[Form]>)>,
    index: HashTable<u32>,
    hasher: DefaultHashBuilder,
}

impl Shapes {
    /// The shape of rows that fare so and whose cells have these forms. Mostly it is one of those that are `likely`.
    pub fn shape(&mut self, likely: [Shape; 2], health: Health, forms: &[Form]) -> Shape {
        let (all, hasher) = (&mut self.all, &self.hasher);
        let is = |(of, all): &(Health, Box<[Form]>)| *of == health && **all == *forms;
        if let Some(shape) = likely.into_iter().find(|Shape(number)| all.get(*number as usize).is_some_and(is)) {
            return shape;
        }
        let hash = hasher.hash_one((health, forms));
        if let Some(known) = self.index.find(hash, |number| all.get(*number as usize).is_some_and(is)) {
            return Shape(*known);
        }
        let number = u32::try_from(all.len()).unwrap_or(u32::MAX);
        all.push((health, forms.into()));
        let rehash =
            |number: &u32| all.get(*number as usize).map_or(0, |(health, forms)| hasher.hash_one((health, &**forms)));
        self.index.insert_unique(hash, number, rehash);
        Shape(number)
    }

    /// How the objects of this shape fare.
    pub fn health(&self, Shape(number): Shape) -> Health {
        self.all.get(number as usize).map_or(Health::Fine, |(health, _)| *health)
    }

    /// The form of a cell of rows of this shape; none where there is no row.
    pub fn form(&self, Shape(number): Shape, column: usize) -> Option<Form> {
        self.all.get(number as usize).map(|(_, forms)| forms.get(column).copied().unwrap_or_default())
    }

    /// The forms of the cells of a column, by the numbers of the shapes.
    pub fn forms(&self, column: usize) -> Vec<Form> {
        self.all.iter().map(|(_, forms)| forms.get(column).copied().unwrap_or_default()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::{Cell, Tone};
    use crate::model::packed::Packed;
    use crate::model::texts::Texts;

    #[test]
    fn rows_that_are_alike_share_a_shape() {
        let mut texts = Texts::default();
        let mut form = |cell: &Cell| Packed::new(cell, |text| texts.id(text)).narrow().unwrap().0;
        let forms = [form(&Cell::text("web")), form(&Cell::count(3)), form(&Cell::text("x").tone(Tone::Bad))];
        let mut shapes = Shapes::default();
        let one = shapes.shape([Shape::NONE; 2], Health::Fine, &forms);
        let two = shapes.shape([one; 2], Health::Failing, &forms);
        assert_eq!((shapes.shape([Shape::NONE; 2], Health::Fine, &forms), one == two), (one, false));
        assert_eq!((shapes.health(one), shapes.health(two)), (Health::Fine, Health::Failing));
        assert_eq!((0..3).filter_map(|column| shapes.form(two, column)).collect::<Vec<_>>(), forms);
        assert_eq!((shapes.form(Shape::NONE, 0), shapes.forms(1)), (None, vec![forms[1]; 2]));
    }
}
