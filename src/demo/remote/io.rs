//! What a program reads and writes: standard input, output and error on the channels of a session.

use hyper::body::Bytes;
use std::collections::VecDeque;
use tokio::sync::{mpsc, watch};

/// Channels of a session.
pub const STDOUT: u8 = 1;
/// Standard error.
pub const STDERR: u8 = 2;
/// The status.
pub const STATUS: u8 = 3;

/// A message on a channel.
pub type Frame = (u8, Bytes);

/// Where output goes.
#[derive(Debug, Default, PartialEq)]
pub enum Sink {
    /// To the client.
    #[default]
    Client,
    /// Into a file, later.
    Kept(Vec<u8>),
    /// Nowhere.
    Nowhere,
}

/// The client has gone: nobody is left to read or type.
#[derive(Debug)]
pub struct Gone;

/// Standard input, output and error.
#[derive(Debug)]
pub struct Io {
    /// What was typed, as it comes.
    pub input: mpsc::UnboundedReceiver<Bytes>,
    /// To the client.
    pub frames: mpsc::Sender<Frame>,
    /// Columns and rows of the client's terminal.
    pub size: watch::Receiver<(u16, u16)>,
    /// Whether a terminal is in between.
    pub tty: bool,
    /// Where standard output goes.
    pub out: Sink,
    /// Where standard error goes.
    pub err: Sink,
    typed: VecDeque<u8>,
}

impl Io {
    /// Standard input, output and error of a new session.
    pub fn new(
        input: mpsc::UnboundedReceiver<Bytes>,
        frames: mpsc::Sender<Frame>,
        (size, tty): (watch::Receiver<(u16, u16)>, bool),
    ) -> Self {
        Self { input, frames, size, tty, out: Sink::Client, err: Sink::Client, typed: VecDeque::new() }
    }

    /// Writes to standard output.
    ///
    /// # Errors
    /// When the client has gone.
    pub async fn say(&mut self, text: impl AsRef<[u8]>) -> Result<(), Gone> {
        let channel = (STDOUT, std::mem::take(&mut self.out));
        self.out = self.write(channel, text.as_ref()).await?;
        Ok(())
    }

    /// Writes a line to standard error; with a terminal there is no other way than standard output.
    ///
    /// # Errors
    /// When the client has gone.
    pub async fn complain(&mut self, text: &str) -> Result<(), Gone> {
        let channel = (if self.tty { STDOUT } else { STDERR }, std::mem::take(&mut self.err));
        self.err = self.write(channel, format!("{text}\n").as_bytes()).await?;
        Ok(())
    }

    async fn write(&self, (channel, sink): (u8, Sink), bytes: &[u8]) -> Result<Sink, Gone> {
        match sink {
            Sink::Nowhere => Ok(Sink::Nowhere),
            Sink::Kept(mut kept) => {
                kept.extend(bytes);
                Ok(Sink::Kept(kept))
            }
            Sink::Client => {
                // A terminal moves back to the first column at the end of a line.
                let bytes = if self.tty { with_returns(bytes) } else { bytes.to_vec() };
                for part in bytes.chunks(32 * 1024) {
                    self.frames.send((channel, Bytes::copy_from_slice(part))).await.map_err(|_| Gone)?;
                }
                Ok(Sink::Client)
            }
        }
    }

    /// The next byte of standard input; none at its end.
    pub async fn byte(&mut self) -> Option<u8> {
        while self.typed.is_empty() {
            self.typed.extend(self.input.recv().await?);
        }
        self.typed.pop_front()
    }

    /// What has come of standard input, waiting for some; none at its end.
    pub async fn some(&mut self) -> Option<Vec<u8>> {
        if self.typed.is_empty() {
            self.typed.extend(self.input.recv().await?);
        }
        Some(self.typed.drain(..).collect())
    }
}

fn with_returns(bytes: &[u8]) -> Vec<u8> {
    let mut all = Vec::with_capacity(bytes.len());
    for byte in bytes {
        if *byte == b'\n' {
            all.push(b'\r');
        }
        all.push(*byte);
    }
    all
}
