//! Tests of the harness: what measures must itself be right.

mod cli;
mod data;
mod error;
mod json;
mod mock;
mod random;
mod template;
