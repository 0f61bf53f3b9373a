//! rutter's tests from outside: one binary, so that it is linked once.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, missing_docs)]

mod docs;
mod house;
mod real;
mod screenshots;
mod sessions;
mod terminal;
