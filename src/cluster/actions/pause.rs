//! Holding the rollouts of a Deployment and letting them go on, as kubectl 1.36 `rollout pause` and `rollout resume`.

use crate::cluster::gate::{Action, Draft, Live, Plan, Problem, Reader, Target, Undo};
use crate::cluster::rollout::Workload;
use crate::cluster::rollout::pause::{pause, resume};
use futures::FutureExt;
use futures::future::{BoxFuture, ready};
use std::sync::Arc;

/// Holds a Deployment's rollouts, or lets them go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pause {
    /// Holds them.
    Hold,
    /// Lets them go on.
    Resume,
}

impl Action for Pause {
    fn verb(&self) -> &'static str {
        match self {
            Self::Hold => "pause",
            Self::Resume => "resume",
        }
    }

    fn kubectl(&self, target: &Target) -> Option<String> {
        Some(format!("rollout {} {}", self.verb(), target.kubectl()))
    }

    fn plan<'a>(&'a self, _reader: &'a Reader, live: &'a Live) -> BoxFuture<'a, Result<Plan, Problem>> {
        ready(self.draft(live)).boxed()
    }
}

impl Pause {
    fn draft(self, live: &Live) -> Result<Plan, Problem> {
        let workload = Workload::of(live.target.names).ok_or_else(|| {
            Problem::new(format!("{} has no rollouts", live.target), "only Deployments can be paused")
        })?;
        let (patch, back) = match self {
            Self::Hold => (pause(workload, &live.object)?, Self::Resume),
            Self::Resume => (resume(workload, &live.object)?, Self::Hold),
        };
        let effect = format!("{} the rollouts of {}", self.verb(), live.target);
        Ok(Draft::new(patch.wire(live.target.path()), effect).brief().undone_by(Undo::By(Arc::new(back))).plan())
    }
}
