//! Cordon and uncordon, as kubectl 1.36 `pkg/drain/cordon.go`: only the difference is sent, and nothing when there is none.

use crate::cluster::gate::{Action, Draft, Live, Plan, Problem, Reader, Target, Wire, quoted};
use futures::FutureExt;
use futures::future::{BoxFuture, ready};
use serde_json::{Value, json};

/// Makes a node unschedulable, or schedulable again.
#[derive(Debug, Clone, Copy)]
pub struct Cordon {
    /// Whether no new pods may be scheduled on it.
    pub on: bool,
}

impl Action for Cordon {
    fn verb(&self) -> &'static str {
        if self.on { "cordon" } else { "uncordon" }
    }

    fn kubectl(&self, target: &Target) -> Option<String> {
        Some(format!("{} {}", self.verb(), quoted(&target.name)))
    }

    fn plan<'a>(&'a self, _reader: &'a Reader, live: &'a Live) -> BoxFuture<'a, Result<Plan, Problem>> {
        ready(Ok(self.draft(live))).boxed()
    }
}

impl Cordon {
    fn draft(self, live: &Live) -> Plan {
        let verb = self.verb();
        if live.is("/spec/unschedulable") == self.on {
            return Plan::Nothing(format!("{} is already {verb}ed", live.target));
        }
        let wanted = if self.on { json!(true) } else { Value::Null };
        let patch = json!({"metadata": {"uid": live.uid()}, "spec": {"unschedulable": wanted}});
        Draft::new(Wire::strategic(live.target.path(), patch), format!("{verb} {}", live.target)).brief().plan()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::actions::testing::{drafted, nothing};

    #[tokio::test]
    async fn only_the_difference_is_sent() {
        let node = json!({"kind": "Node", "metadata": {"name": "n1", "uid": "u"}, "spec": {}});
        let draft = drafted(&Cordon { on: true }, "nodes", &node).await;
        assert_eq!(draft.wire.body, json!({"metadata": {"uid": "u"}, "spec": {"unschedulable": true}}));
        assert_eq!(draft.wire.media, "application/strategic-merge-patch+json");
        assert_eq!(nothing(&Cordon { on: false }, "nodes", &node).await, "node n1 is already uncordoned");
        let mut off = node;
        off["spec"]["unschedulable"] = json!(true);
        assert_eq!(nothing(&Cordon { on: true }, "nodes", &off).await, "node n1 is already cordoned");
        let draft = drafted(&Cordon { on: false }, "nodes", &off).await;
        assert_eq!(draft.wire.body["spec"], json!({"unschedulable": null}));
    }
}
