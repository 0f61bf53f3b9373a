//! Draining a node of the real server: the plan beside kubectl's, and a budget that blocks until it is freed.

use super::control_plane::{self, Plane, kubectl};
use regex::Regex;
use rutter::cluster::drain::{Order, drain, plan};
use rutter::cluster::gate::Reader;
use rutter::kinds::Time;
use rutter::kinds::drain::{End, Lift, News, Options, Plan, PlannedPod, Stage, Step, Verdict};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

/// Longer than any step takes, on a busy machine too.
const SOON: Duration = Duration::from_secs(90);

/// A deployment under a budget that allows nothing, one with local data, a `DaemonSet`, and a pod of nobody.
const OBJECTS: &str = r#"
{"apiVersion": "v1", "kind": "List", "items": [
  {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "drain"}},
  {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web", "namespace": "drain"}, "spec": {
    "replicas": 3, "selector": {"matchLabels": {"app": "web"}}, "template": {"metadata": {"labels": {"app": "web"}},
      "spec": {"containers": [{"name": "c", "image": "web"}]}}}},
  {"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": {"name": "keep", "namespace": "drain"},
    "spec": {"minAvailable": 3, "selector": {"matchLabels": {"app": "web"}}}},
  {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "cache", "namespace": "drain"}, "spec": {
    "selector": {"matchLabels": {"app": "cache"}}, "template": {"metadata": {"labels": {"app": "cache"}},
      "spec": {"containers": [{"name": "c", "image": "cache"}], "volumes": [{"name": "v", "emptyDir": {}}]}}}},
  {"apiVersion": "apps/v1", "kind": "DaemonSet", "metadata": {"name": "agent", "namespace": "drain"}, "spec": {
    "selector": {"matchLabels": {"app": "agent"}}, "template": {"metadata": {"labels": {"app": "agent"}},
      "spec": {"containers": [{"name": "c", "image": "agent"}], "volumes": [{"name": "v", "emptyDir": {}}]}}}},
  {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "alone", "namespace": "drain", "labels": {"app": "alone"}},
    "spec": {"containers": [{"name": "c", "image": "alone"}], "volumes": [{"name": "v", "emptyDir": {}}]}}
]}"#;

/// Fills the plane and waits until all of it runs; returns the name of its node.
fn fill(plane: &Plane) -> String {
    let file = plane.kubeconfig().with_file_name("drain.json");
    fs::write(&file, OBJECTS).expect("a file");
    plane.kubectl(&["apply", "-f", &file.to_string_lossy()]);
    for name in ["deployment/web", "deployment/cache", "daemonset/agent"] {
        plane.kubectl(&["-n", "drain", "rollout", "status", "--timeout=60s", name]);
    }
    plane.kubectl(&["-n", "drain", "wait", "--timeout=60s", "--for=condition=Ready", "pod/alone"]);
    let healthy = "--for=jsonpath={.status.currentHealthy}=3";
    plane.kubectl(&["-n", "drain", "wait", "--timeout=60s", healthy, "pdb/keep"]);
    plane.kubectl(&["get", "nodes", "-o", "jsonpath={.items[0].metadata.name}"])
}

/// What kubectl says to a drain with these flags that keeps nothing: the pods that it would evict, those that it must
/// not, and those that a budget refuses.
fn kubectl_says(plane: &Plane, node: &str, flags: &str) -> [BTreeSet<String>; 3] {
    let mut command = kubectl();
    command.arg("--kubeconfig").arg(plane.kubeconfig()).args(["drain", node, "--dry-run=server", "--timeout=2s"]);
    let output = command.args(flags.split_whitespace()).output().expect("kubectl runs");
    let (out, err) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    let all = |pattern: &str, text: &str| -> BTreeSet<String> {
        Regex::new(pattern).unwrap().captures_iter(text).map(|found| format!("drain/{}", &found[1])).collect()
    };
    let errors: Vec<&str> = err.lines().filter(|line| line.contains("cannot delete")).collect();
    let refused = r#"evicting pods/"([a-z0-9-]+)" -n "drain" \(will retry"#;
    [all(r"evicting pod drain/([a-z0-9-]+)", &out), all(r"drain/([a-z0-9-]+)", &errors.join("\n")), all(refused, &err)]
}

