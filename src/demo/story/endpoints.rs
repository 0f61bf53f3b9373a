//! The endpoint slice controller: the ready pods behind each service.

use serde_json::{Value, json};

use crate::demo::json::{has, list, set, text};
use crate::demo::pod;
use crate::demo::resource;
use crate::demo::select::Selector;
use crate::demo::store::Name;
use crate::demo::world::World;
use crate::demo::write;

/// Has the services of a namespace looked at again.
pub fn pod_changed(world: &mut World, namespace: &str) {
    let names = world.store.all("services").map(|(name, _)| name).filter(|name| name.0 == namespace).cloned();
    let names: Vec<Name> = names.collect();
    world.dirty.extend(names.into_iter().map(|name| ("services", name)));
}

/// Writes the endpoint slice of a service.
pub fn observe(world: &mut World, name: &Name) {
    let Some(service) = world.get("services", name) else { return };
    let Some(selector) = service.pointer("/spec/selector").filter(|s| s.as_object().is_some_and(|s| !s.is_empty()))
    else {
        return;
    };
    let selector = Selector::of(selector);
    let pods = world.store.within("pods", &name.0).filter(|pod| selector.matches(pod) && has(pod, "/status/podIP"));
    let endpoints: Vec<Value> = pods.map(|pod| endpoint(pod)).collect();
    let number = |port: &Value| port.pointer("/targetPort").and_then(Value::as_i64);
    let named = |port: &Value| {
        world
            .store
            .within("pods", &name.0)
            .find(|p| selector.matches(p))
            .and_then(|p| container_port(p, text(port, "/targetPort")))
    };
    let ports: Vec<Value> = list(&service, "/spec/ports")
        .iter()
        .map(|port| json!({"name": text(port, "/name"), "protocol": "TCP", "port": number(port).or_else(|| named(port))}))
        .collect();
    let slice =
        world.store.within("endpointslices", &name.0).find(|s| text(s, "/metadata/ownerReferences/0/name") == name.1);
    if let Some(slice) = slice.cloned() {
        return world.edit("endpointslices", &crate::demo::store::name_of(&slice), |slice| {
            set(slice, "/endpoints", endpoints);
            set(slice, "/ports", ports);
        });
    }
    let mut slice = json!({
        "metadata": {
            "name": format!("{}-{}", name.1, world.random.suffix(5)), "namespace": name.0,
            "labels": {"kubernetes.io/service-name": name.1, "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io"},
            "ownerReferences": [pod::reference(&service)], "creationTimestamp": text(&service, "/metadata/creationTimestamp"),
        },
        "addressType": "IPv4", "endpoints": endpoints, "ports": ports,
    });
    let Some(kind) = resource::named("endpointslices") else { return };
    write::begin(world, kind, &mut slice, "kube-controller-manager");
    world.keep(kind, slice);
}

fn container_port(pod: &Value, name: &str) -> Option<i64> {
    let ports = list(pod, "/spec/containers").iter().flat_map(|container| list(container, "/ports"));
    ports.into_iter().find(|port| text(port, "/name") == name)?.get("containerPort")?.as_i64()
}

fn endpoint(pod: &Value) -> Value {
    let (ready, going) = (pod::is_ready(pod), has(pod, "/metadata/deletionTimestamp"));
    json!({
        "addresses": [text(pod, "/status/podIP")], "nodeName": text(pod, "/spec/nodeName"),
        "conditions": {"ready": ready && !going, "serving": ready, "terminating": going},
        "targetRef": {
            "kind": "Pod", "name": text(pod, "/metadata/name"), "namespace": text(pod, "/metadata/namespace"),
            "uid": text(pod, "/metadata/uid"),
        },
    })
}
