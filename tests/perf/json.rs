//! Objects as the JSON that an API server sends: a pod takes about 9 kB, two fifths of it managed fields.

use crate::catalog::Sort;
use crate::data::{Change, Cluster, Pod, State};
use crate::template::Template;
use crate::things::{Thing, fill};
use std::fmt::Write;

/// Writes the objects of a cluster.
pub struct Writer {
    /// The cluster.
    pub cluster: Cluster,
    /// The templates of kinds and of parts of objects.
    templates: Vec<(&'static str, Template)>,
}

/// The templates, by the plural of their kind or by the part that they are.
const TEMPLATES: [(&str, &str); 14] = [
    ("pods", include_str!("objects/pods.json")),
    ("container", include_str!("objects/container.json")),
    ("managed-container", include_str!("objects/managed_container.json")),
    ("status", include_str!("objects/status.json")),
    ("namespaces", include_str!("objects/namespaces.json")),
    ("nodes", include_str!("objects/nodes.json")),
    ("image", include_str!("objects/image.json")),
    ("services", include_str!("objects/services.json")),
    ("events", include_str!("objects/events.json")),
    ("deployments", include_str!("objects/deployments.json")),
    ("replicasets", include_str!("objects/replicasets.json")),
    ("template", include_str!("objects/template.json")),
    ("endpointslices", include_str!("objects/endpointslices.json")),
    ("endpoint", include_str!("objects/endpoint.json")),
];

/// A container of a pod, as far as it differs from others.
struct Container {
    name: &'static str,
    image: String,
    state: State,
}

impl Writer {
    /// Reads the templates once.
    pub fn new(cluster: Cluster) -> Self {
        Self { cluster, templates: TEMPLATES.map(|(name, json)| (name, Template::of_json(json))).into() }
    }

    /// Appends a template with its holes filled; nothing when there is no such template.
    fn write(&self, template: &str, out: &mut String, fill: impl FnMut(&str, &mut String)) {
        if let Some((_, template)) = self.templates.iter().find(|(name, _)| *name == template) {
            template.write(out, fill);
        }
    }

    /// Appends the pod as it stands in a list: without kind and apiVersion.
    pub fn item(&self, index: u64, change: Change, out: &mut String) {
        let pod = self.cluster.pod(index, change);
        self.write("pods", out, |hole, out| match hole {
            "containers" | "managed-containers" | "statuses" => self.containers(&pod, hole, out),
            _ => of_pod(&pod, hole, out),
        });
    }

    /// Appends an object of any kind as it stands in a list; a change is one of a pod.
    pub fn thing(&self, sort: &Sort, index: u64, change: Change, out: &mut String) {
        if sort.is_pods() {
            return self.item(index, change, out);
        }
        let thing = Thing::new(&self.cluster, sort, index);
        self.write(sort.plural, out, |hole, out| fill(self, &thing, hole, out));
    }

