//! One of each kind of which the story tells nothing, so that no list of the demo is empty.

use serde_json::{Value, json};

use super::build::{DAY, global, spaced};
use crate::demo::json::Random;
use crate::demo::world::World;

/// Brings everything in. What is drawn by lot here leaves the lots of the story as they are.
pub fn enter(world: &mut World) {
    let story = std::mem::replace(&mut world.random, Random::of("rest"));
    all(world);
    world.random = story;
}

fn all(world: &mut World) {
    old(world);
    admission(world);
    let limits = json!([{"type": "Container", "default": {"cpu": "500m", "memory": "256Mi"}}]);
    spaced(world, "limitranges", (("payments", "payments"), 151 * DAY, json!({"spec": {"limits": limits}})));
    let attached = json!({
        "spec": {"attacher": "ebs.csi.aws.com", "nodeName": "worker-1", "source": {"persistentVolumeName": "data-postgres-0"}},
        "status": {"attached": true},
    });
    global(world, "volumeattachments", ("csi-3f9a1c", 12 * DAY, attached));
    global(world, "runtimeclasses", ("gvisor", 90 * DAY, json!({"handler": "runsc"})));
    let available = json!([{"type": "Available", "status": "True", "reason": "Local", "message": "Local APIServices are always available"}]);
    for (version, group) in [("v1", ""), ("v1", "apps"), ("v1", "batch")] {
        let name = format!("{version}.{group}");
        let body = json!({"spec": {"group": group, "version": version}, "status": {"conditions": available}});
        global(world, "apiservices", (&name, 212 * DAY, body));
    }
    let request = json!({
        "spec": {"signerName": "kubernetes.io/kube-apiserver-client", "username": "kubernetes-admin", "usages": ["client auth"], "expirationSeconds": 86_400, "request": ""},
    });
    global(world, "certificatesigningrequests", ("newcomer", 1_300, request));
}

/// What has been replaced by something newer.
fn old(world: &mut World) {
    let template = json!({"metadata": {"labels": {"app": "legacy"}}, "spec": {"containers": [{"name": "legacy", "image": "registry.shop.example/legacy:0.9.1"}]}});
    let body = json!({
        "spec": {"replicas": 0, "selector": {"app": "legacy"}, "template": template},
        "status": {"replicas": 0, "observedGeneration": 1},
    });
    spaced(world, "replicationcontrollers", (("shop", "legacy"), 300 * DAY, body));
    let subsets =
        json!([{"addresses": [{"ip": "10.0.0.2"}], "ports": [{"name": "https", "port": 6443, "protocol": "TCP"}]}]);
    spaced(world, "endpoints", (("default", "kubernetes"), 212 * DAY, json!({"subsets": subsets})));
    for name in ["controller-manager", "etcd-0", "scheduler"] {
        let healthy = json!([{"type": "Healthy", "status": "True", "message": "ok"}]);
        global(world, "componentstatuses", (name, 212 * DAY, json!({"conditions": healthy})));
    }
}

/// Who checks what is written.
fn admission(world: &mut World) {
    let hook = |name: &str| -> Value {
        json!([{"name": name, "failurePolicy": "Ignore", "sideEffects": "None", "admissionReviewVersions": ["v1"],
            "clientConfig": {"service": {"namespace": "kube-system", "name": "webhook"}}}])
    };
    let mutating = json!({"webhooks": hook("inject.mesh.example")});
    global(world, "mutatingwebhookconfigurations", ("mesh", 90 * DAY, mutating));
    let validating = json!({"webhooks": hook("check.cert-manager.io")});
    global(world, "validatingwebhookconfigurations", ("cert-manager", 198 * DAY, validating));
    let policy = json!({"spec": {
        "failurePolicy": "Fail", "validations": [{"expression": "object.spec.replicas <= 20"}],
        "matchConstraints": {"resourceRules": [{"apiGroups": ["apps"], "apiVersions": ["v1"], "operations": ["CREATE", "UPDATE"], "resources": ["deployments"]}]},
    }});
    global(world, "validatingadmissionpolicies", ("at-most-twenty", 60 * DAY, policy));
}
