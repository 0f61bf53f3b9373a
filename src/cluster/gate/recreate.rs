//! `Recreate`: makes a deleted object again, without what only the server sets.

use super::action::{Action, Draft, Plan, Undo};
use super::live::Live;
use super::problem::Problem;
use super::reader::Reader;
use super::wire::Wire;
use futures::FutureExt;
use futures::future::{BoxFuture, ready};
use serde_json::{Map, Value};

/// Fields of the metadata that the server sets.
const SERVERS: [&str; 8] = [
    "uid",
    "resourceVersion",
    "generation",
    "creationTimestamp",
    "deletionTimestamp",
    "deletionGracePeriodSeconds",
    "managedFields",
    "selfLink",
];

/// Labels by which the job controller tells its own pods; the server sets them anew.
const CONTROLLER_UID: [&str; 2] = ["controller-uid", "batch.kubernetes.io/controller-uid"];

/// Makes an object again.
#[derive(Debug, Clone)]
pub struct Recreate {
    object: Value,
}

impl Recreate {
    /// Makes `object` again.
    pub fn of(object: &Value) -> Self {
        Self { object: Self::cleaned(object) }
    }

    /// `object` without what only the server sets.
    pub fn cleaned(object: &Value) -> Value {
        let mut object = object.clone();
        if let Some(map) = object.as_object_mut() {
            map.remove("status");
        }
        if let Some(metadata) = object.get_mut("metadata").and_then(Value::as_object_mut) {
            metadata.retain(|name, _| !SERVERS.contains(&name.as_str()));
        }
        match object.get("kind").and_then(Value::as_str) {
            Some("Job") => forget_controller(&mut object),
            Some("Pod") => drop(remove(&mut object, "/spec", "nodeName")),
            _ => {}
        }
        object
    }
}

impl Action for Recreate {
    fn verb(&self) -> &'static str {
        "undo"
    }

    fn plan<'a>(&'a self, _reader: &'a Reader, live: &'a Live) -> BoxFuture<'a, Result<Plan, Problem>> {
        if live.exists() {
            let taken = Problem::changed(format!("{} exists again", live.target), "there is nothing to take back");
            return ready(Err(taken)).boxed();
        }
        let wire = Wire::post(live.target.collection(), self.object.clone());
        let draft = Draft::new(wire, format!("create {} again", live.target))
            .note("it will have another UID; its status, and what was deleted with it, does not come back")
            .undone_by(Undo::Never);
        ready(Ok(draft.plan())).boxed()
    }
}

/// The selector and labels that the server makes from the old UID.
fn forget_controller(job: &mut Value) {
    if job.pointer("/spec/manualSelector").is_some_and(|manual| *manual == Value::Bool(true)) {
        return;
    }
    remove(job, "/spec", "selector");
    for labels in ["/metadata/labels", "/spec/template/metadata/labels"] {
        for label in CONTROLLER_UID {
            remove(job, labels, label);
        }
    }
}

/// Removes a field of the object at a JSON pointer.
fn remove(object: &mut Value, pointer: &str, name: &str) -> Option<Value> {
    object.pointer_mut(pointer).and_then(Value::as_object_mut).and_then(|map: &mut Map<_, _>| map.remove(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_the_server_sets_is_left_out() {
        let job = json!({"kind": "Job", "metadata": {"name": "j", "uid": "1", "resourceVersion": "2", "managedFields": [],
            "labels": {"app": "x", "controller-uid": "1"}},
            "spec": {"selector": {}, "template": {"metadata": {"labels": {"batch.kubernetes.io/controller-uid": "1"}}}},
            "status": {"active": 1}});
        let want = json!({"kind": "Job", "metadata": {"name": "j", "labels": {"app": "x"}},
            "spec": {"template": {"metadata": {"labels": {}}}}});
        assert_eq!(Recreate::of(&job).object, want);
        let pod = json!({"kind": "Pod", "metadata": {"name": "p"}, "spec": {"nodeName": "n1", "containers": []}});
        assert_eq!(Recreate::of(&pod).object["spec"], json!({"containers": []}));
    }
}
