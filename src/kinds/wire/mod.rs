//! Objects as they come over the wire, in JSON or in protobuf, and how both are read into the same lean structs.
//!
//! There is one deserializer, [`Source`]: inside it is either a place in [`Json`] or a value of protobuf, so that serde's
//! code for each struct is there once, and an object has the same row in both. JSON is read by a reader of our own: it
//! borrows what it can, and passes over what no struct asks for by looking for brackets and quotes only. Bytes that end
//! too early are told from bytes that are no JSON.
//!
//! Of protobuf, a [`Message`] names the fields that the structs of the kinds know, in the order of their numbers and by
//! the names that they have in JSON; everything else is passed over by its length. Numbers and types are those of the
//! `protobuf` tags in `k8s.io/api`. A kind without a message is read as JSON.

mod bytes;
#[cfg(test)]
pub mod encode;
mod error;
mod fields;
mod json;
#[cfg(test)]
mod json_tests;
mod number;
mod read;
mod scan;
mod string;
#[cfg(test)]
mod tests;
mod walk;

pub mod access;
pub mod apps;
pub mod autoscaling;
pub mod batch;
pub mod core;
pub mod meta;
pub mod networking;
pub mod pods;
pub mod storage;

pub use bytes::{Broken, Bytes, Raw};
pub use error::Error;
pub use json::Json;
pub use read::{Object, Source};

/// How every body in protobuf begins.
pub const MAGIC: [u8; 4] = *b"k8s\0";

/// A message: the fields that are read, in the order of their numbers.
#[derive(Debug)]
pub struct Message(pub &'static [Field]);

/// A field of a message.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    number: u32,
    name: &'static str,
    of: Type,
    shape: Shape,
    or_absent: bool,
}

/// What one value of a field is.
#[derive(Debug, Clone, Copy)]
pub enum Type {
    /// A string.
    Text,
    /// Bytes, in JSON a string of base64.
    Bytes,
    /// A number of 32 or 64 bits.
    Number,
    /// True or false.
    Truth,
    /// `Time` or `MicroTime`: seconds since 1970, in JSON a string. The zero time of Go is an empty message, in JSON null.
    Time,
    /// `Quantity`: a string inside of a message, in JSON a string.
    Quantity,
    /// `IntOrString`: in JSON a number or a string.
    IntOrString,
    /// A message.
    Message(&'static Message),
    /// A message whose fields stand in JSON among those of what holds it.
    Inline(&'static Message),
    /// A message of which only matters that it is there.
    Other,
}

/// How many values a field has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    One,
    List,
    Map,
}

/// What is wrapped in the body of an answer (`runtime.Unknown`); none when that is no protobuf of Kubernetes.
pub fn unwrapped(body: &[u8]) -> Option<&[u8]> {
    let mut bytes = Bytes(body.strip_prefix(&MAGIC)?);
    while let Some((number, raw)) = bytes.field().ok()? {
        if let (2, Raw::Bytes(raw)) = (number, raw) {
            return Some(raw);
        }
    }
    None
}

impl Field {
    const fn new(number: u32, name: &'static str, of: Type) -> Self {
        Self { number, name, of, shape: Shape::One, or_absent: false }
    }

    /// The field has any number of values.
    #[must_use]
    pub const fn list(mut self) -> Self {
        self.shape = Shape::List;
        self
    }

    /// The field is a map from strings to such values.
    #[must_use]
    pub const fn map(mut self) -> Self {
        self.shape = Shape::Map;
        self
    }

    /// Zero and the empty string are as if the field was not there. So it is with what is no pointer in Go and has
    /// `omitempty`: protobuf writes it always, JSON does not.
    #[must_use]
    pub const fn or_absent(mut self) -> Self {
        self.or_absent = true;
        self
    }
}

/// A string.
pub const fn text(number: u32, name: &'static str) -> Field {
    Field::new(number, name, Type::Text)
}

/// Bytes.
pub const fn bytes(number: u32, name: &'static str) -> Field {
    Field::new(number, name, Type::Bytes)
}

/// A number.
pub const fn number(number: u32, name: &'static str) -> Field {
    Field::new(number, name, Type::Number)
}

/// True or false.
pub const fn truth(number: u32, name: &'static str) -> Field {
    Field::new(number, name, Type::Truth)
}

/// A moment.
pub const fn time(number: u32, name: &'static str) -> Field {
    Field::new(number, name, Type::Time)
}

/// A quantity.
pub const fn quantity(number: u32, name: &'static str) -> Field {
    Field::new(number, name, Type::Quantity)
}

/// A number or a string.
pub const fn int_or_string(number: u32, name: &'static str) -> Field {
    Field::new(number, name, Type::IntOrString)
}

/// A message.
pub const fn message(number: u32, name: &'static str, of: &'static Message) -> Field {
    Field::new(number, name, Type::Message(of))
}

/// A message whose fields stand in JSON among those of what holds it.
pub const fn inline(number: u32, of: &'static Message) -> Field {
    Field::new(number, "", Type::Inline(of))
}

/// A message of which only matters that it is there.
pub const fn other(number: u32, name: &'static str) -> Field {
    Field::new(number, name, Type::Other)
}
