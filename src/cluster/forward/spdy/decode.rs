//! Frames that are received, out of pieces of any size. Headers are not looked into, so nothing is decompressed.

use super::{CONTROL, FIN, Frame, GO_AWAY, HEADERS, PING, RST_STREAM, SYN_REPLY, SYN_STREAM, StreamId, VERSION};
use hyper::body::Bytes;

/// The largest control frame that is taken, in bytes. Those of a port-forward have some dozens.
const LARGEST: usize = 64 << 10;

/// What came is not SPDY/3.1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Garbage {
    /// A frame of another version.
    #[error("the server speaks another version of SPDY")]
    Version,
    /// A control frame that is too large.
    #[error("the server sent a frame of {0} bytes")]
    TooLarge(usize),
    /// A control frame that is shorter than its kind is.
    #[error("the server sent a frame that is cut short")]
    TooShort,
}

/// Takes frames out of what arrives. A data frame is handed out in the pieces in which it comes.
#[derive(Debug, Default)]
pub struct Decoder {
    input: Bytes,
    /// The beginning of a control frame, or of the head of a data frame.
    begun: Vec<u8>,
    /// The data frame that is being read: its stream, how much is missing, whether it is the last.
    open: Option<(StreamId, usize, bool)>,
}

impl Decoder {
    /// Adds what arrived. All frames of what came before should have been taken.
    pub fn push(&mut self, bytes: Bytes) {
        if self.input.is_empty() {
            self.input = bytes;
        } else {
            self.input = [&self.input[..], &bytes[..]].concat().into();
        }
    }

    /// The next frame; none until more arrives.
    ///
    /// # Errors
    /// When what came cannot be read; the connection is then of no use any more.
    pub fn next(&mut self) -> Result<Option<Frame>, Garbage> {
        loop {
            if let Some((stream, missing, fin)) = self.open {
                return Ok(self.data(stream, missing, fin));
            }
            let Some(head) = self.fill(8) else { return Ok(None) };
            let length = usize::try_from(head.length()).unwrap_or(usize::MAX);
            if !head.is_control() {
                self.open = Some((head.first & 0x7fff_ffff, length, head.flags() & FIN != 0));
                self.begun.clear();
                continue;
            }
            if head.version() != VERSION {
                return Err(Garbage::Version);
            }
            if length > LARGEST {
                return Err(Garbage::TooLarge(length));
            }
            if self.fill(8 + length).is_none() {
                return Ok(None);
            }
            let frame = control(head, self.begun.get(8..).unwrap_or_default());
            self.begun.clear();
            if let Some(frame) = frame? {
                return Ok(Some(frame));
            }
        }
    }

    /// A piece of the data frame that is open; its end when nothing of it is missing.
    fn data(&mut self, stream: StreamId, missing: usize, last: bool) -> Option<Frame> {
        if self.input.is_empty() && missing > 0 {
            return None;
        }
        let bytes = self.input.split_to(missing.min(self.input.len()));
        let left = missing - bytes.len();
        self.open = (left > 0).then_some((stream, left, last));
        Some(Frame::Data { stream, bytes, fin: last && left == 0 })
    }

    /// Has `wanted` bytes of the frame that begins, if they came; returns its head.
    fn fill(&mut self, wanted: usize) -> Option<Head> {
        let more = self.input.split_to(wanted.saturating_sub(self.begun.len()).min(self.input.len()));
        self.begun.extend_from_slice(&more);
        let first = u32::from_be_bytes(self.begun.get(..4)?.try_into().ok()?);
        let second = u32::from_be_bytes(self.begun.get(4..8)?.try_into().ok()?);
        (self.begun.len() >= wanted).then_some(Head { first, second })
    }
}

/// The eight bytes that every frame begins with.
#[derive(Debug, Clone, Copy)]
struct Head {
    first: u32,
    second: u32,
}

impl Head {
    fn is_control(self) -> bool {
        self.first >> 16 & u32::from(CONTROL) != 0
    }

    fn version(self) -> u16 {
        (self.first >> 16) as u16 & !CONTROL
    }

    fn kind(self) -> u16 {
        (self.first & 0xffff) as u16
    }

    fn flags(self) -> u8 {
        (self.second >> 24) as u8
    }

    fn length(self) -> u32 {
        self.second & 0x00ff_ffff
    }
}

/// What a control frame says; nothing when it does not matter.
fn control(head: Head, payload: &[u8]) -> Result<Option<Frame>, Garbage> {
    let number = || {
        let bytes = payload.get(..4).and_then(|bytes| bytes.try_into().ok());
        bytes.map(u32::from_be_bytes).ok_or(Garbage::TooShort)
    };
    let stream = || number().map(|number| number & 0x7fff_ffff);
    let fin = head.flags() & FIN != 0;
    Ok(match head.kind() {
        SYN_STREAM => Some(Frame::Opened { stream: stream()? }),
        SYN_REPLY => Some(Frame::Reply { stream: stream()?, fin }),
        RST_STREAM => Some(Frame::Reset { stream: stream()? }),
        PING => Some(Frame::Ping(number()?)),
        GO_AWAY => Some(Frame::GoAway),
        HEADERS if fin => Some(Frame::Data { stream: stream()?, bytes: Bytes::new(), fin }),
        _ => None,
    })
}
