//! Moving through lists and texts, as in vi.

/// A move of the cursor or of the view.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Motion {
    /// So many lines down.
    Down(usize),
    /// So many lines up.
    Up(usize),
    /// To the first line, or to this one (counted from 1).
    Top(Option<usize>),
    /// To the last line, or to this one (counted from 1).
    Bottom(Option<usize>),
    /// Half a screen down, so many times.
    HalfDown(usize),
    /// Half a screen up.
    HalfUp(usize),
    /// A screen down.
    PageDown(usize),
    /// A screen up.
    PageUp(usize),
    /// To the left.
    Left(usize),
    /// To the right.
    Right(usize),
}

/// Where `motion` leads from line `at` of `len`, on a screen of `height` lines.
pub fn moved(motion: Motion, at: usize, len: usize, height: usize) -> usize {
    let half = (height / 2).max(1);
    let page = height.saturating_sub(1).max(1);
    let to = match motion {
        Motion::Down(n) => at.saturating_add(n),
        Motion::Up(n) => at.saturating_sub(n),
        Motion::Top(line) => line.unwrap_or(1).saturating_sub(1),
        Motion::Bottom(line) => line.unwrap_or(len).saturating_sub(1),
        Motion::HalfDown(n) => at.saturating_add(half.saturating_mul(n)),
        Motion::HalfUp(n) => at.saturating_sub(half.saturating_mul(n)),
        Motion::PageDown(n) => at.saturating_add(page.saturating_mul(n)),
        Motion::PageUp(n) => at.saturating_sub(page.saturating_mul(n)),
        Motion::Left(_) | Motion::Right(_) => at,
    };
    to.min(len.saturating_sub(1))
}

/// How many columns `by` steps to the side scroll.
pub fn columns(by: usize) -> u16 {
    u16::try_from(by.saturating_mul(8)).unwrap_or(u16::MAX)
}

/// The first visible line so that line `at` is on a screen of `height` lines that showed `top` first.
pub fn scrolled(at: usize, top: usize, len: usize, height: usize) -> usize {
    let lowest = (at + 1).saturating_sub(height);
    top.clamp(lowest, at.max(lowest)).min(len.saturating_sub(height.min(len)).max(lowest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn motions_stop_at_the_ends() {
        assert_eq!(moved(Motion::Down(3), 8, 10, 5), 9);
        assert_eq!(moved(Motion::Up(3), 1, 10, 5), 0);
        assert_eq!(moved(Motion::Bottom(None), 0, 10, 5), 9);
        assert_eq!(moved(Motion::Top(Some(4)), 0, 10, 5), 3);
        assert_eq!(moved(Motion::HalfDown(2), 0, 10, 4), 4);
        assert_eq!(moved(Motion::Down(1), 0, 0, 0), 0);
    }

    proptest! {
        #[test]
        fn the_cursor_is_always_on_the_screen(at in 0..100_usize, top in 0..100_usize, more in 0..100_usize, height in 1..50_usize) {
            let len = at + 1 + more;
            let top = scrolled(at, top, len, height);
            prop_assert!(top <= at && at < top + height);
        }
    }
}
