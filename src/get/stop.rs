//! Why printing ends before its end.

use crate::model::Notice;
use std::io;

/// Why nothing more is printed.
#[derive(Debug)]
pub enum Stop {
    /// Nobody reads any more: `rutter get … | head` is no failure.
    Closed,
    /// Something failed.
    Failed(Notice),
}

impl From<Notice> for Stop {
    fn from(notice: Notice) -> Self {
        Self::Failed(notice)
    }
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::Closed,
            _ => Self::Failed(Notice::error(format!("cannot write: {error}"), "")),
        }
    }
}
