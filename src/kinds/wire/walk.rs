//! `Elements` and `Entries`: what a list or a map holds, one after the other, in whatever encoding.

use super::error::Error;
use super::fields::{Fields, Items, entry};
use super::json::Json;
use super::read::{Origin, Source, text, visit_text};
use super::string::checked;
use super::{Field, Raw, Shape, Type};
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;
use std::borrow::Cow;

/// The values of a list.
pub(super) enum Elements<'a, 'de> {
    /// They lie ahead in JSON; whether the next one is the first.
    Json(&'a mut Json<'de>, bool),
    Items(Items<'a, 'de>),
    None,
}

impl<'de> Elements<'_, 'de> {
    fn next(&mut self) -> Result<Option<Source<'_, 'de>>, Error> {
        match self {
            Self::Json(json, first) => Ok(json.element(first)?.then_some(Source(Origin::Json(json)))),
            Self::Items(items) => {
                let of = items.field.of;
                Ok(items.next()?.map(|raw| Source(Origin::One(of, raw))))
            }
            Self::None => Ok(None),
        }
    }
}

impl<'de> SeqAccess<'de> for Elements<'_, 'de> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Error> {
        match self.next()? {
            Some(source) => seed.deserialize(source).map(Some),
            None => Ok(None),
        }
    }
}

/// The entries of a map.
pub(super) enum Entries<'a, 'de> {
    /// They lie ahead in JSON; whether the next one is the first.
    Json(&'a mut Json<'de>, bool),
    /// They are the fields of a message; the value of the last key.
    Fields(Fields<'de>, Option<(&'static Field, Raw<'de>)>),
    /// They are messages with a key and a value each; the value of the last key.
    Items(Items<'a, 'de>, Raw<'de>),
}

impl<'de> Entries<'_, 'de> {
    /// The next key.
    fn key(&mut self) -> Result<Option<Key<'de>>, Error> {
        match self {
            Self::Json(json, first) => Ok(json.name(first)?.map(Key)),
            Self::Fields(fields, found) => {
                *found = fields.next()?;
                Ok(found.map(|(field, _)| Key(Cow::Borrowed(field.name.as_bytes()))))
            }
            Self::Items(items, value) => {
                let Some(raw) = items.next()? else { return Ok(None) };
                let (key, of) = entry(raw)?;
                *value = of;
                Ok(Some(Key(into_bytes(text(key.bytes()?)))))
            }
        }
    }

    /// The value of the last key.
    fn value(&mut self) -> Source<'_, 'de> {
        Source(match self {
            Self::Json(json, _) => Origin::Json(json),
            Self::Items(items, value) => Origin::One(items.field.of, *value),
            Self::Fields(fields, found) => match found {
                Some((field, raw)) if field.shape == Shape::One => Origin::One(field.of, *raw),
                Some((field, raw)) => Origin::Many(Items { field, first: Some(*raw), bytes: &mut fields.bytes }),
                None => Origin::One(Type::Other, Raw::Bytes(&[])),
            },
        })
    }
}

impl<'de> MapAccess<'de> for Entries<'_, 'de> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        match self.key()? {
            Some(key) => seed.deserialize(key).map(Some),
            None => Ok(None),
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        seed.deserialize(self.value())
    }
}

/// A key. A struct compares its bytes; for anybody else it is a text.
struct Key<'de>(Cow<'de, [u8]>);

impl<'de> Deserializer<'de> for Key<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visit_text(checked(self.0)?, visitor)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Cow::Borrowed(name) => visitor.visit_borrowed_bytes(name),
            Cow::Owned(name) => visitor.visit_bytes(&name),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        seq tuple tuple_struct map struct enum
    }
}

fn into_bytes(text: Cow<'_, str>) -> Cow<'_, [u8]> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
        Cow::Owned(text) => Cow::Owned(text.into_bytes()),
    }
}
