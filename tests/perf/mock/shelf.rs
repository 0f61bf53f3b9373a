//! What the mock holds of each kind: its objects in JSON and in protobuf.

use super::canned::Canned;
use crate::catalog::{SORTS, Sort};
use crate::data::{Change, Cluster};
use crate::json::Writer;
use crate::wire::{Wire, bytes_field};
use std::ops::Range;

/// The objects of a kind.
#[derive(Default)]
pub struct Shelf {
    /// In JSON, each with a comma behind it.
    pub json: Canned,
    /// In protobuf, each as an item of a list; nothing when it was not asked for.
    pub wire: Option<Canned>,
}

/// The field of a list that holds its items.
const ITEMS: u32 = 2;

/// The shelves of all kinds, in the order of `SORTS`.
pub fn shelves(writer: &Writer, wire: Option<&Wire>) -> Vec<Shelf> {
    SORTS.iter().map(|sort| Shelf::new(writer, sort, wire)).collect()
}

impl Shelf {
    fn new(writer: &Writer, sort: &Sort, wire: Option<&Wire>) -> Self {
        let count = sort.range(&writer.cluster, None).end;
        let json = Canned::new(count, |index, out| {
            out.extend_from_slice(text(writer, sort, index, Change::default()).as_bytes());
            out.push(b',');
        });
        let item = |wire: &Wire| {
            Canned::new(count, |index, out| {
                let object = message(wire, sort, &text(writer, sort, index, Change::default()));
                bytes_field(ITEMS, &object, out);
            })
        };
        let wire = wire.filter(|_| sort.has_objects()).map(item);
        Self { json, wire }
    }

    /// An object in JSON as it stands in a list.
    pub fn one(&self, index: u64) -> hyper::body::Bytes {
        let mut object = self.json.one(index);
        object.truncate(object.len().saturating_sub(1));
        object
    }
}

/// An object in JSON as it stands in a list, after a change.
pub fn text(writer: &Writer, sort: &Sort, index: u64, change: Change) -> String {
    let mut text = String::with_capacity(12 * 1024);
    writer.thing(sort, index, change, &mut text);
    text
}

/// An object in protobuf, without an envelope; empty when it cannot be written, which a test rules out.
pub fn message(wire: &Wire, sort: &Sort, json: &str) -> Vec<u8> {
    let mut message = Vec::new();
    let written = serde_json::from_str(json).map_err(Into::into);
    if let Err(error) = written.and_then(|object| wire.message(sort.kind, &object, &mut message)) {
        eprintln!("mock: {error}");
    }
    message
}

/// Which object of a range is called so.
pub fn called(cluster: &Cluster, sort: &Sort, mut range: Range<u64>, name: &str) -> Option<u64> {
    let is = |index: &u64| crate::things::Thing::new(cluster, sort, *index).name() == name;
    range.find(is)
}
