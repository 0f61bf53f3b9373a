//! `Json`: the bytes of JSON, taken value by value from the front. They may not be all there yet.
//!
//! What is read is checked as `serde_json` checks it. What nobody asks for is passed over by its brackets alone (see
//! [`super::scan`]), so that a mistake inside of it stays unseen; where it ends is the same.

use super::error::Error;
use super::read::Source;
use super::{number, scan, string};
use serde::Deserialize;
use std::borrow::Cow;

/// How deep lists and maps may lie inside of each other, as for `serde_json`.
const DEEPEST: u8 = 127;

/// A place in bytes of JSON. When a value does not end in these bytes, the error says so.
#[derive(Debug, Clone)]
pub struct Json<'de> {
    bytes: &'de [u8],
    at: usize,
    depth: u8,
}

/// What stands at the front of a value.
#[derive(Debug, PartialEq)]
pub(super) enum Token<'de> {
    /// `null`, and what is the same.
    Null,
    /// True or false.
    Truth(bool),
    /// A number.
    Number(Number),
    /// Seconds since 1970.
    Moment(i64),
    /// A string.
    Text(Cow<'de, str>),
    /// A list.
    List,
    /// A map.
    Map,
}

/// A number, as `serde_json` tells them apart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Number {
    /// A whole number from 0 on.
    Natural(u64),
    /// A whole number below 0.
    Negative(i64),
    /// Any other.
    Real(f64),
}

impl<'de> Json<'de> {
    /// At the front of `bytes`.
    pub const fn new(bytes: &'de [u8]) -> Self {
        Self { bytes, at: 0, depth: 0 }
    }

    /// How many bytes lie behind.
    pub const fn at(&self) -> usize {
        self.at
    }

    /// What lies ahead.
    #[inline]
    pub fn rest(&self) -> &'de [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    /// Goes on by `count` bytes.
    pub const fn advance(&mut self, count: usize) {
        self.at += count;
    }

    /// Passes over white space, and tells which byte is the next one.
    ///
    /// # Errors
    /// When there is none.
    #[inline]
    pub fn peek(&mut self) -> Result<u8, Error> {
        loop {
            match self.bytes.get(self.at) {
                Some(b' ' | b'\n' | b'\r' | b'\t') => self.at += 1,
                Some(byte) => return Ok(*byte),
                None => return Err(Error::incomplete()),
            }
        }
    }

    /// Takes `byte` if it is the next one.
    ///
    /// # Errors
    /// When nothing lies ahead.
    #[inline]
    pub fn take(&mut self, byte: u8) -> Result<bool, Error> {
        let is = self.peek()? == byte;
        self.at += usize::from(is);
        Ok(is)
    }

    /// Passes over white space, and tells whether anything but that lies ahead.
    pub fn more(&mut self) -> bool {
        self.peek().is_ok()
    }

    /// Takes `byte`, which must be the next one.
    ///
    /// # Errors
    /// When it is not.
    pub fn expect(&mut self, byte: u8) -> Result<(), Error> {
        if self.take(byte)? {
            return Ok(());
        }
        let found: String = String::from_utf8_lossy(self.rest()).chars().take(40).collect();
        Err(Error::broken(format!("expected '{}' and found '{found}'", char::from(byte))))
    }

    /// Takes a value.
    ///
    /// # Errors
    /// When it does not end here, is no JSON, or no `T`.
    pub fn value<T: Deserialize<'de>>(&mut self) -> Result<T, Error> {
        T::deserialize(Source::from(self))
    }

    /// Whether another element of a list lies ahead; its end is taken.
    ///
    /// # Errors
    /// When there is neither.
    pub fn element(&mut self, first: &mut bool) -> Result<bool, Error> {
        if self.take(b']')? {
            self.depth = self.depth.saturating_sub(1);
            return Ok(false);
        }
        if !std::mem::take(first) && !self.take(b',')? {
            return Err(Error::broken("expected ',' or ']'"));
        }
        Ok(true)
    }

    /// Takes the next key of a map, so that its value lies ahead; none at the end of the map, which is taken.
    ///
    /// # Errors
    /// When there is neither.
    pub fn key(&mut self, first: &mut bool) -> Result<Option<Cow<'de, str>>, Error> {
        self.name(first)?.map(string::checked).transpose()
    }

    /// The same as bytes: whether they are UTF-8 is not looked at.
    pub(super) fn name(&mut self, first: &mut bool) -> Result<Option<Cow<'de, [u8]>>, Error> {
        let mut next = self.peek()?;
        if next == b'}' {
            self.at += 1;
            self.depth = self.depth.saturating_sub(1);
            return Ok(None);
        }
        if !std::mem::take(first) {
            if next != b',' {
                return Err(Error::broken("expected ',' or '}'"));
            }
            self.at += 1;
            next = self.peek()?;
        }
        if next != b'"' {
            return Err(Error::broken("expected a key"));
        }
        self.at += 1;
        let (key, length) = string::read(self.rest())?;
        self.at += length;
        if self.take(b':')? { Ok(Some(key)) } else { Err(Error::broken("expected ':'")) }
    }

    /// Takes the front of a value: all of it, or the opening bracket of a list or a map.
    pub(super) fn token(&mut self) -> Result<Token<'de>, Error> {
        match self.peek()? {
            b'"' => {
                self.at += 1;
                self.text().map(Token::Text)
            }
            b'{' => self.open(Token::Map),
            b'[' => self.open(Token::List),
            b't' => self.word("true", Token::Truth(true)),
            b'f' => self.word("false", Token::Truth(false)),
            b'n' => self.word("null", Token::Null),
            b'-' | b'0'..=b'9' => self.number().map(Token::Number),
            _ => Err(Error::broken("expected a value")),
        }
    }

    /// Takes `null` if it is next.
    #[inline]
    pub(super) fn null(&mut self) -> Result<bool, Error> {
        if self.peek()? == b'n' { self.word("null", true) } else { Ok(false) }
    }

    /// Passes over a value.
    ///
    /// # Errors
    /// When it does not end here, or there is none.
    pub fn skip(&mut self) -> Result<(), Error> {
        match self.peek()? {
            b'{' | b'[' => {
                self.at += 1;
                self.at += scan::beyond(self.rest()).ok_or_else(Error::incomplete)?;
            }
            b'"' => {
                self.at += 1;
                self.at += string::length(self.rest())?;
            }
            _ => drop(self.token()?),
        }
        Ok(())
    }

    /// How many lists and maps are open.
    pub(super) const fn depth(&self) -> u8 {
        self.depth
    }

    fn open<T>(&mut self, token: T) -> Result<T, Error> {
        if self.depth >= DEEPEST {
            return Err(Error::broken("it is nested too deeply"));
        }
        (self.at, self.depth) = (self.at + 1, self.depth + 1);
        Ok(token)
    }

    fn word<T>(&mut self, word: &str, token: T) -> Result<T, Error> {
        let ahead = self.rest();
        if ahead.starts_with(word.as_bytes()) {
            self.at += word.len();
            return Ok(token);
        }
        Err(if word.as_bytes().starts_with(ahead) { Error::incomplete() } else { Error::broken("expected a value") })
    }

    fn number(&mut self) -> Result<Number, Error> {
        let (number, length) = number::read(self.rest())?;
        self.at += length;
        Ok(number)
    }

    /// Takes a string whose opening quote was taken.
    fn text(&mut self) -> Result<Cow<'de, str>, Error> {
        let (text, length) = string::read(self.rest())?;
        self.at += length;
        string::checked(text)
    }
}
