//! Port-forwards: a local port leads to a port of a pod, as kubectl's does, and finds the next pod when that one goes.
//!
//! ```text
//!  request ─> target (which pod, which port) ─> listeners ─┬─> carry ──> tunnel: SPDY in one WebSocket ─> pod
//!                 ^                                        └─> legacy: one WebSocket per connection ────> pod
//!                 └──────────── fate: the pod is gone          (servers before Kubernetes 1.30)
//! ```

mod ask;
mod carry;
mod fate;
mod legacy;
mod listen;
mod meter;
mod offer;
mod pod;
mod report;
mod run;
mod service;
mod socket;
mod spdy;
mod spec;
mod target;
mod tunnel;

pub use listen::Bind;
pub use offer::ports;
pub use run::{Access, ForwardRequest, forward};
pub use spec::{Local, Refusal, Remote, Spec};
pub use target::Target;

#[cfg(test)]
mod fake;
#[cfg(test)]
mod tests;
