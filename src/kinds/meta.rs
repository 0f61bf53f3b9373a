//! The metadata that every object has, as far as a list needs it.

use super::row::{Reference, Uid};
use super::time::{Time, moment};
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use std::borrow::Cow;
use std::fmt;

/// `metadata` without managed fields and annotations.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Meta {
    /// Name.
    pub name: String,
    /// Namespace, `""` for cluster-scoped objects.
    pub namespace: String,
    /// UID as the server wrote it.
    #[serde(rename = "uid")]
    pub uid_text: String,
    /// When it was created.
    #[serde(deserialize_with = "moment")]
    pub creation_timestamp: Option<Time>,
    /// When its deletion was asked for.
    #[serde(deserialize_with = "moment")]
    pub deletion_timestamp: Option<Time>,
    /// Labels as `key=value` lines, sorted by key.
    #[serde(deserialize_with = "lines")]
    pub labels: String,
    /// Owners.
    pub owner_references: Vec<Owner>,
}

/// An entry of `ownerReferences`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Owner {
    /// Group and version.
    pub api_version: String,
    /// Kind.
    pub kind: String,
    /// Name.
    pub name: String,
    /// UID.
    pub uid: String,
    /// Whether it is the managing controller.
    pub controller: bool,
}

impl Meta {
    /// The identity.
    pub fn uid(&self) -> Uid {
        Uid::parse(&self.uid_text)
    }

    /// The controller, else the first owner.
    pub fn owner(&self) -> Option<Reference> {
        let owner = self.owner_references.iter().find(|o| o.controller).or_else(|| self.owner_references.first())?;
        Some(Reference {
            group: owner.api_version.split_once('/').map_or("", |(group, _)| group).to_owned(),
            kind: owner.kind.clone(),
            namespace: self.namespace.clone(),
            name: owner.name.clone(),
            uid: Some(Uid::parse(&owner.uid)),
        })
    }

    /// The value of a label.
    pub fn label(&self, key: &str) -> Option<&str> {
        self.labels.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix('='))
    }
}

/// Reads a map of strings as sorted `key=value` lines; null is no line. The API server sends maps sorted by key,
/// so sorting is a check in nearly every case.
///
/// # Errors
/// When the value is neither a map of strings nor null.
pub fn lines<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    struct Lines;
    impl<'de> Visitor<'de> for Lines {
        type Value = String;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a map of strings")
        }

        fn visit_unit<E>(self) -> Result<String, E> {
            Ok(String::new())
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<String, A::Error> {
            let mut out = String::new();
            while let Some((key, value)) = map.next_entry::<Cow<'de, str>, Option<Cow<'de, str>>>()? {
                if !out.is_empty() {
                    out.push('\n');
                }
                out.push_str(&key);
                out.push('=');
                out.push_str(value.as_deref().unwrap_or_default());
            }
            Ok(sorted(out))
        }
    }
    deserializer.deserialize_any(Lines)
}

/// The same lines, sorted by key.
fn sorted(lines: String) -> String {
    let key = |line: &str| line.split_once('=').map_or_else(|| line.to_owned(), |(key, _)| key.to_owned());
    if lines.lines().is_sorted_by(|a, b| a.split('=').next() <= b.split('=').next()) {
        return lines;
    }
    let mut all: Vec<&str> = lines.lines().collect();
    all.sort_by_key(|line| key(line));
    all.join("\n")
}
