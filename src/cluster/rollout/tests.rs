//! Tests of histories and of the way back, one for each rule.

use super::history::History;
use super::undo::{Undo, undo};
use super::{Patch, Workload};
use Workload::{DaemonSet, Deployment, StatefulSet};
use serde_json::{Value, json};

/// A pod template that runs this image.
fn template(image: &str) -> Value {
    let spec = json!({ "containers": [{ "name": "web", "image": image, "resources": {} }] });
    json!({ "metadata": { "labels": { "app": "web" } }, "spec": spec })
}

/// A workload that asks for this image.
fn live(image: &str) -> Value {
    let annotations = json!({ "deployment.kubernetes.io/revision": "3", "team": "shop" });
    let metadata = json!({ "name": "web", "uid": "u1", "resourceVersion": "7", "annotations": annotations });
    json!({ "metadata": metadata, "spec": { "replicas": 1, "template": template(image) } })
}

/// What controls an object.
fn owned_by(uid: &str) -> Value {
    json!([{ "kind": "Deployment", "name": "web", "uid": uid, "controller": true }])
}

/// A ReplicaSet with its revision as it is written, born in this second.
fn set(name: &str, revision: &str, image: &str, born: u32) -> Value {
    let mut template = template(image);
    template["metadata"]["labels"]["pod-template-hash"] = name.into();
    json!({
        "metadata": {
            "name": name, "uid": name, "ownerReferences": owned_by("u1"),
            "creationTimestamp": format!("2026-11-25T09:00:{born:02}Z"),
            "annotations": { "deployment.kubernetes.io/revision": revision },
        },
        "spec": { "replicas": 0, "template": template },
    })
}

/// A ControllerRevision.
fn kept(revision: i64, image: &str) -> Value {
    let mut template = template(image);
    template["$patch"] = "replace".into();
    json!({
        "metadata": { "name": format!("web-{revision}"), "ownerReferences": owned_by("u1") },
        "revision": revision,
        "data": { "spec": { "template": template } },
    })
}

fn history(workload: Workload, image: &str, found: &[Value]) -> History {
    History::new(workload, &live(image), found.to_vec())
}

fn numbers(history: &History) -> Vec<i64> {
    history.revisions.iter().map(|kept| kept.number).collect()
}

fn back(workload: Workload, image: &str, found: &[Value], to: i64) -> Result<Undo, String> {
    undo(workload, &live(image), &history(workload, image, found), to).map_err(|refused| refused.sentence)
}

#[test]
fn revisions_are_sorted_and_the_one_with_the_same_template_is_current() {
    let found = [set("c", "10", "web:3", 3), set("a", "2", "web:1", 1), set("b", "9", "web:2", 2)];
    let history = history(Deployment, "web:2", &found);
    assert_eq!(numbers(&history), [2, 9, 10], "as numbers, not as texts");
    assert_eq!(history.current().unwrap().number, 9, "not the newest, but the one with this template");
    assert_eq!(history.revisions[1].template, template("web:2"), "without the hash");
    let shown = &history.shown()[1];
    assert_eq!((shown.name.as_str(), shown.images.as_slice()), ("b", ["web:2".to_owned()].as_slice()));
    assert!(shown.is_current);
}

#[test]
fn what_another_controller_owns_does_not_count() {
    let mut strange = set("x", "4", "web:9", 4);
    strange["metadata"]["ownerReferences"] = owned_by("u2");
    let mut orphan = set("y", "5", "web:9", 5);
    orphan["metadata"]["ownerReferences"] = json!([{ "uid": "u1", "controller": false }]);
    assert_eq!(numbers(&history(Deployment, "web:1", &[strange, orphan, set("a", "1", "web:1", 1)])), [1]);
    let nobody = History::new(Deployment, &json!({}), vec![json!({ "metadata": { "ownerReferences": owned_by("") } })]);
    assert_eq!(nobody.revisions, [], "an object without UID owns nothing");
}

#[test]
fn a_revision_that_is_no_number_is_told_and_left_out() {
    let history = history(Deployment, "web:1", &[set("a", "one", "web:1", 1), set("b", "2", "web:2", 2)]);
    assert_eq!(numbers(&history), [2]);
    assert_eq!(history.warnings, ["the revision of replicaset a cannot be read: \"one\""]);
}

#[test]
fn a_set_without_revision_counts_as_0() {
    let mut new = set("b", "", "web:2", 2);
    new["metadata"]["annotations"] = Value::Null;
    assert_eq!(numbers(&history(Deployment, "web:2", &[set("a", "1", "web:1", 1), new])), [0, 1]);
}

