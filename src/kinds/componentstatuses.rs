//! Component statuses: whether parts of the control plane answer. The API is deprecated, and what it says is no more
//! than the API server's guess; `/readyz?verbose` has taken its place.

use super::Text;
use super::cell::{Cell, Tone};
use super::condition::Truth;
use super::kind::Width::{Fill, Fit};
use super::kind::{Column, Kind, Names, column, names};
use super::lenient::null;
use super::meta::Meta;
use super::row::Health;
use super::wire::{self, Message};
use serde::Deserialize;

/// The kind.
pub struct ComponentStatuses;

/// A component, as far as its columns need it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ComponentStatus {
    #[serde(deserialize_with = "null")]
    metadata: Meta,
    #[serde(deserialize_with = "null")]
    conditions: Vec<Condition>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Condition {
    #[serde(rename = "type", deserialize_with = "null")]
    kind: Text,
    #[serde(deserialize_with = "null")]
    status: Truth,
    #[serde(deserialize_with = "null")]
    message: Text,
    #[serde(deserialize_with = "null")]
    error: Text,
}

impl Kind for ComponentStatuses {
    type Object = ComponentStatus;
    const NAMES: Names = names("", "v1", "componentstatuses", "ComponentStatus", &["cs"]).cluster_scoped();
    const COLUMNS: &'static [Column<ComponentStatus>] = &[
        column("NAME", Fill(1), |c| Cell::text(&c.metadata.name)),
        column("STATUS", Fit(9), status),
        column("MESSAGE", Fit(60), |c| Cell::text(c.healthy().map_or("", |healthy| &healthy.message))),
        column("ERROR", Fit(80), |c| Cell::text(c.healthy().map_or("", |healthy| &healthy.error))),
    ];
    const WIRE: Option<&'static Message> = Some(&wire::core::COMPONENT_STATUS);
    const REPLACED_BY: Option<&'static str> = Some("/readyz?verbose (:cluster-info)");

    fn meta(component: ComponentStatus) -> Meta {
        component.metadata
    }

    fn health(component: &ComponentStatus) -> Health {
        match component.healthy().map(|healthy| healthy.status) {
            Some(Truth::True) => Health::Fine,
            Some(_) => Health::Failing,
            None => Health::Pending,
        }
    }
}

impl ComponentStatus {
    fn healthy(&self) -> Option<&Condition> {
        self.conditions.iter().find(|condition| condition.kind == "Healthy")
    }
}

fn status(component: &ComponentStatus) -> Cell {
    let (text, tone) = match ComponentStatuses::health(component) {
        Health::Fine => ("Healthy", Tone::Good),
        Health::Failing => ("Unhealthy", Tone::Bad),
        Health::Pending => ("Unknown", Tone::Busy),
    };
    Cell::text(text).tone(tone)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::testing::{row, shown};
    use serde_json::json;

    #[test]
    fn its_cells_are_kubectls() {
        let cells = |status: &str| {
            let condition = json!({"type": "Healthy", "status": status, "message": "ok", "error": "no"});
            shown(
                &ComponentStatuses,
                &json!({"metadata": {"name": "etcd-0"}, "conditions": [{"type": "New"}, condition]}),
            )
        };
        assert_eq!(cells("True"), ["etcd-0", "Healthy", "ok", "no"]);
        assert_eq!(cells("False")[1], "Unhealthy");
        assert_eq!(cells("Unknown")[1], "Unhealthy");
        let bare = json!({"metadata": {"name": "bare"}, "conditions": null});
        assert_eq!(shown(&ComponentStatuses, &bare), ["bare", "Unknown", "", ""]);
        assert_eq!(row(&ComponentStatuses, &bare).health, Health::Pending);
    }
}
