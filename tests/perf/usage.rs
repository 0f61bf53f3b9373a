//! What a process has used, from `/proc` (Linux).

use std::fs;
use std::time::Duration;

/// Memory and time of a process at one moment.
#[derive(Debug, Clone, Copy, Default)]
pub struct Usage {
    /// Resident now, in kB.
    pub rss: u64,
    /// The most that was ever resident, in kB.
    pub peak: u64,
    /// How often its threads went to sleep by themselves: each is a wake-up.
    pub switches: u64,
    /// Time on a processor of the threads that live now.
    pub cpu: Duration,
}

/// The usage of a process; `None` when it is gone.
pub fn usage(pid: u32) -> Option<Usage> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let mut usage = Usage { rss: field(&status, "VmRSS:")?, peak: field(&status, "VmHWM:")?, ..Usage::default() };
    for task in fs::read_dir(format!("/proc/{pid}/task")).ok()?.flatten() {
        // A thread that ended between the two reads has nothing more to tell.
        let status = fs::read_to_string(task.path().join("status")).unwrap_or_default();
        usage.switches += field(&status, "voluntary_ctxt_switches:").unwrap_or(0);
        let times = fs::read_to_string(task.path().join("schedstat")).unwrap_or_default();
        usage.cpu += Duration::from_nanos(times.split(' ').next().and_then(|it| it.parse().ok()).unwrap_or(0));
    }
    Some(usage)
}

/// The number after a name at the start of a line.
fn field(status: &str, name: &str) -> Option<u64> {
    status.lines().find_map(|line| line.strip_prefix(name))?.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sleeping_shows_as_wake_ups_and_work_as_time() {
        let before = usage(std::process::id()).unwrap();
        for _ in 0..20 {
            std::thread::sleep(Duration::from_millis(1));
        }
        let start = std::time::Instant::now();
        while start.elapsed() < Duration::from_millis(30) {}
        let after = usage(std::process::id()).unwrap();
        assert!(after.switches >= before.switches + 20);
        assert!(after.cpu > before.cpu + Duration::from_millis(10));
        assert!(after.rss > 0 && after.peak >= after.rss);
    }
}
