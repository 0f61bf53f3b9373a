//! What a log is made of: sources, lines and the batches in which lines travel from a stream to a buffer.
//!
//! A batch has the layout of the buffer that takes it: text in one piece and a small record per line. So the
//! stream's task does the splitting and the reading of times, and taking a batch is little more than a copy.

use super::time::Time;

/// The longest line that is kept as one, in bytes (a little under 1 MiB, so that it fits a buffer's segment). A
/// longer one becomes several: the first is `Text`, the others are `Continued`; nothing is dropped.
pub const MAX_LINE: usize = (1 << 20) - 64;

/// Which stream a line came from; the number stands for a `LogSource`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct SourceId(pub u16);

impl SourceId {
    /// No stream: rutter itself.
    pub const NONE: Self = Self(u16::MAX);
}

/// A container that writes a log.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct LogSource {
    /// The pod's namespace.
    pub namespace: String,
    /// The pod.
    pub pod: String,
    /// The container.
    pub container: String,
}

/// How a stream fares.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum LogState {
    /// It is being opened.
    #[default]
    Opening,
    /// What the container writes is seen as it comes.
    Live,
    /// The container does not run yet, or not any more: its next start is waited for.
    Waiting,
    /// The connection is lost; it is tried again.
    Reconnecting {
        /// Since when, in the clock of `Time::now`.
        since: Time,
        /// Why.
        why: String,
    },
    /// Nothing more can come.
    Ended,
}

/// What a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[repr(u8)]
pub enum LineKind {
    /// Written by the container.
    #[default]
    Text,
    /// The continuation of the line before it from the same source, which was longer than `MAX_LINE`.
    Continued,
    /// Said by rutter: "container restarted", "stream ended".
    Marker,
}

/// The record of one line; its text ends one byte (a line feed) before the next line starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LineRecord {
    /// Where its text starts in the bytes beside it.
    pub start: u32,
    /// Which stream it came from.
    pub source: SourceId,
    /// What it is.
    pub kind: LineKind,
    /// Nanoseconds since 1970, `i64::MIN` when unknown; see `time()`.
    nanos: i64,
}

impl LineRecord {
    /// A line that stands nowhere yet.
    pub fn new(source: SourceId, kind: LineKind, nanos: Option<i64>) -> Self {
        Self { start: 0, source, kind, nanos: nanos.unwrap_or(i64::MIN) }
    }

    /// When it was written, in nanoseconds since 1970.
    pub fn time(&self) -> Option<i64> {
        (self.nanos != i64::MIN).then_some(self.nanos)
    }

    /// The same line in another place.
    #[must_use]
    pub fn moved_to(self, start: u32) -> Self {
        Self { start, ..self }
    }
}

/// Lines, those of each source in the order in which they came.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LogBatch {
    /// Whose lines are added.
    source: SourceId,
    bytes: Vec<u8>,
    lines: Vec<LineRecord>,
}

impl LogBatch {
    /// A batch without lines, for those of `source`.
    pub fn new(source: SourceId) -> Self {
        Self { source, ..Self::default() }
    }

    /// An empty batch for the same source, with room for as much as stands in this one.
    #[must_use]
    pub fn following(&self) -> Self {
        let (bytes, lines) = (Vec::with_capacity(self.bytes.len()), Vec::with_capacity(self.lines.len()));
        Self { source: self.source, bytes, lines }
    }

    /// A batch of one line that rutter itself says.
    pub fn marker(source: SourceId, nanos: Option<i64>, text: &str) -> Self {
        let mut batch = Self::new(source);
        batch.push_as(LineKind::Marker, nanos, text.as_bytes());
        batch
    }

    /// Adds a line that the container wrote at `nanos` (since 1970).
    pub fn push(&mut self, nanos: Option<i64>, text: &[u8]) {
        self.push_as(LineKind::Text, nanos, text);
    }

