//! Everything that talks to an API server.

pub mod message;
pub mod watch;

pub use message::{Message, Subscription};
