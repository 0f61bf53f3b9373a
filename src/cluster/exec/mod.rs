//! Commands in containers, and what their main process says: sessions over one WebSocket each, as `kubectl exec` and
//! `kubectl attach` open them, and the way from a selected object to such a session.

mod call;
mod channel;
mod handshake;
mod pod;
mod pump;
mod session;
mod shell;
mod status;
#[cfg(test)]
mod tests;
mod visit;

pub use call::{Call, What};
pub use channel::Size;
pub use session::{End, Session};
pub use shell::is_missing;
pub use status::Ended;
pub use visit::{Errand, NO_SHELL, Opened, Visit, Whom, explain, locate, open, second_try, tidy_up};
