//! `Options`: how a node is drained, written as kubectl's flags.

use super::Lift;
use std::fmt;
use std::time::Duration;

/// What is allowed and how long is waited; the defaults are those of `kubectl drain`.
#[allow(clippy::struct_excessive_bools, reason = "each is a switch of kubectl's")]
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Options {
    /// Pods of `DaemonSet`s stay, and do not stop the drain.
    pub ignore_daemonsets: bool,
    /// Pods with `emptyDir` volumes go, and their data with them.
    pub delete_emptydir_data: bool,
    /// Pods that nothing re-creates go.
    pub force: bool,
    /// Delete pods rather than evict them, which asks no `PodDisruptionBudget`.
    pub disable_eviction: bool,
    /// Seconds that a pod gets to end; `None` is what the pod says, 0 is at once.
    pub grace_period: Option<u32>,
    /// When to give up; `None` is never.
    pub timeout: Option<Duration>,
    /// Pods whose deletion is overdue for more than this many seconds are not waited for; 0 waits for all.
    pub skip_wait: u32,
    /// Only pods with these labels, in kubectl's syntax; `""` is all.
    pub pod_selector: String,
}

impl Options {
    /// Reads flags: `--ignore-daemonsets --grace-period=30 --timeout=5m`. A value may follow `=` or a space.
    ///
    /// # Errors
    /// A sentence about the first word that is no flag or no value of it.
    pub fn parse(line: &str) -> Result<Self, String> {
        let mut options = Self::default();
        let mut words = line.split_whitespace();
        while let Some(word) = words.next() {
            let (flag, value) = word.split_once('=').map_or((word, None), |(flag, value)| (flag, Some(value)));
            if let Some(switch) = options.switch(flag) {
                *switch = value.map_or(Ok(true), |value| truth(flag, value))?;
                continue;
            }
            let value = || value.or_else(|| words.next()).ok_or_else(|| format!("{flag} needs a value"));
            options.set(flag, value)?;
        }
        Ok(options)
    }

    /// The switch that a flag turns.
    fn switch(&mut self, flag: &str) -> Option<&mut bool> {
        match flag {
            "--ignore-daemonsets" => Some(&mut self.ignore_daemonsets),
            "--delete-emptydir-data" => Some(&mut self.delete_emptydir_data),
            "--force" => Some(&mut self.force),
            "--disable-eviction" => Some(&mut self.disable_eviction),
            _ => None,
        }
    }

    /// Sets what a flag with a value says.
    fn set<'a>(&mut self, flag: &str, value: impl FnOnce() -> Result<&'a str, String>) -> Result<(), String> {
        match flag {
            "--grace-period" => self.grace_period = u32::try_from(number(flag, value()?)?).ok(),
            "--timeout" => self.timeout = Some(duration(flag, value()?)?).filter(|time| !time.is_zero()),
            "--skip-wait-for-delete-timeout" => {
                self.skip_wait = u32::try_from(number(flag, value()?)?).unwrap_or_default();
            }
            "--pod-selector" => value()?.clone_into(&mut self.pod_selector),
            _ => return Err(format!("a drain has no option \"{flag}\"")),
        }
        Ok(())
    }

    /// The same with one permission given or taken back.
    #[must_use]
    pub fn toggled(mut self, lift: Lift) -> Self {
        if let Some(switch) = self.switch(lift.flag()) {
            *switch = !*switch;
        }
        self
    }

    /// Whether a permission is given.
    pub const fn has(&self, lift: Lift) -> bool {
        match lift {
            Lift::IgnoreDaemonsets => self.ignore_daemonsets,
            Lift::DeleteEmptydirData => self.delete_emptydir_data,
            Lift::Force => self.force,
        }
    }
}

/// kubectl's flags, so that the line can be read back and given to kubectl.
impl fmt::Display for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut flags: Vec<String> = Vec::new();
        flags.extend(Lift::ALL.into_iter().filter(|lift| self.has(*lift)).map(|lift| lift.flag().to_owned()));
        flags.extend(self.disable_eviction.then(|| "--disable-eviction".to_owned()));
        flags.extend(self.grace_period.map(|seconds| format!("--grace-period={seconds}")));
        flags.extend(self.timeout.map(|time| format!("--timeout={}", written(time))));
        flags.extend((self.skip_wait > 0).then(|| format!("--skip-wait-for-delete-timeout={}", self.skip_wait)));
        flags.extend((!self.pod_selector.is_empty()).then(|| format!("--pod-selector={}", self.pod_selector)));
        f.write_str(&flags.join(" "))
    }
}

