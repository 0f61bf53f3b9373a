//! The ports of a pod.

use crate::cluster::pod::Pod;

impl Pod {
    /// The number of the container port called `name`, as kubectl 1.36 `pkg/util/pod_port.go`: containers first, then
    /// init containers.
    pub fn port_named(&self, name: &str) -> Option<u16> {
        let all = self.spec.containers.iter().chain(&self.spec.init_containers);
        all.flat_map(|container| &container.ports).find(|port| port.name == name).map(|port| port.number)
    }

    /// Whether the containers say that `number` is a port of UDP and of nothing else.
    pub fn is_udp_only(&self, number: u16) -> bool {
        let ports = self.spec.containers.iter().flat_map(|container| &container.ports);
        is_udp_only(ports.filter(|port| port.number == number).map(|port| port.protocol.as_str()))
    }
}

/// Whether all of some protocols are UDP, and there is one.
pub fn is_udp_only<'a>(mut protocols: impl Iterator<Item = &'a str>) -> bool {
    protocols.next().is_some_and(|first| first == "UDP" && protocols.all(|protocol| protocol == "UDP"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    #[test]
    fn ports_are_found_by_name() {
        let ports = |ports: Value| json!([{"name": "c", "ports": ports}]);
        let pod: Pod = serde_json::from_value(json!({"spec": {
            "containers": ports(json!([{"name": "http", "containerPort": 80}, {"containerPort": 53, "protocol": "UDP"},
                {"containerPort": 54, "protocol": "UDP"}, {"containerPort": 54, "protocol": "TCP"}])),
            "initContainers": ports(json!([{"name": "http", "containerPort": 81}, {"name": "side", "containerPort": 82}])),
        }}))
        .unwrap();
        assert_eq!(["http", "side", "dns"].map(|name| pod.port_named(name)), [Some(80), Some(82), None]);
        assert_eq!([53, 54, 80, 99].map(|number| pod.is_udp_only(number)), [true, false, false, false]);
    }
}
