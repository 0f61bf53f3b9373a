//! The stream of a watch: changes at the rate that is set now, and bookmarks.

use super::World;
use crate::data::{Change, State};
use crate::random::Random;
use futures::{Stream, stream};
use hyper::body::Bytes;
use std::fmt::Write;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

/// As often as kube-apiserver sends bookmarks, about.
const BOOKMARK: Duration = Duration::from_mins(1);
/// At high rates, changes are sent together this often.
const TICK: Duration = Duration::from_millis(10);

/// What a watch request asks for.
pub struct Wanted {
    /// `apiVersion` of the objects.
    pub api_version: String,
    /// `kind` of the objects.
    pub kind: &'static str,
    /// The pods that it sees; empty for kinds without objects.
    pub pods: Range<u64>,
    /// After which the server ends the stream.
    pub timeout: Duration,
}

struct Watch {
    world: Arc<World>,
    wanted: Wanted,
    random: Random,
    rate: watch::Receiver<u64>,
    /// Since when the present rate holds, and how many changes were sent since.
    since: Instant,
    sent: u64,
    bookmark: Instant,
    end: Instant,
}

/// The chunks of a watch.
pub fn stream(world: Arc<World>, wanted: Wanted) -> impl Stream<Item = Bytes> {
    let now = Instant::now();
    let watch = Watch {
        random: Random::of(world.writer.cluster.seed, 3, 0),
        rate: world.rate.clone(),
        since: now,
        sent: 0,
        bookmark: now + BOOKMARK,
        end: now + wanted.timeout,
        world,
        wanted,
    };
    stream::unfold(watch, |mut watch| async move { watch.next().await.map(|chunk| (chunk, watch)) })
}

impl Watch {
    /// Waits for what comes next; `None` when the time is over.
    async fn next(&mut self) -> Option<Bytes> {
        loop {
            let rate = if self.wanted.pods.is_empty() { 0 } else { *self.rate.borrow_and_update() };
            let tick =
                if rate == 0 { self.end } else { Instant::now() + TICK.max(Duration::from_secs(1) / small(rate)) };
            let due = tick.min(self.bookmark).min(self.end);
            tokio::select! {
                changed = self.rate.changed() => {
                    changed.ok()?;
                    (self.since, self.sent) = (Instant::now(), 0);
                }
                () = sleep_until(due) => {
                    if due == self.end {
                        return None;
                    }
                    return Some(if due == self.bookmark { self.send_bookmark() } else { self.changes(rate) });
                }
            }
        }
    }

    /// The changes that are due since the rate was set.
    fn changes(&mut self, rate: u64) -> Bytes {
        let due = u64::try_from(self.since.elapsed().as_millis()).unwrap_or(u64::MAX).saturating_mul(rate) / 1_000;
        let mut text = String::new();
        while self.sent < due {
            self.change(&mut text);
            self.sent += 1;
        }
        text.into()
    }

    /// One more restart, or a readiness probe that fails, of some running pod.
    fn change(&mut self, out: &mut String) {
        let cluster = self.world.writer.cluster;
        let pods = self.wanted.pods.clone();
        let mut index = self.random.between(pods.start, pods.end);
        for _ in 0..100 {
            if cluster.pod(index, Change::default()).state == State::Running {
                break;
            }
            index = self.random.between(pods.start, pods.end);
        }
        let version = self.world.version.fetch_add(1, Ordering::Relaxed) + 1;
        let change = Change { version, restarts: 1 + version / cluster.pods, unready: version.is_multiple_of(2) };
        out.push_str(r#"{"type":"MODIFIED","object":"#);
        self.world.writer.object(index, change, out);
        out.push_str("}\n");
    }

    fn send_bookmark(&mut self) -> Bytes {
        self.bookmark += BOOKMARK;
        let Wanted { api_version, kind, .. } = &self.wanted;
        let version = self.world.version.load(Ordering::Relaxed);
        let mut text = String::new();
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            r#"{{"type":"BOOKMARK","object":{{"kind":"{kind}","apiVersion":"{api_version}","metadata":{{"resourceVersion":"{version}","creationTimestamp":null}}}}}}"#
        );
        text.into()
    }
}

fn small(rate: u64) -> u32 {
    u32::try_from(rate).unwrap_or(u32::MAX)
}
