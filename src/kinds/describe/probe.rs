//! How a container is asked whether it is well.

use super::go::{host_and_port, path};
use super::json::Json;

/// A probe on one line.
pub(super) fn probe(probe: Json<'_>) -> String {
    let number = |name| probe.at(name).int();
    let rest = format!(
        "delay={}s timeout={}s period={}s #success={} #failure={}",
        number("initialDelaySeconds"),
        number("timeoutSeconds"),
        number("periodSeconds"),
        number("successThreshold"),
        number("failureThreshold")
    );
    let (exec, http) = (probe.at("exec"), probe.at("httpGet"));
    let (tcp, grpc) = (probe.at("tcpSocket"), probe.at("grpc"));
    if exec.is_set() {
        format!("exec {} {rest}", exec.at("command").or("[]"))
    } else if http.is_set() {
        format!("http-get {} {rest}", url(http))
    } else if tcp.is_set() {
        format!("tcp-socket {}:{} {rest}", tcp.at("host"), tcp.at("port"))
    } else if grpc.is_set() {
        format!("grpc <pod>:{} {} {rest}", grpc.at("port").int(), grpc.at("service"))
    } else {
        format!("unknown {rest}")
    }
}

fn url(http: Json<'_>) -> String {
    let scheme = http.at("scheme").text().to_lowercase();
    let host = host_and_port(http.at("host").text(), &http.at("port").or("0"));
    let path = path(http.at("path").text());
    let slash = if path.is_empty() || path.starts_with('/') { "" } else { "/" };
    let scheme = if scheme.is_empty() { String::new() } else { format!("{scheme}:") };
    format!("{scheme}//{host}{slash}{path}")
}
