//! `Object`: the shape that most objects have.

use super::lenient::null;
use super::meta::Meta;
use serde::Deserialize;
use serde::de::IgnoredAny;

/// An object as far as its columns need it: metadata, what it shall be (`S`), and what it is (`T`).
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound = "S: Deserialize<'de> + Default, T: Deserialize<'de> + Default")]
pub struct Object<S, T = IgnoredAny> {
    /// Who it is.
    #[serde(deserialize_with = "null")]
    pub metadata: Meta,
    /// What it shall be.
    #[serde(deserialize_with = "null")]
    pub spec: S,
    /// What it is.
    #[serde(deserialize_with = "null")]
    pub status: T,
}
