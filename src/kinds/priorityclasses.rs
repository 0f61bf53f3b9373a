//! Priority classes: which pods go first, and which make room for others.

use super::Text;
use super::cell::Cell;
use super::kind::Width::{Fill, Fit};
use super::kind::{Column, Kind, Names, column, names, right};
use super::lenient::null;
use super::meta::Meta;
use super::wire::{self, Message};
use serde::Deserialize;

/// The kind.
pub struct PriorityClasses;

/// A priority class, as far as its columns need it.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PriorityClass {
    #[serde(deserialize_with = "null")]
    metadata: Meta,
    #[serde(deserialize_with = "null")]
    value: i64,
    #[serde(deserialize_with = "null")]
    global_default: bool,
    #[serde(deserialize_with = "null")]
    preemption_policy: Text,
}

impl Kind for PriorityClasses {
    type Object = PriorityClass;
    const NAMES: Names = names("scheduling.k8s.io", "v1", "priorityclasses", "PriorityClass", &["pc"]).cluster_scoped();
    const COLUMNS: &'static [Column<PriorityClass>] = &[
        column("NAME", Fill(1), |p| Cell::text(&p.metadata.name)),
        right(column("VALUE", Fit(11), |p| Cell::count(p.value))),
        column("GLOBAL-DEFAULT", Fit(14), |p| Cell::truth(p.global_default)),
        right(column("AGE", Fit(9), |p| Cell::since(p.metadata.creation_timestamp))),
        column("PREEMPTIONPOLICY", Fit(20), |p| Cell::text(&p.preemption_policy)),
    ];
    const WIRE: Option<&'static Message> = Some(&wire::access::PRIORITY_CLASS);

    fn meta(class: PriorityClass) -> Meta {
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
        let json = json!({
            "metadata": {"name": "first", "creationTimestamp": "2026-11-23T15:22:00Z"},
            "value": -1000, "globalDefault": true, "preemptionPolicy": "Never",
        });
        assert_eq!(shown(&PriorityClasses, &json), ["first", "-1000", "true", "10m", "Never"]);
        assert_eq!(shown(&PriorityClasses, &json!({})), ["", "0", "false", "<unknown>", ""]);
    }
}
