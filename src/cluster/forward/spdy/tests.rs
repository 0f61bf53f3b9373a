//! Frames as Go's implementation writes and reads them, and bytes that are no frames.

use super::*;
use proptest::prelude::*;

/// All frames of `bytes`, which come in pieces of `size`.
fn decode(bytes: &[u8], size: usize) -> Result<Vec<Frame>, Garbage> {
    let mut decoder = Decoder::default();
    let mut frames = Vec::new();
    for piece in bytes.chunks(size.max(1)) {
        decoder.push(Bytes::copy_from_slice(piece));
        while let Some(frame) = decoder.next()? {
            frames.push(frame);
        }
    }
    Ok(frames)
}

/// The same frames with the pieces of each data frame put together.
fn joined(frames: Vec<Frame>) -> Vec<(StreamId, Vec<u8>, bool)> {
    let mut out: Vec<(StreamId, Vec<u8>, bool)> = Vec::new();
    for frame in frames {
        let Frame::Data { stream, bytes, fin } = frame else { continue };
        match out.last_mut().filter(|(last, _, fin)| *last == stream && !fin) {
            Some((_, before, ended)) => {
                before.extend_from_slice(&bytes);
                *ended = fin;
            }
            None => out.push((stream, bytes.to_vec(), fin)),
        }
    }
    out
}

#[test]
fn a_stream_is_opened_with_stored_headers() {
    let mut encoder = Encoder::default();
    let first = encoder.open(1, &[("port", "80")]);
    #[rustfmt::skip]
    let wanted = [
        0x80, 3, 0, 1, 0, 0, 0, 42, // control, version 3, SYN_STREAM, no flags, length
        0, 0, 0, 1, 0, 0, 0, 0, 0, 0, // stream, no other stream, priority, slot
        0x78, 0x01, // zlib
        0, 18, 0, 0xed, 0xff, // a stored block of 18 bytes
        0, 0, 0, 1, 0, 0, 0, 4, b'p', b'o', b'r', b't', 0, 0, 0, 2, b'8', b'0',
        0, 0, 0, 0xff, 0xff, // an empty one
    ];
    assert_eq!(first[..8], [0x80, 3, 0, 1, 0, 0, 0, u8::try_from(wanted.len() - 8).unwrap()]);
    assert_eq!(first[8..], wanted[8..]);
    let second = encoder.open(3, &[("port", "80")]);
    assert_eq!(second.len(), first.len() - 2, "the zlib text goes on");
    assert_eq!(decode(&first, 3), Ok(vec![Frame::Opened { stream: 1 }]));
}

#[test]
fn each_frame_is_read() {
    let reply = [0x80, 3, 0, 2, 1, 0, 0, 6, 0, 0, 0, 5, 0x78, 0xbb];
    let go_away = [0x80, 3, 0, 7, 0, 0, 0, 8, 0, 0, 0, 1, 0, 0, 0, 0];
    let settings = [0x80, 3, 0, 4, 0, 0, 0, 4, 0, 0, 0, 0];
    let window = [0x80, 3, 0, 9, 0, 0, 0, 8, 0, 0, 0, 1, 0, 0, 1, 0];
    let headers = [0x80, 3, 0, 8, 1, 0, 0, 4, 0, 0, 0, 9];
    let all = [&reply[..], &settings, &window, &headers, &go_away, &ping(7), &reset(3, CANCEL)].concat();
    let wanted = vec![
        Frame::Reply { stream: 5, fin: true },
        Frame::Data { stream: 9, bytes: Bytes::new(), fin: true },
        Frame::GoAway,
        Frame::Ping(7),
        Frame::Reset { stream: 3 },
    ];
    for size in 1..20 {
        assert_eq!(decode(&all, size), Ok(wanted.clone()), "in pieces of {size}");
    }
}

#[test]
fn an_end_without_bytes_is_told() {
    let frame = |fin| Ok(vec![Frame::Data { stream: 1, bytes: Bytes::new(), fin }]);
    assert_eq!(decode(&data(1, b"", true), 100), frame(true));
    assert_eq!(decode(&data(1, b"", false), 100), frame(false));
}

#[test]
fn what_cannot_be_read_is_said() {
    assert_eq!(decode(&[0x80, 2, 0, 1, 0, 0, 0, 0], 8), Err(Garbage::Version));
    assert_eq!(decode(&[0x80, 3, 0, 1, 0, 0xff, 0xff, 0xff], 8), Err(Garbage::TooLarge(0xff_ffff)));
    assert_eq!(decode(&[0x80, 3, 0, 6, 0, 0, 0, 2, 0, 0], 8), Err(Garbage::TooShort));
}

proptest! {
    #[test]
    fn data_survives_any_cutting(parts in prop::collection::vec((1u32..4, prop::collection::vec(any::<u8>(), 0..40)), 0..12), size in 1usize..50) {
        let sent: Vec<u8> = parts.iter().flat_map(|(stream, bytes)| data(*stream, bytes, true)).collect();
        let wanted: Vec<_> = parts.into_iter().map(|(stream, bytes)| (stream, bytes, true)).collect();
        prop_assert_eq!(joined(decode(&sent, size).unwrap()), wanted);
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..300), size in 1usize..64) {
        let _ = decode(&bytes, size);
    }

    #[test]
    fn no_frame_makes_it_panic(kind in 0u8..12, flags in any::<u8>(), payload in prop::collection::vec(any::<u8>(), 0..20), size in 1usize..40) {
        let mut bytes = vec![0x80, 3, 0, kind, flags, 0, 0, u8::try_from(payload.len()).unwrap()];
        bytes.extend_from_slice(&payload);
        let _ = decode(&bytes, size);
    }

    #[test]
    fn nothing_is_held_back(stream in 1u32..1000, bytes in prop::collection::vec(any::<u8>(), 1..200)) {
        // Without the end of the frame, all that came of it is handed out already.
        let frame = data(stream, &bytes, true);
        let cut = &frame[..frame.len() - 1];
        let wanted: Vec<u8> = joined(decode(cut, cut.len()).unwrap()).into_iter().flat_map(|(_, bytes, _)| bytes).collect();
        prop_assert_eq!(&wanted[..], &bytes[..bytes.len() - 1]);
    }
}
