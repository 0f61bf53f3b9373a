//! What the mock counted: requests by what they asked for, bytes, and what each pod was last said to be.

use std::fmt;
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};

/// The counts.
#[derive(Default)]
pub struct Tally {
    /// Requests answered so far.
    pub requests: AtomicU64,
    /// Bytes of bodies sent so far, before TLS.
    pub bytes: AtomicU64,
    /// Lists, each page for itself, and those that were compressed.
    pub lists: AtomicU64,
    pub zipped: AtomicU64,
    /// Watches that began, and those that are open now.
    pub watches: AtomicU64,
    pub open: AtomicU64,
    /// Lines of logs that were sent.
    pub lines: AtomicU64,
    /// Changes that were told.
    pub changes: AtomicU64,
    /// For each pod, the version of the last change that was told of it; 0 when none was.
    told: Vec<AtomicU64>,
}

impl Tally {
    /// Nothing yet, for a cluster of so many pods.
    pub fn of(pods: u64) -> Self {
        Self { told: (0..pods).map(|_| AtomicU64::new(0)).collect(), ..Self::default() }
    }

    /// A pod has changed.
    pub fn tell(&self, index: u64, version: u64) {
        self.changes.fetch_add(1, Ordering::Relaxed);
        if let Some(told) = usize::try_from(index).ok().and_then(|index| self.told.get(index)) {
            told.store(version, Ordering::Relaxed);
        }
    }

    /// The versions of some pods, as a line.
    pub fn told(&self, pods: Range<u64>) -> String {
        let of = |index: u64| usize::try_from(index).ok().and_then(|index| self.told.get(index));
        let version = |index: u64| of(index).map_or(0, |told| told.load(Ordering::Relaxed)).to_string();
        pods.map(version).collect::<Vec<_>>().join(" ")
    }
}

/// `requests 14 bytes 20 lists 2 …`.
impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts = [
            ("requests", &self.requests),
            ("bytes", &self.bytes),
            ("lists", &self.lists),
            ("zipped", &self.zipped),
            ("watches", &self.watches),
            ("open", &self.open),
            ("lines", &self.lines),
            ("changes", &self.changes),
        ];
        let words = counts.map(|(name, count)| format!("{name} {}", count.load(Ordering::Relaxed)));
        f.write_str(&words.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_told_of_a_pod_is_known() {
        let tally = Tally::of(3);
        tally.tell(1, 7);
        tally.tell(1, 9);
        tally.tell(5, 10);
        assert_eq!(tally.told(0..3), "0 9 0");
        assert!(tally.to_string().ends_with(" changes 3"), "{tally}");
    }
}
