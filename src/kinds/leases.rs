//! Leases: who leads, and which nodes are alive.

use super::Text;
use super::cell::Cell;
use super::kind::Width::{Fill, Fit};
use super::kind::{Column, Kind, Names, column, names, right};
use super::lenient::null;
use super::meta::Meta;
use super::object::Object;
use super::wire::{self, Message};
use serde::Deserialize;

/// The kind.
pub struct Leases;

/// A lease, as far as its columns need it.
pub type Lease = Object<Spec>;

/// `spec`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Spec {
    #[serde(deserialize_with = "null")]
    holder_identity: Text,
}

impl Kind for Leases {
    type Object = Lease;
    const NAMES: Names = names("coordination.k8s.io", "v1", "leases", "Lease", &[]);
    const COLUMNS: &'static [Column<Lease>] = &[
        column("NAME", Fill(1), |l| Cell::text(&l.metadata.name)),
        column("HOLDER", Fit(80), |l| Cell::text(&l.spec.holder_identity)),
        right(column("AGE", Fit(9), |l| Cell::since(l.metadata.creation_timestamp))),
    ];
    const WIRE: Option<&'static Message> = Some(&wire::access::LEASE);

    fn meta(lease: Lease) -> Meta {
        lease.metadata
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::testing::shown;
    use serde_json::json;

    #[test]
    fn its_cells_are_kubectls() {
        let meta = json!({"name": "n1", "creationTimestamp": "2026-11-23T15:22:00Z"});
        assert_eq!(shown(&Leases, &json!({"metadata": meta, "spec": {"holderIdentity": "n1"}})), ["n1", "n1", "10m"]);
        assert_eq!(shown(&Leases, &json!({"spec": {"holderIdentity": null}})), ["", "", "<unknown>"]);
    }
}
