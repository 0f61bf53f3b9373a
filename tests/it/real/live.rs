//! rutter's watch on the real server: what happens there arrives here, in its order, over restarts too.

use super::control_plane::{self, Plane};
use super::wire::{SOON, Wire};
use rutter::cluster::watch::{Request, watch};
use rutter::cluster::{Message, Subscription};
use rutter::kinds::{AnyKind, Change, Freshness, Row, Server, Uid, find};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::timeout;

/// What a list shows by now, and what was told last.
pub(super) struct Seen {
    inbox: mpsc::Receiver<Message>,
    task: JoinHandle<()>,
    pub(super) rows: BTreeMap<Uid, Row>,
    /// The headings that the server's table brought.
    pub(super) headings: Vec<String>,
    /// What a list that has begun has not named yet: at its end it is gone.
    unnamed: BTreeSet<Uid>,
    /// Each change in a word, and each freshness.
    told: Vec<String>,
    pub(super) state: Freshness,
}

impl Drop for Seen {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Seen {
    async fn begin(plane: &Plane, kind: &str, namespace: Option<&str>) -> Self {
        Self::of(plane, find(kind).expect("a kind"), namespace).await
    }

    pub(super) async fn of(plane: &Plane, kind: &'static dyn AnyKind, namespace: Option<&str>) -> Self {
        let (out, inbox) = mpsc::channel(64);
        let request = Request {
            of: Subscription(1),
            kind,
            namespaces: vec![namespace.map(str::to_owned)],
            labels: None,
            fields: None,
            first_page: 20,
            server: Server { minor: 36 },
        };
        let task = tokio::spawn(watch(plane.anything("").await, request, out));
        let state = Freshness::Connecting;
        let (rows, headings, unnamed) = (BTreeMap::new(), Vec::new(), BTreeSet::new());
        let mut seen = Self { inbox, task, rows, headings, unnamed, told: Vec::new(), state };
        seen.until("live", |seen| seen.state == Freshness::Live).await;
        seen.told.clear();
        seen
    }

    /// Takes messages until something is so.
    pub(super) async fn until(&mut self, what: &str, so: impl Fn(&Self) -> bool) {
        self.within((what, SOON), so).await;
    }

    pub(super) async fn within(&mut self, (what, time): (&str, Duration), so: impl Fn(&Self) -> bool) {
        let wait = async {
            while !so(self) {
                let message = self.inbox.recv().await.expect("the watch goes on");
                self.take(message);
            }
        };
        let came = timeout(time, wait).await.is_ok();
        assert!(came, "{what} did not come; told: {:?}, state: {:?}", self.told, self.state);
    }

    fn take(&mut self, message: Message) {
        if let Message::Changes { batch, .. } = message {
            for change in batch {
                self.change(change);
            }
        } else if let Message::Fresh { state, .. } = message {
            self.told.push(format!("{state:?}").split([' ', '{']).next().unwrap_or_default().to_owned());
            self.state = state;
        }
    }

    fn change(&mut self, change: Change) {
        match change {
            Change::Put { row, .. } => {
                let new = if self.rows.contains_key(&row.uid) { "changed" } else { "new" };
                self.told.push(format!("{new} {}", row.name));
                self.unnamed.remove(&row.uid);
                self.rows.insert(row.uid, *row);
            }
            Change::Gone { uid } => self.remove(uid),
            Change::Columns { headings } => {
                self.headings = headings.into_iter().map(|heading| heading.name.into_owned()).collect();
            }
            Change::Begin { .. } => self.unnamed = self.rows.keys().copied().collect(),
            Change::End { .. } => std::mem::take(&mut self.unnamed).into_iter().for_each(|uid| self.remove(uid)),
        }
    }

    fn remove(&mut self, uid: Uid) {
        let name = self.rows.remove(&uid).map_or_else(|| "something unknown".to_owned(), |row| row.name.into());
        self.told.push(format!("gone {name}"));
    }

