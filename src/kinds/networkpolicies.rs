//! Network policies: who may speak to whom.

use super::cell::Cell;
use super::kind::Width::{Fill, Fit};
use super::kind::{Column, Enter, Kind, Names, column, names, right};
use super::lenient::null;
use super::meta::Meta;
use super::object::Object;
use super::row::Link;
use super::selector::Selector;
use super::wire::{self, Message};
use serde::Deserialize;

/// The kind.
pub struct NetworkPolicies;

/// A policy, as far as its columns need it.
pub type NetworkPolicy = Object<Spec>;

/// `spec`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Spec {
    #[serde(deserialize_with = "null")]
    pod_selector: Selector,
}

impl Kind for NetworkPolicies {
    type Object = NetworkPolicy;
    const NAMES: Names = names("networking.k8s.io", "v1", "networkpolicies", "NetworkPolicy", &["netpol"]);
    const COLUMNS: &'static [Column<NetworkPolicy>] = &[
        column("NAME", Fill(1), |p| Cell::text(&p.metadata.name)),
        column("POD-SELECTOR", Fit(80), |p| p.spec.pod_selector.cell()),
        right(column("AGE", Fit(9), |p| Cell::since(p.metadata.creation_timestamp))),
    ];
    const WIRE: Option<&'static Message> = Some(&wire::networking::NETWORK_POLICY);
    const ENTER: Enter = Enter::PodsSelected;

    fn meta(policy: NetworkPolicy) -> Meta {
        policy.metadata
    }

    /// The pods that it is about: all of the namespace, when its selector is empty.
    fn link(policy: &NetworkPolicy) -> Link {
        policy.spec.pod_selector.link_or_all()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::testing::{row, shown};
    use serde_json::json;

    #[test]
    fn its_cells_are_kubectls() {
        let json = json!({
            "metadata": {"name": "web", "creationTimestamp": "2026-11-23T15:22:00Z"},
            "spec": {"podSelector": {"matchLabels": {"app": "web"}}, "policyTypes": ["Ingress"]},
        });
        assert_eq!(shown(&NetworkPolicies, &json), ["web", "app=web", "10m"]);
        assert_eq!(row(&NetworkPolicies, &json).link, Link::Selects("app=web".to_owned()));
        let all = json!({"metadata": {"name": "deny"}, "spec": {"podSelector": {}}});
        assert_eq!(shown(&NetworkPolicies, &all), ["deny", "<none>", "<unknown>"]);
        assert_eq!(row(&NetworkPolicies, &all).link, Link::Selects(String::new()));
    }
}
