//! `Copying`: a copy from or to a container that is under way.

use crate::kinds::copy::{CopyId, Count};

/// A copy that is under way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copying {
    /// Its number.
    pub id: CopyId,
    /// What it copies and where to: `pod shop/web-1:/x to ./y`; safe to show.
    pub what: String,
    /// How far it is.
    pub count: Count,
}
