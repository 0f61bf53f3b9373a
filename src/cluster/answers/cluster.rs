//! How a cluster is: its version and health, what runs in it beside the workloads, its nodes, and what is failing. A page
//! to begin with: its lines lead to the lists that they speak of.

use super::ask::{Answered, Asked, Question};
use super::health;
use crate::cluster::gate::{Problem, Reader};
use crate::cluster::json::at;
use crate::kinds::answer::{Answer, Line, To};
use crate::kinds::{Cell, Tone};
use futures::future::BoxFuture;
use serde_json::Value;
use std::collections::BTreeMap;
use std::time::Duration;

/// Health cannot be watched: it is asked for again this often, while it is looked at.
const AGAIN: Duration = Duration::from_secs(30);
/// Columns of the names of fields.
const NAMES: u16 = 22;

/// How is this cluster?
pub struct ClusterInfo;

impl Question for ClusterInfo {
    fn name(&self) -> &'static str {
        "cluster-info"
    }

    fn answer<'a>(&'a self, reader: &'a Reader, _: &'a Asked) -> BoxFuture<'a, Result<Answered, Problem>> {
        Box::pin(async {
            let version = reader.get("/version").await?;
            let mut answer = Answer::default();
            answer.push(Line::heading("Kubernetes"));
            let text = |key: &str| at(&version, key).as_str().unwrap_or_default();
            answer.push(field("Version", &format!("{} ({})", text("/gitVersion"), text("/platform"))));
            health::report(reader, &mut answer).await;
            let (nodes, parts) = tokio::join!(list(reader, NODES), components(reader));
            answer.push(Line::heading("Components"));
            answer.lines.extend(parts);
            answer.push(Line::heading("Nodes"));
            answer.lines.extend(nodes.map_or_else(|problem| vec![unread(&problem)], |nodes| by_zone(&nodes)));
            answer.push(Line::heading("Failing"));
            answer.lines.extend(failing(reader).await);
            Ok(Answered { answer, watch: Vec::new(), again: Some(AGAIN) })
        })
    }
}

const NODES: &str = "/api/v1/nodes";

async fn list(reader: &Reader, path: &str) -> Result<Vec<Value>, Problem> {
    reader.list(path, "").await
}

/// What a cluster needs beside the control plane, as far as it is found.
async fn components(reader: &Reader) -> Vec<Line> {
    let dns = reader.list("/api/v1/services", "labelSelector=k8s-app%3Dkube-dns");
    let proxy = reader.list("/apis/apps/v1/daemonsets", "labelSelector=k8s-app%3Dkube-proxy");
    let metrics = reader.list("/apis/apiregistration.k8s.io/v1/apiservices", "");
    let ingress = reader.list("/apis/networking.k8s.io/v1/ingressclasses", "");
    let (dns, proxy, services, ingress) = tokio::join!(dns, proxy, metrics, ingress);
    let mut lines = vec![
        found("DNS", dns, |service| (name_of(service), To::Place(place("services", service)))),
        found("kube-proxy", proxy, |set| (ready_of(set), To::Place(place("daemonsets", set)))),
        found("Ingress controllers", ingress, |class| {
            let controller = at(class, "/spec/controller").as_str().unwrap_or_default();
            (format!("{} ({controller})", name_of(class)), To::Place("ingressclasses".to_owned()))
        }),
    ];
    let served =
        services.map(|all| all.into_iter().filter(|service| at(service, "/spec/service").is_object()).collect());
    lines.push(found("Aggregated APIs", served, |service| {
        let down = if is_available(service) { "" } else { " (not available)" };
        (format!("{}{down}", name_of(service)), To::Place("apiservices".to_owned()))
    }));
    lines
}

