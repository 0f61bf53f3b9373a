//! Quantities of Kubernetes: read, compared, added and written as `apimachinery` `pkg/api/resource` does: `10Gi`, `100m`,
//! `1e3`.

use std::cmp::Ordering;
use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign};

/// The most that a quantity is worth, in whole units; more counts as this.
const MOST: i128 = i64::MAX as i128;
/// Parts of a unit that are told apart: finer ones are rounded up.
const NANO: i128 = 1_000_000_000;
/// Digits behind the point that are looked at.
const FINEST: usize = 18;
/// Suffixes with their power of ten.
const DECIMAL: [(&str, i32); 10] =
    [("n", -9), ("u", -6), ("m", -3), ("", 0), ("k", 3), ("M", 6), ("G", 9), ("T", 12), ("P", 15), ("E", 18)];
/// Suffixes with their power of two.
const BINARY: [(&str, i32); 6] = [("Ki", 10), ("Mi", 20), ("Gi", 30), ("Ti", 40), ("Pi", 50), ("Ei", 60)];

/// What a quantity is worth, in billionths of its unit; `None` when `text` is none.
pub fn nanos(text: &str) -> Option<i128> {
    let (number, suffix) = split(text)?;
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    if (whole.is_empty() && part.is_empty()) || part.contains('.') {
        return None;
    }
    let unit = unit(suffix)?;
    let part = part.get(..FINEST).unwrap_or(part);
    let behind_point = i32::try_from(part.len()).ok()?;
    let worth = scale(digits(whole)?, unit, 0).saturating_add(scale(digits(part)?, unit, behind_point));
    let worth = worth.min(MOST * NANO);
    Some(if text.starts_with('-') { -worth } else { worth })
}

/// The number without its sign, and the suffix.
fn split(text: &str) -> Option<(&str, &str)> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let end = unsigned.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(unsigned.len());
    unsigned.split_at_checked(end)
}

/// The number that digits write; one that is too large is the largest.
fn digits(text: &str) -> Option<i128> {
    text.bytes().try_fold(0_i128, |number, byte| {
        let digit = byte.is_ascii_digit().then(|| i128::from(byte - b'0'))?;
        Some(number.saturating_mul(10).saturating_add(digit))
    })
}

/// `number` × `base`^`power` ÷ 10^`behind_point` in billionths, rounded up.
fn scale(number: i128, (base, power): (i128, i32), behind_point: i32) -> i128 {
    let (tens, twos) = if base == 2 { (9 - behind_point, power) } else { (power + 9 - behind_point, 0) };
    let factor = |base: i128, power: i32| base.saturating_pow(u32::try_from(power.max(0)).unwrap_or(0));
    let worth = number.saturating_mul(factor(2, twos)).saturating_mul(factor(10, tens));
    let divisor = factor(10, -tens);
    worth / divisor + i128::from(worth % divisor != 0)
}

/// The base and the power that a suffix stands for.
fn unit(suffix: &str) -> Option<(i128, i32)> {
    let of = |known: &[(&str, i32)]| known.iter().find(|(name, _)| *name == suffix).map(|(_, power)| *power);
    let exponent = || Some((10, suffix.strip_prefix(['e', 'E'])?.parse::<i32>().ok()?.clamp(-60, 60)));
    of(&DECIMAL).map(|power| (10, power)).or_else(|| Some((2, of(&BINARY)?))).or_else(exponent)
}

/// How a quantity is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// `1500m`, `2M`.
    #[default]
    Decimal,
    /// `2Mi`.
    Binary,
    /// `2e6`.
    Exponent,
}

/// An amount; it is compared by what it is worth, however it is written.
#[derive(Debug, Clone, Copy, Default)]
pub struct Quantity {
    nanos: i128,
    format: Format,
}

impl Quantity {
    /// One.
    pub const ONE: Self = Self { nanos: NANO, format: Format::Decimal };

    /// A whole number, so written.
    pub fn whole(value: i128, format: Format) -> Self {
        Self { nanos: value.saturating_mul(NANO), format }
    }

    /// So many billionths.
    pub fn billionths(nanos: i128) -> Self {
        Self { nanos, format: Format::Decimal }
    }

    /// Reads `1500m`, `2Mi`, `1e3`; `None` when `text` is none.
    pub fn parse(text: &str) -> Option<Self> {
        let nanos = nanos(text)?;
        let format = match split(text)?.1 {
            suffix if suffix.ends_with('i') => Format::Binary,
            suffix if suffix.len() > 1 => Format::Exponent,
            _ => Format::Decimal,
        };
        Some(Self { nanos, format })
    }

    /// How it is written.
    pub fn format(self) -> Format {
        self.format
    }

    /// Whether it is nothing.
    pub fn is_zero(self) -> bool {
        self.nanos == 0
    }

    /// Whether it is more than nothing.
    pub fn is_positive(self) -> bool {
        self.nanos > 0
    }

    /// In whole units, rounded up.
    pub fn value(self) -> i128 {
        up(self.nanos, NANO)
    }

    /// In thousandths, rounded up.
    pub fn milli(self) -> i128 {
        up(self.nanos, NANO / 1000)
    }

    /// How many hundredths of `all` it is, cut; of nothing it is 0. As `kubectl top node` reckons.
    pub fn percent_of(self, all: Self) -> i128 {
        (self.milli() * 100).checked_div(all.milli()).unwrap_or_default()
    }

