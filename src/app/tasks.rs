//! What runs because somebody looks at it. Screens say what they show; this starts what is missing and, some seconds
//! after nobody looks any more, drops the rest.

use super::clusters::Clusters;
use crate::cluster::watch::{Request, watch};
use crate::cluster::{Connected, Message, Subscription};
use crate::kinds::{Server, Time};
use crate::model::ListKey;
use std::collections::HashMap;
use std::time::Duration;
use tokio::sync::mpsc::Sender;
use tokio::task::{AbortHandle, JoinHandle};
use tokio::time::{Instant, sleep};

/// For how long a watch goes on after its last screen is gone.
const LINGER: Duration = Duration::from_secs(15);
/// Longest pause between two tries to connect.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// A task that ends with its owner.
#[derive(Debug)]
struct Running(AbortHandle);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// A watch that runs.
#[derive(Debug)]
struct Watch {
    of: Subscription,
    _task: Running,
    unwanted_since: Option<Instant>,
}

/// The tasks that run.
pub struct Tasks {
    clusters: Clusters,
    out: Sender<Message>,
    watches: HashMap<ListKey, Watch>,
    sessions: HashMap<String, Running>,
    connected: HashMap<String, Connected>,
    last: u64,
}

impl Tasks {
    /// No task yet; what they say goes to `out`.
    pub fn new(clusters: Clusters, out: Sender<Message>) -> Self {
        Self { clusters, out, watches: HashMap::new(), sessions: HashMap::new(), connected: HashMap::new(), last: 0 }
    }

    /// A context is connected.
    pub fn connected(&mut self, context: String, connected: Connected) {
        self.sessions.remove(&context);
        self.connected.insert(context, connected);
    }

    /// Connects `context` unless it is or somebody tries; tells whether a try began.
    pub fn want_session(&mut self, context: &str) -> bool {
        if self.connected.contains_key(context) || self.sessions.contains_key(context) {
            return false;
        }
        let task = tokio::spawn(keep_connecting(self.clusters.clone(), context.to_owned(), self.out.clone()));
        self.sessions.insert(context.to_owned(), running(&task));
        true
    }

    /// Tries everything that is down again, now.
    pub fn retry(&mut self) {
        self.sessions.clear();
        self.watches.clear();
    }

    /// Watches exactly `wanted` from now on, and what was wanted a moment ago. Returns the lists that ended.
    pub fn want_lists(&mut self, wanted: &[ListKey], first_page: u32) -> Vec<ListKey> {
        let now = Instant::now();
        for (key, watch) in &mut self.watches {
            let since = watch.unwanted_since.get_or_insert(now);
            if wanted.contains(key) {
                watch.unwanted_since = None;
            } else {
                *since = (*since).min(now);
            }
        }
        for key in wanted.iter().filter(|key| !self.watches.contains_key(*key)).cloned().collect::<Vec<_>>() {
            self.start(key, first_page);
        }
        let over = |watch: &Watch| watch.unwanted_since.is_some_and(|since| now >= since + LINGER);
        self.watches.extract_if(|_, watch| over(watch)).map(|(key, _)| key).collect()
    }

    /// When a watch that nobody looks at is over.
    pub fn next_end(&self) -> Option<Instant> {
        self.watches.values().filter_map(|watch| Some(watch.unwanted_since? + LINGER)).min()
    }

    /// The list that a message is about; `None` when it is of a watch that was replaced.
    pub fn list_of(&self, of: Subscription) -> Option<&ListKey> {
        self.watches.iter().find(|(_, watch)| watch.of == of).map(|(key, _)| key)
    }

    /// Starts the watch of `key`, once its context is connected.
    fn start(&mut self, key: ListKey, first_page: u32) {
        let Some(Connected { client, server, .. }) = self.connected.get(&*key.context).cloned() else { return };
        self.last += 1;
        let of = Subscription(self.last);
        let task = tokio::spawn(watch(client, request(&key, of, (first_page, server)), self.out.clone()));
        self.watches.insert(key, Watch { of, _task: running(&task), unwanted_since: None });
    }
}

/// What to ask the server for.
fn request(key: &ListKey, of: Subscription, (first_page, server): (u32, Server)) -> Request {
    Request {
        of,
        kind: key.kind.0,
        namespaces: key.parts(),
        labels: key.scope.labels.clone(),
        fields: key.scope.fields.clone(),
        first_page,
        server,
    }
}

fn running<T>(task: &JoinHandle<T>) -> Running {
    Running(task.abort_handle())
}

/// Tries to connect until it works, telling each failure.
async fn keep_connecting(clusters: Clusters, context: String, out: Sender<Message>) {
    let mut pause = Duration::from_millis(500);
    loop {
        let result = clusters.clone().connect(context.clone()).await;
        let done = result.is_ok();
        if out.send(Message::Session { context: context.clone(), result }).await.is_err() || done {
            return;
        }
        sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

/// The moment that is shown: this machine's clock, or in tests the paused one.
#[derive(Debug, Clone, Copy)]
pub enum Clock {
    /// This machine's.
    Wall,
    /// Tokio's, which showed this moment then.
    Tokio(Time, Instant),
}

impl Clock {
    /// Now.
    pub fn now(self) -> Time {
        match self {
            Self::Wall => Time::now(),
            Self::Tokio(time, at) => Time(time.0 + i64::try_from(at.elapsed().as_secs()).unwrap_or(0)),
        }
    }
}
