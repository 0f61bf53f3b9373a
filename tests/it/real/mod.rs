//! Against the real control plane of `tests/cluster`.

mod acting;
mod answers;
mod control_plane;
mod describe;
mod differences;
mod drain;
mod explain;
mod forward;
mod get;
mod ingest;
mod kubectl;
mod listen;
mod live;
mod logs;
mod manifests;
mod node;
mod permissions;
mod pods;
mod protobuf;
mod recorder;
pub mod requests;
mod rollouts;
mod running;
mod served;
mod table;
mod truth;
mod wire;
