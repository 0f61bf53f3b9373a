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

/// Serves until standard input ends. Prints `ready PORT KUBECONFIG` when it can be asked; then understands the lines
/// `rate N` (changes per second, answered by `rate N`) and `count` (answered by `count REQUESTS BYTES`).
///
/// # Errors
/// When the port, the key or the files cannot be had.
pub fn run(cluster: Cluster) -> Result<()> {
    let (set_rate, rate) = setting::channel(0);
    let writer = Writer::new(cluster);
    let canned = Canned::new(&writer);
    eprintln!("mock: {} pods, {} bytes", cluster.pods, canned.len());
    let version = AtomicU64::new(cluster.version());
    let world =
        Arc::new(World { writer, canned, version, rate, requests: AtomicU64::new(0), bytes: AtomicU64::new(0) });
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
    let service = service_fn(move |request| answer::answer(Arc::clone(&world), request));
    // An error here is a client that hung up, which is how every watch ends.
    let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
}
