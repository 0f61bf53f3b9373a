//! Connections to a small server on loopback that writes down what it was sent.

use super::*;
use crate::cluster::kubeconfig::Source;
use http::{Method, Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use kube::Client;
use std::convert::Infallible;
use std::fs;
use std::path::Path;
use std::sync::atomic::Ordering;
use tempfile::TempDir;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpListener;

mod installers;

type Seen = mpsc::UnboundedReceiver<Request<()>>;

/// Answers `answer(request)` to every request, and hands the requests on.
async fn server(answer: fn(&Request<()>) -> Response<String>) -> (String, Seen) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let (sender, seen) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream, answer, sender.clone()));
        }
    });
    (address, seen)
}

async fn serve(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    answer: fn(&Request<()>) -> Response<String>,
    seen: mpsc::UnboundedSender<Request<()>>,
) {
    let service = service_fn(move |request: Request<Incoming>| {
        let (parts, _) = request.into_parts();
        let request = Request::from_parts(parts, ());
        let response = answer(&request).map(|text| Full::new(Bytes::from(text)));
        seen.send(request).unwrap();
        async move { Ok::<_, Infallible>(response) }
    });
    // The client may close whenever it likes.
    let _ = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
}

fn ok(_: &Request<()>) -> Response<String> {
    Response::new("{}".to_owned())
}

/// A kubeconfig with one context, `x`, made of YAML fields.
fn kubeconfig(cluster: &str, user: &str) -> Kubeconfig {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("config");
    let text = format!(
        "clusters: [{{name: c, cluster: {{{cluster}}}}}]\nusers: [{{name: u, user: {{{user}}}}}]\n\
         contexts: [{{name: x, context: {{cluster: c, user: u, namespace: team}}}}]\n"
    );
    fs::write(&file, text).unwrap();
    Kubeconfig::load(&Source { flag: Some(file), ..Source::default() }).unwrap()
}

async fn connected(cluster: &str, user: &str, options: Options) -> Clients {
    connect(&kubeconfig(cluster, user), "x", options).await.unwrap()
}

async fn refused(cluster: &str, user: &str) -> ConnectError {
    connect(&kubeconfig(cluster, user), "x", Options::default()).await.err().expect("refused")
}

async fn send(client: &Client, method: Method, path: &str) -> Result<StatusCode, kube::Error> {
    let request = Request::builder().method(method).uri(path).body(Body::empty()).unwrap();
    let response = client.send(request).await?;
    let status = response.status();
    response.into_body().collect().await.unwrap();
    Ok(status)
}

