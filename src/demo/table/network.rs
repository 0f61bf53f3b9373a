//! Services, endpoints, routes and policies.

use serde_json::Value;

use super::cells::{class_name, map, or_none, selector, string};
use super::{AGE, Column, Form, NAME, column, wide};
use crate::demo::json::{int, list, text};

pub fn columns(plural: &str) -> Option<&'static [Column]> {
    Some(match plural {
        "services" => SERVICES,
        "endpointslices" => SLICES,
        "ingresses" => INGRESSES,
        "ingressclasses" => INGRESS_CLASSES,
        "networkpolicies" => POLICIES,
        "certificates" => CERTIFICATES,
        _ => return None,
    })
}

const SERVICES: &[Column] = &[
    NAME,
    column("Type", |o, _| string(o, "/spec/type")),
    column("Cluster-IP", |o, _| or_none(o, "/spec/clusterIPs/0")),
    column("External-IP", |o, _| external(o).into()),
    column("Port(s)", |o, _| ports(o).into()),
    AGE,
    wide("Selector", |o, _| map(o, "/spec/selector")),
];

const SLICES: &[Column] = &[
    NAME,
    column("AddressType", |o, _| string(o, "/addressType")),
    column("Ports", |o, _| first_three(&list(o, "/ports").iter().map(port_or_name).collect::<Vec<_>>()).into()),
    column("Endpoints", |o, _| {
        let addresses = list(o, "/endpoints").iter().flat_map(|e| list(e, "/addresses"));
        first_three(&addresses.filter_map(Value::as_str).map(str::to_owned).collect::<Vec<_>>()).into()
    }),
    AGE,
];

const INGRESSES: &[Column] = &[
    NAME,
    column("Class", |o, _| or_none(o, "/spec/ingressClassName")),
    column("Hosts", |o, _| hosts(o).into()),
    column("Address", |o, _| addresses(o).join(",").into()),
    column("Ports", |o, _| if list(o, "/spec/tls").is_empty() { "80".into() } else { "80, 443".into() }),
    AGE,
];

const INGRESS_CLASSES: &[Column] = &[
    Column {
        form: Form::Name,
        ..column("Name", |o, _| class_name(o, &["ingressclass.kubernetes.io/is-default-class"]))
    },
    column("Controller", |o, _| string(o, "/spec/controller")),
    column("Parameters", |o, _| match (text(o, "/spec/parameters/kind"), text(o, "/spec/parameters/apiGroup")) {
        ("", _) => "<none>".into(),
        (kind, "") => format!("{kind}/{}", text(o, "/spec/parameters/name")).into(),
        (kind, group) => format!("{kind}.{group}/{}", text(o, "/spec/parameters/name")).into(),
    }),
    AGE,
];

const POLICIES: &[Column] = &[NAME, column("Pod-Selector", |o, _| selector(o, "/spec/podSelector")), AGE];

/// The columns that cert-manager's definition has.
const CERTIFICATES: &[Column] = &[
    NAME,
    column("Ready", |o, _| {
        let ready = list(o, "/status/conditions").iter().find(|c| text(c, "/type") == "Ready");
        ready.map_or("", |c| text(c, "/status")).into()
    }),
    column("Secret", |o, _| string(o, "/spec/secretName")),
    wide("Issuer", |o, _| string(o, "/spec/issuerRef/name")),
    super::CREATED,
];

/// Addresses of the load balancer, sorted.
fn addresses(object: &Value) -> Vec<String> {
    let each = list(object, "/status/loadBalancer/ingress").iter().map(|i| match text(i, "/ip") {
        "" => text(i, "/hostname").to_owned(),
        ip => ip.to_owned(),
    });
    let mut all: Vec<_> = each.filter(|address| !address.is_empty()).collect();
    all.sort();
    all.dedup();
    all
}

fn external(service: &Value) -> String {
    let own: Vec<_> = list(service, "/spec/externalIPs").iter().filter_map(Value::as_str).map(str::to_owned).collect();
    let or = |all: Vec<String>, other: &str| if all.is_empty() { other.to_owned() } else { all.join(",") };
    match text(service, "/spec/type") {
        "ClusterIP" | "NodePort" => or(own, "<none>"),
        "LoadBalancer" => or([addresses(service), own].concat(), "<pending>"),
        "ExternalName" => text(service, "/spec/externalName").to_owned(),
        _ => "<unknown>".to_owned(),
    }
}

fn ports(service: &Value) -> String {
    let one = |port: &Value| match (int(port, "/port"), int(port, "/nodePort"), text(port, "/protocol")) {
        (number, 0, protocol) => format!("{number}/{protocol}"),
        (number, node, protocol) => format!("{number}:{node}/{protocol}"),
    };
    let all: Vec<_> = list(service, "/spec/ports").iter().map(one).collect();
    if all.is_empty() { "<none>".to_owned() } else { all.join(",") }
}

fn hosts(ingress: &Value) -> String {
    let rules = list(ingress, "/spec/rules");
    let (mut named, mut more) = (Vec::new(), false);
    for rule in rules {
        more |= named.len() == 3;
        if !more && !text(rule, "/host").is_empty() {
            named.push(text(rule, "/host"));
        }
    }
    match (named.is_empty(), more) {
        (true, _) => "*".to_owned(),
        (_, true) => format!("{} + {} more...", named.join(","), rules.len() - 3),
        _ => named.join(","),
    }
}

fn port_or_name(port: &Value) -> String {
    match (int(port, "/port"), port.get("name")) {
        (0, Some(name)) => name.as_str().unwrap_or_default().to_owned(),
        (0, None) => "*".to_owned(),
        (number, _) => number.to_string(),
    }
}

fn first_three(all: &[String]) -> String {
    match all.len() {
        0..=3 if all.concat().is_empty() => "<unset>".to_owned(),
        0..=3 => all.join(","),
        more => format!("{} + {} more...", all.get(..3).unwrap_or_default().join(","), more - 3),
    }
}
