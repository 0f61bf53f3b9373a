//! Reading: serde sees a message as it would see the same object in JSON.

use super::{Broken, Bytes, Field, Message, Raw, Shape, Type};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::de::value::{BorrowedStrDeserializer, Error};
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;

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

impl<'de> Deserializer<'de> for Object<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_map(Fields::new(self.message, self.bytes))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_some(self)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier
    }
}

/// The fields of a message, one after the other. Those of a message inside of it that is none in JSON come in its place.
struct Fields<'de> {
    message: &'static Message,
    bytes: Bytes<'de>,
    outer: Option<(&'static Message, Bytes<'de>)>,
    found: Option<(&'static Field, Raw<'de>)>,
}

impl<'de> Fields<'de> {
    const fn new(message: &'static Message, bytes: &'de [u8]) -> Self {
        Self { message, bytes: Bytes(bytes), outer: None, found: None }
    }

    /// The next field that is known and there.
    fn next(&mut self) -> Result<Option<(&'static Field, Raw<'de>)>, Broken> {
        loop {
            let Some((number, raw)) = self.bytes.field()? else {
                let Some(outer) = self.outer.take() else { return Ok(None) };
                (self.message, self.bytes) = outer;
                continue;
            };
            match self.message.field(number) {
                None => {}
                Some(Field { of: Type::Inline(message), .. }) if self.outer.is_none() => {
                    self.outer = Some((self.message, self.bytes));
                    (self.message, self.bytes) = (message, Bytes(raw.bytes()?));
                }
                Some(Field { or_absent: true, .. }) if raw.is_nothing() => {}
                Some(field) => return Ok(Some((field, raw))),
            }
        }
    }
}

impl<'de> MapAccess<'de> for Fields<'de> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        self.found = self.next().map_err(Error::custom)?;
        let name = self.found.map(|(field, _)| BorrowedStrDeserializer::new(field.name));
        name.map(|name| seed.deserialize(name)).transpose()
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        let (field, raw) = self.found.take().ok_or_else(|| Error::custom("a value without its key"))?;
        match field.shape {
            Shape::One => seed.deserialize(Item { of: field.of, raw }),
            Shape::List | Shape::Map => seed.deserialize(Items { field, next: Some(raw), bytes: &mut self.bytes }),
        }
    }
}

/// The values of a list or a map. They lie side by side; if they did not, the field would be there twice, which serde
/// refuses.
struct Items<'a, 'de> {
    field: &'static Field,
    next: Option<Raw<'de>>,
    bytes: &'a mut Bytes<'de>,
}

impl<'de> Items<'_, 'de> {
    fn next(&mut self) -> Result<Option<Raw<'de>>, Error> {
        match self.next.take() {
            None => self.bytes.another(self.field.number).map_err(Error::custom),
            first => Ok(first),
        }
    }
}

impl<'de> Deserializer<'de> for Items<'_, 'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.field.shape == Shape::List {
            visitor.visit_seq(self)
        } else {
            visitor.visit_map(Entries { items: self, value: Raw::Bytes(&[]) })
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_some(self)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Error> {
        while self.next()?.is_some() {}
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier
    }
}

impl<'de> SeqAccess<'de> for Items<'_, 'de> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Error> {
        let of = self.field.of;
        self.next()?.map(|raw| seed.deserialize(Item { of, raw })).transpose()
    }
}

/// The entries of a map: each a message with a key and a value.
struct Entries<'a, 'de> {
    items: Items<'a, 'de>,
    value: Raw<'de>,
}

impl<'de> MapAccess<'de> for Entries<'_, 'de> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        let Some(raw) = self.items.next()? else { return Ok(None) };
        let (key, value) = entry(raw).map_err(Error::custom)?;
        self.value = value;
        seed.deserialize(Item { of: Type::Text, raw: key }).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        seed.deserialize(Item { of: self.items.field.of, raw: self.value })
    }
}

/// The key and the value of an entry.
fn entry(raw: Raw<'_>) -> Result<(Raw<'_>, Raw<'_>), Broken> {
    let mut bytes = Bytes(raw.bytes()?);
    let (mut key, mut value) = (Raw::Bytes(&[]), Raw::Bytes(&[]));
    while let Some((number, raw)) = bytes.field()? {
        match number {
            1 => key = raw,
            2 => value = raw,
            _ => {}
        }
    }
    Ok((key, value))
}

/// One value.
struct Item<'de> {
    of: Type,
    raw: Raw<'de>,
}

impl<'de> Item<'de> {
    fn visit<V: Visitor<'de>>(self, visitor: V) -> Result<Result<V::Value, Error>, Broken> {
        let raw = self.raw;
        Ok(match self.of {
            Type::Text => text(raw.bytes()?, visitor),
            Type::Bytes => visitor.visit_string(STANDARD.encode(raw.bytes()?)),
            Type::Number => visitor.visit_i64(raw.number()?),
            Type::Truth => visitor.visit_bool(raw.number()? != 0),
            Type::Time => match seconds(raw.bytes()?)? {
                // JSON has no such number, so that nothing else is taken for a moment.
                Some(seconds) => visitor.visit_i128(seconds.into()),
                None => visitor.visit_unit(),
            },
            Type::Quantity => text(first(raw.bytes()?, Raw::Bytes(&[]))?.bytes()?, visitor),
            Type::IntOrString => match number_or_text(raw.bytes()?)? {
                Raw::Bytes(bytes) => text(bytes, visitor),
                number => visitor.visit_i64(number.number()?),
            },
            Type::Message(message) | Type::Inline(message) => visitor.visit_map(Fields::new(message, raw.bytes()?)),
            Type::Other => visitor.visit_map(Fields::new(&Message(&[]), raw.bytes()?)),
        })
    }
}

impl<'de> Deserializer<'de> for Item<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.visit(visitor).map_err(Error::custom)?
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            Self { of: Type::Time, raw: Raw::Bytes([]) } => visitor.visit_none(),
            there => visitor.visit_some(there),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier
    }
}

/// A string; what is no text in it is replaced, as Go does when it writes JSON.
fn text<'de, V: Visitor<'de>>(bytes: &'de [u8], visitor: V) -> Result<V::Value, Error> {
    match str::from_utf8(bytes) {
        Ok(text) => visitor.visit_borrowed_str(text),
        Err(_) => visitor.visit_str(&String::from_utf8_lossy(bytes)),
    }
}

/// The seconds of a time; none of the zero time.
fn seconds(bytes: &[u8]) -> Result<Option<i64>, Broken> {
    if bytes.is_empty() { Ok(None) } else { first(bytes, Raw::Number(0))?.number().map(Some) }
}

/// The value of field 1, else `absent`.
fn first<'de>(bytes: &'de [u8], absent: Raw<'de>) -> Result<Raw<'de>, Broken> {
    let (mut bytes, mut first) = (Bytes(bytes), absent);
    while let Some((number, raw)) = bytes.field()? {
        if number == 1 {
            first = raw;
        }
    }
    Ok(first)
}

/// The number or the string of an `IntOrString`.
fn number_or_text(bytes: &[u8]) -> Result<Raw<'_>, Broken> {
    let mut bytes = Bytes(bytes);
    let (mut is_text, mut number, mut text) = (false, Raw::Number(0), Raw::Bytes(&[]));
    while let Some((at, raw)) = bytes.field()? {
        match at {
            1 => is_text = raw.number()? == 1,
            2 => number = raw,
            3 => text = raw,
            _ => {}
        }
    }
    Ok(if is_text { text } else { number })
}
