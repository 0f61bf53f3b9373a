//! How a cluster is: its version and health, what runs in it beside the workloads, its nodes, and what is failing. A page
//! to begin with: its lines lead to the lists that they speak of.

use super::ask::{Answered, Asked, Question};
use super::health;
use super::tree::column;
use crate::cluster::gate::{Problem, Reader};
use crate::cluster::json::{at, text};
use crate::cluster::watch::rows;
use crate::kinds::answer::{Answer, Line, To};
use crate::kinds::daemonsets::DaemonSets;
use crate::kinds::deployments::Deployments;
use crate::kinds::nodes::Nodes;
use crate::kinds::statefulsets::StatefulSets;
use crate::kinds::{AnyKind, Cell, Row, Server, Time, Tone, Value as CellValue};
use futures::future::{BoxFuture, join_all};
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

    fn answer<'a>(&'a self, reader: &'a Reader, asked: &'a Asked) -> BoxFuture<'a, Result<Answered, Problem>> {
        Box::pin(async move {
            let version = reader.get("/version").await?;
            let mut answer = Answer::default();
            answer.push(Line::heading("Kubernetes"));
            let text = |key: &str| text(&version, key);
            answer.push(field("Version", &format!("{} ({})", text("/gitVersion"), text("/platform"))));
            health::report(reader, &mut answer).await;
            let of = (reader, asked.server);
            let (nodes, parts, failing) = tokio::join!(list(of, &Nodes), components(reader), failing(of));
            answer.push(Line::heading("Components"));
            answer.lines.extend(parts);
            answer.push(Line::heading("Nodes"));
            answer.lines.extend(nodes.map_or_else(|why| vec![unread(why)], |nodes| by_zone(&nodes)));
            answer.push(Line::heading("Failing"));
            answer.lines.extend(failing);
            Ok(Answered { answer, watch: Vec::new(), again: Some(AGAIN) })
        })
    }
}

