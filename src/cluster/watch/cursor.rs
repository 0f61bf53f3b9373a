//! `Cursor`: walks through JSON that may not be all there yet, one key or value at a time.

use crate::kinds::ReadError;
use serde::Deserialize;
use serde_json::Deserializer;
use std::borrow::Cow;

/// A place in bytes of JSON. When something does not end in these bytes, it says `Incomplete`; the caller then begins
/// again from the last place that it has noted.
pub(super) struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
}

/// A string, borrowed unless it holds escapes.
#[derive(Deserialize)]
pub(super) struct Text<'a>(#[serde(borrow)] pub Cow<'a, str>);

impl<'a> Cursor<'a> {
    pub(super) const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// How many bytes lie behind.
    pub(super) const fn at(&self) -> usize {
        self.at
    }

    /// What lies ahead.
    pub(super) fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    /// Goes on by `count` bytes.
    pub(super) const fn advance(&mut self, count: usize) {
        self.at += count;
    }

    /// Passes over white space; whether anything but that lies ahead.
    pub(super) fn more(&mut self) -> bool {
        self.at += self.rest().iter().take_while(|b| matches!(b, b' ' | b'\n' | b'\r' | b'\t')).count();
        !self.rest().is_empty()
    }

    /// Takes `byte` if it is the next one.
    pub(super) fn take(&mut self, byte: u8) -> Result<bool, ReadError> {
        if !self.more() {
            return Err(ReadError::Incomplete);
        }
        let is = self.rest().first() == Some(&byte);
        self.at += usize::from(is);
        Ok(is)
    }

    /// Takes `byte`, which must be the next one.
    pub(super) fn expect(&mut self, byte: u8) -> Result<(), ReadError> {
        if self.take(byte)? {
            return Ok(());
        }
        let found: String = String::from_utf8_lossy(self.rest()).chars().take(40).collect();
        Err(ReadError::Broken(format!("expected '{}' and found '{found}'", char::from(byte))))
    }

    /// Takes the next key of an object, so that its value lies ahead; `None` at the object's end.
    pub(super) fn key(&mut self, first: bool) -> Result<Option<Cow<'a, str>>, ReadError> {
        if self.take(b'}')? {
            return Ok(None);
        }
        if !first {
            self.expect(b',')?;
        }
        let Text(key) = self.value()?;
        self.expect(b':')?;
        Ok(Some(key))
    }

    /// Takes a value.
    pub(super) fn value<T: Deserialize<'a>>(&mut self) -> Result<T, ReadError> {
        let rest = self.rest();
        let mut stream = Deserializer::from_slice(rest).into_iter();
        let value = stream.next().ok_or(ReadError::Incomplete)?.map_err(|error| ReadError::of(&error, rest))?;
        let end = stream.byte_offset();
        // A number or word at the very end may go on.
        if end == rest.len() && !matches!(rest.last(), Some(b'}' | b']' | b'"')) {
            return Err(ReadError::Incomplete);
        }
        self.at += end;
        Ok(value)
    }
}
