//! What kubectl sends when it changes something, and that rutter's gate sends the same.
//!
//! rutter books fields under a name of its own. Where it is stricter on purpose, kubectl is given the options that
//! make it as strict.

use super::control_plane;
use super::recorder::{Recorded, Recorder};
use super::wire::{JSON, MERGE, STRATEGIC, Wire};
use rutter::cluster::actions::{Cordon, Scale};
use rutter::cluster::gate::{Action, Change, Reader, Target, apply, prepare};
use rutter::kinds::{Uid, find};
use serde_json::{Value, json};

/// Things to act on, in a cluster in which nothing moves, and the proxy that writes down what is sent.
struct Stage {
    recorder: Recorder,
    /// The namespace of pod `one` and deployment `web`, and the name of a node.
    name: &'static str,
}

impl Stage {
    /// Makes a namespace, a pod, a deployment and a node.
    async fn set(name: &'static str) -> Option<Self> {
        let plane = control_plane::stage()?;
        let stage = Self { recorder: Recorder::start(plane), name };
        let wire = Wire(plane.anything("").await);
        let container = json!({"name": "main", "image": "x:1"});
        let spec = json!({"replicas": 2, "selector": {"matchLabels": {"app": "web"}},
            "template": {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [container]}}});
        let named = |name: &str| json!({"metadata": {"name": name}});
        let objects = [
            ("/api/v1/namespaces/".to_owned(), named(name)),
            ("/api/v1/nodes/".to_owned(), named(name)),
            (stage.core("serviceaccounts/"), named("default")),
            (stage.core("pods/"), json!({"metadata": {"name": "one"}, "spec": {"containers": [container]}})),
            (stage.apps("deployments/"), json!({"metadata": {"name": "web"}, "spec": spec})),
        ];
        for (path, object) in objects {
            wire.post(path.trim_end_matches('/'), &object).await.ok(&path);
        }
        Some(stage)
    }

    fn core(&self, rest: &str) -> String {
        format!("/api/v1/namespaces/{}/{rest}", self.name)
    }

    fn apps(&self, rest: &str) -> String {
        format!("/apis/apps/v1/namespaces/{}/{rest}", self.name)
    }

    /// What kubectl sends for a command line.
    fn kubectl(&self, line: &str) -> Vec<Recorded> {
        let arguments = ["-n", self.name].into_iter().chain(line.split(' '));
        self.recorder.kubectl(&arguments.collect::<Vec<_>>())
    }
}

impl Stage {
    /// What the gate sends once it is confirmed; before, it has sent the same as a rehearsal.
    async fn gate(&self, action: impl Action + 'static, (plural, name): (&str, &str)) -> Vec<Recorded> {
        let names = find(plural).expect("a kind").names();
        let namespace = if names.namespaced { self.name } else { "" }.to_owned();
        let mut target = Target { names, namespace, name: name.to_owned(), uid: None };
        let lanes = self.recorder.clients().await.lanes;
        let reader = Reader::new(lanes.read);
        let live = reader.get(&target.path()).await.expect("the object");
        target.uid = live["metadata"]["uid"].as_str().map(Uid::parse);
        let prepared = prepare(1, (&reader, &lanes.writer), Change::of(action, vec![target])).await;
        let mut rehearsed = self.recorder.recorded();
        let applied = apply((&reader, &lanes.writer), prepared).await;
        assert!(applied.outcomes.iter().all(|outcome| outcome.result.is_ok()), "{applied:?}");
        let sent = self.recorder.recorded();
        for request in &mut rehearsed {
            assert!(take(request, "dryRun") == ["All"], "{request:?}");
        }
        assert_eq!(rehearsed, sent);
        sent.into_iter().map(|request| without_ours(request, &live["metadata"]["uid"])).collect()
    }
}

/// A request without what only rutter sends: its name as the manager, and in a patch the identity of what is meant.
fn without_ours(mut request: Recorded, uid: &Value) -> Recorded {
    assert_eq!(take(&mut request, "fieldManager"), ["rutter"], "{request:?}");
    if request.method == "PATCH" {
        assert_eq!(request.body["metadata"]["uid"].take(), *uid, "{request:?}");
        request.body.as_object_mut().expect("a patch").retain(|_, value| *value != json!({"uid": null}));
    }
    request
}

