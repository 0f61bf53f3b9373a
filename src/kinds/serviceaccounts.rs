//! Service accounts: who pods are towards the API server.

use super::kind::{Column, Kind, Names, names};
use super::meta::Meta;
use super::object::{Bare, with_age};
use super::wire::{self, Message};

/// The kind.
pub struct ServiceAccounts;

impl Kind for ServiceAccounts {
    type Object = Bare;
    const NAMES: Names = names("", "v1", "serviceaccounts", "ServiceAccount", &["sa"]);
    const COLUMNS: &'static [Column<Bare>] = &with_age();
    const WIRE: Option<&'static Message> = Some(&wire::meta::BARE);

    fn meta(account: Bare) -> Meta {
        account.metadata
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::testing::shown;
    use serde_json::json;

    #[test]
    fn its_cells_are_kubectls() {
        let meta = json!({"name": "default", "creationTimestamp": "2026-11-23T15:22:00Z"});
        let json = json!({"metadata": meta, "secrets": [{"name": "token"}]});
        assert_eq!(shown(&ServiceAccounts, &json), ["default", "10m"]);
    }
}
