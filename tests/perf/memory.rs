//! What is kept per row of a store and per line of a log, by a counting allocator. `allocation-counter` brings it, since rutter itself forbids
//! `unsafe`; it counts the calling thread only, which suits a store that has one owner.

use crate::data;
use crate::error::Result;
use crate::json::Writer;
use allocation_counter::{measure, opt_out};
use rutter::kinds::logs::{LogBatch, Stamps};
use rutter::kinds::{self, Change, Server};
use rutter::model::Store;
use rutter::model::logs::LogBuffer;

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
                writer.item(index, data::Change::default(), &mut json);
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
/// When rutter has no kind for pods.
pub fn of_the_store(writer: &Writer) -> Result<Held> {
    let pods = kinds::find("pods").ok_or("rutter has no kind for pods")?;
    let mut rows = Vec::new();
    let put = |store: &mut Store, json: &[u8]| {
        // A pod that cannot be read leaves a row that says so, and costs about as much.
        let _ = pods.read(json, Server::default(), &mut rows);
        for row in rows.drain(..) {
            store.apply(Change::Put { part: 0, row: Box::new(row) });
        }
    };
    Ok(held(writer, || Store::new(pods.headings().len()), put))
}

/// Bytes that a buffer of logs keeps of each of so many lines, without their text.
pub fn of_a_log_line(count: u64) -> f64 {
    let text = crate::mock::log_lines(0..count, 1_800_000_000);
    let mut buffer = None;
    let counted = measure(|| {
        let buffer = buffer.insert(LogBuffer::new(usize::MAX));
        let (mut stamps, mut batch) = (Stamps::default(), LogBatch::default());
        for line in text.lines() {
            let (nanos, line) = stamps.split(line.as_bytes());
            batch.push(nanos, line);
            if batch.bytes().len() > 60_000 {
                buffer.push(&std::mem::take(&mut batch));
            }
        }
        buffer.push(&batch);
    });
    // A stamp and a space stand before each text, and the line feed is one of its bytes.
    let texts = text.len() as u64 - count * STAMP;
    let kept = u64::try_from(counted.bytes_current).unwrap_or(0).saturating_sub(texts);
    precise(kept) / precise(count.max(1))
}

/// Bytes of a time stamp and the space behind it.
const STAMP: u64 = 31;

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
    fn a_line_is_kept_as_its_text_and_little_more() {
        let kept = of_a_log_line(100_000);
        assert!((16.0..24.0).contains(&kept), "{kept}");
    }

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
