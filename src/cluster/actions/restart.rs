//! Replacing all pods of a workload one after the other, as kubectl 1.36 `rollout restart`.

use crate::cluster::gate::{Action, Draft, Live, Plan, Problem, Reader, Target, Undo};
use crate::cluster::rollout::{Workload, restart};
use crate::kinds::Time;
use futures::FutureExt;
use futures::future::{BoxFuture, ready};

/// Restarts a workload.
#[derive(Debug, Clone)]
pub struct Restart {
    at: String,
}

impl Restart {
    /// A restart that was asked for at `now`.
    pub fn at(now: Time) -> Self {
        Self { at: restart::stamp(now) }
    }
}

impl Action for Restart {
    fn verb(&self) -> &'static str {
        "restart"
    }

    fn kubectl(&self, target: &Target) -> Option<String> {
        Some(format!("rollout restart {}", target.kubectl()))
    }

    fn plan<'a>(&'a self, _reader: &'a Reader, live: &'a Live) -> BoxFuture<'a, Result<Plan, Problem>> {
        ready(self.draft(live)).boxed()
    }
}

impl Restart {
    fn draft(&self, live: &Live) -> Result<Plan, Problem> {
        let workload = Workload::of(live.target.names).ok_or_else(|| {
            Problem::new("restarting is not supported", "Deployments, StatefulSets and DaemonSets can")
        })?;
        let patch = restart::restart(workload, &live.object, &self.at)?;
        let draft = Draft::new(patch.wire(live.target.path()), format!("restart all pods of {}", live.target));
        let on_delete = live.text("/spec/updateStrategy/type") == "OnDelete";
        let draft =
            if on_delete { draft.note("its strategy is OnDelete: a pod changes when it is deleted") } else { draft };
        // Taking the annotation away would restart the pods once more.
        Ok(draft.brief().undone_by(Undo::Never).plan())
    }
}
