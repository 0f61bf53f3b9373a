//! Draining a node: first the plan, found out by reading only; then the node is cordoned, its pods are told to go, and
//! each is waited for. As `kubectl drain` 1.36, and stricter: nothing is evicted when cordoning fails, when a pod came
//! that was not in the plan, or from a pod that only has the name of one in the plan.
//!
//! ```text
//! plan ─ filters, budgets ─> Plan ─ confirmed ─> drain ─ cordon ─ plan again ─ evict, wait ─> News
//! ```

mod budgets;
mod evict;
mod filters;
mod plan;
mod pod;
mod pods;
mod report;
mod run;
#[cfg(test)]
mod script;
#[cfg(test)]
mod tests;
mod wire;

pub use plan::plan;
pub use run::{Order, drain};
