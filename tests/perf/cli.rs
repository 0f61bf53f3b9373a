//! The command line of the benchmark.

use crate::data::Cluster;
use crate::error::Result;
use crate::mock;
use clap::{Parser, Subcommand};

/// Benchmarks of rutter against a mock API server on loopback.
#[derive(Parser)]
#[command(name = "perf")]
pub struct Args {
    #[command(subcommand)]
    command: Option<Command>,
    /// Given by `cargo bench`.
    #[arg(long, hide = true, global = true)]
    bench: bool,
    /// How many pods.
    #[arg(long, default_value_t = 100_000, global = true)]
    pods: u64,
    /// Equal seeds give equal clusters.
    #[arg(long, default_value_t = 1, global = true)]
    seed: u64,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the pods until standard input ends; prints the port and the path of a kubeconfig.
    Mock,
}

/// Runs what the arguments ask for.
///
/// # Errors
/// What went wrong, for standard error.
pub fn run(args: &Args) -> Result<()> {
    let now = jiff::Timestamp::now().as_second();
    let cluster = Cluster { seed: args.seed, pods: args.pods, now };
    match &args.command {
        Some(Command::Mock) => mock::run(cluster),
        None => Ok(()),
    }
}
