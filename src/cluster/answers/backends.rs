//! What a service or an ingress leads to.

use super::ask::{Answered, Asked, Question};
use super::endpoints;
use super::sight::{Sight, items, named, scalar, text};
use crate::cluster::gate::{Problem, Reader};
use crate::cluster::json::at;
use crate::kinds::answer::{Answer, Line, Piece, To};
use crate::kinds::services::Services;
use crate::kinds::{Cell, Tone};
use futures::future::BoxFuture;
use serde_json::Value;

/// Columns of the names of fields.
const NAMES: u16 = 16;

/// Where does this lead?
pub struct Backends;

impl Question for Backends {
    fn name(&self) -> &'static str {
        "backends"
    }

    fn answer<'a>(&'a self, reader: &'a Reader, asked: &'a Asked) -> BoxFuture<'a, Result<Answered, Problem>> {
        Box::pin(async {
            let mut sight = Sight::new(reader, asked);
            let (kind, object) = sight.subject(asked).await?;
            let answer = match kind.names().plural {
                "services" => {
                    let (namespace, name) = (text(&object, "/metadata/namespace"), text(&object, "/metadata/name"));
                    let slices = endpoints::slices(&mut sight, namespace, name).await?;
                    service(&object, &slices)
                }
                "ingresses" => super::routes::of_ingress(&mut sight, &object).await?,
                other => return Err(Problem::new(format!("{other} have no backends"), "services and ingresses have")),
            };
            Ok(sight.answered(answer))
        })
    }
}

/// The lines about a service.
fn service(service: &Value, slices: &[Value]) -> Answer {
    let mut answer = Answer::default();
    let mut field = |name: &str, value: Cell| answer.push(Line::field(name, NAMES, value));
    let kind = Some(text(service, "/spec/type")).filter(|kind| !kind.is_empty()).unwrap_or("ClusterIP");
    field("Type", Cell::text(kind));
    let (namespace, name) = (text(service, "/metadata/namespace"), text(service, "/metadata/name"));
    // The domain is the kubelet's to set; nearly every cluster keeps this one.
    field("DNS name", Cell::text(format!("{name}.{namespace}.svc.cluster.local")));
    for (name, value) in [
        ("Cluster IP", joined(service, "/spec/clusterIPs").or_else(|| one(service, "/spec/clusterIP"))),
        ("External IPs", joined(service, "/spec/externalIPs")),
        ("Load balancer", balancer(service)),
        ("External name", one(service, "/spec/externalName")),
        ("Selector", selector(service)),
        ("Affinity", one(service, "/spec/sessionAffinity").filter(|affinity| affinity != "None")),
        ("Traffic", one(service, "/spec/externalTrafficPolicy").filter(|policy| policy != "Cluster")),
    ] {
        if let Some(value) = value {
            field(name, Cell::text(value));
        }
    }
    for sentence in explained(service, kind) {
        answer.push(Line::of([Piece::text(sentence, Tone::Quiet)]));
    }
    let ports = items(service, "/spec/ports");
    if !ports.is_empty() {
        answer.push(Line::heading("Ports"));
        let rows = ports.iter().map(|port| (port_row(port), To::Nowhere));
        answer.table(1, std::iter::once((heads(&PORTS), To::Nowhere)).chain(rows));
    }
    if kind != "ExternalName" {
        answer.push(Line::of([Piece::heading("Endpoints  "), endpoints::summary(slices).into()]));
        let rows = endpoints::rows(slices);
        if !rows.is_empty() {
            answer.table(1, std::iter::once((heads(&endpoints::HEADS), To::Nowhere)).chain(rows));
        }
    }
    answer
}

/// What is unusual about a service.
fn explained(service: &Value, kind: &str) -> Vec<&'static str> {
    let mut said = Vec::new();
    if kind == "ExternalName" {
        return vec!["an alias: DNS answers with the external name, and nothing is forwarded; it has no endpoints"];
    }
    if text(service, "/spec/clusterIP") == "None" {
        said.push("headless: DNS answers with the addresses of the endpoints, and nothing balances between them");
    }
    if selector(service).is_none() {
        said.push("without a selector: its endpoints are written by somebody else, or by hand");
    }
    if at(service, "/spec/publishNotReadyAddresses") == &Value::Bool(true) {
        said.push("endpoints count as ready before they are (publishNotReadyAddresses)");
    }
    said
}

