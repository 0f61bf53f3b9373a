//! Resource quotas: how much a namespace may have, and has.

use super::Text;
use super::cell::{Cell, Tone};
use super::kind::Width::{Fill, Fit};
use super::kind::{Column, Kind, Names, column, names, right};
use super::lenient::{Scalar, null};
use super::meta::Meta;
use super::object::Object;
use super::wire::{self, Message};
use serde::Deserialize;
use serde::de::IgnoredAny;
use std::collections::BTreeMap;

/// The kind.
pub struct ResourceQuotas;

/// A quota, as far as its columns need it.
pub type ResourceQuota = Object<IgnoredAny, Status>;

/// `status`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Status {
    #[serde(deserialize_with = "null")]
    hard: BTreeMap<Text, Scalar>,
    #[serde(deserialize_with = "null")]
    used: BTreeMap<Text, Scalar>,
}

impl Kind for ResourceQuotas {
    type Object = ResourceQuota;
    const NAMES: Names = names("", "v1", "resourcequotas", "ResourceQuota", &["quota"]);
    const COLUMNS: &'static [Column<ResourceQuota>] = &[
        column("NAME", Fill(1), |q| Cell::text(&q.metadata.name)),
        column("REQUEST", Fit(120), |q| q.status.used_of(false)),
        column("LIMIT", Fit(80), |q| q.status.used_of(true)),
        right(column("AGE", Fit(9), |q| Cell::since(q.metadata.creation_timestamp))),
    ];
    const WIRE: Option<&'static Message> = Some(&wire::core::RESOURCE_QUOTA);

    fn meta(quota: ResourceQuota) -> Meta {
        quota.metadata
    }
}

impl Status {
    /// `cpu: 1/4, memory: 2Gi/8Gi`: of the resources that are limits, or of the others. Worth a look when one of them is
    /// used up.
    fn used_of(&self, limits: bool) -> Cell {
        let hard = || self.hard.iter().filter(move |(resource, _)| resource.starts_with("limits.") == limits);
        let used = |resource: &Text| self.used.get(resource).map_or("0", |Scalar(used)| used);
        let text = hard().map(|(resource, Scalar(hard))| format!("{resource}: {}/{hard}", used(resource)));
        let full = hard().any(|(resource, Scalar(hard))| hard != "0" && used(resource) == hard);
        Cell::text(text.collect::<Vec<_>>().join(", ")).tone(if full { Tone::Warn } else { Tone::Plain })
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
            "metadata": {"name": "most", "creationTimestamp": "2026-11-23T15:22:00Z"},
            "spec": {"hard": {"pods": "9"}},
            "status": {"hard": {"requests.cpu": "4", "limits.memory": "8Gi", "pods": 10, "limits.cpu": "8", "count/jobs": "2"},
                "used": {"requests.cpu": "1500m", "limits.memory": "2Gi", "pods": "3"}},
        });
        let cells = [
            "most",
            "count/jobs: 0/2, pods: 3/10, requests.cpu: 1500m/4",
            "limits.cpu: 0/8, limits.memory: 2Gi/8Gi",
            "10m",
        ];
        assert_eq!(shown(&ResourceQuotas, &json), cells);
        assert_eq!(shown(&ResourceQuotas, &json!({"status": {"hard": null}})), ["", "", "", "<unknown>"]);
    }

    #[test]
    fn what_is_used_up_stands_out() {
        let status =
            json!({"hard": {"pods": "3", "secrets": "0", "limits.cpu": "2"}, "used": {"pods": "3", "limits.cpu": "1"}});
        let row = row(&ResourceQuotas, &json!({"status": status}));
        assert_eq!((row.cells[1].tone, row.cells[2].tone), (Tone::Warn, Tone::Plain));
    }
}