/// Takes a parameter out of the query.
fn take(request: &mut Recorded, name: &str) -> Vec<String> {
    request.query.extract_if(.., |(is, _)| is == name).map(|(_, value)| value).collect()
}

fn request(method: &str, path: &str, manager: Option<&str>, (media, body): (&str, Value)) -> Recorded {
    let query = manager.map(|manager| ("fieldManager".to_owned(), manager.to_owned())).into_iter().collect();
    Recorded { method: method.to_owned(), path: path.to_owned(), query, media: media.to_owned(), body }
}

fn patch(path: &str, manager: Option<&str>, body: (&str, Value)) -> [Recorded; 1] {
    [request("PATCH", path, manager, body)]
}

#[tokio::test]
async fn changes_of_nodes_are_recorded() {
    let Some(stage) = Stage::set("kubectl-nodes").await else { return };
    let cordon = |value: Value| {
        let body = (STRATEGIC, json!({"spec": {"unschedulable": value}}));
        patch("/api/v1/nodes/kubectl-nodes", None, body)
    };
    assert_eq!(stage.kubectl("cordon kubectl-nodes"), cordon(json!(true)));
    assert_eq!(stage.kubectl("cordon kubectl-nodes"), [], "it is so already");
    assert_eq!(stage.kubectl("uncordon kubectl-nodes"), cordon(Value::Null));
}

#[tokio::test]
async fn changes_of_pods_are_recorded() {
    let Some(stage) = Stage::set("kubectl-pods").await else { return };
    assert_eq!(stage.kubectl("get pods"), []);
    let label = (MERGE, json!({"metadata": {"labels": {"tier": "front"}}}));
    assert_eq!(stage.kubectl("label pod one tier=front"), patch(&stage.core("pods/one"), Some("kubectl-label"), label));
    let delete = request("DELETE", &stage.core("pods/one"), None, (JSON, json!({"propagationPolicy": "Background"})));
    assert_eq!(stage.kubectl("delete pod one --wait=false"), [delete]);
}

#[tokio::test]
async fn changes_of_workloads_are_recorded() {
    let Some(stage) = Stage::set("kubectl-workloads").await else { return };
    let web = stage.apps("deployments/web");
    let scale = (MERGE, json!({"spec": {"replicas": 3}}));
    assert_eq!(stage.kubectl("scale deployment/web --replicas 3"), patch(&format!("{web}/scale"), None, scale));

    let mut restart = stage.kubectl("rollout restart deployment/web");
    let at = &mut restart[0].body["spec"]["template"]["metadata"]["annotations"]["kubectl.kubernetes.io/restartedAt"];
    assert!(at.take().as_str().is_some_and(|at| at.parse::<jiff::Timestamp>().is_ok()), "{restart:?}");
    let annotation = json!({"kubectl.kubernetes.io/restartedAt": null});
    let wanted = (STRATEGIC, json!({"spec": {"template": {"metadata": {"annotations": annotation}}}}));
    assert_eq!(restart, patch(&web, Some("kubectl-rollout"), wanted));
}

#[tokio::test]
async fn the_gate_sends_what_kubectl_sends() {
    let Some(stage) = Stage::set("kubectl-ours").await else { return };
    let cordon = stage.kubectl("cordon kubectl-ours");
    stage.kubectl("uncordon kubectl-ours");
    assert_eq!(stage.gate(Cordon { on: true }, ("nodes", "kubectl-ours")).await, cordon);

    let mut strict = stage.kubectl("scale deployment/web --current-replicas 2 --replicas 3");
    stage.kubectl("scale deployment/web --replicas 2");
    let mut ours = stage.gate(Scale { replicas: 3, shown: Some(2) }, ("deployments", "web")).await;
    assert_eq!(std::mem::replace(&mut strict[0].media, JSON.to_owned()), "", "kubectl names no type here");
    let version = |sent: &mut [Recorded]| sent[0].body["metadata"]["resourceVersion"].take();
    assert_ne!(version(&mut strict), version(&mut ours), "each names the object that it has seen");
    assert_eq!(ours, strict);
}