/// All objects of a kind as rows: whole ones are large, and a cluster may have many.
async fn list((reader, server): (&Reader, Server), kind: &'static dyn AnyKind) -> Result<Vec<Row>, String> {
    rows(reader.client().clone(), kind, server).await
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
fn by_zone(nodes: &[Row]) -> Vec<Line> {
    let mut groups: BTreeMap<(String, String), (u32, u32, u32)> = BTreeMap::new();
    for node in nodes {
        let text = |name: &str| column(&Nodes, node, name).map(|cell| cell.show(Time(0))).unwrap_or_default();
        let zone = zone_of(node).unwrap_or("no zone");
        let (all, ready, cordoned) = groups.entry((zone.to_owned(), text("VERSION"))).or_default();
        let status = text("STATUS");
        let is = |word: &str| u32::from(status.split(',').any(|part| part == word));
        *all += 1;
        *ready += is("Ready");
        *cordoned += is("SchedulingDisabled");
    }
    let line = |((zone, version), (all, ready, cordoned)): ((String, String), (u32, u32, u32))| {
        let tone = if ready < all { Tone::Bad } else { Tone::Good };
        let cordoned = if cordoned > 0 { format!(", {cordoned} cordoned") } else { String::new() };
        let text = format!("{ready} of {all} ready, kubelet {version}{cordoned}");
        field_of(&zone, Cell::text(text).tone(tone)).to(To::Place("nodes".to_owned()))
    };
    if groups.is_empty() { vec![field("", "there are none")] } else { groups.into_iter().map(line).collect() }
}

/// The zone that a node's labels name.
fn zone_of(node: &Row) -> Option<&str> {
    node.labels.lines().find_map(|label| label.strip_prefix("topology.kubernetes.io/zone="))
}

/// What is failing, by namespace: workloads with pods that are not available, and pods that failed or wait. Pods are
/// asked for by their phase, and for their metadata alone, so that a large cluster need not be read whole.
async fn failing(of: (&Reader, Server)) -> Vec<Line> {
    let workloads: [&'static dyn AnyKind; 3] = [&Deployments, &StatefulSets, &DaemonSets];
    let phases = ["Failed", "Pending"];
    let queries = phases.map(|phase| format!("fieldSelector=status.phase%3D{phase}"));
    let pods = queries.iter().map(|query| of.0.list_metadata("/api/v1/pods", query));
    let (sets, pods) = tokio::join!(join_all(workloads.map(|kind| list(of, kind))), join_all(pods));
    let (mut counts, mut lines) = (BTreeMap::<(String, String), usize>::new(), Vec::new());
    for (kind, result) in workloads.into_iter().zip(sets) {
        let lacking =
            |all: Vec<Row>| all.into_iter().filter(|row| lacks(kind, row)).map(|row| row.namespace.to_string());
        let what = format!("{} unavailable", kind.names().plural);
        count(&mut counts, &mut lines, &what, result.map(|all| lacking(all).collect()));
    }
    let namespace = |pod: &Value| text(pod, "/metadata/namespace").to_owned();
    for (phase, result) in phases.into_iter().zip(pods) {
        let found = result.map(|(all, _)| all.iter().map(namespace).collect()).map_err(|problem| problem.sentence);
        count(&mut counts, &mut lines, &format!("pods {phase}"), found);
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

/// Counts what is so by its namespaces.
fn count(
    counts: &mut BTreeMap<(String, String), usize>,
    lines: &mut Vec<Line>,
    what: &str,
    namespaces: Result<Vec<String>, String>,
) {
    match namespaces {
        Err(why) => lines.push(unread(why)),
        Ok(all) => {
            for namespace in all {
                *counts.entry((namespace, what.to_owned())).or_default() += 1;
            }
        }
    }
}

/// Whether a workload has fewer pods available than it wants, or ready where its list does not say more.
fn lacks(kind: &dyn AnyKind, set: &Row) -> bool {
    let count = |name: &str| match column(kind, set, name)?.value {
        CellValue::Count(count) => Some(count),
        _ => None,
    };
    let (ready, replicas) = match column(kind, set, "READY").map(|cell| cell.value) {
        Some(CellValue::Ratio(ready, replicas)) => (Some(i64::from(ready)), Some(i64::from(replicas))),
        _ => (None, None),
    };
    let (there, wanted) = (count("AVAILABLE").or(ready), count("DESIRED").or(replicas));
    there.zip(wanted).is_some_and(|(there, wanted)| there < wanted)
}

fn ready_of(set: &Value) -> String {
    let number = |key: &str| at(set, key).as_i64().unwrap_or_default();
    let (ready, wanted) = (number("/status/numberReady"), number("/status/desiredNumberScheduled"));
    format!("{}, {ready} of {wanted} ready", name_of(set))
}

fn name_of(object: &Value) -> String {
    let text = |key: &str| text(object, key);
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
fn unread(why: String) -> Line {
    field_of("", Cell::text(why).tone(Tone::Warn))
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
    use serde_json::json;

    fn row(kind: &'static dyn AnyKind, object: &Value) -> Row {
        let mut rows = Vec::new();
        kind.read(object.to_string().as_bytes(), Server::default(), &mut rows).unwrap();
        rows.remove(0)
    }

    fn shown(lines: &[Line]) -> Vec<String> {
        lines.iter().map(|line| line.show(Time(0))).collect()
    }

    #[test]
    fn nodes_are_counted_by_zone_and_version() {
        let node = |zone: &str, ready: &str, cordoned: bool| {
            let status =
                json!({"nodeInfo": {"kubeletVersion": "v1.36.3"}, "conditions": [{"type": "Ready", "status": ready}]});
            let labels = json!({"a": "b", "topology.kubernetes.io/zone": zone});
            let node = json!({"metadata": {"name": "n", "labels": labels}, "spec": {"unschedulable": cordoned}, "status": status});
            row(&Nodes, &node)
        };
        let nodes = [node("a", "True", false), node("b", "True", true), node("a", "False", false)];
        let lines = by_zone(&nodes);
        assert_eq!(
            shown(&lines),
            [
                "  a                     1 of 2 ready, kubelet v1.36.3",
                "  b                     1 of 1 ready, kubelet v1.36.3, 1 cordoned",
            ]
        );
        assert_eq!(lines[0].pieces[1].cell.tone, Tone::Bad);
    }

    #[test]
    fn a_workload_lacks_what_is_not_available() {
        let lacks = |kind: &'static dyn AnyKind, set: &Value| lacks(kind, &row(kind, set));
        let some = json!({"spec": {"replicas": 2}, "status": {"readyReplicas": 2, "availableReplicas": 1}});
        assert!(lacks(&Deployments, &some));
        assert!(!lacks(&StatefulSets, &some), "its list says how many are ready");
        let none = json!({"spec": {"replicas": 0}, "status": {}});
        assert!(!lacks(&Deployments, &none) && !lacks(&StatefulSets, &none));
        assert!(lacks(&Deployments, &json!({})) && lacks(&StatefulSets, &json!({})), "one replica is wanted");
        assert!(lacks(&DaemonSets, &json!({"status": {"desiredNumberScheduled": 3, "numberAvailable": 2}})));
        assert!(!lacks(&DaemonSets, &json!({"status": {"desiredNumberScheduled": 3, "numberAvailable": 3}})));
    }

    #[test]
    fn what_is_not_found_says_so_and_what_may_not_be_read_says_why() {
        let say = |_: &Value| ("x".to_owned(), To::Nowhere);
        assert_eq!(shown(&[found("DNS", Ok(Vec::new()), say)]), ["  DNS                   not found"]);
        let refused = found("DNS", Err(Problem::new("services is forbidden", "")), say);
        assert_eq!(shown(&[refused]), ["  DNS                   services is forbidden"]);
    }
}
