//! Cluster role bindings: who may do what a cluster role allows, everywhere.

use super::binding::{Binding, COLUMNS};
use super::kind::{Column, Enter, Kind, Names, names};
use super::meta::Meta;
use super::row::Link;
use super::wire::{self, Message};

/// The kind.
pub struct ClusterRoleBindings;

impl Kind for ClusterRoleBindings {
    type Object = Binding;
    const NAMES: Names =
        names("rbac.authorization.k8s.io", "v1", "clusterrolebindings", "ClusterRoleBinding", &[]).cluster_scoped();
    const COLUMNS: &'static [Column<Binding>] = COLUMNS;
    const WIRE: Option<&'static Message> = Some(&wire::access::BINDING);
    const ENTER: Enter = Enter::About;

    fn meta(binding: Binding) -> Meta {
        binding.metadata
    }

    fn link(binding: &Binding) -> Link {
        binding.link()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::testing::shown;
    use serde_json::json;

    #[test]
    fn its_cells_are_kubectls() {
        let json = json!({
            "metadata": {"name": "edit", "creationTimestamp": "2026-11-23T15:22:00Z"},
            "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "edit"},
            "subjects": [{"kind": "User", "name": "alice"}, {"kind": "ServiceAccount", "namespace": "ci", "name": "bot"},
                {"kind": "Group", "name": "devs"}, {"kind": "User", "name": "bob"}, {"kind": "New", "name": "x"}],
        });
        assert_eq!(
            shown(&ClusterRoleBindings, &json),
            ["edit", "ClusterRole/edit", "10m", "alice, bob", "devs", "ci/bot"]
        );
        let bare = json!({"metadata": {"name": "bare"}, "subjects": null});
        assert_eq!(shown(&ClusterRoleBindings, &bare), ["bare", "/", "<unknown>", "", "", ""]);
    }
}
