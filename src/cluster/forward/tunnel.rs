//! `Tunnel`: one WebSocket that carries SPDY/3.1, and in it any number of connections to ports of one pod. What kubectl
//! uses from Kubernetes 1.31 on.
//!
//! One half writes, and numbers the streams; the other reads, and owns the table of who waits for which stream. Neither
//! waits for the other, so a server that does not read cannot keep us from reading.

use super::socket::{self, Socket, Unopened};
use super::spdy::{self, Decoder, Encoder, Frame, StreamId};
use super::target::Aim;
use crate::cluster::watch::cause;
use futures::stream::{SplitSink, SplitStream};
use futures::{SinkExt, StreamExt};
use hyper::body::Bytes;
use kube::Client;
use std::collections::HashMap;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::{MissedTickBehavior, interval, timeout};
use tokio_tungstenite::tungstenite::{Error, Message};

/// The sub-protocol: client-go's `WebsocketsSPDYTunnelingPortForwardV1`.
const PROTOCOL: &str = "SPDY/3.1+portforward.k8s.io";
/// How often the other end is asked whether it is there, as client-go does.
const PING: Duration = Duration::from_secs(10);
/// How long nothing may come, answers to pings neither.
const SILENCE: Duration = Duration::from_secs(61);
/// Frames that may wait to be sent.
const QUEUE: usize = 16;
/// Pieces that may wait for one connection. When it does not take them, all of the tunnel wait, as with kubectl.
const PIECES: usize = 64;

/// A tunnel to a pod. It ends when the last clone and all of its streams are gone.
#[derive(Debug, Clone)]
pub struct Tunnel {
    out: mpsc::Sender<Out>,
    end: watch::Receiver<String>,
}

/// What is to be sent.
#[derive(Debug)]
enum Out {
    /// The frames that open a connection to this port.
    Open(u16, oneshot::Sender<Pair>),
    /// A frame.
    Frame(Vec<u8>),
}

/// What comes on a stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// The other side took the stream.
    Taken,
    /// Bytes.
    Bytes(Bytes),
    /// The other side has sent everything.
    End,
    /// The stream was reset.
    Cut,
}

/// One stream.
#[derive(Debug)]
pub struct Stream {
    /// What comes. Its end without [`Piece::End`] is the end of the tunnel.
    pub pieces: mpsc::Receiver<Piece>,
    /// What goes.
    pub sender: StreamSender,
}

/// The way out of a stream.
#[derive(Debug, Clone)]
pub struct StreamSender {
    id: StreamId,
    out: mpsc::Sender<Out>,
}

/// The two streams of a connection.
#[derive(Debug)]
pub struct Pair {
    /// Carries what the connection carries.
    pub data: Stream,
    /// Says what went wrong at the other end.
    pub error: Stream,
}

/// The tunnel has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ended;

/// Who waits for a stream.
type Waiting = (StreamId, mpsc::Sender<Piece>);

impl Tunnel {
    /// Opens a tunnel to the pod.
    ///
    /// # Errors
    /// When the server refuses, or does not know tunnels.
    pub async fn open(client: &Client, aim: &Aim) -> Result<Self, Unopened> {
        Ok(Self::over(socket::open(client, aim, "", PROTOCOL).await?))
    }

    /// A tunnel over an open WebSocket.
    fn over(socket: Socket) -> Self {
        let (out, frames) = mpsc::channel(QUEUE);
        let (said, end) = watch::channel(String::new());
        let weak = out.downgrade();
        tokio::spawn(async move {
            let (sink, source) = socket.split();
            let (opened, openings) = mpsc::unbounded_channel();
            let writer = Writer { sink, out: weak.clone(), opened, encoder: Encoder::default(), next: 1, request: 0 };
            let reader = Reader { source, out: weak, openings, streams: HashMap::new() };
            let why = tokio::select! {
                why = writer.run(frames) => why,
                why = reader.run() => why,
            };
            said.send_replace(why);
        });
        Self { out, end }
    }

    /// Opens the streams of a connection to a port of the pod.
    ///
    /// # Errors
    /// When the tunnel has ended.
    pub async fn connect(&self, port: u16) -> Result<Pair, Ended> {
        let (answer, pair) = oneshot::channel();
        self.out.send(Out::Open(port, answer)).await.map_err(|_| Ended)?;
        pair.await.map_err(|_| Ended)
    }

    /// Waits until the tunnel has ended, and says why.
    pub async fn ended(&mut self) -> String {
        // The sender goes together with the tunnel.
        while self.end.changed().await.is_ok() {}
        self.end.borrow().clone()
    }
}

impl StreamSender {
    /// Sends bytes.
    ///
    /// # Errors
    /// When the tunnel has ended.
    pub async fn send(&self, bytes: &[u8]) -> Result<(), Ended> {
        self.frame(spdy::data(self.id, bytes, false)).await
    }

    /// Says that everything was sent.
    ///
    /// # Errors
    /// When the tunnel has ended.
    pub async fn finish(&self) -> Result<(), Ended> {
        self.frame(spdy::data(self.id, &[], true)).await
    }

    /// Ends the stream in both directions.
    ///
    /// # Errors
    /// When the tunnel has ended.
    pub async fn reset(&self) -> Result<(), Ended> {
        self.frame(spdy::reset(self.id, spdy::CANCEL)).await
    }

    async fn frame(&self, frame: Vec<u8>) -> Result<(), Ended> {
        self.out.send(Out::Frame(frame)).await.map_err(|_| Ended)
    }
}

/// The half that sends.
struct Writer {
    sink: SplitSink<Socket, Message>,
    /// Weak, so that the tunnel does not keep itself open.
    out: mpsc::WeakSender<Out>,
    opened: mpsc::UnboundedSender<Waiting>,
    encoder: Encoder,
    next: StreamId,
    request: u32,
}

