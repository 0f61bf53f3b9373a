//! The metadata that every object has, as far as a list needs it.

use super::Text;
use super::cell::Cell;
use super::lenient::{WithStr, null, with_str};
use super::row::{Reference, Uid};
use super::time::{Time, moment};
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use std::fmt;
use std::ops::Range;

/// `metadata` without managed fields, and of the annotations only what columns show.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Meta {
    /// Name.
    #[serde(deserialize_with = "null")]
    pub name: Text,
    /// Namespace, `""` for cluster-scoped objects.
    #[serde(deserialize_with = "null")]
    pub namespace: Text,
    /// UID, 0 when there is none.
    #[serde(deserialize_with = "identity")]
    pub uid: Uid,
    /// When it was created.
    #[serde(deserialize_with = "moment")]
    pub creation_timestamp: Option<Time>,
    /// When its deletion was asked for.
    #[serde(deserialize_with = "moment")]
    pub deletion_timestamp: Option<Time>,
    /// Labels as `key=value` lines, sorted by key.
    #[serde(deserialize_with = "lines")]
    pub labels: Text,
    /// What annotations say that a column shows.
    #[serde(deserialize_with = "null")]
    pub annotations: Annotations,
    /// The controller, else the first owner.
    #[serde(rename = "ownerReferences", deserialize_with = "leading")]
    owner: Option<Owner>,
}

/// The annotations that columns show.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Annotations {
    /// The storage class of a volume or a claim, as it was written before there was a field.
    #[serde(rename = "volume.beta.kubernetes.io/storage-class")]
    pub storage_class: Option<Text>,
    /// Whether a storage class is the one of claims that name none.
    #[serde(rename = "storageclass.kubernetes.io/is-default-class", deserialize_with = "is_true")]
    is_default_storage: bool,
    #[serde(rename = "storageclass.beta.kubernetes.io/is-default-class", deserialize_with = "is_true")]
    was_default_storage: bool,
    /// Whether an ingress class is the one of ingresses that name none.
    #[serde(rename = "ingressclass.kubernetes.io/is-default-class", deserialize_with = "is_true")]
    is_default_ingress: bool,
}

impl Annotations {
    /// Whether the class is the one of those that name none.
    pub fn is_default_class(&self) -> bool {
        self.is_default_storage || self.was_default_storage || self.is_default_ingress
    }
}

/// An entry of `ownerReferences`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Owner {
    /// API group, `""` for the core group.
    #[serde(rename = "apiVersion", deserialize_with = "group")]
    pub group: Text,
    /// Kind.
    #[serde(deserialize_with = "null")]
    pub kind: Text,
    /// Name.
    #[serde(deserialize_with = "null")]
    pub name: Text,
    /// UID.
    #[serde(deserialize_with = "identity")]
    pub uid: Uid,
    /// Whether it is the managing controller.
    #[serde(deserialize_with = "null")]
    pub controller: bool,
}

impl Meta {
    /// The identity; an object without a UID is known by its name.
    pub fn uid(&self) -> Uid {
        if self.uid == Uid::default() { Uid::of_name(&self.namespace, &self.name) } else { self.uid }
    }

    /// The controller, else the first owner; taken out, since a row is the last that asks.
    pub fn take_owner(&mut self) -> Option<Reference> {
        let Owner { group, kind, name, uid, .. } = self.owner.take()?;
        Some(Reference { group, kind, namespace: self.namespace.clone(), name, uid: Some(uid) })
    }

    /// The controller, if one manages it.
    pub fn controller(&self) -> Option<&Owner> {
        self.owner.as_ref().filter(|owner| owner.controller)
    }

    /// The name of a class, and whether it is the one of those that name none: `fast (default)`.
    pub fn class_name(&self) -> Cell {
        let mark = if self.annotations.is_default_class() { " (default)" } else { "" };
        Cell::text(format!("{}{mark}", self.name))
    }

    /// The value of a label.
    pub fn label(&self, key: &str) -> Option<&str> {
        self.labels.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix('='))
    }
}

/// Bytes of the labels of nearly every object, so that they are written without being moved.
const USUAL_LINES: usize = 384;

