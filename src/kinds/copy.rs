//! What is known of a copy from or to a container: its number, and how much has passed.

use std::fmt;

/// The number of a copy; never used twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct CopyId(pub u64);

/// How much of a copy has passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Count {
    /// Files that are complete.
    pub files: u64,
    /// Bytes.
    pub bytes: u64,
    /// Bytes that there are, where that is known.
    pub total: Option<u64>,
}

/// `45 %`, `3.4 MB`
impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.total.filter(|total| *total > 0) {
            Some(total) => write!(f, "{} %", u128::from(self.bytes.min(total)) * 100 / u128::from(total)),
            None => f.write_str(&size(self.bytes)),
        }
    }
}

/// A number of bytes in thousands, as disks are sold: `999 B`, `3.4 MB`.
pub fn size(bytes: u64) -> String {
    let (mut unit, mut parts) = ("B", 1_u64);
    for next in ["kB", "MB", "GB", "TB", "PB"] {
        if bytes / parts < 1_000 {
            break;
        }
        (unit, parts) = (next, parts * 1_000);
    }
    if parts == 1 { format!("{bytes} B") } else { format!("{}.{} {unit}", bytes / parts, bytes % parts * 10 / parts) }
}

/// `1 file`, `12 files`
pub fn files(number: u64) -> String {
    if number == 1 { "1 file".to_owned() } else { format!("{number} files") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_short() {
        let sizes = [0, 999, 1_000, 3_456_789, 99_999_999, 2_000_000_000, u64::MAX].map(size);
        assert_eq!(sizes, ["0 B", "999 B", "1.0 kB", "3.4 MB", "99.9 MB", "2.0 GB", "18446.7 PB"]);
    }

    #[test]
    fn what_is_known_of_the_whole_is_told() {
        let count = |bytes, total| Count { files: 0, bytes, total }.to_string();
        assert_eq!(count(450, Some(1_000)), "45 %");
        assert_eq!(count(u64::MAX, Some(u64::MAX)), "100 %");
        assert_eq!(count(1_200, Some(1_000)), "100 %");
        assert_eq!((count(1_200, None), count(5, Some(0))), ("1.2 kB".into(), "5 B".into()));
    }
}
