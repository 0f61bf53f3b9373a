//! `Lanes`: the clients of one context, each for one thing. Whoever only has the one for reads cannot change anything.

use super::readonly::{Lane, ReadOnly};
use crate::cluster::gate::Writer;
use kube::Client;
use kube::client::Body;
use tower::BoxError;

/// The ways on which requests leave for one context. Cloning is cheap.
#[derive(Clone)]
pub struct Lanes {
    /// For reads. It does not retry by itself: who asks decides that.
    pub read: Client,
    /// For exec, attach and port-forward.
    pub sessions: Client,
    /// For changes; only the gate can use it. Nothing is ever sent twice.
    pub writer: Writer,
    /// The switch that lets nothing but reads through.
    pub read_only: ReadOnly,
}

impl Lanes {
    /// Lanes whose clients are made by `client`.
    pub fn new(client: impl Fn(Lane) -> Client, read_only: ReadOnly) -> Self {
        let writer = Writer::new(client(Lane::Writes));
        Self { read: client(Lane::Reads), sessions: client(Lane::Sessions), writer, read_only }
    }

    /// Lanes over a client that has no guard of its own, such as the demo's.
    pub fn over(client: &Client, read_only: ReadOnly) -> Self {
        let switch = read_only.clone();
        let guarded = move |lane| {
            let (inner, guard) = (client.clone(), switch.clone());
            let service = tower::service_fn(move |request: http::Request<Body>| {
                let allowed = guard.check(lane, &request);
                let inner = inner.clone();
                async move {
                    allowed?;
                    inner.send(request).await.map_err(BoxError::from)
                }
            });
            Client::new(service, client.default_namespace().to_owned())
        };
        Self::new(guarded, read_only)
    }
}

impl std::fmt::Debug for Lanes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Lanes")
    }
}
