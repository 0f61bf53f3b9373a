//! A proxy in front of a real API server that writes down what anybody asks it to do, so that rutter's requests can be
//! compared with kubectl's.
//!
//! It shows the certificate of the server, so a kubeconfig differs from the plane's own in the address only: users,
//! contexts and what they may do are the same.

use super::control_plane::{self, Plane, check};
use http_body_util::{BodyExt, Either, Full};
use hyper::body::{Bytes, Incoming};
use hyper::{Method, Request, Response, StatusCode, header};
use hyper_util::rt::TokioIo;
use rutter::cluster::connect::Clients;
use serde_json::Value;
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;
use tempfile::TempDir;
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore, ServerConfig};
use tokio_rustls::{TlsAcceptor, TlsConnector};

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// A request that is no read: it changes something, or opens a session by an upgrade of the connection.
#[derive(Debug, Clone, PartialEq)]
pub struct Recorded {
    /// HTTP method.
    pub method: String,
    /// Path.
    pub path: String,
    /// The parameters of the query, by name, written as they were sent.
    pub query: Vec<(String, String)>,
    /// Content type, `""` when there is none.
    pub media: String,
    /// The body as JSON; as text where it is none, null where there is none.
    pub body: Value,
}

/// A proxy that runs for as long as this is held.
pub struct Recorder {
    context: String,
    /// Holds the kubeconfig.
    dir: TempDir,
    records: Receiver<Recorded>,
    /// Its end is the proxy's.
    _running: oneshot::Sender<()>,
}

impl Recorder {
    /// Starts it on a thread of its own, so that a test may wait for a program that goes through it.
    pub fn start(plane: &Plane) -> Self {
        let text = fs::read_to_string(plane.kubeconfig()).expect("a kubeconfig");
        let server = text.split('"').find_map(|part| part.strip_prefix("https://")).expect("an address").to_owned();
        let side = Side::new(plane.dir(), server.parse().expect("an address"));
        let ((out, records), (running, stop)) = (mpsc::channel(), oneshot::channel());
        let (tell, address) = mpsc::channel();
        thread::spawn(move || serve(side, (out, tell), stop));
        let address: SocketAddr = address.recv().expect("the proxy listens");
        let dir = TempDir::new().expect("a directory");
        fs::write(dir.path().join("kubeconfig"), text.replace(&server, &address.to_string())).expect("written");
        Self { context: plane.context().to_owned(), dir, records, _running: running }
    }

    /// A kubeconfig like the plane's, with the proxy in the place of the server.
    pub fn kubeconfig(&self) -> PathBuf {
        self.dir.path().join("kubeconfig")
    }

    /// rutter's clients for the admin, through the proxy.
    pub async fn clients(&self) -> Clients {
        control_plane::clients(self.kubeconfig(), &self.context).await
    }

    /// Runs kubectl and returns what it asked for.
    pub fn kubectl(&self, arguments: &[&str]) -> Vec<Recorded> {
        self.recorded();
        check(&self.command(arguments).output().expect("kubectl runs"), &arguments.join(" "));
        self.recorded()
    }

    /// kubectl, going through the proxy.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = control_plane::kubectl();
        command.arg("--kubeconfig").arg(self.kubeconfig()).args(arguments);
        command
    }

    /// What was asked for since this was called last, in its order. A request is written down before it is passed on.
    pub fn recorded(&self) -> Vec<Recorded> {
        self.records.try_iter().collect()
    }
}

/// What the proxy needs for both of its sides.
struct Side {
    accept: TlsAcceptor,
    connect: TlsConnector,
    server: SocketAddr,
}

