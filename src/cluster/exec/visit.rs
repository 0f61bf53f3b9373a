//! `Visit`: what a person wants to open on which object, and the way from there to a session.

use super::call::{Call, What};
use super::session::Session;
use super::shell;
use super::status::Ended;
use crate::cluster::connect::Lanes;
use crate::cluster::gate::{Problem, Trouble, Wire};
use crate::cluster::pod::{Pod, Pods, best};
use crate::cluster::{Unreachable, read, url};
use crate::kinds::Uid;
use crate::text::safe;
use kube::Client;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::time::sleep;

/// What a person wants to open, frozen when the key was pressed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visit {
    /// Name of the context.
    pub context: String,
    /// The pod's namespace.
    pub namespace: String,
    /// Which pod.
    pub whom: Whom,
    /// Which container; else the one that kubectl would take.
    pub container: Option<String>,
    /// What for.
    pub errand: Errand,
}

/// Which pod is visited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whom {
    /// This one; with a UID only while it is still the same.
    Pod {
        /// Its name.
        name: String,
        /// Its identity.
        uid: Option<Uid>,
    },
    /// The best of those that a workload selects.
    Best {
        /// A label selector in kubectl's syntax.
        labels: String,
        /// The workload, e.g. `deployment shop/web`.
        of: String,
    },
}

/// What a pod is visited for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Errand {
    /// A shell, whichever there is.
    Shell,
    /// A shell of Windows.
    WindowsShell,
    /// A command.
    Run(Vec<String>),
    /// What its first process says, and to speak to it.
    Attach,
    /// The shell that is the first process of a container made for it, once it runs.
    Debugger {
        /// Whether the pod was made for this visit and goes with it.
        delete: bool,
    },
}

impl Visit {
    /// The pod's name, or whose pod it is; safe to show.
    pub fn name(&self) -> String {
        match &self.whom {
            Whom::Pod { name, .. } => safe(name).into_owned(),
            Whom::Best { of, .. } => safe(of).into_owned(),
        }
    }
}

/// A session that has been opened.
pub struct Opened {
    /// The session.
    pub session: Session,
    /// What was asked for.
    pub call: Call,
    /// What it is, e.g. `shell in shop/web-1`; safe to show.
    pub title: String,
    /// The pod's UID.
    uid: Uid,
    /// The node that it runs on.
    node: String,
}

/// What is said of an image without a shell.
pub const NO_SHELL: &str = "no shell in this image";

/// Finds the pod and opens a session in it.
///
/// # Errors
/// When there is no such pod, it was replaced or is over, has no such container, or the server refuses.
pub async fn open(lanes: &Lanes, visit: &Visit) -> Result<Opened, Unreachable> {
    let mut pod = find(&lanes.read, visit).await?;
    while matches!(visit.errand, Errand::Debugger { .. }) && !has_started(visit, &pod)? {
        sleep(AGAIN).await;
        pod = find(&lanes.read, visit).await?;
    }
    let call = call(visit, &pod)?;
    let what = match &visit.errand {
        Errand::Shell | Errand::WindowsShell => "shell in".to_owned(),
        Errand::Run(command) => format!("{} in", command.first().map_or("", String::as_str)),
        Errand::Attach => "attached to".to_owned(),
        Errand::Debugger { .. } => "debugging".to_owned(),
    };
    let title = safe(&format!("{what} {}/{}", call.namespace, call.pod)).into_owned();
    let session = Session::open(&lanes.sessions, &call).await?;
    Ok(Opened { session, call, title, uid: Uid::parse(&pod.metadata.uid), node: pod.spec.node_name })
}

/// Finds the pod and container of a visit, without opening anything.
///
/// # Errors
/// As [`open`], but for the server's refusal.
pub async fn locate(client: &Client, visit: &Visit) -> Result<Call, Unreachable> {
    call(visit, &find(client, visit).await?)
}

/// How often a container that shall start is looked at.
const AGAIN: Duration = Duration::from_secs(1);

/// Whether the container of a debugger has started.
fn has_started(visit: &Visit, pod: &Pod) -> Result<bool, Unreachable> {
    let Some(container) = visit.container.as_deref() else { return Ok(true) };
    let never = |why: String| refusal(&format!("{container} in {}/{}: {why}", visit.namespace, pod.metadata.name), "");
    pod.runs(container).map_err(never)
}

/// Deletes the pod that was made for a visit; no other one of its name.
///
/// # Errors
/// When it could not be deleted: somebody else has to.
pub async fn tidy_up(lanes: &Lanes, visit: &Visit) -> Result<(), Problem> {
    let (Errand::Debugger { delete: true }, Whom::Pod { name, uid: Some(uid) }) = (&visit.errand, &visit.whom) else {
        return Ok(());
    };
    let options = json!({
        "kind": "DeleteOptions", "apiVersion": "v1", "gracePeriodSeconds": 0,
        "preconditions": {"uid": uid.to_string()},
    });
    match lanes.writer.send(&Wire::delete(pod_uri(&visit.namespace, name), options)).await {
        // It went by itself, or somebody else has deleted it.
        Err(problem) if problem.is_gone() || problem.trouble == Trouble::Changed => Ok(()),
        done => done.map(drop),
    }
}

