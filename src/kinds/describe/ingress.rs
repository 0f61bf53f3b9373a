//! Ingresses, with the endpoints behind each of their paths.

use super::common::{annotations, labels, reference};
use super::json::Json;
use super::related::{Missing, Related, Want, Which};
use super::service::slices_of;
use super::slices::endpoints;
use super::writer::Writer;
use crate::kinds::kind::Kind;
use crate::kinds::services::Services;
use std::collections::BTreeSet;

/// The services that it names, and their endpoint slices.
pub(super) fn wants(ingress: Json<'_>) -> Vec<Want> {
    let namespace = ingress.at("metadata.namespace").text();
    let rules = ingress.at("spec.rules").list();
    let paths = rules.flat_map(|rule| rule.at("http.paths").list());
    let backends = paths.map(|path| path.at("backend")).chain([ingress.at("spec.defaultBackend")]);
    let names: BTreeSet<&str> = backends.map(|backend| backend.at("service.name").text()).collect();
    let wants = |name: &str| {
        let service = Want::new(Services::NAMES, namespace, Which::Named(name.to_owned()));
        [service.called(format!("service {name}")), slices_of(namespace, name).called(format!("slices {name}"))]
    };
    names.into_iter().filter(|name| !name.is_empty()).flat_map(wants).collect()
}

/// The description.
pub(super) fn describe(ingress: Json<'_>, related: &Related, out: &mut Writer) {
    let (spec, namespace) = (ingress.at("spec"), ingress.at("metadata.namespace").text());
    out.field(0, "Name", ingress.at("metadata.name"));
    labels(ingress.at("metadata.labels"), ("", "Labels"), out);
    out.field(0, "Namespace", namespace);
    let entries = ingress.at("status.loadBalancer.ingress").list();
    let addresses: BTreeSet<&str> = entries.map(|entry| entry.at("ip").text_or(entry.at("hostname").text())).collect();
    let addresses: Vec<&str> = addresses.into_iter().filter(|address| !address.is_empty()).collect();
    out.field(0, "Address", addresses.join(","));
    let class = spec.at("ingressClassName");
    out.field(0, "Ingress Class", class.or("<none>"));
    out.leads(reference(("networking.k8s.io", "IngressClass"), "", class.text()));
    let default = spec.at("defaultBackend");
    let default_text = if default.is_set() { backend(default, related) } else { "<default>".to_owned() };
    out.field(0, "Default backend", &default_text);
    leads(default, namespace, out);
    tls(spec.at("tls"), namespace, out);
    rules(ingress, (related, &default_text), out);
    annotations(ingress.at("metadata.annotations"), ("", "Annotations"), out);
}

fn tls(tls: Json<'_>, namespace: &str, out: &mut Writer) {
    if !tls.is_empty() {
        out.line(0, "TLS:");
    }
    for entry in tls.list() {
        let (secret, hosts) = (entry.at("secretName").text(), entry.at("hosts").texts().join(","));
        if secret.is_empty() {
            out.line(1, format!("SNI routes {hosts}"));
        } else {
            out.line(1, format!("{secret} terminates {hosts}"));
            out.leads(reference(("", "Secret"), namespace, secret));
        }
    }
}

fn rules(ingress: Json<'_>, (related, default): (&Related, &str), out: &mut Writer) {
    out.line(0, "Rules:\n  Host\tPath\tBackends");
    out.row(1, &["----", "----", "--------"]);
    let rules = ingress.at("spec.rules").list().filter(|rule| rule.at("http").is_set());
    let mut is_empty = true;
    for rule in rules {
        is_empty = false;
        out.line(1, format!("{}\t", rule.at("host").text_or("*")));
        for path in rule.at("http.paths").list() {
            let text = backend(path.at("backend"), related);
            out.line(2, format!("\t{} \t{text}", path.at("path")));
            leads(path.at("backend"), ingress.at("metadata.namespace").text(), out);
        }
    }
    if is_empty {
        out.row(1, &["*", "*", default]);
    }
}

/// Lets the last line lead to the service of a backend.
fn leads(backend: Json<'_>, namespace: &str, out: &mut Writer) {
    out.leads(reference(("", "Service"), namespace, backend.at("service.name").text()));
}

/// What answers: a service with its endpoints, or another object.
fn backend(backend: Json<'_>, related: &Related) -> String {
    let (service, resource) = (backend.at("service"), backend.at("resource"));
    if service.is_set() {
        let (name, number) = (service.at("name"), service.at("port.number").int());
        let port = if number == 0 { service.at("port.name").to_string() } else { number.to_string() };
        let found = behind(service, related).unwrap_or_else(|why| format!("<error: {}>", why.sentence));
        return format!("{name}:{port} ({found})");
    }
    if resource.is_set() {
        let group = resource.at("apiGroup").or("<none>");
        return format!("APIGroup: {group}, Kind: {}, Name: {}", resource.at("kind"), resource.at("name"));
    }
    String::new()
}

/// The endpoints of the port that a backend names.
fn behind<'a>(backend: Json<'_>, related: &'a Related) -> Result<String, &'a Missing> {
    let name = backend.at("name").text();
    let slices = related.list(&format!("slices {name}"))?;
    let service = related.list(&format!("service {name}"))?;
    let (number, named) = (backend.at("port.number").int(), backend.at("port.name").text());
    let is = |port: &Json<'_>| {
        number != 0 && number == port.at("port").int() || !named.is_empty() && named == port.at("name").text()
    };
    let mut ports = service.iter().flat_map(|service| service.at("spec.ports").list());
    let port = ports.rfind(is).map_or("", |port| port.at("name").text());
    Ok(endpoints(&slices, port))
}
