//! The benchmarks: `cargo bench --bench perf -- --help`.

// The tests beside the code are compiled here too, but only `main.rs` runs them; what is unused shows there.
#![allow(dead_code, unused_imports)]

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

use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    match cli::run(cli::Args::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("perf: {error}");
            ExitCode::FAILURE
        }
    }
}
