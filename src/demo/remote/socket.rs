//! The server's end of a session: messages in, messages out, and how it ends.

use futures::stream::{SplitSink, SplitStream};
use futures::{SinkExt, StreamExt};
use hyper::body::Bytes;
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::sync::{mpsc, oneshot, watch};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::Role;

use super::io::{Frame, Gone, Io, STATUS, STDOUT};
use super::room::{Room, Source};
use super::shell::Shell;
use super::status::{self, End};
use super::{Order, Session, V5, What, forward};
use crate::demo::json::int;
use crate::demo::owner::Ask;
use crate::demo::{Cluster, logs};

type Socket = WebSocketStream<TokioIo<Upgraded>>;

/// How many messages wait for a slow client before the program waits as well.
const WAITING: usize = 16;

/// Serves a session until it is over.
pub async fn serve(cluster: Cluster, upgrade: OnUpgrade, session: Session) {
    // The client may hang up instead of going on: then there is no session.
    let Ok(upgraded) = upgrade.await else { return };
    let socket = Socket::from_raw_socket(TokioIo::new(upgraded), Role::Server, None).await;
    let protocol = session.protocol;
    match session.what {
        What::Forward(ports) => forward::serve(socket, ports).await,
        What::Refused(why) => refuse(socket, &End::Failed(why), protocol).await,
        What::Exec(order) => run(cluster, socket, (order, protocol, None)).await,
        What::Attach(order, plan) => run(cluster, socket, (order, protocol, Some(plan))).await,
    }
}

async fn refuse(mut socket: Socket, end: &End, protocol: &str) {
    let frame = (STATUS, status::of(end, (protocol, &[])).to_string().into());
    if socket.send(message(frame)).await.is_ok() {
        // Whether the client still listens makes no difference any more.
        let _ = socket.close(None).await;
    }
}

/// A message on a channel: the channel's number, and the bytes.
pub fn message((channel, bytes): Frame) -> Message {
    let mut all = Vec::with_capacity(bytes.len() + 1);
    all.push(channel);
    all.extend(bytes);
    Message::Binary(all.into())
}

/// Runs a program, or shows a log, between the client and its container.
async fn run(cluster: Cluster, socket: Socket, (order, protocol, log): (Order, &'static str, Option<Box<logs::Plan>>)) {
    let Some(room) = ask_room(&cluster, &order.source).await else { return };
    let (sink, stream) = socket.split();
    let (frames, out) = mpsc::channel(WAITING);
    let (typed, input) = mpsc::unbounded_channel();
    let (interrupts, signals) = mpsc::unbounded_channel();
    let (resized, size) = watch::channel((0, 0));
    let typed = order.stdin.then_some(typed);
    let hearing = Hearing { typed, interrupts: order.tty.then_some(interrupts), resized, closes: protocol == V5 };
    let listener = tokio::spawn(hearing.hear(stream));
    let source = order.source.clone();
    let killed = killed(cluster.clone(), source.uid.clone());
    let program = if let Some(plan) = log {
        tokio::spawn(show(logs::stream(cluster, *plan), (frames, protocol)))
    } else {
        let io = Io::new(input, frames, (size, order.tty));
        let shell = Shell {
            cluster,
            source,
            room,
            io,
            folder: "/".to_owned(),
            signals,
            changes: Vec::new(),
            code: 0,
            over: false,
        };
        tokio::spawn(execute(shell, order.argv, protocol))
    };
    let ears = listener.abort_handle();
    let heard = async {
        // However the listening ends, nobody is there any more.
        let _ = listener.await;
    };
    tokio::select! {
        () = send(sink, out) => {}
        () = killed => {}
        () = heard => {}
    }
    program.abort();
    ears.abort();
}

/// Sends what the program writes; the session is closed in order when it has ended.
async fn send(mut sink: SplitSink<Socket, Message>, mut out: mpsc::Receiver<Frame>) {
    while let Some(frame) = out.recv().await {
        if sink.send(message(frame)).await.is_err() {
            return;
        }
    }
    // Whether the client still listens makes no difference any more.
    let _ = sink.close().await;
}

async fn execute(mut shell: Shell, argv: Vec<String>, protocol: &'static str) -> Result<(), Gone> {
    let frames = shell.io.frames.clone();
    // The streams of a session are opened with an empty message.
    frames.send((STDOUT, Bytes::new())).await.map_err(|_| Gone)?;
    let end = match shell.start(&argv).await? {
        Some(code) => End::Exit(code),
        None => status::not_started(argv.first().map_or("", String::as_str), protocol),
    };
    let status = status::of(&end, (protocol, &argv));
    frames.send((STATUS, status.to_string().into())).await.map_err(|_| Gone)
}

async fn show(mut lines: mpsc::Receiver<Bytes>, (frames, protocol): (mpsc::Sender<Frame>, &str)) -> Result<(), Gone> {
    frames.send((STDOUT, Bytes::new())).await.map_err(|_| Gone)?;
    while let Some(text) = lines.recv().await {
        frames.send((STDOUT, text)).await.map_err(|_| Gone)?;
    }
    let status = status::of(&End::Exit(0), (protocol, &[]));
    frames.send((STATUS, status.to_string().into())).await.map_err(|_| Gone)
}

/// What is done with what the client sends.
struct Hearing {
    typed: Option<mpsc::UnboundedSender<Bytes>>,
    interrupts: Option<mpsc::UnboundedSender<()>>,
    resized: watch::Sender<(u16, u16)>,
    closes: bool,
}

impl Hearing {
    /// Listens until the client hangs up.
    async fn hear(mut self, mut stream: SplitStream<Socket>) {
        while let Some(Ok(message)) = stream.next().await {
            match message {
                Message::Binary(bytes) => self.take(bytes),
                Message::Close(_) => return,
                _ => {}
            }
        }
    }

    fn take(&mut self, mut bytes: Bytes) {
        if bytes.is_empty() {
            return;
        }
        let channel = bytes.split_to(1).first().copied();
        match channel {
            Some(0) => self.typed(&bytes),
            Some(4) => {
                let size: Value = serde_json::from_slice(&bytes).unwrap_or_default();
                let of = |path: &str| u16::try_from(int(&size, path)).unwrap_or_default();
                self.resized.send_replace((of("/Width"), of("/Height")));
            }
            // With the fifth protocol, this closes the channel whose number follows.
            Some(255) if self.closes && bytes.first() == Some(&0) => self.typed = None,
            _ => {}
        }
    }

    /// What was typed, with the interrupts taken out when a terminal reads it. A program that has ended reads nothing.
    fn typed(&self, bytes: &Bytes) {
        let Some(typed) = &self.typed else { return };
        let Some(interrupts) = &self.interrupts else { return drop(typed.send(bytes.clone())) };
        for part in bytes.chunk_by(|a, b| (*a == 0x03) == (*b == 0x03)) {
            if part.first() == Some(&0x03) {
                for _ in part {
                    let _ = interrupts.send(());
                }
            } else {
                drop(typed.send(Bytes::copy_from_slice(part)));
            }
        }
    }
}

async fn ask_room(cluster: &Cluster, source: &Source) -> Option<Room> {
    let (done, word) = oneshot::channel();
    cluster.asks.send(Ask::Room(source.clone(), done)).ok()?;
    word.await.ok()?
}

/// Waits until the pod is gone: then nobody holds the other end any more.
async fn killed(cluster: Cluster, uid: String) {
    let (held, gone) = oneshot::channel::<()>();
    if cluster.asks.send(Ask::Hold(uid, held)).is_ok() {
        let _ = gone.await;
    }
}
