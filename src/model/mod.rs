//! What we know now, as plain data.

pub mod logs;
