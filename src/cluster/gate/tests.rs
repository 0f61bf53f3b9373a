//! The gate as a whole, against a server that answers what a test wants.

use super::testing::{Asked, server};
use super::*;
use crate::kinds::{self, Uid};
use futures::FutureExt;
use futures::future::{BoxFuture, ready};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

const UID: &str = "0191f3a2-7c1e-4b5d-9e8f-00aabbccddee";

/// Sets a label.
#[derive(Debug)]
struct Label(&'static str);

impl Action for Label {
    fn verb(&self) -> &'static str {
        "label"
    }

    fn plan<'a>(&'a self, _: &'a Reader, live: &'a Live) -> BoxFuture<'a, Result<Plan, Problem>> {
        let patch = live.pinned(json!({"metadata": {"labels": {"a": self.0}}}));
        ready(Ok(Draft::new(Wire::merge(live.target.path(), patch), format!("label {}", live.target)).plan())).boxed()
    }
}

fn node(uid: &str, version: u32, labels: &Value) -> Value {
    json!({"kind": "Node", "apiVersion": "v1",
        "metadata": {"name": "n1", "uid": uid, "resourceVersion": version.to_string(), "labels": labels}})
}

fn target() -> Target {
    let names = kinds::find("nodes").unwrap().names();
    Target { names, namespace: String::new(), name: "n1".into(), uid: Some(Uid::parse(UID)) }
}

fn conflict() -> Option<(u16, Value)> {
    Some((409, json!({"kind": "Status", "reason": "Conflict", "message": "the object has been modified"})))
}

async fn run(lanes: (&Reader, &Writer)) -> Applied {
    let prepared = prepare(1, lanes, Change::of(Label("new"), vec![target()])).await;
    apply(lanes, prepared).await
}

#[tokio::test]
async fn what_was_rehearsed_is_sent_and_nothing_else() {
    let (reader, writer, asked) = server(|asked| {
        let labels = if asked.line.starts_with("GET") { json!({"a": "old"}) } else { json!({"a": "new"}) };
        Some((200, node(UID, 7, &labels)))
    });
    let prepared = prepare(1, (&reader, &writer), Change::of(Label("new"), vec![target()])).await;
    let before: Vec<Asked> = asked.try_iter().collect();
    assert_eq!(before.len(), 2);
    assert!(before[1].is_dry(), "{before:?}");
    let (_, ready) = prepared.ready().next().unwrap();
    let changed = differences(&ready.before.object, ready.after.as_ref().unwrap());
    assert_eq!(changed[0].path, "/metadata/labels/a");
    let applied = apply((&reader, &writer), prepared).await;
    let sent: Vec<Asked> = asked.try_iter().collect();
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0].line, "PATCH /api/v1/nodes/n1?fieldManager=rutter");
    assert_eq!(sent[0].body["metadata"], json!({"labels": {"a": "new"}, "uid": UID, "resourceVersion": "7"}));
    assert_eq!((&sent[0].body, &sent[0].media), (&before[1].body, &before[1].media));
    assert_eq!(applied.outcomes[0].result, Ok(vec![]));
}

#[tokio::test]
async fn a_replaced_object_is_never_hit() {
    let other = "11111111-7c1e-4b5d-9e8f-00aabbccddee";
    let (reader, writer, asked) = server(move |_| Some((200, node(other, 7, &json!({})))));
    let prepared = prepare(1, (&reader, &writer), Change::of(Label("new"), vec![target()])).await;
    let problem = prepared.steps[0].ready.as_ref().unwrap_err();
    assert!(problem.sentence.contains("node n1 was replaced since you looked"), "{problem}");
    assert!(apply((&reader, &writer), prepared).await.outcomes.is_empty());
    assert!(asked.try_iter().all(|asked| asked.line.starts_with("GET")));
}

#[tokio::test]
async fn after_a_conflict_the_same_change_is_sent_again_and_another_is_not() {
    for (other, want) in [("status only", true), ("the same label", false)] {
        let version = Arc::new(AtomicU32::new(7));
        let (reader, writer, _) = server(move |asked| {
            let now = version.load(Ordering::SeqCst);
            let theirs = if now == 8 && other == "the same label" { "theirs" } else { "old" };
            if asked.line.starts_with("GET") {
                return Some((200, node(UID, now, &json!({"a": theirs}))));
            }
            if !asked.is_dry() && now == 7 {
                version.store(8, Ordering::SeqCst);
                return conflict();
            }
            Some((200, node(UID, now + 1, &json!({"a": "new"}))))
        });
        let result = run((&reader, &writer)).await.outcomes[0].result.clone();
        assert_eq!(result.is_ok(), want, "{other}: {result:?}");
        if let Err(problem) = result {
            assert_eq!(problem.sentence, "it changed since you confirmed: nothing was sent");
        }
    }
}

