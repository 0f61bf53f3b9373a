//! rutter in scripts: without a terminal, into pipes, its help and its completions.

use super::pty::RUTTER;
use insta::assert_snapshot;
use std::process::{Command, Output, Stdio};

/// rutter with these arguments and nothing of the user's.
fn rutter(arguments: &[&str]) -> Command {
    let mut command = Command::new(RUTTER);
    command.args(arguments).stdin(Stdio::null()).env("HOME", "/nonexistent").env("COLUMNS", "100");
    command.env_remove("KUBECONFIG").env_remove("KUBERNETES_SERVICE_HOST");
    command
}

fn output(arguments: &[&str]) -> Output {
    rutter(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn without_a_terminal_it_says_so_and_ends() {
    let done = output(&["--demo"]);
    assert_eq!(done.status.code(), Some(2));
    let said = text(&done.stderr);
    assert!(said.contains("rutter needs a terminal") && said.contains("rutter get"), "{said}");
    assert!(done.stdout.is_empty() && !said.contains('\x1b'), "{said:?}");
}

#[test]
fn without_a_kubeconfig_it_says_what_it_tried() {
    let done = output(&["get", "pods"]);
    assert_eq!(done.status.code(), Some(1));
    let said = text(&done.stderr);
    assert!(said.contains("/nonexistent/.kube/config") && said.contains("--demo"), "{said}");
    assert_eq!(done.stdout, b"");
}

#[test]
fn a_list_is_printed_and_a_reader_that_leaves_is_no_error() {
    let done = output(&["get", "deploy", "-A", "--demo"]);
    let shown = text(&done.stdout);
    assert!(done.status.success() && shown.starts_with("NAMESPACE") && shown.contains("coredns"), "{shown}");
    assert!(!shown.contains('\x1b'), "{shown:?}");
    let mut child =
        rutter(&["get", "pods", "-A", "--demo"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let done = child.wait_with_output().unwrap();
    assert_eq!(text(&done.stderr), "");
    let line = format!("'{RUTTER}' get pods -A --demo | head -1");
    let done = Command::new("sh").args(["-c", &line]).output().unwrap();
    assert!(text(&done.stdout).starts_with("NAMESPACE") && text(&done.stdout).lines().count() == 1);
    assert_eq!(text(&done.stderr), "");
}

#[test]
fn a_wrong_argument_is_told_on_stderr() {
    for (arguments, word) in [(&["get", "blimps", "--demo"][..], "blimps"), (&["get", "pods", "--colour"], "--colour")]
    {
        let done = output(arguments);
        assert!(!done.status.success() && done.stdout.is_empty());
        assert!(text(&done.stderr).contains(word), "{}", text(&done.stderr));
    }
}

#[test]
fn the_version_is_that_of_the_crate() {
    assert_eq!(text(&output(&["--version"]).stdout), format!("rutter {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn the_help() {
    assert_snapshot!(text(&output(&["--help"]).stdout));
}

#[test]
fn completions_for_every_shell() {
    for shell in ["bash", "zsh", "fish"] {
        let done = output(&["completions", shell]);
        let script = text(&done.stdout);
        assert!(done.status.success(), "{shell}");
        for word in ["rutter", "kubeconfig", "read-only", "get", "completions", "all-namespaces"] {
            assert!(script.contains(word), "{shell}: {word}");
        }
        // Where the shell is installed, it has to understand it.
        let Ok(mut child) = Command::new(shell).arg("-n").stdin(Stdio::piped()).spawn() else { continue };
        std::io::Write::write_all(&mut child.stdin.take().unwrap(), script.as_bytes()).unwrap();
        assert!(child.wait().unwrap().success(), "{shell}");
    }
}