fn header(request: &Request<()>, name: &str) -> Vec<String> {
    request.headers().get_all(name).iter().map(|value| value.to_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn requests_carry_who_we_are() {
    let (address, mut seen) = server(ok).await;
    let user = "token: t0ken, as: jane, as-uid: '7', as-groups: [a, b], as-user-extra: {'example.com/scope': [s]}";
    let clients = connected(&format!("server: 'http://{address}/k8s/'"), user, Options::default()).await;
    assert_eq!(clients.about.acts_as.as_deref(), Some("jane"));
    assert_eq!((clients.about.namespace.as_str(), clients.about.plain), ("team", true));
    for client in [&clients.lanes.read, clients.lanes.writer.client()] {
        assert_eq!(send(client, Method::GET, "/api/v1/pods?limit=5").await.unwrap(), StatusCode::OK);
        let request = seen.recv().await.unwrap();
        assert_eq!(request.uri().to_string(), "/k8s/api/v1/pods?limit=5");
        assert_eq!(header(&request, "user-agent"), [concat!("rutter/", env!("CARGO_PKG_VERSION"))]);
        assert_eq!(header(&request, "authorization"), ["Bearer t0ken"]);
        assert_eq!(header(&request, "impersonate-user"), ["jane"]);
        assert_eq!(header(&request, "impersonate-uid"), ["7"]);
        assert_eq!(header(&request, "impersonate-group"), ["a", "b"]);
        assert_eq!(header(&request, "impersonate-extra-example.com%2fscope"), ["s"]);
        assert_eq!(header(&request, "accept-encoding"), Vec::<String>::new());
    }
    assert_eq!(clients.meter.requests(), 2);
    assert!(clients.meter.skew().unwrap().abs() <= 2);
}

#[tokio::test]
async fn passwords_are_sent_as_basic() {
    let (address, mut seen) = server(ok).await;
    let clients = connected(&format!("server: '{address}'"), "username: u, password: p", Options::default()).await;
    send(&clients.lanes.read, Method::GET, "/version").await.unwrap();
    assert_eq!(header(&seen.recv().await.unwrap(), "authorization"), ["Basic dTpw"]);
}

fn wants_new(request: &Request<()>) -> Response<String> {
    let fresh = request.headers().get("authorization").is_some_and(|value| value == "Bearer new");
    let status = if fresh { StatusCode::OK } else { StatusCode::UNAUTHORIZED };
    Response::builder().status(status).body(String::new()).unwrap()
}

#[tokio::test]
async fn a_rotated_token_file_is_read_after_a_401_and_reads_are_sent_again() {
    let (address, mut seen) = server(wants_new).await;
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("token");
    fs::write(&file, "old\n").unwrap();
    let user = format!("tokenFile: '{}', token: inline", file.display());
    let clients = connected(&format!("server: 'http://{address}'"), &user, Options::default()).await;
    assert_eq!(send(&clients.lanes.read, Method::GET, "/a").await.unwrap(), StatusCode::UNAUTHORIZED);
    assert_eq!(header(&seen.recv().await.unwrap(), "authorization"), ["Bearer old"]);

    fs::write(&file, " new\n").unwrap();
    assert_eq!(send(clients.lanes.writer.client(), Method::PATCH, "/b").await.unwrap(), StatusCode::UNAUTHORIZED);
    assert_eq!(header(&seen.recv().await.unwrap(), "authorization"), ["Bearer old"]);
    assert_eq!(send(clients.lanes.writer.client(), Method::PATCH, "/c").await.unwrap(), StatusCode::OK);
    assert_eq!(seen.recv().await.unwrap().uri(), "/c");

    fs::write(&file, "").unwrap();
    assert_eq!(send(&clients.lanes.read, Method::GET, "/d").await.unwrap(), StatusCode::OK);
    assert_eq!(seen.recv().await.unwrap().uri(), "/d");
    assert!(seen.try_recv().is_err());
}

#[tokio::test]
async fn a_read_is_sent_again_once() {
    let (address, mut seen) = server(wants_new).await;
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("token");
    fs::write(&file, "old").unwrap();
    let user = format!("tokenFile: '{}'", file.display());
    let clients = connected(&format!("server: 'http://{address}'"), &user, Options::default()).await;
    fs::write(&file, "new").unwrap();
    assert_eq!(send(&clients.lanes.read, Method::GET, "/a").await.unwrap(), StatusCode::OK);
    let tokens: Vec<_> =
        [seen.recv().await.unwrap(), seen.recv().await.unwrap()].iter().map(|r| header(r, "authorization")).collect();
    assert_eq!(tokens, [["Bearer old"], ["Bearer new"]]);
    fs::write(&file, "newer but wrong").unwrap();
    // The file's new token is taken after a minute only, so the good one goes on being used.
    assert_eq!(send(&clients.lanes.read, Method::GET, "/b").await.unwrap(), StatusCode::OK);
    assert_eq!(clients.meter.requests(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_token_file_is_read_each_minute() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("token");
    fs::write(&file, "one").unwrap();
    let credentials = Credentials::file(file.clone(), None).await.unwrap();
    let token = || credentials.current().header.clone().unwrap();
    let minute = || tokio::time::sleep(std::time::Duration::from_secs(61));
    fs::write(&file, "two\n").unwrap();
    assert_eq!(token(), "Bearer one");
    minute().await;
    assert_eq!(token(), "Bearer two");
    fs::remove_file(&file).unwrap();
    minute().await;
    assert_eq!(token(), "Bearer two");
    assert!(credentials.trouble().unwrap().to_string().contains("cannot be read"));
    fs::write(&file, "three").unwrap();
    minute().await;
    assert_eq!((token().to_str().unwrap(), credentials.trouble()), ("Bearer three", None));
}

#[tokio::test]
async fn read_only_refuses_before_anything_is_sent() {
    let (address, mut seen) = server(ok).await;
    let options = Options::default();
    let switch = options.read_only.clone();
    let clients = connected(&format!("server: 'http://{address}'"), "token: t", options).await;
    switch.0.store(true, Ordering::Release);
    for client in [&clients.lanes.read, clients.lanes.writer.client()] {
        let error = send(client, Method::PATCH, "/api/v1/namespaces/a/pods/b").await.unwrap_err();
        let kube::Error::Service(error) = error else { panic!("{error:?}") };
        let what = "PATCH /api/v1/namespaces/a/pods/b".to_owned();
        assert_eq!(error.downcast_ref::<Refused>(), Some(&Refused { what, read_only: true }));
    }
    assert!(send(&clients.lanes.read, Method::GET, "/api").await.is_ok());
    let review = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
    assert!(send(clients.lanes.writer.client(), Method::POST, review).await.is_ok());
    assert_eq!(seen.recv().await.unwrap().uri(), "/api");
    assert_eq!(seen.recv().await.unwrap().uri(), review);
    assert_eq!(clients.meter.requests(), 2);
}

#[tokio::test]
async fn warnings_reach_their_channel() {
    let warn =
        |_: &Request<()>| Response::builder().header("warning", "299 - \"v1 is old\"").body(String::new()).unwrap();
    let (address, _seen) = server(warn).await;
    let (sender, mut warnings) = mpsc::channel(4);
    let options = Options { warnings: Some(sender), ..Options::default() };
    let clients = connected(&format!("server: 'http://{address}'"), "", options).await;
    send(&clients.lanes.read, Method::GET, "/api").await.unwrap();
    assert_eq!(warnings.recv().await.unwrap(), "v1 is old");
}

#[tokio::test]
async fn contradictions_are_refused_with_a_sentence() {
    let https = "server: 'https://x'";
    let cases = [
        (
            "server: 'http://10.0.0.1'",
            "token: s3cret",
            "credentials are not sent to http://10.0.0.1/: it is not encrypted",
        ),
        ("server: 'ftp://x'", "", "not a plain http or https URL"),
        ("server: 'https://me:s3cret@x'", "", "the cluster's server x is not a plain"),
        ("server: '://'", "", "not a plain http or https URL"),
        ("server: 'https://x', insecure-skip-tls-verify: true, certificate-authority-data: LS0t", "", "remove one"),
        ("server: 'https://x', certificate-authority: a, certificate-authority-data: LS0t", "", "given twice"),
        ("server: 'https://x', certificate-authority-data: '!!'", "", "is not base64"),
        ("server: 'https://x', certificate-authority-data: LS0t", "", "holds no certificate"),
        ("server: 'https://x', certificate-authority: gone", "", "gone cannot be read"),
        ("server: 'https://x', proxy-url: 'ftp://p'", "", "the proxy for this cluster"),
        (https, "token: s3cret, password: s3cret", "both a token and a password"),
        (https, "client-certificate-data: LS0t", "without its key"),
        (https, "client-certificate-data: LS0t, client-key-data: LS0t", "TLS cannot be set up"),
        (https, "client-certificate-data: s3cret!, client-key-data: s3cret", "client-certificate is not base64"),
        (https, "tokenFile: gone", "cannot be read"),
        (https, "token: \"s3\\x01cret\"", "characters that no token can have"),
        (https, "as-groups: [a]", "without `as`"),
        (https, "exec: {command: x}, auth-provider: {name: gcp}", "both a credential plugin and an auth-provider"),
        (https, "auth-provider: {name: azure, config: {access-token: s3cret}}", "auth-provider azure"),
        (https, "exec: {apiVersion: client.authentication.k8s.io/v1}", "has no command"),
        (https, "exec: {command: x}", "has no apiVersion"),
        (https, "exec: {command: x, apiVersion: client.authentication.k8s.io/v1}", "has no interactiveMode"),
        (https, "exec: {command: x, apiVersion: client.authentication.k8s.io/v1alpha1}", "v1alpha1"),
        (https, "exec: {command: x, apiVersion: v1}", "unknown apiVersion"),
    ];
    for (cluster, user, expected) in cases {
        let error = refused(cluster, user).await;
        let text = format!("{error} {error:?} {}", error.hint());
        assert!(error.to_string().contains(expected), "{cluster} {user}: {error}");
        assert!(!text.contains("s3cret"), "{text}");
    }
    assert!(refused(https, "auth-provider: {name: azure}").await.hint().contains("kubelogin"));
    assert!(refused(https, "auth-provider: {name: gcp}").await.hint().contains("gke-gcloud-auth-plugin"));
    assert!(refused(https, "auth-provider: {name: oidc}").await.hint().contains("kubelogin"));
}

#[tokio::test]
async fn contexts_that_are_not_there_or_broken_are_named() {
    let config = kubeconfig("server: 'https://x'", "");
    let error = connect(&config, "y", Options::default()).await.err().unwrap();
    assert_eq!(error.to_string(), "there is no context y in the kubeconfig");
    assert_eq!(error.hint(), "there are: x");
    let config = kubeconfig("", "");
    let error = connect(&config, "x", Options::default()).await.err().unwrap();
    assert_eq!(error.to_string(), "the context x cannot be used: its cluster c has no server");
}

/// A listener that gives back the first bytes it was sent, after it answered `answer`.
async fn first_bytes(answer: &'static [u8]) -> (String, tokio::task::JoinHandle<Vec<u8>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let task = tokio::spawn(async move {
        let limit = std::time::Duration::from_secs(10);
        let (mut stream, _) = tokio::time::timeout(limit, listener.accept()).await.unwrap().unwrap();
        let mut bytes = vec![0; 1024];
        let n = stream.read(&mut bytes).await.unwrap();
        stream.write_all(answer).await.unwrap();
        bytes.truncate(n);
        bytes
    });
    (address, task)
}

#[tokio::test]
async fn the_clusters_own_proxy_beats_the_environment() {
    let (proxy, bytes) = first_bytes(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n").await;
    let proxies = Proxies {
        no: "127.0.0.1,api.test,x/y,".to_owned(),
        https: "http://127.0.0.1:1".to_owned(),
        ..Proxies::default()
    };
    let cluster = format!("server: 'https://api.test:6443', proxy-url: 'http://us%40er:p@{proxy}'");
    let clients = connected(&cluster, "token: t", Options { proxies, ..Options::default() }).await;
    assert_eq!(clients.about.proxy, Some(proxy));
    let error = send(&clients.lanes.read, Method::GET, "/api").await.unwrap_err();
    let kube::Error::Service(error) = error else { panic!("{error:?}") };
    assert!(format!("{error:?}").contains("ProxyAuthRequired"), "{error:?}");
    let sent = String::from_utf8(bytes.await.unwrap()).unwrap();
    assert!(sent.starts_with("CONNECT api.test:6443 HTTP/1.1\r\n"), "{sent}");
    assert!(sent.contains("Basic dXNAZXI6cA==\r\n"), "{sent}");
    assert!(!sent.contains("Bearer"), "{sent}");
}

#[tokio::test]
async fn socks_is_spoken() {
    let (proxy, bytes) = first_bytes(b"\x05\xff").await;
    let cluster = format!("server: 'https://api.test', proxy-url: 'socks5://{proxy}'");
    let clients = connected(&cluster, "", Options::default()).await;
    assert!(send(&clients.lanes.read, Method::GET, "/api").await.is_err());
    assert_eq!(bytes.await.unwrap().first(), Some(&5));
}

/// A TLS server whose certificate is for `kube.test`; gives back its address and the certificate in PEM.
async fn tls_server() -> (String, String) {
    let key = rcgen::generate_simple_self_signed(vec!["kube.test".to_owned()]).unwrap();
    let chain = vec![key.cert.der().clone()];
    let secret = tokio_rustls::rustls::pki_types::PrivateKeyDer::try_from(key.signing_key.serialize_der()).unwrap();
    let config = tokio_rustls::rustls::ServerConfig::builder().with_no_client_auth().with_single_cert(chain, secret);
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config.unwrap()));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move {
        let (sender, _seen) = mpsc::unbounded_channel();
        while let Ok((stream, _)) = listener.accept().await {
            if let Ok(stream) = acceptor.accept(stream).await {
                tokio::spawn(serve(stream, ok, sender.clone()));
            }
        }
    });
    (address, key.cert.pem())
}

#[tokio::test]
async fn certificates_are_checked_as_the_cluster_says() {
    let (address, pem) = tls_server().await;
    let data = pem::to_base64(pem.as_bytes());
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("ca.crt");
    fs::write(&file, &pem).unwrap();
    let by_file = |path: &Path| format!("certificate-authority: '{}', tls-server-name: kube.test", path.display());
    let cases = [
        (format!("certificate-authority-data: {data}, tls-server-name: kube.test"), true),
        (by_file(&file), true),
        (format!("certificate-authority-data: {data}, tls-server-name: other.test"), false),
        (format!("certificate-authority-data: {data}"), false),
        ("tls-server-name: kube.test".to_owned(), false),
        (format!("server: '{address}', certificate-authority-data: {data}, tls-server-name: kube.test"), true),
        ("insecure-skip-tls-verify: true".to_owned(), true),
    ];
    for (fields, accepted) in cases {
        let clients =
            connected(&format!("server: 'https://{address}', {fields}"), "token: t", Options::default()).await;
        assert_eq!(clients.about.insecure, fields.starts_with("insecure"));
        let result = send(&clients.lanes.read, Method::GET, "/api").await;
        assert_eq!(result.is_ok(), accepted, "{fields}: {result:?}");
    }
}