#[test]
fn of_equal_templates_the_oldest_is_current_and_then_the_first_by_name() {
    let found = [set("c", "3", "web:1", 5), set("b", "2", "web:1", 4), set("a", "1", "web:1", 4)];
    let history = history(Deployment, "web:1", &found);
    let current: Vec<bool> = history.revisions.iter().map(|kept| kept.is_current).collect();
    assert_eq!(current, [true, false, false]);
}

#[test]
fn the_cause_is_what_somebody_said() {
    let mut with = set("a", "1", "web:1", 1);
    with["metadata"]["annotations"]["kubernetes.io/change-cause"] = "new colours".into();
    let mut empty = set("b", "2", "web:2", 2);
    empty["metadata"]["annotations"]["kubernetes.io/change-cause"] = "".into();
    let history = history(Deployment, "web:2", &[with, empty]);
    let causes: Vec<Option<&str>> = history.revisions.iter().map(|kept| kept.cause()).collect();
    assert_eq!(causes, [Some("new colours"), None]);
}

#[test]
fn controller_revisions_keep_whole_templates() {
    let mut part = kept(3, "web:3");
    part["data"]["spec"]["template"].as_object_mut().unwrap().remove("$patch");
    let history = history(StatefulSet, "web:1", &[part, kept(2, "web:2"), kept(1, "web:1")]);
    assert_eq!(numbers(&history), [1, 2]);
    assert_eq!(history.warnings, ["controllerrevision web-3 keeps no whole template"]);
    assert_eq!(history.current().unwrap().template, template("web:1"));
}

#[test]
fn only_the_newest_of_equal_controller_revisions_is_current() {
    let history = history(DaemonSet, "web:1", &[kept(1, "web:1"), kept(2, "web:2"), kept(3, "web:1")]);
    let current: Vec<bool> = history.revisions.iter().map(|kept| kept.is_current).collect();
    assert_eq!(current, [false, false, true]);
}

#[test]
fn without_a_number_the_second_highest_comes_back() {
    let found = [set("c", "10", "web:3", 3), set("a", "2", "web:1", 1), set("b", "9", "web:2", 2)];
    let undo = back(Deployment, "web:3", &found, 0).unwrap();
    assert_eq!((undo.to, undo.from), (9, Some(10)));
    let undo = back(StatefulSet, "web:3", &[kept(1, "web:1"), kept(3, "web:3"), kept(2, "web:2")], 0).unwrap();
    assert_eq!((undo.to, undo.from), (2, Some(3)));
}

#[test]
fn a_number_is_taken_exactly_or_refused() {
    let found = [set("a", "2", "web:1", 1), set("b", "9", "web:2", 2)];
    assert_eq!(back(Deployment, "web:2", &found, 2).unwrap().to, 2);
    for to in [1, -1, -2, i64::MIN] {
        let refused = back(Deployment, "web:2", &found, to).unwrap_err();
        assert_eq!(refused, format!("unable to find specified revision {to} in history"));
    }
    let refused = back(DaemonSet, "web:1", &[kept(1, "web:1")], 4).unwrap_err();
    assert_eq!(refused, "unable to find specified revision 4 in history");
}

#[test]
fn nothing_to_go_back_to_is_said_in_kubectls_words() {
    let refused = back(Deployment, "web:1", &[set("a", "1", "web:1", 1)], 0).unwrap_err();
    assert_eq!(refused, "no rollout history found for deployment \"web\"");
    for workload in [StatefulSet, DaemonSet] {
        assert_eq!(back(workload, "web:1", &[kept(1, "web:1")], 0).unwrap_err(), "no last revision to roll back to");
    }
}

#[test]
fn a_paused_deployment_is_refused_after_its_revision_was_found() {
    let mut paused = live("web:2");
    paused["spec"]["paused"] = true.into();
    let found = vec![set("a", "1", "web:1", 1), set("b", "2", "web:2", 2)];
    let history = History::new(Deployment, &paused, found);
    let refused = |to| undo(Deployment, &paused, &history, to).unwrap_err().sentence;
    assert_eq!(refused(0), "you cannot rollback a paused deployment; resume it first");
    assert_eq!(refused(7), "unable to find specified revision 7 in history");
}

#[test]
fn a_template_that_is_there_already_is_not_sent() {
    let found = [set("a", "1", "web:1", 1), set("b", "2", "web:2", 2)];
    assert_eq!(back(Deployment, "web:2", &found, 2).unwrap().patch, None);
    assert_eq!(back(DaemonSet, "web:1", &[kept(1, "web:1"), kept(2, "web:2")], 1).unwrap().patch, None);
}

