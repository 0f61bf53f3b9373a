//! Requests of actions that need controllers or a drain.

use super::super::recorder::Recorder;
use super::super::rollouts::{KINDS, Place};
use super::cases::{EVICT, UNDO};
use super::difference::Pair;
use super::judge;
use super::stage::{Stage, even};
use rutter::cluster::actions::RolloutUndo;
use rutter::cluster::drain::{Order, drain, plan};
use rutter::cluster::gate::{Change, Reader, apply, prepare};
use rutter::kinds::Time;
use rutter::kinds::drain::Options;
use serde_json::json;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

#[tokio::test(flavor = "multi_thread")]
async fn an_undo_sends_what_kubectls_sends() {
    let Some(place) = Place::new("requests-undo").await else { return };
    let recorder = Recorder::start(place.plane);
    let mut wrong = Vec::new();
    for (kind, record) in KINDS.into_iter().zip(UNDO) {
        assert!(record.0.contains(kind), "{kind}");
        for name in ["ours", "theirs"] {
            place.released(kind, name);
        }
        let [ours, theirs] = ["ours", "theirs"].map(|name| place.object(kind, name));
        let sent = recorder.kubectl(&["-n", place.namespace, "rollout", "undo", &format!("{kind}/theirs")]);
        let theirs = even(sent, &theirs, "theirs");
        let lanes = recorder.clients().await.lanes;
        let ways = (&Reader::new(lanes.read), &lanes.writer);
        let change = Change::of(RolloutUndo { to: 0 }, vec![place.target(kind, "ours")]);
        let prepared = prepare(1, ways, change).await;
        recorder.recorded();
        apply(ways, prepared).await;
        let ours = even(recorder.recorded(), &ours, "ours");
        wrong.extend(judge(record, &Pair { ours, theirs }).err());
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_drain_evicts_as_kubectl_evicts() {
    let Some(stage) = Stage::set_nodes("requests-drain", ["drain-theirs", "drain-ours"]).await else { return };
    let mut objects = Vec::new();
    for name in ["theirs", "ours"] {
        let spec = json!({"nodeName": format!("drain-{name}"), "containers": [{"name": "main", "image": "x:1"}]});
        let pod = json!({"metadata": {"name": format!("on-{name}")}, "spec": spec});
        stage.make("/api/v1/namespaces/NAMESPACE/pods", pod).await;
        let path = format!("/api/v1/namespaces/{}/pods/on-{name}", stage.name);
        objects.push(stage.wire.get(&path).await.ok("the pod"));
    }
    let flags = ["--force", "--grace-period=0"];
    let sent = stage.recorder.kubectl(&[&["drain", "drain-theirs"], &flags[..]].concat());
    let theirs = even(sent, &objects[0], "theirs").split_off(1);

    let lanes = stage.recorder.clients().await.lanes;
    let options = Options::parse(&flags.join(" ")).expect("options");
    let reader = Reader::new(lanes.read.clone());
    let plan = plan(&reader, "drain-ours", &options, Time::now()).await.expect("a plan");
    stage.recorder.recorded();
    let (out, mut news) = mpsc::channel(16);
    let order = Order { node: "drain-ours".into(), options, plan };
    tokio::spawn(drain(lanes, order, out, CancellationToken::new()));
    while news.recv().await.is_some() {}
    let ours = even(stage.recorder.recorded(), &objects[1], "ours").split_off(1);
    judge(EVICT, &Pair { ours, theirs }).unwrap_or_else(|why| panic!("{why}"));
}
