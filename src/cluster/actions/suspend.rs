//! Suspending and resuming jobs and cron jobs: `spec.suspend`.

use crate::cluster::gate::{Action, Draft, Live, Plan, Problem, Reader, Target, Wire, quoted};
use futures::FutureExt;
use futures::future::{BoxFuture, ready};
use serde_json::json;

/// Suspends a job or cron job, or lets it go on.
#[derive(Debug, Clone, Copy)]
pub struct Suspend {
    /// Whether it shall stand still; `None` turns it round.
    pub on: Option<bool>,
}

impl Action for Suspend {
    fn verb(&self) -> &'static str {
        match self.on {
            Some(false) => "resume",
            _ => "suspend",
        }
    }

    fn kubectl(&self, target: &Target) -> Option<String> {
        let on = self.on?;
        let patch = quoted(&json!({"spec": {"suspend": on}}).to_string());
        Some(format!("patch {} --type=merge -p {patch}", target.kubectl()))
    }

    fn plan<'a>(&'a self, _reader: &'a Reader, live: &'a Live) -> BoxFuture<'a, Result<Plan, Problem>> {
        ready(Ok(self.draft(live))).boxed()
    }
}

impl Suspend {
    fn draft(self, live: &Live) -> Plan {
        let now = live.is("/spec/suspend");
        let wanted = self.on.unwrap_or(!now);
        let verb = if wanted { "suspend" } else { "resume" };
        if wanted == now {
            return Plan::Nothing(format!(
                "{} is {}",
                live.target,
                if now { "suspended already" } else { "not suspended" }
            ));
        }
        let patch = live.pinned(json!({"spec": {"suspend": wanted}}));
        let draft = Draft::new(Wire::merge(live.target.path(), patch), format!("{verb} {}", live.target)).brief();
        let ends_pods =
            wanted && live.target.names.kind == "Job" && live.number("/status/active").is_some_and(|n| n > 0);
        if ends_pods { draft.note("its running pods are ended").plan() } else { draft.plan() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::actions::testing::{drafted, nothing};

    #[tokio::test]
    async fn it_turns_round_or_does_nothing() {
        let job = json!({"kind": "Job", "metadata": {"name": "j", "namespace": "a", "uid": "u", "resourceVersion": "7"}, "status": {"active": 2}});
        let draft = drafted(&Suspend { on: None }, "jobs", &job).await;
        assert_eq!(draft.wire.body["spec"], json!({"suspend": true}));
        assert_eq!(draft.notes, ["its running pods are ended"]);
        assert_eq!(nothing(&Suspend { on: Some(false) }, "jobs", &job).await, "job a/j is not suspended");
    }
}
