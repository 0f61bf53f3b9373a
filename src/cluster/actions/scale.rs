//! Scaling, through the `scale` subresource, as kubectl 1.36 `pkg/scale`.

use crate::cluster::gate::{Action, Draft, Live, Plan, Problem, Reader, Target, Undo, Wire};
use crate::cluster::json::put;
use futures::FutureExt;
use futures::future::BoxFuture;
use serde_json::{Value, json};
use std::sync::Arc;

/// Sets the number of replicas.
#[derive(Debug, Clone, Copy)]
pub struct Scale {
    /// How many are wanted.
    pub replicas: i64,
    /// How many the person saw; stricter than kubectl, which takes this only when asked (`--current-replicas`).
    pub shown: Option<i64>,
}

impl Action for Scale {
    fn verb(&self) -> &'static str {
        "scale"
    }

    fn kubectl(&self, target: &Target) -> Option<String> {
        let current = self.shown.map(|shown| format!(" --current-replicas={shown}")).unwrap_or_default();
        Some(format!("scale {} --replicas={}{current}", target.kubectl(), self.replicas))
    }

    fn plan<'a>(&'a self, reader: &'a Reader, live: &'a Live) -> BoxFuture<'a, Result<Plan, Problem>> {
        async move {
            let path = live.target.subresource("scale");
            let mut scale = reader.get(&path).await?;
            // It may be that of another object, which has come between the two reads.
            if scale.pointer("/metadata/uid").and_then(Value::as_str) != Some(live.uid()) {
                return Err(Problem::changed(
                    format!("{} was replaced since you looked: another object has this name now", live.target),
                    "look at the new one and act again if you still want to",
                ));
            }
            let draft = self.draft(live, &mut scale, path)?;
            Ok(match (draft, owner(reader, live).await) {
                (Plan::Send(draft), Some(owner)) => draft.note(format!("{owner} sets this number by itself")).plan(),
                (plan, _) => plan,
            })
        }
        .boxed()
    }
}

impl Scale {
    fn draft(self, live: &Live, scale: &mut Value, path: String) -> Result<Plan, Problem> {
        let now = scale.pointer("/spec/replicas").and_then(Value::as_i64).unwrap_or_default();
        if let Some(shown) = self.shown.filter(|shown| *shown != now) {
            let hint = "somebody scaled it meanwhile: look again";
            return Err(Problem::changed(format!("expected replicas to be {shown}, was {now}"), hint));
        }
        if now == self.replicas {
            return Ok(Plan::Nothing(format!("{} has {now} replicas already", live.target)));
        }
        put(scale, &["spec", "replicas"], json!(self.replicas));
        let effect = format!("scale {} from {now} to {}", live.target, self.replicas);
        let back = Self { replicas: now, shown: Some(self.replicas) };
        Ok(Draft::new(Wire::put(path, scale.clone()), effect).brief().undone_by(Undo::By(Arc::new(back))).plan())
    }
}

/// The autoscaler that scales the object, if there is one and it may be seen.
async fn owner(reader: &Reader, live: &Live) -> Option<String> {
    let path = format!("/apis/autoscaling/v2/namespaces/{}/horizontalpodautoscalers", live.target.namespace);
    let all = reader.list(&path, "").await.ok()?;
    let scales = |hpa: &&Value| {
        let is = |field: &str, want: &str| hpa.pointer(field).and_then(Value::as_str) == Some(want);
        is("/spec/scaleTargetRef/kind", live.target.names.kind) && is("/spec/scaleTargetRef/name", &live.target.name)
    };
    let name = all.iter().find(scales)?.pointer("/metadata/name").and_then(Value::as_str)?.to_owned();
    Some(format!("horizontalpodautoscaler {}", crate::text::safe(&name)))
}
