//! Descriptions against `kubectl describe`: of the cast, which has an object in every state, and of pods made at random.

use super::control_plane::{self, Plane, check, kubectl};
use super::pods;
use super::wire::Wire;
use regex::Regex;
use rutter::text::safe;
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::LazyLock;
use std::time::Duration;

/// In what a description differs from kubectl's on purpose.
struct Difference {
    /// Of which kind.
    kind: &'static str,
    /// What it is and why, for people.
    reason: &'static str,
    /// Makes a line of kubectl's rutter's; nothing when it is not this difference.
    ours: fn(&str) -> Option<String>,
}

static DIFFERENCES: &[Difference] = &[
    Difference {
        kind: "secrets",
        reason: "stricter: the token of a service account is masked as everything else that a secret holds",
        ours: |line| {
            let token = line.strip_prefix("token:")?.trim_start();
            let title = line.strip_suffix(token)?;
            (!token.ends_with(" bytes")).then(|| format!("{title}{} bytes", token.len()))
        },
    },
    Difference {
        kind: "nodes",
        reason: "the share of a node that has nothing to give is 0%; kubectl divides by zero",
        ours: |line| line.contains(NO_SHARE).then(|| line.replace(NO_SHARE, "(0%)")),
    },
];

/// What Go makes of no number.
const NO_SHARE: &str = "(-9223372036854775808%)";

/// Kinds with a description of their own, and some that are described field by field.
const KINDS: &[&str] = &[
    "pods",
    "nodes",
    "deployments",
    "replicasets",
    "replicationcontrollers",
    "statefulsets",
    "daemonsets",
    "jobs",
    "cronjobs",
    "horizontalpodautoscalers",
    "poddisruptionbudgets",
    "services",
    "endpoints",
    "endpointslices",
    "ingresses",
    "ingressclasses",
    "networkpolicies",
    "persistentvolumes",
    "persistentvolumeclaims",
    "storageclasses",
    "configmaps",
    "secrets",
    "namespaces",
    "resourcequotas",
    "limitranges",
    "serviceaccounts",
    "roles",
    "clusterroles",
    "rolebindings",
    "clusterrolebindings",
    "certificatesigningrequests",
    "priorityclasses",
    "controllerrevisions",
    "volumeattachments",
    "runtimeclasses",
    "leases",
    "apiservices",
    "customresourcedefinitions",
    "validatingwebhookconfigurations",
    "mutatingwebhookconfigurations",
];

/// Kinds without a file, all of them outside namespaces.
const DISCOVERED: &[&str] = &[
    "servicecidrs.networking.k8s.io",
    "ipaddresses.networking.k8s.io",
    "csinodes.storage.k8s.io",
    "volumeattributesclasses.storage.k8s.io",
    "flowschemas.flowcontrol.apiserver.k8s.io",
];

fn place(plural: &str, namespace: Option<&'static str>) -> Vec<&'static str> {
    let namespaced = rutter::kinds::find(plural).is_some_and(|kind| kind.names().namespaced);
    match namespace {
        Some(namespace) => vec!["-n", namespace],
        None if namespaced => vec!["-A"],
        None => Vec::new(),
    }
}

fn of_kubectl(plane: &Plane, kind: &str, at: &[&str]) -> String {
    let group = rutter::kinds::find(kind).map_or("", |kind| kind.names().group);
    let whole = if group.is_empty() { kind.to_owned() } else { format!("{kind}.{group}") };
    let mut command = kubectl();
    command.arg("--kubeconfig").arg(plane.kubeconfig()).args(["describe", "--show-events", &whole]).args(at);
    let output = command.output().expect("kubectl runs");
    check(&output, kind);
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn of_rutter(plane: &Plane, kind: &str, at: &[&str]) -> String {
    let output = plane.rutter(&[&["describe", kind], at].concat());
    check(&output, kind);
    String::from_utf8(output.stdout).expect("text")
}

/// Lines in which ages stand, and so the width of a column: spaces in them say nothing.
fn evened(text: &str) -> Vec<String> {
    static AGE: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"\b(\d+[ydhms]){1,2}\b|<invalid>|<unknown>").expect("a regex"));
    static SPACES: LazyLock<Regex> = LazyLock::new(|| Regex::new(r" {2,}").expect("a regex"));
    let mut ages = false;
    let line = |line: &str| {
        let line = safe(line);
        let line = line.trim_end();
        if !line.starts_with(' ') {
            ages = ["Events:", "Non-terminated Pods:"].iter().any(|title| line.starts_with(title));
        }
        if ages || line.starts_with("Status:") {
            SPACES.replace_all(&AGE.replace_all(line, "AGE"), "  ").into_owned()
        } else {
            line.to_owned()
        }
    };
    text.lines().map(line).collect()
}