/// Reads a map of strings as sorted `key=value` lines; null is no line. The API server sends maps sorted by key,
/// so sorting is a check in nearly every case.
///
/// # Errors
/// When the value is neither a map of strings nor null.
pub fn lines<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Text, D::Error> {
    struct Map;
    impl<'de> Visitor<'de> for Map {
        type Value = Text;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a map of strings")
        }

        fn visit_unit<E>(self) -> Result<Text, E> {
            Ok(Text::default())
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Text, A::Error> {
            let mut lines = Lines::default();
            while map.next_key_seed(WithStr(|key: &str| lines.begin(key)))?.is_some() {
                map.next_value_seed(WithStr(|value: &str| lines.text.push_str(value)))?;
            }
            Ok(if lines.unsorted { sorted(&lines.text) } else { lines.text })
        }
    }
    deserializer.deserialize_any(Map)
}

/// Lines while they are written.
#[derive(Default)]
struct Lines {
    text: Text,
    /// Where the last key stands.
    key: Range<usize>,
    unsorted: bool,
}

impl Lines {
    fn begin(&mut self, key: &str) {
        if self.text.is_empty() {
            self.text.reserve(USUAL_LINES);
        } else {
            self.text.push('\n');
        }
        self.unsorted |= self.text.get(self.key.clone()).is_some_and(|before| before > key);
        self.key = self.text.len()..self.text.len() + key.len();
        self.text.push_str(key);
        self.text.push('=');
    }
}

/// Reads owners and keeps the controller, else the first; null is none.
fn leading<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Owner>, D::Error> {
    struct Leading;
    impl<'de> Visitor<'de> for Leading {
        type Value = Option<Owner>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a list of owners")
        }

        fn visit_unit<E>(self) -> Result<Option<Owner>, E> {
            Ok(None)
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Option<Owner>, A::Error> {
            let mut leading: Option<Owner> = None;
            while let Some(owner) = list.next_element::<Owner>()? {
                if leading.as_ref().is_none_or(|first| owner.controller && !first.controller) {
                    leading = Some(owner);
                }
            }
            Ok(leading)
        }
    }
    deserializer.deserialize_any(Leading)
}

fn identity<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Uid, D::Error> {
    with_str(deserializer, Uid::parse)
}

fn is_true<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    with_str(deserializer, |text| text == "true")
}

fn group<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Text, D::Error> {
    with_str(deserializer, |api_version| group_of(api_version).into())
}

/// The group of an `apiVersion`: `apps` of `apps/v1`, `""` of `v1`.
pub fn group_of(api_version: &str) -> &str {
    api_version.split_once('/').map_or("", |(group, _)| group)
}

/// The same lines, sorted by key.
fn sorted(lines: &str) -> Text {
    let mut all: Vec<&str> = lines.lines().collect();
    all.sort_by_key(|line| key_of(line));
    all.join("\n").into()
}

fn key_of(line: &str) -> &str {
    line.split('=').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Meta {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn labels_are_lines_sorted_by_key() {
        let meta = read(r#"{"labels":{"b":"2","a-b":"3","a":"1","c":null,"\u0064":"\u0034"}}"#);
        assert_eq!(meta.labels, "a=1\na-b=3\nb=2\nc=\nd=4");
        assert_eq!((meta.label("a"), meta.label("a-"), meta.label("c")), (Some("1"), None, Some("")));
        assert_eq!(read(r#"{"labels":null}"#).labels, "");
    }

    #[test]
    fn the_owner_is_the_controller() {
        let mut meta = read(
            r#"{"namespace":"shop","ownerReferences":[{"apiVersion":"v1","kind":"Node","name":"n1"},
                {"apiVersion":"apps/v1","kind":"ReplicaSet","name":"web-1","controller":true,
                 "uid":"0191f3a2-7c1e-4b5d-9e8f-00aabbccddee"}]}"#,
        );
        let owner = meta.take_owner().unwrap();
        assert_eq!((owner.group.as_str(), owner.kind.as_str(), owner.name.as_str()), ("apps", "ReplicaSet", "web-1"));
        assert_eq!(
            (owner.namespace.as_str(), owner.uid),
            ("shop", Some(Uid::parse("0191f3a2-7c1e-4b5d-9e8f-00aabbccddee")))
        );
        assert_eq!(
            read(r#"{"ownerReferences":[{"name":"a","controller":null},{"name":"b"}]}"#).take_owner().unwrap().name,
            "a"
        );
        assert_eq!(read(r#"{"ownerReferences":null}"#).take_owner(), None);
    }

    #[test]
    fn without_a_uid_the_name_tells_objects_apart() {
        let (a, b) = (read(r#"{"name":"a","uid":null}"#), read(r#"{"name":"b"}"#));
        assert_ne!(a.uid(), b.uid());
        assert_ne!(a.uid(), Uid::default());
        assert_eq!(a.uid(), read(r#"{"name":"a"}"#).uid());
    }
}
