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
    /// That of the first thread alone: of the loop, in rutter.
    pub first: Duration,
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
        let time = Duration::from_nanos(times.split(' ').next().and_then(|it| it.parse().ok()).unwrap_or(0));
        usage.cpu += time;
        if task.file_name().to_str() == Some(&pid.to_string()) {
            usage.first = time;
        }
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

    use std::io::Write;
    use std::process::{Command, Stdio};

    #[test]
    fn waiting_shows_as_wake_ups() {
        let mut cat = Command::new("cat").stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
        let mut input = cat.stdin.take().unwrap();
        let mut write = || {
            std::thread::sleep(Duration::from_millis(5));
            input.write_all(b"x").unwrap();
        };
        (0..5).for_each(|_| write());
        let before = usage(cat.id()).unwrap();
        (0..20).for_each(|_| write());
        std::thread::sleep(Duration::from_millis(50));
        let after = usage(cat.id()).unwrap();
        drop(input);
        cat.wait().unwrap();
        assert!((10..30).contains(&(after.switches - before.switches)), "{before:?} {after:?}");
        assert!(after.rss > 0 && after.peak >= after.rss);
    }

    #[test]
    fn work_shows_as_time() {
        let mut busy = Command::new("sh").args(["-c", "while :; do :; done"]).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(100));
        let before = usage(busy.id()).unwrap();
        std::thread::sleep(Duration::from_millis(300));
        let after = usage(busy.id()).unwrap();
        busy.kill().unwrap();
        busy.wait().unwrap();
        assert!(after.cpu > before.cpu + Duration::from_millis(5), "{before:?} {after:?}");
        assert_eq!(after.first, after.cpu, "a shell has one thread");
    }
}
