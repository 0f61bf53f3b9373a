//! Against the real control plane of `tests/cluster`.
