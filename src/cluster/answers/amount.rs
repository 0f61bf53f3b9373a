//! `Quantity`: an amount of a resource, rounded as `kubectl top` rounds it.

use crate::kinds::quantity::nanos;
use std::iter::Sum;
use std::ops::Add;

/// An amount, in billionths; what is finer is rounded up, as there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Quantity(i128);

const MILLI: i128 = 1_000_000;
const ONE: i128 = 1_000_000_000;

impl Quantity {
    /// Reads a quantity; what is none is nothing.
    pub fn parse(text: &str) -> Option<Self> {
        nanos(text).map(Self)
    }

    /// In thousandths, rounded up.
    pub fn millis(self) -> i128 {
        up(self.0, MILLI)
    }

    /// In whole units, rounded up.
    pub fn whole(self) -> i128 {
        up(self.0, ONE)
    }

    /// How many hundredths of `all` it is, cut; of nothing it is 0.
    pub fn percent_of(self, all: Self) -> i128 {
        (self.millis() * 100).checked_div(all.millis()).unwrap_or_default()
    }
}

/// A division, rounded up.
fn up(number: i128, by: i128) -> i128 {
    -(-number).div_euclid(by)
}

impl Add for Quantity {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sum for Quantity {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_rounded_up() {
        let millis = |text: &str| Quantity::parse(text).map(Quantity::millis);
        let shown = ["100m", "1", "1n", "1500001u", "250000000n", "-1"].map(|text| millis(text).unwrap());
        assert_eq!(shown, [100, 1_000, 1, 1_501, 250, -1_000]);
        assert_eq!((millis("x"), Quantity::parse("1Ki").map(Quantity::whole)), (None, Some(1_024)));
    }

    #[test]
    fn shares_are_cut() {
        let of = |part: &str, all: &str| Quantity::parse(part).unwrap().percent_of(Quantity::parse(all).unwrap());
        assert_eq!((of("999m", "1"), of("1", "3"), of("2", "1"), of("1", "0")), (99, 33, 200, 0));
    }
}
