//! `gather`: what many streams say becomes few messages, with their lines in the order of their times. So lines of a
//! hundred pods are put in order here, beside the loop, and it takes over some batches a second, not some thousands.

use super::LogMessage;
use crate::kinds::logs::{LogBatch, SourceId};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, VecDeque};
use std::time::Duration;
use tokio::sync::mpsc::{Receiver, Sender};
use tokio::time::{Instant, timeout_at};

/// How long lines wait for those of other streams.
const PATIENCE: Duration = Duration::from_millis(12);
/// How much text does not wait any longer, in bytes.
const ENOUGH: usize = 256 << 10;

/// Passes on what streams say, until they end or nobody listens.
pub async fn gather(mut lines: Receiver<LogMessage>, sender: Sender<LogMessage>) {
    let pass_on = async {
        while let Some(message) = lines.recv().await {
            let LogMessage::Lines(batch) = message else {
                if sender.send(message).await.is_err() {
                    return;
                }
                continue;
            };
            let (batches, other) = more(batch, &mut lines).await;
            let gathered = std::iter::once(LogMessage::Lines(in_order(batches))).chain(other);
            for message in gathered {
                if sender.send(message).await.is_err() {
                    return;
                }
            }
        }
    };
    tokio::select! {
        () = pass_on => {}
        () = sender.closed() => {}
    }
}

/// The batches that come soon after the first one, and the message that ended that.
async fn more(first: LogBatch, lines: &mut Receiver<LogMessage>) -> (Vec<LogBatch>, Option<LogMessage>) {
    let end = Instant::now() + PATIENCE;
    let mut size = first.bytes().len();
    let mut batches = vec![first];
    while size < ENOUGH {
        match timeout_at(end, lines.recv()).await {
            Ok(Some(LogMessage::Lines(batch))) => {
                size += batch.bytes().len();
                batches.push(batch);
            }
            Ok(other) => return (batches, other),
            Err(_) => break,
        }
    }
    (batches, None)
}

/// The lines of one source that are still to be placed.
struct Queue<'a> {
    batches: VecDeque<&'a LogBatch>,
    /// The next line of the first batch.
    next: usize,
}

impl Queue<'_> {
    /// When the next line was written; one that does not say so follows at once.
    fn time(&self) -> Option<i64> {
        let line = self.batches.front()?.records().get(self.next)?;
        Some(line.time().unwrap_or(i64::MIN))
    }

    /// Moves the next line to `out`.
    fn give(&mut self, out: &mut LogBatch) {
        let Some(batch) = self.batches.front() else { return };
        if let Some((record, text)) = batch.line(self.next) {
            out.push_line(record, text);
        }
        self.next += 1;
        if self.next >= batch.records().len() {
            self.batches.pop_front();
            self.next = 0;
        }
    }
}

/// The lines of all batches, each of one source, by time; those of one source in the order in which they came.
pub fn in_order(mut batches: Vec<LogBatch>) -> LogBatch {
    if batches.len() == 1 {
        return batches.pop().unwrap_or_default();
    }
    let mut queues: BTreeMap<SourceId, Queue<'_>> = BTreeMap::new();
    for batch in &batches {
        let Some(line) = batch.records().first() else { continue };
        let queue = queues.entry(line.source).or_insert_with(|| Queue { batches: VecDeque::new(), next: 0 });
        queue.batches.push_back(batch);
    }
    let mut out = LogBatch::default();
    let heads = queues.iter().filter_map(|(id, queue)| queue.time().map(|time| Reverse((time, *id))));
    let mut heads: BinaryHeap<_> = heads.collect();
    while let Some(Reverse((_, id))) = heads.pop() {
        let Some(queue) = queues.get_mut(&id) else { continue };
        queue.give(&mut out);
        // Most lines of a source stand one behind the other.
        while let Some(time) = queue.time() {
            if heads.peek().is_some_and(|Reverse(head)| *head < (time, id)) {
                heads.push(Reverse((time, id)));
                break;
            }
            queue.give(&mut out);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use tokio::sync::mpsc;

    fn batch(source: u16, times: &[i64]) -> LogBatch {
        let mut batch = LogBatch::new(SourceId(source));
        for time in times {
            batch.push(Some(*time), b"x");
        }
        batch
    }

    fn lines(batch: &LogBatch) -> Vec<(i64, u16)> {
        batch.records().iter().map(|line| (line.time().unwrap_or(-1), line.source.0)).collect()
    }

    #[tokio::test(start_paused = true)]
    async fn what_comes_together_is_one_batch_by_time() {
        let (out, inbox) = mpsc::channel(16);
        let (sender, mut told) = mpsc::channel(16);
        let task = tokio::spawn(gather(inbox, sender));
        for lines in [batch(1, &[10, 30]), batch(2, &[20, 40]), batch(1, &[35])] {
            out.send(LogMessage::Lines(lines)).await.unwrap();
        }
        out.send(LogMessage::Queued(3)).await.unwrap();
        let Some(LogMessage::Lines(first)) = told.recv().await else { panic!("lines come first") };
        assert_eq!(lines(&first), [(10, 1), (20, 2), (30, 1), (35, 1), (40, 2)]);
        assert_eq!(told.recv().await, Some(LogMessage::Queued(3)));
        out.send(LogMessage::Lines(batch(1, &[50]))).await.unwrap();
        let began = Instant::now();
        assert_eq!(told.recv().await, Some(LogMessage::Lines(batch(1, &[50]))));
        assert!(began.elapsed() <= PATIENCE, "lines wait no longer than that");
        drop(told);
        task.await.unwrap();
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_each_source_keeps_its_order(
            parts in proptest::collection::vec((0_u16..4, proptest::collection::vec(-1_i64..9, 1..6)), 1..12)) {
            let batches: Vec<_> = parts.iter().map(|(source, times)| {
                let mut batch = LogBatch::new(SourceId(*source));
                for time in times {
                    batch.push((*time >= 0).then_some(*time), b"x");
                }
                batch
            }).collect();
            let woven = lines(&in_order(batches));
            for source in 0..4 {
                let of = |all: Vec<(i64, u16)>| all.into_iter().filter(|(_, of)| *of == source).collect::<Vec<_>>();
                let came = parts.iter().flat_map(|(source, times)| times.iter().map(|time| (*time, *source)));
                prop_assert_eq!(of(woven.clone()), of(came.collect()));
            }
            let sorted = parts.iter().all(|(_, times)| times.is_sorted());
            let once = parts.iter().map(|(source, _)| source).collect::<std::collections::BTreeSet<_>>().len() == parts.len();
            prop_assert!(!sorted || !once || woven.iter().map(|(time, _)| time).is_sorted());
        }
    }
}
