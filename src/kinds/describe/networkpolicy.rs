//! Network policies.

use super::common::{labels_and_annotations, name_and_namespace, selector_or_none};
use super::json::Json;
use super::related::Related;
use super::writer::Writer;

/// One direction of traffic, in kubectl's words.
struct Direction {
    kind: &'static str,
    name: &'static str,
    rules: &'static str,
    peers: &'static str,
    title: &'static str,
    any: &'static str,
}

const INGRESS: Direction = Direction {
    kind: "Ingress",
    name: "ingress",
    rules: "ingress",
    peers: "from",
    title: "From",
    any: "(traffic not restricted by source)",
};
const EGRESS: Direction = Direction {
    kind: "Egress",
    name: "egress",
    rules: "egress",
    peers: "to",
    title: "To",
    any: "(traffic not restricted by destination)",
};

/// The description.
pub(super) fn describe(policy: Json<'_>, _: &Related, out: &mut Writer) {
    name_and_namespace(policy, out);
    out.field(0, "Created on", out.written(policy.at("metadata.creationTimestamp").text()));
    labels_and_annotations(policy, out);
    let spec = policy.at("spec");
    out.line(0, "Spec:");
    let selector = match spec.at("podSelector") {
        all if all.at("matchLabels").is_empty() && all.at("matchExpressions").is_empty() => {
            "<none> (Allowing the specific traffic to all pods in this namespace)".to_owned()
        }
        some => selector_or_none(some),
    };
    // kubectl indents what stands behind the colon, too.
    out.line(1, format!("PodSelector:     {selector}"));
    let types = spec.at("policyTypes").texts();
    for direction in [&INGRESS, &EGRESS] {
        if types.contains(&direction.kind) {
            out.line(1, format!("Allowing {} traffic:", direction.name));
            rules(spec.at(direction.rules), direction, out);
        } else {
            out.line(1, format!("Not affecting {} traffic", direction.name));
        }
    }
    out.line(1, format!("Policy Types: {}", super::common::joined(&types, ", ")));
}

fn rules(rules: Json<'_>, direction: &Direction, out: &mut Writer) {
    if rules.is_empty() {
        return out.line(2, format!("<none> (Selected pods are isolated for {} connectivity)", direction.name));
    }
    for (at, rule) in rules.list().enumerate() {
        if at != 0 {
            out.line(2, "----------");
        }
        ports(rule.at("ports"), out);
        let peers = rule.at(direction.peers);
        if peers.is_empty() {
            out.line(2, format!("{}: <any> {}", direction.title, direction.any));
        }
        for peer in peers.list() {
            out.line(2, format!("{}:", direction.title));
            one(peer, out);
        }
    }
}

fn ports(ports: Json<'_>, out: &mut Writer) {
    if ports.is_empty() {
        return out.line(2, "To Port: <any> (traffic allowed to all ports)");
    }
    for port in ports.list() {
        let (number, protocol) = (port.at("port").or("<nil>"), port.at("protocol").text_or("TCP"));
        let end = port.at("endPort");
        if end.is_set() {
            out.line(2, format!("To Port Range: {number}-{end}/{protocol}"));
        } else {
            out.line(2, format!("To Port: {number}/{protocol}"));
        }
    }
}

/// Who is on the other side.
fn one(peer: Json<'_>, out: &mut Writer) {
    for (title, key) in [("NamespaceSelector", "namespaceSelector"), ("PodSelector", "podSelector")] {
        if peer.at(key).is_set() {
            out.line(3, format!("{title}: {}", selector_or_none(peer.at(key))));
        }
    }
    let block = peer.at("ipBlock");
    if block.is_set() && !peer.at("podSelector").is_set() && !peer.at("namespaceSelector").is_set() {
        out.line(3, "IPBlock:");
        out.line(4, format!("CIDR: {}", block.at("cidr")));
        out.line(4, format!("Except: {}", block.at("except").texts().join(", ")));
    }
}
