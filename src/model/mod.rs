//! What we know now, as plain data.

pub mod document;
pub mod logs;
