//! The ports of a service, and which port of a pod each of them leads to.

use super::pod::is_udp_only;
use super::spec::{Refusal, Remote};
use super::target::{no_port, udp};
use crate::cluster::pod::Pod;
use serde::Deserialize;

/// A service, as far as a forward needs it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Service {
    metadata: Metadata,
    /// Its ports.
    pub spec: Spec,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Metadata {
    name: String,
}

/// What a service asks for.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Spec {
    #[serde(rename = "clusterIP")]
    cluster_ip: String,
    /// Its ports.
    pub ports: Vec<ServicePort>,
}

/// A port of a service.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ServicePort {
    /// Its name, `""` when it has none.
    pub name: String,
    /// Its number.
    pub port: u16,
    /// `TCP`, `UDP` or `SCTP`; `""` is TCP.
    pub protocol: String,
    target_port: Option<Named>,
}

/// A number or a name.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
enum Named {
    Number(u16),
    Name(String),
}

impl Service {
    /// The port of the service and the one of the pod that it leads to, as kubectl 1.36 `pkg/util/service_port.go`.
    ///
    /// # Errors
    /// When the service has no such port or the pod has none of its name, and when it is one of UDP.
    pub fn ports(&self, remote: &Remote, pod: &Pod) -> Result<(u16, u16), Refusal> {
        let name = &self.metadata.name;
        let found = self.spec.ports.iter().find(|port| match remote {
            Remote::Number(number) => port.port == *number,
            Remote::Name(name) => port.name == *name,
        });
        let asked = match remote {
            Remote::Number(number) => number.to_string(),
            Remote::Name(name) => name.clone(),
        };
        let number = found.ok_or_else(|| no_port("service", name, &asked))?.port;
        let same = || self.spec.ports.iter().filter(|port| port.port == number);
        if is_udp_only(same().map(|port| port.protocol.as_str())) {
            return Err(udp(&asked));
        }
        // kubectl takes the first port of that number, whatever it was asked by.
        let port = same().next().ok_or_else(|| no_port("service", name, &asked))?;
        let target = match &port.target_port {
            _ if self.spec.cluster_ip == "None" => number,
            None | Some(Named::Number(0)) => number,
            Some(Named::Number(target)) => *target,
            Some(Named::Name(name)) => pod.port_named(name).ok_or_else(|| no_port("pod", &pod.metadata.name, name))?,
        };
        Ok((number, target))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn ports_lead_where_kubectls_do() {
        let object = |ip: &str| {
            json!({"metadata": {"name": "web"}, "spec": {"clusterIP": ip, "ports": [
            {"name": "http", "port": 80, "targetPort": 8080}, {"name": "named", "port": 81, "targetPort": "metrics"},
            {"name": "omitted", "port": 82}, {"name": "zero", "port": 83, "targetPort": 0},
            {"name": "lost", "port": 84, "targetPort": "nowhere"}, {"name": "dns", "port": 53, "protocol": "UDP"},
            {"name": "both", "port": 54, "protocol": "UDP", "targetPort": 1}, {"port": 54, "protocol": "TCP", "targetPort": 2}]}})
        };
        let service = |ip: &str| serde_json::from_value::<Service>(object(ip)).unwrap();
        let pod: Pod = serde_json::from_value(json!({"metadata": {"name": "web-1"}, "spec": {
            "containers": [{"name": "c"}], "initContainers": [{"name": "i", "ports": [{"name": "metrics", "containerPort": 9090}]}]}}))
        .unwrap();
        let ports = |ip: &str, remote: Remote| service(ip).ports(&remote, &pod).map_err(|refusal| refusal.sentence);
        let name = |name: &str| Remote::Name(name.to_owned());
        assert_eq!(ports("10.0.0.1", Remote::Number(80)), Ok((80, 8080)));
        assert_eq!(ports("10.0.0.1", name("http")), Ok((80, 8080)));
        assert_eq!(ports("10.0.0.1", name("named")), Ok((81, 9090)));
        assert_eq!(ports("10.0.0.1", name("omitted")), Ok((82, 82)));
        assert_eq!(ports("10.0.0.1", name("zero")), Ok((83, 83)));
        assert_eq!(ports("10.0.0.1", Remote::Number(54)), Ok((54, 1)));
        assert_eq!(ports("None", Remote::Number(80)), Ok((80, 80)));
        assert_eq!(ports("None", Remote::Number(84)), Ok((84, 84)));
        let no = |text: &str| Err(text.to_owned());
        assert_eq!(ports("10.0.0.1", Remote::Number(84)), no("pod \"web-1\" has no port \"nowhere\""));
        assert_eq!(ports("10.0.0.1", Remote::Number(8080)), no("service \"web\" has no port \"8080\""));
        assert_eq!(ports("10.0.0.1", name("x")), no("service \"web\" has no port \"x\""));
        assert_eq!(ports("10.0.0.1", name("dns")), no("UDP cannot be forwarded, and port dns is one of UDP"));
    }
}
