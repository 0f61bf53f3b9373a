//! Everything that talks to an API server.

pub mod logs;
