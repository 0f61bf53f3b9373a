//! Whatever happens to objects between the key and the answer: a change reaches the object that was meant, or none.

use super::testing::{Asked, server};
use super::{Action, Change, Target, apply, prepare};
use crate::cluster::actions::{Cordon, Delete, Label, Marks, Scale, Suspend, Taint};
use crate::kinds::{self, Uid};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use tokio::sync::Mutex;

/// What somebody else does to the object of that name before the server looks at a request.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Else {
    Nothing,
    Touch,
    Delete,
    Replace,
}

/// The object of the name, as a server keeps it, and the UIDs of all that was changed.
struct World {
    kind: &'static str,
    object: Option<(u32, u32)>,
    last: u32,
    hit: Sender<u32>,
}

impl World {
    fn change(&mut self, what: Else) {
        self.last += 1;
        match what {
            Else::Nothing => {}
            Else::Touch => self.object = self.object.map(|(uid, _)| (uid, self.last)),
            Else::Delete => self.object = None,
            Else::Replace => self.object = Some((self.last, self.last)),
        }
    }

    fn object(&self, (uid, version): (u32, u32)) -> Value {
        let metadata =
            json!({"name": "x", "namespace": "a", "uid": uid.to_string(), "resourceVersion": version.to_string()});
        json!({"kind": self.kind, "metadata": metadata, "spec": {"replicas": 1}})
    }

    /// As a real server: it checks what a request names, and nothing else.
    fn answer(&mut self, asked: &Asked) -> (u16, Value) {
        if asked.line.contains("horizontalpodautoscalers") {
            return (200, json!({"items": []}));
        }
        let Some(now @ (uid, version)) = self.object else {
            return (404, json!({"reason": "NotFound", "message": "not found"}));
        };
        let named = |pointer: &str| asked.body.pointer(pointer).and_then(Value::as_str);
        let differs = |pointer: &str, is: u32| named(pointer).is_some_and(|named| named != is.to_string());
        if differs("/preconditions/uid", uid) {
            let said = "the UID in the precondition (1) does not match the UID in record (2)";
            return (409, json!({"reason": "Conflict", "message": said}));
        }
        if differs("/metadata/uid", uid) {
            return (422, json!({"reason": "Invalid", "message": "metadata.uid: Invalid value: field is immutable"}));
        }
        if differs("/metadata/resourceVersion", version) {
            return (409, json!({"reason": "Conflict", "message": "the object has been modified"}));
        }
        if !asked.line.starts_with("GET") && !asked.is_dry() {
            self.hit.send(uid).expect("the test listens");
        }
        (200, self.object(now))
    }
}

/// The actions, each with the kind that it is for.
fn actions() -> Vec<(&'static str, Arc<dyn Action>)> {
    vec![
        ("pods", Arc::new(Delete::default())),
        ("pods", Arc::new(Label::parse(Marks::Labels, &["a=b"]).unwrap())),
        ("nodes", Arc::new(Cordon { on: true })),
        ("nodes", Arc::new(Taint::parse(&["a=b:NoSchedule"]).unwrap())),
        ("deployments", Arc::new(Scale { replicas: 3, shown: None })),
        ("jobs", Arc::new(Suspend { on: Some(true) })),
    ]
}

/// Plays it; the UIDs that were hit.
async fn play((plural, action): (&'static str, Arc<dyn Action>), story: Vec<Else>) -> Vec<u32> {
    let names = kinds::find(plural).unwrap().names();
    let (hit, hits): (_, Receiver<u32>) = channel();
    let world = World { kind: names.kind, object: Some((1, 1)), last: 1, hit };
    // Requests come one after the other; the story is told in their order.
    let world = Mutex::new((world, story.into_iter()));
    let (reader, writer, _asked) = server(move |asked| {
        let (world, story) = &mut *world.try_lock().unwrap();
        world.change(story.next().unwrap_or(Else::Nothing));
        Some(world.answer(asked))
    });
    let uid = Some(Uid::parse("1"));
    let namespace = if names.namespaced { "a" } else { "" }.to_owned();
    let target = Target { names, namespace, name: "x".into(), uid };
    let change = Change { parts: vec![super::Part { action, target }], then: String::new() };
    let prepared = prepare(1, (&reader, &writer), change).await;
    apply((&reader, &writer), prepared).await;
    hits.try_iter().collect()
}

fn story() -> impl Strategy<Value = Vec<Else>> {
    let one = prop_oneof![
        4 => Just(Else::Nothing),
        2 => Just(Else::Touch),
        1 => Just(Else::Delete),
        2 => Just(Else::Replace),
    ];
    prop::collection::vec(one, 0..24)
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap()
}

proptest! {
    #[test]
    fn another_object_is_never_hit(at in 0..actions().len(), story in story()) {
        let action = actions().swap_remove(at);
        let hits = runtime().block_on(play(action, story));
        prop_assert!(hits.is_empty() || hits == [1], "{hits:?}");
    }
}

/// Each action does reach its object where nobody else acts: so the property says something.
#[test]
fn the_object_that_was_meant_is_hit() {
    for action in actions() {
        let told = format!("{action:?}");
        assert_eq!(runtime().block_on(play(action, Vec::new())), [1], "{told}");
    }
}
