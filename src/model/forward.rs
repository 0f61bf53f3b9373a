//! `Forward`: a port-forward: what was asked for, and how it fares.

use super::place::ObjectKey;
use crate::kinds::forward::{ForwardId, ForwardPhase, ForwardState};

/// What is asked for: one pair of ports of one object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForwardOrder {
    /// The pod, service or workload.
    pub on: ObjectKey,
    /// The ports as kubectl writes them: `8080:http`.
    pub ports: String,
    /// Where to listen, as kubectl's `--address`; `""` is this machine only.
    pub address: String,
    /// Whether others than this machine can connect.
    pub exposed: bool,
}

/// A port-forward.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forward {
    /// Its number.
    pub id: ForwardId,
    /// What was asked for.
    pub order: ForwardOrder,
    /// How it fares.
    pub state: ForwardState,
}

impl ForwardOrder {
    /// The order as the arguments of `port-forward`, without its context.
    pub fn line(&self) -> String {
        let ObjectKey { kind, namespace, name, .. } = &self.on;
        let mut line = format!("{}/{name} -n {namespace} {}", kind.names().plural, self.ports);
        if !self.address.is_empty() {
            line.push_str(" --address ");
            line.push_str(&self.address);
        }
        line
    }
}

impl Forward {
    /// Where it listens, else what was asked for.
    pub fn local(&self) -> &str {
        self.state.addresses.first().map_or(&self.order.ports, String::as_str)
    }

    /// Whether it has ended.
    pub fn is_over(&self) -> bool {
        self.state.phase == ForwardPhase::Failed
    }
}
