//! What a description needs beside its object: which other objects, and what came of asking for them.

use super::json::Json;
use crate::kinds::events::Events;
use crate::kinds::kind::{Kind, Names, names};
use serde_json::Value;

/// Resources that descriptions look at, beside those with a file of their own.
pub const SLICES: Names = names("resource.k8s.io", "v1", "resourceslices", "ResourceSlice", &[]).cluster_scoped();

/// Objects that a description needs.
#[derive(Debug, Clone)]
pub struct Want {
    /// How the description asks for them.
    pub name: String,
    /// Their kind.
    pub of: Names,
    /// Their namespace, `""` for everywhere.
    pub namespace: String,
    /// Which of them.
    pub which: Which,
}

/// Which objects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Which {
    /// All.
    All,
    /// The one of this name.
    Named(String),
    /// Those with these labels, in kubectl's syntax.
    Labels(String),
    /// Those with these fields, in kubectl's syntax.
    Fields(String),
}

impl Want {
    /// Objects of a kind in a namespace, under the plural of the kind.
    pub fn new(of: Names, namespace: &str, which: Which) -> Self {
        Self { name: of.plural.to_owned(), of, namespace: namespace.to_owned(), which }
    }

    /// The same under another name.
    #[must_use]
    pub fn called(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// The events of an object, as kubectl selects them; a pod's are found without its kind.
    pub fn events(object: Json<'_>, kind: &str, uid: &str) -> Self {
        let (namespace, name) = (object.at("metadata.namespace").text(), object.at("metadata.name").text());
        let kind = Some(kind).filter(|kind| *kind != "Pod").map(|kind| format!("involvedObject.kind={kind},"));
        let fields = format!(
            "{}involvedObject.name={name},involvedObject.namespace={namespace},involvedObject.uid={uid}",
            kind.unwrap_or_default()
        );
        Self::new(Events::NAMES, namespace, Which::Fields(fields))
    }
}

/// Why objects could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// The HTTP status of the refusal; 0 when there was no answer.
    pub code: u16,
    /// The sentence.
    pub sentence: String,
}

/// What came of asking.
#[derive(Debug, Default)]
pub struct Related(pub Vec<(String, Result<Vec<Value>, Missing>)>);

impl Related {
    /// What came of asking for `name`; what was not asked for is not there.
    ///
    /// # Errors
    /// Why they could not be read.
    pub fn list(&self, name: &str) -> Result<Vec<Json<'_>>, &Missing> {
        let found = self.0.iter().filter(|(known, _)| known == name).map(|(_, found)| found);
        let mut all = Vec::new();
        for part in found {
            all.extend(part.as_ref()?.iter().map(Json::of));
        }
        Ok(all)
    }

    /// The objects called `name`; none when they could not be read.
    pub fn known(&self, name: &str) -> Vec<Json<'_>> {
        self.list(name).unwrap_or_default()
    }
}
