//! A Kubernetes cluster in memory: an API server that the unmodified `kube::Client` talks to through pipes.
//!
//! One task owns everything (`world`); requests reach it over a channel (`serve`), and what happens by itself is on
//! its agenda. So there are no locks, and under tokio's paused clock every run is the same.
//!
//! ```text
//! kube::Client ── pipe ── hyper (serve) ── Ask ──> owner task: World { store, watches, agenda, faults }
//!                                     <── Answer ── read · write · delete · review · discovery · logs
//!                                                    remote (exec, attach, port-forward over WebSocket)
//! ```

mod agenda;
mod answer;
mod apply;
mod cast;
mod clock;
mod delete;
mod discovery;
mod evict;
mod fault;
mod fields;
mod json;
mod logs;
mod metrics;
mod openapi;
mod options;
mod owner;
mod patch;
mod pod;
mod read;
mod remote;
mod request;
mod resource;
mod review;
mod rules;
mod scale;
mod schema;
mod schemas;
mod select;
mod serve;
mod speech;
mod store;
mod story;
mod strategic;
mod table;
#[cfg(test)]
mod tests;
mod view;
mod watch;
mod world;
mod write;

use hyper_util::rt::TokioIo;
use jiff::Timestamp;
use serde_json::Value;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot};

pub use fault::Fault;
use owner::Ask;

/// What goes on in the cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Story {
    /// The whole cast, and it moves by itself: rollouts, a crash loop, a node that fills.
    Full,
    /// The same cast; nothing moves but what a request or a test sets in motion.
    Still,
    /// Nothing but the namespaces and nodes that every cluster has.
    Empty,
}

/// A handle on a cluster in memory; cheap to clone. The cluster ends with its last handle and client.
#[derive(Debug, Clone)]
pub struct Cluster {
    asks: mpsc::UnboundedSender<Ask>,
}

impl Cluster {
    /// Starts a cluster on the current tokio runtime, at the wall time of this machine.
    ///
    /// # Panics
    /// Outside a tokio runtime.
    pub fn start(story: Story) -> Self {
        Self::start_at(story, Timestamp::now())
    }

    /// Starts a cluster whose clock shows `wall` now, so that a test sees the same times in every run.
    ///
    /// # Panics
    /// Outside a tokio runtime.
    pub fn start_at(story: Story, wall: Timestamp) -> Self {
        let (asks, inbox) = mpsc::unbounded_channel();
        tokio::spawn(owner::own(owner::begin(story, wall), inbox));
        Self { asks }
    }

    /// A client; each of its requests has a pipe and a connection of its own.
    pub fn client(&self) -> kube::Client {
        let cluster = self.clone();
        let service = tower::service_fn(move |request| {
            let cluster = cluster.clone();
            async move { cluster.send(request).await }
        });
        kube::Client::new(service, "default")
    }

    /// Listens for plain HTTP, for kubectl and browsers on this machine. Returns the address (with the port that was
    /// chosen, if 0 was given) and the serving itself, which goes on for as long as it is polled and ends with the
    /// error that ended it.
    ///
    /// # Errors
    /// When the address cannot be bound.
    pub async fn listen(
        &self,
        address: SocketAddr,
    ) -> io::Result<(SocketAddr, impl Future<Output = io::Error> + use<>)> {
        let listener = TcpListener::bind(address).await?;
        Ok((listener.local_addr()?, serve::accept(self.clone(), listener)))
    }

    /// Creates or replaces an object, its status included; the controllers leave it alone until a request changes it.
    ///
    /// # Errors
    /// With a sentence, when its kind is not served or it has no name.
    pub async fn put(&self, object: Value) -> Result<(), String> {
        self.tell(|done| Ask::Put(object, done)).await
    }

    /// Removes the object of this `apiVersion`, `kind`, namespace and name at once, without grace.
    ///
    /// # Errors
    /// With a sentence, when there is no such object.
    pub async fn delete(&self, object: Value) -> Result<(), String> {
        self.tell(|done| Ask::Delete(object, done)).await
    }

    /// Begins a fault.
    pub async fn fault(&self, fault: Fault) {
        // A cluster that has ended has no more faults to show.
        let _ = self.tell(|done| Ask::Fault(fault, done)).await;
    }

    /// Hands a question to the owner task and waits for its word.
    async fn tell(&self, ask: impl FnOnce(oneshot::Sender<Result<(), String>>) -> Ask) -> Result<(), String> {
        let (done, word) = oneshot::channel();
        let ended = || "the demo cluster has ended".to_owned();
        self.asks.send(ask(done)).map_err(|_| ended())?;
        word.await.map_err(|_| ended())?
    }

    /// Answers a request.
    async fn ask(&self, request: request::Request) -> answer::Answer {
        let (done, word) = oneshot::channel();
        let ended = || answer::Failure::new(503, "ServiceUnavailable", "the demo cluster has ended").into();
        if self.asks.send(Ask::Answer(request, done)).is_err() {
            return ended();
        }
        let Ok((delay, answer)) = word.await else { return ended() };
        tokio::time::sleep(delay).await;
        answer
    }

    /// Sends one request of the client through a pipe of its own.
    async fn send(
        self,
        request: http::Request<kube::client::Body>,
    ) -> hyper::Result<http::Response<hyper::body::Incoming>> {
        let (near, far) = tokio::io::duplex(256 * 1024);
        tokio::spawn(serve::connection(self, far));
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(near)).await?;
        tokio::spawn(connection.with_upgrades());
        sender.send_request(request).await
    }
}
