//! Going back to a revision, as kubectl 1.36 `rollout undo`; stricter: refused when the object changed meanwhile.

use crate::cluster::gate::{Action, Draft, Live, Plan, Problem, Reader, Target};
use crate::cluster::rollout::read::history;
use crate::cluster::rollout::undo::{Undo, undo};
use futures::FutureExt;
use futures::future::BoxFuture;

/// Makes a workload run the template of a revision again.
#[derive(Debug, Clone, Copy)]
pub struct RolloutUndo {
    /// Which one; 0 is the one before the newest.
    pub to: i64,
}

impl Action for RolloutUndo {
    fn verb(&self) -> &'static str {
        "roll back"
    }

    fn kubectl(&self, target: &Target) -> Option<String> {
        let to = if self.to == 0 { String::new() } else { format!(" --to-revision={}", self.to) };
        Some(format!("rollout undo {}{to}", target.kubectl()))
    }

    fn plan<'a>(&'a self, reader: &'a Reader, live: &'a Live) -> BoxFuture<'a, Result<Plan, Problem>> {
        async move {
            let (workload, history) = history(reader, live).await?;
            let Undo { to, from, patch, notes } = undo(workload, &live.object, &history, self.to)?;
            let Some(patch) = patch else {
                return Ok(Plan::Nothing(format!("skipped rollback (current template already matches revision {to})")));
            };
            let from = from.map_or_else(String::new, |from| format!(" from revision {from}"));
            let effect = format!("roll back {}{from} to revision {to}", live.target);
            let draft = Draft::new(patch.wire(live.target.path()), effect);
            Ok(notes.into_iter().chain(history.warnings).fold(draft, Draft::note).plan())
        }
        .boxed()
    }
}