impl Side {
    fn new(dir: &Path, server: SocketAddr) -> Self {
        let certificate =
            |name: &str| CertificateDer::from_pem_file(dir.join("pki").join(name)).expect("a certificate");
        let key = PrivateKeyDer::from_pem_file(dir.join("pki/tls.key")).expect("a key");
        let provider = Arc::new(default_provider());
        let accept = ServerConfig::builder_with_provider(provider.clone()).with_safe_default_protocol_versions();
        let accept =
            accept.expect("protocols").with_no_client_auth().with_single_cert(vec![certificate("tls.crt")], key);
        let mut roots = RootCertStore::empty();
        roots.add(certificate("ca.crt")).expect("an authority");
        let connect = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
        let connect = connect.expect("protocols").with_root_certificates(roots).with_no_client_auth();
        let accept = TlsAcceptor::from(Arc::new(accept.expect("a certificate and its key")));
        Self { accept, connect: TlsConnector::from(Arc::new(connect)), server }
    }
}

#[tokio::main(flavor = "current_thread")]
async fn serve(side: Side, (out, tell): (Sender<Recorded>, Sender<SocketAddr>), stop: oneshot::Receiver<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    tell.send(listener.local_addr().expect("an address")).expect("the test waits");
    let side = Arc::new(side);
    let accept = async {
        while let Ok((socket, _)) = listener.accept().await {
            tokio::spawn(connection(side.clone(), socket, out.clone()));
        }
    };
    tokio::select! {
        () = accept => {}
        _ = stop => {}
    }
}

/// One connection of a client. What goes wrong on it is seen by the client, as with any proxy.
async fn connection(side: Arc<Side>, socket: TcpStream, out: Sender<Recorded>) {
    let Ok(stream) = side.accept.accept(socket).await else { return };
    let service = hyper::service::service_fn(move |request| pass(side.clone(), request, out.clone()));
    let _ = hyper::server::conn::http1::Builder::new()
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades()
        .await;
}

/// Writes a request down, unless it is a read, and passes it on over a connection of its own.
async fn pass(
    side: Arc<Side>,
    mut request: Request<Incoming>,
    out: Sender<Recorded>,
) -> Result<Response<Incoming>, BoxError> {
    let theirs = hyper::upgrade::on(&mut request);
    let (parts, body) = request.into_parts();
    let upgrade = parts.headers.contains_key(header::UPGRADE);
    let reads = [Method::GET, Method::HEAD, Method::OPTIONS].contains(&parts.method) && !upgrade;
    let body = if reads {
        Either::Right(body)
    } else {
        let bytes = body.collect().await?.to_bytes();
        // The test may have ended.
        let _ = out.send(recorded(&parts, &bytes));
        Either::Left(Full::new(bytes))
    };
    let socket = TcpStream::connect(side.server).await?;
    let stream = side.connect.connect(ServerName::from(side.server.ip()), socket).await?;
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection.with_upgrades());
    let mut answer = sender.send_request(Request::from_parts(parts, body)).await?;
    if answer.status() == StatusCode::SWITCHING_PROTOCOLS {
        let ours = hyper::upgrade::on(&mut answer);
        tokio::spawn(async move {
            let (theirs, ours) = tokio::try_join!(theirs, ours)?;
            copy_bidirectional(&mut TokioIo::new(theirs), &mut TokioIo::new(ours)).await?;
            Ok::<_, BoxError>(())
        });
    }
    Ok(answer)
}

fn recorded(parts: &http::request::Parts, body: &Bytes) -> Recorded {
    let query = parts.uri.query().unwrap_or_default().split('&').filter(|pair| !pair.is_empty());
    let mut query: Vec<_> = query.map(|pair| pair.split_once('=').unwrap_or((pair, ""))).collect();
    // The order counts among those of one name, as the words of a command are.
    query.sort_by_key(|(name, _)| *name);
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let body =
        if body.is_empty() { Value::Null } else { serde_json::from_slice(body).unwrap_or_else(|_| text(body).into()) };
    Recorded {
        method: parts.method.to_string(),
        path: parts.uri.path().to_owned(),
        query: query.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        media: parts.headers.get(header::CONTENT_TYPE).map(|value| text(value.as_bytes())).unwrap_or_default(),
        body,
    }
}