    /// Adds a line of this kind; what is longer than `MAX_LINE` goes on in `Continued` lines.
    pub fn push_as(&mut self, kind: LineKind, nanos: Option<i64>, text: &[u8]) {
        let (first, mut rest) = text.split_at_checked(MAX_LINE).unwrap_or((text, &[]));
        self.append(kind, nanos, first);
        while !rest.is_empty() {
            let (part, after) = rest.split_at_checked(MAX_LINE).unwrap_or((rest, &[]));
            self.append(LineKind::Continued, nanos, part);
            rest = after;
        }
    }

    fn append(&mut self, kind: LineKind, nanos: Option<i64>, text: &[u8]) {
        self.push_line(LineRecord::new(self.source, kind, nanos), text);
    }

    /// Adds a line of any source as its `record` tells it. A batch of 4 GiB is beyond every stream's limit; its lines
    /// would start at its end.
    pub fn push_line(&mut self, record: LineRecord, text: &[u8]) {
        let start = u32::try_from(self.bytes.len()).unwrap_or(u32::MAX);
        self.lines.push(record.moved_to(start));
        self.bytes.extend_from_slice(text);
        self.bytes.push(b'\n');
    }

    /// Record and text of a line.
    pub fn line(&self, index: usize) -> Option<(LineRecord, &[u8])> {
        let record = *self.lines.get(index)?;
        let end = self.lines.get(index + 1).map_or(self.bytes.len(), |next| next.start as usize).saturating_sub(1);
        Some((record, self.bytes.get(record.start as usize..end)?))
    }

    /// Record and text of all lines.
    pub fn lines(&self) -> impl Iterator<Item = (LineRecord, &[u8])> {
        (0..).map_while(|index| self.line(index))
    }

    /// The text of all lines, each followed by a line feed.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The records of all lines.
    pub fn records(&self) -> &[LineRecord] {
        &self.lines
    }

    /// Whether there is no line in it.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }
}

/// Takes the time stamps off lines as the API server writes them with `timestamps=true`
/// (RFC 3339 with up to nine decimals, one space). Remembers the last second, as most lines share it.
#[derive(Debug, Clone, Default)]
pub struct Stamps {
    second: Vec<u8>,
    zone: Vec<u8>,
    nanos: i64,
}

impl Stamps {
    /// The time (nanoseconds since 1970) and the text of a line; a line without a time is all text.
    pub fn split<'a>(&mut self, line: &'a [u8]) -> (Option<i64>, &'a [u8]) {
        if let Some((nanos, text)) = self.usual(line) {
            return (Some(nanos), text);
        }
        let longest = line.get(..36).unwrap_or(line);
        let Some(space) = memchr::memchr(b' ', longest) else { return (None, line) };
        let (stamp, text) = line.split_at(space);
        match self.read(stamp) {
            Some(nanos) => (Some(nanos), text.get(1..).unwrap_or_default()),
            None => (None, line),
        }
    }

    /// The same for a line of the remembered second with nine decimals and `Z`, which most are.
    fn usual<'a>(&self, line: &'a [u8]) -> Option<(i64, &'a [u8])> {
        let rest = line.strip_prefix(self.second.as_slice())?.strip_prefix(b".")?;
        let (decimals, rest) = rest.split_first_chunk::<9>()?;
        let text = rest.strip_prefix(b"Z ").filter(|_| self.zone == b"Z")?;
        let (nanos, greatest) = decimals.iter().fold((0, 0), |(n, greatest), byte| {
            let digit = byte.wrapping_sub(b'0');
            (n * 10 + i64::from(digit), digit.max(greatest))
        });
        Some((self.nanos.checked_add(nanos)?, text)).filter(|_| greatest < 10)
    }

    /// Reads one stamp.
    fn read(&mut self, stamp: &[u8]) -> Option<i64> {
        let (second, rest) = stamp.split_at_checked(19)?;
        let digits = rest.strip_prefix(b".").unwrap_or_default();
        let count = digits.iter().take_while(|b| b.is_ascii_digit()).count();
        let fraction = digits.get(..count)?;
        let zone = if fraction.is_empty() { rest } else { digits.get(count..)? };
        if self.second != second || self.zone != zone {
            self.learn(second, zone)?;
        }
        self.nanos.checked_add(nanoseconds(fraction)?)
    }

    /// Reads and remembers a second.
    fn learn(&mut self, second: &[u8], zone: &[u8]) -> Option<()> {
        let text = [second, zone].concat();
        let time = Time::parse(std::str::from_utf8(&text).ok()?)?;
        self.nanos = time.0.checked_mul(1_000_000_000)?;
        self.second = second.to_vec();
        self.zone = zone.to_vec();
        Some(())
    }
}

