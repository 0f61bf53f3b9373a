//! `Paths`: some templates that are asked of many objects. Of an object's JSON only what they may look at is kept; a
//! path of names alone costs one small value.

use super::node::{Node, Piece};
use super::{Mistake, Template};
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use std::fmt;

/// Templates, and what of an object they may look at.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Paths {
    templates: Vec<Template>,
    mask: Mask,
}

/// What of a value is kept.
#[derive(Debug, Clone, PartialEq, Default)]
struct Mask {
    /// Everything.
    whole: bool,
    /// Of a map these keys.
    keys: Vec<(String, Mask)>,
    /// Of each element of a list this.
    each: Option<Box<Mask>>,
}

impl Paths {
    /// Reads relaxed paths.
    ///
    /// # Errors
    /// With the mistake of the first path that has one.
    pub fn parse<'a>(paths: impl Iterator<Item = &'a str>) -> Result<Self, Mistake> {
        Ok(Self::of(paths.map(Template::relaxed).collect::<Result<_, _>>()?))
    }

    /// These templates.
    pub fn of(templates: Vec<Template>) -> Self {
        let mut mask = Mask::default();
        for piece in templates.iter().flat_map(|template| &template.pieces) {
            if let Piece::Steps(nodes) = piece {
                mask.allow(nodes);
            }
        }
        Self { templates, mask }
    }

    /// The templates.
    pub fn templates(&self) -> &[Template] {
        &self.templates
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.templates.is_empty()
    }

    /// Reads of the first JSON value in `json` what the templates may look at.
    ///
    /// # Errors
    /// When that is no JSON.
    pub fn read(&self, json: &[u8]) -> Result<Value, serde_json::Error> {
        Kept(&self.mask).deserialize(&mut serde_json::Deserializer::from_slice(json))
    }
}

impl Mask {
    /// Allows what `nodes` look at: names and elements lead further, anything else may look at everything.
    fn allow(&mut self, nodes: &[Node]) {
        match nodes.split_first() {
            Some((Node::Field(name), rest)) => self.allow_key(name, rest),
            Some((Node::Slice(_), rest)) => self.each.get_or_insert_default().allow(rest),
            Some((Node::Constant(_), _)) => {}
            _ => self.whole = true,
        }
    }

    fn allow_key(&mut self, name: &str, rest: &[Node]) {
        if let Some((_, mask)) = self.keys.iter_mut().find(|(key, _)| key == name) {
            return mask.allow(rest);
        }
        let mut mask = Self::default();
        mask.allow(rest);
        self.keys.push((name.to_owned(), mask));
    }
}

/// Reads a value as far as the mask allows.
struct Kept<'a>(&'a Mask);

impl<'de> DeserializeSeed<'de> for Kept<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        if self.0.whole {
            return serde::Deserialize::deserialize(deserializer);
        }
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Kept<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, truth: bool) -> Result<Value, E> {
        Ok(Value::Bool(truth))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        Ok(Number::from_f64(number).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(text.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let mut kept = Vec::new();
        match &self.0.each {
            Some(mask) => {
                while let Some(value) = list.next_element_seed(Kept(mask))? {
                    kept.push(value);
                }
            }
            None => while list.next_element::<IgnoredAny>()?.is_some() {},
        }
        Ok(Value::Array(kept))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut kept = Map::new();
        while let Some(key) = map.next_key_seed(Named(&self.0.keys))? {
            match key {
                Some((name, mask)) => drop(kept.insert(name.clone(), map.next_value_seed(Kept(mask))?)),
                None => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(Value::Object(kept))
    }
}

/// Finds a key among those that are kept, without copying it.
struct Named<'a>(&'a [(String, Mask)]);

impl<'a, 'de> DeserializeSeed<'de> for Named<'a> {
    type Value = Option<&'a (String, Mask)>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'a> Visitor<'_> for Named<'a> {
    type Value = Option<&'a (String, Mask)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E>(self, key: &str) -> Result<Self::Value, E> {
        Ok(self.0.iter().find(|(name, _)| name == key))
    }
}
