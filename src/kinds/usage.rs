//! `Figure`: what something uses, as `metrics.k8s.io` measured it and `kubectl top` prints it.

use super::cell::Tone;
use super::quantity::{Format, Quantity};
use super::row::Uid;
use super::time::Time;
use std::ops::Add;

/// CPU or memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Amount {
    /// In cores.
    Cpu,
    /// In bytes.
    Memory,
}

impl Amount {
    /// As a resource is called.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Cpu => "cpu",
            Self::Memory => "memory",
        }
    }
}

/// What is used at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Figure {
    /// Billionths of a core.
    pub cpu: u64,
    /// Bytes.
    pub memory: u64,
}

impl Figure {
    /// How much of one of both, in billionths of a core or bytes.
    pub const fn of(self, amount: Amount) -> u64 {
        match amount {
            Amount::Cpu => self.cpu,
            Amount::Memory => self.memory,
        }
    }

    /// The same as a quantity, to be compared with what may be used.
    pub fn quantity(self, amount: Amount) -> Quantity {
        match amount {
            Amount::Cpu => Quantity::billionths(self.cpu.into()),
            Amount::Memory => Quantity::whole(self.memory.into(), Format::Binary),
        }
    }

    /// As `kubectl top` prints it: `250m`, `64Mi`.
    pub fn show(self, amount: Amount) -> String {
        match amount {
            Amount::Cpu => format!("{}m", self.cpu.div_ceil(1_000_000)),
            Amount::Memory => format!("{}Mi", self.memory >> 20),
        }
    }
}

impl Add for Figure {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { cpu: self.cpu.saturating_add(other.cpu), memory: self.memory.saturating_add(other.memory) }
    }
}

/// From how many hundredths of what may be used on it is worth a look, and is bad.
const HIGH: (i128, i128) = (80, 95);

/// What it means that so many hundredths of what may be used are in use.
pub fn strain(percent: i128) -> Tone {
    match percent {
        high if high >= HIGH.1 => Tone::Bad,
        high if high >= HIGH.0 => Tone::Warn,
        _ => Tone::Plain,
    }
}

/// What is used by all that a list shows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Figures {
    /// Whose and how much. Figures carry no UIDs: a thing is found by [`Uid::of_name`], a container as part of its pod.
    pub all: Vec<(Uid, Figure)>,
    /// When the oldest of them was measured.
    pub measured: Option<Time>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_shown_as_by_kubectl() {
        let sum = Figure { cpu: 1, memory: 1_048_575 } + Figure { cpu: 99_000_000, memory: 2 << 20 };
        assert_eq!([Amount::Cpu, Amount::Memory].map(|amount| sum.show(amount)), ["100m", "2Mi"]);
    }

    #[test]
    fn a_share_that_is_high_stands_out() {
        let half = Figure { cpu: 499_000_001, memory: 1 << 29 };
        let of = |amount, all: &str| half.quantity(amount).percent_of(Quantity::parse(all).unwrap());
        assert_eq!((of(Amount::Cpu, "1"), of(Amount::Memory, "1Gi"), of(Amount::Memory, "0")), (50, 50, 0));
        assert_eq!([79, 80, 94, 95].map(strain), [Tone::Plain, Tone::Warn, Tone::Warn, Tone::Bad]);
    }
}
