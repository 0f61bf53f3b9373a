//! What is shown of an object that cannot be read: its name, and why.

use super::cell::Cell;
use super::kind::AnyKind;
use super::row::{Row, Uid};
use super::wire::{self, Source};
use crate::text::safe;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;
use std::fmt;

/// What is left of an object that cannot be read: a place in the table.
#[derive(Debug, Clone, Copy)]
pub struct Gap {
    /// How many cells a row has.
    cells: usize,
    /// Whether the object is the row of a table, with the object itself inside.
    by_table: bool,
}

impl Gap {
    /// In a table of this kind.
    pub fn of<K: AnyKind + ?Sized>(kind: &K) -> Self {
        Self { cells: kind.headings().len(), by_table: kind.by_table() }
    }

    /// The row of an `object` that could not be read because of `why`: namespace and name as far as they can be made out,
    /// and empty cells.
    ///
    /// Whatever stands after the metadata may be anything, even no JSON.
    pub fn row(self, object: Source<'_, '_>, why: &wire::Error) -> Row {
        let why = safe(&why.to_string()).into_owned();
        let mut found = Found::default();
        // What was found before an error counts; the error itself is `why`.
        let level = if self.by_table { Level::Row } else { Level::Object };
        let _ = Fields(&mut found, level).deserialize(object);
        let Found { namespace, name, uid } = found;
        if name.is_empty() && uid.is_empty() {
            return nameless(&why);
        }
        let uid = if uid.is_empty() { Uid::of_name(&namespace, &name) } else { Uid::parse(&uid) };
        let cells = vec![Cell::text(""); self.cells];
        Row { uid, namespace: namespace.into(), name: name.into(), cells, ..nameless(&why) }
    }
}

/// The row of an object of which not even a name is found.
fn nameless(why: &str) -> Row {
    Row { unreadable: Some(format!("cannot be read: {why}")), ..Row::default() }
}

#[derive(Default)]
struct Found {
    namespace: String,
    name: String,
    uid: String,
}

#[derive(Clone, Copy, PartialEq)]
enum Level {
    /// The row of a table with its object inside, or an object.
    Row,
    Object,
    Metadata,
}

/// Reads a map, noting what it knows at once, so that an error further on takes nothing away.
struct Fields<'a>(&'a mut Found, Level);

impl<'de> DeserializeSeed<'de> for Fields<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Fields<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with metadata")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Self(found, level) = self;
        while let Some(key) = map.next_key::<String>()? {
            let place = match (level, key.as_str()) {
                (Level::Row, "object") => {
                    map.next_value_seed(Fields(found, Level::Object))?;
                    return Err(Error::custom("the rest is of no interest"));
                }
                (Level::Row | Level::Object, "metadata") => {
                    map.next_value_seed(Fields(found, Level::Metadata))?;
                    return Err(Error::custom("the rest is of no interest"));
                }
                (Level::Metadata, "namespace") => &mut found.namespace,
                (Level::Metadata, "name") => &mut found.name,
                (Level::Metadata, "uid") => &mut found.uid,
                _ => {
                    map.next_value::<IgnoredAny>()?;
                    continue;
                }
            };
            if let Value::String(text) = map.next_value()? {
                *place = text;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::Text;
    use crate::kinds::pods::Pods;
    use crate::kinds::wire::Json;

    fn row(json: &str, why: &str) -> Row {
        Gap::of(&Pods).row(Source::from(&mut Json::new(json.as_bytes())), &wire::Error::custom(why))
    }

    fn found(json: &str) -> Option<(Text, Text, Uid)> {
        Some(row(json, "why")).filter(|row| row.uid != Uid::default()).map(|row| (row.namespace, row.name, row.uid))
    }

    #[test]
    fn it_keeps_name_and_reason_and_its_place_in_the_table() {
        let json =
            r#"{"kind":"Pod","metadata":{"labels":7,"name":"web","namespace":"shop","uid":"u","x":[1]},"spec":"what"}"#;
        let row = row(json, "spec is no map");
        assert_eq!((row.namespace.as_str(), row.name.as_str(), row.uid), ("shop", "web", Uid::parse("u")));
        assert_eq!(row.unreadable.as_deref(), Some("cannot be read: spec is no map"));
        assert_eq!(row.cells, vec![Cell::text(""); Pods.headings().len()]);
    }

    #[test]
    fn garbage_after_the_name_takes_nothing_away() {
        let web = || ("shop".into(), "web".into(), Uid::of_name("shop", "web"));
        assert_eq!(found(r#"{"metadata":{"name":"web","namespace":"shop"},"spec":{,,"#), Some(web()));
        assert_eq!(found(r#"{"metadata":{"name":"web","uid":7,"namespace":"shop","labels":{"a":"#), Some(web()));
        assert_eq!(found(r#"{"metadata":{"name":"web","namespace":"shop""#), Some(web()));
    }

    #[test]
    fn without_a_name_there_is_nothing_to_show() {
        for json in ["", "[]", "null", "{}", r#"{"metadata":null}"#, r#"{"metadata":{"name":null,"namespace":"a"}}"#] {
            assert_eq!(found(json), None, "{json}");
        }
    }
}
