//! The list of all pods as bytes, written once: a request costs the mock a copy into TLS and nothing else.

use crate::data::{Change, PER_NAMESPACE};
use crate::json::Writer;
use hyper::body::Bytes;
use std::ops::Range;

/// How much goes into one HTTP chunk; kube-apiserver's batching writer uses the same size.
const CHUNK: usize = 128 * 1024;

/// All pods, separated by commas, in one segment per namespace.
pub struct Canned {
    segments: Vec<Segment>,
}

struct Segment {
    /// Each pod followed by a comma.
    bytes: Bytes,
    /// Where each pod starts.
    starts: Vec<usize>,
}

impl Canned {
    /// Renders all pods, on as many threads as the machine has.
    pub fn new(writer: &Writer) -> Self {
        let namespaces = writer.cluster.pods.div_ceil(PER_NAMESPACE);
        let threads = std::thread::available_parallelism().map_or(1, |n| n.get() as u64);
        let share = namespaces.div_ceil(threads).max(1);
        let segments = std::thread::scope(|scope| {
            let part = |first: u64| {
                let last = (first + share).min(namespaces);
                scope.spawn(move || (first..last).map(|number| segment(writer, number)).collect::<Vec<_>>())
            };
            let parts: Vec<_> = (0..namespaces).step_by(usize::try_from(share).unwrap_or(1)).map(part).collect();
            parts.into_iter().flat_map(|part| part.join().unwrap_or_default()).collect()
        });
        Self { segments }
    }

    /// How many bytes the pods take, commas included.
    pub fn len(&self) -> usize {
        self.segments.iter().map(|segment| segment.bytes.len()).sum()
    }

    /// The pods of a range of indexes, with commas between them, in chunks. Nothing is copied.
    pub fn chunks(&self, range: Range<u64>) -> Vec<Bytes> {
        let mut chunks = Vec::new();
        let mut index = range.start;
        while index < range.end {
            let number = index / PER_NAMESPACE;
            let until = range.end.min((number + 1) * PER_NAMESPACE);
            let bytes = self.slice(number, index % PER_NAMESPACE..until - number * PER_NAMESPACE);
            split(&bytes, &mut chunks);
            index = until;
        }
        if let Some(last) = chunks.last_mut() {
            last.truncate(last.len() - 1);
        }
        chunks
    }

    /// The bytes of some pods of one segment, with the comma behind the last.
    fn slice(&self, number: u64, pods: Range<u64>) -> Bytes {
        let Some(segment) = usize::try_from(number).ok().and_then(|number| self.segments.get(number)) else {
            return Bytes::new();
        };
        let start = |pod: u64| usize::try_from(pod).ok().and_then(|pod| segment.starts.get(pod)).copied();
        let end = start(pods.end).unwrap_or(segment.bytes.len());
        segment.bytes.slice(start(pods.start).unwrap_or(end)..end)
    }
}

fn segment(writer: &Writer, number: u64) -> Segment {
    let pods = number * PER_NAMESPACE..writer.cluster.pods.min((number + 1) * PER_NAMESPACE);
    let mut text = String::with_capacity(10 * 1024 * 1024);
    let mut starts = Vec::new();
    for index in pods {
        starts.push(text.len());
        writer.item(index, Change::default(), &mut text);
        text.push(',');
    }
    text.shrink_to_fit();
    Segment { bytes: text.into(), starts }
}

fn split(bytes: &Bytes, chunks: &mut Vec<Bytes>) {
    let mut rest = bytes.clone();
    while rest.len() > CHUNK {
        chunks.push(rest.split_to(CHUNK));
    }
    chunks.push(rest);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Cluster;

    #[test]
    fn every_range_is_a_list_of_exactly_those_pods() {
        let cluster = Cluster { seed: 7, pods: 2_100, now: 1_800_000_000 };
        let canned = Canned::new(&Writer::new(cluster));
        for range in [0..2_100, 0..1, 999..1_001, 2_000..2_100, 5..5] {
            let list = format!("[{}]", String::from_utf8(canned.chunks(range.clone()).concat()).unwrap());
            let list: Vec<serde_json::Value> = serde_json::from_str(&list).unwrap();
            let names: Vec<_> = list.iter().map(|pod| pod["metadata"]["name"].as_str().unwrap().to_owned()).collect();
            assert_eq!(names, range.map(|index| cluster.pod(index, Change::default()).name).collect::<Vec<_>>());
        }
    }
}
