//! How wide the columns of a table are, and which are scrolled away.

use crate::kinds::{Heading, Place, Width};
use std::cmp::Reverse;

/// Cells between two columns.
pub const GAP: u16 = 2;
/// Cells below which no column gives way. Names keep three tenths of the table: they are what tells rows apart.
const LEAST: u16 = 8;

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

/// What a column would like.
#[derive(Debug, Clone, Copy)]
struct Wish {
    /// Its width.
    width: u16,
    /// The least that it can be read at.
    least: u16,
    /// Whether it can be left out: the lowest first.
    rank: Option<u8>,
    /// Whether it is one of the wide table.
    wide: bool,
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
        let mut shown: Vec<usize> = (0..headings.len()).filter(|index| kept(*index)).collect();
        let wishes = self.wishes(headings, pinned, total);
        leave_out(&mut shown, &wishes, (pinned, total));
        place(&shown, &wishes, total)
    }

    /// What each column would like.
    fn wishes(&self, headings: &[Heading], pinned: usize, total: u16) -> Vec<Wish> {
        let wish = |(index, (heading, widest)): (usize, (&Heading, &u16))| {
            let (width, least, rank) = match heading.width {
                Width::Fit(most) => ((*widest).min(most), most, None),
                Width::Spare(most, rank) => ((*widest).min(most), most, Some(rank)),
                Width::Fill(_) if index < pinned => (*widest, (total.saturating_mul(3) / 10).max(LEAST), None),
                Width::Fill(_) => (*widest, (*widest / 3).max(LEAST), None),
            };
            Wish { width, least: least.min(width), rank, wide: heading.place == Place::Wide }
        };
        headings.iter().zip(&self.widest).enumerate().map(wish).collect()
    }
}

/// How many cells `shown` columns need at least, with the gaps between them. Those of the wide table do not count: they
/// stand behind the others, and one scrolls to them.
fn needed(shown: &[usize], wishes: &[Wish]) -> u16 {
    let counted = shown.iter().filter_map(|index| wishes.get(*index)).filter(|wish| !wish.wide);
    counted.fold(0_u16, |sum, wish| sum.saturating_add(wish.least).saturating_add(GAP)).saturating_sub(GAP)
}

/// Leaves out columns that can be spared until the others have room, but none of those that are `pinned`.
fn leave_out(shown: &mut Vec<usize>, wishes: &[Wish], (pinned, total): (usize, u16)) {
    while needed(shown, wishes) > total {
        let rank = |(at, index): (usize, &usize)| Some((wishes.get(*index)?.rank?, Reverse(at)));
        let Some((_, Reverse(at))) = shown.iter().enumerate().skip(pinned).filter_map(rank).min() else { return };
        shown.remove(at);
    }
}

/// Puts the `shown` columns side by side. What does not fit is taken from the columns that fill, the names last, then
/// from the right edge.
fn place(shown: &[usize], wishes: &[Wish], total: u16) -> Vec<Drawn> {
    let mut widths: Vec<(usize, Wish)> =
        shown.iter().filter_map(|index| Some((*index, *wishes.get(*index)?))).collect();
    let needed = widths.iter().fold(0_u16, |sum, (_, wish)| sum.saturating_add(wish.width).saturating_add(GAP));
    let mut missing = needed.saturating_sub(GAP).saturating_sub(total);
    for (_, wish) in widths.iter_mut().rev() {
        let give = missing.min(wish.width - wish.least);
        wish.width -= give;
        missing -= give;
    }
    let mut x = 0;
    let mut drawn = Vec::new();
    for (index, wish) in widths {
        if x >= total {
            break;
        }
        drawn.push(Drawn { index, x, width: wish.width.min(total - x) });
        x = x.saturating_add(wish.width).saturating_add(GAP);
    }
    drawn
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn names_give_way_as_long_as_they_can_be_read_then_the_right_edge() {
        assert_eq!(widths(&[30, 5, 4], 33), [20, 5, 4]);
        assert_eq!(widths(&[30, 5, 4], 14), [8, 4]);
        assert_eq!(widths(&[30, 5, 4], 0), [] as [u16; 0]);
    }

    #[test]
    fn what_can_be_spared_goes_before_names_cannot_be_read() {
        let spare = |rank| Heading { width: Width::Spare(9, rank), ..headings().remove(1) };
        let wide = Heading { place: Place::Wide, ..headings().remove(2) };
        let message = Heading { width: Width::Fill(1), ..headings().remove(2) };
        let all = [headings().remove(0), spare(1), spare(0), spare(1), message, wide];
        let shown = |total: u16| {
            let drawn = Columns::default().layout(&all, &[40, 9, 9, 9, 30, 9], 1, total);
            drawn.iter().map(|drawn| (drawn.index, drawn.width)).collect::<Vec<_>>()
        };
        assert_eq!(shown(116), [(0, 40), (1, 9), (2, 9), (3, 9), (4, 30), (5, 9)]);
        assert_eq!(shown(85), [(0, 29), (1, 9), (2, 9), (3, 9), (4, 10), (5, 9)], "names give last");
        assert_eq!(shown(60), [(0, 18), (1, 9), (3, 9), (4, 10), (5, 6)], "the lowest rank goes first");
        assert_eq!(shown(45), [(0, 13), (1, 9), (4, 10), (5, 7)], "then the rightmost");
        assert_eq!(shown(12), [(0, 8), (4, 2)]);
    }

    #[test]
    fn the_name_stays_when_the_others_scroll() {
        let mut columns = Columns::default();
        columns.shift_right(9, 3);
        let shown: Vec<_> = columns.layout(&headings(), &[4, 5, 4], 1, 80).iter().map(|drawn| drawn.index).collect();
        assert_eq!(shown, [0, 2]);
    }
}
