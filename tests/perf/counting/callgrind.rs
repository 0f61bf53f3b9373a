//! Instructions, counted by valgrind's callgrind: it runs this program once more and writes down what was executed
//! between the marks of each path.

use crate::error::{Error, Result};
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

/// The instructions of each of so many paths; `None` when there is no valgrind.
///
/// # Errors
/// When valgrind fails, or saw another number of paths.
pub fn instructions(only: Option<&str>, paths: usize) -> Result<Option<Vec<u64>>> {
    if Command::new("valgrind").arg("--version").stdout(Stdio::null()).status().is_err() {
        return Ok(None);
    }
    let dir = tempfile::tempdir()?;
    let out = dir.path().join("out");
    let mut command = Command::new("valgrind");
    command.args(["--tool=callgrind", "--zero-before=*counting_begins*", "--dump-before=*counting_ends*"]);
    command.arg(format!("--callgrind-out-file={}", out.display()));
    command.arg(std::env::current_exe()?).arg("marked").args(only);
    let output = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).output()?;
    if !output.status.success() {
        return Err(format!("valgrind failed: {}", String::from_utf8_lossy(&output.stderr)).into());
    }
    let counts = (1..).map_while(|number| dump(&out, number)).collect::<Result<Vec<u64>>>()?;
    if counts.len() == paths {
        Ok(Some(counts))
    } else {
        Err(format!("callgrind saw {} paths instead of {paths}", counts.len()).into())
    }
}

/// The sum in dump `number` of those that were written, counted from 1.
fn dump(out: &Path, number: u32) -> Option<Result<u64>> {
    let path = format!("{}.{number}", out.display());
    let text = fs::read_to_string(&path).ok()?;
    Some(sum(&text).ok_or_else(|| Error::from(format!("{path} has no sum"))))
}

/// What a dump says of all its functions together.
fn sum(dump: &str) -> Option<u64> {
    let line = |name: &str| dump.lines().find_map(|line| line.strip_prefix(name)?.trim().parse().ok());
    line("summary:").or_else(|| line("totals:"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sum_is_taken_from_either_line() {
        assert_eq!(sum("version: 1\nevents: Ir\nsummary: 1234\n\nfn=(1)\n16 400\n"), Some(1_234));
        assert_eq!(sum("events: Ir\nfn=(1) a\n16 400\n\ntotals: 77\n"), Some(77));
        assert_eq!(sum("events: Ir\n"), None);
    }
}
