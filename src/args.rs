//! The command line.

use clap::{Args, Parser, Subcommand};
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
    /// Begin with these fields only
    #[arg(long, value_name = "SELECTOR")]
    pub field_selector: Option<String>,
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
        let labels = self.selector.as_deref().map(|labels| format!("-l {}", quoted(labels)));
        let fields = self.field_selector.as_deref().map(|fields| format!("--field-selector {}", quoted(fields)));
        line.extend(labels.as_deref().into_iter().chain(fields.as_deref()));
        line.extend(filter.iter().map(String::as_str));
        line.join(" ")
    }
}

/// The text as one word of a place.
fn quoted(text: &str) -> String {
    if text.contains(char::is_whitespace) { format!("'{text}'") } else { text.to_owned() }
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
    /// Print lists and objects as kubectl does, for scripts
    Get(Box<Get>),
    /// Print what there is to say about objects, as `kubectl describe`
    Describe(Describe),
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
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
#[derive(Debug, Args)]
pub struct Get {
    /// Kinds and names as for kubectl: "pods", "deploy,svc", "pod a b", "pod/a svc/b", "all"
    #[arg(required = true)]
    pub what: Vec<String>,
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
    /// How to print: wide, name, json, yaml, csv, jsonpath=…, jsonpath-file=…, jsonpath-as-json=…,
    /// custom-columns=NAME:.path,… or custom-columns-file=…
    #[arg(short, long, value_name = "FORM", default_value = "")]
    pub output: String,
    /// Which of what is listed, and how it stands in a table
    #[command(flatten)]
    pub look: Look,
    /// After the list, print what changes
    #[arg(short, long)]
    pub watch: bool,
    /// Print what changes, without the list
    #[arg(long)]
    pub watch_only: bool,
    /// Say nothing about what does not exist
    #[arg(long)]
    pub ignore_not_found: bool,
    /// Print managedFields in JSON and YAML
    #[arg(long)]
    pub show_managed_fields: bool,
    /// Print the values of Secrets, which are masked without it
    #[arg(long)]
    pub show_secrets: bool,
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

/// `rutter describe`.
#[derive(Debug, Args)]
pub struct Describe {
    /// Kinds, or objects: "pods", "deploy,svc", "pod NAME …", "pod/a svc/b", "all"
    #[arg(required = true, value_name = "KIND | KIND NAME | KIND/NAME")]
    pub what: Vec<String>,
    /// Which cluster.
    #[command(flatten)]
    pub cluster: ClusterArguments,
    /// In this namespace instead of the context's
    #[arg(short, long, value_name = "NS", conflicts_with = "all_namespaces")]
    pub namespace: Option<String>,
    /// In all namespaces
    #[arg(short = 'A', long)]
    pub all_namespaces: bool,
}

/// How `rutter get` prints a table.
#[derive(Debug, Clone, Default, Args)]
pub struct Look {
    /// Sort by this path
    #[arg(long, value_name = "PATH")]
    pub sort_by: Option<String>,
    /// Without headings
    #[arg(long)]
    pub no_headers: bool,
    /// With a column of all labels
    #[arg(long)]
    pub show_labels: bool,
    /// With a column for each of these labels
    #[arg(short = 'L', long, value_name = "KEY", value_delimiter = ',')]
    pub label_columns: Vec<String>,
    /// With the kind before each name
    #[arg(long)]
    pub show_kind: bool,
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
        assert_eq!(place("rutter --field-selector status.phase=Failed"), "pods --field-selector status.phase=Failed");
        let arguments = Arguments::parse_from(["rutter", "-l", "app in (a, b)"]);
        assert_eq!(arguments.place(), "pods -l 'app in (a, b)'");
    }
}
