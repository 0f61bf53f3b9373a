//! How wide the columns of a table are, and which are scrolled away.

use crate::kinds::{Heading, Width};

/// Cells between two columns.
pub const GAP: u16 = 2;

/// What is remembered of the columns: widths only grow while a screen is open, so that nothing jumps.
#[derive(Debug, Default)]
pub struct Columns {
    widest: Vec<u16>,
    skipped: usize,
}

/// A column as it is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Drawn {
    /// Which of the given headings.
    pub index: usize,
    /// Distance from the left edge.
    pub x: u16,
    /// Width.
    pub width: u16,
}

impl Columns {
    /// Scrolls to the left.
    pub fn shift_left(&mut self, by: usize) {
        self.skipped = self.skipped.saturating_sub(by);
    }

    /// Scrolls to the right; the name and the last column stay.
    pub fn shift_right(&mut self, by: usize, columns: usize) {
        self.skipped = (self.skipped + by).min(columns.saturating_sub(2));
    }

    /// Lays out `headings` over `total` cells. `pinned` columns at the left never scroll; `texts` gives the width of
    /// the widest visible text of each column.
    pub fn layout(&mut self, headings: &[Heading], texts: &[u16], pinned: usize, total: u16) -> Vec<Drawn> {
        self.widest.resize(headings.len(), 0);
        for (widest, (heading, text)) in self.widest.iter_mut().zip(headings.iter().zip(texts)) {
            *widest = (*widest).max(*text).max(super::super::canvas::width(&heading.name));
        }
        let kept = |index: usize| index < pinned || index >= pinned + self.skipped;
        let shown: Vec<usize> = (0..headings.len()).filter(|index| kept(*index)).collect();
        place(&shown, &self.wanted(headings), total)
    }

    /// The width that each column would like, and how much of the rest.
    fn wanted(&self, headings: &[Heading]) -> Vec<(u16, u16)> {
        let wanted = |(heading, widest): (&Heading, &u16)| match heading.width {
            Width::Fit(most) => ((*widest).min(most), 0),
            Width::Fill(share) => (*widest, share),
        };
        headings.iter().zip(&self.widest).map(wanted).collect()
    }
}

/// Puts the `shown` columns side by side. What does not fit is taken from the columns that fill, down to a third,
/// then from the right edge.
fn place(shown: &[usize], wanted: &[(u16, u16)], total: u16) -> Vec<Drawn> {
    let of = |index: &usize| wanted.get(*index).copied().unwrap_or_default();
    let gaps = GAP * u16::try_from(shown.len().saturating_sub(1)).unwrap_or(u16::MAX);
    let needed: u16 = shown.iter().map(|index| of(index).0).fold(gaps, u16::saturating_add);
    let mut missing = needed.saturating_sub(total);
    let mut x = 0;
    let mut drawn = Vec::new();
    for index in shown {
        let (mut width, share) = of(index);
        if share > 0 {
            let give = missing.min(width.saturating_sub((width / 3).max(8)));
            width -= give;
            missing -= give;
        }
        if x >= total {
            break;
        }
        drawn.push(Drawn { index: *index, x, width: width.min(total - x) });
        x = x.saturating_add(width).saturating_add(GAP);
    }
    drawn
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::Place;

    fn headings() -> Vec<Heading> {
        let heading =
            |name: &'static str, width| Heading { name: name.into(), width, place: Place::Always, right: false };
        vec![heading("NAME", Width::Fill(1)), heading("READY", Width::Fit(7)), heading("AGE", Width::Fit(9))]
    }

    fn widths(texts: &[u16], total: u16) -> Vec<u16> {
        Columns::default().layout(&headings(), texts, 1, total).iter().map(|drawn| drawn.width).collect()
    }

    #[test]
    fn columns_are_as_wide_as_their_texts() {
        assert_eq!(widths(&[12, 3, 20], 80), [12, 5, 9]);
    }

    #[test]
    fn names_give_way_first_then_the_right_edge() {
        assert_eq!(widths(&[30, 5, 4], 33), [20, 5, 4]);
        assert_eq!(widths(&[30, 5, 4], 14), [10, 2]);
        assert_eq!(widths(&[30, 5, 4], 0), [] as [u16; 0]);
    }

    #[test]
    fn the_name_stays_when_the_others_scroll() {
        let mut columns = Columns::default();
        columns.shift_right(9, 3);
        let shown: Vec<_> = columns.layout(&headings(), &[4, 5, 4], 1, 80).iter().map(|drawn| drawn.index).collect();
        assert_eq!(shown, [0, 2]);
    }
}
