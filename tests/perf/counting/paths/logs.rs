//! Lines of logs: taken in with their times, searched, filtered.

use super::{Path, quiet};
use rutter::kinds::logs::{LogBatch, SourceId, Stamps};
use rutter::model::logs::{Direction, LogBuffer, Needle, Sieve};

/// Lines of a batch, as many as a stream sends together when it is busy.
const BATCH: u64 = 500;

pub fn all() -> Vec<Path> {
    vec![
        quiet("read and keep 20,000 log lines", |_| {
            let text = lines(0..20_000);
            let mut buffer = LogBuffer::new(64 << 20);
            Box::new(move || fill(&mut buffer, &text))
        }),
        quiet("search 100,000 log lines for what is not there", |_| {
            let buffer = filled();
            let needle = Needle::new("no such text");
            Box::new(move || {
                std::hint::black_box(needle.as_ref().and_then(|it| buffer.find(it, 0, Direction::Forward)));
            })
        }),
        quiet("filter 100,000 log lines", |_| {
            let buffer = filled();
            let mut sieve = Sieve::new("status=503");
            Box::new(move || sieve.iter_mut().for_each(|sieve| sieve.update(&buffer)))
        }),
    ]
}

fn filled() -> LogBuffer {
    let mut buffer = LogBuffer::new(64 << 20);
    fill(&mut buffer, &lines(0..100_000));
    buffer
}

/// Lines as an API server sends them with time stamps, about 150 bytes each.
fn lines(numbers: std::ops::Range<u64>) -> String {
    crate::mock::log_lines(numbers, 1_800_000_000)
}

/// What a stream does with its bytes, and the loop with its batches.
fn fill(buffer: &mut LogBuffer, text: &str) {
    let mut stamps = Stamps::default();
    let mut batch = LogBatch::new(SourceId(0));
    for (number, line) in (1..).zip(text.lines()) {
        let (nanos, text) = stamps.split(line.as_bytes());
        batch.push(nanos, text);
        if number % BATCH == 0 {
            buffer.push(&std::mem::replace(&mut batch, LogBatch::new(SourceId(0))));
        }
    }
    buffer.push(&batch);
}
