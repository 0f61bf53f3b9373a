//! The mock API server: canned objects over TLS on loopback, in a process of its own, as cheap as can be, so that what
//! is measured is the client. It shows what a client costs, never what an API server costs.

mod answer;
mod canned;
mod discovery;
mod format;
mod knobs;
mod logs;
mod objects;
mod query;
mod review;
mod shape;
mod shelf;
mod table;
mod tally;
#[cfg(test)]
mod tests;
mod tls;
mod watch;

use crate::catalog::{SORTS, Sort};
use crate::data::Cluster;
use crate::error::Result;
use crate::json::Writer;
use crate::wire::Wire;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
pub use knobs::KNOBS;
use knobs::Knobs;
pub use logs::log_lines;
pub use shelf::message;
use shelf::{Shelf, shelves};
use std::io::BufRead;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;
use tally::Tally;
pub use tls::TOKEN;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep};
use tokio_rustls::TlsAcceptor;

/// How the mock begins.
#[derive(Debug, Clone, clap::Args)]
pub struct Options {
    /// Hold the objects in JSON only: half the memory, and sooner ready.
    #[arg(long)]
    pub json_only: bool,
    /// Set a knob at the start: rate, logs, selected, latency, bandwidth, stall-at, stall-for, gone, busy, gzip, json.
    #[arg(long, value_name = "KNOB=NUMBER")]
    pub set: Vec<String>,
}

/// What all connections share.
pub struct World {
    /// Writes the objects of events.
    pub writer: Writer,
    /// Writes protobuf.
    pub wire: Wire,
    /// The objects of each kind.
    shelves: Vec<Shelf>,
    /// What is returned for a kind that is not there.
    nothing: Shelf,
    /// The newest resourceVersion.
    pub version: AtomicU64,
    /// What can be set.
    pub knobs: Knobs,
    /// When it began, and when the link is free again, in microseconds after that.
    pub begun: Instant,
    pub link: AtomicU64,
    /// What was counted.
    pub tally: Tally,
}

impl World {
    /// A cluster with all knobs off.
    fn new(cluster: Cluster, json_only: bool) -> Self {
        let (writer, wire) = (Writer::new(cluster), Wire::new());
        Self {
            shelves: shelves(&writer, Some(&wire).filter(|_| !json_only)),
            nothing: Shelf::default(),
            version: AtomicU64::new(cluster.version()),
            knobs: Knobs::new(),
            begun: Instant::now(),
            link: AtomicU64::new(0),
            tally: Tally::of(cluster.pods),
            writer,
            wire,
        }
    }

    /// What is held of a kind.
    pub fn shelf(&self, sort: &Sort) -> &Shelf {
        let number = SORTS.iter().position(|known| known == sort);
        number.and_then(|number| self.shelves.get(number)).unwrap_or(&self.nothing)
    }
}

/// Serves until standard input ends. Prints `ready PORT KUBECONFIG` when it can be asked; then understands the lines
/// `KNOB NUMBER`, answered by the same line, `count`, answered by names and numbers, and `told FIRST END`, answered by the
/// versions that the pods with these numbers have.
///
/// # Errors
/// When a knob is unknown, or the port, the key or the files cannot be had.
pub fn run(cluster: Cluster, options: &Options) -> Result<()> {
    // The link counts from a moment of this runtime's clock.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let world = Arc::new(World::new(cluster, options.json_only));
    for line in &options.set {
        if !turn(&world, &line.replace('=', " ")) {
            return Err(format!("{line} sets nothing: {}", known()).into());
        }
    }
    let bytes: usize = SORTS.iter().map(|sort| world.shelf(sort).json.len(sort.range(&cluster, None))).sum();
    eprintln!("mock: {} pods, {} MB of JSON in all", cluster.pods, bytes / 1_000_000);
    // One thread: the other core belongs to the client.
    runtime.block_on(serve(world))
}

async fn serve(world: Arc<World>) -> Result<()> {
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
                Some(command) => obey(&world, &command),
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

fn obey(world: &World, command: &str) {
    let asked = command.strip_prefix("told ").and_then(|range| range.split_once(' '));
    let range = asked.and_then(|(first, end)| Some(first.parse().ok()?..end.parse().ok()?));
    match range {
        Some(range) => println!("{}", world.tally.told(range)),
        None if command == "count" => println!("{}", world.tally),
        None if turn(world, command) => println!("{command}"),
        None => println!("unknown command: count, told FIRST END, {}", known()),
    }
}

/// Sets a knob; false when the line names none.
fn turn(world: &World, line: &str) -> bool {
    let number = line.split_once(' ').and_then(|(name, number)| Some((name, number.trim().parse().ok()?)));
    number.is_some_and(|(name, number)| world.knobs.set(name, number))
}

/// The knobs that there are.
fn known() -> String {
    KNOBS.map(|(name, _)| format!("{name} NUMBER")).join(", ")
}

async fn connection(world: Arc<World>, acceptor: TlsAcceptor, socket: TcpStream) {
    // Without it small answers wait for acknowledgements; a failure only makes them slower.
    let _ = socket.set_nodelay(true);
    // What connecting and agreeing on keys would take on a slow link: a round trip each.
    sleep(Duration::from_millis(2 * world.knobs.get("latency"))).await;
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
