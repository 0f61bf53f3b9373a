//! Ingress classes: who serves which ingresses.

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
pub struct IngressClasses;

/// An ingress class, as far as its columns need it.
pub type IngressClass = Object<Spec>;

/// `spec`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Spec {
    #[serde(deserialize_with = "null")]
    controller: Text,
    parameters: Option<Parameters>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Parameters {
    #[serde(rename = "apiGroup")]
    group: Option<Text>,
    #[serde(deserialize_with = "null")]
    kind: Text,
    #[serde(deserialize_with = "null")]
    name: Text,
}

impl Kind for IngressClasses {
    type Object = IngressClass;
    const NAMES: Names = names("networking.k8s.io", "v1", "ingressclasses", "IngressClass", &[]).cluster_scoped();
    const COLUMNS: &'static [Column<IngressClass>] = &[
        column("NAME", Fill(1), |c| c.metadata.class_name()),
        column("CONTROLLER", Fit(60), |c| Cell::text(&c.spec.controller)),
        column("PARAMETERS", Fit(60), |c| c.spec.parameters.as_ref().map_or_else(Cell::none, parameters)),
        right(column("AGE", Fit(9), |c| Cell::since(c.metadata.creation_timestamp))),
    ];
    const WIRE: Option<&'static Message> = Some(&wire::networking::INGRESS_CLASS);

    fn meta(class: IngressClass) -> Meta {
        class.metadata
    }
}

/// `IngressParameters.example.org/outside`.
fn parameters(parameters: &Parameters) -> Cell {
    let Parameters { group, kind, name } = parameters;
    Cell::text(match group {
        Some(group) => format!("{kind}.{group}/{name}"),
        None => format!("{kind}/{name}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::testing::shown;
    use serde_json::{Value, json};

    #[test]
    fn its_cells_are_kubectls() {
        let cells = |annotations: Value, parameters: Value| {
            let meta =
                json!({"name": "nginx", "creationTimestamp": "2026-11-23T15:22:00Z", "annotations": annotations});
            shown(
                &IngressClasses,
                &json!({"metadata": meta, "spec": {"controller": "k8s.io/nginx", "parameters": parameters}}),
            )
        };
        assert_eq!(cells(json!(null), json!(null)), ["nginx", "k8s.io/nginx", "<none>", "10m"]);
        let default = json!({"ingressclass.kubernetes.io/is-default-class": "true"});
        let outside = json!({"apiGroup": "example.org", "kind": "IngressParameters", "name": "outside"});
        assert_eq!(
            cells(default, outside),
            ["nginx (default)", "k8s.io/nginx", "IngressParameters.example.org/outside", "10m"]
        );
        assert_eq!(cells(json!({}), json!({"kind": "ConfigMap", "name": "a"}))[2], "ConfigMap/a");
    }
}
