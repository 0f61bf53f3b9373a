//! Pods as the JSON that an API server sends: about 9 kB each, two fifths of it managed fields.

use crate::data::{Change, Cluster, Pod, State};
use crate::template::Template;
use std::fmt::Write;

/// Writes the objects of a cluster.
pub struct Writer {
    /// The cluster.
    pub cluster: Cluster,
    pod: Template,
    container: Template,
    managed: Template,
    status: Template,
}

/// A container of a pod, as far as it differs from others.
struct Container {
    name: &'static str,
    image: String,
    state: State,
}

impl Writer {
    /// Reads the templates once.
    pub fn new(cluster: Cluster) -> Self {
        Self {
            cluster,
            pod: Template::of_json(include_str!("pod/pod.json")),
            container: Template::of_json(include_str!("pod/container.json")),
            managed: Template::of_json(include_str!("pod/managed_container.json")),
            status: Template::of_json(include_str!("pod/status.json")),
        }
    }

    /// Appends the pod as it stands in a list: without kind and apiVersion.
    pub fn item(&self, index: u64, change: Change, out: &mut String) {
        let pod = self.cluster.pod(index, change);
        let containers = containers(&pod);
        self.pod.write(out, |hole, out| match hole {
            "containers" => each(&self.container, &pod, &containers, out),
            "managed-containers" => each(&self.managed, &pod, &containers, out),
            "statuses" => each(&self.status, &pod, &containers, out),
            _ => of_pod(&pod, hole, out),
        });
    }

    /// Appends the pod as it stands alone: with kind and apiVersion.
    pub fn object(&self, index: u64, change: Change, out: &mut String) {
        out.push_str(r#"{"kind":"Pod","apiVersion":"v1","#);
        let start = out.len();
        self.item(index, change, out);
        out.remove(start);
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

/// The template once for each container, with commas between.
fn each(template: &Template, pod: &Pod, containers: &[Container], out: &mut String) {
    for (number, container) in containers.iter().enumerate() {
        if number > 0 {
            out.push(',');
        }
        template.write(out, |hole, out| of_container(pod, container, hole, out));
    }
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
fn of_pod(pod: &Pod, hole: &str, out: &mut String) {
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

fn number(number: u64, out: &mut String) {
    // Writing to a string cannot fail.
    let _ = write!(out, "{number}");
}

/// RFC 3339 in whole seconds, as Kubernetes writes times.
fn moment(seconds: i64, out: &mut String) {
    let _ = write!(out, "{}", jiff::Timestamp::from_second(seconds).unwrap_or(jiff::Timestamp::UNIX_EPOCH));
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    fn pods() -> Vec<String> {
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
        for pod in pods() {
            assert!(!pod.contains("a hole without a value") && !pod.contains("\"x\""), "{pod}");
            let pod: k8s_openapi::api::core::v1::Pod = serde_json::from_str(&pod).unwrap();
            assert!(pod.metadata.creation_timestamp.is_some() && pod.metadata.managed_fields.unwrap().len() == 2);
            assert!(pod.status.unwrap().container_statuses.unwrap()[0].state.is_some());
        }
    }

    #[test]
    fn a_pod_takes_nine_kilobytes_two_fifths_of_them_managed_fields() {
        let (mut bytes, mut managed) = (0, 0);
        for pod in pods() {
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
        writer.object(5, Change::default(), &mut before);
        writer.object(5, Change { version: 9_000_000, restarts: 3, unready: true }, &mut after);
        let (before, after): (Value, Value) =
            (serde_json::from_str(&before).unwrap(), serde_json::from_str(&after).unwrap());
        assert_eq!(after["kind"], "Pod");
        assert_eq!(after["metadata"]["resourceVersion"], "9000000");
        assert_eq!(before["metadata"]["uid"], after["metadata"]["uid"]);
        assert_ne!(before["status"]["containerStatuses"], after["status"]["containerStatuses"]);
        assert_eq!(before["spec"], after["spec"]);
    }
}
