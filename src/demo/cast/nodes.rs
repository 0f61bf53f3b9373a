//! Nodes and namespaces.

use serde_json::{Value, json};

use super::build::{DAY, global, spaced};
use crate::demo::clock::{ago, micro, stamp};
use crate::demo::json::{set, set_key};
use crate::demo::pod::node_address;
use crate::demo::world::World;

/// Namespaces that every cluster has, and those of the shop.
const NAMESPACES: &[(&str, i64)] = &[
    ("default", 212),
    ("kube-system", 212),
    ("kube-public", 212),
    ("kube-node-lease", 212),
    ("cert-manager", 198),
    ("data", 180),
    ("ingress", 198),
    ("monitoring", 190),
    ("payments", 151),
    ("shop", 151),
];

/// Name, age in days, zone, cores, memory in GiB.
const NODES: &[(&str, i64, &str, u32, u32)] = &[
    ("control-1", 212, "eu-central-1a", 4, 16),
    ("worker-1", 212, "eu-central-1a", 8, 32),
    ("worker-2", 96, "eu-central-1b", 8, 32),
    ("worker-3", 96, "eu-central-1b", 8, 32),
    ("worker-4", 31, "eu-central-1c", 16, 64),
];

/// Brings in nodes and namespaces; an empty cluster has fewer of both.
pub fn enter(world: &mut World, bare: bool) {
    for (name, days) in NAMESPACES.iter().take(if bare { 4 } else { NAMESPACES.len() }) {
        let body = json!({
            "metadata": {"labels": {"kubernetes.io/metadata.name": name}},
            "spec": {"finalizers": ["kubernetes"]}, "status": {"phase": "Active"},
        });
        global(world, "namespaces", (name, days * DAY, body));
        let account = json!({});
        spaced(world, "serviceaccounts", ((name, "default"), days * DAY, account));
        let root = json!({"data": {"ca.crt": "-----BEGIN CERTIFICATE-----\nZGVtbw==\n-----END CERTIFICATE-----\n"}});
        spaced(world, "configmaps", ((name, "kube-root-ca.crt"), days * DAY, root));
    }
    for node in NODES.iter().take(if bare { 2 } else { NODES.len() }) {
        enter_node(world, *node);
    }
    let port = json!({"name": "https", "port": 443, "protocol": "TCP", "targetPort": 6443});
    let spec = json!({
        "type": "ClusterIP", "clusterIP": "10.96.0.1", "clusterIPs": ["10.96.0.1"], "ports": [port],
        "sessionAffinity": "None", "ipFamilies": ["IPv4"], "ipFamilyPolicy": "SingleStack",
    });
    let labels = json!({"component": "apiserver", "provider": "kubernetes"});
    let service = json!({"metadata": {"labels": labels}, "spec": spec, "status": {"loadBalancer": {}}});
    spaced(world, "services", (("default", "kubernetes"), 212 * DAY, service));
    if !bare {
        world.edit("nodes", &(String::new(), "worker-3".to_owned()), |node| {
            set(node, "/spec/unschedulable", true);
            set(node, "/spec/taints", json!([{"key": "node.kubernetes.io/unschedulable", "effect": "NoSchedule"}]));
        });
    }
}

fn enter_node(world: &mut World, (name, days, zone, cores, memory): (&str, i64, &str, u32, u32)) {
    let mut body = json!({"metadata": {"labels": labels((name, zone))}, "spec": {"podCIDR": "10.244.0.0/24"}});
    set(&mut body, "/spec/providerID", format!("aws:///{zone}/i-0{name}"));
    if name.starts_with("control") {
        set_key(&mut body, "/metadata/labels", "node-role.kubernetes.io/control-plane", "");
        set(
            &mut body,
            "/spec/taints",
            json!([{"key": "node-role.kubernetes.io/control-plane", "effect": "NoSchedule"}]),
        );
    }
    let amounts = |cores: u32, memory: u32| json!({"cpu": cores.to_string(), "memory": format!("{memory}Ki"), "pods": "110", "ephemeral-storage": "101430960Ki"});
    set(&mut body, "/status/capacity", amounts(cores, memory * 1_048_576));
    set(&mut body, "/status/allocatable", amounts(cores, memory * 1_048_576 - 102_400));
    let addresses =
        json!([{"type": "InternalIP", "address": node_address(name)}, {"type": "Hostname", "address": name}]);
    set(&mut body, "/status/addresses", addresses);
    let long_ago = stamp(ago(world.now(), days * DAY - 60));
    let now = stamp(world.now());
    set(&mut body, "/status/conditions", conditions(&now, &long_ago));
    set(&mut body, "/status/nodeInfo", info(name));
    set(&mut body, "/status/daemonEndpoints", json!({"kubeletEndpoint": {"Port": 10250}}));
    global(world, "nodes", (name, days * DAY, body));
    let lease = json!({"spec": {
        "holderIdentity": name, "leaseDurationSeconds": 40, "renewTime": micro(world.now()),
    }});
    spaced(world, "leases", (("kube-node-lease", name), days * DAY, lease));
}

fn labels((name, zone): (&str, &str)) -> Value {
    json!({
        "kubernetes.io/hostname": name, "kubernetes.io/arch": "amd64", "kubernetes.io/os": "linux",
        "topology.kubernetes.io/region": "eu-central-1", "topology.kubernetes.io/zone": zone,
        "node.kubernetes.io/instance-type": "m6i.2xlarge",
    })
}

fn conditions(now: &str, since: &str) -> Value {
    let one = |kind: &str, status: &str, reason: &str, message: &str| {
        json!({
            "type": kind, "status": status, "reason": reason, "message": message,
            "lastHeartbeatTime": now, "lastTransitionTime": since,
        })
    };
    json!([
        one("MemoryPressure", "False", "KubeletHasSufficientMemory", "kubelet has sufficient memory available"),
        one("DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
        one("PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
        one("Ready", "True", "KubeletReady", "kubelet is posting ready status"),
    ])
}

fn info(name: &str) -> Value {
    json!({
        "architecture": "amd64", "operatingSystem": "linux", "osImage": "Debian GNU/Linux 13 (trixie)",
        "kernelVersion": "6.12.41-amd64", "containerRuntimeVersion": "containerd://2.1.4",
        "kubeletVersion": "v1.36.3", "kubeProxyVersion": "", "machineID": name, "systemUUID": name, "bootID": name,
    })
}