/// Compares all objects of a kind; what moved meanwhile is asked again. How often each difference was seen.
async fn compare(plane: &Plane, kind: &str, namespace: Option<&'static str>) -> (usize, usize) {
    let at = place(kind, namespace);
    let mut told = String::new();
    for attempt in 0..8 {
        tokio::time::sleep(Duration::from_millis(200 * attempt)).await;
        let (before, mine) = (of_kubectl(plane, kind, &at), of_rutter(plane, kind, &at));
        let (mut theirs, mut mine) = (evened(&before), evened(&mine));
        let mut seen = 0;
        for difference in DIFFERENCES.iter().filter(|difference| difference.kind == kind) {
            for line in &mut theirs {
                if let Some(ours) = (difference.ours)(line) {
                    seen += 1;
                    *line = ours;
                }
            }
        }
        // kubectl shuffles the resources of an item.
        if ["limitranges", "namespaces"].contains(&kind) {
            theirs.sort();
            mine.sort();
        }
        let Some(at) = (0..theirs.len().max(mine.len())).find(|at| theirs.get(*at) != mine.get(*at)) else {
            return (theirs.iter().filter(|line| line.starts_with("Name:")).count(), seen);
        };
        let around =
            |lines: &[String]| lines[at.saturating_sub(6).min(lines.len())..(at + 3).min(lines.len())].join("\n");
        told = format!("{kind}, line {at}:\nkubectl\n{}\nrutter\n{}", around(&theirs), around(&mine));
    }
    panic!("{told}");
}

#[tokio::test]
async fn every_line_of_the_cast_is_kubectls() {
    let Some(plane) = control_plane::whole() else { return };
    let mut seen = BTreeMap::new();
    for kind in KINDS {
        let (objects, differences) = compare(plane, kind, None).await;
        assert!(objects > 0, "{kind}: there is none");
        *seen.entry(*kind).or_insert(0) += differences;
    }
    for difference in DIFFERENCES {
        assert!(seen[difference.kind] > 0, "not there any more: {}", difference.reason);
    }
}

/// Events of the config map `words`, in which much can be said.
async fn say_events(plane: &Plane, wire: &Wire) {
    let uid = plane.kubectl(&["-n", "rich", "get", "configmap", "words", "-o", "jsonpath={.metadata.uid}"]);
    let about = json!({"apiVersion": "v1", "kind": "ConfigMap", "name": "words", "namespace": "rich", "uid": uid,
        "fieldPath": "data{a}"});
    let old = json!({"metadata": {"name": "old"}, "involvedObject": about, "reason": "Odd", "type": "Warning",
        "message": "  one\ttwo\nthree \u{1b}[31mred\r  ", "source": {"component": "someone"}, "count": 4,
        "firstTimestamp": "2026-01-01T00:00:00Z", "lastTimestamp": "2026-01-02T00:00:00Z"});
    let series = json!({"count": 7, "lastObservedTime": "2026-01-03T00:00:00.000000Z"});
    let new = json!({"metadata": {"name": "new"}, "involvedObject": about, "reason": "Series", "type": "Normal",
        "message": "again", "reportingComponent": "example.org/somebody", "reportingInstance": "one", "action": "do",
        "eventTime": "2026-01-01T00:00:00.000000Z", "series": series});
    for event in [old, new] {
        wire.post("/api/v1/namespaces/rich/events", &event).await.ok("an event");
    }
}

#[tokio::test]
async fn every_line_of_objects_of_which_there_is_much_to_say_is_kubectls() {
    let Some(plane) = control_plane::whole() else { return };
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cluster/described.yaml");
    plane.kubectl(&["apply", "--server-side", "-f", file]);
    say_events(plane, &Wire(plane.anything("").await)).await;
    for kind in KINDS {
        let namespaced = rutter::kinds::find(kind).expect("a kind").names().namespaced;
        compare(plane, kind, namespaced.then_some("rich")).await;
    }
    for kind in DISCOVERED {
        let (objects, _) = compare(plane, kind, None).await;
        assert!(objects > 0, "{kind}: there is none");
    }
}

#[tokio::test]
async fn every_line_of_random_pods_is_kubectls() {
    let Some(plane) = control_plane::whole() else { return };
    let wire = Wire(plane.anything("").await);
    let count = pods::create(&wire, "described", 200).await;
    let (objects, _) = compare(plane, "pods", Some("described")).await;
    assert_eq!(objects, count);
}
