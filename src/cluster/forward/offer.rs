//! Which ports an object names, to be offered.

use super::ask;
use super::service::Service;
use super::target::Target;
use crate::cluster::Unreachable;
use crate::cluster::pod::{Port, Spec};
use crate::cluster::url;
use crate::kinds::forward::PortOffer;
use kube::Client;
use serde::Deserialize;

/// A pod, or something with a pod template.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Templated {
    spec: Outer,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Outer {
    #[serde(flatten)]
    own: Spec,
    template: Template,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Template {
    spec: Spec,
}

/// The TCP ports that the target names, in its order. `client` only reads.
///
/// # Errors
/// When it cannot be read: a sentence and a hint.
pub async fn ports(client: &Client, target: &Target) -> Result<Vec<PortOffer>, Unreachable> {
    let path = url::object(target.kind, &target.namespace, &target.name);
    let json = ask::get(client, &path).await;
    let json = json.map_err(|trouble| Unreachable { sentence: trouble.sentence, hint: "type the ports".to_owned() })?;
    Ok(if target.kind.names().kind == "Service" { of_service(&json) } else { of_containers(&json) })
}

fn of_service(json: &[u8]) -> Vec<PortOffer> {
    let service: Service = serde_json::from_slice(json).unwrap_or_default();
    let tcp = service.spec.ports.into_iter().filter(|port| is_tcp(&port.protocol));
    tcp.map(|port| PortOffer { number: port.port, name: port.name, container: String::new() }).collect()
}

fn of_containers(json: &[u8]) -> Vec<PortOffer> {
    let Outer { own, template } = serde_json::from_slice::<Templated>(json).unwrap_or_default().spec;
    let all = own.containers.into_iter().chain(template.spec.containers);
    let offers = all.flat_map(|container| {
        let tcp = container.ports.into_iter().filter(|port| is_tcp(&port.protocol));
        let name = container.name;
        tcp.map(move |Port { name: port, number, .. }| PortOffer { number, name: port, container: name.clone() })
    });
    offers.collect()
}

fn is_tcp(protocol: &str) -> bool {
    matches!(protocol, "" | "TCP")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_are_found_where_each_kind_has_them() {
        let shown = |offers: Vec<PortOffer>| {
            let show = |o: PortOffer| format!("{} {} {}", o.number, o.name, o.container).trim().to_owned();
            offers.into_iter().map(show).collect::<Vec<_>>()
        };
        let containers = r#""containers": [{"name": "a", "ports": [{"name": "http", "containerPort": 80}, {"containerPort": 53, "protocol": "UDP"}]}, {"name": "b", "ports": [{"containerPort": 9}]}, {"name": "c"}]"#;
        let pod = format!(r#"{{"spec": {{"nodeName": "n", {containers}}}}}"#);
        let workload =
            format!(r#"{{"spec": {{"replicas": 1, "selector": {{}}, "template": {{"spec": {{{containers}}}}}}}}}"#);
        assert_eq!(shown(of_containers(pod.as_bytes())), ["80 http a", "9  b"]);
        assert_eq!(shown(of_containers(workload.as_bytes())), ["80 http a", "9  b"]);
        let service = br#"{"spec": {"ports": [{"port": 80, "name": "http", "targetPort": "x"}, {"port": 53, "protocol": "UDP"}]}}"#;
        assert_eq!(shown(of_service(service)), ["80 http"]);
        assert!(of_service(b"[").is_empty() && of_containers(b"{}").is_empty());
    }
}
