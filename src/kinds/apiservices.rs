//! API services: who answers for which part of the API.

use super::cell::{Cell, Tone};
use super::condition::{Condition, Truth};
use super::kind::Width::{Fill, Fit};
use super::kind::{Column, Kind, Names, column, names, right};
use super::lenient::null;
use super::meta::Meta;
use super::object::{Object, Pointer};
use super::row::Health;
use super::wire::{self, Message};
use serde::Deserialize;

/// The kind.
pub struct ApiServices;

/// An API service, as far as its columns need it.
pub type ApiService = Object<Spec, Status>;

/// `spec`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Spec {
    service: Option<Pointer>,
}

/// `status`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Status {
    #[serde(deserialize_with = "null")]
    conditions: Vec<Condition>,
}

impl Kind for ApiServices {
    type Object = ApiService;
    const NAMES: Names = names("apiregistration.k8s.io", "v1", "apiservices", "APIService", &[]).cluster_scoped();
    const COLUMNS: &'static [Column<ApiService>] = &[
        column("NAME", Fill(1), |a| Cell::text(&a.metadata.name)),
        column("SERVICE", Fit(60), service),
        column("AVAILABLE", Fit(40), available),
        right(column("AGE", Fit(9), |a| Cell::since(a.metadata.creation_timestamp))),
    ];
    const WIRE: Option<&'static Message> = Some(&wire::access::API_SERVICE);

    fn meta(service: ApiService) -> Meta {
        service.metadata
    }

    /// Failing when the aggregator says that it does not answer; pending while nothing is known.
    fn health(service: &ApiService) -> Health {
        match service.available().map(|condition| condition.status) {
            Some(Truth::True) => Health::Fine,
            Some(Truth::False) => Health::Failing,
            Some(Truth::Unknown) | None => Health::Pending,
        }
    }
}

impl ApiService {
    fn available(&self) -> Option<&Condition> {
        self.status.conditions.iter().find(|condition| condition.kind == "Available")
    }
}

/// `kube-system/metrics-server`, or the API server itself.
fn service(service: &ApiService) -> Cell {
    service.spec.service.as_ref().map_or_else(|| Cell::text("Local"), Pointer::cell)
}

/// `True`, or `False (MissingEndpoints)`.
fn available(service: &ApiService) -> Cell {
    let (text, tone) = match ApiServices::health(service) {
        Health::Fine => ("True", Tone::Good),
        Health::Failing => ("False", Tone::Bad),
        Health::Pending => ("Unknown", Tone::Busy),
    };
    let reason = service.available().filter(|c| c.status != Truth::True && !c.reason.is_empty()).map(|c| &c.reason);
    let text = reason.map_or_else(|| text.to_owned(), |reason| format!("{text} ({reason})"));
    Cell::text(text).tone(tone)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::testing::{row, shown};
    use serde_json::{Value, json};

    #[test]
    fn its_cells_are_kubectls() {
        let local = json!({"metadata": {"name": "v1.apps", "creationTimestamp": "2026-11-23T15:22:00Z"},
            "spec": {"service": null}, "status": {"conditions": [{"type": "Available", "status": "True", "reason": "Local"}]}});
        assert_eq!(shown(&ApiServices, &local), ["v1.apps", "Local", "True", "10m"]);
        let remote = json!({"spec": {"service": {"namespace": "kube-system", "name": "metrics-server", "port": 443}}});
        assert_eq!(shown(&ApiServices, &remote), ["", "kube-system/metrics-server", "Unknown", "<unknown>"]);
    }

    #[test]
    fn it_says_why_it_does_not_answer() {
        let state = |conditions: Value| {
            let row = row(&ApiServices, &json!({"status": {"conditions": conditions}}));
            (row.cells[2].clone(), row.health)
        };
        let is = |text: &'static str, tone, health| (Cell::text(text).tone(tone), health);
        let missing = json!([{"type": "Available", "status": "False", "reason": "MissingEndpoints"}]);
        assert_eq!(state(missing), is("False (MissingEndpoints)", Tone::Bad, Health::Failing));
        assert_eq!(state(json!([{"type": "Available", "status": "False"}])), is("False", Tone::Bad, Health::Failing));
        let unknown = json!([{"type": "Available", "status": "Unknown", "reason": "New"}]);
        assert_eq!(state(unknown), is("Unknown (New)", Tone::Busy, Health::Pending));
    }
}
