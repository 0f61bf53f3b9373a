//! `Streams`: the log streams of a workload. Pods join and leave; only so many streams are open at once, and the
//! others wait for their turn.

use super::follow::{Wake, follow};
use super::pods::{Container, containers, instance};
use super::workload::{Containers, WorkloadLogs};
use super::{Extent, Known, LogMessage, LogRequest};
use crate::cluster::pod::listed;
use crate::kinds::logs::{LogSource, SourceId};
use crate::kinds::{Change, Row, Uid};
use crate::text::safe;
use kube::Client;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use tokio::sync::mpsc::Sender;
use tokio::sync::watch;
use tokio::task::{JoinError, JoinSet};

/// At most so many streams at once: over HTTP/1.1 each is a connection of its own. A hundred pods with a sidecar each, and
/// some more. (kubectl 1.36 opens at most 5 unless `--max-log-requests` says otherwise.)
pub const MAX_STREAMS: usize = 250;

/// A pod whose logs are read.
struct Followed {
    /// Whether the list that is being read holds it.
    seen: bool,
    /// Tells its streams that it changed.
    wake: watch::Sender<u64>,
    /// All of its containers.
    all: Vec<Container>,
    /// Those that have a stream, or wait for one.
    joined: BTreeSet<String>,
}

/// The streams of a workload.
pub struct Streams {
    client: Client,
    sender: Sender<LogMessage>,
    wanted: WorkloadLogs,
    pods: BTreeMap<Uid, Followed>,
    running: JoinSet<()>,
    queue: VecDeque<(LogRequest, Wake)>,
    queued: usize,
    next: u16,
    /// Whether all pods of the first list are there, so that another one has come later.
    complete: bool,
}

impl Streams {
    /// No stream yet.
    pub fn new(client: Client, wanted: WorkloadLogs, sender: Sender<LogMessage>) -> Self {
        Self {
            client,
            sender,
            wanted,
            pods: BTreeMap::new(),
            running: JoinSet::new(),
            queue: VecDeque::new(),
            queued: 0,
            next: 0,
            complete: false,
        }
    }

    /// Takes over what the watch of pods tells.
    pub async fn change(&mut self, change: Change) {
        match change {
            Change::Begin { .. } => self.pods.values_mut().for_each(|pod| pod.seen = false),
            Change::Put { row, .. } => self.put(&row).await,
            Change::Gone { uid } => drop(self.pods.remove(&uid)),
            Change::Columns { .. } => {}
            Change::End { .. } => {
                self.pods.retain(|_, pod| pod.seen);
                self.listed().await;
            }
        }
    }

    /// The list of pods is complete.
    pub async fn listed(&mut self) {
        if !std::mem::replace(&mut self.complete, true) {
            if self.running.is_empty() {
                self.nothing().await;
            }
            if !self.queue.is_empty() && self.wanted.extent.follow {
                let (open, all) = (self.running.len(), self.running.len() + self.queue.len());
                let text = format!("{open} of {all} containers are followed; the others follow as these end");
                self.say(LogMessage::Marker { id: SourceId::NONE, text }).await;
            }
        }
        self.tell_queue().await;
    }

    /// A pod is there, new or changed.
    async fn put(&mut self, row: &Row) {
        let is_new = !self.pods.contains_key(&row.uid);
        let pod = self.pods.entry(row.uid).or_insert_with(|| Followed {
            seen: true,
            wake: watch::Sender::new(0),
            all: Vec::new(),
            joined: BTreeSet::new(),
        });
        pod.seen = true;
        pod.wake.send_modify(|count| *count = count.wrapping_add(1));
        let all = containers(row);
        if pod.all == all {
            return;
        }
        pod.all.clone_from(&all);
        let chosen = self.wanted.choose(&all).into_iter();
        let joining: Vec<String> = chosen.filter(|name| pod.joined.insert(name.clone())).collect();
        let wake = pod.wake.subscribe();
        if is_new {
            self.meet(row, &all, joining.is_empty()).await;
        }
        self.say(LogMessage::Containers(all)).await;
        for container in joining {
            self.join(row, container, wake.clone()).await;
        }
    }