    /// The shortest number with a suffix that loses nothing.
    fn decimal(self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (mut number, mut power) = (self.nanos, -9);
        while number % 1000 == 0 && power < 18 {
            (number, power) = (number / 1000, power + 3);
        }
        match self.format {
            Format::Exponent if power != 0 => write!(f, "{number}e{power}"),
            Format::Exponent => write!(f, "{number}"),
            _ => {
                let suffix = DECIMAL.iter().find(|(_, known)| *known == power).map_or("", |(name, _)| *name);
                write!(f, "{number}{suffix}")
            }
        }
    }
}

/// A quotient, rounded away from zero.
fn up(amount: i128, by: i128) -> i128 {
    let rest = if amount % by == 0 { 0 } else { amount.signum() };
    amount / by + rest
}

fn binary(mut number: i128, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut power = 0;
    while number % 1024 == 0 && power < 60 {
        (number, power) = (number / 1024, power + 10);
    }
    let suffix = BINARY.iter().find(|(_, known)| *known == power).map_or("", |(name, _)| *name);
    write!(f, "{number}{suffix}")
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let whole = self.nanos / NANO;
        // What is small or no whole number stays exact in decimal.
        let is_binary = self.format == Format::Binary && self.nanos % NANO == 0 && whole.abs() >= 1024;
        match (self.is_zero(), is_binary) {
            (true, _) => f.write_str("0"),
            (_, true) => binary(whole, f),
            _ => self.decimal(f),
        }
    }
}

impl PartialEq for Quantity {
    fn eq(&self, other: &Self) -> bool {
        self.nanos == other.nanos
    }
}

impl Eq for Quantity {}

impl PartialOrd for Quantity {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Quantity {
    fn cmp(&self, other: &Self) -> Ordering {
        self.nanos.cmp(&other.nanos)
    }
}

impl Add for Quantity {
    type Output = Self;

    /// Nothing takes the form of what is added to it.
    fn add(self, other: Self) -> Self {
        let format = if self.is_zero() { other.format } else { self.format };
        Self { nanos: self.nanos.saturating_add(other.nanos), format }
    }
}

impl AddAssign for Quantity {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
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
    use proptest::prelude::*;

    #[test]
    fn they_are_compared_by_their_worth() {
        let rising = [
            "-1Ki", "-5", "0", "1n", "100u", "100m", "0.2", "500m", "1", "1.5", "1e3", "1Ki", "1M", "1Mi", "10Gi",
            "1Ti", "2P", "1Ei", "9E",
        ];
        for pair in rising.windows(2) {
            assert!(nanos(pair[0]) < nanos(pair[1]), "{pair:?}");
        }
        let same = [
            ("1000m", "1"),
            ("1024Mi", "1Gi"),
            ("1E3", "1k"),
            (".5", "500m"),
            ("1.", "+1"),
            ("007", "7"),
            ("100E", "10Ei"),
            ("0.1n", "1n"),
        ];
        for (a, b) in same {
            assert_eq!(nanos(a), nanos(b), "{a} {b}");
            assert!(nanos(a).is_some(), "{a}");
        }
    }

    #[test]
    fn what_is_none_is_none() {
        for text in ["", "-", ".", "Ki", "1K", "1 Gi", "1.2.3", "web", "1ee5", "1e", "0x1", "--1", "1Gib", "\u{661}"] {
            assert_eq!(nanos(text), None, "{text}");
        }
    }

    #[test]
    fn quantities_are_written_as_they_are_read() {
        for text in ["0", "100m", "1500m", "1", "2k", "20Gi", "1500Mi", "100", "5M", "1Ei", "12e6", "1n", "-3"] {
            assert_eq!(Quantity::parse(text).unwrap().to_string(), text);
        }
        for (text, canonical) in
            [("1000m", "1"), ("0.5", "500m"), ("1024Mi", "1Gi"), ("512", "512"), ("0.5Gi", "512Mi")]
        {
            assert_eq!(Quantity::parse(text).unwrap().to_string(), canonical);
        }
    }

    #[test]
    fn a_sum_is_written_as_its_first_amount() {
        let sum = |texts: &[&str]| texts.iter().filter_map(|text| Quantity::parse(text)).sum::<Quantity>().to_string();
        assert_eq!(sum(&["100m", "900m"]), "1");
        assert_eq!(sum(&["1Gi", "512Mi"]), "1536Mi");
        assert_eq!(sum(&["1Gi", "1M"]), "1074741824");
        assert_eq!(sum(&["0", "1Gi"]), "1Gi");
    }

    #[test]
    fn values_are_rounded_up_and_shares_cut() {
        let parse = |text: &str| Quantity::parse(text).unwrap();
        assert_eq!(["100m", "1n", "1500001u", "-1"].map(|text| parse(text).milli()), [100, 1, 1_501, -1_000]);
        assert_eq!(["1500u", "1Ki"].map(|text| parse(text).value()), [1, 1_024]);
        let of = |part: &str, all: &str| parse(part).percent_of(parse(all));
        assert_eq!((of("999m", "1"), of("1", "3"), of("2", "1"), of("1", "0")), (99, 33, 200, 0));
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "[-+]?[0-9.]{0,40}(Ki|m|e-?[0-9]{0,12}|E)?", other in ".*") {
            let _ = (nanos(&text), nanos(&other));
        }
    }
}
