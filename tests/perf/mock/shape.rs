//! How bodies travel: counted, at the speed of the link, with stalls, compressed.

use super::World;
use super::canned::CHUNK;
use futures::stream::{BoxStream, unfold};
use futures::{Stream, StreamExt};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, StreamBody};
use hyper::body::{Bytes, Frame};
use std::convert::Infallible;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, Command};
use tokio::time::{sleep, sleep_until};

/// The body of an answer.
pub type Body = UnsyncBoxBody<Bytes, Infallible>;
/// What is sent at once over a link of limited bandwidth.
const PIECE: usize = 4 * 1024;
/// How late a timer may be, in microseconds.
const LATE: u64 = 2_000;

/// A body that travels as the mock is set.
pub fn body(world: &Arc<World>, chunks: impl Stream<Item = Bytes> + Send + 'static) -> Body {
    let shaped = ["bandwidth", "stall-at"].iter().any(|knob| world.knobs.get(knob) > 0);
    let chunks = if shaped { slow(world, chunks.boxed()) } else { chunks.boxed() };
    let world = Arc::clone(world);
    let count = move |chunk: Bytes| {
        world.tally.bytes.fetch_add(chunk.len() as u64, Ordering::Relaxed);
        Ok(Frame::data(chunk))
    };
    StreamBody::new(chunks.map(count)).boxed_unsync()
}

/// The same chunks in small pieces, each when the link has time for it, with one stall if there shall be one.
fn slow(world: &Arc<World>, chunks: BoxStream<'static, Bytes>) -> BoxStream<'static, Bytes> {
    let pieces = chunks.flat_map(|chunk| futures::stream::iter(pieces(chunk)));
    let stall_at = Some(world.knobs.get("stall-at")).filter(|at| *at > 0);
    let state = (pieces.boxed(), Arc::clone(world), 0_u64, stall_at);
    let next = |(mut pieces, world, sent, mut stall_at): (BoxStream<'static, Bytes>, Arc<World>, u64, Option<u64>)| async move {
        let piece = pieces.next().await?;
        if stall_at.take_if(|at| *at <= sent).is_some() {
            sleep(Duration::from_millis(world.knobs.get("stall-for"))).await;
        }
        world.pass(piece.len() as u64).await;
        let sent = sent + piece.len() as u64;
        Some((piece, (pieces, world, sent, stall_at)))
    };
    unfold(state, next).boxed()
}

fn pieces(mut chunk: Bytes) -> Vec<Bytes> {
    let mut pieces = Vec::new();
    while chunk.len() > PIECE {
        pieces.push(chunk.split_to(PIECE));
    }
    pieces.push(chunk);
    pieces
}

impl World {
    /// Waits until so many bytes are through the link, which all connections share.
    async fn pass(&self, bytes: u64) {
        let bandwidth = self.knobs.get("bandwidth");
        if bandwidth == 0 {
            return;
        }
        let now = u64::try_from(self.begun.elapsed().as_micros()).unwrap_or(u64::MAX);
        let takes = bytes * 1_000_000 / bandwidth;
        // Timers are late by up to a millisecond: a link that was free for so short is taken as busy.
        let free = |free: u64| free.max(now.saturating_sub(LATE));
        let later = |before: u64| Some(free(before) + takes);
        let before = self.link.fetch_update(Ordering::Relaxed, Ordering::Relaxed, later).unwrap_or(now);
        sleep_until(self.begun + Duration::from_micros(free(before) + takes)).await;
    }
}

/// The same bytes compressed by the program `gzip`, in a process of its own, as one member; as they are when there is no
/// such program.
pub fn gzip(chunks: BoxStream<'static, Bytes>) -> (BoxStream<'static, Bytes>, bool) {
    let mut command = Command::new("gzip");
    command.args(["-1", "-c"]).stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true);
    match command.spawn() {
        Ok(child) => (through(child, chunks), true),
        Err(error) => {
            eprintln!("mock: gzip: {error}");
            (chunks, false)
        }
    }
}

fn through(mut child: Child, mut chunks: BoxStream<'static, Bytes>) -> BoxStream<'static, Bytes> {
    let (input, output) = (child.stdin.take(), child.stdout.take());
    tokio::spawn(async move {
        let Some(mut input) = input else { return };
        while let Some(chunk) = chunks.next().await {
            // Somebody who hangs up takes the process with him.
            if input.write_all(&chunk).await.is_err() {
                return;
            }
        }
    });
    // The process lives as long as its output is read.
    let read = |(mut output, child): (Option<tokio::process::ChildStdout>, Child)| async move {
        let mut buffer = vec![0; CHUNK];
        let length = output.as_mut()?.read(&mut buffer).await.ok().filter(|length| *length > 0)?;
        buffer.truncate(length);
        Some((Bytes::from(buffer), (output, child)))
    };
    unfold((output, child), read).boxed()
}
