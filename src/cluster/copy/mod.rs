//! Copying from and to containers through their tar. Archives are read and written here, and what comes out of one is put
//! into place so that nothing is ever written outside the place that was chosen.
//!
//! ```text
//! bytes ─ Tar: headers, long names, sizes, end ─> Sink ─ Landing: a fresh folder beside the target ─ rename ─> target
//!
//! download: tar cf - PATH ─ stdout ─> Tar        upload: pack ─ stdin ─> tar xmf - -C FOLDER
//! ```

mod download;
mod header;
mod landing;
mod order;
mod pack;
mod remote;
#[cfg(test)]
mod session_tests;
mod sum;
#[cfg(test)]
mod tests;
mod untar;
mod upload;

pub use landing::{Landed, Landing};
pub use order::{Copied, News, Order, Way, copy};
pub use pack::{Packed, pack};
pub use untar::{Entry, Sink, Tar};

use crate::text::safe;
use std::io;

/// Why an archive cannot be copied.
#[derive(Debug, thiserror::Error)]
pub enum TarError {
    /// It is no archive, or was cut.
    #[error("the archive is damaged: {0}")]
    Broken(String),
    /// It wants what it must not.
    #[error("the archive is not what was asked for: {0}")]
    Hostile(String),
    /// It cannot be written here.
    #[error("{what}: {why}")]
    Local {
        /// What could not be written.
        what: String,
        /// Why.
        why: io::Error,
    },
}

/// Two are the same when they say the same.
impl PartialEq for TarError {
    fn eq(&self, other: &Self) -> bool {
        self.to_string() == other.to_string()
    }
}

/// A name from an archive, safe to show.
fn shown(name: &[u8]) -> String {
    safe(&String::from_utf8_lossy(name)).into_owned()
}
