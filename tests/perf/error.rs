//! What can go wrong in the harness: one sentence, for the person who runs it.

/// Any error; it is only ever printed.
pub type Error = Box<dyn std::error::Error + Send + Sync>;
/// The result of anything that can fail.
pub type Result<T> = std::result::Result<T, Error>;
