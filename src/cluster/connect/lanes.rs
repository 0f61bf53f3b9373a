//! `Lanes`: the clients of one context, each for one thing. Whoever only has the one for reads cannot change anything.

use super::metered::metered;
use super::observe::Meter;
use super::readonly::{Lane, ReadOnly};
use crate::cluster::gate::Writer;
use kube::Client;
use kube::client::Body;
use std::sync::Arc;
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
    /// What passes.
    pub meter: Arc<Meter>,
}

impl Lanes {
    /// Lanes whose clients are made by `client`.
    pub fn new(client: impl Fn(Lane) -> Client, read_only: ReadOnly, meter: Arc<Meter>) -> Self {
        let writer = Writer::new(client(Lane::Writes));
        Self { read: client(Lane::Reads), sessions: client(Lane::Sessions), writer, read_only, meter }
    }

    /// Lanes over a client that has no guard of its own, such as the demo's.
    pub fn over(client: &Client, read_only: ReadOnly) -> Self {
        let (switch, meter) = (read_only.clone(), Arc::new(Meter::default()));
        let counts = meter.clone();
        let guarded = move |lane| {
            let (inner, guard, counts) = (client.clone(), switch.clone(), counts.clone());
            let service = tower::service_fn(move |request: http::Request<Body>| {
                let allowed = guard.check(lane, &request);
                let (inner, counts) = (inner.clone(), counts.clone());
                async move {
                    allowed?;
                    counts.sent();
                    inner.send(request).await.map(|answer| metered(answer, &counts)).map_err(BoxError::from)
                }
            });
            Client::new(service, client.default_namespace().to_owned())
        };
        Self::new(guarded, read_only, meter)
    }
}

impl std::fmt::Debug for Lanes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Lanes")
    }
}
