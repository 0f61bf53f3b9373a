//! Pods in trouble: what rutter shows of them is what the server and kubectl show, cell by cell.

use super::super::table::{Question, Table, compare};
use super::{A_WHILE, Space, shell};
use rutter::kinds::find;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use tokio::time::Instant;

const NAMESPACE: &str = "node-states";

/// Each pod, and the STATUS that it has to come to sooner or later; one of several where the kubelet's haste decides.
fn pods() -> Vec<(&'static str, Value, &'static str)> {
    let once = |mut spec: Value| {
        spec["restartPolicy"] = json!("Never");
        spec
    };
    let mut init = shell("sleep 1000", json!({}));
    init["initContainers"] = shell("exit 4", json!({"name": "first"}))["containers"].take();
    let mut evicted = shell("dd if=/dev/zero of=/keep/all bs=1M count=8; sleep 1000", keeps());
    evicted["volumes"] = json!([{"name": "keep", "emptyDir": {"sizeLimit": "1Mi"}}]);
    let little = json!({"resources": {"limits": {"memory": "16Mi"}}});
    let probe = json!({"exec": {"command": ["false"]}, "periodSeconds": 1, "failureThreshold": 1});
    let missing = json!({"image": "registry.invalid/missing:1", "imagePullPolicy": "IfNotPresent"});
    let hog = "tail /dev/zero";
    vec![
        ("completed", once(shell("exit 0", json!({}))), "Completed"),
        ("crash-loop", shell("exit 3", json!({})), "CrashLoopBackOff"),
        ("error", once(shell("exit 3", json!({}))), "Error"),
        ("evicted", evicted, "Error|Evicted|ContainerStatusUnknown"),
        ("image-pull", shell("", missing), "ImagePullBackOff"),
        ("init-crash-loop", init, "Init:CrashLoopBackOff"),
        (
            "not-alive",
            shell("trap exit TERM; while sleep 0.1; do :; done", json!({"livenessProbe": probe})),
            "CrashLoopBackOff",
        ),
        ("not-ready", shell("sleep 1000", json!({"readinessProbe": probe})), "Running"),
        ("oom", once(shell(hog, little.clone())), "OOMKilled"),
        ("oom-loop", shell(hog, little), "CrashLoopBackOff"),
        ("wrong-command", shell("", json!({"command": ["nothing-like-this"]})), "RunContainerError"),
    ]
}

fn keeps() -> Value {
    json!({"volumeMounts": [{"name": "keep", "mountPath": "/keep"}]})
}

/// What is to be seen that was not seen yet.
fn seen(table: &Table, wanted: &mut BTreeSet<(&str, &str)>) {
    let status = table.headings.iter().position(|heading| heading == "STATUS").expect("a status");
    for ((_, name), cells) in &table.rows {
        wanted.retain(|(pod, states)| pod != name || !states.split('|').any(|state| state == cells[status]));
    }
}

#[tokio::test]
async fn troubles_are_shown_as_the_server_and_kubectl_show_them() {
    let Some(space) = Space::open(NAMESPACE).await else { return };
    let pods = pods();
    let mut wanted: BTreeSet<_> = pods.iter().map(|(name, _, state)| (*name, *state)).collect();
    for (name, spec, _) in pods {
        space.make(name, spec).await;
    }
    let kind = find("pods").expect("pods");
    let end = Instant::now() + A_WHILE;
    while !wanted.is_empty() {
        assert!(Instant::now() < end, "never seen: {wanted:?}");
        for wide in [false, true] {
            let question = Question { kind, namespace: Some(NAMESPACE), wide };
            seen(&of_server(&space, question).await, &mut wanted);
            of_kubectl(&space, question).await;
        }
    }
    let events = Question { kind: find("events").expect("events"), namespace: Some(NAMESPACE), wide: true };
    let events = of_server(&space, events).await;
    for reason in ["BackOff", "Evicted", "Failed", "Killing", "Started", "Unhealthy"] {
        assert!(events.rows.values().any(|cells| cells.iter().any(|cell| cell == reason)), "no event {reason}");
    }
}

async fn of_server(space: &Space, question: Question) -> Table {
    let reference = async || Some(question.of_server(&space.wire).await);
    let table = compare(question.about(), async || question.of_rutter(space.plane), reference).await;
    table.unwrap_or_else(|told| panic!("{told}"))
}

async fn of_kubectl(space: &Space, question: Question) {
    let reference = async || {
        let order = question.of_server(&space.wire).await.order;
        question.of_kubectl(space.plane, &order)
    };
    let table = compare(question.about(), async || question.of_rutter(space.plane), reference).await;
    table.unwrap_or_else(|told| panic!("{told}"));
}
