//! Logs: the buffer that holds lines of any number of containers, its search, and the styling of visible lines.

pub mod ansi;
mod buffer;
pub mod search;
mod seek;
mod segment;
mod sieve;
mod weave;

pub use buffer::{DEFAULT_LIMIT, LineRef, LogBuffer};
pub use search::{Direction, Needle};
pub use sieve::Sieve;
pub use weave::Weave;
