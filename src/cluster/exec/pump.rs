//! Moves bytes between a session's WebSocket and its pipes. Hearing and speaking go on side by side: a command that
//! does not take its input must not keep us from taking its output, or both wait for ever.

use super::channel::{CLOSE, STATUS, STDERR, STDIN, STDOUT, Size, Version};
use super::status::Ended;
use crate::cluster::watch::cause;
use futures::stream::{SplitSink, SplitStream};
use futures::{SinkExt, StreamExt};
use std::pin::pin;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, DuplexStream};
use tokio::sync::watch;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at, timeout};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;

/// How often the other side is asked whether it is still there, as client-go.
const PING: Duration = Duration::from_secs(5);
/// After so long without a word the connection counts as lost, as in client-go.
const SILENCE: Duration = Duration::from_secs(61);
/// How long the connection may stay open after the command's end was told.
const FAREWELL: Duration = Duration::from_secs(5);
/// Bytes of input in one message.
const PIECE: usize = 1 << 14;

/// The inner ends of a session's pipes.
pub struct Pipes {
    /// What the user writes.
    pub stdin: DuplexStream,
    /// What the user reads; none once nobody does, or the remote side has closed it.
    pub stdout: Option<DuplexStream>,
    /// As `stdout`.
    pub stderr: Option<DuplexStream>,
    /// The terminal's size, when known.
    pub sizes: watch::Receiver<Option<Size>>,
    /// What the server understands.
    pub version: Version,
    /// Whether the first size is preceded by a wrong one.
    pub redraw: bool,
}

/// Serves a session to its end.
pub async fn run<S: AsyncRead + AsyncWrite + Unpin>(socket: WebSocketStream<S>, pipes: Pipes) -> Ended {
    let (sink, stream) = socket.split();
    let mut speaking = pin!(speak(sink, Voice::new(pipes.stdin, pipes.sizes, (pipes.version, pipes.redraw))));
    let mut hearing = pin!(hear(stream, Ears { stdout: pipes.stdout, stderr: pipes.stderr }));
    tokio::select! {
        ended = &mut hearing => ended,
        // What cannot be spoken to may still have something to say: the status, or why it left.
        () = &mut speaking => hearing.await,
    }
}

/// Where what is heard goes.
struct Ears {
    stdout: Option<DuplexStream>,
    stderr: Option<DuplexStream>,
}

/// Hears until the connection ends. Waiting for the user to read is no silence of the server.
async fn hear<S: AsyncRead + AsyncWrite + Unpin>(mut stream: SplitStream<WebSocketStream<S>>, mut ears: Ears) -> Ended {
    let mut status = None;
    loop {
        let limit = if status.is_some() { FAREWELL } else { SILENCE };
        let lost = match timeout(limit, stream.next()).await {
            Ok(Some(Ok(message))) => {
                let said = ears.take(message).await;
                status = status.or(said);
                continue;
            }
            Ok(Some(Err(error))) => cause(&error),
            Ok(None) => "the server closed it without saying how the command ended".to_owned(),
            Err(_) => format!("the server was silent for {} seconds", SILENCE.as_secs()),
        };
        return status.unwrap_or(Ended::Lost(lost));
    }
}

impl Ears {
    /// Takes a message; how the session ended, if it says so.
    async fn take(&mut self, message: Message) -> Option<Ended> {
        let Message::Binary(bytes) = message else { return None };
        match bytes.split_first() {
            // Servers begin with an empty message, to show that they are there.
            None | Some((_, [])) => {}
            Some((&STDOUT, text)) => pass_on(&mut self.stdout, text).await,
            Some((&STDERR, text)) => pass_on(&mut self.stderr, text).await,
            Some((&STATUS, json)) => return Some(Ended::parse(json)),
            Some((&CLOSE, [STDOUT])) => self.stdout = None,
            Some((&CLOSE, [STDERR])) => self.stderr = None,
            // Channels that we did not ask for.
            Some(_) => {}
        }
        None
    }
}

/// Waits until there is room. Nobody who reads is no reason to end: the status is still to come.
async fn pass_on(pipe: &mut Option<DuplexStream>, text: &[u8]) {
    if let Some(open) = pipe
        && open.write_all(text).await.is_err()
    {
        *pipe = None;
    }
}

/// Where what is spoken comes from.
struct Voice {
    stdin: DuplexStream,
    stdin_open: bool,
    sizes: watch::Receiver<Option<Size>>,
    sizes_open: bool,
    version: Version,
    redraw: bool,
    pings: Interval,
    piece: Vec<u8>,
}

/// Speaks until the connection takes no more.
async fn speak<S>(mut sink: SplitSink<WebSocketStream<S>, Message>, mut voice: Voice)
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    loop {
        for message in voice.next().await {
            if sink.send(message).await.is_err() {
                return;
            }
        }
    }
}

impl Voice {
    fn new(stdin: DuplexStream, mut sizes: watch::Receiver<Option<Size>>, (version, redraw): (Version, bool)) -> Self {
        let mut pings = interval_at(Instant::now() + PING, PING);
        pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
        // A size that is known already shall be told.
        sizes.mark_changed();
        Self { stdin, stdin_open: true, sizes, sizes_open: true, version, redraw, pings, piece: vec![STDIN] }
    }

    /// Waits for what is to be said next.
    async fn next(&mut self) -> Vec<Message> {
        self.piece.reserve(PIECE);
        tokio::select! {
            biased;
            changed = self.sizes.changed(), if self.sizes_open => {
                self.sizes_open = changed.is_ok();
                self.resize()
            }
            _ = self.pings.tick() => vec![Message::Ping(Vec::new().into())],
            read = self.stdin.read_buf(&mut self.piece), if self.stdin_open => match read {
                Ok(1..) => vec![Message::Binary(std::mem::replace(&mut self.piece, vec![STDIN]).into())],
                Ok(0) | Err(_) => self.end_stdin(),
            },
        }
    }

    /// Tells the newest size.
    fn resize(&mut self) -> Vec<Message> {
        let Some(size) = *self.sizes.borrow_and_update() else { return Vec::new() };
        let first = std::mem::take(&mut self.redraw).then(|| size.enlarged());
        first.into_iter().chain([size]).map(|size| Message::Binary(size.message().into())).collect()
    }

    /// Tells the end of stdin, where that can be told without ending everything.
    fn end_stdin(&mut self) -> Vec<Message> {
        self.stdin_open = false;
        match self.version {
            Version::V4 => Vec::new(),
            Version::V5 => vec![Message::Binary(vec![CLOSE, STDIN].into())],
        }
    }
}
