//! The one function that lists and watches a kind: over kube's `Client::send`, with rutter's own splitting of bodies,
//! so that what is kept of an object is its row and nothing else is ever built.
//!
//! ```text
//! run ── turn ──> list (pages) ──> follow (watch) ──> follow …     one life per namespace
//!          │        Intake ── Splitter ── kind.read ──> Outbox ──> Message
//!          └─ rest <── Fault <── anything that fails
//! ```

#[cfg(test)]
mod ahead;
mod backoff;
#[cfg(test)]
mod bodies;
mod clock;
mod events;
mod fault;
mod follow;
mod gunzip;
mod intake;
mod list;
mod once;
mod outbox;
mod part;
#[cfg(test)]
mod protobuf;
mod request;
#[cfg(test)]
pub(super) mod script;
mod split;
mod table;
#[cfg(test)]
mod table_tests;
#[cfg(test)]
mod tests;

use super::greet::Greeting;
use super::message::{Message, Subscription};
use crate::kinds::{AnyKind, Server};
pub(super) use fault::cause;
use futures::future::join_all;
pub(super) use once::rows;
use part::Part;
use request::Target;
use split::Reader;
use std::sync::Arc;
use std::time::SystemTime;
use tokio::sync::{Semaphore, mpsc};

/// How many namespaces are listed at the same time.
const LISTS_AT_ONCE: usize = 4;

/// What to watch, and for whom.
pub struct Request {
    /// Under which number to speak.
    pub of: Subscription,
    /// The kind.
    pub kind: &'static dyn AnyKind,
    /// One part each, at most 256; `[None]` is all namespaces, or the cluster for kinds without.
    pub namespaces: Vec<Option<String>>,
    /// A label selector in kubectl's syntax.
    pub labels: Option<String>,
    /// A field selector in kubectl's syntax.
    pub fields: Option<String>,
    /// How many objects make the first screen; 0 when nobody waits for one, and the list shall come at once.
    pub first_page: u32,
    /// What is known of the server.
    pub server: Server,
}

/// What is known when a watch begins.
#[derive(Debug, Clone, Default)]
enum Start {
    /// What the server is.
    #[default]
    Greeted,
    /// Not yet what the server is.
    Ahead(Greeting),
    /// What was there at this version.
    From(String),
}

/// Lists and watches until it is dropped, or until nobody takes its messages; tells every change and how fresh the
/// list is. Each fault is told as a freshness and tried again, so there is nothing to return.
pub async fn watch(client: kube::Client, request: Request, out: mpsc::Sender<Message>) {
    watch_by(client, (request, Start::Greeted), out, SystemTime::now).await;
}

/// The same for a server that has not said yet what it is. When it never does, nothing is told: who greets it knows why.
pub async fn watch_ahead(client: kube::Client, request: Request, greeting: Greeting, out: mpsc::Sender<Message>) {
    watch_by(client, (request, Start::Ahead(greeting)), out, SystemTime::now).await;
}

/// The same, without a list: what was there at `version` is known. There is a list all the same when the server does not
/// know any more what has happened since.
pub async fn watch_from(client: kube::Client, request: Request, version: String, out: mpsc::Sender<Message>) {
    watch_by(client, (request, Start::From(version)), out, SystemTime::now).await;
}

/// The same by a given wall clock, which tells when this computer slept.
async fn watch_by(
    client: kube::Client,
    (request, start): (Request, Start),
    out: mpsc::Sender<Message>,
    wall: fn() -> SystemTime,
) {
    let lists = Arc::new(Semaphore::new(LISTS_AT_ONCE));
    let mut namespaces = request.namespaces;
    if !request.kind.resource().namespaced {
        namespaces = vec![None];
    }
    let parts = (0..=u8::MAX).zip(namespaces).map(|(number, namespace)| {
        let (kind, labels, fields) = (request.kind, request.labels.clone(), request.fields.clone());
        let objects = kind.by_table() && kind.own().is_some();
        let target = Target { kind, namespace, labels, fields, objects };
        let reader = Reader { kind: request.kind, server: request.server };
        let outbox = outbox::Outbox::new(out.clone(), request.of, number);
        let part = Part::new(client.clone(), (target, reader), request.first_page, outbox);
        part.begun(start.clone()).run(Arc::clone(&lists), wall)
    });
    join_all(parts).await;
}
