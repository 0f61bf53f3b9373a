//! `Object`: the shape that most objects have.

use super::Text;
use super::cell::Cell;
use super::kind::Width::{Fill, Fit};
use super::kind::{Column, column, right};
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

/// An object of which nothing but its metadata is shown.
pub type Bare = Object<IgnoredAny>;

/// The columns NAME and AGE.
pub const fn with_age() -> [Column<Bare>; 2] {
    [
        column("NAME", Fill(1), |o: &Bare| Cell::text(&o.metadata.name)),
        right(column("AGE", Fit(9), |o: &Bare| Cell::since(o.metadata.creation_timestamp))),
    ]
}

/// The columns NAME and CREATED AT, as the API server shows kinds for which it has no columns of their own.
pub const fn with_moment() -> [Column<Bare>; 2] {
    [
        column("NAME", Fill(1), |o: &Bare| Cell::text(&o.metadata.name)),
        column("CREATED AT", Fit(20), |o: &Bare| Cell::moment(o.metadata.creation_timestamp)),
    ]
}

/// A pointer to an object of a known kind.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Pointer {
    #[serde(deserialize_with = "null")]
    namespace: Text,
    #[serde(deserialize_with = "null")]
    name: Text,
}

impl Pointer {
    /// `shop/data`.
    pub fn cell(&self) -> Cell {
        Cell::text(format!("{}/{}", self.namespace, self.name))
    }
}
