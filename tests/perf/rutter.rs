//! What the driver assumes about rutter, in one place: its arguments, its keys and what its screen says.

use crate::driver::{Moves, Program};
use crate::error::Result;
use regex::Regex;
use std::path::Path;

/// The binary that cargo built for this benchmark.
pub const BINARY: &str = env!("CARGO_BIN_EXE_rutter");
/// Arguments that open the pods of all namespaces.
const PODS: [&str; 2] = ["pods", "-A"];
/// Arguments that print every pod on a line and exit.
const NAMES: [&str; 5] = ["get", "pods", "-A", "-o", "name"];
/// A line of the screen that shows a pod: every made-up namespace is called so.
const ROW: &str = r"tenant-\d{4}\s";
/// What the title says before the number of rows.
const TITLE: &str = r"pods\(all\) ";
/// Keys that move the cursor by one row.
const DOWN: &str = "j";
const UP: &str = "k";

/// rutter on the pods of all namespaces.
///
/// # Errors
/// When a pattern above is wrong.
pub fn pods(binary: &str, kubeconfig: &Path, pods: u64) -> Result<Program> {
    let command = [binary].into_iter().chain(PODS).map(str::to_owned).collect();
    let full = Regex::new(&format!("{TITLE}{}(?:[^0-9,]|$)", thousands(pods)))?;
    // The directory of the kubeconfig holds no settings: the figures are those of the defaults.
    let settings = kubeconfig.parent().unwrap_or(kubeconfig);
    let env = [("KUBECONFIG", kubeconfig), ("XDG_CONFIG_HOME", settings)];
    let env = env.map(|(key, path)| (key.to_owned(), path.display().to_string())).to_vec();
    Ok(Program { command, env, row: Regex::new(ROW)?, full, moves: Moves::Cursor, down: DOWN, up: UP })
}

/// rutter printing the names of all pods.
pub fn names(binary: &str, kubeconfig: &Path) -> std::process::Command {
    let mut command = std::process::Command::new(binary);
    command.args(NAMES).env("KUBECONFIG", kubeconfig);
    command
}

/// `100,000`, as the title writes it.
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_full_count_is_that_count_and_no_other() {
        let program = pods("rutter", Path::new(""), 100_000).unwrap();
        assert!(program.full.is_match(" pods(all) 100,000 · 3 failing"));
        assert!(program.full.is_match("pods(all) 100,000"));
        assert!(!program.full.is_match(" pods(all) 10,000"));
        assert!(!program.full.is_match(" pods(all) 100,000,000"));
        assert_eq!([thousands(7), thousands(1_234), thousands(100)].join(" "), "7 1,234 100");
    }
}
