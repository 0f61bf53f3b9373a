//! Everything that talks to an API server.

pub mod connect;
pub mod kubeconfig;
pub mod message;
pub mod watch;

pub use message::{Message, Subscription};
