//! `Live`: the object that an action plans with, as the server has it now.

use super::problem::Problem;
use super::reader::Reader;
use super::target::Target;
use crate::cluster::json::put;
use crate::kinds::Uid;
use serde_json::{Value, json};

/// An object as the server has it now.
#[derive(Debug, Clone, PartialEq)]
pub struct Live {
    /// Which one.
    pub target: Target,
    /// The object; null when it does not exist, which only a target without identity may.
    pub object: Value,
}

impl Live {
    /// Reads `target` and makes sure that it is the object that was meant. What is found for a target without identity
    /// is the one that is meant from then on.
    ///
    /// # Errors
    /// When it is gone, was replaced, or cannot be read.
    pub async fn read(reader: &Reader, target: &Target) -> Result<Self, Problem> {
        let found = reader.find(&target.path()).await?;
        let mut live = Self { target: target.clone(), object: found.unwrap_or_default() };
        let is = Uid::parse(live.uid());
        match target.uid {
            None => {
                live.target.uid = live.exists().then_some(is);
                Ok(live)
            }
            Some(_) if live.object.is_null() => Err(Problem::changed(format!("{target} is gone"), "")),
            Some(uid) if uid != is => Err(Problem::changed(
                format!("{target} was replaced since you looked: another object has this name now"),
                "look at the new one and act again if you still want to",
            )),
            Some(_) => Ok(live),
        }
    }

    /// Whether it exists.
    pub fn exists(&self) -> bool {
        !self.object.is_null()
    }

    /// Its identity, `""` when it does not exist.
    pub fn uid(&self) -> &str {
        self.text("/metadata/uid")
    }

    /// Its version, `""` when it does not exist.
    pub fn version(&self) -> &str {
        self.text("/metadata/resourceVersion")
    }

    /// The text at a JSON pointer, `""` when there is none.
    pub fn text(&self, pointer: &str) -> &str {
        self.object.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
    }

    /// The text at a JSON pointer, if there is one.
    pub fn text_of(&self, pointer: &str) -> Option<&str> {
        self.object.pointer(pointer).and_then(Value::as_str)
    }

    /// The number at a JSON pointer.
    pub fn number(&self, pointer: &str) -> Option<i64> {
        self.object.pointer(pointer).and_then(Value::as_i64)
    }

    /// Whether true stands at a JSON pointer.
    pub fn is(&self, pointer: &str) -> bool {
        self.object.pointer(pointer).and_then(Value::as_bool).unwrap_or_default()
    }

    /// A merge patch with the identity and version of this object in it: the server refuses it for any other.
    #[must_use]
    pub fn pinned(&self, mut patch: Value) -> Value {
        put(&mut patch, &["metadata", "uid"], json!(self.uid()));
        put(&mut patch, &["metadata", "resourceVersion"], json!(self.version()));
        patch
    }
}
