//! rutter's binary, and how it prints names and numbers; what its screen says stands in `programs/rutter.yaml`.

use std::path::Path;

/// The binary that cargo built for this benchmark.
pub const BINARY: &str = env!("CARGO_BIN_EXE_rutter");
/// Arguments that print every pod on a line and exit.
const NAMES: [&str; 5] = ["get", "pods", "-A", "-o", "name"];
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
    fn numbers_are_written_as_the_title_writes_them() {
        assert_eq!([thousands(7), thousands(1_234), thousands(100)].join(" "), "7 1,234 100");
    }
}
