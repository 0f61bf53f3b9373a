//! `Gunzip`: undoes the compression of a body while it arrives. Servers write several gzip members one after the other
//! when they flush; all of them count.

use flate2::write::MultiGzDecoder;
use hyper::body::Bytes;
use std::io::{self, Write};

/// How many bytes are undone at a time: at most a thousand times as many come out of them.
const BITE: usize = 4 * 1024;
/// How many bytes are handed on together.
const PIECE: usize = 64 * 1024;

/// A body that is being undone.
pub(super) struct Gunzip(MultiGzDecoder<Vec<u8>>);

impl Gunzip {
    pub(super) fn new() -> Self {
        Self(MultiGzDecoder::new(Vec::new()))
    }

    /// Undoes the front of `data`, takes that off it, and returns what came out, which may be nothing. To be called until
    /// `data` is empty.
    ///
    /// # Errors
    /// When the bytes are no gzip.
    pub(super) fn undo(&mut self, data: &mut Bytes) -> io::Result<Bytes> {
        while !data.is_empty() && self.0.get_ref().len() < PIECE {
            self.0.write_all(&data.split_to(data.len().min(BITE)))?;
        }
        Ok(self.piece())
    }

    /// What is left at the end of the body.
    ///
    /// # Errors
    /// When the body ends before the compressed bytes do.
    pub(super) fn finish(&mut self) -> io::Result<Bytes> {
        self.0.try_finish()?;
        Ok(self.piece())
    }

    fn piece(&mut self) -> Bytes {
        std::mem::take(self.0.get_mut()).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::GzEncoder;
    use proptest::prelude::*;

    fn gzip(data: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(data).unwrap();
        encoder.finish().unwrap()
    }

    /// Undoes frames of `size` bytes.
    fn undone(data: &[u8], size: usize) -> io::Result<Vec<u8>> {
        let (mut gunzip, mut out) = (Gunzip::new(), Vec::new());
        for frame in data.chunks(size) {
            let mut frame = Bytes::copy_from_slice(frame);
            while !frame.is_empty() {
                out.extend_from_slice(&gunzip.undo(&mut frame)?);
            }
        }
        out.extend_from_slice(&gunzip.finish()?);
        Ok(out)
    }

    #[test]
    fn all_members_count_however_they_are_cut() {
        let large = b"0123456789abcdef".repeat(20_000);
        let body = [gzip(b"first "), gzip(&large), gzip(b""), gzip(b" last")].concat();
        let whole = [b"first ", large.as_slice(), b" last"].concat();
        for size in [1, 7, 1_000, body.len()] {
            assert_eq!(undone(&body, size).unwrap(), whole, "in frames of {size}");
        }
    }

    #[test]
    fn what_is_cut_short_is_an_error() {
        let body = [gzip(b"first"), gzip(b"last")].concat();
        let ends = [gzip(b"first").len(), body.len()];
        for end in 0..=body.len() {
            assert_eq!(undone(&body[..end], 5).is_ok(), ends.contains(&end), "cut at {end}");
        }
    }

    #[test]
    fn a_wrong_sum_is_an_error() {
        let mut body = gzip(b"first");
        let sum = body.len() - 6;
        body[sum] ^= 1;
        assert!(undone(&body, 5).is_err());
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(256) })]

        #[test]
        fn garbage_is_an_error_and_no_panic(mut garbage in prop::collection::vec(any::<u8>(), 1..200), size in 1..99_usize) {
            garbage[0] &= 0x0f;
            prop_assert!(undone(&garbage, size).is_err());
            let mut body = gzip(b"first");
            let at = usize::from(garbage[0]) % body.len();
            body.splice(at.., garbage.iter().copied());
            let _ = undone(&body, size);
        }
    }
}