const PORTS: [&str; 5] = ["NAME", "PORT", "TARGET PORT", "NODE PORT", "PROTOCOL"];

fn port_row(port: &Value) -> Vec<Piece> {
    let text = |pointer: &str| Cell::or_none(Some(scalar(port, pointer)));
    let target = Some(scalar(port, "/targetPort")).filter(|target| !target.is_empty());
    let target = target.unwrap_or_else(|| scalar(port, "/port"));
    let cells = [text("/name"), text("/port"), Cell::text(target), text("/nodePort"), text("/protocol")];
    cells.map(Piece::from).into()
}

/// Headings of a table.
pub fn heads(names: &[&str]) -> Vec<Piece> {
    names.iter().map(|name| Piece::heading(name)).collect()
}

fn one(service: &Value, pointer: &str) -> Option<String> {
    Some(text(service, pointer).to_owned()).filter(|text| !text.is_empty())
}

fn joined(service: &Value, pointer: &str) -> Option<String> {
    let all: Vec<&str> = items(service, pointer).iter().filter_map(Value::as_str).collect();
    Some(all.join(", ")).filter(|text| !text.is_empty())
}

/// The addresses that a load balancer has given.
fn balancer(service: &Value) -> Option<String> {
    let ways = items(service, "/status/loadBalancer/ingress").iter();
    let all: Vec<&str> =
        ways.map(|way| if text(way, "/ip").is_empty() { text(way, "/hostname") } else { text(way, "/ip") }).collect();
    match (text(service, "/spec/type"), all.as_slice()) {
        ("LoadBalancer", []) => Some("<pending>".to_owned()),
        (_, []) => None,
        (_, all) => Some(all.join(", ")),
    }
}

fn selector(service: &Value) -> Option<String> {
    let labels = at(service, "/spec/selector").as_object()?.iter();
    let all: Vec<String> = labels.map(|(key, value)| format!("{key}={}", value.as_str().unwrap_or_default())).collect();
    Some(all.join(",")).filter(|text| !text.is_empty())
}

/// A pointer to a service of this namespace.
pub fn to_service(namespace: &str, name: &str) -> To {
    To::Object(named(&Services, namespace, name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::Time;
    use serde_json::json;

    fn shown(object: &Value, slices: &[Value]) -> String {
        let lines = service(object, slices).lines;
        lines.iter().map(|line| line.show(Time(0)).split_whitespace().collect::<Vec<_>>().join(" ") + "\n").collect()
    }

    #[test]
    fn a_service_is_told_down_to_its_endpoints() {
        let object = json!({"metadata": {"name": "web", "namespace": "shop"}, "spec": {"type": "NodePort",
            "clusterIPs": ["10.0.0.1"], "selector": {"app": "web"}, "ports": [{"port": 80, "nodePort": 30080, "protocol": "TCP"}]}});
        let slice = json!({"ports": [{"port": 8080}], "endpoints": [{"addresses": ["10.1.1.1"], "nodeName": "n1",
            "conditions": {"ready": true}, "targetRef": {"kind": "Pod", "name": "web-1", "namespace": "shop"}}]});
        let text = shown(&object, &[slice]);
        for line in [
            "Type NodePort",
            "DNS name web.shop.svc.cluster.local",
            "Selector app=web",
            "<none> 80 80 30080 TCP",
            "Endpoints 1 endpoint, ready",
            "10.1.1.1 8080 ready web-1 n1 <none>",
        ] {
            assert!(text.contains(&format!("{line}\n")), "{line}:\n{text}");
        }
    }

    #[test]
    fn what_is_unusual_is_explained() {
        let spec = |spec: Value| shown(&json!({"metadata": {"name": "a", "namespace": "b"}, "spec": spec}), &[]);
        let alias = spec(json!({"type": "ExternalName", "externalName": "db.example"}));
        assert!(
            alias.contains("External name db.example") && alias.contains("an alias") && !alias.contains("Endpoints")
        );
        let bare = spec(json!({"clusterIP": "None"}));
        assert!(
            bare.contains("headless") && bare.contains("without a selector") && bare.contains("it has no endpoints")
        );
        let waiting = spec(json!({"type": "LoadBalancer", "selector": {"a": "b"}}));
        assert!(waiting.contains("Load balancer <pending>") && !waiting.contains("without a selector"));
    }
}
