//! What pods use, ask for and may use at most, as figures.

use super::sight::{items, scalar, text};
use crate::cluster::json::at;
use crate::kinds::answer::Piece;
use crate::kinds::describe::Json;
use crate::kinds::quantity::Quantity;
use crate::kinds::resources::{Of, amounts};
use crate::kinds::{Cell, Tone};
use serde_json::Value;
use std::collections::HashMap;
use std::iter::Sum;
use std::ops::Add;

/// CPU and memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Usage {
    /// In cores.
    pub cpu: Quantity,
    /// In bytes.
    pub memory: Quantity,
}

impl Usage {
    /// Reads `{"cpu": …, "memory": …}`; what is missing is 0.
    pub fn of(resources: &Value) -> Self {
        let amount = |name: &str| Quantity::parse(&scalar(resources, name)).unwrap_or_default();
        Self { cpu: amount("/cpu"), memory: amount("/memory") }
    }

    /// The cells as `kubectl top` prints them: `250m`, `64Mi`.
    pub fn cells(self) -> [Cell; 2] {
        [Cell::text(format!("{}m", self.cpu.milli())), Cell::text(format!("{}Mi", self.memory.value() / (1 << 20)))]
    }
}

impl Add for Usage {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { cpu: self.cpu + other.cpu, memory: self.memory + other.memory }
    }
}

impl Sum for Usage {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), Add::add)
    }
}

/// The figures of a pod: the sum of those of its containers.
pub fn of_pod(figure: &Value) -> Usage {
    items(figure, "/containers").iter().map(|container| Usage::of(at(container, "/usage"))).sum()
}

/// What is asked for, and what may be used at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Bounds {
    requests: Usage,
    limits: Usage,
}

impl Bounds {
    /// Those of a pod as a whole.
    fn of_pod(pod: &Value) -> Self {
        let of = |which: Of| {
            let amounts = amounts(Json::of(pod), which, true);
            let amount = |name: &str| amounts.get(name).copied().unwrap_or_default();
            Usage { cpu: amount("cpu"), memory: amount("memory") }
        };
        Self { requests: of(Of::Requests), limits: of(Of::Limits) }
    }

    /// Those of a container of a pod.
    pub fn of_container(pod: &Value, name: &str) -> Self {
        let all = ["/spec/containers", "/spec/initContainers"].map(|path| items(pod, path));
        let found = all.into_iter().flatten().find(|container| text(container, "/name") == name);
        let of = |path: &str| found.map_or_else(Usage::default, |container| Usage::of(at(container, path)));
        Self { requests: of("/resources/requests"), limits: of("/resources/limits") }
    }

    /// As an answer shows them: requests, then limits.
    pub fn pieces(self) -> impl Iterator<Item = Piece> {
        self.requests.cells().into_iter().chain(self.limits.cells()).map(|cell| cell.tone(Tone::Quiet).into())
    }
}

impl Add for Bounds {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { requests: self.requests + other.requests, limits: self.limits + other.limits }
    }
}

impl Sum for Bounds {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), Add::add)
    }
}

/// A pod and its bounds.
pub type Bounded<'a> = (&'a Value, Bounds);

/// Pods with their bounds.
pub fn bounded(pods: &[Value]) -> Vec<Bounded<'_>> {
    pods.iter().map(|pod| (pod, Bounds::of_pod(pod))).collect()
}

/// The bounds of all pods that are not over, together for each node or namespace.
pub fn bounds_by<'a>(pods: &[Bounded<'a>], whose: impl Fn(&'a Value) -> &'a str) -> HashMap<&'a str, Bounds> {
    let mut all: HashMap<&str, Bounds> = HashMap::new();
    for (pod, bounds) in pods.iter().filter(|(pod, _)| !matches!(text(pod, "/status/phase"), "Succeeded" | "Failed")) {
        let sum = all.entry(whose(pod)).or_default();
        *sum = *sum + *bounds;
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn figures_are_kubectls() {
        let figure = json!({"containers": [{"usage": {"cpu": "1n", "memory": "1048575"}}, {"usage": {"cpu": "99m", "memory": "2Mi"}}]});
        assert_eq!(of_pod(&figure).cells(), [Cell::text("100m"), Cell::text("2Mi")]);
    }
}
