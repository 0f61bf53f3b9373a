//! Quantities of Kubernetes (`apimachinery` `pkg/api/resource`): `10Gi`, `100m`, `1e3`, compared by what they are worth.

/// The most that a quantity is worth, in whole units; more counts as this.
const MOST: i128 = i64::MAX as i128;
/// Parts of a unit that are told apart: finer ones are rounded up.
const NANO: i128 = 1_000_000_000;
/// Digits behind the point that are looked at.
const FINEST: usize = 18;

/// What a quantity is worth, in billionths of its unit; `None` when `text` is none.
pub fn nanos(text: &str) -> Option<i128> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let end = unsigned.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(unsigned.len());
    let (number, suffix) = unsigned.split_at_checked(end)?;
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
    let tens = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"].into_iter().zip((-9..=18).step_by(3));
    let twos = ["Ki", "Mi", "Gi", "Ti", "Pi", "Ei"].into_iter().zip((10..=60).step_by(10));
    let tens = tens.map(|(name, power)| (name, (10, power)));
    let known = tens.chain(twos.map(|(name, power)| (name, (2, power)))).find(|(name, _)| *name == suffix);
    let exponent = || Some((10, suffix.strip_prefix(['e', 'E'])?.parse::<i32>().ok()?.clamp(-60, 60)));
    known.map(|(_, unit)| unit).or_else(exponent)
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

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "[-+]?[0-9.]{0,40}(Ki|m|e-?[0-9]{0,12}|E)?", other in ".*") {
            let _ = (nanos(&text), nanos(&other));
        }
    }
}
