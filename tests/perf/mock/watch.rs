//! The stream of a watch: what is there, changes at the rate that is set now, and bookmarks.

use super::World;
use super::answer::failure;
use super::canned::CHUNK;
use super::format::{Format, Item};
use super::shelf::text;
use crate::catalog::Sort;
use crate::data::{Change, State};
use crate::random::Random;
use futures::{Stream, stream};
use hyper::body::Bytes;
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
    /// The kind.
    pub sort: &'static Sort,
    /// The objects that it sees.
    pub range: Range<u64>,
    /// In which form.
    pub format: Format,
    /// After which the server ends the stream.
    pub timeout: Duration,
    /// Whether it begins with what is there.
    pub initial: bool,
    /// Whether a bookmark then says that this is all (`WatchList`).
    pub bookmark: bool,
    /// Whether the version from which it is asked for is too old.
    pub gone: bool,
}

struct Watch {
    world: Arc<World>,
    wanted: Wanted,
    random: Random,
    rate: watch::Receiver<u64>,
    /// The objects that are still to be told of those that are there.
    there: Range<u64>,
    /// Whether anything was told.
    begun: bool,
    /// Since when the present rate holds, and how many changes were sent since.
    since: Instant,
    sent: u64,
    bookmark: Instant,
    end: Instant,
}

/// The chunks of a watch.
pub fn stream(world: Arc<World>, wanted: Wanted) -> impl Stream<Item = Bytes> {
    let now = Instant::now();
    world.tally.watches.fetch_add(1, Ordering::Relaxed);
    world.tally.open.fetch_add(1, Ordering::Relaxed);
    let watch = Watch {
        random: Random::of(world.writer.cluster.seed, 3, 0),
        rate: world.knobs.rate(),
        there: if wanted.initial { wanted.range.clone() } else { 0..0 },
        begun: false,
        since: now,
        sent: 0,
        bookmark: now + BOOKMARK,
        end: now + wanted.timeout,
        world,
        wanted,
    };
    stream::unfold(watch, |mut watch| async move { watch.next().await.map(|chunk| (chunk, watch)) })
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.world.tally.open.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Watch {
    /// Waits for what comes next; `None` when the time is over.
    async fn next(&mut self) -> Option<Bytes> {
        if self.wanted.gone {
            return self.too_old();
        }
        if !self.there.is_empty() || std::mem::take(&mut self.wanted.bookmark) {
            return Some(self.what_is_there());
        }
        loop {
            // Only pods change.
            let quiet = !self.wanted.sort.is_pods() || self.wanted.range.is_empty();
            let rate = if quiet { 0 } else { *self.rate.borrow_and_update() };
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
                    if rate > 0 && self.world.knobs.take("gone") {
                        // Said once, as by a watch that was too old from the start.
                        (self.wanted.gone, self.begun) = (true, false);
                        return self.too_old();
                    }
                    return Some(if due == self.bookmark { self.send_bookmark() } else { self.changes(rate) });
                }
            }
        }
    }

    /// The event that says so; then the stream ends.
    fn too_old(&mut self) -> Option<Bytes> {
        let status = failure(410, "too old resource version");
        (!std::mem::replace(&mut self.begun, true)).then(|| self.wanted.format.error(&status).into())
    }

    /// The next of the objects that are there, as many as make a chunk, or the bookmark behind the last one.
    fn what_is_there(&mut self) -> Bytes {
        let mut out = Vec::with_capacity(CHUNK + CHUNK / 4);
        let sort = self.wanted.sort;
        while out.len() < CHUNK
            && let Some(index) = self.there.next()
        {
            let json = self.world.shelf(sort).one(index);
            self.event("ADDED", &Item { sort, index, change: Change::default(), json: &json }, &mut out);
        }
        if out.is_empty() {
            let version = self.world.version.load(Ordering::Relaxed);
            self.wanted.format.bookmark(&self.world, sort, (version, true), &mut out);
        }
        self.since = Instant::now();
        out.into()
    }

    fn event(&mut self, kind: &str, item: &Item<'_>, out: &mut Vec<u8>) {
        let first = !std::mem::replace(&mut self.begun, true);
        self.wanted.format.event(&self.world, (kind, item), first, out);
    }

    /// The changes that are due since the rate was set.
    fn changes(&mut self, rate: u64) -> Bytes {
        let due = u64::try_from(self.since.elapsed().as_millis()).unwrap_or(u64::MAX).saturating_mul(rate) / 1_000;
        let mut out = Vec::new();
        while self.sent < due {
            self.change(&mut out);
            self.sent += 1;
        }
        out.into()
    }

    /// One more restart, or a readiness probe that fails, of some running pod.
    fn change(&mut self, out: &mut Vec<u8>) {
        let cluster = self.world.writer.cluster;
        let pods = self.wanted.range.clone();
        let mut index = self.random.between(pods.start, pods.end);
        for _ in 0..100 {
            if cluster.pod(index, Change::default()).state == State::Running {
                break;
            }
            index = self.random.between(pods.start, pods.end);
        }
        let version = self.world.version.fetch_add(1, Ordering::Relaxed) + 1;
        let change = Change::told(version, cluster.pods);
        self.world.tally.tell(index, version);
        let sort = self.wanted.sort;
        let json = text(&self.world.writer, sort, index, change);
        self.event("MODIFIED", &Item { sort, index, change, json: json.as_bytes() }, out);
    }

    fn send_bookmark(&mut self) -> Bytes {
        self.bookmark += BOOKMARK;
        let version = self.world.version.load(Ordering::Relaxed);
        let mut out = Vec::new();
        self.wanted.format.bookmark(&self.world, self.wanted.sort, (version, false), &mut out);
        out.into()
    }
}

fn small(rate: u64) -> u32 {
    u32::try_from(rate).unwrap_or(u32::MAX)
}
