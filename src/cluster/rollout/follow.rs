//! Following one workload: its own watch and those that hang on it, until nobody listens or the object is gone.
//! What follows by watch sees each step of a rollout, and is not late by a poll.

use super::Workload;
use super::json::text;
use super::read::selector_of;
use super::whole::Rows;
use crate::cluster::message::{Message, Subscription};
use crate::cluster::watch::{Request, watch};
use crate::kinds::{AnyKind, Freshness, Server};
use kube::Client;
use serde_json::Value;
use tokio::sync::mpsc::{self, Receiver, Sender};
use tokio::task::{AbortHandle, JoinSet};

/// How many objects a page of these small lists has.
const PAGE: u32 = 100;

/// The workload that is followed, for a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Followed {
    /// What it is.
    pub workload: Workload,
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// What is known of the server.
    pub server: Server,
}

/// The watches of a followed workload. Each speaks under a number of its own; that of the workload is [`Watches::OWN`].
pub(super) struct Watches {
    client: Client,
    followed: Followed,
    sender: Sender<Message>,
    inbox: Receiver<Message>,
    tasks: JoinSet<()>,
    last: u64,
}

impl Watches {
    /// The number of the workload's own watch.
    pub(super) const OWN: Subscription = Subscription(1);

    /// Begins to watch the workload.
    pub(super) fn new(client: Client, followed: Followed) -> Self {
        let (sender, inbox) = mpsc::channel(16);
        let (kind, fields) = (followed.workload.whole(), format!("metadata.name={}", followed.name));
        let mut watches = Self { client, followed, sender, inbox, tasks: JoinSet::new(), last: 0 };
        watches.add(kind, None, Some(fields));
        watches
    }

    /// Watches objects in the same namespace as well; returns under which number, and what ends it.
    pub(super) fn add(
        &mut self,
        kind: &'static dyn AnyKind,
        labels: Option<String>,
        fields: Option<String>,
    ) -> (Subscription, AbortHandle) {
        self.last += 1;
        let of = Subscription(self.last);
        let namespaces = vec![Some(self.followed.namespace.clone())];
        let server = self.followed.server;
        let request = Request { of, kind, namespaces, labels, fields, first_page: PAGE, server };
        (of, self.tasks.spawn(watch(self.client.clone(), request, self.sender.clone())))
    }

    /// What one of them tells next.
    pub(super) async fn next(&mut self) -> Option<Message> {
        self.inbox.recv().await
    }
}

/// The workload as its watch tells it: always the same object.
#[derive(Debug, Default)]
pub(super) struct Own {
    rows: Rows,
    /// The object; what it was stays when it is gone.
    pub live: Option<Value>,
    /// Whether it is gone, or another one has its name.
    pub gone: bool,
    /// Why what is known may be old.
    pub stale: String,
}

impl Own {
    /// Takes over what its watch told.
    pub(super) fn apply(&mut self, message: Message) {
        match message {
            Message::Changes { batch, .. } => self.rows.apply(batch),
            Message::Fresh { state, .. } => return self.stale = stale(&state),
            _ => return,
        }
        let uid = |object: &Value| text(object, "/metadata/uid").to_owned();
        let known = self.live.as_ref().map(uid);
        let mut objects = self.rows.objects();
        let same = objects.iter().position(|object| known.as_ref().is_none_or(|known| *known == uid(object)));
        match same {
            Some(at) => self.live = Some(objects.swap_remove(at)),
            None => self.gone = self.rows.complete,
        }
    }

    /// The selector of its pods and revisions, once it is known.
    pub(super) fn selector(&self) -> Option<String> {
        selector_of(self.live.as_ref()?)
    }
}

/// Why a list of this freshness may be old.
pub(super) fn stale(state: &Freshness) -> String {
    match state {
        Freshness::Connecting | Freshness::Filling { .. } | Freshness::Live => String::new(),
        Freshness::Polling { why }
        | Freshness::Forbidden { why }
        | Freshness::NotServed { why }
        | Freshness::Refused { why } => why.clone(),
        Freshness::Reconnecting { why, .. } => format!("reconnecting: {why}"),
    }
}