#[tokio::test]
async fn a_lost_answer_is_not_repeated_and_what_is_true_is_told() {
    for (kept, want) in [(true, "read again: it is as it should be"), (false, "read again: nothing was changed")] {
        let version = Arc::new(AtomicU32::new(7));
        let (reader, writer, asked) = server(move |asked| {
            let now = version.load(Ordering::SeqCst);
            let labels = |new: bool| if new { json!({"a": "new"}) } else { json!({"a": "old"}) };
            match () {
                () if asked.line.starts_with("GET") => Some((200, node(UID, now, &labels(now == 8)))),
                () if asked.is_dry() => Some((200, node(UID, now, &labels(true)))),
                () => {
                    version.store(if kept { 8 } else { 7 }, Ordering::SeqCst);
                    None
                }
            }
        });
        let outcome = run((&reader, &writer)).await.outcomes.remove(0);
        let problem = outcome.result.unwrap_err();
        assert_eq!((problem.trouble, problem.hint.as_str()), (Trouble::Lost, want));
        let sent = asked.try_iter().filter(|asked| asked.line.starts_with("PATCH") && !asked.is_dry()).count();
        assert_eq!(sent, 1);
    }
}

#[tokio::test]
async fn only_of_a_change_it_is_not_known_whether_it_was_done() {
    for code in [502, 503, 504] {
        let (reader, writer, _) = server(move |_| Some((code, json!({"message": "service unavailable"}))));
        let read = reader.get("/apis/metrics.k8s.io/v1beta1/nodes").await.unwrap_err();
        assert!(read.is_away() && read.sentence == "service unavailable", "{read:?}");
        let sent = writer.send(&Wire::merge("/api/v1/nodes/n1".to_owned(), json!({}))).await.unwrap_err();
        assert_eq!(sent.trouble, Trouble::Lost);
    }
}

#[tokio::test]
async fn undo_restores_fields_and_refuses_when_they_changed_since() {
    let (reader, writer, _) = server(|asked| {
        let labels = if asked.line.starts_with("GET") { json!({"a": "old"}) } else { json!({"a": "new"}) };
        Some((200, node(UID, 7, &labels)))
    });
    let undo = run((&reader, &writer)).await.outcomes.remove(0).undo.unwrap();
    let live = |labels: &Value| Live { target: target(), object: node(UID, 9, labels) };
    let Plan::Send(draft) = undo.action.plan(&reader, &live(&json!({"a": "new", "b": "1"}))).await.unwrap() else {
        panic!("nothing to undo")
    };
    assert_eq!(draft.effect, "undo: label node n1");
    assert_eq!(draft.wire.body[2], json!({"op": "add", "path": "/metadata/labels/a", "value": "old"}));
    let problem = undo.action.plan(&reader, &live(&json!({"a": "theirs"}))).await.unwrap_err();
    assert_eq!(problem.sentence, "metadata.labels.a was changed since: it was set to \"new\", now it is \"theirs\"");
}

#[tokio::test]
async fn a_refused_rehearsal_says_why_and_a_webhook_that_cannot_rehearse_is_told() {
    let refused = |asked: &Asked, message: &str, code: u16| {
        let answer = json!({"kind": "Status", "message": message});
        Some(if asked.line.starts_with("GET") { (200, node(UID, 7, &json!({}))) } else { (code, answer) })
    };
    let (reader, writer, _) = server(move |asked| refused(asked, "spec is immutable", 422));
    let prepared = prepare(1, (&reader, &writer), Change::of(Label("new"), vec![target()])).await;
    assert_eq!(prepared.steps[0].ready.as_ref().unwrap_err().sentence, "spec is immutable");
    let webhook = "admission webhook \"w\" does not support dry run";
    let (reader, writer, _) = server(move |asked| refused(asked, webhook, 400));
    let prepared = prepare(1, (&reader, &writer), Change::of(Label("new"), vec![target()])).await;
    let (_, ready) = prepared.ready().next().unwrap();
    assert!(ready.after.is_none() && ready.draft.notes[0].contains(webhook), "{:?}", ready.draft.notes);
}

#[tokio::test]
async fn a_rehearsal_in_the_middle_of_a_rollout_is_made_again_but_not_for_ever() {
    for (conflicts, works) in [(3, true), (99, false)] {
        let count = AtomicU32::new(0);
        let (reader, writer, asked) = server(move |asked| {
            let before = count.fetch_add(u32::from(asked.is_dry()), Ordering::Relaxed);
            if asked.is_dry() && before < conflicts { conflict() } else { Some((200, node(UID, before, &json!({})))) }
        });
        let prepared = prepare(1, (&reader, &writer), Change::of(Label("new"), vec![target()])).await;
        assert_eq!(prepared.ready().count() == 1, works, "{prepared:?}");
        assert!(asked.try_iter().all(|asked| asked.is_dry() || asked.line.starts_with("GET")));
    }
}
