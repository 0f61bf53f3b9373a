//! `StyledLine`: a line of text with styles for parts of it, drawn at any scroll, wrapped or not.

use super::super::canvas::{Canvas, width};
use crate::kinds::schema::wrap::wrap;
use crate::text::safe;
use ratatui::layout::Rect;
use ratatui::style::Style;
use std::ops::Range;
use unicode_segmentation::UnicodeSegmentation;

/// A line and the styles of its parts; later ones lie over earlier ones.
#[derive(Debug, Default)]
pub struct StyledLine {
    text: String,
    marks: Vec<(Range<usize>, Style)>,
}

/// How a line is put on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fold {
    /// On one row, with so many columns scrolled away.
    Scrolled(u16),
    /// On as many rows as it takes.
    Wrapped,
}

impl StyledLine {
    /// Adds `text` in `style`; returns where it stands, for further marks.
    pub fn push(&mut self, text: &str, style: Style) -> Range<usize> {
        let from = self.text.len();
        self.text.push_str(&safe(text));
        let range = from..self.text.len();
        self.marks.push((range.clone(), style));
        range
    }

    /// Lays `style` over a part.
    pub fn mark(&mut self, range: Range<usize>, style: Style) {
        self.marks.push((range, style));
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How many rows the line takes on `columns` columns.
    pub fn rows(&self, columns: u16, fold: Fold) -> usize {
        match fold {
            Fold::Scrolled(_) => 1,
            Fold::Wrapped => breaks(&self.text, columns).len(),
        }
    }

    /// Draws the rows from `skip` on into `area`; returns how many were drawn.
    pub fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, (fold, skip): (Fold, usize)) -> u16 {
        let rows = match fold {
            Fold::Scrolled(left) => std::iter::once(self.after(left)..self.text.len()).collect(),
            Fold::Wrapped => breaks(&self.text, area.width),
        };
        let mut drawn = 0;
        for (y, row) in (area.y..area.bottom()).zip(rows.into_iter().skip(skip)) {
            self.draw_row(canvas, Rect { y, height: 1, ..area }, row);
            drawn += 1;
        }
        drawn
    }

    /// Draws one row, in runs of one style.
    fn draw_row(&self, canvas: &mut Canvas<'_>, area: Rect, row: Range<usize>) {
        let mut left = area;
        let mut from = row.start;
        while from < row.end && left.width > 0 {
            let end = self.run_end(from, row.end);
            left = canvas.styled(left, self.text.get(from..end).unwrap_or_default(), self.style_at(from));
            from = end;
        }
    }

    /// Where the style that holds at `from` ends.
    fn run_end(&self, from: usize, end: usize) -> usize {
        let edges = self.marks.iter().flat_map(|(range, _)| [range.start, range.end]);
        edges.filter(|edge| *edge > from && *edge < end && self.text.is_char_boundary(*edge)).min().unwrap_or(end)
    }

    fn style_at(&self, at: usize) -> Style {
        let here = self.marks.iter().filter(|(range, _)| range.contains(&at));
        here.fold(Style::default(), |style, (_, mark)| style.patch(*mark))
    }

    /// Where the text begins when `columns` columns are scrolled away.
    fn after(&self, columns: u16) -> usize {
        let mut gone = 0;
        let mut graphemes = self.text.grapheme_indices(true);
        let first = graphemes.find(|(_, grapheme)| {
            let is_gone = gone < columns;
            gone = gone.saturating_add(width(grapheme));
            !is_gone
        });
        first.map_or(self.text.len(), |(at, _)| at)
    }
}

/// `text` on as many rows of so many columns as it takes: broken between words, and within those that are too long.
pub fn folded(text: &str, columns: u16) -> Vec<String> {
    let words = wrap(&safe(text), columns.into());
    let rows = |line: &str| -> Vec<String> {
        breaks(line, columns).into_iter().filter_map(|row| line.get(row).map(str::to_owned)).collect()
    };
    words.lines().flat_map(rows).collect()
}

/// The rows of a line on `columns` columns; at least one.
fn breaks(text: &str, columns: u16) -> Vec<Range<usize>> {
    let mut rows = Vec::new();
    let (mut from, mut used) = (0, 0_u16);
    for (at, grapheme) in text.grapheme_indices(true) {
        let wide = width(grapheme);
        if used.saturating_add(wide) > columns.max(1) && at > from {
            rows.push(from..at);
            (from, used) = (at, 0);
        }
        used = used.saturating_add(wide);
    }
    rows.push(from..text.len());
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use ratatui::style::Color;

    fn line(text: &str) -> StyledLine {
        let mut line = StyledLine::default();
        line.push(text, Style::new());
        line
    }

    #[test]
    fn wide_characters_are_never_cut() {
        assert_eq!(breaks("ab日本c", 4), [0..5, 5..9]);
        assert_eq!(breaks("日本", 1), [0..3, 3..6]);
        assert_eq!(line("").rows(10, Fold::Wrapped), 1);
    }

    #[test]
    fn text_is_folded_between_words_and_within_long_ones() {
        assert_eq!(folded("scale web to 3", 10), ["scale web", "to 3"]);
        assert_eq!(folded("is nginx:1.25.31", 10), ["is", "nginx:1.25", ".31"]);
        assert_eq!(folded("日本 日本", 4), ["日本", "日本"]);
    }

    #[test]
    fn scrolling_leaves_out_whole_characters() {
        assert_eq!(line("ab日本c").after(3), 5);
        assert_eq!(line("abc").after(9), 3);
    }

    #[test]
    fn later_marks_lie_over_earlier_ones() {
        let mut line = line("error: no");
        line.mark(0..5, Style::new().fg(Color::Red));
        line.mark(0..2, Style::new().bold());
        assert_eq!(line.style_at(1), Style::new().fg(Color::Red).bold());
        assert_eq!((line.run_end(0, 9), line.run_end(2, 9), line.run_end(5, 9)), (2, 5, 9));
    }
}
