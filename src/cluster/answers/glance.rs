//! A pod, or what makes pods, at a glance: probes, resources and security context of each container.

use super::ask::{Answered, Asked, Question};
use super::sight::{Sight, items, scalar, text};
use super::tree::column;
use crate::cluster::gate::{Problem, Reader};
use crate::cluster::json::at;
use crate::kinds::answer::{Answer, Line, Piece, To};
use crate::kinds::containers::Containers;
use crate::kinds::{AnyKind, Cell, Row, Tone};
use futures::future::BoxFuture;
use serde_json::Value;

/// Columns of the names of fields.
const NAMES: u16 = 12;

/// How are its containers set up?
pub struct Glance;

impl Question for Glance {
    fn name(&self) -> &'static str {
        "glance"
    }

    fn answer<'a>(&'a self, reader: &'a Reader, asked: &'a Asked) -> BoxFuture<'a, Result<Answered, Problem>> {
        Box::pin(async {
            let mut sight = Sight::new(reader, asked);
            let (kind, object) = sight.subject(asked).await?;
            let spec = pod_spec(&object).ok_or_else(|| {
                Problem::new(format!("{} have no containers", kind.names().plural), "pods and what makes them have")
            })?;
            let rows = if kind.names().plural == "pods" { sight.rows(&Containers, &object) } else { Vec::new() };
            Ok(sight.answered(compose(spec, &rows)))
        })
    }
}

/// The specification of the pod, or of the pods that an object makes.
pub fn pod_spec(object: &Value) -> Option<&Value> {
    let places =
        ["/spec/containers", "/spec/template/spec/containers", "/spec/jobTemplate/spec/template/spec/containers"];
    let place = places.into_iter().find(|place| object.pointer(place).is_some())?;
    object.pointer(place.strip_suffix("/containers")?)
}

fn compose(spec: &Value, rows: &[Row]) -> Answer {
    let mut answer = Answer::default();
    let pod = security(at(spec, "/securityContext"));
    let shared = ["hostNetwork", "hostPID", "hostIPC"].into_iter().filter(|name| is_set(spec, name));
    let all = std::iter::once(pod).filter(|text| !text.is_empty()).chain(shared.map(str::to_owned));
    let all: Vec<String> = all.collect();
    answer.push(Line::field("Pod", NAMES, Cell::or_none(Some(all.join(" ")))));
    for (path, word) in [("/initContainers", "init"), ("/containers", ""), ("/ephemeralContainers", "ephemeral")] {
        for container in items(spec, path) {
            let sidecar = word == "init" && text(container, "/restartPolicy") == "Always";
            container_lines(container, if sidecar { "sidecar" } else { word }, rows, &mut answer);
        }
    }
    answer
}

fn container_lines(container: &Value, word: &str, rows: &[Row], answer: &mut Answer) {
    let name = text(container, "/name");
    let row = rows.iter().find(|row| row.name == name);
    let mut pieces = vec![Piece::heading(name)];
    pieces.push(Piece::text(&format!("  {word}  "), Tone::Quiet));
    let cells = ["READY", "STATE", "RESTARTS"].into_iter().filter_map(|name| column(&Containers, row?, name));
    pieces.extend(cells.flat_map(|cell| [cell.into(), Piece::text("  ", Tone::Plain)]));
    let to = row.map_or(To::Nowhere, |row| To::row(Containers.names(), row));
    answer.push(Line::of(pieces).to(to));
    let mut field = |name: &str, value: Cell| answer.push(Line::field(name, NAMES, value).below(1));
    field("Image", Cell::text(text(container, "/image")));
    field("Ports", Cell::or_none(Some(ports(container))));
    for (name, key) in [("Liveness", "livenessProbe"), ("Readiness", "readinessProbe"), ("Startup", "startupProbe")] {
        let probe = container.get(key).filter(|probe| probe.is_object());
        field(name, probe.map_or_else(Cell::none, |probe| Cell::text(probed(probe))));
    }
    for (name, which) in [("Requests", "/resources/requests"), ("Limits", "/resources/limits")] {
        field(name, amounts(at(container, which)));
    }
    field("Security", Cell::or_none(Some(security(at(container, "/securityContext")))));
}

fn ports(container: &Value) -> String {
    let port = |port: &Value| {
        let name = text(port, "/name");
        let name = if name.is_empty() { String::new() } else { format!("{name}:") };
        let protocol = Some(text(port, "/protocol")).filter(|text| !text.is_empty()).unwrap_or("TCP");
        format!("{name}{}/{protocol}", scalar(port, "/containerPort"))
    };
    items(container, "/ports").iter().map(port).collect::<Vec<_>>().join(", ")
}