    fn told(&self, what: &str) -> bool {
        self.told.iter().any(|told| told == what)
    }
}

fn service(name: &str, kind: &str) -> Value {
    json!({"metadata": {"name": name}, "spec": {"type": kind, "ports": [{"port": 80}]}})
}

async fn namespace(wire: &Wire, name: &str) -> String {
    let made = wire.post("/api/v1/namespaces", &json!({"metadata": {"name": name}})).await;
    made.ok(name);
    format!("/api/v1/namespaces/{name}/services")
}

#[tokio::test]
async fn what_happens_arrives_in_its_order() {
    let Some(plane) = control_plane::bare() else { return };
    let wire = Wire(plane.anything("").await);
    let services = namespace(&wire, "live").await;
    let mut seen = Seen::begin(plane, "services", Some("live")).await;
    assert!(seen.rows.is_empty());

    let first = wire.post(&services, &service("a", "ClusterIP")).await.ok("create")["metadata"]["uid"].clone();
    wire.patch(&format!("{services}/a"), (super::wire::MERGE, &json!({"spec": {"type": "NodePort"}})))
        .await
        .ok("patch");
    wire.post(&services, &service("b", "ClusterIP")).await.ok("create");
    wire.delete(&format!("{services}/a")).await.ok("delete");
    let second = wire.post(&services, &service("a", "ClusterIP")).await.ok("create again")["metadata"]["uid"].clone();
    wire.delete(&format!("{services}/b")).await.ok("delete");

    seen.until("the last deletion", |seen| seen.told("gone b")).await;
    assert_eq!(seen.told, ["new a", "changed a", "new b", "gone a", "new a", "gone b"]);
    assert_ne!(first, second);
    let uids: Vec<_> = seen.rows.keys().map(ToString::to_string).collect();
    assert_eq!(uids, [second.as_str().expect("a UID")], "the row is the object that was created again");
}

#[tokio::test]
async fn a_restart_of_the_server_is_told_and_nothing_is_lost() {
    let Some(plane) = control_plane::own("restart") else { return };
    let wire = Wire(plane.anything("").await);
    let services = namespace(&wire, "live").await;
    wire.post(&services, &service("before", "ClusterIP")).await.ok("create");
    wire.post(&services, &service("leaves", "ClusterIP")).await.ok("create");
    let mut seen = Seen::begin(&plane, "services", Some("live")).await;

    plane.restart_server();
    seen.until("the loss", |seen| matches!(seen.state, Freshness::Reconnecting { .. })).await;
    assert_eq!(seen.rows.len(), 2, "old rows stay");
    // The server is up again before the watch is: what happens in between must not be missed.
    let ready = async {
        while wire.0.send(ping()).await.is_err() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    timeout(SOON * 2, ready).await.expect("the server comes back");
    retried(async || wire.delete(&format!("{services}/leaves")).await).await;
    retried(async || wire.post(&services, &service("after", "ClusterIP")).await).await;

    let both = |seen: &Seen| seen.told("new after") && seen.told("gone leaves") && seen.state == Freshness::Live;
    seen.within(("the news", Duration::from_mins(1)), both).await;
    let names: Vec<&str> = seen.rows.values().map(|row| row.name.as_str()).collect();
    assert!(names.len() == 2 && names.contains(&"before") && names.contains(&"after"), "{names:?}");
    assert!(!seen.told("gone before"), "{:?}", seen.told);
    assert_eq!(seen.told.first().map(String::as_str), Some("Reconnecting"));
    super::truth::forgets_alike(wire).await;
}

fn ping() -> http::Request<kube::client::Body> {
    http::Request::get("/readyz").body(kube::client::Body::empty()).expect("a request")
}

/// A server that has just started refuses some requests until all of it runs.
async fn retried(send: impl AsyncFn() -> super::wire::Answer) {
    let all = async {
        while !(200..300).contains(&send().await.code) {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    timeout(SOON, all).await.expect("the server takes it");
}

#[tokio::test]
async fn two_clusters_are_two_lists() {
    let (Some(one), Some(other)) = (control_plane::whole(), control_plane::bare()) else { return };
    let nodes = |seen: &Seen| seen.rows.values().map(|row| row.name.to_string()).collect::<Vec<_>>();
    let (whole, bare) = (Seen::begin(one, "nodes", None).await, Seen::begin(other, "nodes", None).await);
    assert!(nodes(&whole).contains(&"node-1".to_owned()));
    assert_eq!(nodes(&bare), Vec::<String>::new());
    // One kubeconfig list with both, and the context chooses.
    let both = std::env::join_paths([one.kubeconfig(), other.kubeconfig()]).expect("paths");
    let get = |context: &str| {
        let mut rutter = control_plane::rutter();
        rutter.env("KUBECONFIG", &both).args(["get", "nodes", "-o", "name", "--context", context]);
        let output = rutter.output().expect("rutter runs");
        control_plane::check(&output, context);
        String::from_utf8(output.stdout).expect("text")
    };
    assert!(get(one.context()).contains("node/node-1\n"));
    assert_eq!(get(other.context()), "");
}
