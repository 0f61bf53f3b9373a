//! `Source`: a value to be read, in JSON or in protobuf. It is the only deserializer that the structs of the kinds are
//! read from, so that each of them is compiled once.
//!
//! What depends on the encoding is decided in functions without type parameters, so that what serde makes for each struct
//! is small. Structs are maps only, and find their fields by the bytes of the names.

use super::error::Error;
use super::fields::{Fields, Items, first, number_or_text, seconds};
use super::json::{Json, Number, Token};
use super::walk::{Elements, Entries};
use super::{Message, Raw, Shape, Type};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::de::{Deserializer, Error as _, Expected, Unexpected, Visitor};
use serde::forward_to_deserialize_any;
use std::borrow::Cow;

/// An object in protobuf: its bytes, and what they are. Nothing of it is copied before somebody asks.
#[derive(Debug, Clone, Copy)]
pub struct Object<'de> {
    message: &'static Message,
    bytes: &'de [u8],
}

impl<'de> Object<'de> {
    /// The object of which these are the bytes.
    pub const fn new(message: &'static Message, bytes: &'de [u8]) -> Self {
        Self { message, bytes }
    }
}

/// A value to be read.
pub struct Source<'a, 'de>(pub(super) Origin<'a, 'de>);

/// Where a value comes from.
pub(super) enum Origin<'a, 'de> {
    /// It lies ahead in JSON.
    Json(&'a mut Json<'de>),
    /// It is a value of protobuf.
    One(Type, Raw<'de>),
    /// It is all values of a field of protobuf: a list or a map.
    Many(Items<'a, 'de>),
}

impl<'de> From<Object<'de>> for Source<'_, 'de> {
    fn from(object: Object<'de>) -> Self {
        Self(Origin::One(Type::Message(object.message), Raw::Bytes(object.bytes)))
    }
}

impl<'a, 'de> From<&'a mut Json<'de>> for Source<'a, 'de> {
    fn from(json: &'a mut Json<'de>) -> Self {
        Self(Origin::Json(json))
    }
}

impl<'de> Source<'_, 'de> {
    /// Takes the front of the value: all of it, but for lists and maps.
    fn token(&mut self) -> Result<Token<'de>, Error> {
        match &mut self.0 {
            Origin::Json(json) => json.token(),
            Origin::One(of, raw) => one(*of, *raw),
            Origin::Many(items) => Ok(if items.field.shape == Shape::List { Token::List } else { Token::Map }),
        }
    }

    /// Whether it is null; null is taken.
    fn is_null(&mut self) -> Result<bool, Error> {
        match &mut self.0 {
            Origin::Json(json) => json.null(),
            Origin::One(of, raw) => Ok(matches!((of, raw), (Type::Time, Raw::Bytes([])))),
            Origin::Many(_) => Ok(false),
        }
    }

    fn skip(&mut self) -> Result<(), Error> {
        match &mut self.0 {
            Origin::Json(json) => json.skip(),
            Origin::One(..) => Ok(()),
            Origin::Many(items) => {
                while items.next()?.is_some() {}
                Ok(())
            }
        }
    }

    /// The values of the list whose front was taken.
    fn list(&mut self) -> Elements<'_, 'de> {
        match &mut self.0 {
            Origin::Json(json) => Elements::Json(json, true),
            Origin::Many(items) => Elements::Items(items.lend()),
            Origin::One(..) => Elements::None,
        }
    }

    /// The entries of the map whose front was taken.
    fn map(&mut self) -> Entries<'_, 'de> {
        match &mut self.0 {
            Origin::Json(json) => Entries::Json(json, true),
            Origin::One(Type::Message(message) | Type::Inline(message), Raw::Bytes(bytes)) => {
                Entries::Fields(Fields::new(message, bytes), None)
            }
            Origin::One(..) => Entries::Fields(Fields::new(&Message(&[]), &[]), None),
            Origin::Many(items) => Entries::Items(items.lend(), Raw::Bytes(&[])),
        }
    }

    /// Takes the front of a list or a map, whichever `of` says.
    fn begin(&mut self, of: Shape, expected: &dyn Expected) -> Result<(), Error> {
        match (self.token()?, of) {
            (Token::List, Shape::List) | (Token::Map, Shape::Map) => Ok(()),
            (other, _) => Err(odd(&other, expected)),
        }
    }

    /// Lets `visitor` read the list whose front was taken.
    fn read_list<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Error> {
        let depth = self.depth();
        let value = visitor.visit_seq(self.list())?;
        self.end(depth, Shape::List).map(|()| value)
    }

    /// Lets `visitor` read the map whose front was taken.
    fn read_map<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Error> {
        let depth = self.depth();
        let value = visitor.visit_map(self.map())?;
        self.end(depth, Shape::Map).map(|()| value)
    }

    /// How many lists and maps are open around it.
    const fn depth(&self) -> u8 {
        match &self.0 {
            Origin::Json(json) => json.depth(),
            Origin::One(..) | Origin::Many(_) => 0,
        }
    }

    /// Takes the end of the list or map that was read at this depth, unless whoever read it has seen the end itself.
    fn end(&mut self, depth: u8, of: Shape) -> Result<(), Error> {
        let more = match &mut self.0 {
            Origin::Json(json) if json.depth() == depth => match of {
                Shape::List => json.element(&mut false)?,
                _ => json.key(&mut false)?.is_some(),
            },
            _ => false,
        };
        if more { Err(Error::custom("there is more of it than is read")) } else { Ok(()) }
    }
}

