//! What both kinds of webhook configurations have in common: how many webhooks they register.

use super::cell::Cell;
use super::kind::Width::{Fill, Fit};
use super::kind::{Column, column, right};
use super::lenient::{length, null};
use super::meta::Meta;
use serde::Deserialize;

/// A configuration, as far as its columns need it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Webhooks {
    /// Who it is.
    #[serde(deserialize_with = "null")]
    pub metadata: Meta,
    #[serde(deserialize_with = "length")]
    webhooks: usize,
}

/// The columns of both kinds.
pub const COLUMNS: &[Column<Webhooks>] = &[
    column("NAME", Fill(1), |w| Cell::text(&w.metadata.name)),
    right(column("WEBHOOKS", Fit(8), |w| Cell::count_of(w.webhooks))),
    right(column("AGE", Fit(9), |w| Cell::since(w.metadata.creation_timestamp))),
];