/// A component: what of it is there.
fn found(name: &str, all: Result<Vec<Value>, Problem>, say: impl Fn(&Value) -> (String, To)) -> Line {
    match all {
        Err(problem) => field_of(name, Cell::text(problem.sentence).tone(Tone::Warn)),
        Ok(all) => {
            let said: Vec<(String, To)> = all.iter().map(say).collect();
            let text = said.iter().map(|(text, _)| text.as_str()).collect::<Vec<_>>().join(", ");
            let to = said.into_iter().next().map_or(To::Nowhere, |(_, to)| to);
            let tone = if text.contains("not available") { Tone::Bad } else { Tone::Plain };
            let cell =
                if text.is_empty() { Cell::text("not found").tone(Tone::Quiet) } else { Cell::text(text).tone(tone) };
            field_of(name, cell).to(to)
        }
    }
}

fn is_available(service: &Value) -> bool {
    let conditions = at(service, "/status/conditions").as_array().into_iter().flatten();
    conditions.filter(|c| at(c, "/type") == "Available").any(|c| at(c, "/status") == "True")
}

/// Nodes by zone, version and readiness.
fn by_zone(nodes: &[Value]) -> Vec<Line> {
    let mut groups: BTreeMap<(String, String), (u32, u32, u32)> = BTreeMap::new();
    for node in nodes {
        let zone = at(node, "/metadata/labels/topology.kubernetes.io~1zone").as_str().unwrap_or("no zone");
        let version = at(node, "/status/nodeInfo/kubeletVersion").as_str().unwrap_or_default();
        let (all, ready, cordoned) = groups.entry((zone.to_owned(), version.to_owned())).or_default();
        *all += 1;
        *ready += u32::from(is_ready(node));
        *cordoned += u32::from(at(node, "/spec/unschedulable") == true);
    }
    let line = |((zone, version), (all, ready, cordoned)): ((String, String), (u32, u32, u32))| {
        let tone = if ready < all { Tone::Bad } else { Tone::Good };
        let cordoned = if cordoned > 0 { format!(", {cordoned} cordoned") } else { String::new() };
        let text = format!("{ready} of {all} ready, kubelet {version}{cordoned}");
        field_of(&zone, Cell::text(text).tone(tone)).to(To::Place("nodes".to_owned()))
    };
    if groups.is_empty() { vec![field("", "there are none")] } else { groups.into_iter().map(line).collect() }
}

fn is_ready(node: &Value) -> bool {
    let conditions = at(node, "/status/conditions").as_array().into_iter().flatten();
    conditions.filter(|c| at(c, "/type") == "Ready").any(|c| at(c, "/status") == "True")
}

/// What is failing, by namespace: workloads with pods that are not available, and pods that failed or wait. Pods are
/// asked for by their phase, so that a large cluster need not be read whole.
async fn failing(reader: &Reader) -> Vec<Line> {
    let workloads = ["deployments", "statefulsets", "daemonsets"];
    let paths = workloads.map(|plural| format!("/apis/apps/v1/{plural}"));
    let sets = futures::future::join_all(paths.iter().map(|path| list(reader, path))).await;
    let phases = ["Failed", "Pending"].map(|phase| (phase, format!("fieldSelector=status.phase%3D{phase}")));
    let pods = phases.iter().map(|(_, query)| reader.list("/api/v1/pods", query));
    let pods = futures::future::join_all(pods).await;
    let (mut counts, mut lines) = (BTreeMap::<(String, String), usize>::new(), Vec::new());
    for (what, result) in workloads.iter().map(|plural| (*plural, "unavailable")).zip(sets) {
        count(&mut counts, &mut lines, what, result.map(|all| all.into_iter().filter(lacks).collect()));
    }
    for (what, result) in [("pods", "Failed"), ("pods", "Pending")].into_iter().zip(pods) {
        count(&mut counts, &mut lines, what, result);
    }
    lines.extend(counts.into_iter().map(|((namespace, what), number)| {
        let (plural, state) = what.split_once(' ').unwrap_or((&what, ""));
        let place = match plural {
            "pods" => format!("pods -n {namespace} /{state}"),
            _ => format!("{plural} -n {namespace}"),
        };
        field_of(&namespace, Cell::text(format!("{number} {what}")).tone(Tone::Bad)).to(To::Place(place))
    }));
    if lines.is_empty() { vec![field_of("", Cell::text("nothing").tone(Tone::Good))] } else { lines }
}

