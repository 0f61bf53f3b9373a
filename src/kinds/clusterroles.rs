//! Cluster roles: what may be done in every namespace, and outside of them.

use super::kind::{Column, Kind, Names, names};
use super::meta::Meta;
use super::object::{Bare, with_moment};
use super::wire::{self, Message};

/// The kind.
pub struct ClusterRoles;

impl Kind for ClusterRoles {
    type Object = Bare;
    const NAMES: Names = names("rbac.authorization.k8s.io", "v1", "clusterroles", "ClusterRole", &[]).cluster_scoped();
    const COLUMNS: &'static [Column<Bare>] = &with_moment();
    const WIRE: Option<&'static Message> = Some(&wire::meta::BARE);

    fn meta(role: Bare) -> Meta {
        role.metadata
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
        assert_eq!(shown(&ClusterRoles, &json), ["a", "2026-11-23T15:22:00Z"]);
    }
}
