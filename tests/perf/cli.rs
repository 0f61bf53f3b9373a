//! The command line of the benchmark.

use crate::data::Cluster;
use crate::error::Result;
use crate::mock;
use crate::{compare, counting, logs, targets};
use clap::{Parser, Subcommand};
use std::path::PathBuf;

/// Benchmarks of rutter against a mock API server on loopback.
#[derive(Parser)]
#[command(name = "perf")]
pub struct Args {
    #[command(subcommand)]
    command: Option<Command>,
    /// Given by `cargo bench`.
    #[arg(long, hide = true, global = true)]
    bench: bool,
    /// How many pods: 150,000 for the targets, else 100,000.
    #[arg(long, global = true)]
    pods: Option<u64>,
    /// Equal seeds give equal clusters.
    #[arg(long, default_value_t = 1, global = true)]
    seed: u64,
}

#[derive(Subcommand)]
enum Command {
    /// The targets, in parts: start, rows, keys, kinds, rest, slow, busy, again (the default of `cargo bench`).
    List(ListArgs),
    /// One table for several programs on the same cluster, by their descriptions in `tests/perf/programs`.
    Compare(CompareArgs),
    /// A million log lines, and a hundred pods followed together.
    Logs(LogArgs),
    /// Serve the cluster until standard input ends; prints the port and the path of a kubeconfig.
    Mock(mock::Options),
    /// Count what the hot paths cost and compare it with what is recorded (`tests/perf/gate` builds for it).
    Counts {
        /// Only the paths whose names hold this.
        only: Option<String>,
    },
    /// Run the counted paths once, for callgrind.
    #[command(hide = true)]
    Marked { only: Option<String> },
}

/// How the targets are measured.
#[derive(clap::Args, Clone)]
pub struct ListArgs {
    /// How often a long list is measured.
    #[arg(long, default_value_t = 2)]
    pub runs: u32,
    /// How many seconds the idle window lasts.
    #[arg(long, default_value_t = 10)]
    pub idle: u64,
    /// Only these parts, parted by commas.
    #[arg(long, value_name = "PARTS")]
    pub only: Option<String>,
    /// Fail when a target is missed.
    #[arg(long)]
    pub gate: bool,
    /// Another rutter than the one that cargo built.
    #[arg(long)]
    pub program: Option<String>,
}

/// How logs are measured.
#[derive(clap::Args, Clone)]
pub struct LogArgs {
    /// How often everything is measured.
    #[arg(long, default_value_t = 3)]
    pub runs: u32,
    /// How many seconds a hundred pods are followed.
    #[arg(long, default_value_t = 10)]
    pub seconds: u64,
    /// Fail when a target is missed.
    #[arg(long)]
    pub gate: bool,
    /// Another rutter than the one that cargo built.
    #[arg(long)]
    pub program: Option<String>,
}

/// What is compared, where.
#[derive(clap::Args, Clone)]
pub struct CompareArgs {
    /// Names of files in `tests/perf/programs`, or paths of such files, with a slash; the first one is what others are compared to.
    #[arg(long, default_value = "curl,kubectl,rutter-get,rutter")]
    pub programs: String,
    /// A cluster of your own instead of the mock.
    #[arg(long)]
    pub kubeconfig: Option<PathBuf>,
    /// How often each is measured.
    #[arg(long, default_value_t = 3)]
    pub runs: u32,
    /// How many seconds the idle window lasts.
    #[arg(long, default_value_t = 10)]
    pub idle: u64,
    /// Another rutter than the one that cargo built.
    #[arg(long)]
    pub rutter: Option<String>,
    /// Measure once more while pods change so many times a second. On a cluster of your own their status is patched.
    #[arg(long, value_name = "RATE")]
    pub churn: Option<u64>,
    /// Set a knob of the mock before anything is measured, e.g. rate=1000, latency=100, bandwidth=1250000.
    #[arg(long, value_name = "KNOB=NUMBER")]
    pub set: Vec<String>,
}

/// Runs what the arguments ask for.
///
/// # Errors
/// What went wrong, for standard error.
pub fn run(args: Args) -> Result<()> {
    let now = jiff::Timestamp::now().as_second();
    let of_targets = matches!(args.command, None | Some(Command::List(_)));
    let pods = args.pods.unwrap_or(if of_targets { 150_000 } else { 100_000 });
    let cluster = Cluster { seed: args.seed, pods, now };
    match args.command {
        Some(Command::Mock(options)) => mock::run(cluster, &options),
        Some(Command::Compare(compare)) => compare::run(cluster, &compare),
        Some(Command::Logs(args)) => logs::run(cluster, &args),
        Some(Command::Counts { only }) => counting::gate(only.as_deref()),
        Some(Command::Marked { only }) => {
            counting::run_marked(only.as_deref());
            Ok(())
        }
        Some(Command::List(list)) => report(cluster, &list),
        None if args.bench => report(cluster, &ListArgs { runs: 2, idle: 10, only: None, gate: false, program: None }),
        // `cargo test --benches` starts benchmarks without saying so.
        None => {
            println!("perf: nothing is measured without `cargo bench`");
            Ok(())
        }
    }
}

fn report(cluster: Cluster, args: &ListArgs) -> Result<()> {
    println!("{} pods, seed {}, {} runs", cluster.pods, cluster.seed, args.runs);
    let report = targets::measure(cluster, args)?;
    print!("{report}");
    if args.gate && !report.met() { Err("a target is missed".into()) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_cargo_bench_nothing_is_measured() {
        let args = |line: &str| Args::try_parse_from(line.split(' ')).unwrap();
        run(args("perf --pods 10")).unwrap();
        assert!(matches!(args("perf --bench list --gate --pods 5").command, Some(Command::List(list)) if list.gate));
        assert!(Args::try_parse_from(["perf", "lisst"]).is_err());
    }
}