/// Counts objects by namespace.
fn count(
    counts: &mut BTreeMap<(String, String), usize>,
    lines: &mut Vec<Line>,
    (plural, state): (&str, &str),
    all: Result<Vec<Value>, Problem>,
) {
    match all {
        Err(problem) => lines.push(unread(&problem)),
        Ok(all) => {
            for object in all {
                let namespace = at(&object, "/metadata/namespace").as_str().unwrap_or_default();
                *counts.entry((namespace.to_owned(), format!("{plural} {state}"))).or_default() += 1;
            }
        }
    }
}

/// Whether a workload has fewer pods available than it wants.
fn lacks(set: &Value) -> bool {
    let number = |key: &str| at(set, key).as_i64();
    let wanted = number("/status/desiredNumberScheduled").or_else(|| number("/spec/replicas")).unwrap_or_default();
    let there = number("/status/numberAvailable").or_else(|| number("/status/availableReplicas")).unwrap_or_default();
    there < wanted
}

fn ready_of(set: &Value) -> String {
    let number = |key: &str| at(set, key).as_i64().unwrap_or_default();
    let (ready, wanted) = (number("/status/numberReady"), number("/status/desiredNumberScheduled"));
    format!("{}, {ready} of {wanted} ready", name_of(set))
}

fn name_of(object: &Value) -> String {
    let text = |key: &str| at(object, key).as_str().unwrap_or_default();
    match text("/metadata/namespace") {
        "" => text("/metadata/name").to_owned(),
        namespace => format!("{namespace}/{}", text("/metadata/name")),
    }
}

/// The list in which an object stands.
fn place(plural: &str, object: &Value) -> String {
    format!("{plural} -n {}", at(object, "/metadata/namespace").as_str().unwrap_or_default())
}

/// A part of the page could not be read; the others stand.
fn unread(problem: &Problem) -> Line {
    field_of("", Cell::text(problem.sentence.clone()).tone(Tone::Warn))
}

pub(super) fn field(name: &str, value: &str) -> Line {
    field_of(name, Cell::text(value))
}

pub(super) fn field_of(name: &str, value: Cell) -> Line {
    Line::field(name, NAMES, value).below(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::Time;
    use serde_json::json;

    fn shown(lines: &[Line]) -> Vec<String> {
        lines.iter().map(|line| line.show(Time(0))).collect()
    }

    #[test]
    fn nodes_are_counted_by_zone_and_version() {
        let node = |zone: &str, ready: &str| {
            json!({
                "metadata": {"labels": {"topology.kubernetes.io/zone": zone}},
                "status": {"nodeInfo": {"kubeletVersion": "v1.36.3"}, "conditions": [{"type": "Ready", "status": ready}]},
            })
        };
        let lines = by_zone(&[node("a", "True"), node("b", "True"), node("a", "False")]);
        assert_eq!(
            shown(&lines),
            [
                "  a                     1 of 2 ready, kubelet v1.36.3",
                "  b                     1 of 1 ready, kubelet v1.36.3",
            ]
        );
        assert_eq!(lines[0].pieces[1].cell.tone, Tone::Bad);
    }

    #[test]
    fn a_workload_lacks_what_is_not_available() {
        assert!(lacks(&json!({"spec": {"replicas": 2}, "status": {"availableReplicas": 1}})));
        assert!(!lacks(&json!({"spec": {"replicas": 0}, "status": {}})));
        assert!(lacks(&json!({"status": {"desiredNumberScheduled": 3, "numberAvailable": 2}})));
    }

    #[test]
    fn what_is_not_found_says_so_and_what_may_not_be_read_says_why() {
        let say = |_: &Value| ("x".to_owned(), To::Nowhere);
        assert_eq!(shown(&[found("DNS", Ok(Vec::new()), say)]), ["  DNS                   not found"]);
        let refused = found("DNS", Err(Problem::new("services is forbidden", "")), say);
        assert_eq!(shown(&[refused]), ["  DNS                   services is forbidden"]);
    }
}