fn truth(flag: &str, value: &str) -> Result<bool, String> {
    value.parse().map_err(|_| format!("{flag} is true or false, not \"{value}\""))
}

/// A whole number; kubectl takes negative ones for "not set".
fn number(flag: &str, value: &str) -> Result<i64, String> {
    let number = value.parse().ok().filter(|number| *number <= i64::from(i32::MAX));
    number.ok_or_else(|| format!("{flag} needs a number of seconds, not \"{value}\""))
}

/// A duration as Go writes it: `90s`, `1h30m`, `500ms`; `0` is none.
fn duration(flag: &str, value: &str) -> Result<Duration, String> {
    let wrong = || format!("{flag} needs a time such as 5m or 1h30m, not \"{value}\"");
    if value == "0" {
        return Ok(Duration::ZERO);
    }
    let (mut rest, mut whole) = (value, Duration::ZERO);
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit()).ok_or_else(wrong)?;
        let (number, after) = rest.split_at(digits);
        let letters = after.find(|c: char| c.is_ascii_digit()).unwrap_or(after.len());
        let (unit, next) = after.split_at(letters);
        let number: u64 = number.parse().map_err(|_| wrong())?;
        let millis = match unit {
            "ms" => 1,
            "s" => 1_000,
            "m" => 60_000,
            "h" => 3_600_000,
            _ => return Err(wrong()),
        };
        whole += Duration::from_millis(number.checked_mul(millis).ok_or_else(wrong)?);
        rest = next;
    }
    if value.is_empty() { Err(wrong()) } else { Ok(whole) }
}

/// A duration that `duration` reads back.
fn written(time: Duration) -> String {
    if time.subsec_millis() > 0 { format!("{}ms", time.as_millis()) } else { format!("{}s", time.as_secs()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_are_read_as_kubectl_reads_them() {
        let line = "--ignore-daemonsets --force=false --delete-emptydir-data=true --grace-period 30 --timeout=1h30m \
                    --skip-wait-for-delete-timeout=60 --pod-selector app=web --disable-eviction";
        let wanted = Options {
            ignore_daemonsets: true,
            delete_emptydir_data: true,
            force: false,
            disable_eviction: true,
            grace_period: Some(30),
            timeout: Some(Duration::from_mins(90)),
            skip_wait: 60,
            pod_selector: "app=web".to_owned(),
        };
        assert_eq!(Options::parse(line), Ok(wanted));
        assert_eq!(Options::parse(""), Ok(Options::default()));
    }

    #[test]
    fn what_counts_as_not_set_is_not_set() {
        let options = Options::parse("--grace-period=-1 --timeout=0 --skip-wait-for-delete-timeout=-3").unwrap();
        assert_eq!(options, Options::default());
        assert_eq!(Options::parse("--grace-period=0").unwrap().grace_period, Some(0));
        assert_eq!(Options::parse("--timeout=0s").unwrap().timeout, None);
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (line, wanted) in [
            ("--grace-period", "--grace-period needs a value"),
            ("--grace-period=soon", "--grace-period needs a number of seconds, not \"soon\""),
            ("--grace-period=99999999999", "--grace-period needs a number of seconds, not \"99999999999\""),
            ("--timeout=5", "--timeout needs a time such as 5m or 1h30m, not \"5\""),
            ("--timeout=", "--timeout needs a time such as 5m or 1h30m, not \"\""),
            ("--timeout=5y", "--timeout needs a time such as 5m or 1h30m, not \"5y\""),
            (
                "--timeout=99999999999999999999h",
                "--timeout needs a time such as 5m or 1h30m, not \"99999999999999999999h\"",
            ),
            ("--force=yes", "--force is true or false, not \"yes\""),
            ("worker-1", "a drain has no option \"worker-1\""),
        ] {
            assert_eq!(Options::parse(line), Err(wanted.to_owned()));
        }
    }

    #[test]
    fn flags_are_written_so_that_they_can_be_read_back() {
        let line = "--ignore-daemonsets --force --grace-period=0 --timeout=90s --pod-selector=app=web";
        assert_eq!(Options::parse(line).unwrap().to_string(), line);
        assert_eq!(Options::parse("--timeout=1500ms").unwrap().to_string(), "--timeout=1500ms");
        assert_eq!(Options::default().to_string(), "");
    }

    #[test]
    fn permissions_are_given_and_taken_back() {
        for lift in Lift::ALL {
            let given = Options::default().toggled(lift);
            assert!(given.has(lift) && Lift::ALL.into_iter().filter(|other| given.has(*other)).count() == 1);
            assert_eq!(given.toggled(lift), Options::default());
        }
    }
}