#[test]
fn what_go_does_not_tell_from_absent_makes_no_difference() {
    let mut same = set("a", "1", "web:1", 1);
    same["spec"]["template"]["spec"]["containers"][0]["command"] = json!([]);
    same["spec"]["template"]["metadata"]["creationTimestamp"] = Value::Null;
    same["spec"]["template"]["metadata"]["annotations"] = json!({});
    let mut other = set("b", "2", "web:1", 2);
    other["spec"]["template"]["spec"]["securityContext"] = json!({});
    let history = history(Deployment, "web:1", &[same, other]);
    let current: Vec<bool> = history.revisions.iter().map(|kept| kept.is_current).collect();
    assert_eq!(current, [true, false]);
}

#[test]
fn a_deployment_gets_the_template_and_the_annotations_of_its_set() {
    let mut old = set("a", "1", "web:1", 1);
    old["metadata"]["annotations"] = json!({
        "deployment.kubernetes.io/revision": "1", "deployment.kubernetes.io/desired-replicas": "4",
        "deployment.kubernetes.io/max-replicas": "5", "kubernetes.io/change-cause": "first",
    });
    let mut now = live("web:2");
    now["metadata"]["annotations"]["kubectl.kubernetes.io/last-applied-configuration"] = "{}".into();
    let history = History::new(Deployment, &now, vec![old, set("b", "2", "web:2", 2)]);
    let undo = undo(Deployment, &now, &history, 0).unwrap();
    // "team" goes: it was not there then. What belongs to the set does not come.
    let annotations = json!({
        "deployment.kubernetes.io/revision": "3", "kubectl.kubernetes.io/last-applied-configuration": "{}",
        "kubernetes.io/change-cause": "first",
    });
    let operations = json!([
        { "op": "test", "path": "/metadata/uid", "value": "u1" },
        { "op": "test", "path": "/metadata/resourceVersion", "value": "7" },
        { "op": "replace", "path": "/spec/template", "value": template("web:1") },
        { "op": "replace", "path": "/metadata/annotations", "value": annotations },
    ]);
    assert_eq!(undo.patch, Some(Patch::Operations(operations.as_array().unwrap().clone())));
    assert_eq!(undo.notes, ["it is managed by kubectl apply: the next apply will undo the undo"]);
}

#[test]
fn a_deployment_without_annotations_gets_them_all_the_same() {
    let mut now = live("web:2");
    now["metadata"].as_object_mut().unwrap().remove("annotations");
    let history = History::new(Deployment, &now, vec![set("a", "1", "web:1", 1), set("b", "2", "web:2", 2)]);
    let undo = undo(Deployment, &now, &history, 0).unwrap();
    let Some(Patch::Operations(operations)) = undo.patch else { panic!("{undo:?}") };
    let last = operations.last().unwrap();
    assert_eq!((last["op"].as_str(), last["path"].as_str()), (Some("add"), Some("/metadata/annotations")));
    assert_eq!(undo.notes, [""; 0]);
}

#[test]
fn other_kinds_get_what_the_revision_keeps_and_only_as_they_are() {
    for workload in [StatefulSet, DaemonSet] {
        let undo = back(workload, "web:2", &[kept(1, "web:1"), kept(2, "web:2")], 0).unwrap();
        let mut body = kept(1, "web:1")["data"].clone();
        body["metadata"] = json!({ "uid": "u1", "resourceVersion": "7" });
        assert_eq!(undo.patch, Some(Patch::Strategic(body)));
    }
}

#[test]
fn what_hinders_the_way_back_is_said_before() {
    let mut now = live("web:2");
    now["spec"]["updateStrategy"] = json!({ "type": "RollingUpdate", "rollingUpdate": { "partition": 2 } });
    let history = History::new(StatefulSet, &now, vec![kept(1, "web:1"), kept(2, "web:2")]);
    let notes = undo(StatefulSet, &now, &history, 0).unwrap().notes;
    let partition = "its partition is 2: pods below that number keep their template";
    assert_eq!(notes, [partition, "a pod that never becomes ready holds it up: delete that pod"]);
    now["spec"]["updateStrategy"] = json!({ "type": "OnDelete" });
    now["spec"]["podManagementPolicy"] = "Parallel".into();
    let notes = undo(StatefulSet, &now, &history, 0).unwrap().notes;
    assert_eq!(notes, ["its strategy is OnDelete: a pod changes when it is deleted"]);
}
