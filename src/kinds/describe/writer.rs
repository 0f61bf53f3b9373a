//! `Writer`: a description line by line, in cells that stand below each other as kubectl's do.

use super::layout;
use crate::kinds::answer::{Answer, Ink, Piece, To};
use crate::kinds::cell::{Cell, Tone};
use crate::kinds::row::Reference;
use crate::kinds::time::Time;
use jiff::tz::TimeZone;
use std::fmt::Display;
use std::mem;

/// What a line is made of while it is written.
#[derive(Debug, Default)]
pub(super) struct Row {
    /// Its cells; a tab ends each but the last.
    pub cells: Vec<Vec<Piece>>,
    /// Where it leads.
    pub to: To,
    /// How deep it lies, when its indentation does not say.
    pub depth: Option<u8>,
    /// Whether it is somebody's text: nothing in it is a name or a heading.
    pub verbatim: bool,
    /// Whether columns end with it.
    pub ends: bool,
}

/// Takes a description as kubectl's `PrefixWriter` does: a tab ends a cell, and cells of lines that follow each other are
/// aligned.
#[derive(Debug)]
pub struct Writer {
    rows: Vec<Row>,
    row: Row,
    zone: TimeZone,
    /// How much deeper everything is written than it says.
    nest: usize,
}

impl Writer {
    /// Nothing yet. Moments are written in `zone`.
    pub fn new(zone: TimeZone) -> Self {
        Self { rows: Vec::new(), row: Row::default(), zone, nest: 0 }
    }

    /// Adds text, two spaces deep per `level` from the left.
    pub fn write(&mut self, level: usize, text: impl AsRef<str>) {
        self.say(&"  ".repeat(level + self.nest), Tone::Plain);
        self.say(text.as_ref(), Tone::Plain);
    }

    /// Writes something deeper. Each piece of it is indented, as kubectl's nested writer does.
    pub fn nested(&mut self, by: usize, write: impl FnOnce(&mut Self)) {
        self.nest += by;
        write(self);
        self.nest -= by;
    }

    /// Adds text and ends the line.
    pub fn line(&mut self, level: usize, text: impl AsRef<str>) {
        self.write(level, text);
        self.end();
    }

    /// `name:` and what it is.
    pub fn field(&mut self, level: usize, name: &str, value: impl Display) {
        self.line(level, format!("{name}:\t{value}"));
    }

    /// `name:` and what it is, with what that means.
    pub fn toned(&mut self, level: usize, name: &str, (value, tone): (&str, Tone)) {
        self.write(level, format!("{name}:\t"));
        self.say(value, tone);
        self.end();
    }

    /// Cells next to each other.
    pub fn row(&mut self, level: usize, cells: &[&str]) {
        self.line(level, cells.join("\t"));
    }

    /// Adds text with what it means.
    pub fn say(&mut self, text: &str, tone: Tone) {
        // As kubectl makes them visible (`cli-runtime` `printers/terminal.go`).
        let text = text.replace('\x1b', "^[").replace('\r', "\\r");
        for part in text.split_inclusive(['\t', '\x0b', '\n', '\x0c']) {
            let sign = part.chars().next_back().filter(|c| matches!(c, '\t' | '\x0b' | '\n' | '\x0c'));
            self.put(Cell::text(part.trim_end_matches(['\t', '\x0b', '\n', '\x0c'])).tone(tone));
            match sign {
                Some('\t' | '\x0b') => self.cell(),
                Some(sign) => {
                    self.row.ends = sign == '\x0c';
                    self.end();
                }
                None => {}
            }
        }
    }

    /// Adds a value, which may age while one looks at it.
    pub fn put(&mut self, value: Cell) {
        if self.row.cells.is_empty() {
            self.row.cells.push(Vec::new());
        }
        let Some(cell) = self.row.cells.last_mut() else { return };
        cell.push(value.into());
    }

    /// Ends the cell.
    fn cell(&mut self) {
        if self.row.cells.is_empty() {
            self.row.cells.push(Vec::new());
        }
        self.row.cells.push(Vec::new());
    }

    /// Ends the line.
    pub fn end(&mut self) {
        self.rows.push(mem::take(&mut self.row));
    }

