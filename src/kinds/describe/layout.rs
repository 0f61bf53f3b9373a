//! How cells of lines come to stand below each other: as Go's `text/tabwriter` with a padding of two spaces.

use super::writer::Row;
use crate::kinds::answer::{Line, Piece};
use crate::kinds::cell::Cell;
use crate::kinds::time::Time;

/// Spaces behind the widest cell of a column.
const PADDING: usize = 2;
/// The longest age.
const AGE: usize = 6;

/// The lines of rows: exact at the moment `now`, or else with room for ages.
pub(super) fn lines(rows: Vec<Row>, now: Option<Time>) -> Vec<Line> {
    let widths = widths(&rows, now);
    rows.into_iter().zip(widths).map(|(row, widths)| line(row, &widths)).collect()
}

/// The width of each cell that a tab ends. A column reaches over lines that follow each other and have a cell in it.
fn widths(rows: &[Row], now: Option<Time>) -> Vec<Vec<usize>> {
    let own = |row: &Row| {
        let ended = row.cells.len().saturating_sub(1);
        row.cells.iter().take(ended).map(|cell| width(cell, now) + PADDING).collect::<Vec<_>>()
    };
    let mut widths: Vec<Vec<usize>> = rows.iter().map(own).collect();
    let most = widths.iter().map(Vec::len).max().unwrap_or_default();
    for column in 0..most {
        let mut from = 0;
        while from < rows.len() {
            let to = end_of_block(rows, &widths, (from, column));
            let block = widths.get_mut(from..to).unwrap_or_default();
            let widest = block.iter().filter_map(|row| row.get(column)).copied().max().unwrap_or_default();
            block.iter_mut().filter_map(|row| row.get_mut(column)).for_each(|width| *width = widest);
            from = to.max(from + 1);
        }
    }
    widths
}

/// Where the lines end that have a cell in `column`, beginning at `from`.
fn end_of_block(rows: &[Row], widths: &[Vec<usize>], (from, column): (usize, usize)) -> usize {
    let mut at = from;
    while widths.get(at).is_some_and(|row| row.len() > column) {
        at += 1;
        if rows.get(at - 1).is_some_and(|row| row.ends) {
            break;
        }
    }
    at
}

/// How many characters a cell has, or will have at most.
fn width(cell: &[Piece], now: Option<Time>) -> usize {
    let of = |cell: &Cell| {
        let count = cell.show(now.unwrap_or(Time(0))).chars().count();
        if now.is_none() && cell.ages() { AGE } else { count }
    };
    cell.iter().map(|piece| of(&piece.cell)).sum()
}

/// A row whose cells are so wide.
fn line(row: Row, widths: &[usize]) -> Line {
    let mut pieces = Vec::new();
    let mut stop = 0;
    for (at, mut cell) in row.cells.into_iter().enumerate() {
        stop += widths.get(at).copied().unwrap_or_default();
        if cell.is_empty() {
            cell.push(Cell::text("").into());
        }
        if let Some(last) = cell.last_mut().filter(|_| at < widths.len()) {
            last.stop = u16::try_from(stop).unwrap_or(u16::MAX);
        }
        pieces.append(&mut cell);
    }
    Line { pieces, depth: row.depth.unwrap_or_default(), to: row.to, ..Line::default() }
}

#[cfg(test)]
mod tests {
    use super::super::writer::Writer;
    use crate::kinds::cell::Cell;
    use crate::kinds::time::Time;
    use jiff::tz::TimeZone;

    /// What comes of `text`, without the spaces at the end of lines.
    fn laid_out(text: &str) -> String {
        let mut out = Writer::new(TimeZone::UTC);
        out.write(0, text);
        let lines = out.answer(Some(Time(0))).lines;
        lines.iter().map(|line| line.show(Time(0)).trim_end().to_owned() + "\n").collect()
    }

    #[test]
    fn cells_are_aligned_as_go_aligns_them() {
        // What `tabwriter` makes of each, written down from it.
        let cases = [
            ("Name:\ta\nNamespace:\tb\n", "Name:       a\nNamespace:  b\n"),
            ("a\tb\nlonger\nc\td\n", "a  b\nlonger\nc  d\n"),
            ("a\tb\tc\nlong\td\ne\tlonger\tf\n", "a     b  c\nlong  d\ne     longer  f\n"),
            ("a\tb\n\tc\n", "a  b\n   c\n"),
            ("x\n\ty:\tz\n", "x\n  y:  z\n"),
            ("é\tb\nab\tc\n", "é   b\nab  c\n"),
            ("a\tb\x0clonger\tc\n", "a  b\nlonger  c\n"),
            ("a\x0bb\nlonger\tc\n", "a       b\nlonger  c\n"),
            ("\x1b[1m\tb\r\n", "^[[1m  b\\r\n"),
        ];
        for (text, laid) in cases {
            assert_eq!(laid_out(text), laid, "{text:?}");
        }
    }

    #[test]
    fn an_age_has_room_to_grow_on_the_screen_and_none_in_print() {
        for (now, shown) in [(None, "119s    b"), (Some(Time(119)), "119s  b")] {
            let mut out = Writer::new(TimeZone::UTC);
            out.put(Cell::since(Some(Time(0))));
            out.write(0, "\tb\n");
            assert_eq!(out.answer(now).lines[0].show(Time(119)), shown);
        }
    }
}
