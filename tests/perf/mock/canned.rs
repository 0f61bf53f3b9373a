//! The objects of a kind as bytes, written once: a request costs the mock a copy into TLS and nothing else.

use hyper::body::Bytes;
use std::ops::Range;

/// How much goes into one HTTP chunk; kube-apiserver's batching writer uses the same size.
pub const CHUNK: usize = 128 * 1024;
/// Objects that are written by one thread at a time, and lie in one piece.
const SEGMENT: u64 = 1_000;

/// Objects one behind the other.
#[derive(Default)]
pub struct Canned {
    segments: Vec<Segment>,
}

struct Segment {
    bytes: Bytes,
    /// Where each object starts.
    starts: Vec<usize>,
}

impl Canned {
    /// Writes the objects 0 to `count`, on as many threads as the machine has.
    pub fn new(count: u64, write: impl Fn(u64, &mut Vec<u8>) + Sync) -> Self {
        let segments = count.div_ceil(SEGMENT);
        let threads = std::thread::available_parallelism().map_or(1, |n| n.get() as u64);
        let share = segments.div_ceil(threads).max(1);
        let write = &write;
        let segments = std::thread::scope(|scope| {
            let part = |first: u64| {
                let last = (first + share).min(segments);
                let objects = move |n: u64| n * SEGMENT..count.min((n + 1) * SEGMENT);
                scope.spawn(move || (first..last).map(|n| segment(objects(n), write)).collect::<Vec<_>>())
            };
            let parts: Vec<_> = (0..segments).step_by(usize::try_from(share).unwrap_or(1)).map(part).collect();
            parts.into_iter().flat_map(|part| part.join().unwrap_or_default()).collect()
        });
        Self { segments }
    }

    /// How many bytes some objects take.
    pub fn len(&self, range: Range<u64>) -> usize {
        self.pieces(range).iter().map(Bytes::len).sum()
    }

    /// Some objects in chunks. Nothing is copied.
    pub fn chunks(&self, range: Range<u64>) -> Vec<Bytes> {
        let mut chunks = Vec::new();
        for mut piece in self.pieces(range) {
            while piece.len() > CHUNK {
                chunks.push(piece.split_to(CHUNK));
            }
            chunks.push(piece);
        }
        chunks
    }

    /// One object.
    pub fn one(&self, index: u64) -> Bytes {
        self.pieces(index..index + 1).pop().unwrap_or_default()
    }

    /// Some objects, in one piece for each segment.
    fn pieces(&self, range: Range<u64>) -> Vec<Bytes> {
        let mut pieces = Vec::new();
        let mut index = range.start;
        while index < range.end {
            let number = index / SEGMENT;
            let until = range.end.min((number + 1) * SEGMENT);
            pieces.push(self.slice(number, index % SEGMENT..until - number * SEGMENT));
            index = until;
        }
        pieces
    }

    /// The bytes of some objects of one segment.
    fn slice(&self, number: u64, objects: Range<u64>) -> Bytes {
        let Some(segment) = usize::try_from(number).ok().and_then(|number| self.segments.get(number)) else {
            return Bytes::new();
        };
        let start = |object: u64| usize::try_from(object).ok().and_then(|object| segment.starts.get(object)).copied();
        let end = start(objects.end).unwrap_or(segment.bytes.len());
        segment.bytes.slice(start(objects.start).unwrap_or(end)..end)
    }
}

fn segment(objects: Range<u64>, write: &impl Fn(u64, &mut Vec<u8>)) -> Segment {
    let mut bytes = Vec::new();
    let mut starts = Vec::new();
    for index in objects {
        starts.push(bytes.len());
        write(index, &mut bytes);
    }
    bytes.shrink_to_fit();
    Segment { bytes: bytes.into(), starts }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_range_is_exactly_those_objects() {
        let canned = Canned::new(2_100, |index, out| out.extend_from_slice(format!("<{index:0300}>").as_bytes()));
        for range in [0..2_100, 0..1, 999..1_001, 2_000..2_100, 5..5] {
            let wanted = range.clone().map(|index| format!("<{index:0300}>")).collect::<Vec<_>>().concat();
            assert_eq!(String::from_utf8(canned.chunks(range.clone()).concat()).unwrap(), wanted);
            assert!(canned.len(range) == wanted.len() && canned.chunks(0..2_100).iter().all(|c| c.len() <= CHUNK));
        }
        assert_eq!(canned.one(1_000), format!("<{:0300}>", 1_000).as_bytes());
    }
}
