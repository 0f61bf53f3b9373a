//! What workloads have in common: a selector, and a template of pods with containers.

use super::Text;
use super::cell::Cell;
use super::kind::Width::Fit;
use super::kind::{Column, column, wide};
use super::lenient::null;
use serde::Deserialize;

/// A pod template, as far as columns need it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Template {
    #[serde(deserialize_with = "null")]
    spec: Spec,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Spec {
    #[serde(deserialize_with = "null")]
    containers: Vec<Container>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Container {
    #[serde(deserialize_with = "null")]
    name: Text,
    #[serde(deserialize_with = "null")]
    image: Text,
}

impl Template {
    /// The names of the containers: `web,proxy`.
    pub fn names(&self) -> Cell {
        self.joined(|container| &container.name)
    }

    /// The images of the containers.
    pub fn images(&self) -> Cell {
        self.joined(|container| &container.image)
    }

    fn joined(&self, text: fn(&Container) -> &str) -> Cell {
        Cell::text(self.spec.containers.iter().map(text).collect::<Vec<_>>().join(","))
    }
}

/// The wide column CONTAINERS.
pub const fn containers_column<O>(cell: fn(&O) -> Cell) -> Column<O> {
    wide(column("CONTAINERS", Fit(30), cell))
}

/// The wide column IMAGES.
pub const fn images_column<O>(cell: fn(&O) -> Cell) -> Column<O> {
    wide(column("IMAGES", Fit(60), cell))
}

/// The wide column SELECTOR.
pub const fn selector_column<O>(cell: fn(&O) -> Cell) -> Column<O> {
    wide(column("SELECTOR", Fit(60), cell))
}
