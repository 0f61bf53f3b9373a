//! What can be set while the mock runs: rates, faults, and how slow the link is.

use std::sync::atomic::{AtomicU64, Ordering};
use tokio::sync::watch;

/// What can be set, and what it means; 0 is off.
#[rustfmt::skip]
pub const KNOBS: [(&str, &str); 11] = [
    ("rate", "changes per second that each watch of pods tells"),
    ("logs", "lines per second of each followed log"),
    ("selected", "how many objects each label selector finds: the first ones; with 0 it is refused"),
    ("latency", "milliseconds of a round trip: once for each request, twice more for each connection"),
    ("bandwidth", "bytes per second of the link, all connections together"),
    ("stall-at", "bytes of a body after which it stops"),
    ("stall-for", "milliseconds for which it stops"),
    ("gone", "how many continued lists and watches, new ones or those that tell changes, are too old (410)"),
    ("busy", "how many of the next requests for objects are too many (429)"),
    ("gzip", "1: lists are compressed by gzip, for clients that accept it"),
    ("json", "1: nothing comes in protobuf"),
];

/// The settings.
pub struct Knobs {
    values: [AtomicU64; KNOBS.len()],
    rates: [watch::Sender<u64>; 2],
}

impl Knobs {
    /// All off.
    pub fn new() -> Self {
        Self { values: Default::default(), rates: [watch::Sender::new(0), watch::Sender::new(0)] }
    }

    /// The value of a knob.
    pub fn get(&self, name: &str) -> u64 {
        self.find(name).map_or(0, |(_, value)| value.load(Ordering::Relaxed))
    }

    /// Sets a knob; false when there is none of that name.
    pub fn set(&self, name: &str, value: u64) -> bool {
        let Some((number, knob)) = self.find(name) else { return false };
        knob.store(value, Ordering::Relaxed);
        if let Some(rate) = self.rates.get(number) {
            rate.send_replace(value);
        }
        true
    }

    /// Takes one from a counter; false when it is at 0.
    pub fn take(&self, name: &str) -> bool {
        let less = |value: &AtomicU64| value.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |n| n.checked_sub(1));
        self.find(name).is_some_and(|(_, value)| less(value).is_ok())
    }

    /// Follows the changes per second.
    pub fn rate(&self) -> watch::Receiver<u64> {
        self.rates[0].subscribe()
    }

    /// Follows the lines per second.
    pub fn log_rate(&self) -> watch::Receiver<u64> {
        self.rates[1].subscribe()
    }

    fn find(&self, name: &str) -> Option<(usize, &AtomicU64)> {
        KNOBS.iter().position(|(known, _)| *known == name).and_then(|number| Some((number, self.values.get(number)?)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_set_is_had_and_counters_run_out() {
        let knobs = Knobs::new();
        let (rate, log_rate) = (knobs.rate(), knobs.log_rate());
        assert!(knobs.set("rate", 5) && knobs.set("logs", 6) && knobs.set("busy", 2) && !knobs.set("speed", 1));
        assert_eq!((*rate.borrow(), *log_rate.borrow(), knobs.get("rate"), knobs.get("speed")), (5, 6, 5, 0));
        assert_eq!([knobs.take("busy"), knobs.take("busy"), knobs.take("busy")], [true, true, false]);
    }
}
