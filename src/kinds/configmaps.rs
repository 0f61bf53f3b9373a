//! Config maps: settings for pods.

use super::cell::Cell;
use super::kind::Width::{Fill, Fit};
use super::kind::{Column, Kind, Names, column, names, right};
use super::lenient::{entries, null};
use super::meta::Meta;
use super::wire::{self, Message};
use serde::Deserialize;

/// The kind.
pub struct ConfigMaps;

/// A config map, as far as its columns need it: how much it holds, and nothing of that.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ConfigMap {
    #[serde(deserialize_with = "null")]
    metadata: Meta,
    #[serde(deserialize_with = "entries")]
    data: usize,
    #[serde(deserialize_with = "entries")]
    binary_data: usize,
}

impl Kind for ConfigMaps {
    type Object = ConfigMap;
    const NAMES: Names = names("", "v1", "configmaps", "ConfigMap", &["cm"]);
    const COLUMNS: &'static [Column<ConfigMap>] = &[
        column("NAME", Fill(1), |c| Cell::text(&c.metadata.name)),
        right(column("DATA", Fit(6), |c| Cell::count_of(c.data + c.binary_data))),
        right(column("AGE", Fit(9), |c| Cell::since(c.metadata.creation_timestamp))),
    ];
    const WIRE: Option<&'static Message> = Some(&wire::core::CONFIG_MAP);

    fn meta(map: ConfigMap) -> Meta {
        map.metadata
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
            "metadata": {"name": "web", "creationTimestamp": "2026-11-23T15:22:00Z"},
            "data": {"a": "1", "b": "2"}, "binaryData": {"c": "AA=="},
        });
        assert_eq!(shown(&ConfigMaps, &json), ["web", "3", "10m"]);
        assert_eq!(shown(&ConfigMaps, &json!({"data": null})), ["", "0", "<unknown>"]);
    }
}
