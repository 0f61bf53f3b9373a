//! Something new: it is made, and nothing that exists is touched.

use super::Delete;
use super::apply::placed;
use crate::cluster::gate::{Action, Draft, Live, Plan, Problem, Reader, Undo, Wire};
use crate::cluster::url;
use crate::kinds;
use crate::text::safe;
use futures::FutureExt;
use futures::future::{BoxFuture, ready};
use serde_json::Value;
use std::fmt;
use std::sync::Arc;

/// Makes an object.
#[derive(Clone)]
pub struct Create {
    /// The object.
    pub object: Value,
    /// What should be known before, `""` when there is nothing.
    pub note: String,
}

/// An object may be a Secret.
impl fmt::Debug for Create {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Create")
    }
}

impl Action for Create {
    fn verb(&self) -> &'static str {
        "create"
    }

    fn plan<'a>(&'a self, _reader: &'a Reader, live: &'a Live) -> BoxFuture<'a, Result<Plan, Problem>> {
        ready(made(live, placed(&self.object, &live.target)).map(|draft| match self.note.as_str() {
            "" => draft.plan(),
            note => draft.note(note).plan(),
        }))
        .boxed()
    }
}

/// The draft that makes `object`, which is what `live` is read for.
///
/// # Errors
/// When there is one of this name.
pub(super) fn made(live: &Live, mut object: Value) -> Result<Draft, Problem> {
    if live.exists() {
        return Err(Problem::new(
            format!("{} exists already", live.target),
            "create makes only what is not there: apply changes it",
        ));
    }
    if let Some(metadata) = object.get_mut("metadata").and_then(Value::as_object_mut) {
        // The server refuses to make something that has them.
        metadata.retain(|name, _| !matches!(name.as_str(), "uid" | "resourceVersion" | "managedFields"));
    }
    let wire = Wire::post(live.target.collection(), object).with("fieldValidation", "Strict");
    Ok(Draft::new(wire, format!("create {}", live.target)).undone_by(Undo::By(Arc::new(Delete::default()))))
}

/// The plan that makes `object`, of the kind `plural`, for what `live` is.
///
/// # Errors
/// When the kind is not known.
pub(super) fn posted(live: &Live, plural: &str, object: Value, shown: &str) -> Result<Plan, Problem> {
    let names = kinds::find(plural).ok_or_else(|| Problem::new(format!("{plural} are not known"), ""))?.names();
    let namespace = &live.target.namespace;
    let (kind, name) =
        (names.kind.to_lowercase(), object.pointer("/metadata/name").and_then(Value::as_str).unwrap_or(""));
    let effect = format!("create {kind} {namespace}/{} ({}) for {}", safe(name), safe(shown), live.target);
    let wire = Wire::post(url::collection(names, Some(namespace)), object).with("fieldValidation", "Strict");
    Ok(Draft::new(wire, effect).undone_by(Undo::Never).plan())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::actions::testing::{refused, target};
    use serde_json::json;

    fn map() -> Value {
        json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c", "namespace": "a", "uid": "u"}})
    }

    #[tokio::test]
    async fn what_exists_is_not_touched() {
        let create = Create { object: map(), note: String::new() };
        assert_eq!(refused(&create, "configmaps", &map()).await.sentence, "configmap a/c exists already");
    }

    #[test]
    fn something_new_is_posted() {
        let live = Live { target: target("configmaps", &map()), object: Value::Null };
        let draft = made(&live, map()).unwrap();
        assert_eq!(draft.wire.target(), "/api/v1/namespaces/a/configmaps?fieldManager=rutter&fieldValidation=Strict");
        assert_eq!(draft.wire.body["metadata"], json!({"name": "c", "namespace": "a"}));
    }
}