    /// Says what is to be said of a pod that is new, if it is the only one that is meant.
    async fn meet(&mut self, row: &Row, all: &[Container], is_left_out: bool) {
        if self.wanted.pod().is_none() {
            return;
        }
        let names = listed(all.iter().map(|container| (container.kind, container.name.as_str())));
        let pod = safe(&row.name);
        match &self.wanted.containers {
            Containers::Named(name) if is_left_out => {
                let sentence = format!("container {} is not valid for pod {pod} out of: {names}", safe(name));
                self.fail(None, sentence, "choose one of these".to_owned()).await;
            }
            Containers::Default if all.len() > 1 => {
                let default = all.iter().find(|container| container.default).map_or("", |c| c.name.as_str());
                let text = format!("defaulted container \"{}\" out of: {names}", safe(default));
                self.say(LogMessage::Marker { id: SourceId(self.next), text }).await;
            }
            _ => {}
        }
    }

    /// Reads the log of a container, at once or when there is room. One that comes later is read from its beginning.
    async fn join(&mut self, row: &Row, container: String, wake: Wake) {
        // When there is room for one that has to wait, this will be old.
        let has_room = self.queue.is_empty() && self.running.len() < MAX_STREAMS;
        let known = has_room.then(|| Known { uid: row.uid, instance: instance(row, &container) });
        let source = LogSource { namespace: self.wanted.namespace.clone(), pod: row.name.to_string(), container };
        let id = SourceId(self.next);
        self.next = (self.next + 1) % SourceId::NONE.0;
        let mut extent = self.wanted.extent;
        if self.complete {
            extent = Extent { tail: None, ..extent };
            self.say(LogMessage::Source { id, source: source.clone() }).await;
            self.say(LogMessage::Marker { id, text: "has come and is followed".to_owned() }).await;
        }
        self.queue.push_back((LogRequest { id, source, extent, known }, wake));
        self.fill();
    }

    /// Opens streams as far as there is room.
    fn fill(&mut self) {
        while self.running.len() < MAX_STREAMS
            && let Some((request, wake)) = self.queue.pop_front()
        {
            let wake = Some(wake).filter(|_| request.extent.follow);
            self.running.spawn(follow(self.client.clone(), request, self.sender.clone(), wake));
        }
    }

    /// Waits until a stream ends; none when none is open. Nothing is lost when this is dropped.
    pub async fn next_end(&mut self) -> Option<Result<(), JoinError>> {
        self.running.join_next().await
    }

    /// A stream has ended: its place is for another.
    pub async fn ended(&mut self, done: Result<(), JoinError>) {
        if let Err(error) = done {
            self.fail(None, format!("a log stream died: {error}"), "open the log again".to_owned()).await;
        }
        self.fill();
        self.tell_queue().await;
    }

    /// Whether no stream is open.
    pub fn is_empty(&self) -> bool {
        self.running.is_empty()
    }

    /// Says how many wait, if that is news.
    async fn tell_queue(&mut self) {
        if self.queued != self.queue.len() {
            self.queued = self.queue.len();
            self.say(LogMessage::Queued(self.queued)).await;
        }
    }

    /// Says that there is nothing to read.
    async fn nothing(&mut self) {
        if !self.pods.is_empty() && self.wanted.pod().is_some() {
            return;
        }
        let asked = [self.wanted.selector.as_str(), self.wanted.fields.as_str()].concat();
        let sentence = format!("no container of a pod matches \"{}\"", safe(&asked));
        let hint = if self.wanted.extent.follow {
            "a pod that comes is followed by itself"
        } else {
            "the workload may be scaled to zero"
        };
        self.fail(None, sentence, hint.to_owned()).await;
    }

    /// Says that something cannot be read.
    pub async fn fail(&mut self, id: Option<SourceId>, sentence: String, hint: String) {
        self.say(LogMessage::Failed { id, sentence, hint }).await;
    }

    /// Sends a message. When nobody listens, nobody needs to know.
    pub async fn say(&mut self, message: LogMessage) {
        let _ = self.sender.send(message).await;
    }
}
