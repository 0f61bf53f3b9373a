//! What pods use, ask for and may use at most, as figures.

use super::amount::Quantity;
use super::sight::{items, scalar, text};
use crate::cluster::json::at;
use crate::kinds::Cell;
use serde_json::Value;
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

    /// The greater of both, one by one.
    fn most(self, other: Self) -> Self {
        Self { cpu: self.cpu.max(other.cpu), memory: self.memory.max(other.memory) }
    }

    /// The cells as `kubectl top` prints them: `250m`, `64Mi`.
    pub fn cells(self) -> [Cell; 2] {
        [Cell::text(cores(self.cpu)), Cell::text(mebibytes(self.memory))]
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

/// `250m`
pub fn cores(cpu: Quantity) -> String {
    format!("{}m", cpu.millis())
}

/// `64Mi`
pub fn mebibytes(memory: Quantity) -> String {
    format!("{}Mi", memory.whole() / (1 << 20))
}

/// The figures of a pod: the sum of those of its containers.
pub fn of_pod(figure: &Value) -> Usage {
    items(figure, "/containers").iter().map(|container| Usage::of(at(container, "/usage"))).sum()
}

/// What a pod asks for (`requests`), or may use at most (`limits`): its containers together, or more while its init
/// containers run; what is set for the pod as a whole counts before that (`component-helpers` `resource/helpers.go`).
pub fn of_spec(pod: &Value, which: &str) -> Usage {
    let whole = at(pod, &format!("/spec/resources/{which}"));
    let path = format!("/resources/{which}");
    let of = |container: &Value| Usage::of(at(container, &path));
    let (mut beside, mut most) = (Usage::default(), Usage::default());
    for container in items(pod, "/spec/initContainers") {
        if text(container, "/restartPolicy") == "Always" {
            beside = beside + of(container);
            most = most.most(beside);
        } else {
            most = most.most(beside + of(container));
        }
    }
    let main: Usage = items(pod, "/spec/containers").iter().map(of).sum();
    let mut sum = (main + beside).most(most);
    let set = Usage::of(whole);
    if whole.get("cpu").is_some() {
        sum.cpu = set.cpu;
    }
    if whole.get("memory").is_some() {
        sum.memory = set.memory;
    }
    let overhead = Usage::of(at(pod, "/spec/overhead"));
    // Where nothing is the limit, nothing is added to it.
    let over = |sum: Quantity, more: Quantity| {
        if which == "limits" && sum == Quantity::default() { sum } else { sum + more }
    };
    Usage { cpu: over(sum.cpu, overhead.cpu), memory: over(sum.memory, overhead.memory) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn asks(cpu: &str) -> Value {
        json!({"resources": {"requests": {"cpu": cpu}}})
    }

    #[test]
    fn figures_are_kubectls() {
        let figure = json!({"containers": [{"usage": {"cpu": "1n", "memory": "1048575"}}, {"usage": {"cpu": "99m", "memory": "2Mi"}}]});
        assert_eq!(of_pod(&figure).cells(), [Cell::text("100m"), Cell::text("2Mi")]);
    }

    #[test]
    fn a_pod_asks_for_what_it_needs_at_its_worst() {
        let cpu = |pod: &Value| of_spec(pod, "requests").cpu.millis();
        let mut sidecar = asks("200m");
        sidecar["restartPolicy"] = json!("Always");
        let pod = json!({"spec": {"initContainers": [asks("1"), sidecar, asks("500m")], "containers": [asks("100m")]}});
        assert_eq!(cpu(&pod), 1_000, "the first init container alone");
        let pod = json!({"spec": {"initContainers": [asks("100m"), sidecar], "containers": [asks("300m")],
            "overhead": {"cpu": "10m"}}});
        assert_eq!(cpu(&pod), 510, "the containers, the sidecar and the overhead");
        let pod = json!({"spec": {"resources": {"requests": {"cpu": "2"}}, "containers": [asks("300m")]}});
        assert_eq!(cpu(&pod), 2_000, "what is set for the whole");
        let free = json!({"spec": {"containers": [asks("1")], "overhead": {"cpu": "10m"}}});
        assert_eq!(of_spec(&free, "limits").cpu.millis(), 0);
    }
}
