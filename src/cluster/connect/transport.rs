//! The way to a server: TCP, proxy and TLS, with a pool of connections. HTTP/1.1, without compression.

use super::buffered::Buffered;
use super::error::ConnectError;
use crate::text::safe;
use http::{Request, Response, Uri};
use hyper::body::Incoming;
use hyper::rt::{Read, Write};
use hyper_util::client::legacy::connect::proxy::{SocksV5, Tunnel};
use hyper_util::client::legacy::connect::{Connection, HttpConnector};
use hyper_util::client::legacy::{Builder, Client};
use hyper_util::client::proxy::matcher::{Intercept, Matcher};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use kube::Config;
use kube::client::{Body, ConfigExt as _};
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use tower::util::BoxCloneSyncService;
use tower::{BoxError, Service, ServiceExt as _};

/// Sends requests with absolute addresses over pooled connections; cloning is cheap and shares the pool.
pub type Transport = BoxCloneSyncService<Request<Body>, Response<Incoming>, BoxError>;

/// Longest time for name look-up, TCP, proxy and TLS together.
const CONNECT_LIMIT: Duration = Duration::from_secs(20);
/// A connection that was not used for so long is closed, before balancers between us and the server forget it.
const IDLE_LIMIT: Duration = Duration::from_secs(90);
/// Bytes of a body that come in one piece at most; hyper alone would let its buffer grow to 400 KiB.
const READ_AT_ONCE: usize = 1 << 16;
/// Silence after which TCP asks whether the other side is still there, then each `PROBE_PAUSE`, `PROBES` times:
/// a connection that died while the machine slept is found out within 45 seconds.
const PROBE_AFTER: Duration = Duration::from_secs(30);
const PROBE_PAUSE: Duration = Duration::from_secs(5);
const PROBES: u32 = 3;

/// What becomes of a connection whose other side takes nothing for half a minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stalls {
    /// It ends: a server that takes no request is gone.
    End,
    /// It goes on: a program in a container may be in no hurry to read. Sessions ask by themselves who is still there.
    Last,
}

/// Opens nothing yet; connections are made when requests need them.
///
/// # Errors
/// When certificates, keys or the proxy's URL cannot be used.
pub fn transport(config: &Config, proxy: Option<&str>, stalls: Stalls) -> Result<Transport, ConnectError> {
    let tcp = || tcp(stalls);
    let Some(proxy) = proxy else { return pool(config, tcp()) };
    let through = intercept(proxy).ok_or_else(|| bad_proxy("is not a URL"))?;
    match through.uri().scheme_str() {
        Some("http") => pool(config, tunnel(&through, tcp())),
        Some("https") => {
            let secured = config.rustls_https_connector_with_connector(tcp()).map_err(|error| tls_problem(&error))?;
            pool(config, tunnel(&through, secured))
        }
        Some("socks5" | "socks5h") => pool(config, socks(&through, tcp())?),
        _ => Err(bad_proxy("is neither http, https nor socks5")),
    }
}

fn bad_proxy(problem: &str) -> ConnectError {
    ConnectError::unusable(
        format!("the proxy for this cluster {problem}"),
        "look at `proxy-url` of the cluster, and at HTTPS_PROXY and HTTP_PROXY",
    )
}

/// `proxy` without user and password, which are kept aside; as Go, `host:port` alone means http.
fn intercept(proxy: &str) -> Option<Intercept> {
    let full = if proxy.contains("://") { proxy.to_owned() } else { format!("http://{proxy}") };
    full.parse::<Uri>().ok()?.host()?;
    Matcher::builder().all(full).build().intercept(&Uri::from_static("https://target.invalid"))
}

fn tcp(stalls: Stalls) -> HttpConnector {
    let mut tcp = HttpConnector::new();
    tcp.enforce_http(false);
    tcp.set_nodelay(true);
    tcp.set_keepalive(Some(PROBE_AFTER));
    tcp.set_keepalive_interval(Some(PROBE_PAUSE));
    tcp.set_keepalive_retries(Some(PROBES));
    tcp.set_connect_timeout(Some(CONNECT_LIMIT));
    // What was sent but never acknowledged: probes alone do not run while data is on its way.
    #[cfg(any(target_os = "android", target_os = "fuchsia", target_os = "linux"))]
    if stalls == Stalls::End {
        tcp.set_tcp_user_timeout(Some(Duration::from_secs(30)));
    }
    tcp
}

fn tunnel<C>(through: &Intercept, connector: C) -> Tunnel<C> {
    let tunnel = Tunnel::new(through.uri().clone(), connector);
    match through.basic_auth() {
        Some(header) => tunnel.with_auth(header.clone()),
        None => tunnel,
    }
}

fn socks(through: &Intercept, tcp: HttpConnector) -> Result<SocksV5<HttpConnector>, ConnectError> {
    let host = through.uri().host().unwrap_or_default();
    let port = through.uri().port_u16().unwrap_or(1080);
    let uri = format!("socks5://{host}:{port}").parse().map_err(|_| bad_proxy("is not a URL"))?;
    let socks = SocksV5::new(uri, tcp);
    Ok(match through.raw_auth() {
        Some((user, password)) => socks.with_auth(user.to_owned(), password.to_owned()),
        None => socks,
    })
}

fn tls_problem(error: &kube::Error) -> ConnectError {
    let what = error.to_string();
    ConnectError::unusable(
        format!("TLS cannot be set up: {}", safe(&what)),
        "look at the certificates and keys of this cluster and user in the kubeconfig",
    )
}

/// A pool of connections made by `connector`, with TLS inside for addresses that ask for it.
fn pool<C>(config: &Config, connector: C) -> Result<Transport, ConnectError>
where
    C: Service<Uri> + Clone + Send + Sync + 'static,
    C::Response: Connection + Read + Write + Send + Unpin + 'static,
    C::Future: Send + 'static,
    C::Error: Into<BoxError>,
{
    let connector = Buffered(connector);
    let secured = config.rustls_https_connector_with_connector(connector).map_err(|error| tls_problem(&error))?;
    let bounded = Bounded(secured);
    let mut builder = Builder::new(TokioExecutor::new());
    builder.pool_timer(TokioTimer::new()).pool_idle_timeout(IDLE_LIMIT).http1_max_buf_size(READ_AT_ONCE);
    let client: Client<_, Body> = builder.build(bounded);
    Ok(BoxCloneSyncService::new(client.map_err(BoxError::from)))
}

/// A connector that gives up after `CONNECT_LIMIT`, also when the proxy or the TLS handshake hangs.
#[derive(Clone)]
struct Bounded<C>(C);

impl<C> Service<Uri> for Bounded<C>
where
    C: Service<Uri>,
    C::Future: Send + 'static,
    C::Response: 'static,
    C::Error: Into<BoxError>,
{
    type Response = C::Response;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<C::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.0.poll_ready(context).map_err(Into::into)
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let connecting = tokio::time::timeout(CONNECT_LIMIT, self.0.call(uri));
        Box::pin(async move {
            match connecting.await {
                Ok(connected) => connected.map_err(Into::into),
                Err(_) => Err(io::Error::new(io::ErrorKind::TimedOut, "no connection within 20 seconds").into()),
            }
        })
    }
}
