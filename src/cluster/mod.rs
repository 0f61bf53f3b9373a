//! Everything that talks to an API server.

pub mod actions;
pub mod answers;
pub mod connect;
pub mod copy;
pub mod discovery;
pub mod drain;
pub mod edit;
pub mod exec;
pub mod explain;
pub mod forms;
pub mod forward;
pub mod gate;
mod greet;
mod helm;
mod json;
pub mod kubeconfig;
pub mod logs;
pub mod manifest;
pub mod message;
pub mod object;
mod pod;
pub mod read;
mod review;
pub mod rollout;
pub mod sources;
mod strategic;
pub mod url;
pub mod usage;
pub mod watch;

pub use greet::{Ahead, Connected, Greeting, Unreachable};
pub use message::{Message, Subscription};
pub use review::{Review, review};
