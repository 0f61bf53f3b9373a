//! Rollouts on the real server: the way back leads where kubectl's leads, and over nobody's change.

use super::control_plane::{self, Plane};
use rutter::cluster::actions::{Pause, Restart, RolloutUndo};
use rutter::cluster::connect::Clients;
use rutter::cluster::gate::{Action, Applied, Change, Live, Prepared, Reader, Target, apply, prepare};
use rutter::cluster::rollout::{Workload, status::status};
use rutter::kinds::{Time, Uid, find};
use serde_json::{Value, json};

/// The kinds that roll out.
pub const KINDS: [&str; 3] = ["deployment", "statefulset", "daemonset"];

/// A namespace of its own on a plane.
pub struct Place {
    pub plane: &'static Plane,
    pub namespace: &'static str,
    clients: Clients,
}

impl Place {
    pub async fn new(namespace: &'static str) -> Option<Self> {
        let plane = control_plane::whole()?;
        plane.kubectl(&["create", "namespace", namespace]);
        Some(Self { plane, namespace, clients: plane.clients("").await })
    }

    pub fn kubectl(&self, arguments: &[&str]) -> String {
        self.plane.kubectl(&[&["-n", self.namespace], arguments].concat())
    }

    /// Makes a workload that went from one template to another, with a command that JSON writes in its own way.
    pub fn released(&self, kind: &str, name: &str) {
        let labels = json!({ "app": name });
        let container = json!({ "name": "web", "image": "web:1", "command": ["sh", "-c", "a && b > c < d"] });
        let template = json!({ "metadata": { "labels": labels }, "spec": { "containers": [container] } });
        let mut spec = json!({ "selector": { "matchLabels": labels }, "template": template });
        if kind != "daemonset" {
            spec["replicas"] = 2.into();
        }
        let metadata = json!({ "name": name, "annotations": { "first": "yes" } });
        let object = json!({ "apiVersion": "apps/v1", "kind": find(kind).unwrap().names().kind, "metadata": metadata, "spec": spec });
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("object.json");
        std::fs::write(&file, object.to_string()).unwrap();
        self.kubectl(&["create", "-f", file.to_str().unwrap()]);
        self.rolled_out(kind, name);
        let it = format!("{kind}/{name}");
        self.kubectl(&["annotate", &it, "second=yes", "first-"]);
        self.kubectl(&["set", "image", &it, "web=web:2"]);
        self.rolled_out(kind, name);
    }

    /// Waits until a rollout is over; of a DaemonSet, whose pods also belong on nodes that are down, until it is seen.
    fn rolled_out(&self, kind: &str, name: &str) {
        let it = format!("{kind}/{name}");
        if kind != "daemonset" {
            self.kubectl(&["rollout", "status", &it, "--timeout=60s"]);
            return;
        }
        let generation = self.object(kind, name)["metadata"]["generation"].clone();
        let seen = format!("--for=jsonpath={{.status.observedGeneration}}={generation}");
        self.kubectl(&["wait", &it, &seen, "--timeout=60s"]);
    }

    pub fn object(&self, kind: &str, name: &str) -> Value {
        serde_json::from_str(&self.kubectl(&["get", kind, name, "-o", "json"])).unwrap()
    }

    /// What an undo may touch, with the name taken out.
    fn outcome(&self, kind: &str, name: &str) -> Value {
        let object = self.object(kind, name);
        let touched = json!([object["metadata"]["annotations"], object["spec"]]);
        serde_json::from_str(&touched.to_string().replace(name, "NAME")).unwrap()
    }

    pub fn target(&self, kind: &str, name: &str) -> Target {
        let uid = Uid::parse(self.object(kind, name)["metadata"]["uid"].as_str().unwrap());
        let names = find(kind).unwrap().names();
        Target { names, namespace: self.namespace.to_owned(), name: name.to_owned(), uid: Some(uid) }
    }

    pub async fn prepare(&self, action: impl Action + 'static, target: Target) -> Prepared {
        let lanes = &self.clients.lanes;
        prepare(1, (&Reader::new(lanes.read.clone()), &lanes.writer), Change::of(action, vec![target])).await
    }

    pub async fn apply(&self, prepared: Prepared) -> Applied {
        let lanes = &self.clients.lanes;
        apply((&Reader::new(lanes.read.clone()), &lanes.writer), prepared).await
    }

