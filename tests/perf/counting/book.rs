//! The counts as a file: what was counted, with which compiler, on what machine.

use crate::error::Result;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt;
use std::process::Command;

/// What stands on top of the file.
const HEAD: &str = "# What the hot paths cost. `RUTTER_UPDATE=1 tests/perf/gate` writes it anew; docs/performance.md says how it is counted.\n";

/// Counts, by the names of the paths.
#[derive(Debug, Default, Clone, PartialEq, Deserialize)]
pub struct Book {
    /// The compiler.
    pub rustc: String,
    /// What else decides which instructions are executed.
    pub machine: String,
    /// The counts.
    pub counts: BTreeMap<String, Count>,
}

/// What one path costs.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct Count {
    /// Instructions; none where there was no valgrind.
    pub instructions: Option<u64>,
    /// Allocations.
    pub allocations: u64,
    /// Bytes written to the screen.
    #[serde(default)]
    pub bytes: u64,
    /// Frames drawn.
    #[serde(default)]
    pub frames: u64,
}

impl Book {
    /// Reads the file; an empty one holds nothing.
    ///
    /// # Errors
    /// When it is not such a file.
    pub fn read(text: &str) -> Result<Self> {
        if text.is_empty() { Ok(Self::default()) } else { Ok(serde_yaml::from_str(text)?) }
    }
}

impl fmt::Display for Book {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{HEAD}rustc: \"{}\"\nmachine: \"{}\"\ncounts:\n", self.rustc, self.machine)?;
        for (name, count) in &self.counts {
            write!(f, "  \"{name}\": {{")?;
            if let Some(instructions) = count.instructions {
                write!(f, "instructions: {instructions}, ")?;
            }
            write!(f, "allocations: {}", count.allocations)?;
            if count.bytes + count.frames > 0 {
                write!(f, ", bytes: {}, frames: {}", count.bytes, count.frames)?;
            }
            f.write_str("}\n")?;
        }
        Ok(())
    }
}

/// The compiler that this was built with, as far as can be known: the one that is found now.
pub fn rustc() -> String {
    let output = Command::new("rustc").arg("--version").output();
    let version = output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    version.unwrap_or_else(|_| "unknown".to_owned())
}

/// The architecture, and what of it the libraries choose their instructions by.
pub fn machine() -> String {
    #[cfg(target_arch = "x86_64")]
    let features = if std::arch::is_x86_feature_detected!("avx2") { " with avx2" } else { " without avx2" };
    #[cfg(not(target_arch = "x86_64"))]
    let features = "";
    format!("{} {}{features}", std::env::consts::OS, std::env::consts::ARCH)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let count = Count { instructions: Some(5), allocations: 1, ..Count::default() };
        let drawn = Count { instructions: None, allocations: 0, bytes: 9, frames: 1 };
        let counts = BTreeMap::from([("decode: a pod".to_owned(), count), ("draw".to_owned(), drawn)]);
        let book = Book { rustc: "rustc 1".into(), machine: machine(), counts };
        assert_eq!(Book::read(&book.to_string()).unwrap(), book);
        assert_eq!(Book::read("").unwrap(), Book::default());
        assert!(Book::read("counts: 3").is_err());
    }
}
