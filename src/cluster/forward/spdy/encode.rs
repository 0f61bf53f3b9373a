//! Frames that are sent.

use super::{CONTROL, FIN, PING, RST_STREAM, SYN_STREAM, StreamId, VERSION};

/// Writes the frames that open streams. Their headers are one compressed text over the whole connection, so they are
/// written by one encoder, in the order in which they are sent.
#[derive(Debug, Default)]
pub struct Encoder {
    begun: bool,
}

impl Encoder {
    /// The frame that opens `stream` with these headers, whose names are lower case.
    ///
    /// The headers are a zlib text of stored blocks: valid, and without a compressor. An empty block follows, as at a
    /// flush, since readers hand out what they have only there.
    pub fn open(&mut self, stream: StreamId, headers: &[(&str, &str)]) -> Vec<u8> {
        let block = header_block(headers);
        let mut text = Vec::with_capacity(block.len() + 12);
        if !std::mem::replace(&mut self.begun, true) {
            // Deflate with a small window, and no dictionary.
            text.extend_from_slice(&[0x78, 0x01]);
        }
        stored(&block, &mut text);
        stored(&[], &mut text);
        let mut payload = Vec::with_capacity(text.len() + 10);
        payload.extend_from_slice(&stream.to_be_bytes());
        // No other stream that it belongs to, the highest priority, no slot.
        payload.extend_from_slice(&[0; 6]);
        payload.extend_from_slice(&text);
        control(SYN_STREAM, &payload)
    }
}

/// A part of what `stream` carries; with `fin`, its last.
pub fn data(stream: StreamId, bytes: &[u8], fin: bool) -> Vec<u8> {
    let mut frame = Vec::with_capacity(bytes.len() + 8);
    frame.extend_from_slice(&stream.to_be_bytes());
    frame.extend_from_slice(&flags_and_length(if fin { FIN } else { 0 }, bytes.len()));
    frame.extend_from_slice(bytes);
    frame
}

/// Ends a stream before its time.
pub fn reset(stream: StreamId, why: u32) -> Vec<u8> {
    control(RST_STREAM, &[stream.to_be_bytes(), why.to_be_bytes()].concat())
}

/// A question that the other side answers with the same number; or such an answer.
pub fn ping(number: u32) -> Vec<u8> {
    control(PING, &number.to_be_bytes())
}

fn control(kind: u16, payload: &[u8]) -> Vec<u8> {
    let mut frame = Vec::with_capacity(payload.len() + 8);
    frame.extend_from_slice(&(CONTROL | VERSION).to_be_bytes());
    frame.extend_from_slice(&kind.to_be_bytes());
    frame.extend_from_slice(&flags_and_length(0, payload.len()));
    frame.extend_from_slice(payload);
    frame
}

/// A byte of flags and three of length. No frame of ours is near 16 MiB.
fn flags_and_length(flags: u8, length: usize) -> [u8; 4] {
    let length = u32::try_from(length).unwrap_or(u32::MAX) & 0x00ff_ffff;
    (u32::from(flags) << 24 | length).to_be_bytes()
}

/// How many headers, then length and text of each name and value.
fn header_block(headers: &[(&str, &str)]) -> Vec<u8> {
    let length = |text: &[u8]| u32::try_from(text.len()).unwrap_or(u32::MAX).to_be_bytes();
    let count = u32::try_from(headers.len()).unwrap_or(u32::MAX);
    let mut block = count.to_be_bytes().to_vec();
    for text in headers.iter().flat_map(|(name, value)| [name.as_bytes(), value.as_bytes()]) {
        block.extend_from_slice(&length(text));
        block.extend_from_slice(text);
    }
    block
}

/// A block of deflate that is stored as it is (RFC 1951, 3.2.4).
fn stored(bytes: &[u8], out: &mut Vec<u8>) {
    let length = u16::try_from(bytes.len()).unwrap_or(u16::MAX);
    out.push(0);
    out.extend_from_slice(&length.to_le_bytes());
    out.extend_from_slice(&(!length).to_le_bytes());
    out.extend_from_slice(bytes);
}
