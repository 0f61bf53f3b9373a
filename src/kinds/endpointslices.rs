//! Endpoint slices: the addresses behind a service, in parts of up to a hundred.

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
pub struct EndpointSlices;

/// A slice, as far as its columns need it.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct EndpointSlice {
    #[serde(deserialize_with = "null")]
    metadata: Meta,
    #[serde(deserialize_with = "null")]
    address_type: Text,
    #[serde(deserialize_with = "null")]
    ports: Vec<Port>,
    #[serde(deserialize_with = "null")]
    endpoints: Vec<Endpoint>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Port {
    #[serde(rename = "port")]
    number: Option<i64>,
    name: Option<Text>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Endpoint {
    #[serde(deserialize_with = "null")]
    addresses: Vec<Text>,
}

impl Kind for EndpointSlices {
    type Object = EndpointSlice;
    const NAMES: Names = names("discovery.k8s.io", "v1", "endpointslices", "EndpointSlice", &[]);
    const COLUMNS: &'static [Column<EndpointSlice>] = &[
        column("NAME", Fill(1), |e| Cell::text(&e.metadata.name)),
        column("ADDRESSTYPE", Fit(11), |e| Cell::text(&e.address_type)),
        column("PORTS", Fit(40), |e| or_unset(first_three(e.ports.iter().map(Port::text)))),
        column("ENDPOINTS", Fit(80), |e| or_unset(first_three(e.endpoints.iter().flat_map(|e| &e.addresses)))),
        right(column("AGE", Fit(9), |e| Cell::since(e.metadata.creation_timestamp))),
    ];
    const WIRE: Option<&'static Message> = Some(&wire::networking::ENDPOINT_SLICE);

    fn meta(slice: EndpointSlice) -> Meta {
        slice.metadata
    }
}

impl Port {
    /// Its number, else its name, else every port.
    fn text(&self) -> Text {
        match (self.number, &self.name) {
            (Some(number), _) => number.to_string().into(),
            (None, Some(name)) => name.clone(),
            (None, None) => "*".into(),
        }
    }
}

fn or_unset(text: String) -> Cell {
    Cell::or_unset(Some(text).filter(|text| !text.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::testing::shown;
    use serde_json::json;

    #[test]
    fn its_cells_are_kubectls() {
        let json = json!({
            "metadata": {"name": "web-x", "creationTimestamp": "2026-11-23T15:22:00Z"}, "addressType": "IPv4",
            "ports": [{"port": 80}, {"name": "any"}, {"port": null, "name": null}, {"port": 9}],
            "endpoints": [{"addresses": ["10.0.0.1", "10.0.0.2"]}, {"addresses": null}, {"addresses": ["10.0.0.3", "10.0.0.4"]}],
        });
        let cells = ["web-x", "IPv4", "80,any,* + 1 more...", "10.0.0.1,10.0.0.2,10.0.0.3 + 1 more...", "10m"];
        assert_eq!(shown(&EndpointSlices, &json), cells);
        let bare = json!({"metadata": {"name": "bare"}, "ports": null, "endpoints": null});
        assert_eq!(shown(&EndpointSlices, &bare), ["bare", "", "<unset>", "<unset>", "<unknown>"]);
        let nameless = json!({"ports": [{"name": ""}]});
        assert_eq!(shown(&EndpointSlices, &nameless)[2], "<unset>");
    }
}