/// Decimals of a second (at most nine) in nanoseconds.
fn nanoseconds(decimals: &[u8]) -> Option<i64> {
    let scale = 10_i64.pow(u32::try_from(9_usize.checked_sub(decimals.len())?).ok()?);
    Some(decimals.iter().fold(0, |n, digit| n * 10 + i64::from(digit - b'0')) * scale)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn split(line: &str) -> (Option<i64>, String) {
        let (time, text) = Stamps::default().split(line.as_bytes());
        (time, String::from_utf8(text.to_vec()).unwrap())
    }

    #[test]
    fn stamps_are_taken_off() {
        let second = 1_795_447_976_000_000_000;
        assert_eq!(split("2026-11-23T15:32:56.000000001Z hello"), (Some(second + 1), "hello".into()));
        assert_eq!(split("2026-11-23T15:32:56.5Z a b"), (Some(second + 500_000_000), "a b".into()));
        assert_eq!(split("2026-11-23T15:32:56Z "), (Some(second), String::new()));
        assert_eq!(split("2026-11-23T17:32:56.123456789+02:00  x"), (Some(second + 123_456_789), " x".into()));
    }

    #[test]
    fn what_is_no_stamp_stays_text() {
        for line in
            ["", " ", "unable to retrieve container logs for containerd://1", "2026-11-23T15:32:56.1234567890Z x"]
        {
            assert_eq!(split(line), (None, line.to_owned()));
        }
    }

    #[test]
    fn the_remembered_second_is_used_only_for_itself() {
        let mut stamps = Stamps::default();
        let times = ["2026-11-23T15:32:56.1Z a", "2026-11-23T15:32:56.2Z a", "2026-11-23T15:32:57Z a"]
            .map(|line| stamps.split(line.as_bytes()).0.unwrap() / 100_000_000 % 100);
        assert_eq!(times, [61, 62, 70]);
        let mut usual = |line: &str| stamps.split(line.as_bytes()).0.map(|nanos| nanos % 1_000_000_000);
        let lines =
            ["2026-11-23T15:32:57.000000009Z a", "2026-11-23T15:32:57.00000000:Z a", "2026-11-23T15:32:57.00000000Z a"];
        assert_eq!(lines.map(&mut usual), [Some(9), None, Some(0)]);
        let east = stamps.split(b"2026-11-23T15:32:57+01:00 a").0.unwrap();
        assert_eq!(east / 1_000_000_000, 1_795_447_977 - 3_600);
    }

    #[test]
    fn a_long_line_goes_on_in_continued_lines() {
        let mut batch = LogBatch::new(SourceId(3));
        batch.push(Some(7), &vec![b'x'; 2 * MAX_LINE + 1]);
        batch.push(None, b"");
        let kinds: Vec<_> = batch.records().iter().map(|line| (line.kind, line.time())).collect();
        let (text, on) = (LineKind::Text, LineKind::Continued);
        assert_eq!(kinds, [(text, Some(7)), (on, Some(7)), (on, Some(7)), (text, None)]);
        assert_eq!(batch.bytes().len(), 2 * MAX_LINE + 1 + 4);
        assert_eq!(batch.records()[2].start as usize, 2 * (MAX_LINE + 1));
    }

    proptest! {
        #[test]
        fn any_bytes_are_split_without_loss(line in proptest::collection::vec(any::<u8>(), 0..60)) {
            let (time, text) = Stamps::default().split(&line);
            prop_assert!(line.ends_with(text));
            prop_assert!(time.is_some() || text == line);
        }
    }
}
