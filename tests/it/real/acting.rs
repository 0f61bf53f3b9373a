//! Acting on the real server while somebody else does, too: nothing is overwritten, and no other object is hit.

use super::rollouts::Place;
use rutter::cluster::actions::{Delete, Edit, Label, Marks, Suspend, Trigger};
use rutter::cluster::edit::Sheet;
use rutter::cluster::gate::{Problem, Trouble};
use serde_json::{Value, json};

/// Why the first of the outcomes is none.
fn problem(applied: &rutter::cluster::gate::Applied) -> &Problem {
    applied.outcomes[0].result.as_ref().expect_err("it is refused")
}

fn edit(read: &Value, pointer: &str, value: Value) -> Edit {
    let sheet = Sheet::new(read.clone());
    let mut edited = sheet.base.clone();
    *edited.pointer_mut(pointer).expect("a field") = value;
    Edit { sheet, edited }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_overwrites_nobodys_change() {
    let Some(place) = Place::new("acting-edit").await else { return };
    place.kubectl(&["create", "configmap", "c", "--from-literal=a=1", "--from-literal=b=1"]);
    let read = place.object("configmap", "c");
    let patch = |data: Value| place.kubectl(&["patch", "configmap", "c", "-p", &json!({"data": data}).to_string()]);

    // Another field than ours: both stay.
    patch(json!({"b": "theirs"}));
    place.change(edit(&read, "/data/a", json!("ours")), "configmap", "c").await;
    assert_eq!(place.object("configmap", "c")["data"], json!({"a": "ours", "b": "theirs"}));

    // The same field, before it is prepared.
    let read = place.object("configmap", "c");
    patch(json!({"a": "theirs"}));
    let prepared = place.prepare(edit(&read, "/data/a", json!("mine")), place.target("configmap", "c")).await;
    let refused = prepared.steps[0].ready.as_ref().expect_err("a refusal");
    assert_eq!(refused.trouble, Trouble::Changed, "{refused}");
    assert!(refused.to_string().contains("data.a was"), "{refused}");

    // The same field, between the look and the word.
    let read = place.object("configmap", "c");
    let prepared = place.prepare(edit(&read, "/data/a", json!("mine")), place.target("configmap", "c")).await;
    assert_eq!(prepared.ready().count(), 1, "{prepared:?}");
    patch(json!({"a": "later"}));
    let applied = place.apply(prepared).await;
    assert_eq!(problem(&applied).trouble, Trouble::Changed, "{applied:?}");
    assert_eq!(place.object("configmap", "c")["data"]["a"], "later");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_finalizers_hold_stays_and_this_is_told() {
    let Some(place) = Place::new("acting-finalizers").await else { return };
    place.kubectl(&["create", "configmap", "held"]);
    let hold = |held: Value| json!({"metadata": {"finalizers": held}}).to_string();
    place.kubectl(&["patch", "configmap", "held", "-p", &hold(json!(["example.com/hold"]))]);
    let prepared = place.prepare(Delete::default(), place.target("configmap", "held")).await;
    let notes = prepared.ready().next().expect("it can be").1.draft.notes.join("; ");
    assert!(notes.contains("it stays Terminating until its finalizers are done: example.com/hold"), "{notes}");
    let applied = place.apply(prepared).await;
    assert!(applied.outcomes[0].result.is_ok(), "{applied:?}");
    assert!(place.object("configmap", "held")["metadata"]["deletionTimestamp"].is_string());
    let again = place.prepare(Delete::default(), place.target("configmap", "held")).await;
    let notes = again.ready().next().expect("it can be").1.draft.notes.join("; ");
    assert!(notes.contains("its deletion was asked for already"), "{notes}");
    place.kubectl(&["patch", "configmap", "held", "--type=merge", "-p", &hold(Value::Null)]);
    assert_eq!(place.kubectl(&["get", "configmap", "held", "--ignore-not-found"]), "");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_replaced_is_not_deleted() {
    let Some(place) = Place::new("acting-replaced").await else { return };
    let makes: [&[&str]; 2] = [&["run", "x", "--image=x"], &["create", "configmap", "x"]];
    for (kind, make) in ["pod", "configmap"].into_iter().zip(makes) {
        place.kubectl(make);
        let old = place.target(kind, "x");
        let prepared = place.prepare(Delete::default(), old.clone()).await;
        assert_eq!(prepared.ready().count(), 1, "{prepared:?}");
        place.kubectl(&["delete", kind, "x", "--force"]);
        place.kubectl(make);
        let applied = place.apply(prepared).await;
        assert_eq!(problem(&applied).trouble, Trouble::Changed, "{kind}: {applied:?}");
        assert!(problem(&applied).sentence.contains("it was replaced"), "{kind}: {applied:?}");
        let late = place.prepare(Delete::default(), old).await;
        let refused = late.steps[0].ready.as_ref().expect_err("a refusal");
        assert!(refused.sentence.contains("was replaced"), "{kind}: {refused}");
        assert_eq!(place.object(kind, "x")["metadata"]["deletionTimestamp"], Value::Null, "{kind}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn labels_are_overwritten_only_when_told_to() {
    let Some(place) = Place::new("acting-labels").await else { return };
    place.kubectl(&["create", "configmap", "c"]);
    let label = |words: &[&str]| Label::parse(Marks::Labels, words).expect("a label");
    place.change(label(&["tier=front"]), "configmap", "c").await;
    let prepared = place.prepare(label(&["tier=back"]), place.target("configmap", "c")).await;
    let refused = prepared.steps[0].ready.as_ref().expect_err("a refusal");
    assert!(refused.sentence.contains("--overwrite is false"), "{refused}");
    place.change(label(&["tier=back", "--overwrite"]), "configmap", "c").await;
    assert_eq!(place.object("configmap", "c")["metadata"]["labels"]["tier"], "back");
}

#[tokio::test(flavor = "multi_thread")]
async fn cron_jobs_are_suspended_and_triggered() {
    let Some(place) = Place::new("acting-jobs").await else { return };
    place.kubectl(&["create", "cronjob", "nightly", "--image=x", "--schedule=0 0 1 1 *"]);
    place.change(Suspend { on: None }, "cronjob", "nightly").await;
    assert_eq!(place.object("cronjob", "nightly")["spec"]["suspend"], true);
    place.change(Trigger { suffix: "now".into() }, "cronjob", "nightly").await;
    place.kubectl(&["wait", "job/nightly-now", "--for=jsonpath={.status.startTime}", "--timeout=60s"]);
    let job = place.object("job", "nightly-now");
    assert_eq!(job["metadata"]["ownerReferences"][0]["name"], "nightly");
    place.change(Suspend { on: Some(false) }, "cronjob", "nightly").await;
    assert_eq!(place.object("cronjob", "nightly")["spec"]["suspend"], false);
}
