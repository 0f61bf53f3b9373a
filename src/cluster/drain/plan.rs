//! `plan`: what a drain of a node would do, found out by reading only: the node, its pods, the `DaemonSet`s that manage
//! some of them, the `PodDisruptionBudget`s, and whether the server knows evictions.

use super::budgets::{self, Budget};
use super::filters::{DaemonSet, Judged, judge};
use super::pod::Pod;
use crate::cluster::gate::{Problem, Reader, Trouble};
use crate::cluster::greet::Unreachable;
use crate::cluster::url::encode;
use crate::kinds::Time;
use crate::kinds::drain::{Means, Options, Plan, PlannedPod, Verdict};
use crate::kinds::lenient::null;
use crate::text::safe;
use futures::StreamExt;
use futures::stream;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::{BTreeSet, HashMap};

/// `DaemonSet`s that are read at the same time.
const AT_ONCE: usize = 8;

/// A node, as far as a drain needs it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Node {
    #[serde(deserialize_with = "null")]
    metadata: NodeMeta,
    #[serde(deserialize_with = "null")]
    spec: NodeSpec,
}

impl Node {
    /// UID, as the server writes it.
    pub fn uid(&self) -> &str {
        &self.metadata.uid
    }

    /// Whether it takes no new pods.
    pub const fn is_cordoned(&self) -> bool {
        self.spec.unschedulable
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct NodeMeta {
    #[serde(deserialize_with = "null")]
    uid: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct NodeSpec {
    #[serde(deserialize_with = "null")]
    unschedulable: bool,
}

/// Finds out what a drain of `node` would do at the moment `now`.
///
/// # Errors
/// When the node or its pods cannot be read.
pub async fn plan(reader: &Reader, node: &str, options: &Options, now: Time) -> Result<Plan, Unreachable> {
    let (found, pods, means) =
        tokio::join!(read_node(reader, node), read_pods(reader, node, options), read_means(reader));
    let (found, pods) = (found?, pods?);
    let means = if options.disable_eviction { Means::Deletion } else { means? };
    let (sets, (budgets, doubts)) = tokio::join!(read_daemon_sets(reader, &pods), read_budgets(reader, means));
    let judged: Vec<Judged> = pods.iter().map(|pod| judge(pod, of_set(pod, &sets), options, now)).collect();
    let going = pods.iter().zip(&judged).filter(|(_, judged)| judged.verdict == Verdict::Evict);
    let mut guards = budgets::guards(going.map(|(pod, _)| pod), &budgets).into_iter();
    let planned = pods.iter().zip(judged).map(|(pod, judged)| {
        let guard = if judged.verdict == Verdict::Evict { guards.next().flatten() } else { None };
        let Judged { verdict, notes } = judged;
        let (namespace, name) = (pod.metadata.namespace.clone(), pod.metadata.name.clone());
        PlannedPod { namespace, name, uid: pod.metadata.uid.clone(), owner: owner(pod), verdict, notes, guard }
    });
    let mut planned: Vec<PlannedPod> = planned.collect();
    planned.sort_by(|a, b| (rank(a), &a.namespace, &a.name).cmp(&(rank(b), &b.namespace, &b.name)));
    let Node { metadata, spec } = found;
    Ok(Plan { node_uid: metadata.uid, cordoned: spec.unschedulable, means, pods: planned, doubts })
}

/// What somebody has to act on comes first.
fn rank(pod: &PlannedPod) -> u8 {
    match &pod.verdict {
        Verdict::Blocked(_) => 0,
        Verdict::Evict if pod.guard.as_ref().is_some_and(|guard| guard.refuses.is_some()) => 1,
        Verdict::Evict => 2,
        Verdict::Stay(_) => 3,
    }
}

/// What manages a pod: `ReplicaSet web-7d4`.
fn owner(pod: &Pod) -> String {
    pod.controller().map_or_else(String::new, |owner| safe(&format!("{} {}", owner.kind, owner.name)).into_owned())
}

/// Reads the node.
///
/// # Errors
/// When it cannot be read.
pub async fn read_node(reader: &Reader, node: &str) -> Result<Node, Unreachable> {
    let found = reader.get(&with("/api/v1/nodes/", node)).await.and_then(typed);
    found.map_err(|problem| no_plan("the node", &problem))
}

async fn read_pods(reader: &Reader, node: &str, options: &Options) -> Result<Vec<Pod>, Unreachable> {
    let mut query = with("fieldSelector=spec.nodeName%3D", node);
    if !options.pod_selector.is_empty() {
        query = with(&(query + "&labelSelector="), &options.pod_selector);
    }
    let found = reader.list("/api/v1/pods", &query).await.and_then(all);
    found.map_err(|problem| no_plan("the pods of the node", &problem))
}

/// An answer as what it should be.
fn typed<T: DeserializeOwned>(answer: Value) -> Result<T, Problem> {
    serde_json::from_value(answer).map_err(|error| Problem::new(format!("the answer makes no sense: {error}"), ""))
}

fn all<T: DeserializeOwned>(items: Vec<Value>) -> Result<Vec<T>, Problem> {
    items.into_iter().map(typed).collect()
}

/// How the server makes pods go: it knows evictions if it lists them among its resources, with a group.
async fn read_means(reader: &Reader) -> Result<Means, Unreachable> {
    #[derive(Deserialize)]
    struct Resources {
        #[serde(default, deserialize_with = "null")]
        resources: Vec<Resource>,
    }
    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct Resource {
        #[serde(deserialize_with = "null")]
        name: String,
        #[serde(deserialize_with = "null")]
        kind: String,
        #[serde(deserialize_with = "null")]
        group: String,
        #[serde(deserialize_with = "null")]
        version: String,
    }
    let known = reader.get("/api/v1").await.and_then(typed::<Resources>);
    let known = known.map_err(|problem| no_plan("what the server can do", &problem))?;
    let evicts = |r: &Resource| {
        r.name == "pods/eviction" && r.kind == "Eviction" && !r.group.is_empty() && !r.version.is_empty()
    };
    Ok(if known.resources.iter().any(evicts) { Means::Eviction } else { Means::Deletion })
}

/// The `DaemonSet`s that manage some of `pods`, by namespace and name.
async fn read_daemon_sets(reader: &Reader, pods: &[Pod]) -> HashMap<(String, String), DaemonSet> {
    let named = pods.iter().filter(|pod| !pod.is_finished());
    let named = named.filter_map(|pod| Some((pod.metadata.namespace.clone(), pod.daemon_set()?.to_owned())));
    let named: BTreeSet<(String, String)> = named.collect();
    let read = |(namespace, name): (String, String)| async move {
        let url = with(&(with("/apis/apps/v1/namespaces/", &namespace) + "/daemonsets/"), &name);
        let found = match reader.find(&url).await {
            Ok(Some(_)) => DaemonSet::Exists,
            Ok(None) => DaemonSet::Gone,
            Err(problem) => DaemonSet::Unknown(problem.sentence),
        };
        ((namespace, name), found)
    };
    stream::iter(named).map(read).buffer_unordered(AT_ONCE).collect().await
}

fn of_set<'a>(pod: &Pod, sets: &'a HashMap<(String, String), DaemonSet>) -> Option<&'a DaemonSet> {
    sets.get(&(pod.metadata.namespace.clone(), pod.daemon_set()?.to_owned()))
}

/// The `PodDisruptionBudget`s, and what to say when they cannot be read: the server will still heed them.
async fn read_budgets(reader: &Reader, means: Means) -> (Vec<Budget>, Vec<String>) {
    if means == Means::Deletion {
        return (Vec::new(), vec!["pods are deleted, not evicted: no PodDisruptionBudget is asked".to_owned()]);
    }
    match reader.list("/apis/policy/v1/poddisruptionbudgets", "").await.and_then(all) {
        Ok(budgets) => (budgets, Vec::new()),
        Err(problem) => (Vec::new(), vec![format!("which budgets hold pods is unknown: {}", problem.sentence)]),
    }
}

/// `url` with `text` behind it, encoded.
fn with(url: &str, text: &str) -> String {
    let mut url = url.to_owned();
    encode(text, &mut url);
    url
}

fn no_plan(what: &str, problem: &Problem) -> Unreachable {
    let hint = match problem.trouble {
        Trouble::Refused(403) => "a drain needs \"get\" on nodes and \"list\" on pods in all namespaces",
        Trouble::Refused(404) => "it may be gone",
        Trouble::Refused(400) => "look at --pod-selector",
        _ => "try again",
    };
    Unreachable { sentence: format!("{what} cannot be read: {}", problem.sentence), hint: hint.to_owned() }
}
