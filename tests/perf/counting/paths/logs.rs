//! Lines of logs: taken in with their times, put in order, searched, filtered, scrolled.

use super::super::world::Window;
use super::{Path, Shown, Work, path, quiet};
use rutter::cluster::logs::in_order;
use rutter::kinds::logs::{LogBatch, SourceId, Stamps};
use rutter::model::logs::{Direction, LogBuffer, Needle, Sieve};
use rutter::model::{LogKey, LogPage, Model};
use rutter::ui::{LogScreen, Motion, Screen};

/// Lines of a batch, as many as a stream sends together when it is busy.
const BATCH: u64 = 500;
/// Room for a million lines, in bytes.
const ROOM: usize = 256 << 20;
/// Streams whose lines are put in order, and lines that each sends together.
const STREAMS: u16 = 100;
const TOGETHER: i64 = 4;

pub fn all() -> Vec<Path> {
    vec![
        quiet("read and keep 20,000 log lines", |_| {
            let text = lines(0..20_000);
            let mut buffer = LogBuffer::new(ROOM);
            Box::new(move || read(&text).iter().for_each(|batch| buffer.push(batch)))
        }),
        quiet("put 20,000 log lines of 100 streams in order", |_| {
            let mut buffer = LogBuffer::new(ROOM);
            let mut together: Vec<Vec<LogBatch>> = (0..50).map(of_all_streams).collect();
            Box::new(move || together.drain(..).for_each(|batches| buffer.push(&in_order(batches))))
        }),
        quiet("search 1,000,000 log lines for what is not there", |_| {
            let buffer = filled(10);
            let needle = Needle::new("no such text");
            Box::new(move || {
                std::hint::black_box(needle.as_ref().and_then(|it| buffer.find(it, u64::MAX, Direction::Backward)));
            })
        }),
        quiet("search 1,000,000 log lines for a word with common letters", |_| {
            let buffer = filled(10);
            let needle = Needle::new("status=404");
            Box::new(move || {
                std::hint::black_box(needle.as_ref().and_then(|it| buffer.find(it, u64::MAX, Direction::Backward)));
            })
        }),
        quiet("filter 100,000 log lines", |_| {
            let buffer = filled(1);
            let mut sieve = Sieve::new("status=503");
            Box::new(move || sieve.iter_mut().for_each(|sieve| sieve.complete(&buffer)))
        }),
        path("scroll 1,000,000 log lines by one", |_| scrolled(Motion::Up(1))),
        path("scroll 1,000,000 log lines by a page", |_| scrolled(Motion::PageUp(1))),
    ]
}

/// A log of so many times 100,000 lines.
fn filled(times: usize) -> LogBuffer {
    let mut buffer = LogBuffer::new(ROOM);
    let batches = read(&lines(0..100_000));
    for batch in (0..times).flat_map(|_| &batches) {
        buffer.push(batch);
    }
    buffer
}

/// Lines as an API server sends them with time stamps, about 150 bytes each.
fn lines(numbers: std::ops::Range<u64>) -> String {
    crate::mock::log_lines(numbers, 1_800_000_000)
}

/// What a stream makes of its bytes.
fn read(text: &str) -> Vec<LogBatch> {
    let (mut stamps, mut batch) = (Stamps::default(), LogBatch::new(SourceId(0)));
    let (mut batches, mut begin) = (Vec::new(), 0);
    for (number, end) in (1..).zip(memchr::memchr_iter(b'\n', text.as_bytes())) {
        let (nanos, line) = stamps.split(text.as_bytes().get(begin..end).unwrap_or_default());
        batch.push(nanos, line);
        begin = end + 1;
        if number % BATCH == 0 {
            let next = batch.following();
            batches.push(std::mem::replace(&mut batch, next));
        }
    }
    batches.push(batch);
    batches
}

/// What comes from all streams in one turn; every second stream is a little late.
fn of_all_streams(turn: i64) -> Vec<LogBatch> {
    let of = |stream: u16| {
        let mut batch = LogBatch::new(SourceId(stream));
        let late = if stream.is_multiple_of(2) { 0 } else { 4 };
        for line in 0..TOGETHER {
            let millis = turn * 12 + line * 3 - late;
            batch.push(Some(millis * 1_000_000 + i64::from(stream)), b"level=info msg=\"request served\" status=200");
        }
        batch
    };
    (0..STREAMS).map(of).collect()
}

/// The frame after a step through a long log.
fn scrolled(motion: Motion) -> Work<'static> {
    let key = LogKey { context: "perf".into(), of: "pod n/p".into(), ..LogKey::default() };
    let (mut model, mut page) = (Model::default(), LogPage::new(ROOM));
    page.buffer = filled(10);
    model.logs.insert(key.clone(), page);
    let mut window = Window::of(Screen::Logs(LogScreen::new(key)), &model);
    window.draw(&model);
    let (bytes, frames) = window.written();
    Box::new(move || {
        if let Some(screen) = window.stack.top_mut() {
            screen.step(motion, &model);
        }
        window.draw(&model);
        let after = window.written();
        Shown { bytes: after.0 - bytes, frames: after.1 - frames }
    })
}