impl Writer {
    /// Sends until nobody is left who could want something to be sent, or until sending fails.
    async fn run(mut self, mut frames: mpsc::Receiver<Out>) -> String {
        let mut pings = interval(PING);
        pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut question = 1;
        loop {
            let sent = tokio::select! {
                out = frames.recv() => match out {
                    Some(Out::Frame(frame)) => self.sink.send(Message::binary(frame)).await,
                    Some(Out::Open(port, answer)) => self.open(port, answer).await,
                    None => {
                        // It is over anyhow.
                        let _ = self.sink.close().await;
                        return String::new();
                    }
                },
                _ = pings.tick() => {
                    let frame = spdy::ping(question);
                    question = if question > u32::MAX - 2 { 1 } else { question + 2 };
                    self.sink.send(Message::binary(frame)).await
                }
            };
            if let Err(error) = sent {
                return lost(&error);
            }
        }
    }

    /// Opens an error stream and a data stream, in kubectl's order.
    async fn open(&mut self, port: u16, answer: oneshot::Sender<Pair>) -> Result<(), Error> {
        let (port, request) = (port.to_string(), self.request.to_string());
        self.request = self.request.wrapping_add(1);
        let Some(out) = self.out.upgrade() else { return Ok(()) };
        let headers = |kind| [("streamtype", kind), ("port", &*port), ("requestid", &*request)];
        let (error, error_frame) = self.stream(&headers("error"), &out);
        let (data, data_frame) = self.stream(&headers("data"), &out);
        self.sink.feed(Message::binary(error_frame)).await?;
        self.sink.send(Message::binary(data_frame)).await?;
        // Who asked may have gone; the streams are then reset by the other side, or with the tunnel.
        let _ = answer.send(Pair { data, error });
        Ok(())
    }

    /// A new stream, known to the reader before anything about it can come.
    fn stream(&mut self, headers: &[(&str, &str)], out: &mpsc::Sender<Out>) -> (Stream, Vec<u8>) {
        let id = self.next;
        self.next += 2;
        let (pieces, incoming) = mpsc::channel(PIECES);
        // Without its reader the tunnel is over.
        let _ = self.opened.send((id, pieces));
        (Stream { pieces: incoming, sender: StreamSender { id, out: out.clone() } }, self.encoder.open(id, headers))
    }
}

/// The half that receives.
struct Reader {
    source: SplitStream<Socket>,
    out: mpsc::WeakSender<Out>,
    openings: mpsc::UnboundedReceiver<Waiting>,
    streams: HashMap<StreamId, mpsc::Sender<Piece>>,
}

impl Reader {
    /// Receives until the other side ends the tunnel, and says why it did.
    async fn run(mut self) -> String {
        let mut decoder = Decoder::default();
        loop {
            let message = match timeout(SILENCE, self.source.next()).await {
                Err(_) => return "nothing came from the API server for a minute".to_owned(),
                Ok(None) => return "the API server closed the connection".to_owned(),
                Ok(Some(Err(error))) => return lost(&error),
                Ok(Some(Ok(message))) => message,
            };
            self.learn_openings();
            match message {
                Message::Binary(bytes) => decoder.push(bytes),
                Message::Close(_) => return "the API server closed the connection".to_owned(),
                _ => continue,
            }
            loop {
                match decoder.next() {
                    Ok(None) => break,
                    Ok(Some(Frame::GoAway)) => return "the pod's node closed the connection".to_owned(),
                    Ok(Some(frame)) => self.take(frame).await,
                    Err(garbage) => return garbage.to_string(),
                }
            }
        }
    }

    /// Takes over who waits for streams, and forgets who does not any more.
    fn learn_openings(&mut self) {
        while let Ok((id, pieces)) = self.openings.try_recv() {
            self.streams.retain(|_, pieces| !pieces.is_closed());
            self.streams.insert(id, pieces);
        }
    }

    /// Hands a frame to whom it concerns.
    async fn take(&mut self, frame: Frame) {
        let (stream, piece, last) = match frame {
            Frame::Reply { stream, fin } => (stream, Piece::Taken, fin),
            Frame::Data { stream, bytes, fin } => (stream, Piece::Bytes(bytes), fin),
            Frame::Reset { stream } => return self.pass(stream, Piece::Cut, true).await,
            Frame::Opened { stream } => return self.answer(spdy::reset(stream, spdy::REFUSED)),
            // Ours are odd.
            Frame::Ping(number) if number % 2 == 0 => return self.answer(spdy::ping(number)),
            Frame::Ping(_) | Frame::GoAway => return,
        };
        if piece != Piece::Bytes(Bytes::new()) {
            self.pass(stream, piece, false).await;
        }
        if last {
            self.pass(stream, Piece::End, true).await;
        }
    }

    /// Hands a piece to who waits for it, if somebody does.
    async fn pass(&mut self, stream: StreamId, piece: Piece, last: bool) {
        let Some(waiting) = self.streams.get(&stream) else { return };
        if waiting.send(piece).await.is_err() || last {
            self.streams.remove(&stream);
        }
    }

    /// Sends an answer if there is room: reading must not wait for writing, and these can be done without.
    fn answer(&self, frame: Vec<u8>) {
        if let Some(out) = self.out.upgrade() {
            let _ = out.try_send(Out::Frame(frame));
        }
    }
}

/// Why the connection was lost.
fn lost(error: &Error) -> String {
    match error {
        Error::ConnectionClosed | Error::AlreadyClosed | Error::Protocol(_) => {
            "the API server closed the connection".to_owned()
        }
        error => format!("the connection to the API server was lost: {}", cause(error)),
    }
}
