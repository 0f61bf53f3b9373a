//! Quantities of resources: read, added and written as `apimachinery` `pkg/api/resource` does.

use super::json::Json;
use std::fmt;

/// Billionths of one: the smallest step of a quantity.
const NANO: i128 = 1_000_000_000;
/// Suffixes with their power of ten.
const DECIMAL: [(&str, i32); 10] =
    [("n", -9), ("u", -6), ("m", -3), ("", 0), ("k", 3), ("M", 6), ("G", 9), ("T", 12), ("P", 15), ("E", 18)];
/// Suffixes with their power of 1024.
const BINARY: [(&str, u32); 6] = [("Ki", 1), ("Mi", 2), ("Gi", 3), ("Ti", 4), ("Pi", 5), ("Ei", 6)];

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

/// An amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Quantity {
    nanos: i128,
    format: Format,
}

impl Quantity {
    /// The quantity that is written there; nothing, and what is no quantity, is 0.
    pub fn of(json: Json<'_>) -> Self {
        Self::parse(&json.to_string()).unwrap_or_default()
    }

    /// One.
    pub fn one() -> Self {
        Self { nanos: NANO, format: Format::Decimal }
    }

    /// A whole number, so written.
    pub fn whole(value: i128, format: Format) -> Self {
        Self { nanos: value.saturating_mul(NANO), format }
    }

    /// Reads `1500m`, `2Mi`, `1e3`.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let end = text.find(|c: char| !matches!(c, '0'..='9' | '.' | '+' | '-')).unwrap_or(text.len());
        let (number, suffix) = text.split_at_checked(end)?;
        if let Some((_, power)) = BINARY.iter().find(|(name, _)| *name == suffix) {
            return scaled(number, (1024_i128.pow(*power), 0)).map(|nanos| Self { nanos, format: Format::Binary });
        }
        if let Some((_, power)) = DECIMAL.iter().find(|(name, _)| *name == suffix) {
            return scaled(number, (1, *power)).map(|nanos| Self { nanos, format: Format::Decimal });
        }
        let power: i32 = suffix.strip_prefix(['e', 'E'])?.parse().ok()?;
        scaled(number, (1, power)).map(|nanos| Self { nanos, format: Format::Exponent })
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

    /// Whether both are the same amount.
    pub fn equals(self, other: Self) -> bool {
        self.nanos == other.nanos
    }

    /// The larger amount.
    #[must_use]
    pub fn max(self, other: Self) -> Self {
        if other.nanos > self.nanos { other } else { self }
    }

    /// Adds an amount; nothing takes the form of what is added to it.
    pub fn add(&mut self, other: Self) {
        if self.is_zero() {
            self.format = other.format;
        }
        self.nanos = self.nanos.saturating_add(other.nanos);
    }

    /// In whole units, rounded up.
    pub fn value(self) -> i128 {
        up(self.nanos, NANO)
    }

    /// In thousandths, rounded up.
    pub fn milli(self) -> i128 {
        up(self.nanos, NANO / 1000)
    }
}

/// A quotient, rounded away from zero.
fn up(amount: i128, by: i128) -> i128 {
    let rest = if amount % by == 0 { 0 } else { amount.signum() };
    amount / by + rest
}

/// `number` times `factor` times ten to the `power`, in billionths.
fn scaled(number: &str, (factor, power): (i128, i32)) -> Option<i128> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let digits: i128 = format!("{whole}{fraction}").parse().ok()?;
    let power = power + 9 - i32::try_from(fraction.len()).ok()?;
    let amount = digits.checked_mul(factor)?;
    match u32::try_from(power) {
        Ok(power) => amount.checked_mul(10_i128.checked_pow(power)?),
        Err(_) => Some(up(amount, 10_i128.checked_pow(power.unsigned_abs())?)),
    }
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

impl Quantity {
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

fn binary(mut number: i128, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut power = 0;
    while number % 1024 == 0 && power < 6 {
        (number, power) = (number / 1024, power + 1);
    }
    let suffix = BINARY.iter().find(|(_, known)| *known == power).map_or("", |(name, _)| *name);
    write!(f, "{number}{suffix}")
}

#[cfg(test)]
mod tests {
    use super::*;

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
        assert!(["", "x", "1x", "1.1.1", "--1", "1ee"].iter().all(|text| Quantity::parse(text).is_none()));
    }

    #[test]
    fn a_sum_is_written_as_its_first_amount() {
        let sum = |texts: &[&str]| {
            let mut sum = Quantity::default();
            for text in texts {
                sum.add(Quantity::parse(text).unwrap());
            }
            sum.to_string()
        };
        assert_eq!(sum(&["100m", "900m"]), "1");
        assert_eq!(sum(&["1Gi", "512Mi"]), "1536Mi");
        assert_eq!(sum(&["1Gi", "1M"]), "1074741824");
        assert_eq!(sum(&["0", "1Gi"]), "1Gi");
    }

    #[test]
    fn values_are_rounded_up() {
        let milli = Quantity::parse("1500u").unwrap();
        assert_eq!((milli.milli(), milli.value()), (2, 1));
    }
}
