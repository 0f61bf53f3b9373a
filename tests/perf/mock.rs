//! The mock API server: canned pods over TLS on loopback, in a process of its own, as cheap as can be, so that what
//! is measured is the client. It shows what a client costs, never what an API server costs.

mod answer;
mod canned;
mod discovery;
mod tls;
mod watch;

use crate::data::Cluster;
use crate::error::Result;
use crate::json::Writer;
use canned::Canned;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use std::io::BufRead;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
pub use tls::TOKEN;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, watch as setting};
use tokio_rustls::TlsAcceptor;

/// What all connections share.
pub struct World {
    /// Writes the objects of events and single GETs.
    pub writer: Writer,
    /// The list.
    pub canned: Canned,
    /// The newest resourceVersion.
    pub version: AtomicU64,
    /// Changes per second and watch of pods.
    pub rate: setting::Receiver<u64>,
    /// Requests answered so far.
    pub requests: AtomicU64,
    /// Bytes of bodies sent so far, before TLS.
    pub bytes: AtomicU64,
}

impl World {
    /// A cluster whose rate of changes is set from elsewhere.
    fn new(cluster: Cluster, rate: setting::Receiver<u64>) -> Self {
        let writer = Writer::new(cluster);
        let (requests, bytes) = (AtomicU64::new(0), AtomicU64::new(0));
        Self { canned: Canned::new(&writer), version: AtomicU64::new(cluster.version()), writer, rate, requests, bytes }
    }
}

/// Serves until standard input ends. Prints `ready PORT KUBECONFIG` when it can be asked; then understands the lines
/// `rate N` (changes per second, answered by `rate N`) and `count` (answered by `count REQUESTS BYTES`).
///
/// # Errors
/// When the port, the key or the files cannot be had.
pub fn run(cluster: Cluster) -> Result<()> {
    let (set_rate, rate) = setting::channel(0);
    let world = Arc::new(World::new(cluster, rate));
    eprintln!("mock: {} pods, {} bytes", cluster.pods, world.canned.len());
    // One thread: the other core belongs to the client.
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(serve(world, set_rate))
}

async fn serve(world: Arc<World>, set_rate: setting::Sender<u64>) -> Result<()> {
    let dir = tempfile::tempdir()?;
    let acceptor = tls::acceptor(dir.path())?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let port = listener.local_addr()?.port();
    println!("ready {port} {}", tls::kubeconfig(dir.path(), port)?.display());
    let mut commands = commands();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                let (socket, _) = accepted?;
                tokio::spawn(connection(Arc::clone(&world), acceptor.clone(), socket));
            }
            command = commands.recv() => match command {
                Some(command) => obey(&world, &set_rate, &command),
                None => return Ok(()),
            },
            _ = tokio::signal::ctrl_c() => return Ok(()),
        }
    }
}

/// The lines of standard input; they end with it, so that the mock never outlives who started it.
fn commands() -> mpsc::Receiver<String> {
    let (sender, receiver) = mpsc::channel(8);
    std::thread::spawn(move || {
        let lines = std::io::stdin().lock().lines().map_while(std::result::Result::ok);
        lines.map(|line| sender.blocking_send(line)).take_while(std::result::Result::is_ok).count()
    });
    receiver
}

fn obey(world: &World, set_rate: &setting::Sender<u64>, command: &str) {
    match command.split_once(' ') {
        Some(("rate", number)) => {
            let rate = number.trim().parse().unwrap_or(0);
            set_rate.send_replace(rate);
            println!("rate {rate}");
        }
        None if command == "count" => {
            println!("count {} {}", world.requests.load(Ordering::Relaxed), world.bytes.load(Ordering::Relaxed));
        }
        _ => println!("unknown command: rate N, count"),
    }
}

async fn connection(world: Arc<World>, acceptor: TlsAcceptor, socket: TcpStream) {
    // Without it small answers wait for acknowledgements; a failure only makes them slower.
    let _ = socket.set_nodelay(true);
    let Ok(stream) = acceptor.accept(socket).await else {
        return eprintln!("mock: a client did not complete the TLS handshake");
    };
    speak(world, stream).await;
}

