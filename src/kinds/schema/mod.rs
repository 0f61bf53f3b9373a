//! Schemas of kinds, as a server's `/openapi/v3` publishes them: only what explains fields is kept.

pub mod outline;
pub mod text;
pub mod wrap;

use super::lenient::null;
use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use std::collections::BTreeMap;

/// The schemas of one group and version.
#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Document {
    /// Where it was read; the server puts a hash of it into the URL.
    #[serde(skip)]
    pub url: String,
    #[serde(deserialize_with = "null")]
    components: Components,
}

#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
struct Components {
    #[serde(deserialize_with = "null")]
    schemas: BTreeMap<String, Schema>,
}

/// The type of a field or an object.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Schema {
    /// What it is for.
    #[serde(deserialize_with = "null")]
    pub description: Box<str>,
    #[serde(rename = "type", deserialize_with = "null")]
    kind: Box<str>,
    #[serde(rename = "$ref")]
    reference: Option<Box<str>>,
    #[serde(deserialize_with = "null")]
    properties: BTreeMap<Box<str>, Self>,
    #[serde(deserialize_with = "null")]
    required: Vec<Box<str>>,
    items: Option<Box<Self>>,
    #[serde(deserialize_with = "schema_or_bool")]
    additional_properties: Option<Box<Self>>,
    #[serde(deserialize_with = "null")]
    all_of: Vec<Self>,
    #[serde(rename = "enum", deserialize_with = "null")]
    values: Vec<Value>,
    external_docs: Option<Box<ExternalDocs>>,
    #[serde(rename = "x-kubernetes-group-version-kind", deserialize_with = "null")]
    kinds: Vec<GroupVersionKind>,
}

/// Where more can be read.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
struct ExternalDocs {
    #[serde(deserialize_with = "null")]
    description: Box<str>,
    #[serde(deserialize_with = "null")]
    url: Box<str>,
}

/// Which kind it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Deserialize)]
#[serde(default)]
pub struct GroupVersionKind {
    /// The API group, `""` for the core group.
    #[serde(deserialize_with = "null")]
    pub group: Box<str>,
    /// The version.
    #[serde(deserialize_with = "null")]
    pub version: Box<str>,
    /// The kind.
    #[serde(deserialize_with = "null")]
    pub kind: Box<str>,
}

/// Reads a schema; `true` and `false`, which say whether there may be more fields, are none.
fn schema_or_bool<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Box<Schema>>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Either {
        Schema(Box<Schema>),
        Other(IgnoredAny),
    }
    Ok(match Option::<Either>::deserialize(deserializer)? {
        Some(Either::Schema(schema)) => Some(schema),
        Some(Either::Other(_)) | None => None,
    })
}

/// The refs that lead to a schema, so that a type that holds itself ends somewhere.
#[derive(Debug, Clone, Copy, Default)]
pub struct Seen<'a> {
    reference: Option<&'a str>,
    before: Option<&'a Self>,
}

impl<'a> Seen<'a> {
    /// With the ref of `schema`, if it is one.
    fn with(&'a self, schema: &'a Schema) -> Self {
        Self { reference: schema.reference.as_deref(), before: Some(self) }
    }

    /// Whether `schema` is a ref that was followed already.
    fn holds(&self, schema: &Schema) -> bool {
        let same = schema.reference.is_some() && self.reference == schema.reference.as_deref();
        same || self.before.is_some_and(|before| before.holds(schema))
    }
}

impl Document {
    /// Reads the answer of a server.
    ///
    /// # Errors
    /// When it is no such document.
    pub fn read(json: &[u8], url: &str) -> Result<Self, serde_json::Error> {
        let document: Self = serde_json::from_slice(json)?;
        Ok(Self { url: url.to_owned(), ..document })
    }

    /// The schema of a kind.
    pub fn kind(&self, kind: &GroupVersionKind) -> Option<&Schema> {
        self.components.schemas.values().find(|schema| schema.kinds.contains(kind))
    }

    /// What a schema refers to.
    fn referred(&self, schema: &Schema) -> Option<&Schema> {
        self.components.schemas.get(schema.reference.as_deref()?.strip_prefix("#/components/schemas/")?)
    }

    /// What a schema refers to, else itself.
    fn resolved<'a>(&'a self, schema: &'a Schema) -> &'a Schema {
        self.referred(schema).unwrap_or(schema)
    }

    /// The fields of a schema, of the elements of a list, and of the values of a map, as `kubectl explain` lists them.
    fn fields<'a>(&'a self, schema: &'a Schema, seen: &Seen<'_>, visit: &mut dyn FnMut(FieldOf<'a>, &Seen<'_>)) {
        if seen.holds(schema) {
            return;
        }
        let seen = seen.with(schema);
        let resolved = self.resolved(schema);
        for (name, schema) in &resolved.properties {
            visit(FieldOf { name, schema, required: resolved.required.contains(name) }, &seen);
        }
        for inner in resolved.inside() {
            self.fields(inner, &seen, visit);
        }
    }

    /// The type of a schema as `kubectl explain` guesses it: `[]Container`, `map[string]string`, `Object`.
    pub fn type_of(&self, schema: &Schema) -> String {
        if let Some(items) = &schema.items {
            return format!("[]{}", self.type_of(items));
        }
        if let Some(values) = &schema.additional_properties {
            return format!("map[string]{}", self.type_of(values));
        }
        if let ([only], true) = (schema.all_of.as_slice(), schema.properties.is_empty()) {
            return self.type_of(only);
        }
        let kind = match &schema.reference {
            Some(reference) => match self.referred(schema).map(|schema| &*schema.kind) {
                None | Some("" | "object") => reference.rsplit(['/', '.']).next().unwrap_or_default(),
                Some(kind) => kind,
            },
            None if &*schema.kind == "object" => "",
            None => &*schema.kind,
        };
        if kind.is_empty() { "Object".to_owned() } else { kind.to_owned() }
    }
}

impl Schema {
    /// The schemas whose fields count as its own: alternatives, the elements of a list, the values of a map.
    fn inside(&self) -> impl Iterator<Item = &Self> {
        self.all_of.iter().chain(self.items.as_deref()).chain(self.additional_properties.as_deref())
    }
}

/// A field of a schema.
#[derive(Debug, Clone, Copy)]
struct FieldOf<'a> {
    name: &'a str,
    schema: &'a Schema,
    required: bool,
}

/// A kind with its schemas, and the field that was asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Explained {
    /// The kind.
    pub kind: GroupVersionKind,
    /// The schemas of its group and version.
    pub document: std::sync::Arc<Document>,
    /// The names of the fields that lead to what was asked for.
    pub fields: Vec<String>,
}

#[cfg(test)]
mod tests;
