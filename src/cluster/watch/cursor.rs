//! `Cursor`: walks through JSON that may not be all there yet, one key or value at a time.

use crate::kinds::ReadError;
use crate::kinds::wire::{Json, Source};
use serde::Deserialize;
use std::borrow::Cow;

/// A place in bytes of JSON. When something does not end in these bytes, it says `Incomplete`; the caller then begins
/// again from the last place that it has noted.
pub(super) struct Cursor<'a>(Json<'a>);

/// A string, borrowed unless it holds escapes.
#[derive(Deserialize)]
pub(super) struct Text<'a>(#[serde(borrow)] pub Cow<'a, str>);

impl<'a> Cursor<'a> {
    pub(super) const fn new(bytes: &'a [u8]) -> Self {
        Self(Json::new(bytes))
    }

    /// How many bytes lie behind.
    pub(super) const fn at(&self) -> usize {
        self.0.at()
    }

    /// What lies ahead.
    pub(super) fn rest(&self) -> &'a [u8] {
        self.0.rest()
    }

    /// Goes on by `count` bytes.
    pub(super) const fn advance(&mut self, count: usize) {
        self.0.advance(count);
    }

    /// Passes over white space; whether anything but that lies ahead.
    pub(super) fn more(&mut self) -> bool {
        self.0.peek().is_ok()
    }

    /// Takes `byte` if it is the next one.
    pub(super) fn take(&mut self, byte: u8) -> Result<bool, ReadError> {
        Ok(self.0.take(byte)?)
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
    pub(super) fn key(&mut self, mut first: bool) -> Result<Option<Cow<'a, str>>, ReadError> {
        Ok(self.0.key(&mut first)?)
    }

    /// Takes a value.
    pub(super) fn value<T: Deserialize<'a>>(&mut self) -> Result<T, ReadError> {
        Ok(T::deserialize(Source::from(&mut self.0))?)
    }

    /// Passes over a value.
    pub(super) fn skip(&mut self) -> Result<(), ReadError> {
        Ok(self.0.skip()?)
    }
}
