//! An edited object: only the fields that were edited are sent, as kubectl 1.36 `edit` does: a strategic merge patch for
//! built-in kinds, a JSON merge patch for others.

use crate::cluster::edit::Sheet;
use crate::cluster::gate::{Action, Draft, Live, Plan, Problem, Reader, Wire};
use crate::cluster::strategic;
use futures::FutureExt;
use futures::future::{BoxFuture, ready};
use serde_json::{Value, json};
use std::fmt;

/// Sends what was edited.
#[derive(Clone)]
pub struct Edit {
    /// The object as it was given to the editor.
    pub sheet: Sheet,
    /// The object as it came back.
    pub edited: Value,
}

/// An object may be a Secret.
impl fmt::Debug for Edit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Edit")
    }
}

impl Action for Edit {
    fn verb(&self) -> &'static str {
        "edit"
    }

    fn plan<'a>(&'a self, _reader: &'a Reader, live: &'a Live) -> BoxFuture<'a, Result<Plan, Problem>> {
        ready(self.draft(live)).boxed()
    }
}

impl Edit {
    fn draft(&self, live: &Live) -> Result<Plan, Problem> {
        let conflicts = self.sheet.conflicts(&self.edited, &live.object);
        if !conflicts.is_empty() {
            let fields: Vec<String> = conflicts.iter().map(ToString::to_string).collect();
            return Err(Problem::changed(
                crate::text::safe(&fields.join("; ")).into_owned(),
                "edit it again from what is there now",
            ));
        }
        let url = live.target.path();
        let built_in = live.target.is_built_in();
        let make = if built_in { strategic::two_way } else { strategic::merge };
        let patch = make(&self.sheet.base, &self.edited);
        if patch == json!({}) {
            return Ok(Plan::Nothing("no changes were made".to_owned()));
        }
        // With the version: who changes the same field before this is confirmed is not overwritten either.
        let patch = live.pinned(patch);
        let wire = if built_in { Wire::strategic(url, patch) } else { Wire::merge(url, patch) };
        Ok(Draft::new(wire.with("fieldValidation", "Strict"), format!("edit {}", live.target)).plan())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::actions::testing::{drafted, nothing, refused};

    fn deployment() -> Value {
        json!({"apiVersion": "apps/v1", "kind": "Deployment",
            "metadata": {"name": "web", "namespace": "a", "uid": "u", "resourceVersion": "7"}, "spec": {"replicas": 3, "paused": false}})
    }

    fn edit(change: impl Fn(&mut Value)) -> Edit {
        let mut edited = deployment();
        change(&mut edited);
        Edit { sheet: Sheet::new(deployment()), edited }
    }

    #[tokio::test]
    async fn only_edited_fields_are_sent() {
        let action = edit(|object| object["spec"]["replicas"] = json!(5));
        let mut live = deployment();
        live["spec"]["paused"] = json!(true);
        live["metadata"]["resourceVersion"] = json!("9");
        let draft = drafted(&action, "deployments", &live).await;
        assert_eq!(draft.wire.body, json!({"spec": {"replicas": 5}, "metadata": {"uid": "u", "resourceVersion": "9"}}));
        assert!(draft.wire.target().ends_with("?fieldManager=rutter&fieldValidation=Strict"));
        assert_eq!(nothing(&edit(|_| {}), "deployments", &live).await, "no changes were made");
    }

    #[tokio::test]
    async fn a_field_that_somebody_else_changed_is_not_overwritten() {
        let mut live = deployment();
        live["spec"]["replicas"] = json!(9);
        let problem = refused(&edit(|object| object["spec"]["replicas"] = json!(5)), "deployments", &live).await;
        assert_eq!(problem.sentence, "spec.replicas was 3, is 9 on the server now, and you set 5");
    }
}