/// The same of a plan.
fn plan_says(plan: &Plan) -> [BTreeSet<String>; 3] {
    let is_blocked = |pod: &PlannedPod| matches!(pod.verdict, Verdict::Blocked(_));
    let any = plan.pods.iter().any(is_blocked);
    let name = |pod: &PlannedPod| format!("{}/{}", pod.namespace, pod.name);
    let all = |is: &dyn Fn(&PlannedPod) -> bool| plan.pods.iter().filter(|pod| is(pod)).map(name).collect();
    let refuses = |pod: &PlannedPod| pod.guard.as_ref().is_some_and(|guard| guard.refuses.is_some());
    // When one is blocked, kubectl evicts nothing.
    [all(&|pod| pod.goes() && !any), all(&|pod| is_blocked(pod)), all(&|pod| pod.goes() && !any && refuses(pod))]
}

#[tokio::test]
async fn plans_are_kubectls_and_a_drain_waits_for_its_budget() {
    let Some(plane) = control_plane::own_whole("drain", "1") else { return };
    let node = fill(&plane);
    let lanes = plane.clients("").await.lanes;
    let reader = Reader::new(lanes.read.clone());
    for bits in 0..8 {
        let given = Lift::ALL.into_iter().enumerate().filter(|(at, _)| bits >> at & 1 == 1);
        let options = given.fold(Options::default(), |options, (_, lift)| options.toggled(lift));
        let plan = plan(&reader, &node, &options, Time::now()).await.expect("a plan");
        assert_eq!(plan_says(&plan), kubectl_says(&plane, &node, &options.to_string()), "flags {options}");
    }
    let options = Options::parse("--ignore-daemonsets --delete-emptydir-data --force").unwrap();
    let plan = plan(&reader, &node, &options, Time::now()).await.expect("a plan");
    assert_eq!((plan.sorts().evict, plan.sorts().refused, plan.sorts().stay), (5, 3, 1), "{plan:#?}");

    let (out, mut news) = mpsc::channel(16);
    let order = Order { node: node.clone(), options, plan };
    tokio::spawn(drain(lanes, order, out, CancellationToken::new()));
    let (mut steps, mut end) = (BTreeMap::new(), None);
    let blocked = |steps: &BTreeMap<usize, Step>| {
        let refused = |step: &&Step| matches!(step, Step::Refused { tries: 2.., .. });
        (steps.values().filter(|step| **step == Step::Gone).count(), steps.values().filter(refused).count())
    };
    let mut freed = false;
    let whole = async {
        while let Some(told) = news.recv().await {
            match told {
                News::Steps(changed) => steps.extend(changed),
                News::Stage(Stage::Over(how)) => end = Some(how),
                News::Stage(_) | News::Plan(_) => {}
            }
            if blocked(&steps) == (2, 3) && !freed {
                freed = true;
                assert!(steps.values().any(|step| matches!(step, Step::Refused { why, .. } if why.contains("keep"))));
                plane.kubectl(&["-n", "drain", "patch", "pdb/keep", "-p", r#"{"spec":{"minAvailable":0}}"#]);
            }
        }
    };
    assert!(timeout(SOON, whole).await.is_ok(), "it did not end; {steps:#?}");
    assert!(freed && end == Some(End::Drained), "{end:?}, {steps:#?}");
    let left =
        plane.kubectl(&["get", "pods", "-A", "-o", "name", "--field-selector", &format!("spec.nodeName={node}")]);
    assert!(left.lines().count() == 1 && left.starts_with("pod/agent-"), "{left}");
    assert_eq!(plane.kubectl(&["get", "node", &node, "-o", "jsonpath={.spec.unschedulable}"]), "true");
}
