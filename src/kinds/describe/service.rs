//! Services, with the endpoints of each port.

use super::common::{beginning, joined, on_one_line};
use super::json::Json;
use super::related::{Related, Want, Which};
use super::slices::endpoints;
use super::writer::Writer;
use crate::kinds::endpointslices::EndpointSlices;
use crate::kinds::kind::Kind;

/// The endpoint slices of a service.
pub(super) fn slices_of(namespace: &str, service: &str) -> Want {
    Want::new(EndpointSlices::NAMES, namespace, Which::Labels(format!("kubernetes.io/service-name={service}")))
}

/// Its endpoint slices.
pub(super) fn wants(service: Json<'_>) -> Vec<Want> {
    vec![slices_of(service.at("metadata.namespace").text(), service.at("metadata.name").text())]
}

/// The description.
pub(super) fn describe(service: Json<'_>, related: &Related, out: &mut Writer) {
    beginning(service, out);
    let spec = service.at("spec");
    out.field(0, "Selector", on_one_line(spec.at("selector")));
    out.field(0, "Type", spec.at("type"));
    addresses(service, out);
    let slices = related.known("endpointslices");
    spec.at("ports").list().for_each(|of| port(of, &slices, out));
    out.field(0, "Session Affinity", spec.at("sessionAffinity"));
    optional("External Traffic Policy", spec.at("externalTrafficPolicy"), out);
    optional("Internal Traffic Policy", spec.at("internalTrafficPolicy"), out);
    if spec.at("healthCheckNodePort").int() != 0 {
        out.field(0, "HealthCheck NodePort", spec.at("healthCheckNodePort"));
    }
    listed("LoadBalancer Source Ranges", spec.at("loadBalancerSourceRanges"), out);
    optional("Traffic Distribution", spec.at("trafficDistribution"), out);
}

/// A text, where there is one.
fn optional(title: &str, text: Json<'_>, out: &mut Writer) {
    if !text.text().is_empty() {
        out.field(0, title, text);
    }
}

/// Texts, where there are some.
fn listed(title: &str, texts: Json<'_>, out: &mut Writer) {
    if !texts.is_empty() {
        out.field(0, title, texts.texts().join(","));
    }
}

fn addresses(service: Json<'_>, out: &mut Writer) {
    let spec = service.at("spec");
    if spec.at("ipFamilyPolicy").is_set() {
        out.field(0, "IP Family Policy", spec.at("ipFamilyPolicy"));
    }
    out.field(0, "IP Families", joined(&spec.at("ipFamilies").texts(), ","));
    out.field(0, "IP", spec.at("clusterIP"));
    out.field(0, "IPs", joined(&spec.at("clusterIPs").texts(), ","));
    listed("External IPs", spec.at("externalIPs"), out);
    optional("Desired LoadBalancer IP", spec.at("loadBalancerIP"), out);
    optional("External Name", spec.at("externalName"), out);
    let balancer = service.at("status.loadBalancer.ingress");
    if !balancer.is_empty() {
        let all = balancer.list().map(|entry| {
            let mode = entry.at("ipMode").text();
            match (entry.at("ip").text(), mode) {
                ("", _) => entry.at("hostname").text().to_owned(),
                (ip, "") => ip.to_owned(),
                (ip, mode) => format!("{ip} ({mode})"),
            }
        });
        out.field(0, "LoadBalancer Ingress", all.collect::<Vec<_>>().join(", "));
    }
}

fn port(port: Json<'_>, slices: &[Json<'_>], out: &mut Writer) {
    let name = port.at("name").text_or("<unset>");
    let protocol = port.at("protocol");
    out.field(0, "Port", format!("{name}\t{}/{protocol}", port.at("port").int()));
    out.field(0, "TargetPort", format!("{}/{protocol}", port.at("targetPort").or("0")));
    if port.at("appProtocol").is_set() {
        out.field(0, "AppProtocol", port.at("appProtocol"));
    }
    if port.at("nodePort").int() != 0 {
        out.field(0, "NodePort", format!("{name}\t{}/{protocol}", port.at("nodePort")));
    }
    out.field(0, "Endpoints", endpoints(slices, port.at("name").text()));
}
