//! Namespaces: the rooms of a cluster.

use super::Text;
use super::cell::{Cell, Tone};
use super::kind::Width::{Fill, Fit};
use super::kind::{Column, Enter, Kind, Names, column, names, right};
use super::lenient::null;
use super::meta::Meta;
use super::object::Object;
use super::row::Health;
use super::wire::{self, Message};
use serde::Deserialize;
use serde::de::IgnoredAny;

/// The kind.
pub struct Namespaces;

/// A namespace, as far as its columns need it.
pub type Namespace = Object<IgnoredAny, Status>;

/// `status`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Status {
    #[serde(deserialize_with = "null")]
    phase: Text,
}

impl Kind for Namespaces {
    type Object = Namespace;
    const NAMES: Names = names("", "v1", "namespaces", "Namespace", &["ns"]).cluster_scoped();
    const COLUMNS: &'static [Column<Namespace>] = &[
        column("NAME", Fill(1), |n| Cell::text(&n.metadata.name)),
        column("STATUS", Fit(15), |n| Cell::text(&n.status.phase).tone(tone(n))),
        right(column("AGE", Fit(9), |n| Cell::since(n.metadata.creation_timestamp))),
    ];
    const WIRE: Option<&'static Message> = Some(&wire::core::NAMESPACE);
    const ENTER: Enter = Enter::PodsInside;

    fn meta(namespace: Namespace) -> Meta {
        namespace.metadata
    }

    fn health(namespace: &Namespace) -> Health {
        if tone(namespace) == Tone::Good { Health::Fine } else { Health::Pending }
    }
}

fn tone(namespace: &Namespace) -> Tone {
    if namespace.status.phase == "Active" { Tone::Good } else { Tone::Busy }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::testing::{row, shown};
    use serde_json::json;

    #[test]
    fn active_is_good_and_terminating_is_on_its_way() {
        let active = json!({"metadata": {"name": "shop", "creationTimestamp": "2026-11-23T15:30:00Z"}, "status": {"phase": "Active"}});
        assert_eq!(shown(&Namespaces, &active), ["shop", "Active", "2m"]);
        assert_eq!(
            (row(&Namespaces, &active).cells[1].tone, row(&Namespaces, &active).health),
            (Tone::Good, Health::Fine)
        );
        let leaving = json!({"metadata": {"name": "old"}, "status": {"phase": "Terminating"}});
        assert_eq!(
            (row(&Namespaces, &leaving).cells[1].tone, row(&Namespaces, &leaving).health),
            (Tone::Busy, Health::Pending)
        );
    }
}
