//! Endpoint slices: what is said of one, and the addresses of a port in all of a service.

use super::common::{beginning, joined, reference};
use super::go::host_and_port;
use super::json::Json;
use super::related::Related;
use super::writer::Writer;
use crate::kinds::cell::Tone;

/// So many addresses are shown.
const MOST: usize = 3;

/// The addresses that are ready behind the port called `port`: the first three, and how many more.
pub(super) fn endpoints(slices: &[Json<'_>], port: &str) -> String {
    if slices.is_empty() {
        return "<none>".to_owned();
    }
    let mut found = Found::default();
    for slice in slices {
        if slice.at("ports").is_empty() {
            // A headless service may have none.
            found.take(*slice, None);
        }
        let named = slice.at("ports").list().filter(|known| known.at("name").text() == port);
        // One without a number stands for all ports; kubectl breaks down on it.
        named.for_each(|known| found.take(*slice, Some(&known.at("port").or("*"))));
    }
    found.text()
}

/// Addresses as kubectl collects them.
#[derive(Default)]
struct Found {
    shown: Vec<String>,
    count: usize,
    more: bool,
}

impl Found {
    fn take(&mut self, slice: Json<'_>, port: Option<&str>) {
        for endpoint in slice.at("endpoints").list() {
            // kubectl says that there are more when it looks at one that is not ready, too.
            self.more |= self.shown.len() == MOST;
            let ready = endpoint.at("conditions.ready");
            if ready.is_set() && !ready.truth() {
                continue;
            }
            let address = endpoint.at("addresses").list().next().map_or("", |address| address.text());
            if !self.more {
                let shown = port.map_or_else(|| address.to_owned(), |port| host_and_port(address, port));
                self.shown.push(shown);
            }
            self.count += 1;
        }
    }

    fn text(self) -> String {
        let shown = self.shown.join(",");
        if self.more { format!("{shown} + {} more...", self.count.saturating_sub(MOST)) } else { shown }
    }
}

/// The description.
pub(super) fn describe(slice: Json<'_>, _: &Related, out: &mut Writer) {
    beginning(slice, out);
    out.field(0, "AddressType", slice.at("addressType"));
    let ports = slice.at("ports");
    if ports.is_empty() {
        out.line(0, "Ports: <unset>");
    } else {
        out.line(0, "Ports:");
        out.row(1, &["Name", "Port", "Protocol"]);
        out.row(1, &["----", "----", "--------"]);
    }
    for port in ports.list() {
        let (name, number) = (port.at("name").text_or("<unset>"), port.at("port").or("<unset>"));
        out.row(1, &[name, &number, port.at("protocol").text()]);
    }
    let endpoints = slice.at("endpoints");
    out.line(0, if endpoints.is_empty() { "Endpoints: <none>" } else { "Endpoints:" });
    let namespace = slice.at("metadata.namespace").text();
    endpoints.list().for_each(|of| endpoint(of, namespace, out));
}

fn endpoint(endpoint: Json<'_>, namespace: &str, out: &mut Writer) {
    out.field(1, "- Addresses", joined(&endpoint.at("addresses").texts(), ", "));
    out.line(2, "Conditions:");
    let ready = endpoint.at("conditions.ready");
    let tone = if ready.truth() { Tone::Good } else { Tone::Warn };
    out.toned(3, "Ready", (&ready.or("<unset>"), tone));
    out.field(2, "Hostname", endpoint.at("hostname").or("<unset>"));
    let target = endpoint.at("targetRef");
    if target.is_set() {
        let (kind, name) = (target.at("kind").text(), target.at("name").text());
        out.field(2, "TargetRef", format!("{kind}/{name}"));
        out.leads(reference(("", kind), target.at("namespace").text_or(namespace), name));
    }
    out.field(2, "NodeName", endpoint.at("nodeName").or("<unset>"));
    out.leads(reference(("", "Node"), "", endpoint.at("nodeName").text()));
    out.field(2, "Zone", endpoint.at("zone").or("<unset>"));
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn three_addresses_are_shown_and_the_rest_counted() {
        let endpoints_of = |ready: &[bool]| {
            let all = ready.iter().enumerate();
            let all =
                all.map(|(at, ready)| json!({"addresses": [format!("10.0.0.{at}")], "conditions": {"ready": ready}}));
            json!({"ports": [{"name": "", "port": 80}], "endpoints": all.collect::<Vec<_>>()})
        };
        let text = |ready: &[bool]| endpoints(&[Json::of(&endpoints_of(ready))], "");
        assert_eq!(text(&[true, false, true]), "10.0.0.0:80,10.0.0.2:80");
        assert_eq!(text(&[true; 5]), "10.0.0.0:80,10.0.0.1:80,10.0.0.2:80 + 2 more...");
        assert_eq!(text(&[]), "");
        assert_eq!(endpoints(&[], ""), "<none>");
        let slice = endpoints_of(&[true]);
        assert_eq!(endpoints(&[Json::of(&slice)], "other"), "");
    }
}
