//! `Meter`: how many bytes passed through a forward. Connections count while the forward reads, so it is shared.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// The counters of one forward.
#[derive(Debug, Clone, Default)]
pub struct Meter(Arc<Counters>);

#[derive(Debug, Default)]
struct Counters {
    received: AtomicU64,
    sent: AtomicU64,
}

impl Meter {
    /// Bytes came from the pod.
    pub fn receive(&self, bytes: usize) {
        self.0.received.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    /// Bytes went to the pod.
    pub fn send(&self, bytes: usize) {
        self.0.sent.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    /// Bytes from the pod and to it so far.
    pub fn read(&self) -> (u64, u64) {
        (self.0.received.load(Ordering::Relaxed), self.0.sent.load(Ordering::Relaxed))
    }
}
