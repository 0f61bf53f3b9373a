//! Mutating webhook configurations: who may change what is written, before it is kept.

use super::kind::{Column, Kind, Names, names};
use super::meta::Meta;
use super::webhook::{COLUMNS, Webhooks};
use super::wire::{self, Message};

/// The kind.
pub struct MutatingWebhookConfigurations;

impl Kind for MutatingWebhookConfigurations {
    type Object = Webhooks;
    const NAMES: Names = names(
        "admissionregistration.k8s.io",
        "v1",
        "mutatingwebhookconfigurations",
        "MutatingWebhookConfiguration",
        &[],
    )
    .cluster_scoped();
    const COLUMNS: &'static [Column<Webhooks>] = COLUMNS;
    const WIRE: Option<&'static Message> = Some(&wire::access::WEBHOOKS);

    fn meta(configuration: Webhooks) -> Meta {
        configuration.metadata
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::testing::shown;
    use serde_json::json;

    #[test]
    fn its_cells_are_kubectls() {
        let meta = json!({"name": "guard", "creationTimestamp": "2026-11-23T15:22:00Z"});
        let json = json!({"metadata": meta, "webhooks": [{"name": "a"}, {"name": "b"}]});
        assert_eq!(shown(&MutatingWebhookConfigurations, &json), ["guard", "2", "10m"]);
    }
}
