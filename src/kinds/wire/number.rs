//! Numbers in JSON.

use super::error::Error;
use super::json::Number;

/// The number at the front of `bytes`, and how many bytes it takes. One that is not ended by anything may go on.
///
/// # Errors
/// When it does not end here, or is none.
pub(super) fn read(bytes: &[u8]) -> Result<(Number, usize), Error> {
    let negative = bytes.first() == Some(&b'-');
    let whole = usize::from(negative);
    let mut at = digits(bytes, whole)?;
    if bytes.get(whole) == Some(&b'0') && at > whole + 1 {
        return Err(Error::broken("a number begins with 0"));
    }
    let end = at;
    if bytes.get(at) == Some(&b'.') {
        at = digits(bytes, at + 1)?;
    }
    if let Some(b'e' | b'E') = bytes.get(at) {
        let signed = matches!(bytes.get(at + 1), Some(b'+' | b'-'));
        at = digits(bytes, at + 1 + usize::from(signed))?;
    }
    let text = bytes.get(..at).unwrap_or_default();
    let number = (at == end).then(|| integer(text.get(whole..)?, negative)).flatten();
    number.map_or_else(|| real(text), Ok).map(|number| (number, at))
}

/// Where the digits end that begin at `from`; at least one must be there.
fn digits(bytes: &[u8], from: usize) -> Result<usize, Error> {
    let ahead = bytes.get(from..).unwrap_or_default();
    match ahead.iter().position(|byte| !byte.is_ascii_digit()) {
        None => Err(Error::incomplete()),
        Some(0) => Err(Error::broken("a number lacks its digits")),
        Some(count) => Ok(from + count),
    }
}

/// A whole number; none when 64 bits are too few. Zero with a sign is a real one.
fn integer(digits: &[u8], negative: bool) -> Option<Number> {
    let number =
        digits.iter().try_fold(0_u64, |number, digit| number.checked_mul(10)?.checked_add(u64::from(digit - b'0')))?;
    match (negative, number) {
        (false, _) => Some(Number::Natural(number)),
        (true, 0) => None,
        (true, _) => 0_i64.checked_sub_unsigned(number).map(Number::Negative),
    }
}

fn real(text: &[u8]) -> Result<Number, Error> {
    let number =
        str::from_utf8(text).ok().and_then(|text| text.parse::<f64>().ok()).filter(|number| number.is_finite());
    number.map(Number::Real).ok_or_else(|| Error::broken("a number is out of range"))
}
