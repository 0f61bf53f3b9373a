//! Against the real control plane of `tests/cluster`.

mod control_plane;
mod differences;
mod drain;
mod ingest;
mod listen;
mod live;
mod logs;
mod pods;
mod table;
mod truth;
mod wire;
