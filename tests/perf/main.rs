//! Tests of the harness: what measures must itself be right.

mod data;
mod json;
mod random;
mod template;
