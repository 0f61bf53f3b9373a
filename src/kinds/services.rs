//! Services: one address for the pods behind it.

use super::Text;
use super::balancer::Balanced;
use super::cell::{Cell, Tone};
use super::kind::Width::{Fill, Fit};
use super::kind::{Can, Column, Enter, Kind, Names, column, names, right};
use super::lenient::null;
use super::meta::Meta;
use super::object::Object;
use super::row::{Health, Link};
use super::selector::Labels;
use super::template::selector_column;
use super::wire::{self, Message};
use serde::Deserialize;

/// The kind.
pub struct Services;

/// A service, as far as its columns need it.
pub type Service = Object<Spec, Balanced>;

/// `spec`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Spec {
    #[serde(rename = "type", deserialize_with = "null")]
    kind: Text,
    #[serde(rename = "clusterIPs", deserialize_with = "null")]
    cluster_ips: Vec<Text>,
    #[serde(rename = "externalIPs", deserialize_with = "null")]
    external_ips: Vec<Text>,
    #[serde(deserialize_with = "null")]
    external_name: Text,
    #[serde(deserialize_with = "null")]
    ports: Vec<Port>,
    #[serde(deserialize_with = "null")]
    selector: Labels,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Port {
    #[serde(rename = "port", deserialize_with = "null")]
    number: i64,
    #[serde(rename = "nodePort", deserialize_with = "null")]
    on_nodes: i64,
    #[serde(deserialize_with = "null")]
    protocol: Text,
}

impl Kind for Services {
    type Object = Service;
    const NAMES: Names = names("", "v1", "services", "Service", &["svc"]);
    const COLUMNS: &'static [Column<Service>] = &[
        column("NAME", Fill(1), |s| Cell::text(&s.metadata.name)),
        column("TYPE", Fit(12), |s| Cell::text(&s.spec.kind)),
        column("CLUSTER-IP", Fit(39), |s| s.spec.cluster_ips.first().map_or_else(Cell::none, Cell::text)),
        column("EXTERNAL-IP", Fit(60), external_ip),
        column("PORT(S)", Fit(60), |s| Cell::or_none(Some(ports(s)))),
        right(column("AGE", Fit(9), |s| Cell::since(s.metadata.creation_timestamp))),
        selector_column(|s| s.spec.selector.cell()),
    ];
    const WIRE: Option<&'static Message> = Some(&wire::core::SERVICE);
    const CAN: Can = Can::LOGS.and(Can::FORWARD);
    const ENTER: Enter = Enter::PodsSelected;

    fn meta(service: Service) -> Meta {
        service.metadata
    }

    fn link(service: &Service) -> Link {
        service.spec.selector.link()
    }

    /// Pending while nobody has given it the address that it waits for.
    fn health(service: &Service) -> Health {
        if is_pending(service) { Health::Pending } else { Health::Fine }
    }
}

/// The addresses from outside. The API server never cuts this one short: it renders the wide table and leaves it
/// to kubectl to drop columns (`pkg/printers/storage`).
fn external_ip(service: &Service) -> Cell {
    let Spec { kind, external_ips, external_name, .. } = &service.spec;
    match kind.as_str() {
        "ClusterIP" | "NodePort" => Cell::or_none(Some(external_ips.join(","))),
        "LoadBalancer" if is_pending(service) => Cell::text("<pending>").tone(Tone::Busy),
        "LoadBalancer" => {
            let all: Vec<&str> =
                service.status.addresses().into_iter().chain(external_ips.iter().map(Text::as_str)).collect();
            Cell::text(all.join(","))
        }
        "ExternalName" => Cell::text(external_name),
        _ => Cell::text("<unknown>").tone(Tone::Quiet),
    }
}

fn is_pending(service: &Service) -> bool {
    service.spec.kind == "LoadBalancer" && service.spec.external_ips.is_empty() && service.status.addresses().is_empty()
}

/// `80/TCP,443:30443/TCP`.
fn ports(service: &Service) -> String {
    let port = |p: &Port| match (p.number, p.on_nodes) {
        (port, node) if node > 0 => format!("{port}:{node}/{}", p.protocol),
        (port, _) => format!("{port}/{}", p.protocol),
    };
    service.spec.ports.iter().map(port).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::testing::{row, shown};
    use serde_json::{Value, json};

    #[test]
    fn its_cells_are_kubectls() {
        let json = json!({
            "metadata": {"name": "web", "creationTimestamp": "2026-11-21T15:32:00Z"},
            "spec": {"type": "NodePort", "clusterIPs": ["10.0.0.1", "fd00::1"], "selector": {"b": "2", "a": "1"},
                "ports": [{"port": 80, "protocol": "TCP"}, {"port": 53, "nodePort": 30053, "protocol": "UDP"}]},
        });
        let cells = ["web", "NodePort", "10.0.0.1", "<none>", "80/TCP,53:30053/UDP", "2d", "a=1,b=2"];
        assert_eq!(shown(&Services, &json), cells);
        assert_eq!(row(&Services, &json).link, Link::Selects("a=1,b=2".to_owned()));
        let bare =
            json!({"metadata": {"name": "bare"}, "spec": {"type": "ClusterIP", "selector": null, "ports": null}});
        assert_eq!(shown(&Services, &bare), ["bare", "ClusterIP", "<none>", "<none>", "<none>", "<unknown>", "<none>"]);
        assert_eq!(row(&Services, &bare).link, Link::None);
    }

    #[test]
    fn its_address_from_outside_depends_on_its_type() {
        let ip = |kind: &str, external: Value, ingress: Value| {
            let row = row(
                &Services,
                &json!({"spec": {"type": kind, "externalIPs": external, "externalName": "a.example"},
                    "status": {"loadBalancer": {"ingress": ingress}}}),
            );
            (row.cells[3].show(crate::kinds::testing::NOW), row.health)
        };
        let many = json!([{"ip": "9.9.9.9"}, {"hostname": "lb.example"}, {"ip": "10.1.1.1"}, {"ip": "9.9.9.9"}, {}]);
        let is = |text: &str| (text.to_owned(), Health::Fine);
        assert_eq!(ip("ClusterIP", json!(["1.1.1.1", "2.2.2.2"]), many.clone()), is("1.1.1.1,2.2.2.2"));
        assert_eq!(ip("LoadBalancer", json!(null), json!(null)), ("<pending>".to_owned(), Health::Pending));
        assert_eq!(ip("LoadBalancer", json!(null), many.clone()), is("10.1.1.1,9.9.9.9,lb.example"));
        assert_eq!(ip("LoadBalancer", json!(["1.1.1.1"]), json!([{"ip": "9.9.9.9"}])), is("9.9.9.9,1.1.1.1"));
        assert_eq!(ip("LoadBalancer", json!(["1.1.1.1"]), json!([])), is("1.1.1.1"));
        assert_eq!(ip("ExternalName", json!(null), json!(null)), is("a.example"));
        assert_eq!(ip("New", json!(["1.1.1.1"]), many), is("<unknown>"));
    }
}
