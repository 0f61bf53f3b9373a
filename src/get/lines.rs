//! `Lines`: rows of cells in one text, until their widths are known. A hundred thousand pods take some ten megabytes.

use std::io::{self, Write};

/// Stands between the cells of a line; cells are safe texts, so none holds it.
const CELL: char = '\x1f';
/// Spaces between two columns, and the least that a column takes with them, as kubectl's.
const GAP: usize = 3;
const NARROWEST: usize = 6;

/// Lines whose columns shall stand below each other.
#[derive(Debug, Default)]
pub struct Lines {
    text: String,
    widths: Vec<usize>,
}

impl Lines {
    /// Adds a line.
    pub fn push(&mut self, line: &str) {
        for (at, cell) in line.split(CELL).enumerate() {
            let width = width(cell) + GAP;
            match self.widths.get_mut(at) {
                Some(widest) => *widest = width.max(*widest),
                None => self.widths.push(width.max(NARROWEST)),
            }
        }
        self.text.push_str(line);
        self.text.push('\n');
    }

    /// Writes the lines, and forgets them. Their widths stay, so that what comes later stands below them.
    ///
    /// # Errors
    /// When `out` cannot be written to.
    pub fn print(&mut self, out: &mut impl Write) -> io::Result<()> {
        for line in self.text.lines() {
            let mut cells = line.split(CELL).zip(&self.widths).peekable();
            while let Some((cell, widest)) = cells.next() {
                out.write_all(cell.as_bytes())?;
                if cells.peek().is_some() {
                    write!(out, "{:1$}", "", widest.saturating_sub(width(cell)))?;
                }
            }
            writeln!(out)?;
        }
        self.text.clear();
        Ok(())
    }
}

/// How wide kubectl takes a cell to be.
fn width(cell: &str) -> usize {
    cell.chars().count()
}

/// One line of these cells.
pub fn line<S: AsRef<str>>(cells: impl Iterator<Item = S>) -> String {
    let mut line = String::new();
    for (at, cell) in cells.enumerate() {
        if at > 0 {
            line.push(CELL);
        }
        line.push_str(cell.as_ref());
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(lines: &mut Lines, rows: &[&[&str]]) -> String {
        rows.iter().for_each(|row| lines.push(&line(row.iter())));
        let mut out = Vec::new();
        lines.print(&mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn columns_stand_below_each_other_and_nothing_stands_behind_the_last() {
        let mut lines = Lines::default();
        let text = printed(&mut lines, &[&["NS", "NAME", "AGE"], &["a", "web-1", "5s"], &["b", "x", ""]]);
        assert_eq!(text, "NS    NAME    AGE\na     web-1   5s\nb     x       \n");
        assert_eq!(printed(&mut lines, &[&["c", "y", "1m"]]), "c     y       1m\n");
    }
}
