//! Validating admission policies: rules that the API server itself checks what is written against.

use super::Text;
use super::cell::Cell;
use super::kind::Width::{Fill, Fit};
use super::kind::{Column, Kind, Names, column, names, right};
use super::lenient::{length, null};
use super::meta::Meta;
use super::object::Object;
use super::wire::{self, Message};
use serde::Deserialize;

/// The kind.
pub struct ValidatingAdmissionPolicies;

/// A policy, as far as its columns need it.
pub type ValidatingAdmissionPolicy = Object<Spec>;

/// `spec`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Spec {
    #[serde(deserialize_with = "length")]
    validations: usize,
    param_kind: Option<ParamKind>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct ParamKind {
    #[serde(deserialize_with = "null")]
    api_version: Text,
    #[serde(deserialize_with = "null")]
    kind: Text,
}

impl Kind for ValidatingAdmissionPolicies {
    type Object = ValidatingAdmissionPolicy;
    const NAMES: Names =
        names("admissionregistration.k8s.io", "v1", "validatingadmissionpolicies", "ValidatingAdmissionPolicy", &[])
            .cluster_scoped();
    const COLUMNS: &'static [Column<ValidatingAdmissionPolicy>] = &[
        column("NAME", Fill(1), |p| Cell::text(&p.metadata.name)),
        right(column("VALIDATIONS", Fit(11), |p| Cell::count_of(p.spec.validations))),
        column("PARAMKIND", Fit(60), param_kind),
        right(column("AGE", Fit(9), |p| Cell::since(p.metadata.creation_timestamp))),
    ];
    const WIRE: Option<&'static Message> = Some(&wire::access::ADMISSION_POLICY);

    fn meta(policy: ValidatingAdmissionPolicy) -> Meta {
        policy.metadata
    }
}

/// `rules.example.org/v1/ReplicaLimit`.
fn param_kind(policy: &ValidatingAdmissionPolicy) -> Cell {
    let kind = policy.spec.param_kind.as_ref();
    Cell::or_unset(kind.map(|ParamKind { api_version, kind }| format!("{api_version}/{kind}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::testing::shown;
    use serde_json::json;

    #[test]
    fn its_cells_are_kubectls() {
        let json = json!({
            "metadata": {"name": "limit", "creationTimestamp": "2026-11-23T15:22:00Z"},
            "spec": {"validations": [{"expression": "true"}], "paramKind": {"apiVersion": "rules.example.org/v1", "kind": "ReplicaLimit"}},
        });
        let cells = ["limit", "1", "rules.example.org/v1/ReplicaLimit", "10m"];
        assert_eq!(shown(&ValidatingAdmissionPolicies, &json), cells);
        let bare = json!({"metadata": {"name": "bare"}, "spec": {"validations": null, "paramKind": null}});
        assert_eq!(shown(&ValidatingAdmissionPolicies, &bare), ["bare", "0", "<unset>", "<unknown>"]);
    }
}
