//! What workloads have in common: how many pods, which, and a template with their containers.

use super::Text;
use super::cell::Cell;
use super::kind::Width::Fit;
use super::kind::{Column, column, wide};
use super::lenient::null;
use super::selector::{Labels, Selector};
use serde::Deserialize;

/// `spec` of what keeps pods: deployments, replica sets, stateful sets, daemon sets; `L` is how it selects them.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound = "L: Deserialize<'de> + Default")]
pub struct Workload<L = Selector> {
    replicas: Option<i64>,
    /// Which pods are its own.
    #[serde(deserialize_with = "null")]
    pub selector: L,
    /// How its pods are made.
    #[serde(deserialize_with = "null")]
    pub template: Template,
}

impl<L> Workload<L> {
    /// How many pods are asked for; the API's default is one.
    pub fn wanted(&self) -> i64 {
        self.replicas.unwrap_or(1)
    }
}

/// A pod template, as far as columns need it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Template {
    #[serde(deserialize_with = "null")]
    spec: Spec,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Spec {
    #[serde(deserialize_with = "null")]
    containers: Vec<Container>,
    #[serde(deserialize_with = "null")]
    node_selector: Labels,
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

    /// The labels that a node must have: `disk=ssd`, or `<none>`.
    pub fn node_selector(&self) -> Cell {
        self.spec.node_selector.cell()
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
