//! Secrets: what only some may know. Of what they hold, nothing is kept here: it is counted and passed over.

use super::Text;
use super::cell::Cell;
use super::kind::Width::{Fill, Fit};
use super::kind::{Column, Kind, Names, column, names, right};
use super::lenient::{entries, null};
use super::meta::Meta;
use super::wire::{self, Message};
use serde::Deserialize;

/// The kind.
pub struct Secrets;

/// A secret, as far as its columns need it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Secret {
    #[serde(deserialize_with = "null")]
    metadata: Meta,
    #[serde(rename = "type", deserialize_with = "null")]
    kind: Text,
    #[serde(deserialize_with = "entries")]
    data: usize,
}

impl Kind for Secrets {
    type Object = Secret;
    const NAMES: Names = names("", "v1", "secrets", "Secret", &[]);
    const COLUMNS: &'static [Column<Secret>] = &[
        column("NAME", Fill(1), |s| Cell::text(&s.metadata.name)),
        column("TYPE", Fit(40), |s| Cell::text(&s.kind)),
        right(column("DATA", Fit(6), |s| Cell::count_of(s.data))),
        right(column("AGE", Fit(9), |s| Cell::since(s.metadata.creation_timestamp))),
    ];
    const WIRE: Option<&'static Message> = Some(&wire::core::SECRET);

    fn meta(secret: Secret) -> Meta {
        secret.metadata
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
            "metadata": {"name": "db", "creationTimestamp": "2026-11-23T15:22:00Z"},
            "type": "Opaque", "data": {"user": "YWRtaW4=", "password": "aHVudGVyMg=="},
        });
        assert_eq!(shown(&Secrets, &json), ["db", "Opaque", "2", "10m"]);
        assert_eq!(shown(&Secrets, &json!({"data": null})), ["", "", "0", "<unknown>"]);
    }

    #[test]
    fn nothing_that_it_holds_is_kept() {
        let held = json!({"password": "aHVudGVyMg=="});
        let annotations = json!({"kubectl.kubernetes.io/last-applied-configuration": "aHVudGVyMg=="});
        let json = json!({"metadata": {"name": "db", "annotations": annotations}, "data": held, "stringData": held});
        let kept = format!("{:?}", row(&Secrets, &json));
        assert!(!kept.contains("aHVudGVyMg") && !kept.contains("password"), "{kept}");
    }
}
