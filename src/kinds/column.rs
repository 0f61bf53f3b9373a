//! Columns of a table: what their headings say, and how their cells are read from an object.

use super::cell::Cell;
use std::borrow::Cow;

/// How wide a column is, in terminal cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Width {
    /// As wide as its widest visible text, at least the heading and at most this much.
    Fit(u16),
    /// The same, but left out where there is not room for all columns: those of the lowest rank first, of equal ones the
    /// rightmost.
    Spare(u16, u8),
    /// Takes what is left, in this proportion.
    Fill(u16),
}

/// In which tables a column stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Always.
    Always,
    /// Only in the wide table (`-o wide`).
    Wide,
    /// Only in the narrow table, where the wide one has a longer text under the same heading.
    Narrow,
    /// In none: it is only there for programs.
    Nowhere,
}

impl Place {
    /// Whether it stands in the wide table, or in the narrow one.
    pub fn stands(self, wide: bool) -> bool {
        match self {
            Self::Always => true,
            Self::Wide => wide,
            Self::Narrow => !wide,
            Self::Nowhere => false,
        }
    }
}

/// A heading: what is known of a column without an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// As kubectl prints it: `READY`.
    pub name: Cow<'static, str>,
    /// How wide.
    pub width: Width,
    /// In which tables.
    pub place: Place,
    /// Numbers and ages stand at the right.
    pub right: bool,
}

/// A column: its heading, and how its cell is read from an object `O`.
pub struct Column<O: 'static> {
    /// The heading.
    pub heading: Heading,
    /// The cell of an object.
    pub cell: fn(&O) -> Cell,
}

/// A column that always stands.
pub const fn column<O>(name: &'static str, width: Width, cell: fn(&O) -> Cell) -> Column<O> {
    Column { heading: Heading { name: Cow::Borrowed(name), width, place: Place::Always, right: false }, cell }
}

/// The same column, only in the wide table.
///
/// A function and not a method, so that the object's type is known where the cell's closure is written.
pub const fn wide<O>(mut column: Column<O>) -> Column<O> {
    column.heading.place = Place::Wide;
    column
}

/// The same column, only in the narrow table.
pub const fn narrow<O>(mut column: Column<O>) -> Column<O> {
    column.heading.place = Place::Narrow;
    column
}

/// The same column, aligned at the right.
pub const fn right<O>(mut column: Column<O>) -> Column<O> {
    column.heading.right = true;
    column
}
