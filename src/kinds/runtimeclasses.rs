//! Runtime classes: what else runs containers.

use super::Text;
use super::cell::Cell;
use super::kind::Width::{Fill, Fit};
use super::kind::{Column, Kind, Names, column, names, right};
use super::lenient::null;
use super::meta::Meta;
use super::wire::{self, Message};
use serde::Deserialize;

/// The kind.
pub struct RuntimeClasses;

/// A runtime class, as far as its columns need it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct RuntimeClass {
    #[serde(deserialize_with = "null")]
    metadata: Meta,
    #[serde(deserialize_with = "null")]
    handler: Text,
}

impl Kind for RuntimeClasses {
    type Object = RuntimeClass;
    const NAMES: Names = names("node.k8s.io", "v1", "runtimeclasses", "RuntimeClass", &[]).cluster_scoped();
    const COLUMNS: &'static [Column<RuntimeClass>] = &[
        column("NAME", Fill(1), |r| Cell::text(&r.metadata.name)),
        column("HANDLER", Fit(60), |r| Cell::text(&r.handler)),
        right(column("AGE", Fit(9), |r| Cell::since(r.metadata.creation_timestamp))),
    ];
    const WIRE: Option<&'static Message> = Some(&wire::access::RUNTIME_CLASS);

    fn meta(class: RuntimeClass) -> Meta {
        class.metadata
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::testing::shown;
    use serde_json::json;

    #[test]
    fn its_cells_are_kubectls() {
        let meta = json!({"name": "sandbox", "creationTimestamp": "2026-11-23T15:22:00Z"});
        assert_eq!(shown(&RuntimeClasses, &json!({"metadata": meta, "handler": "runsc"})), ["sandbox", "runsc", "10m"]);
    }
}
