//! `Session`: the ends of a running session that its user holds.

use super::call::{Call, What};
use super::channel::{Size, Version};
use super::handshake;
use super::pump::{self, Pipes};
use super::status::Ended;
use crate::cluster::Unreachable;
use kube::Client;
use tokio::io::{AsyncRead, AsyncWrite, DuplexStream, duplex};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio_tungstenite::WebSocketStream;

/// Bytes that wait in each direction; then whoever is faster waits.
const PIPE: usize = 1 << 16;

/// A running session. Its parts are used side by side; whoever reads one of stdout and stderr has to read or drop the
/// other as well, or the remote side waits. When all of it is dropped, the connection is closed.
pub struct Session {
    /// To the command. Shut down or dropped, it tells the command that nothing more comes; a server of version 4 cannot
    /// be told.
    pub stdin: DuplexStream,
    /// From the command, to its end.
    pub stdout: DuplexStream,
    /// From the command, to its end; nothing when it has a terminal.
    pub stderr: DuplexStream,
    /// Where the terminal's size is told; of several in a row the last one counts.
    pub size: watch::Sender<Option<Size>>,
    /// How it will have ended.
    pub end: End,
}

/// How a session will have ended. When this is dropped, the connection is closed.
pub struct End(JoinHandle<Ended>);

impl End {
    /// Waits for the end. May be given up and begun again until it has answered.
    pub async fn wait(&mut self) -> Ended {
        let died = |_| Ended::Lost("its task failed, which is a defect of rutter".to_owned());
        (&mut self.0).await.unwrap_or_else(died)
    }
}

impl Drop for End {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Session {
    /// Opens a session over the client for sessions.
    ///
    /// # Errors
    /// When the server refuses, or something in between does not speak WebSocket: a sentence and a hint.
    pub async fn open(client: &Client, call: &Call) -> Result<Self, Unreachable> {
        let (socket, version) = handshake::connect(client, call).await?;
        Ok(Self::start(socket, version, call.what == What::Attach))
    }

    /// Takes over an open WebSocket. `redraw` makes the remote side draw itself anew when it is told the first size.
    pub(super) fn start<S>(socket: WebSocketStream<S>, version: Version, redraw: bool) -> Self
    where
        S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        let (stdin, remote_in) = duplex(PIPE);
        let (stdout, remote_out) = duplex(PIPE);
        let (stderr, remote_err) = duplex(PIPE);
        let (size, sizes) = watch::channel(None);
        let pipes =
            Pipes { stdin: remote_in, stdout: Some(remote_out), stderr: Some(remote_err), sizes, version, redraw };
        let end = End(tokio::spawn(pump::run(socket, pipes)));
        Self { stdin, stdout, stderr, size, end }
    }
}
