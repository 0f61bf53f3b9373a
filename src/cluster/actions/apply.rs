//! Server-side apply of a manifest: the fields in it become as they stand there, whether or not the object exists. What
//! others manage is never taken from them unless that is asked for.

use super::Delete;
use crate::cluster::gate::{Action, Danger, Draft, Live, Plan, Problem, Reader, Target, Undo, Wire};
use futures::FutureExt;
use futures::future::{BoxFuture, ready};
use serde_json::{Value, json};
use std::fmt;
use std::sync::Arc;

/// Applies a manifest.
#[derive(Clone)]
pub struct Apply {
    /// The object as it is written.
    pub object: Value,
    /// Whether fields that others manage are taken from them.
    pub force: bool,
    /// What should be known before, `""` when there is nothing.
    pub note: String,
}

/// An object may be a Secret.
impl fmt::Debug for Apply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Apply(force: {})", self.force)
    }
}

impl Action for Apply {
    fn verb(&self) -> &'static str {
        "apply"
    }

    fn danger(&self, _target: &Target) -> Danger {
        if self.force { Danger::Grave } else { Danger::Reversible }
    }

    fn plan<'a>(&'a self, _reader: &'a Reader, live: &'a Live) -> BoxFuture<'a, Result<Plan, Problem>> {
        ready(self.draft(live)).boxed()
    }
}

impl Apply {
    fn draft(&self, live: &Live) -> Result<Plan, Problem> {
        let wire = |force| {
            let wire = Wire::apply(live.target.path(), self.body(live), force);
            // As kubectl 1.36: a field that the server does not know is a mistake in the manifest.
            wire.with("fieldValidation", "Strict")
        };
        let written = self.object.pointer("/metadata/uid").and_then(Value::as_str);
        if written.is_some_and(|uid| live.exists() && uid != live.uid()) {
            return Err(Problem::changed(
                format!("the manifest is of another {} that had this name: its uid differs", live.target),
                "take metadata.uid out of the manifest if this one is meant",
            ));
        }
        let new = if live.exists() { "" } else { ", which is new" };
        let mut draft = Draft::new(wire(self.force), format!("apply {}{new}", live.target));
        if self.force {
            draft = draft.instead_of(wire(false));
        }
        if !live.exists() {
            draft = draft.undone_by(Undo::By(Arc::new(Delete::default())));
        } else if !live.text("/metadata/deletionTimestamp").is_empty() {
            draft = draft.note("it is being deleted: what is applied goes with it");
        }
        if !self.note.is_empty() {
            draft = draft.note(&self.note);
        }
        Ok(draft.plan())
    }

    /// What is sent: the manifest, and the identity of the object that was found.
    fn body(&self, live: &Live) -> Value {
        let mut body = placed(&self.object, &live.target);
        if let Some(metadata) = body.get_mut("metadata").and_then(Value::as_object_mut) {
            // The server keeps them, and refuses a manifest that has some.
            metadata.remove("managedFields");
            if live.exists() {
                metadata.insert("uid".to_owned(), json!(live.uid()));
            }
        }
        body
    }
}

/// `object` with the name and namespace of its target in it.
pub(super) fn placed(object: &Value, target: &Target) -> Value {
    let mut object = object.clone();
    if let Some(metadata) = object.get_mut("metadata").and_then(Value::as_object_mut) {
        metadata.insert("name".to_owned(), json!(target.name));
        if !target.namespace.is_empty() {
            metadata.insert("namespace".to_owned(), json!(target.namespace));
        }
    }
    object
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::actions::testing::{drafted, refused, target};
    use crate::cluster::gate::testing::{Asked, server};
    use crate::cluster::gate::{Change, apply, prepare};

    const UID: &str = "0191f3a2-7c1e-4b5d-9e8f-00aabbccddee";

    fn map(uid: &str) -> Value {
        json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c", "namespace": "a", "uid": uid}, "data": {"k": "old"}})
    }

    fn action(force: bool) -> Apply {
        let object = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c", "managedFields": []}, "data": {"k": "new"}});
        Apply { object, force, note: String::new() }
    }

    #[tokio::test]
    async fn the_manifest_is_sent_for_the_object_that_was_found() {
        let draft = drafted(&action(false), "configmaps", &map(UID)).await;
        assert_eq!(draft.wire.target(), "/api/v1/namespaces/a/configmaps/c?fieldManager=rutter&fieldValidation=Strict");
        let metadata = json!({"name": "c", "namespace": "a", "uid": UID});
        assert_eq!((&draft.wire.body["metadata"], draft.wire.media), (&metadata, "application/apply-patch+yaml"));
        let draft = drafted(&action(true), "configmaps", &map(UID)).await;
        assert!(draft.wire.target().contains("force=true") && !draft.gentle.unwrap().target().contains("force"));
        assert_eq!(action(true).danger(&target("configmaps", &map(UID))), Danger::Grave);
    }

    #[tokio::test]
    async fn a_manifest_of_another_object_is_refused() {
        let mut other = action(false);
        other.object["metadata"]["uid"] = json!("11111111-1111-1111-1111-111111111111");
        assert!(refused(&other, "configmaps", &map(UID)).await.sentence.contains("its uid differs"));
    }

    #[tokio::test]
    async fn what_is_made_can_be_taken_back_by_its_identity() {
        let (reader, writer, _) = server(|asked: &Asked| {
            let missing = asked.line.starts_with("GET");
            Some(if missing { (404, json!({"kind": "Status"})) } else { (201, map(UID)) })
        });
        let unknown = Target { uid: None, ..target("configmaps", &map(UID)) };
        let prepared = prepare(1, (&reader, &writer), Change::of(action(false), vec![unknown])).await;
        let undo = apply((&reader, &writer), prepared).await.outcomes.remove(0).undo.unwrap();
        assert_eq!((undo.action.verb(), undo.target.uid), ("delete", Some(crate::kinds::Uid::parse(UID))));
    }

    #[tokio::test]
    async fn who_loses_what_is_said_before_force() {
        let causes =
            json!([{"reason": "FieldManagerConflict", "message": "conflict with \"helm\"", "field": ".data.k"}]);
        let (reader, writer, _) = server(move |asked: &Asked| {
            let refused = asked.line.starts_with("PATCH") && !asked.line.contains("force=true");
            let status = json!({"kind": "Status", "reason": "Conflict", "details": {"causes": causes}});
            Some(if refused { (409, status) } else { (200, map(UID)) })
        });
        let target = target("configmaps", &map(UID));
        let prepared = prepare(1, (&reader, &writer), Change::of(action(true), vec![target.clone()])).await;
        assert_eq!(prepared.ready().next().unwrap().1.draft.notes, ["taken from others: .data.k: \"helm\""]);
        let prepared = prepare(1, (&reader, &writer), Change::of(action(false), vec![target])).await;
        assert_eq!(prepared.steps[0].ready.as_ref().unwrap_err().details, [".data.k: \"helm\""]);
    }
}
