//! Strings in JSON, behind their opening quotes.

use super::error::Error;
use super::scan;
use std::borrow::Cow;

/// The string as bytes, and how many of them it takes with its closing quote. Without escapes it is borrowed.
///
/// # Errors
/// When it does not end here, or is none.
#[inline]
pub(super) fn read(bytes: &[u8]) -> Result<(Cow<'_, [u8]>, usize), Error> {
    let end = plain(bytes)?;
    match bytes.split_at_checked(end) {
        Some((text, [b'"', ..])) => Ok((Cow::Borrowed(text), end + 1)),
        _ => with_escapes(bytes).map(|(text, end)| (Cow::Owned(text), end)),
    }
}

/// The text that these bytes of a string are.
///
/// # Errors
/// When they are none.
#[inline]
pub(super) fn checked(bytes: Cow<'_, [u8]>) -> Result<Cow<'_, str>, Error> {
    let text = match bytes {
        Cow::Borrowed(bytes) => str::from_utf8(bytes).ok().map(Cow::Borrowed),
        Cow::Owned(bytes) => String::from_utf8(bytes).ok().map(Cow::Owned),
    };
    text.ok_or_else(|| Error::broken("a string is no UTF-8"))
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

#[cold]
fn with_escapes(bytes: &[u8]) -> Result<(Vec<u8>, usize), Error> {
    let (mut all, mut at) = (Vec::new(), 0);
    loop {
        let ahead = bytes.get(at..).unwrap_or_default();
        let (part, rest) = ahead.split_at_checked(plain(ahead)?).unwrap_or_default();
        all.extend_from_slice(part);
        at += part.len() + 1;
        let Some(escape) = rest.strip_prefix(b"\\") else {
            return Ok((all, at));
        };
        let (char, length) = unescaped(escape)?;
        all.extend_from_slice(char.encode_utf8(&mut [0; 4]).as_bytes());
        at += length;
    }
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
