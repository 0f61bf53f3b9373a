//! One connection through a tunnel: bytes in both directions, ends as they are, and a cut that looks like a cut.

use super::meter::Meter;
use super::tunnel::{Pair, Piece, Stream, StreamSender, Tunnel};
use crate::text::safe;
use std::io;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::sync::mpsc;
use tokio::time::timeout;

/// Bytes that are read from the local side at once.
const CHUNK: usize = 32 << 10;
/// How long the other end may take to take a stream, as client-go.
const TAKING: Duration = Duration::from_secs(30);
/// How long the error stream may stay open when everything else is over.
const LAST_WORDS: Duration = Duration::from_secs(5);
/// How long a local side that still sends is listened to after everything was said to it.
const FAREWELL: Duration = Duration::from_secs(2);
/// The most that is kept of what an error stream says, in bytes.
const LONGEST: usize = 4 << 10;

/// How a connection through the tunnel ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// The pod has sent everything.
    Complete,
    /// Something was cut off.
    Cut,
    /// The local side is gone.
    Local,
}

/// Carries a connection to a port of the pod until it is over. Returns what went wrong at the other end.
pub async fn carry(local: TcpStream, tunnel: &Tunnel, port: u16, meter: &Meter) -> Option<String> {
    let Ok(mut pair) = tunnel.connect(port).await else {
        cut(&local);
        return None;
    };
    if let Err(why) = taken(&mut pair).await {
        cut(&local);
        // One of the two may have been taken.
        let _ = pair.data.sender.reset().await;
        let _ = pair.error.sender.reset().await;
        return Some(why);
    }
    // Nothing is ever sent on it. What fails now shows in the data stream as well.
    let _ = pair.error.sender.finish().await;
    let (mut from_local, mut to_local) = local.into_split();
    let end = both_ways(&mut from_local, &mut to_local, &mut pair.data, meter).await;
    let words = last_words(&mut pair.error, end).await;
    let is_whole = end == End::Complete && words.is_none();
    // As kubectl: what is still on its way there is not wanted any more.
    let _ = pair.data.sender.reset().await;
    finish(from_local, to_local, is_whole).await;
    words
}

/// Waits until the other end took both streams.
async fn taken(pair: &mut Pair) -> Result<(), String> {
    let Pair { data, error } = pair;
    for pieces in [&mut error.pieces, &mut data.pieces] {
        match timeout(TAKING, pieces.recv()).await {
            Ok(Some(Piece::Taken)) => {}
            Ok(_) => return Err("the pod's node refused the connection".to_owned()),
            Err(_) => return Err("the pod's node did not take the connection within 30 seconds".to_owned()),
        }
    }
    Ok(())
}

/// Copies until the pod has sent everything, or one side is gone. The end of what the local side sends is passed on,
/// and what the pod answers then still comes.
async fn both_ways(
    from_local: &mut OwnedReadHalf,
    to_local: &mut OwnedWriteHalf,
    data: &mut Stream,
    meter: &Meter,
) -> End {
    let up = async {
        match send_all(from_local, &data.sender, meter).await {
            Ok(()) => std::future::pending().await,
            Err(_) => End::Local,
        }
    };
    tokio::select! {
        end = receive_all(&mut data.pieces, to_local, meter) => end,
        end = up => end,
    }
}

/// Sends everything that the local side has to say, and that it has no more.
async fn send_all(local: &mut OwnedReadHalf, sender: &StreamSender, meter: &Meter) -> io::Result<()> {
    let mut buffer = vec![0; CHUNK];
    loop {
        let length = local.read(&mut buffer).await?;
        let Some(bytes) = buffer.get(..length).filter(|bytes| !bytes.is_empty()) else { break };
        // A tunnel that ended is told by the other direction.
        if sender.send(bytes).await.is_err() {
            return Ok(());
        }
        meter.send(length);
    }
    let _ = sender.finish().await;
    Ok(())
}

/// Writes everything that the pod has to say.
async fn receive_all(pieces: &mut mpsc::Receiver<Piece>, local: &mut OwnedWriteHalf, meter: &Meter) -> End {
    loop {
        match pieces.recv().await {
            Some(Piece::Bytes(bytes)) => {
                if local.write_all(&bytes).await.is_err() {
                    return End::Local;
                }
                meter.receive(bytes.len());
            }
            Some(Piece::Taken) => {}
            Some(Piece::End) => return End::Complete,
            Some(Piece::Cut) | None => return End::Cut,
        }
    }
}

/// What the error stream says before it ends.
async fn last_words(error: &mut Stream, end: End) -> Option<String> {
    if end == End::Local {
        // The other end waits for us; it has nothing to complain about.
        let _ = error.sender.reset().await;
        return None;
    }
    timeout(LAST_WORDS, words(&mut error.pieces)).await.ok().flatten()
}

/// The text that comes on an error stream until it ends, safe to show.
async fn words(pieces: &mut mpsc::Receiver<Piece>) -> Option<String> {
    let mut text = Vec::new();
    loop {
        match pieces.recv().await {
            Some(Piece::Bytes(bytes)) => {
                let room = LONGEST.saturating_sub(text.len()).min(bytes.len());
                text.extend_from_slice(bytes.get(..room).unwrap_or_default());
            }
            Some(Piece::Taken) => {}
            Some(Piece::End | Piece::Cut) | None => break,
        }
    }
    let text = String::from_utf8_lossy(&text);
    (!text.trim().is_empty()).then(|| safe(text.trim()).into_owned())
}

/// Ends the local connection: as complete only when it is, so that nobody takes the half of an answer for the whole.
pub async fn finish(mut from_local: OwnedReadHalf, mut to_local: OwnedWriteHalf, is_whole: bool) {
    if !is_whole {
        if let Ok(local) = from_local.reunite(to_local) {
            cut(&local);
        }
        return;
    }
    // To close while something is unread would take back what was said last.
    let _ = to_local.shutdown().await;
    let mut buffer = vec![0; CHUNK];
    let rest = async { while matches!(from_local.read(&mut buffer).await, Ok(length) if length > 0) {} };
    let _ = timeout(FAREWELL, rest).await;
}

/// Makes the end of `local` look like what it is: a cut, not an end.
pub fn cut(local: &TcpStream) {
    // Without it the connection ends as well, only more politely.
    let _ = local.set_zero_linger();
}
