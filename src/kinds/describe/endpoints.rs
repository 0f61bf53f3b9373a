//! Endpoints, which came before endpoint slices.

use super::common::{beginning, joined};
use super::json::Json;
use super::related::Related;
use super::writer::Writer;

/// The description.
pub(super) fn describe(endpoints: Json<'_>, _: &Related, out: &mut Writer) {
    beginning(endpoints, out);
    out.line(0, "Subsets:");
    for subset in endpoints.at("subsets").list() {
        for (title, key) in [("Addresses", "addresses"), ("NotReadyAddresses", "notReadyAddresses")] {
            let addresses: Vec<&str> = subset.at(key).list().map(|address| address.at("ip").text()).collect();
            out.field(1, title, joined(&addresses, ","));
        }
        ports(subset.at("ports"), out);
        out.line(0, "");
    }
}

fn ports(ports: Json<'_>, out: &mut Writer) {
    if ports.is_empty() {
        return;
    }
    out.line(1, "Ports:");
    out.row(2, &["Name", "Port", "Protocol"]);
    out.row(2, &["----", "----", "--------"]);
    for port in ports.list() {
        let number = port.at("port").int().to_string();
        out.row(2, &[port.at("name").text_or("<unset>"), &number, port.at("protocol").text()]);
    }
}