    pub async fn change(&self, action: impl Action + 'static, kind: &str, name: &str) {
        let prepared = self.prepare(action, self.target(kind, name)).await;
        assert_eq!(prepared.ready().count(), 1, "{kind}: {prepared:?}");
        let applied = self.apply(prepared).await;
        assert!(applied.outcomes.iter().all(|outcome| outcome.result.is_ok()), "{kind}: {applied:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_undo_leads_where_kubectls_leads() {
    let Some(place) = Place::new("rollout-undo").await else { return };
    for kind in KINDS {
        for name in ["ours", "theirs"] {
            place.released(kind, name);
        }
        place.kubectl(&["rollout", "undo", &format!("{kind}/theirs")]);
        place.change(RolloutUndo { to: 0 }, kind, "ours").await;
        place.rolled_out(kind, "ours");
        place.rolled_out(kind, "theirs");
        let ours = place.outcome(kind, "ours");
        assert_eq!(ours, place.outcome(kind, "theirs"), "{kind}");
        assert_eq!(ours[1]["template"]["spec"]["containers"][0]["image"], "web:1", "{kind}");
        let lines = place.kubectl(&["rollout", "history", &format!("{kind}/ours")]);
        assert_eq!(lines, place.kubectl(&["rollout", "history", &format!("{kind}/theirs")]).replace("theirs", "ours"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_changed_meanwhile_is_not_undone() {
    let Some(place) = Place::new("rollout-race").await else { return };
    place.released("deployment", "web");
    let prepared = place.prepare(RolloutUndo { to: 0 }, place.target("deployment", "web")).await;
    assert_eq!(prepared.ready().count(), 1, "{prepared:?}");
    place.kubectl(&["annotate", "deployment/web", "third=yes"]);
    let applied = place.apply(prepared).await;
    let problem = applied.outcomes[0].result.as_ref().unwrap_err();
    assert_eq!(problem.sentence, "it changed since you confirmed: nothing was sent");
    assert_eq!(place.object("deployment", "web")["metadata"]["annotations"]["third"], "yes");
    for kind in ["statefulset", "daemonset"] {
        place.released(kind, "web");
        let prepared = place.prepare(RolloutUndo { to: 0 }, place.target(kind, "web")).await;
        place.kubectl(&["set", "image", &format!("{kind}/web"), "web=web:3"]);
        let applied = place.apply(prepared).await;
        assert!(applied.outcomes[0].result.is_err(), "{kind}: {applied:?}");
        assert_eq!(place.object(kind, "web")["spec"]["template"]["spec"]["containers"][0]["image"], "web:3");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_status_that_changes_all_the_time_does_not_hinder_an_undo() {
    let Some(place) = Place::new("rollout-churn").await else { return };
    place.released("deployment", "web");
    let prepared = place.prepare(RolloutUndo { to: 0 }, place.target("deployment", "web")).await;
    let condition = json!([{ "type": "Looked", "status": "True" }]);
    let patch = json!({ "status": { "conditions": condition } }).to_string();
    place.kubectl(&["patch", "deployment", "web", "--subresource=status", "--type=strategic", "-p", &patch]);
    let applied = place.apply(prepared).await;
    assert!(applied.outcomes[0].result.is_ok(), "{applied:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn restart_pause_and_status_are_kubectls() {
    let Some(place) = Place::new("rollout-restart").await else { return };
    for kind in KINDS {
        place.released(kind, "web");
        place.change(Restart::at(Time::now()), kind, "web").await;
        place.rolled_out(kind, "web");
        let at = place.object(kind, "web")["spec"]["template"]["metadata"]["annotations"].clone();
        assert!(at["kubectl.kubernetes.io/restartedAt"].as_str().and_then(Time::parse).is_some(), "{kind}: {at}");
        let workload = Workload::of(find(kind).unwrap().names()).unwrap();
        let both = || {
            let said = place.kubectl(&["rollout", "status", &format!("{kind}/web"), "--watch=false"]);
            (status(workload, &place.object(kind, "web"), None).sentence, said.trim_end().to_owned())
        };
        // A step of the rollout may lie between the two.
        let (ours, theirs) = (0..20).map(|_| both()).find(|(ours, theirs)| ours == theirs).unwrap_or_else(both);
        assert_eq!(ours, theirs, "{kind}");
    }
    let target = place.target("deployment", "web");
    place.change(Pause::Hold, "deployment", "web").await;
    let live = Live::read(&Reader::new(place.clients.lanes.read.clone()), &target).await.unwrap();
    assert!(live.is("/spec/paused"));
    assert_eq!(place.prepare(Pause::Hold, target.clone()).await.ready().count(), 0);
    assert_eq!(place.prepare(Restart::at(Time::now()), target).await.ready().count(), 0);
    place.change(Pause::Resume, "deployment", "web").await;
    assert_eq!(place.object("deployment", "web")["spec"].get("paused"), None);
}
