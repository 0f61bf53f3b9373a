//! What is known of a port-forward: its number, how it fares, and what passed through it.

/// The number of a forward; never used twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct ForwardId(pub u64);

/// How a forward fares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ForwardPhase {
    /// It looks for a pod, or connects to it.
    #[default]
    Resolving,
    /// Connections are passed on.
    Listening,
    /// The pod is gone or out of reach: connections are closed at once. It goes on when it was opened on an owner.
    Broken,
    /// It is over: nothing listens.
    Failed,
}

/// A forward at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ForwardState {
    /// How it fares.
    pub phase: ForwardPhase,
    /// Where it listens: `127.0.0.1:8080`.
    pub addresses: Vec<String>,
    /// The pod that connections go to, `""` while there is none.
    pub pod: String,
    /// The port of the pod, 0 while it is not known.
    pub port: u16,
    /// Connections that are open.
    pub open: u64,
    /// Connections that were opened so far.
    pub connections: u64,
    /// Bytes that came from the pod.
    pub received: u64,
    /// Bytes that went to the pod.
    pub sent: u64,
    /// What went wrong last, `""` when nothing did.
    pub error: String,
    /// What to do about it, `""` when there is nothing.
    pub hint: String,
}

/// A TCP port that an object names.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PortOffer {
    /// Its number.
    pub number: u16,
    /// Its name, `""` when it has none.
    pub name: String,
    /// The container that listens on it, `""` for a service.
    pub container: String,
}