/// A probe in the words of `kubectl describe` 1.36 (`pkg/describe` `DescribeProbe`).
fn probed(probe: &Value) -> String {
    let number = |key: &str, default: u64| at(probe, key).as_u64().unwrap_or(default);
    let when = format!(
        "delay={}s timeout={}s period={}s #success={} #failure={}",
        number("/initialDelaySeconds", 0),
        number("/timeoutSeconds", 1),
        number("/periodSeconds", 10),
        number("/successThreshold", 1),
        number("/failureThreshold", 3),
    );
    format!("{} {when}", how(probe))
}

/// What a probe does.
fn how(probe: &Value) -> String {
    if let Some(exec) = probe.get("exec") {
        let command: Vec<&str> = items(exec, "/command").iter().filter_map(Value::as_str).collect();
        return format!("exec [{}]", command.join(" "));
    }
    if let Some(get) = probe.get("httpGet") {
        let scheme = Some(text(get, "/scheme")).filter(|text| !text.is_empty()).unwrap_or("HTTP").to_lowercase();
        return format!("http-get {scheme}://{}:{}{}", text(get, "/host"), scalar(get, "/port"), text(get, "/path"));
    }
    if let Some(socket) = probe.get("tcpSocket") {
        return format!("tcp-socket {}:{}", text(socket, "/host"), scalar(socket, "/port"));
    }
    if let Some(grpc) = probe.get("grpc") {
        return format!("grpc <pod>:{} {}", scalar(grpc, "/port"), text(grpc, "/service"));
    }
    "unknown".to_owned()
}

/// `cpu=100m memory=64Mi`
fn amounts(resources: &Value) -> Cell {
    let all = resources.as_object().into_iter().flatten();
    let all: Vec<String> =
        all.map(|(name, _)| format!("{name}={}", scalar(resources, &format!("/{}", pointer(name))))).collect();
    Cell::or_none(Some(all.join(" ")))
}

/// A key as a part of a JSON pointer.
fn pointer(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

fn is_set(value: &Value, key: &str) -> bool {
    value.get(key) == Some(&Value::Bool(true))
}

/// A security context in one line: `runAsUser=1000 privileged capabilities=+NET_ADMIN,-ALL`.
fn security(context: &Value) -> String {
    let mut words = Vec::new();
    for (key, value) in context.as_object().into_iter().flatten() {
        match (key.as_str(), value) {
            (_, Value::Bool(true)) => words.push(key.clone()),
            (_, Value::Bool(false)) => words.push(format!("{key}=false")),
            ("capabilities", of) => {
                let list = |sign: char, path: &str| {
                    let all = items(of, path).iter().filter_map(Value::as_str);
                    all.map(move |name| format!("{sign}{name}")).collect::<Vec<_>>()
                };
                words.push(format!("capabilities={}", [list('+', "/add"), list('-', "/drop")].concat().join(",")));
            }
            ("seccompProfile" | "appArmorProfile", of) => words.push(format!("{key}={}", text(of, "/type"))),
            (_, Value::Number(number)) => words.push(format!("{key}={number}")),
            (_, Value::String(text)) => words.push(format!("{key}={text}")),
            (_, Value::Null) => {}
            (_, other) => words.push(format!("{key}={other}")),
        }
    }
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn probes_are_told_in_kubectls_words() {
        let http = json!({"httpGet": {"path": "/healthz", "port": "http"}, "periodSeconds": 5});
        assert_eq!(probed(&http), "http-get http://:http/healthz delay=0s timeout=1s period=5s #success=1 #failure=3");
        assert_eq!(how(&json!({"exec": {"command": ["a", "b"]}})), "exec [a b]");
        assert_eq!(how(&json!({"tcpSocket": {"port": 80}})), "tcp-socket :80");
        assert_eq!(how(&json!({})), "unknown");
    }

    #[test]
    fn a_security_context_is_one_line() {
        let context = json!({"runAsUser": 1000, "privileged": true, "readOnlyRootFilesystem": false,
            "capabilities": {"add": ["NET_ADMIN"], "drop": ["ALL"]}, "seccompProfile": {"type": "RuntimeDefault"}});
        let words = "capabilities=+NET_ADMIN,-ALL privileged readOnlyRootFilesystem=false runAsUser=1000 seccompProfile=RuntimeDefault";
        let mut shown: Vec<String> = security(&context).split(' ').map(str::to_owned).collect();
        shown.sort();
        assert_eq!(shown.join(" "), words);
    }

    #[test]
    fn every_object_with_a_pod_in_it_has_containers() {
        let spec = json!({"containers": [{"name": "a"}]});
        assert!(pod_spec(&json!({"spec": spec})).is_some());
        assert!(pod_spec(&json!({"spec": {"template": {"spec": spec}}})).is_some());
        assert!(pod_spec(&json!({"spec": {"jobTemplate": {"spec": {"template": {"spec": spec}}}}})).is_some());
        assert!(pod_spec(&json!({"spec": {}})).is_none());
        assert_eq!(amounts(&json!({"cpu": "1", "hugepages-2Mi": 4})), Cell::text("cpu=1 hugepages-2Mi=4"));
    }
}
