//! The gate: the only way on which something is changed.
//!
//! ```text
//!  Change ─ prepare ─> read the live object, check its UID, plan, rehearse on the server (dryRun=All)
//!                      └> Prepared ── shown, confirmed ── apply ─> send just what was rehearsed ─> Applied
//! ```
//!
//! An action (one file in `actions`) says what to send; everything else happens here, once: the frozen target, the
//! rehearsal, the second look after a conflict or a lost answer, and what would undo it. Nothing is sent twice blindly.

mod action;
mod apply;
mod delta;
mod live;
mod managed;
mod prepare;
mod problem;
#[cfg(test)]
mod race_tests;
mod reader;
mod recreate;
mod target;
#[cfg(test)]
pub(super) mod testing;
#[cfg(test)]
mod tests;
mod undo;
mod wire;
mod writer;

pub use action::{Action, Change, Danger, Draft, MADE, Part, Plan, Undo};
pub use apply::{Applied, Outcome, apply};
pub use delta::{Difference, differences, escape};
pub use live::Live;
pub use prepare::{Idle, Prepared, Ready, Step, prepare, rehearsed};
pub use problem::{Problem, Trouble};
pub use reader::Reader;
pub use recreate::Recreate;
pub use target::{Target, quoted};
pub use wire::Wire;
pub use writer::{Answer, Writer};

use super::sources::Mistakes;
use crate::kinds::Names;

/// What the gate tells the loop.
#[derive(Debug, Clone, PartialEq)]
pub enum GateMessage {
    /// What would happen, to be confirmed.
    Prepared(Box<Prepared>),
    /// Nothing comes of a change: what it is read from is wrong.
    Flawed {
        /// The number of the change.
        id: u64,
        /// What is wrong.
        mistakes: Mistakes,
    },
    /// The kinds that are known by discovery.
    Known(Vec<&'static Names>),
    /// What has happened.
    Applied(Box<Applied>),
    /// An object was read, to be edited, or could not be.
    Read {
        /// By which the loop knows who wants it.
        id: u64,
        /// The object.
        result: Box<Result<Live, Problem>>,
    },
}
