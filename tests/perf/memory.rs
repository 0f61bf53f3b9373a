//! What a store keeps per row, by a counting allocator. `allocation-counter` brings it, since rutter itself forbids
//! `unsafe`; it counts the calling thread only, which suits a store that has one owner.

use crate::data::Change;
use crate::error::Result;
use crate::json::Writer;
use allocation_counter::{measure, opt_out};

/// What one row costs.
#[derive(Debug, Clone, Copy)]
pub struct Held {
    /// Bytes that stay allocated, as asked for by the program; the allocator's own overhead is not in it.
    pub bytes: f64,
    /// The most that was allocated at any time. A growing vector counts twice while it is copied.
    pub peak: f64,
    /// Allocations while the row was decoded and stored.
    pub allocations: f64,
}

/// Puts every pod of the cluster into a store and counts. `put` gets the JSON of one pod.
pub fn held<S>(writer: &Writer, new: impl FnOnce() -> S, mut put: impl FnMut(&mut S, &[u8])) -> Held {
    let mut store = None;
    let mut json = String::new();
    let counted = measure(|| {
        let store = store.insert(new());
        for index in 0..writer.cluster.pods {
            opt_out(|| {
                json.clear();
                writer.item(index, Change::default(), &mut json);
            });
            put(store, json.as_bytes());
        }
    });
    let per_row = |count: u64| precise(count) / precise(writer.cluster.pods.max(1));
    Held {
        bytes: per_row(u64::try_from(counted.bytes_current).unwrap_or(0)),
        peak: per_row(counted.bytes_max),
        allocations: per_row(counted.count_total),
    }
}

/// What rutter's row store keeps of a pod.
///
/// # Errors
/// Always, until the store exists. Then this is
/// `Ok(held(writer, || Store::new(stride), |store, json| store.apply(…the row that the kind reads from json…)))`.
pub fn of_the_store(_writer: &Writer) -> Result<Held> {
    Err("the row store is not plugged in".into())
}

/// Counts of allocations are far below 2^52.
#[expect(clippy::cast_precision_loss)]
fn precise(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Cluster;

    #[test]
    fn what_is_kept_counts_and_what_is_dropped_does_not() {
        let writer = Writer::new(Cluster { seed: 7, pods: 100, now: 1_800_000_000 });
        let held = held(
            &writer,
            || Vec::with_capacity(100),
            |store, json| {
                drop(std::hint::black_box(json.to_vec()));
                store.push(vec![json.len() as u64].into_boxed_slice());
            },
        );
        // Eight bytes for the number and sixteen for the box that leads to it.
        assert!((held.bytes - 24.0).abs() < f64::EPSILON, "{held:?}");
        assert!((held.allocations - 2.01).abs() < 1e-9, "{held:?}");
        assert!(held.peak > 24.0 + 80.0 && held.peak < 24.0 + 150.0, "{held:?}");
    }
}
