//! The actions, with kubectl's command lines and what differs.

use super::Case;
use super::difference::{
    BEHIND, Difference, EVICTION, IDENTITY, MANAGER, MEDIA, ORDER, PINNED, PRECONDITION, PROTOBUF, TESTED, TYPED,
    VALIDATION, WHOLE,
};
use rutter::cluster::actions::{
    Cordon, Debug, DebugNode, Delete, Edit, Label, Marks, Pause, Restart, Scale, SetImage, Suspend, Taint, Trigger,
};
use rutter::cluster::edit::Sheet;
use rutter::cluster::gate::Action;
use rutter::kinds::Time;
use serde_json::{Value, json};
use std::sync::Arc;

const PATCH: &[Difference] = &[MANAGER, PINNED];

/// Every action whose request kubectl has as well, in the order in which they are played.
pub const CASES: &[Case] = &[
    case("cordon theirs", "nodes", |_| of(Cordon { on: true }), &[MANAGER, IDENTITY]),
    case("uncordon theirs", "nodes", |_| of(Cordon { on: false }), &[MANAGER, IDENTITY]),
    case(
        "taint node theirs a=1:NoSchedule",
        "nodes",
        |_| of(Taint::parse(&["a=1:NoSchedule"]).expect("a taint")),
        &[MANAGER, PINNED, VALIDATION, WHOLE, BEHIND],
    ),
    case("label pod theirs tier=front", "pods", |_| label(Marks::Labels, "tier=front"), PATCH),
    case("label pod theirs tier-", "pods", |_| label(Marks::Labels, "tier-"), PATCH),
    case("annotate pod theirs why=test", "pods", |_| label(Marks::Annotations, "why=test"), PATCH),
    case(
        "debug theirs -i -t --attach=false --image=b:1 -c debugger-rutter-x --target=main",
        "pods",
        |_| of(Debug { container: "debugger-rutter-x".into(), image: "b:1".into(), beside: Some("main".into()) }),
        PATCH,
    ),
    case(
        "debug node/theirs -i -t --attach=false --image=b:1 --profile=sysadmin",
        "nodes",
        |_| of(DebugNode { pod: "node-debugger-ours-x".into(), namespace: "requests".into(), image: "b:1".into() }),
        &[MANAGER, PROTOBUF],
    ),
    case(
        "delete pod theirs --wait=false --grace-period=5",
        "pods",
        |_| of(Delete { grace: Some(5), ..Delete::default() }),
        &[PRECONDITION, TYPED],
    ),
    case("delete pod theirs --wait=false", "pods", |_| of(Delete::default()), &[PRECONDITION, TYPED]),
    case(
        "delete pod theirs --wait=false --force",
        "pods",
        |_| of(Delete { force: true, ..Delete::default() }),
        &[PRECONDITION, TYPED],
    ),
    case(
        "scale deployment/theirs --replicas 3 --current-replicas 2",
        "deployments",
        |_| of(Scale { replicas: 3, shown: Some(2) }),
        &[MANAGER, MEDIA],
    ),
    case(
        "set image deployment/theirs main=x:2",
        "deployments",
        |_| of(SetImage { images: vec![("main".into(), "x:2".into())] }),
        &[MANAGER, PINNED, ORDER],
    ),
    case(
        "rollout restart deployment/theirs",
        "deployments",
        |_| of(Restart::at(Time(1_700_000_000))),
        &[MANAGER, IDENTITY],
    ),
    case("rollout pause deployment/theirs", "deployments", |_| of(Pause::Hold), &[MANAGER, IDENTITY]),
    case("rollout resume deployment/theirs", "deployments", |_| of(Pause::Resume), &[MANAGER, IDENTITY]),
    case(
        "edit deployment/theirs: s/replicas:.3/replicas:\\ 4/",
        "deployments",
        |live| edit(live, "/spec/replicas", json!(4)),
        PATCH,
    ),
    case(
        "patch cronjob theirs --type=merge -p {\"spec\":{\"suspend\":true}}",
        "cronjobs",
        |_| of(Suspend { on: Some(true) }),
        PATCH,
    ),
    case(
        "create job theirs-x --from=cronjob/theirs",
        "cronjobs",
        |_| of(Trigger { suffix: "x".into() }),
        &[MANAGER, PROTOBUF, VALIDATION],
    ),
];

/// Taking rollouts back, on a cluster where things move.
pub const UNDO: [Record; 3] = [
    ("rollout undo deployment/theirs", &[MANAGER, TESTED]),
    ("rollout undo statefulset/theirs", &[MANAGER, PINNED]),
    ("rollout undo daemonset/theirs", &[MANAGER, PINNED]),
];
/// What a drain sends about a pod.
pub const EVICT: Record = ("drain theirs --force --grace-period=0", &[MANAGER, EVICTION]);

/// kubectl's command line, and in what the requests differ.
pub type Record = (&'static str, &'static [Difference]);

/// All of them.
pub fn records() -> impl Iterator<Item = Record> {
    CASES.iter().map(|case| (case.kubectl, case.differences)).chain(UNDO).chain([EVICT])
}

const fn case(
    kubectl: &'static str,
    plural: &'static str,
    action: fn(&Value) -> Arc<dyn Action>,
    differences: &'static [Difference],
) -> Case {
    Case { kubectl, plural, action, differences }
}

fn of(action: impl Action + 'static) -> Arc<dyn Action> {
    Arc::new(action)
}

fn label(marks: Marks, word: &str) -> Arc<dyn Action> {
    of(Label::parse(marks, &[word]).expect("a label"))
}

fn edit(live: &Value, pointer: &str, value: Value) -> Arc<dyn Action> {
    let sheet = Sheet::new(live.clone());
    let mut edited = sheet.base.clone();
    *edited.pointer_mut(pointer).expect("a field") = value;
    of(Edit { sheet, edited })
}
