//! What every request passes on its way: the read-only guard, the counters, the proof, a deadline, one replay.
//!
//! It is one function rather than a pile of layers, so that the order can be read.

use super::credentials::{Credentials, Identity, Proof};
use super::error::ConnectError;
use super::metered::{Metered, metered};
use super::observe::Observer;
use super::readonly::{Lane, ReadOnly};
use super::transport::{Stalls, Transport, transport};
use http::{HeaderMap, Method, Request, Response, StatusCode, header};
use hyper::body::Incoming;
use kube::Config;
use kube::client::Body;
use std::io;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tower::{BoxError, ServiceExt as _};

/// Longest wait for the headers of an answer. The API server itself gives up after 60 seconds.
const ANSWER_LIMIT: Duration = Duration::from_secs(75);

/// The way of requests to one API server as one user.
pub struct Line {
    /// Stops what may not be sent.
    pub guard: ReadOnly,
    /// Counts and listens.
    pub observer: Observer,
    /// Who we are.
    pub credentials: Credentials,
    /// Headers of every request: user agent, impersonation.
    pub headers: HeaderMap,
    /// How to open connections when the client certificate changes.
    pub opener: Opener,
    /// The same for sessions.
    pub session_opener: Opener,
}

/// Opens connections, anew when the client certificate changes.
pub struct Opener {
    config: Config,
    proxy: Option<String>,
    stalls: Stalls,
    // The newest transport and the certificate that it presents; a watch channel because it swaps without a lock.
    newest: watch::Sender<(Option<Arc<Identity>>, Transport)>,
}

impl Opener {
    /// Prepares connections for `config` through `proxy`, with the certificate in `identity` or that of `config`.
    ///
    /// # Errors
    /// When certificates, keys or the proxy's URL cannot be used.
    pub fn new(
        config: Config,
        proxy: Option<String>,
        identity: Option<Arc<Identity>>,
        stalls: Stalls,
    ) -> Result<Self, ConnectError> {
        let first = transport(&with_identity(&config, identity.as_deref()), proxy.as_deref(), stalls)?;
        Ok(Self { config, proxy, stalls, newest: watch::Sender::new((identity, first)) })
    }

    /// The connections to use with `proof`. Those with an older certificate close when their last answer ends.
    fn transport(&self, proof: &Proof) -> Result<Transport, ConnectError> {
        let (identity, newest) = self.newest.borrow().clone();
        if identity == proof.identity {
            return Ok(newest);
        }
        let config = with_identity(&self.config, proof.identity.as_deref());
        let fresh = transport(&config, self.proxy.as_deref(), self.stalls)?;
        self.newest.send_replace((proof.identity.clone(), fresh.clone()));
        Ok(fresh)
    }
}

fn with_identity(config: &Config, identity: Option<&Identity>) -> Config {
    let mut config = config.clone();
    if let Some(identity) = identity {
        config.auth_info = super::config::auth_info(&identity.certificate, &identity.key);
    }
    config
}

impl Line {
    /// Sends `request`, whose address is absolute, for the client of `lane`. A read that is answered by 401 is sent once more when there is
    /// a fresh proof; a write never is.
    ///
    /// # Errors
    /// [`super::Refused`] when it may not be sent, else what went wrong between us and the server.
    pub async fn send(&self, lane: Lane, mut request: Request<Body>) -> Result<Response<Metered<Incoming>>, BoxError> {
        self.guard.check(lane, &request)?;
        for (name, value) in &self.headers {
            request.headers_mut().append(name, value.clone());
        }
        let spare = copy_of_read(&request);
        let proof = self.credentials.current();
        let opener = if lane == Lane::Sessions { &self.session_opener } else { &self.opener };
        let response = self.exchange(request, &proof, opener).await?;
        if response.status() != StatusCode::UNAUTHORIZED {
            return Ok(response);
        }
        let renewed = self.credentials.renew(proof.serial).await;
        match spare.zip(renewed) {
            Some((spare, proof)) => self.exchange(spare, &proof, opener).await,
            None => Ok(response),
        }
    }

    async fn exchange(
        &self,
        mut request: Request<Body>,
        proof: &Proof,
        opener: &Opener,
    ) -> Result<Response<Metered<Incoming>>, BoxError> {
        if let Some(header) = &proof.header {
            request.headers_mut().insert(header::AUTHORIZATION, header.clone());
        }
        self.observer.meter.sent();
        let patient = may_answer_late(&request);
        let answer = opener.transport(proof)?.oneshot(request);
        let response = if patient { answer.await? } else { in_time(answer).await? };
        self.observer.response(response.headers());
        Ok(metered(response, &self.observer.meter))
    }
}

async fn in_time(
    answer: impl Future<Output = Result<Response<Incoming>, BoxError>>,
) -> Result<Response<Incoming>, BoxError> {
    let late = |_| io::Error::new(io::ErrorKind::TimedOut, "the server did not answer within 75 seconds");
    tokio::time::timeout(ANSWER_LIMIT, answer).await.map_err(late)?
}

/// The log of a silent container: the kubelet sends its headers with the first line.
fn may_answer_late(request: &Request<Body>) -> bool {
    let query = request.uri().query().unwrap_or_default();
    query.split('&').any(|part| matches!(part, "follow=true" | "follow=1" | "follow"))
}

/// A second copy of a request that may be sent twice.
fn copy_of_read(request: &Request<Body>) -> Option<Request<Body>> {
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if !safe || request.headers().contains_key(header::UPGRADE) {
        return None;
    }
    let mut copy = Request::new(request.body().try_clone()?);
    *copy.method_mut() = request.method().clone();
    *copy.uri_mut() = request.uri().clone();
    *copy.headers_mut() = request.headers().clone();
    Some(copy)
}
