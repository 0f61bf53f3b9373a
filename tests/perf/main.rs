//! Tests of the harness: what measures must itself be right. The benchmarks themselves are in `bench.rs`.

mod catalog;
mod cli;
mod compare;
mod counting;
mod data;
mod driver;
mod error;
mod json;
mod list;
mod logs;
mod memory;
mod mock;
mod place;
mod program;
mod queries;
mod random;
mod report;
mod rutter;
mod server;
mod session;
mod stats;
mod targets;
mod template;
mod things;
mod usage;
mod wire;
