//! `Trend`: what something used of late, in few bytes, and the bars that show it.

use crate::kinds::usage::{Amount, Figure};

/// How many figures are kept.
const KEPT: usize = 20;
/// Bits of a number that are kept.
const DIGITS: u32 = 11;
/// The bars, the lowest first.
const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// The last figures.
#[derive(Debug, Clone, Copy, Default)]
pub struct Trend {
    cpu: [u16; KEPT],
    memory: [u16; KEPT],
    len: u8,
}

impl Trend {
    /// Adds a figure; the oldest gives way.
    pub fn push(&mut self, figure: Figure) {
        for (kept, now) in [(&mut self.cpu, figure.cpu), (&mut self.memory, figure.memory)] {
            kept.rotate_left(1);
            if let Some(last) = kept.last_mut() {
                *last = short(now);
            }
        }
        self.len = (self.len + 1).min(u8::try_from(KEPT).unwrap_or(u8::MAX));
    }

    /// A bar for each figure, the newest last: the highest is the most that was used.
    pub fn show(&self, amount: Amount) -> String {
        let all = match amount {
            Amount::Cpu => &self.cpu,
            Amount::Memory => &self.memory,
        };
        let kept = all.get(KEPT - usize::from(self.len).min(KEPT)..).unwrap_or_default();
        let most = kept.iter().copied().map(long).max().unwrap_or_default().max(1);
        let bar = |used: &u16| usize::try_from(long(*used) * 7 / most).ok().and_then(|level| BARS.get(level)).copied();
        kept.iter().filter_map(bar).collect()
    }
}

/// A number to a thousandth of itself: eleven bits, and by how many they are shifted. Numbers of 42 bits and more are cut.
fn short(number: u64) -> u16 {
    let number = number.min((1 << 42) - 1);
    let shift = (u64::BITS - number.leading_zeros()).saturating_sub(DIGITS);
    u16::try_from(number >> shift | u64::from(shift) << DIGITS).unwrap_or(u16::MAX)
}

/// The number of [`short`].
fn long(short: u16) -> u64 {
    u64::from(short & ((1 << DIGITS) - 1)) << (short >> DIGITS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_three_digits() {
        for number in [0, 1, 2_047, 2_048, 123_456_789, 1 << 41, (1 << 42) - 1] {
            let again = long(short(number));
            assert!(again <= number && number - again <= number / 1_000, "{number} {again}");
        }
        assert_eq!(long(short(u64::MAX)) >> 41, 1);
    }

    #[test]
    fn the_last_figures_are_shown_as_bars() {
        let mut trend = Trend::default();
        assert_eq!(trend.show(Amount::Cpu), "");
        for cpu in [0, 50, 100] {
            trend.push(Figure { cpu, memory: 7 });
        }
        assert_eq!([Amount::Cpu, Amount::Memory].map(|amount| trend.show(amount)), ["▁▄█", "███"]);
        (0..30).for_each(|_| trend.push(Figure { cpu: 1_000, memory: 0 }));
        assert_eq!([Amount::Cpu, Amount::Memory].map(|amount| trend.show(amount)), ["█".repeat(20), "▁".repeat(20)]);
    }
}