    /// Adds somebody's text as it is, so deep.
    pub fn verbatim(&mut self, depth: u8, text: &str) {
        let from = self.rows.len();
        self.line(0, text);
        for row in self.rows.iter_mut().skip(from) {
            (row.verbatim, row.depth) = (true, Some(depth));
        }
    }

    /// Lets the last whole line lead to an object; one without a name is none.
    pub fn leads(&mut self, to: Reference) {
        if let Some(row) = self.rows.last_mut().filter(|_| !to.name.is_empty()) {
            row.to = To::Object(to);
        }
    }

    /// A moment in Go's RFC 1123 with a zone; what is missing is the year 1.
    pub fn moment(&self, time: &str) -> String {
        let moment = Time::parse(time).and_then(|time| jiff::Timestamp::from_second(time.0).ok());
        moment.map_or_else(
            || "Mon, 01 Jan 0001 00:00:00 +0000".to_owned(),
            |moment| moment.to_zoned(self.zone.clone()).strftime("%a, %d %b %Y %H:%M:%S %z").to_string(),
        )
    }

    /// A moment as Go prints it in a sentence.
    pub fn written(&self, time: &str) -> String {
        let moment = Time::parse(time).and_then(|time| jiff::Timestamp::from_second(time.0).ok());
        moment.map_or_else(
            || "0001-01-01 00:00:00 +0000 UTC".to_owned(),
            |moment| moment.to_zoned(self.zone.clone()).strftime("%Y-%m-%d %H:%M:%S %z %Z").to_string(),
        )
    }

    /// The lines. At a moment `now` they are as kubectl prints them; without one, ages have room to grow.
    pub fn answer(mut self, now: Option<Time>) -> Answer {
        if !self.row.cells.is_empty() {
            self.end();
        }
        mark(&mut self.rows);
        Answer { lines: layout::lines(self.rows, now) }
    }
}

/// Tells names and headings apart from what they name, and how deep each line lies.
fn mark(rows: &mut [Row]) {
    let mut above = 0;
    for row in rows.iter_mut() {
        let depth = row.depth.unwrap_or_else(|| depth(row, above));
        // What continues a line lies under it, as deep as the continuation before.
        if !is_continued(row) {
            above = depth;
        }
        row.depth = Some(depth);
        if !row.verbatim {
            name(row, depth);
        }
    }
    for at in 1..rows.len() {
        let Some([above, below]) = rows.get_mut(at - 1..=at) else { continue };
        if !below.verbatim && is_rule(below) {
            for piece in above.cells.iter_mut().flatten() {
                piece.ink = Ink::Heading;
            }
            for piece in below.cells.iter_mut().flatten() {
                piece.cell.tone = Tone::Quiet;
            }
        }
    }
}

/// Whether a line goes on with the value of the one above.
fn is_continued(row: &Row) -> bool {
    row.cells.len() > 1 && row.cells.first().is_some_and(|cell| text(cell).trim().is_empty())
}

/// How deep a line lies: by its indentation, which in kubectl is two spaces or one.
fn depth(row: &Row, above: u8) -> u8 {
    if is_continued(row) {
        return above.saturating_add(1);
    }
    let spaces = row.cells.first().map_or(0, |cell| text(cell).chars().take_while(|c| *c == ' ').count());
    u8::try_from(spaces).unwrap_or(u8::MAX)
}

/// The first cell, when it is a name.
fn name(row: &mut Row, depth: u8) {
    let alone = row.cells.len() == 1;
    let Some(cell) = row.cells.iter_mut().find(|cell| !text(cell).trim().is_empty()) else { return };
    if text(cell).trim_end().ends_with(':') {
        let ink = if alone && depth == 0 { Ink::Heading } else { Ink::Key };
        for piece in cell {
            piece.ink = ink;
        }
    }
}

/// Whether nothing but dashes stands in a line.
fn is_rule(row: &Row) -> bool {
    let mut texts = row.cells.iter().map(|cell| text(cell)).filter(|text| !text.trim().is_empty()).peekable();
    texts.peek().is_some() && texts.all(|text| text.trim().chars().all(|c| c == '-'))
}

/// The text of a cell, whatever the time.
pub(super) fn text(cell: &[Piece]) -> String {
    cell.iter().map(|piece| piece.cell.show(Time(0))).collect()
}
