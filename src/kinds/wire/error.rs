//! `Error`: why something cannot be read, in whatever encoding it came.

use super::Broken;
use serde::de::{Expected, Unexpected};
use std::borrow::Cow;
use std::fmt;

/// Why something cannot be read. Small, since nearly everything that is read could be one.
#[derive(Debug)]
pub struct Error(Box<Why>);

/// The reasons that make a difference.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Why {
    /// The bytes end before the value does.
    Incomplete,
    /// The bytes are no JSON.
    Broken(Cow<'static, str>),
    /// It is a value, but not the one that it should be.
    Odd(String),
}

impl Error {
    /// The bytes end before the value does; with more of them it may be read.
    #[cold]
    pub fn incomplete() -> Self {
        Self(Box::new(Why::Incomplete))
    }

    /// The bytes are no JSON, for this reason.
    #[cold]
    pub fn broken(why: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(Why::Broken(why.into())))
    }

    /// Whether more bytes might help.
    pub fn is_incomplete(&self) -> bool {
        *self.0 == Why::Incomplete
    }

    /// Whether it is a value all the same, so that what follows it can be found.
    pub fn is_odd(&self) -> bool {
        matches!(*self.0, Why::Odd(_))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.0 {
            Why::Incomplete => f.write_str("the text ends in the middle of an object"),
            Why::Broken(why) => f.write_str(why),
            Why::Odd(why) => f.write_str(why),
        }
    }
}

impl std::error::Error for Error {}

impl serde::de::Error for Error {
    #[cold]
    fn custom<T: fmt::Display>(why: T) -> Self {
        Self(Box::new(Why::Odd(why.to_string())))
    }

    /// Null is called null.
    #[cold]
    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        let found = if found == Unexpected::Unit { Unexpected::Other("null") } else { found };
        Self::custom(format_args!("invalid type: {found}, expected {expected}"))
    }
}

impl From<Broken> for Error {
    #[cold]
    fn from(why: Broken) -> Self {
        Self(Box::new(Why::Odd(why.to_string())))
    }
}