    /// Appends an object of any kind as it stands alone: with kind and apiVersion.
    pub fn object(&self, sort: &Sort, index: u64, change: Change, out: &mut String) {
        out.extend([r#"{"kind":""#, sort.kind, r#"","apiVersion":""#, &sort.api_version(), r#"","#]);
        let start = out.len();
        self.thing(sort, index, change, out);
        out.remove(start);
    }

    /// Appends what a pod has for each container: the container, its managed fields or its status.
    pub fn containers(&self, pod: &Pod, hole: &str, out: &mut String) {
        let template = match hole {
            "containers" => "container",
            "managed-containers" => "managed-container",
            _ => "status",
        };
        let mut containers = containers(pod);
        if hole == "managed-containers" {
            // The API server sorts managed fields.
            containers.sort_by_key(|container| container.name);
        }
        for (number, container) in containers.iter().enumerate() {
            if number > 0 {
                out.push(',');
            }
            self.write(template, out, |hole, out| of_container(pod, container, hole, out));
        }
    }

    /// Appends the pod template of a workload, with its key.
    pub fn pod_template(&self, thing: &Thing<'_>, out: &mut String) {
        self.write("template", out, |hole, out| fill(self, thing, hole, out));
    }

    /// Appends the image of a pod as a node tells it.
    pub fn image(&self, pod: &Pod, out: &mut String) {
        self.write("image", out, |hole, out| if hole == "sign" { out.push('@') } else { of_pod(pod, hole, out) });
    }

    /// Appends a pod as an endpoint.
    pub fn endpoint(&self, pod: &Pod, out: &mut String) {
        self.write("endpoint", out, |hole, out| match hole {
            "up" => out.push_str(if pod.ready { "true" } else { "false" }),
            _ => of_pod(pod, hole, out),
        });
    }
}

fn containers(pod: &Pod) -> Vec<Container> {
    let image = format!("registry.example.com/platform/{}-{}:{}", pod.app, pod.part, pod.release);
    let mut containers = vec![Container { name: pod.part, image, state: pod.state }];
    if pod.sidecar {
        let state = if pod.state == State::CrashLoop { State::Running } else { pod.state };
        containers.push(Container {
            name: "mesh-proxy",
            image: "registry.example.com/mesh/proxy:1.24.2".into(),
            state,
        });
    }
    containers
}

fn of_container(pod: &Pod, container: &Container, hole: &str, out: &mut String) {
    let first = container.name == pod.part;
    match hole {
        "container" => out.push_str(container.name),
        "image" => out.push_str(&container.image),
        "sign" => out.push('@'),
        "up" => out.push_str(if container.state == State::Running && (pod.ready || !first) { "true" } else { "false" }),
        "restarts" => number(if first { pod.restarts } else { 0 }, out),
        "state" => state_now(pod, container, out),
        "last" if first && pod.restarts > 0 => terminated(pod, ("Error", 1), out),
        "last" => {}
        _ => of_pod(pod, hole, out),
    }
}

fn state_now(pod: &Pod, container: &Container, out: &mut String) {
    match container.state {
        State::Running => {
            out.push_str(r#""running":{"startedAt":""#);
            moment(if pod.restarts > 0 { pod.restarted } else { pod.started }, out);
            out.push_str(r#""}"#);
        }
        State::Creating => out.push_str(r#""waiting":{"reason":"ContainerCreating"}"#),
        State::CrashLoop => {
            out.push_str(
                r#""waiting":{"reason":"CrashLoopBackOff","message":"back-off 5m0s restarting failed container="#,
            );
            for text in [container.name, " pod=", &pod.name, "_", &pod.namespace, "(", &pod.uid, ")\"}"] {
                out.push_str(text);
            }
        }
        State::Completed => terminated(pod, ("Completed", 0), out),
        State::Error => terminated(pod, ("Error", 2), out),
    }
}

fn terminated(pod: &Pod, (reason, code): (&str, u64), out: &mut String) {
    out.push_str(r#""terminated":{"exitCode":"#);
    number(code, out);
    for text in [r#","reason":""#, reason, r#"","startedAt":""#] {
        out.push_str(text);
    }
    moment(pod.started, out);
    out.push_str(r#"","finishedAt":""#);
    moment(pod.restarted, out);
    for text in [r#"","containerID":"containerd://"#, &pod.container_id, r#""}"#] {
        out.push_str(text);
    }
}

/// What belongs into a hole that needs nothing but the pod; a table, one line each.
pub fn of_pod(pod: &Pod, hole: &str, out: &mut String) {
    match hole {
        "created" => return moment(pod.created, out),
        "started" => return moment(pod.started, out),
        "changed" => return moment(if pod.restarts > 0 { pod.restarted } else { pod.started }, out),
        "version" => return number(pod.version, out),
        _ => {}
    }
    out.push_str(match hole {
        "name" => &pod.name,
        "namespace" => &pod.namespace,
        "replicaset" => &pod.replicaset,
        "uid" => &pod.uid,
        "owner" => &pod.owner,
        "hash" => &pod.hash,
        "app" => pod.app,
        "part" => pod.part,
        "release" => &pod.release,
        "checksum" => &pod.checksum,
        "container-id" => &pod.container_id,
        "volume" => pod.name.get(pod.name.len() - 5..).unwrap_or("x"),
        "node" => &pod.node,
        "zone" => pod.zone,
        "host" => &pod.host,
        "ip" => &pod.ip,
        "ready" if pod.ready => "True",
        "ready" => "False",
        "phase" => phase(pod.state),
        _ => "a hole without a value",
    });
}

fn phase(state: State) -> &'static str {
    match state {
        State::Running | State::CrashLoop => "Running",
        State::Creating => "Pending",
        State::Completed => "Succeeded",
        State::Error => "Failed",
    }
}

/// Appends a number.
pub fn number(number: u64, out: &mut String) {
    // Writing to a string cannot fail.
    let _ = write!(out, "{number}");
}

/// Appends a moment: RFC 3339 in whole seconds, as Kubernetes writes times.
pub fn moment(seconds: i64, out: &mut String) {
    let _ = write!(out, "{}", jiff::Timestamp::from_second(seconds).unwrap_or(jiff::Timestamp::UNIX_EPOCH));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{SORTS, pods};
    use k8s_openapi::api::apps::v1::{Deployment, ReplicaSet};
    use k8s_openapi::api::core::v1::{Event, Namespace, Node, Service};
    use k8s_openapi::api::discovery::v1::EndpointSlice;
    use serde_json::Value;

    fn all_pods() -> Vec<String> {
        let writer = Writer::new(Cluster { seed: 7, pods: 2_000, now: 1_800_000_000 });
        let item = |index| {
            let mut out = String::new();
            writer.item(index, Change::default(), &mut out);
            out
        };
        (0..2_000).map(item).collect()
    }

    #[test]
    fn every_pod_is_json_that_kubernetes_types_can_read_and_no_hole_is_left() {
        for pod in all_pods() {
            assert!(!pod.contains("a hole without a value") && !pod.contains("\"x\""), "{pod}");
            let pod: k8s_openapi::api::core::v1::Pod = serde_json::from_str(&pod).unwrap();
            assert!(pod.metadata.creation_timestamp.is_some() && pod.metadata.managed_fields.unwrap().len() == 2);
            assert!(pod.status.unwrap().container_statuses.unwrap()[0].state.is_some());
        }
    }

    #[test]
    fn a_pod_takes_nine_kilobytes_two_fifths_of_them_managed_fields() {
        let (mut bytes, mut managed) = (0, 0);
        for pod in all_pods() {
            bytes += pod.len();
            let pod: Value = serde_json::from_str(&pod).unwrap();
            managed += pod["metadata"]["managedFields"].to_string().len();
        }
        assert!((8_500..9_700).contains(&(bytes / 2_000)), "{} bytes", bytes / 2_000);
        assert!((36..42).contains(&(100 * managed / bytes)), "{} %", 100 * managed / bytes);
    }

    #[test]
    fn a_change_shows_in_the_object_and_only_there() {
        let writer = Writer::new(Cluster { seed: 7, pods: 2_000, now: 1_800_000_000 });
        let (mut before, mut after) = (String::new(), String::new());
        writer.object(pods(), 5, Change::default(), &mut before);
        writer.object(pods(), 5, Change { version: 9_000_000, restarts: 3, unready: true }, &mut after);
        let (before, after): (Value, Value) =
            (serde_json::from_str(&before).unwrap(), serde_json::from_str(&after).unwrap());
        assert_eq!(after["kind"], "Pod");
        assert_eq!(after["metadata"]["resourceVersion"], "9000000");
        assert_eq!(before["metadata"]["uid"], after["metadata"]["uid"]);
        assert_ne!(before["status"]["containerStatuses"], after["status"]["containerStatuses"]);
        assert_eq!(before["spec"], after["spec"]);
    }

    #[test]
    fn objects_of_all_kinds_are_json_without_holes_in_the_order_of_their_names() {
        let writer = Writer::new(Cluster { seed: 7, pods: 3_000, now: 1_800_000_000 });
        for sort in SORTS.iter().filter(|sort| sort.has_objects()) {
            let (mut before, mut bytes) = (String::new(), 0);
            let range = sort.range(&writer.cluster, None);
            for index in range.clone() {
                let mut out = String::new();
                writer.thing(sort, index, Change::default(), &mut out);
                assert!(!out.contains("a hole without a value"), "{out}");
                let object: Value = serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {out}"));
                let meta = |key: &str| object["metadata"][key].as_str().unwrap_or_default().to_owned();
                let place = format!("{}/{}", meta("namespace"), meta("name"));
                assert!(place > before && meta("uid").len() == 36, "{place} after {before}");
                (before, bytes) = (place, bytes + out.len() as u64);
            }
            let each = bytes / range.end;
            assert!((600..12_000).contains(&each), "{}: {each} bytes", sort.plural);
        }
    }

    #[test]
    fn typed_clients_can_read_the_other_kinds() {
        let writer = Writer::new(Cluster { seed: 7, pods: 3_000, now: 1_800_000_000 });
        let one = |plural: &str| {
            let mut out = String::new();
            writer.thing(SORTS.iter().find(|sort| sort.plural == plural).unwrap(), 3, Change::default(), &mut out);
            out
        };
        let deployment: Deployment = serde_json::from_str(&one("deployments")).unwrap();
        let set: ReplicaSet = serde_json::from_str(&one("replicasets")).unwrap();
        assert_eq!(set.metadata.owner_references.unwrap()[0].uid, deployment.metadata.uid.unwrap());
        let slice: EndpointSlice = serde_json::from_str(&one("endpointslices")).unwrap();
        assert_eq!(slice.endpoints.unwrap().len(), 20);
        let node: Node = serde_json::from_str(&one("nodes")).unwrap();
        assert_eq!(node.status.unwrap().images.unwrap().len(), 12);
        serde_json::from_str::<Event>(&one("events")).unwrap();
        serde_json::from_str::<Service>(&one("services")).unwrap();
        serde_json::from_str::<Namespace>(&one("namespaces")).unwrap();
    }
}
