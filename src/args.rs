//! The command line.

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use std::net::SocketAddr;
use std::path::PathBuf;

/// A dashboard for Kubernetes clusters in the terminal.
#[derive(Debug, Parser)]
#[command(name = "rutter", version, about, args_conflicts_with_subcommands = true)]
pub struct Arguments {
    /// What to run instead of the dashboard.
    #[command(subcommand)]
    pub run: Option<Run>,
    /// Which cluster.
    #[command(flatten)]
    pub cluster: ClusterArguments,
    /// Where to begin, as behind `:` in the dashboard: "pods", "deploy kube-system", "pods /web"
    #[arg(value_name = "PLACE")]
    pub place: Vec<String>,
    /// Begin in this namespace instead of the context's
    #[arg(short, long, value_name = "NS", conflicts_with = "all_namespaces")]
    pub namespace: Option<String>,
    /// Begin in all namespaces
    #[arg(short = 'A', long)]
    pub all_namespaces: bool,
    /// Begin with these labels only
    #[arg(short = 'l', long, value_name = "SELECTOR")]
    pub selector: Option<String>,
    /// Theme to use instead of the one of the settings
    #[arg(long)]
    pub theme: Option<String>,
    /// Key map to use instead of the one of the settings
    #[arg(long)]
    pub keymap: Option<String>,
}

impl Arguments {
    /// The place to begin, as one would type it: the filter stands last, since it takes the rest of the line.
    pub fn place(&self) -> String {
        let filter = self.place.iter().position(|word| word.starts_with('/')).unwrap_or(self.place.len());
        let (words, filter) = self.place.split_at_checked(filter).unwrap_or_default();
        let mut line: Vec<&str> = words.iter().map(String::as_str).collect();
        if line.is_empty() {
            line.push("pods");
        }
        line.extend(self.namespace.as_deref().into_iter().flat_map(|name| ["-n", name]));
        line.extend(self.all_namespaces.then_some("-A"));
        line.extend(self.selector.as_deref().into_iter().flat_map(|labels| ["-l", labels]));
        line.extend(filter.iter().map(String::as_str));
        line.join(" ")
    }
}

/// Which cluster, and as whom.
#[derive(Debug, Clone, Default, Args)]
pub struct ClusterArguments {
    /// Look at a living cluster in memory instead of a real one
    #[arg(long)]
    pub demo: bool,
    /// Use this kubeconfig instead of $KUBECONFIG or ~/.kube/config
    #[arg(long, value_name = "FILE")]
    pub kubeconfig: Option<PathBuf>,
    /// Begin in this context instead of the current one
    #[arg(long, value_name = "NAME")]
    pub context: Option<String>,
    /// Let nothing but reads leave the program
    #[arg(long)]
    pub read_only: bool,
}

/// What to run instead of the dashboard.
#[derive(Debug, Subcommand)]
pub enum Run {
    /// Print the rows of a list once, for scripts
    Get(Get),
    /// Print what a kind or a field is, as kubectl does
    Explain(Explain),
    /// Serve the demo cluster for kubectl and other programs on this machine
    Demo {
        /// Address to listen on; port 0 chooses one
        #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0")]
        listen: SocketAddr,
    },
    /// Print the completions for a shell
    Completions {
        /// The shell
        shell: Shell,
    },
}

/// `rutter get`.
#[derive(Debug, Args)]
pub struct Get {
    /// Kind: plural, singular or short name
    pub kind: String,
    /// Which cluster.
    #[command(flatten)]
    pub cluster: ClusterArguments,
    /// In this namespace instead of the context's
    #[arg(short, long, value_name = "NS", conflicts_with = "all_namespaces")]
    pub namespace: Option<String>,
    /// In all namespaces
    #[arg(short = 'A', long)]
    pub all_namespaces: bool,
    /// Only with these labels
    #[arg(short = 'l', long, value_name = "SELECTOR")]
    pub selector: Option<String>,
    /// Only with these fields
    #[arg(long, value_name = "SELECTOR")]
    pub field_selector: Option<String>,
    /// How to print
    #[arg(short, long, value_enum, default_value_t = Output::Table)]
    pub output: Output,
}

/// `rutter explain`.
#[derive(Debug, Args)]
pub struct Explain {
    /// Kind and field: pods, deploy.spec.replicas, widgets.example.com.spec
    pub path: String,
    /// Print the fields of fields, without descriptions
    #[arg(short = 'R', long)]
    pub recursive: bool,
    /// Which cluster.
    #[command(flatten)]
    pub cluster: ClusterArguments,
}

/// How `rutter get` prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Output {
    /// Aligned columns
    Table,
    /// Aligned columns, more of them
    Wide,
    /// A list of objects, one field per column
    Json,
    /// Comma-separated values
    Csv,
    /// kind/name
    Name,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_and_words_make_a_place() {
        let place = |line: &str| Arguments::parse_from(line.split(' ')).place();
        assert_eq!(place("rutter"), "pods");
        assert_eq!(place("rutter deploy shop --demo"), "deploy shop");
        assert_eq!(place("rutter pods /web -A --context x"), "pods -A /web");
        assert_eq!(place("rutter -n shop -l app=web"), "pods -n shop -l app=web");
    }
}
