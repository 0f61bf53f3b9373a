//! Custom resource definitions: kinds that somebody has added to the cluster.

use super::kind::{Column, Enter, Kind, Names, names};
use super::meta::Meta;
use super::object::{Bare, with_moment};
use super::wire::{self, Message};

/// The kind.
pub struct CustomResourceDefinitions;

impl Kind for CustomResourceDefinitions {
    type Object = Bare;
    const NAMES: Names =
        names("apiextensions.k8s.io", "v1", "customresourcedefinitions", "CustomResourceDefinition", &["crd", "crds"])
            .cluster_scoped();
    const COLUMNS: &'static [Column<Bare>] = &with_moment();
    const ENTER: Enter = Enter::Objects;
    const WIRE: Option<&'static Message> = Some(&wire::meta::BARE);

    fn meta(definition: Bare) -> Meta {
        definition.metadata
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::testing::shown;
    use serde_json::json;

    #[test]
    fn its_cells_are_kubectls() {
        let json = json!({"metadata": {"name": "a", "creationTimestamp": "2026-11-23T15:22:00Z"}});
        assert_eq!(shown(&CustomResourceDefinitions, &json), ["a", "2026-11-23T15:22:00Z"]);
    }
}
