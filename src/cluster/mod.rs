//! Everything that talks to an API server.

pub mod connect;
pub mod kubeconfig;
