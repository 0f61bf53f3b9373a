//! What can be done to objects: one file per action. Each says what to send; the gate does the rest.

mod apply;
mod autoscale;
mod cordon;
mod create;
mod debug;
mod delete;
mod edit;
mod expose;
mod image;
mod job;
mod label;
mod pause;
mod restart;
mod rollout_undo;
mod scale;
mod suspend;
mod taint;
mod template;
#[cfg(test)]
mod testing;

pub use apply::Apply;
pub use autoscale::Autoscale;
pub use cordon::Cordon;
pub use create::Create;
pub use debug::{Debug, DebugNode, NODE_CONTAINER, PREFIX as DEBUG_PREFIX};
pub use delete::{Delete, Propagation};
pub use edit::Edit;
pub use expose::Expose;
pub use image::SetImage;
pub use job::{Rerun, Trigger};
pub use label::{Label, Marks};
pub use pause::Pause;
pub use restart::Restart;
pub use rollout_undo::RolloutUndo;
pub use scale::Scale;
pub use suspend::Suspend;
pub use taint::Taint;
