//! Objects in which every field that the API has is filled: the types of the API are read from a source that answers
//! each question for a text with the same one.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::de::value::{Error, StrDeserializer};
use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, SeqAccess, Visitor};
use serde::{Serialize, forward_to_deserialize_any};
use serde_json::Value;

/// A moment, where nothing else is taken.
const TIME: &str = "2026-01-05T11:00:00Z";

/// The one kind whose objects stand in others.
const CLAIM: &str = "PersistentVolumeClaim";

/// An object of `T` whose every text is `text`, with one entry in every list and map.
pub fn filled<T: k8s_openapi::Resource + DeserializeOwned + Serialize>(text: &str) -> Value {
    let source = Source { text, head: Some((T::API_VERSION, T::KIND)), field: "", is_time: false, within: &[] };
    let object = T::deserialize(source).unwrap_or_else(|error| panic!("{}: {error}", T::KIND));
    serde_json::to_value(object).unwrap()
}

#[derive(Clone, Copy)]
struct Source<'a> {
    text: &'a str,
    /// Version and kind, which are what they are.
    head: Option<(&'static str, &'static str)>,
    /// The field that is filled.
    field: &'static str,
    is_time: bool,
    /// The structs around it.
    within: &'a [&'static str],
}

impl<'de> Deserializer<'de> for Source<'_> {
    type Error = Error;

    /// What may be of several types is a text, except where schemas know no text.
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.field {
            "additionalItems" | "additionalProperties" => visitor.visit_bool(true),
            "items" | "dependencies" => visitor.visit_seq(Fields { of: self, left: &[], one: false }),
            _ => visitor.visit_str(self.text),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_bool(true)
    }

    fn deserialize_i32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_i32(3)
    }

    fn deserialize_i64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_i64(3)
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_f64(0.5)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match (self.head, self.field) {
            (Some((version, _)), "apiVersion") => visitor.visit_str(version),
            (Some((_, kind)), "kind") => visitor.visit_str(kind),
            _ => visitor.visit_str(self.text),
        }
    }

    /// Moments ask for this, and bytes, which are base64.
    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.is_time { visitor.visit_str(TIME) } else { visitor.visit_string(STANDARD.encode(self.text)) }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(Source { is_time: matches!(name, "Time" | "MicroTime"), ..self })
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_seq(Fields { of: self, left: &[], one: true })
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_map(Fields { of: self, left: &[], one: true })
    }

    /// A schema within a schema is empty.
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let left = if self.within.contains(&name) { &[] } else { fields };
        let within = [self.within, &[name]].concat();
        let claim = (name == CLAIM).then_some(("v1", CLAIM));
        let head = self.head.filter(|_| self.within.is_empty()).or(claim);
        visitor.visit_map(Fields { of: Source { within: &within, head, ..self }, left, one: false })
    }

    forward_to_deserialize_any! {
        i8 i16 i128 u8 u16 u32 u64 u128 f32 char bytes byte_buf unit unit_struct tuple tuple_struct enum identifier
        ignored_any
    }
}

/// The fields of a struct, or the one entry of a list or a map.
struct Fields<'a> {
    of: Source<'a>,
    left: &'static [&'static str],
    one: bool,
}

impl<'de> MapAccess<'de> for Fields<'_> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        if std::mem::take(&mut self.one) {
            return seed.deserialize(Source { head: None, ..self.of }).map(Some);
        }
        let Some((field, left)) = self.left.split_first() else { return Ok(None) };
        (self.left, self.of.field) = (left, field);
        let name: StrDeserializer<'_, Error> = field.into_deserializer();
        seed.deserialize(name).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        seed.deserialize(self.of)
    }
}

impl<'de> SeqAccess<'de> for Fields<'_> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Error> {
        if std::mem::take(&mut self.one) { seed.deserialize(self.of).map(Some) } else { Ok(None) }
    }
}
