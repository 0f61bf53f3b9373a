//! As much of SPDY/3.1 as a client of a port-forward speaks, compatible with Go's `moby/spdystream` at the other end.
//!
//! That implementation knows no flow control: it neither sends nor respects WINDOW_UPDATE. A stream is held back by
//! not reading, which holds back all streams of the connection.

mod decode;
mod encode;

pub use decode::Decoder;
#[cfg(test)]
use decode::Garbage;
pub use encode::{Encoder, data, ping, reset};

use hyper::body::Bytes;

/// The number of a stream; those that a client opens are odd.
pub type StreamId = u32;

/// Why a stream is reset: its opener does not need it any more.
pub const CANCEL: u32 = 5;
/// Why a stream is reset: it is not wanted.
pub const REFUSED: u32 = 3;

/// What is to be known of what the other side sent. Frames that mean nothing to a port-forward are left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Frame {
    /// The other side took a stream.
    Reply {
        /// Which.
        stream: StreamId,
        /// Whether it will send nothing on it.
        fin: bool,
    },
    /// A part of what a stream carries.
    Data {
        /// Which stream.
        stream: StreamId,
        /// The bytes; may be none.
        bytes: Bytes,
        /// Whether it is the last part.
        fin: bool,
    },
    /// A stream ended before its time.
    Reset {
        /// Which.
        stream: StreamId,
    },
    /// The other side opens a stream, which a server of port-forwards has no reason to do.
    Opened {
        /// Which.
        stream: StreamId,
    },
    /// A question to answer with the same number, or the answer to ours.
    Ping(u32),
    /// The other side takes no more streams.
    GoAway,
}

const SYN_STREAM: u16 = 1;
const SYN_REPLY: u16 = 2;
const RST_STREAM: u16 = 3;
const PING: u16 = 6;
const GO_AWAY: u16 = 7;
const HEADERS: u16 = 8;

/// Set in the first word of a control frame, above the version.
const CONTROL: u16 = 0x8000;
const VERSION: u16 = 3;
/// Set in the flags of the last frame of a stream.
const FIN: u8 = 1;

#[cfg(test)]
mod tests;
