//! `Splitter`: cuts the bytes of a stream into lines, whatever the sizes of frames and lines.

use crate::kinds::logs::{LineKind, MAX_LINE, Stamps};

/// A line, or a part of one that is longer than `MAX_LINE`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece<'a> {
    /// `Text`, or `Continued` for all parts but the first.
    pub kind: LineKind,
    /// When it was written, in nanoseconds since 1970; the same for all parts of a line.
    pub nanos: Option<i64>,
    /// The text without its time.
    pub text: &'a [u8],
}

/// How a line began whose first parts have been given away.
#[derive(Debug, Clone, Copy)]
struct Start {
    nanos: Option<i64>,
}

/// Keeps what has come of a line that is not complete.
#[derive(Debug, Default)]
pub struct Splitter {
    held: Vec<u8>,
    under_way: Option<Start>,
    stamps: Stamps,
}

impl Splitter {
    /// Takes bytes and gives away the lines that are complete with them.
    pub fn feed(&mut self, mut bytes: &[u8], sink: &mut impl FnMut(Piece<'_>)) {
        while let Some(end) = memchr::memchr(b'\n', bytes) {
            let (line, rest) = bytes.split_at(end);
            if self.held.is_empty() && line.len() <= MAX_LINE {
                self.give(line, sink);
            } else {
                self.hold(line, sink);
                self.finish(sink);
            }
            self.under_way = None;
            bytes = rest.get(1..).unwrap_or_default();
        }
        self.hold(bytes, sink);
    }

    /// Gives away a last line without a line feed.
    pub fn finish(&mut self, sink: &mut impl FnMut(Piece<'_>)) {
        let held = std::mem::take(&mut self.held);
        if !held.is_empty() {
            self.give(&held, sink);
        }
        self.under_way = None;
    }

    /// Forgets a half line: a new connection sends it again, whole.
    pub fn restart(&mut self) {
        self.held.clear();
        self.under_way = None;
    }

    /// Keeps a part of a line; gives it away when it gets too long.
    fn hold(&mut self, mut part: &[u8], sink: &mut impl FnMut(Piece<'_>)) {
        while let Some((now, later)) = part.split_at_checked(MAX_LINE - self.held.len())
            && !later.is_empty()
        {
            self.held.extend_from_slice(now);
            let held = std::mem::take(&mut self.held);
            self.give(&held, sink);
            part = later;
        }
        self.held.extend_from_slice(part);
    }

    /// Gives away a line or a part of one.
    fn give(&mut self, raw: &[u8], sink: &mut impl FnMut(Piece<'_>)) {
        if let Some(Start { nanos }) = self.under_way {
            return sink(Piece { kind: LineKind::Continued, nanos, text: raw });
        }
        let (nanos, text) = self.stamps.split(raw);
        self.under_way = Some(Start { nanos });
        sink(Piece { kind: LineKind::Text, nanos, text });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    type Line = (LineKind, Option<i64>, Vec<u8>);

    fn split<'a>(chunks: impl IntoIterator<Item = &'a [u8]>) -> Vec<Line> {
        let mut out = Vec::new();
        let mut sink = |piece: Piece<'_>| out.push((piece.kind, piece.nanos, piece.text.to_vec()));
        let mut splitter = Splitter::default();
        chunks.into_iter().for_each(|chunk| splitter.feed(chunk, &mut sink));
        splitter.finish(&mut sink);
        out
    }

    #[test]
    fn lines_over_several_frames_are_one() {
        let lines = split([&b"1970-01-01T00:00:01Z a"[..], b"b\n\n197", b"0-01-01T00:00:02Z \xff"]);
        let text = |nanos, text: &[u8]| (LineKind::Text, nanos, text.to_vec());
        let wanted = [text(Some(1_000_000_000), b"ab"), text(None, b""), text(Some(2_000_000_000), b"\xff")];
        assert_eq!(lines, wanted);
    }

    #[test]
    fn a_huge_line_is_given_away_in_parts() {
        let mut bytes = b"1970-01-01T00:00:01Z ".to_vec();
        bytes.resize(2 * MAX_LINE + 21, b'x');
        bytes.extend_from_slice(b"\nnext");
        for size in [1 << 16, MAX_LINE, bytes.len()] {
            let lines = split(bytes.chunks(size));
            let sizes: Vec<_> = lines.iter().map(|(kind, nanos, text)| (*kind, *nanos, text.len())).collect();
            let on = |size| (LineKind::Continued, Some(1_000_000_000), size);
            let wanted = [(LineKind::Text, Some(1_000_000_000), MAX_LINE - 21), on(MAX_LINE), on(21)];
            assert_eq!(sizes[..3], wanted);
            assert_eq!(sizes[3], (LineKind::Text, None, 4));
        }
    }

    #[test]
    fn a_half_line_can_be_forgotten() {
        let mut out = Vec::new();
        let mut splitter = Splitter::default();
        splitter.feed(b"half", &mut |piece| out.push(piece.text.to_vec()));
        splitter.restart();
        splitter.feed(b"whole\n", &mut |piece| out.push(piece.text.to_vec()));
        assert_eq!(out, [b"whole"]);
    }

    proptest! {
        #[test]
        fn frames_do_not_matter(bytes in proptest::collection::vec(prop_oneof![Just(b'\n'), any::<u8>()], 0..200),
                                size in 1_usize..20) {
            prop_assert_eq!(split(bytes.chunks(size)), split([bytes.as_slice()]));
        }
    }
}
