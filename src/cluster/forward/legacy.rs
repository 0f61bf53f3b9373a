//! One connection through a WebSocket of its own, for servers that know no tunnels (before Kubernetes 1.30, or with the
//! feature switched off).
//!
//! Nothing in it says "I have sent everything": closing is the only way, and it loses the answer. So the end of what the
//! local side sends is not passed on.

use super::carry::{cut, finish};
use super::meter::Meter;
use super::socket::{self, Socket, Unopened};
use super::target::Aim;
use crate::text::safe;
use futures::stream::{SplitSink, SplitStream};
use futures::{SinkExt, StreamExt};
use hyper::body::Bytes;
use kube::Client;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::time::{Instant, interval_at, timeout};
use tokio_tungstenite::tungstenite::Message;

const PROTOCOL: &str = "v4.channel.k8s.io";
/// The channel that carries the connection, and the one that says what went wrong.
const DATA: u8 = 0;
const ERROR: u8 = 1;
/// Each channel begins with the port, which we know.
const PORT: usize = 2;
const CHUNK: usize = 32 << 10;
const PING: Duration = Duration::from_secs(10);
/// How long the pod may say nothing once the local side has said everything.
const PATIENCE: Duration = Duration::from_secs(60);

/// Carries a connection to the port of `aim`. Returns what went wrong at the other end.
pub async fn carry(local: TcpStream, client: &Client, aim: &Aim, meter: &Meter) -> Option<String> {
    let query = format!("?ports={}", aim.port);
    let socket = match socket::open(client, aim, &query, PROTOCOL).await {
        Ok(socket) => socket,
        Err(error) => {
            cut(&local);
            return Some(match error {
                Unopened::Trouble(trouble) => trouble.sentence,
                Unopened::NotSpoken => "the server knows no way to forward ports over WebSocket".to_owned(),
            });
        }
    };
    let (mut from_local, mut to_local) = local.into_split();
    let mut said = Said::default();
    let is_complete = both_ways((&mut from_local, &mut to_local), socket, &mut said, meter).await;
    let text = String::from_utf8_lossy(said.error.get(PORT..).unwrap_or_default()).trim().to_owned();
    finish(from_local, to_local, is_complete && text.is_empty()).await;
    (!text.is_empty()).then(|| safe(&text).into_owned())
}

/// What came so far: how much of the data channel's beginning, and the error channel.
#[derive(Debug, Default)]
struct Said {
    begun: usize,
    error: Vec<u8>,
}

impl Said {
    /// What a message carries for the local side.
    fn take(&mut self, mut message: Bytes) -> Bytes {
        let Some(channel) = message.first().copied() else { return message };
        let mut rest = message.split_off(1);
        if channel == ERROR && self.error.len() < CHUNK {
            self.error.extend_from_slice(&rest);
        }
        if channel != DATA {
            return Bytes::new();
        }
        let head = (PORT - self.begun).min(rest.len());
        self.begun += head;
        rest.split_off(head)
    }
}

/// Copies until the pod has sent everything; tells whether it has.
async fn both_ways(
    (from_local, to_local): (&mut OwnedReadHalf, &mut OwnedWriteHalf),
    socket: Socket,
    said: &mut Said,
    meter: &Meter,
) -> bool {
    let (sink, source) = socket.split();
    let silent = AtomicBool::new(false);
    tokio::select! {
        () = send_all(from_local, sink, &silent, meter) => false,
        complete = receive_all(source, to_local, (said, &silent), meter) => complete,
    }
}

/// Sends what the local side says, and pings. Returns when one side is gone.
async fn send_all(local: &mut OwnedReadHalf, mut sink: SplitSink<Socket, Message>, silent: &AtomicBool, meter: &Meter) {
    let mut buffer = vec![DATA; CHUNK];
    let mut pings = interval_at(Instant::now() + PING, PING);
    loop {
        let room = buffer.get_mut(1..).unwrap_or_default();
        let message = tokio::select! {
            length = local.read(room), if !silent.load(Ordering::Relaxed) => match length {
                Ok(0) => {
                    silent.store(true, Ordering::Relaxed);
                    continue;
                }
                Ok(length) => {
                    meter.send(length);
                    Message::binary(buffer.get(..=length).unwrap_or_default().to_vec())
                }
                Err(_) => return,
            },
            _ = pings.tick() => Message::Ping(Bytes::new()),
        };
        if sink.send(message).await.is_err() {
            return;
        }
    }
}

/// Writes what the pod says; tells whether it said everything.
async fn receive_all(
    mut source: SplitStream<Socket>,
    local: &mut OwnedWriteHalf,
    (said, silent): (&mut Said, &AtomicBool),
    meter: &Meter,
) -> bool {
    let mut heard = Instant::now();
    loop {
        // Answers to pings come all the time: without them the connection is dead.
        match timeout(PATIENCE, source.next()).await {
            Ok(Some(Ok(Message::Binary(message)))) => {
                heard = Instant::now();
                let bytes = said.take(message);
                if local.write_all(&bytes).await.is_err() {
                    return false;
                }
                meter.receive(bytes.len());
            }
            Ok(Some(Ok(Message::Close(_)))) => return true,
            Ok(Some(Ok(_))) if silent.load(Ordering::Relaxed) && heard.elapsed() > PATIENCE => return false,
            Ok(Some(Ok(_))) => {}
            Ok(Some(Err(_)) | None) | Err(_) => return false,
        }
    }
}
