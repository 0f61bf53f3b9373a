//! Strings in JSON, behind their opening quotes.

use super::error::Error;
use super::scan;
use std::borrow::Cow;

/// The string, and how many bytes it takes with its closing quote. Without escapes it is borrowed.
///
/// # Errors
/// When it does not end here, or is none.
#[inline]
pub(super) fn read(bytes: &[u8]) -> Result<(Cow<'_, str>, usize), Error> {
    let end = plain(bytes)?;
    match bytes.get(end) {
        Some(b'"') => Ok((text(bytes, end).map(Cow::Borrowed)?, end + 1)),
        _ => with_escapes(bytes).map(|(text, end)| (Cow::Owned(text), end)),
    }
}

/// How many bytes the string takes with its closing quote. What its escapes say is not looked at.
///
/// # Errors
/// When it does not end here, or holds a control character.
pub(super) fn length(bytes: &[u8]) -> Result<usize, Error> {
    let mut at = 0;
    loop {
        at += plain(bytes.get(at..).unwrap_or_default())?;
        match bytes.get(at) {
            Some(b'"') => return Ok(at + 1),
            _ => at += 2,
        }
    }
}

/// How many bytes lie before the next quote or backslash.
#[inline]
fn plain(bytes: &[u8]) -> Result<usize, Error> {
    let end = scan::plain(bytes).ok_or_else(Error::incomplete)?;
    match bytes.get(end) {
        Some(..0x20) => Err(Error::broken("a string holds a control character")),
        _ => Ok(end),
    }
}

/// The first `end` bytes.
#[inline]
fn text(bytes: &[u8], end: usize) -> Result<&str, Error> {
    str::from_utf8(bytes.get(..end).unwrap_or_default()).map_err(|_| not_utf8())
}

fn with_escapes(bytes: &[u8]) -> Result<(String, usize), Error> {
    let (mut all, mut at) = (Vec::new(), 0);
    loop {
        let ahead = bytes.get(at..).unwrap_or_default();
        let (part, rest) = ahead.split_at_checked(plain(ahead)?).unwrap_or_default();
        all.extend_from_slice(part);
        at += part.len() + 1;
        let Some(escape) = rest.strip_prefix(b"\\") else {
            return String::from_utf8(all).map(|text| (text, at)).map_err(|_| not_utf8());
        };
        let (char, length) = unescaped(escape)?;
        all.extend_from_slice(char.encode_utf8(&mut [0; 4]).as_bytes());
        at += length;
    }
}

#[cold]
fn not_utf8() -> Error {
    Error::broken("a string is no UTF-8")
}

/// The character behind a backslash, and how many bytes it takes.
fn unescaped(bytes: &[u8]) -> Result<(char, usize), Error> {
    let char = match bytes.first().ok_or_else(Error::incomplete)? {
        b'"' => '"',
        b'\\' => '\\',
        b'/' => '/',
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'u' => return numbered(bytes.get(1..).unwrap_or_default()).map(|(char, length)| (char, 1 + length)),
        _ => return Err(Error::broken("an escape is not known")),
    };
    Ok((char, 1))
}

/// The character with the number behind `\u`. One beyond 16 bits is written as two halves.
fn numbered(bytes: &[u8]) -> Result<(char, usize), Error> {
    let high = hex(bytes)?;
    if let Some(char) = char::from_u32(high) {
        return Ok((char, 4));
    }
    let alone = || Error::broken("an escape is half a character");
    let ahead = bytes.get(4..).unwrap_or_default();
    let low = match ahead.strip_prefix(b"\\u") {
        _ if high >= 0xdc00 => return Err(alone()),
        Some(low) => hex(low)?,
        None if b"\\u".starts_with(ahead) => return Err(Error::incomplete()),
        None => return Err(alone()),
    };
    let low = low.checked_sub(0xdc00).filter(|low| *low < 0x400).ok_or_else(alone)?;
    let char = char::from_u32(0x1_0000 + ((high - 0xd800) << 10 | low)).ok_or_else(alone)?;
    Ok((char, 10))
}

/// The number that four digits write.
fn hex(bytes: &[u8]) -> Result<u32, Error> {
    let digits = bytes.first_chunk::<4>().ok_or_else(Error::incomplete)?;
    digits.iter().try_fold(0, |number, digit| {
        let digit = char::from(*digit).to_digit(16).ok_or_else(|| Error::broken("an escape lacks its digits"))?;
        Ok(number << 4 | digit)
    })
}