/// The front of a value of protobuf.
fn one(of: Type, raw: Raw<'_>) -> Result<Token<'_>, Error> {
    let whole = |number: i64| match u64::try_from(number) {
        Ok(number) => Token::Number(Number::Natural(number)),
        Err(_) => Token::Number(Number::Negative(number)),
    };
    Ok(match of {
        Type::Text => Token::Text(text(raw.bytes()?)),
        Type::Bytes => Token::Text(Cow::Owned(STANDARD.encode(raw.bytes()?))),
        Type::Number => whole(raw.number()?),
        Type::Truth => Token::Truth(raw.number()? != 0),
        Type::Time => seconds(raw.bytes()?)?.map_or(Token::Null, Token::Moment),
        Type::Quantity => Token::Text(text(first(raw.bytes()?, Raw::Bytes(&[]))?.bytes()?)),
        Type::IntOrString => match number_or_text(raw.bytes()?)? {
            Raw::Bytes(bytes) => Token::Text(text(bytes)),
            number => whole(number.number()?),
        },
        Type::Message(_) | Type::Inline(_) | Type::Other => raw.bytes().map(|_| Token::Map)?,
    })
}

/// A string; what is no text in it is replaced, as Go does when it writes JSON.
#[inline]
pub(super) fn text(bytes: &[u8]) -> Cow<'_, str> {
    str::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed)
}

/// What it means that a value is of another type.
#[cold]
fn odd(token: &Token<'_>, expected: &dyn Expected) -> Error {
    let unexpected = match token {
        Token::Null => Unexpected::Other("null"),
        Token::Truth(truth) => Unexpected::Bool(*truth),
        Token::Number(Number::Natural(number)) => Unexpected::Unsigned(*number),
        Token::Number(Number::Negative(number)) => Unexpected::Signed(*number),
        Token::Number(Number::Real(number)) => Unexpected::Float(*number),
        Token::Moment(_) => Unexpected::Other("moment"),
        Token::Text(text) => Unexpected::Str(text),
        Token::List => Unexpected::Seq,
        Token::Map => Unexpected::Map,
    };
    Error::invalid_type(unexpected, expected)
}

/// Hands a text on.
#[inline]
pub(super) fn visit_text<'de, V: Visitor<'de>>(text: Cow<'de, str>, visitor: V) -> Result<V::Value, Error> {
    match text {
        Cow::Borrowed(text) => visitor.visit_borrowed_str(text),
        Cow::Owned(text) => visitor.visit_string(text),
    }
}

#[inline]
fn visit_number<'de, V: Visitor<'de>>(number: Number, visitor: V) -> Result<V::Value, Error> {
    match number {
        Number::Natural(number) => visitor.visit_u64(number),
        Number::Negative(number) => visitor.visit_i64(number),
        Number::Real(number) => visitor.visit_f64(number),
    }
}

impl<'de> Deserializer<'de> for Source<'_, 'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Error> {
        match self.token()? {
            Token::Null => visitor.visit_unit(),
            Token::Truth(truth) => visitor.visit_bool(truth),
            Token::Number(number) => visit_number(number, visitor),
            // JSON has no such number, so that nothing else is taken for a moment.
            Token::Moment(seconds) => visitor.visit_i128(seconds.into()),
            Token::Text(text) => visit_text(text, visitor),
            Token::List => self.read_list(visitor),
            Token::Map => self.read_map(visitor),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Error> {
        if self.is_null()? { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Error> {
        self.skip()?;
        visitor.visit_unit()
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        mut self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.begin(Shape::Map, &visitor)?;
        visitor.visit_map(self.map())
    }

    fn deserialize_map<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Error> {
        self.begin(Shape::Map, &visitor)?;
        self.read_map(visitor)
    }

    fn deserialize_seq<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Error> {
        self.begin(Shape::List, &visitor)?;
        self.read_list(visitor)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct tuple
        tuple_struct enum identifier
    }
}
