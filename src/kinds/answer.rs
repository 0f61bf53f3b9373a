//! `Answer`: what is said about an object or a cluster, line by line, with what each piece means and where each line
//! leads. Whoever asks the server composes it; a screen folds, searches and follows it, and keeps its ages going.

use super::cell::{Cell, Tone};
use super::kind::Names;
use super::row::{Link, Reference, Row};
use super::time::Time;
use std::fmt::Write;

/// All that is said.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Answer {
    /// Its lines.
    pub lines: Vec<Line>,
}

/// A line of an answer.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Line {
    /// What stands in it, from the left.
    pub pieces: Vec<Piece>,
    /// How deep it lies: the deeper lines below it fold away with it.
    pub depth: u8,
    /// Columns that are left free before it.
    pub indent: u16,
    /// Where it leads.
    pub to: To,
}

/// Where a line leads.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum To {
    /// Nowhere.
    #[default]
    Nowhere,
    /// To an object that is known by its name, and maybe by its UID: Enter opens it, and commands act on it.
    Object(Reference),
    /// To an object that was read: the line is as good as its row.
    Row(Box<Standing>),
    /// To what a command line opens.
    Place(String),
}

/// What a line has of the row that it stands for, beside its cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The object.
    pub of: Reference,
    /// What owns it.
    pub owner: Option<Reference>,
    /// Where it leads.
    pub link: Link,
}

impl To {
    /// To the object of a row of the kind that is called so.
    pub fn row(names: &Names, row: &Row) -> Self {
        let Row { uid, namespace, name, owner, link, .. } = row;
        let (namespace, name) = (namespace.clone(), name.clone());
        let of = Reference { group: names.group.into(), kind: names.kind.into(), namespace, name, uid: Some(*uid) };
        Self::Row(Box::new(Standing { of, owner: owner.clone(), link: link.clone() }))
    }

    /// The object.
    pub fn object(&self) -> Option<&Reference> {
        match self {
            Self::Object(of) => Some(of),
            Self::Row(standing) => Some(&standing.of),
            Self::Nowhere | Self::Place(_) => None,
        }
    }
}

/// A piece of a line: a value, and how it is written.
#[derive(Debug, Clone, PartialEq)]
pub struct Piece {
    /// The value; ages go on while it is looked at.
    pub cell: Cell,
    /// How it is written.
    pub ink: Ink,
    /// The columns that it takes at least.
    pub width: u16,
    /// The column of the line at which the next piece begins at the earliest: a tab stop, 0 for none.
    pub stop: u16,
}

/// How a piece is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Ink {
    /// As its tone says.
    #[default]
    Tone,
    /// As a heading.
    Heading,
    /// As the name of what follows.
    Key,
}

impl Answer {
    /// Adds a line.
    pub fn push(&mut self, line: Line) {
        self.lines.push(line);
    }

    /// Adds rows below each other, each cell as wide as its column needs, two columns apart. `depth` is that of all; they
    /// are indented by it.
    pub fn table(&mut self, depth: u8, rows: impl IntoIterator<Item = (Vec<Piece>, To)>) {
        let rows: Vec<_> = rows.into_iter().collect();
        let width = |column: usize| {
            let cells = rows.iter().filter_map(|(pieces, _)| pieces.get(column));
            cells.map(|piece| columns(&piece.cell)).max().unwrap_or_default() + 2
        };
        let most = rows.iter().map(|(pieces, _)| pieces.len()).max().unwrap_or_default();
        let widths: Vec<u16> = (0..most).map(width).collect();
        for (mut pieces, to) in rows {
            let last = pieces.len().saturating_sub(1);
            for (piece, width) in pieces.iter_mut().zip(&widths).take(last) {
                piece.width = *width;
            }
            self.push(Line { pieces, to, ..Line::default() }.below(depth));
        }
    }
}

/// The columns that a cell takes at most: an age grows while one looks at it.
fn columns(cell: &Cell) -> u16 {
    const AGE: usize = 6;
    let text = cell.show(Time(0));
    let wide = if cell.ages() { text.chars().count().max(AGE) } else { text.chars().count() };
    u16::try_from(wide).unwrap_or(u16::MAX).min(80)
}

impl Line {
    /// A line of these pieces, at the top.
    pub fn of(pieces: impl IntoIterator<Item = Piece>) -> Self {
        Self { pieces: pieces.into_iter().collect(), ..Self::default() }
    }

    /// A heading.
    pub fn heading(text: &str) -> Self {
        Self::of([Piece::heading(text)])
    }

    /// `NAME  value`, the name `width` columns wide.
    pub fn field(name: &str, width: u16, value: Cell) -> Self {
        Self::of([Piece::from(Cell::text(name)).ink(Ink::Key).width(width), value.into()])
    }

    /// The same line, so deep.
    #[must_use]
    pub fn depth(mut self, depth: u8) -> Self {
        self.depth = depth;
        self
    }

    /// The same line, so deep under a heading, and indented by two columns for each step.
    #[must_use]
    pub fn below(self, depth: u8) -> Self {
        Self { depth, indent: 2 * u16::from(depth), ..self }
    }

    /// The same line, leading there.
    #[must_use]
    pub fn to(mut self, to: To) -> Self {
        self.to = to;
        self
    }

    /// Its text at the moment `now`.
    pub fn show(&self, now: Time) -> String {
        let mut shown = " ".repeat(usize::from(self.indent));
        for piece in &self.pieces {
            let text = piece.cell.show(now);
            let width = piece.columns(shown.chars().count());
            let _ = write!(shown, "{text:<width$}");
        }
        shown
    }
}

impl Piece {
    /// The same piece, so written.
    #[must_use]
    pub fn ink(mut self, ink: Ink) -> Self {
        self.ink = ink;
        self
    }

    /// The same piece, at least so wide.
    #[must_use]
    pub fn width(mut self, width: u16) -> Self {
        self.width = width;
        self
    }

    /// The columns that it takes at least when it begins at column `at`.
    pub fn columns(&self, at: usize) -> usize {
        usize::from(self.width).max(usize::from(self.stop).saturating_sub(at))
    }

    /// A text as a heading.
    pub fn heading(text: &str) -> Self {
        Self::from(Cell::text(text)).ink(Ink::Heading)
    }

    /// A text in a tone.
    pub fn text(text: &str, tone: Tone) -> Self {
        Cell::text(text).tone(tone).into()
    }
}

impl From<Cell> for Piece {
    fn from(cell: Cell) -> Self {
        Self { cell, ink: Ink::default(), width: 0, stop: 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_columns_of_a_table_stand_below_each_other() {
        let mut answer = Answer::default();
        let row = |a: &str, b: &str| (vec![Cell::text(a).into(), Cell::text(b).into()], To::Nowhere);
        answer.table(1, [row("a", "x"), row("long", "y")]);
        let shown: Vec<String> = answer.lines.iter().map(|line| line.show(Time(0))).collect();
        assert_eq!(shown, ["  a     x", "  long  y"]);
    }

    #[test]
    fn an_age_has_room_to_grow() {
        let mut answer = Answer::default();
        answer.table(0, [(vec![Cell::since(Some(Time(-1))).into(), Cell::text("x").into()], To::Nowhere)]);
        assert_eq!(answer.lines[0].show(Time(0)), "1s      x");
    }
}
