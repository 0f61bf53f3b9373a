//! `Figure`: what something uses, as `metrics.k8s.io` measured it and `kubectl top` prints it.

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
}
