//! Deletion, as kubectl 1.36 `pkg/cmd/delete`, and stricter: only the object that was seen, by its UID.

use crate::cluster::gate::{Action, Danger, Draft, Live, Plan, Problem, Reader, Target, Undo, Wire};
use crate::cluster::json::put;
use crate::text::safe;
use futures::FutureExt;
use futures::future::{BoxFuture, ready};
use serde_json::{Value, json};

/// Kinds whose deletion takes much else with it.
const GRAVE: [&str; 5] =
    ["namespaces", "customresourcedefinitions", "persistentvolumes", "persistentvolumeclaims", "nodes"];

/// What happens to what the object owns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Propagation {
    /// It is deleted afterwards.
    #[default]
    Background,
    /// It is deleted first.
    Foreground,
    /// It stays, without an owner.
    Orphan,
}

impl Propagation {
    /// As the API calls it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Background => "Background",
            Self::Foreground => "Foreground",
            Self::Orphan => "Orphan",
        }
    }
}

/// Deletes an object.
#[derive(Debug, Clone, Copy, Default)]
pub struct Delete {
    /// What happens to what it owns.
    pub propagation: Propagation,
    /// Seconds that its containers have to end; `None` leaves it to the object.
    pub grace: Option<u32>,
    /// Whether nobody waits for the kubelet to say that the containers ended.
    pub force: bool,
}

impl Action for Delete {
    fn verb(&self) -> &'static str {
        "delete"
    }

    fn danger(&self, target: &Target) -> Danger {
        if self.force || GRAVE.contains(&target.names.plural) { Danger::Grave } else { Danger::Reversible }
    }

    fn kubectl(&self, target: &Target) -> Option<String> {
        let grace =
            self.grace.filter(|_| !self.force).map(|seconds| format!(" --grace-period={seconds}")).unwrap_or_default();
        let force = if self.force { " --force" } else { "" };
        let cascade = match self.propagation {
            Propagation::Background => "",
            Propagation::Foreground => " --cascade=foreground",
            Propagation::Orphan => " --cascade=orphan",
        };
        Some(format!("delete {}{grace}{force}{cascade}", target.kubectl()))
    }

    fn plan<'a>(&'a self, _reader: &'a Reader, live: &'a Live) -> BoxFuture<'a, Result<Plan, Problem>> {
        if !live.exists() {
            return ready(Ok(Plan::Nothing(format!("{} is not there", live.target)))).boxed();
        }
        ready(Ok(self.draft(live))).boxed()
    }
}

impl Delete {
    fn draft(self, live: &Live) -> Plan {
        let options = json!({
            "kind": "DeleteOptions", "apiVersion": "v1",
            "propagationPolicy": self.propagation.name(),
            "preconditions": {"uid": live.uid()},
        });
        let mut wire = Wire::delete(live.target.path(), options);
        if let Some(seconds) = self.seconds() {
            put(&mut wire.body, &["gracePeriodSeconds"], json!(seconds));
        }
        let mut draft = Draft::new(wire, format!("delete {}", live.target)).brief().undone_by(Undo::Recreate);
        for note in self.notes(live) {
            draft = draft.note(note);
        }
        draft.plan()
    }

    /// As kubectl: force means no grace, and without it no grace at all becomes a second.
    fn seconds(self) -> Option<u32> {
        match self.grace {
            _ if self.force => Some(0),
            Some(0) => Some(1),
            grace => grace,
        }
    }

    fn notes(self, live: &Live) -> Vec<String> {
        let mut notes = Vec::new();
        if self.force {
            notes.push("nobody waits for confirmation that it ended: it may go on running on its node".to_owned());
        }
        match self.propagation {
            Propagation::Orphan => notes.push("what it owns stays".to_owned()),
            Propagation::Foreground => notes.push("what it owns is deleted first".to_owned()),
            Propagation::Background => {}
        }
        if live.target.names.plural == "namespaces" {
            notes.push("everything in it is deleted as well".to_owned());
        }
        if !live.text("/metadata/deletionTimestamp").is_empty() {
            notes.push("its deletion was asked for already".to_owned());
        }
        let held = live.object.pointer("/metadata/finalizers").and_then(Value::as_array);
        let held: Vec<&str> = held.into_iter().flatten().filter_map(Value::as_str).collect();
        if !held.is_empty() {
            notes.push(format!("it stays Terminating until its finalizers are done: {}", safe(&held.join(", "))));
        }
        if let Some(owner) = live.object.pointer("/metadata/ownerReferences/0") {
            let text = |name: &str| owner.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
            let owner = format!("{} {}", text("kind").to_lowercase(), text("name"));
            notes.push(format!("its owner, {}, may make another one", safe(&owner)));
        }
        notes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::actions::testing::{drafted, target};

    fn pod() -> Value {
        json!({"kind": "Pod", "metadata": {"name": "p", "namespace": "a", "uid": "u"}})
    }

    #[tokio::test]
    async fn only_what_was_seen_is_deleted() {
        let draft = drafted(&Delete::default(), "pods", &pod()).await;
        assert_eq!(draft.wire.method, http::Method::DELETE);
        let want = json!({"kind": "DeleteOptions", "apiVersion": "v1", "propagationPolicy": "Background", "preconditions": {"uid": "u"}});
        assert_eq!(draft.wire.body, want);
    }

    #[tokio::test]
    async fn grace_is_kubectls() {
        for (grace, force, want) in [
            (None, false, Value::Null),
            (Some(0), false, json!(1)),
            (Some(30), false, json!(30)),
            (None, true, json!(0)),
        ] {
            let delete = Delete { grace, force, ..Delete::default() };
            let draft = drafted(&delete, "pods", &pod()).await;
            assert_eq!(draft.wire.body.get("gracePeriodSeconds").cloned().unwrap_or_default(), want, "{delete:?}");
        }
    }

    #[tokio::test]
    async fn what_holds_it_and_what_comes_after_is_said() {
        let mut held = pod();
        held["metadata"]["finalizers"] = json!(["example.com/x"]);
        held["metadata"]["ownerReferences"] = json!([{"kind": "ReplicaSet", "name": "web-1"}]);
        let notes = drafted(&Delete { force: true, ..Delete::default() }, "pods", &held).await.notes.join("; ");
        for part in ["example.com/x", "replicaset web-1", "may go on running"] {
            assert!(notes.contains(part), "{notes}");
        }
    }

    #[test]
    fn what_takes_much_with_it_is_grave() {
        assert_eq!(Delete::default().danger(&target("pods", &pod())), Danger::Reversible);
        assert_eq!(Delete { force: true, ..Delete::default() }.danger(&target("pods", &pod())), Danger::Grave);
        assert_eq!(Delete::default().danger(&target("namespaces", &pod())), Danger::Grave);
    }
}