/// HTTP on a connection, whatever carries it.
async fn speak(world: Arc<World>, stream: impl AsyncRead + AsyncWrite + Unpin) {
    let service = service_fn(move |request| answer::answer(Arc::clone(&world), request));
    // An error here is a client that hung up, which is how every watch ends.
    let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;
    use std::time::Duration;
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

    const CLUSTER: Cluster = Cluster { seed: 7, pods: 1_100, now: 1_800_000_000 };

    /// A world and what sets its rate.
    fn world(rate: u64) -> (Arc<World>, setting::Sender<u64>) {
        let (set_rate, receiver) = setting::channel(rate);
        (Arc::new(World::new(CLUSTER, receiver)), set_rate)
    }

    /// Everything that a request brings within `time` of the (paused) clock: the code and the body's lines.
    async fn ask(world: &Arc<World>, request: &str, time: Duration) -> (u16, Vec<Value>) {
        let (mut client, server) = duplex(1 << 16);
        let serving = tokio::spawn(speak(Arc::clone(world), server));
        let headers = format!("Host: x\r\nConnection: close\r\nAuthorization: Bearer {TOKEN}");
        let request = format!("{request} HTTP/1.0\r\n{headers}\r\n\r\n");
        client.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        let _ = tokio::time::timeout(time, client.read_to_end(&mut answer)).await;
        serving.abort();
        let answer = String::from_utf8(answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let code = head.split(' ').nth(1).unwrap().parse().unwrap();
        (code, body.lines().filter_map(|line| serde_json::from_str(line).ok()).collect())
    }

    async fn get(world: &Arc<World>, path: &str) -> (u16, Value) {
        let (code, mut lines) = ask(world, &format!("GET {path}"), Duration::from_secs(5)).await;
        (code, lines.remove(0))
    }

    #[tokio::test(start_paused = true)]
    async fn pages_put_together_are_the_list() {
        let (world, _set_rate) = world(0);
        let (_, all) = get(&world, "/api/v1/pods?limit=1000&resourceVersion=0").await;
        let (_, first) = get(&world, "/api/v1/pods?limit=1000").await;
        let token = first["metadata"]["continue"].as_str().unwrap();
        assert_eq!(first["metadata"]["remainingItemCount"], 100);
        let (_, second) = get(&world, &format!("/api/v1/pods?limit=1000&continue={token}")).await;
        assert!(second["metadata"]["continue"].is_null());
        let pages = [&first, &second].map(|page| page["items"].as_array().unwrap().clone()).concat();
        assert_eq!(all["items"].as_array().unwrap(), &pages);
        let (_, namespaced) = get(&world, "/api/v1/namespaces/tenant-0001/pods").await;
        assert_eq!(namespaced["items"].as_array().unwrap(), &pages[1_000..]);
        let name = pages[3]["metadata"]["name"].as_str().unwrap();
        let (_, one) = get(&world, &format!("/api/v1/namespaces/tenant-0000/pods/{name}")).await;
        assert_eq!((&one["metadata"], &one["kind"]), (&pages[3]["metadata"], &"Pod".into()));
    }

    #[tokio::test(start_paused = true)]
    async fn a_watch_tells_as_many_changes_as_were_set_each_with_a_newer_version() {
        let (world, _set_rate) = world(200);
        let (code, events) =
            ask(&world, "GET /api/v1/pods?watch=1&resourceVersion=1001100&timeoutSeconds=2", Duration::from_secs(9))
                .await;
        assert!(code == 200 && (380..=400).contains(&events.len()), "{}", events.len());
        let version = |event: &Value| event["object"]["metadata"]["resourceVersion"].as_str().unwrap().parse::<u64>();
        assert!(events.windows(2).all(|two| version(&two[0]).unwrap() < version(&two[1]).unwrap()));
        assert!(version(&events[0]).unwrap() > CLUSTER.version());
        assert!(events.iter().all(|event| event["type"] == "MODIFIED"));
    }

    #[tokio::test(start_paused = true)]
    async fn a_quiet_watch_brings_bookmarks() {
        let (world, _set_rate) = world(0);
        let wait = Duration::from_secs(130);
        let (_, events) = ask(&world, "GET /apis/apps/v1/deployments?watch=true&resourceVersion=5", wait).await;
        assert_eq!(events.iter().map(|event| event["type"].as_str().unwrap()).collect::<Vec<_>>(), ["BOOKMARK"; 2]);
        assert_eq!(events[0]["object"]["kind"], "Deployment");
    }

    #[tokio::test(start_paused = true)]
    async fn what_it_does_not_do_it_says() {
        let (world, _set_rate) = world(0);
        for (path, code) in [
            ("/api/v1/pods?labelSelector=a", 400),
            ("/api/v1/pods?watch=1", 400),
            ("/api/v1/pods?watch=1&sendInitialEvents=true&resourceVersion=0", 422),
            ("/api/v1/unknown", 404),
            ("/api/v1/namespaces/tenant-0000/pods/none", 404),
        ] {
            let (status, body) = get(&world, path).await;
            assert_eq!((status, &body["kind"]), (code, &"Status".into()), "{path}");
        }
        assert_eq!(get(&world, "/version").await.1["minor"], "36");
        assert_eq!(get(&world, "/apis/apps/v1").await.1["resources"][0]["name"], "deployments");
    }
}
