//! Logs of all pods that a selector finds, side by side: who is asked for, and how pods are found.

use super::super::message::{Message, Subscription};
use super::super::pod::Pod;
use super::super::watch::{Request, watch};
use super::fetch::{Trouble, pod, pods};
use super::gather::gather;
use super::pods::{Container, LogPods, row};
use super::streams::Streams;
use super::{Extent, LogMessage};
use crate::kinds::{Change, Freshness, Server};
use kube::Client;
use tokio::sync::mpsc::{self, Receiver, Sender};

/// How many pods are listed at a time.
const PAGE: u32 = 500;
/// Messages of streams that may wait until they are gathered; streams wait when there are more.
const WAITING: usize = 16;

/// Which containers of each pod are meant.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Containers {
    /// The one that kubectl would take.
    #[default]
    Default,
    /// All of them.
    All,
    /// Those of this name.
    Named(String),
}

/// A request for the logs of several pods.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WorkloadLogs {
    /// Their namespace.
    pub namespace: String,
    /// A label selector in kubectl's syntax; `""` is all.
    pub selector: String,
    /// A field selector, e.g. `metadata.name=web-1`; `""` is all.
    pub fields: String,
    /// Which of their containers.
    pub containers: Containers,
    /// Which part of each log.
    pub extent: Extent,
}

impl WorkloadLogs {
    /// The name of the pod, if only one is meant.
    pub(super) fn pod(&self) -> Option<&str> {
        self.fields.strip_prefix("metadata.name=").filter(|_| self.selector.is_empty())
    }

    /// The names of those containers that are meant.
    pub(super) fn choose(&self, all: &[Container]) -> Vec<String> {
        let chosen = all.iter().filter(|container| match &self.containers {
            Containers::Default => container.default,
            Containers::All => true,
            Containers::Named(name) => container.name == *name,
        });
        chosen.map(|container| container.name.clone()).collect()
    }
}

/// Reads the logs of all pods that match, until all are complete or nobody listens. When they are followed, pods that
/// come later join, and only the listener ends it.
pub async fn follow_all(client: Client, wanted: WorkloadLogs, sender: Sender<LogMessage>) {
    let (out, told) = mpsc::channel(WAITING);
    tokio::join!(read_streams(client, wanted, out), gather(told, sender));
}

async fn read_streams(client: Client, wanted: WorkloadLogs, sender: Sender<LogMessage>) {
    let streams = Streams::new(client.clone(), wanted.clone(), sender.clone());
    if !wanted.extent.follow {
        return read_all(&client, &wanted, streams).await;
    }
    let (out, told) = mpsc::channel(4);
    let request = Request {
        of: Subscription(0),
        kind: &LogPods,
        namespaces: vec![Some(wanted.namespace.clone())],
        labels: given(&wanted.selector),
        fields: given(&wanted.fields),
        first_page: PAGE,
        server: Server::default(),
    };
    tokio::select! {
        () = watch(client.clone(), request, out) => {}
        () = take(&client, &wanted, streams, told) => {}
        () = sender.closed() => {}
    }
}

fn given(selector: &str) -> Option<String> {
    Some(selector.to_owned()).filter(|selector| !selector.is_empty())
}

/// Reads what there is, once.
async fn read_all(client: &Client, wanted: &WorkloadLogs, mut streams: Streams) {
    match list(client, wanted).await {
        Ok(found) => {
            for pod in &found {
                streams.change(Change::Put { part: 0, row: Box::new(row(pod)) }).await;
            }
            streams.listed().await;
            while let Some(done) = streams.next_end().await {
                streams.ended(done).await;
            }
        }
        Err(trouble) => refuse(&mut streams, &trouble, wanted).await,
    }
}

/// Follows what the watch of pods tells.
async fn take(client: &Client, wanted: &WorkloadLogs, mut streams: Streams, mut told: Receiver<Message>) {
    loop {
        tokio::select! {
            message = told.recv() => match message {
                Some(Message::Changes { batch, .. }) => {
                    for change in batch {
                        streams.change(change).await;
                    }
                }
                Some(Message::Fresh { state, .. }) => fresh(client, wanted, &mut streams, state).await,
                Some(_) => {}
                None => return,
            },
            Some(done) = streams.next_end() => streams.ended(done).await,
        }
    }
}

/// Passes on how fresh the list of pods is. Who may not list pods may still read one of them by its name, as kubectl
/// does.
async fn fresh(client: &Client, wanted: &WorkloadLogs, streams: &mut Streams, state: Freshness) {
    streams.say(LogMessage::Pods(state.clone())).await;
    let (Freshness::Forbidden { why } | Freshness::NotServed { why } | Freshness::Refused { why }) = state else {
        return;
    };
    if !streams.is_empty() {
        return;
    }
    let refused = Trouble::Refused { code: 403, message: why };
    let trouble = match wanted.pod() {
        Some(name) => match pod(client, &wanted.namespace, name).await {
            Ok(pod) => {
                let change = Change::Put { part: 0, row: Box::new(row(&pod)) };
                return streams.change(change).await;
            }
            Err(trouble) => trouble,
        },
        None => refused,
    };
    refuse(streams, &trouble, wanted).await;
}

/// Says why pods cannot be found.
async fn refuse(streams: &mut Streams, trouble: &Trouble, wanted: &WorkloadLogs) {
    let hint = match trouble {
        Trouble::Refused { code: 403, .. } if wanted.pod().is_none() => {
            format!("you need the verbs \"list\" and \"watch\" on \"pods\" in namespace \"{}\"", wanted.namespace)
        }
        _ => trouble.hint(&wanted.namespace),
    };
    streams.fail(None, trouble.sentence().to_owned(), hint).await;
}

/// The pods that match, by name.
async fn list(client: &Client, wanted: &WorkloadLogs) -> Result<Vec<Pod>, Trouble> {
    let listed = pods(client, &wanted.namespace, (&wanted.selector, &wanted.fields)).await;
    let mut found = match (listed, wanted.pod()) {
        (Err(Trouble::Refused { code: 403, .. }), Some(name)) => {
            return pod(client, &wanted.namespace, name).await.map(|pod| vec![pod]);
        }
        (listed, _) => listed?,
    };
    found.items.sort_by(|a, b| a.metadata.name.cmp(&b.metadata.name));
    Ok(found.items)
}
