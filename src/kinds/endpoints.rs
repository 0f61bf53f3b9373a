//! Endpoints: the addresses behind a service, as they were told before there were endpoint slices.

use super::Text;
use super::cell::Cell;
use super::kind::Width::{Fill, Fit};
use super::kind::{Column, Kind, Names, column, names, right};
use super::lenient::null;
use super::meta::Meta;
use super::more::first_three;
use super::wire::{self, Message};
use serde::Deserialize;

/// The kind.
pub struct Endpoints;

/// The endpoints of a service, as far as their columns need them.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Endpoint {
    #[serde(deserialize_with = "null")]
    metadata: Meta,
    #[serde(deserialize_with = "null")]
    subsets: Vec<Subset>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Subset {
    #[serde(deserialize_with = "null")]
    addresses: Vec<Address>,
    #[serde(deserialize_with = "null")]
    ports: Vec<Port>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Address {
    #[serde(deserialize_with = "null")]
    ip: Text,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Port {
    #[serde(rename = "port", deserialize_with = "null")]
    number: i64,
}

impl Kind for Endpoints {
    type Object = Endpoint;
    const NAMES: Names = names("", "v1", "endpoints", "Endpoints", &["ep"]);
    const COLUMNS: &'static [Column<Endpoint>] = &[
        column("NAME", Fill(1), |e| Cell::text(&e.metadata.name)),
        column("ENDPOINTS", Fit(80), addresses),
        right(column("AGE", Fit(9), |e| Cell::since(e.metadata.creation_timestamp))),
    ];
    const WIRE: Option<&'static Message> = Some(&wire::core::ENDPOINTS);
    const REPLACED_BY: Option<&'static str> = Some("EndpointSlice (:endpointslices)");

    fn meta(endpoints: Endpoint) -> Meta {
        endpoints.metadata
    }
}

/// The first three addresses that are ready, each with each port.
fn addresses(endpoints: &Endpoint) -> Cell {
    if endpoints.subsets.is_empty() {
        Cell::none()
    } else {
        Cell::text(first_three(endpoints.subsets.iter().flat_map(Subset::texts)))
    }
}

impl Subset {
    fn texts(&self) -> Vec<String> {
        let alone = self.ports.is_empty().then(|| self.addresses.iter().map(|address| address.ip.to_string()));
        let with_port = |port: i64| self.addresses.iter().map(move |address| host_and_port(&address.ip, port));
        alone.into_iter().flatten().chain(self.ports.iter().flat_map(|port| with_port(port.number))).collect()
    }
}

/// `10.0.0.1:80`, `[fd00::1]:80`.
fn host_and_port(host: &str, port: i64) -> String {
    if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::testing::shown;
    use serde_json::{Value, json};

    fn cells(subsets: &Value) -> Vec<String> {
        let meta = json!({"name": "web", "creationTimestamp": "2026-11-23T15:22:00Z"});
        shown(&Endpoints, &json!({"metadata": meta, "subsets": subsets}))
    }

    #[test]
    fn its_cells_are_kubectls() {
        let both = json!([{"addresses": [{"ip": "10.0.0.1"}, {"ip": "fd00::1"}], "ports": [{"port": 80}]}]);
        assert_eq!(cells(&both), ["web", "10.0.0.1:80,[fd00::1]:80", "10m"]);
        assert_eq!(cells(&json!(null))[1], "<none>");
        assert_eq!(cells(&json!([{"notReadyAddresses": [{"ip": "10.0.0.1"}], "ports": [{"port": 80}]}]))[1], "");
        assert_eq!(cells(&json!([{"addresses": [{"ip": "10.0.0.1"}]}]))[1], "10.0.0.1");
    }

    #[test]
    fn each_address_counts_with_each_port() {
        let subset =
            json!({"addresses": [{"ip": "10.0.0.1"}, {"ip": "10.0.0.2"}], "ports": [{"port": 1}, {"port": 2}]});
        assert_eq!(cells(&json!([subset]))[1], "10.0.0.1:1,10.0.0.2:1,10.0.0.1:2 + 1 more...");
    }
}