/// The pod that is meant.
async fn find(client: &Client, visit: &Visit) -> Result<Pod, Unreachable> {
    match &visit.whom {
        Whom::Pod { name, uid } => {
            let pod: Pod = get(client, &pod_uri(&visit.namespace, name), "get").await?;
            let same = uid.is_none_or(|uid| uid == Uid::parse(&pod.metadata.uid));
            let replaced =
                || refusal(&format!("pod {}/{name} was replaced by another one", visit.namespace), "try again");
            if same { Ok(pod) } else { Err(replaced()) }
        }
        Whom::Best { labels, of } => {
            let mut uri = pods_uri(&visit.namespace);
            uri.push_str("?labelSelector=");
            url::encode(labels, &mut uri);
            let pods: Pods = get(client, &uri, "list").await?;
            best(pods.items).ok_or_else(|| refusal(&format!("{of} has no pod"), "it may be scaled to zero"))
        }
    }
}

/// What to ask the server for.
fn call(visit: &Visit, pod: &Pod) -> Result<Call, Unreachable> {
    let name = &pod.metadata.name;
    if pod.is_over() {
        let sentence = format!("pod {}/{name} is over: its phase is {}", visit.namespace, pod.status.phase);
        return Err(refusal(&sentence, "its logs can still be read"));
    }
    let container = pod.container(visit.container.as_deref()).map_err(|names| {
        let wanted = visit.container.as_deref().unwrap_or("that could be meant");
        refusal(&format!("pod {}/{name} has no container {wanted}", visit.namespace), &format!("it has: {names}"))
    })?;
    let what = match &visit.errand {
        Errand::Shell => What::Exec(shell::command(pod.is_windows())),
        Errand::WindowsShell => What::Exec(shell::command(true)),
        Errand::Run(command) => What::Exec(command.clone()),
        Errand::Attach | Errand::Debugger { .. } => What::Attach,
    };
    // What a container was not given when it was made, nobody can give it by attaching.
    let (stdin, tty) = if what == What::Attach { (container.stdin, container.tty) } else { (true, true) };
    let container = container.name.clone();
    Ok(Call { namespace: visit.namespace.clone(), pod: name.clone(), container, what, stdin, tty })
}

/// The same visit once more with a shell of Windows, when there was none of Unix because the node runs Windows. Pods
/// need not say so themselves.
pub async fn second_try(client: &Client, visit: &Visit, opened: &Opened, ended: &Ended) -> Option<Visit> {
    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct Node {
        metadata: Labels,
    }
    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct Labels {
        labels: BTreeMap<String, String>,
    }
    if visit.errand != Errand::Shell || !shell::is_missing(ended) {
        return None;
    }
    let mut uri = "/api/v1/nodes/".to_owned();
    url::encode(&opened.node, &mut uri);
    // Who may not read nodes gets no second try.
    let node: Node = get(client, &uri, "get").await.ok()?;
    let windows = node.metadata.labels.get("kubernetes.io/os").is_some_and(|os| os == "windows");
    windows.then(|| Visit { errand: Errand::WindowsShell, ..visit.clone() })
}

/// What is known about an end beyond the end itself: the sentence, and a hint.
pub async fn explain(client: &Client, visit: &Visit, opened: &Opened, ended: Ended) -> (Ended, String) {
    let shell = matches!(visit.errand, Errand::Shell | Errand::WindowsShell);
    if shell && shell::is_missing(&ended) {
        return (Ended::Failed(NO_SHELL.to_owned()), ":debug starts one beside it".to_owned());
    }
    if !matches!(ended, Ended::Lost(_)) {
        return (ended, String::new());
    }
    match get::<Pod>(client, &pod_uri(&opened.call.namespace, &opened.call.pod), "get").await {
        Ok(pod) if Uid::parse(&pod.metadata.uid) != opened.uid => gone("the pod was deleted"),
        Ok(pod) if pod.metadata.deletion_timestamp.is_some() => gone("the pod is being deleted"),
        Ok(pod) if pod.is_over() => gone("the pod is over"),
        Err(Unreachable { hint, .. }) if hint == read::GONE => gone("the pod was deleted"),
        _ => (ended, "whether the command still runs is unknown".to_owned()),
    }
}

fn gone(why: &str) -> (Ended, String) {
    (Ended::Lost(why.to_owned()), String::new())
}

/// Reads an object.
async fn get<T: DeserializeOwned>(client: &Client, uri: &str, verb: &str) -> Result<T, Unreachable> {
    let json = read::get(client, uri, verb).await?;
    serde_json::from_slice(&json)
        .map_err(|error| refusal(&format!("the server's answer cannot be read: {error}"), "try again"))
}

fn pods_uri(namespace: &str) -> String {
    let mut uri = "/api/v1/namespaces/".to_owned();
    url::encode(namespace, &mut uri);
    uri.push_str("/pods");
    uri
}

fn pod_uri(namespace: &str, name: &str) -> String {
    let mut uri = pods_uri(namespace);
    uri.push('/');
    url::encode(name, &mut uri);
    uri
}

fn refusal(sentence: &str, hint: &str) -> Unreachable {
    Unreachable { sentence: safe(sentence).into_owned(), hint: safe(hint).into_owned() }
}
