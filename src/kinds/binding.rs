//! What role bindings and cluster role bindings have in common: who may do what a role allows.

use super::Text;
use super::cell::Cell;
use super::kind::Width::{Fill, Fit};
use super::kind::{Column, column, right, wide};
use super::lenient::null;
use super::meta::Meta;
use super::row::{Link, Reference};
use serde::Deserialize;

/// A binding, as far as its columns need it.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Binding {
    /// Who it is.
    #[serde(deserialize_with = "null")]
    pub metadata: Meta,
    #[serde(deserialize_with = "null")]
    role_ref: Role,
    #[serde(deserialize_with = "null")]
    subjects: Vec<Subject>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Role {
    #[serde(rename = "apiGroup", deserialize_with = "null")]
    group: Text,
    #[serde(deserialize_with = "null")]
    kind: Text,
    #[serde(deserialize_with = "null")]
    name: Text,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Subject {
    #[serde(deserialize_with = "null")]
    kind: Text,
    #[serde(deserialize_with = "null")]
    namespace: Text,
    #[serde(deserialize_with = "null")]
    name: Text,
}

/// The columns of both kinds.
pub const COLUMNS: &[Column<Binding>] = &[
    column("NAME", Fill(1), |b| Cell::text(&b.metadata.name)),
    column("ROLE", Fit(60), |b| Cell::text(format!("{}/{}", b.role_ref.kind, b.role_ref.name))),
    right(column("AGE", Fit(9), |b| Cell::since(b.metadata.creation_timestamp))),
    wide(column("USERS", Fit(60), |b| b.subjects("User"))),
    wide(column("GROUPS", Fit(60), |b| b.subjects("Group"))),
    wide(column("SERVICEACCOUNTS", Fit(60), |b| b.subjects("ServiceAccount"))),
];

impl Binding {
    /// The way to the role.
    pub fn link(&self) -> Link {
        let Role { group, kind, name } = &self.role_ref;
        let namespace = if kind == "Role" { self.metadata.namespace.clone() } else { Text::default() };
        Link::About(Reference { group: group.clone(), kind: kind.clone(), namespace, name: name.clone(), uid: None })
    }

    /// Those of one kind: `alice, bob`; service accounts with their namespace.
    fn subjects(&self, kind: &str) -> Cell {
        let name = |subject: &Subject| match kind {
            "ServiceAccount" => format!("{}/{}", subject.namespace, subject.name),
            _ => subject.name.to_string(),
        };
        let subjects = self.subjects.iter().filter(|subject| subject.kind == kind);
        Cell::text(subjects.map(name).collect::<Vec<_>>().join(", "))
    }
}
