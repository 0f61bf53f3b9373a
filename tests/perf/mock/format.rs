//! In which form objects are sent: JSON, protobuf, or Tables, as a client accepts them.

use super::World;
use super::query::Query;
use super::shelf::message;
use super::table;
use crate::catalog::Sort;
use crate::data::Change;
use crate::wire::{bytes_field, envelope};
use serde_json::{Value, json};

/// A form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Json,
    /// Protobuf.
    Wire,
    Table(Include),
}

/// What a row of a Table carries beside its cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Include {
    Nothing,
    Metadata,
    Object,
}

/// An object to be sent: where it stands, how it changed, and its JSON as it stands in a list.
#[derive(Clone, Copy)]
pub struct Item<'a> {
    pub sort: &'a Sort,
    pub index: u64,
    pub change: Change,
    pub json: &'a [u8],
}

impl Format {
    /// The first of the accepted forms that there is. Kinds without objects are not there in protobuf.
    pub fn of(accept: &str, query: &Query<'_>, world: &World, sort: &Sort) -> Self {
        let include = match query.get("includeObject") {
            Some("None") => Include::Nothing,
            Some("Object") => Include::Object,
            _ => Include::Metadata,
        };
        let one = |accepted: &str| match accepted.trim() {
            it if it.contains("as=Table") && it.starts_with("application/json") => Some(Self::Table(include)),
            it if it.starts_with("application/vnd.kubernetes.protobuf") && !it.contains("as=") => {
                (world.knobs.get("json") == 0 && world.shelf(sort).wire.is_some()).then_some(Self::Wire)
            }
            it if it.starts_with("application/json") && !it.contains("as=") => Some(Self::Json),
            _ => None,
        };
        accept.split(',').find_map(one).unwrap_or(Self::Json)
    }

    /// The content type of lists and objects, and that of watches.
    pub fn content_type(self, watch: bool) -> &'static str {
        match (self, watch) {
            (Self::Wire, false) => "application/vnd.kubernetes.protobuf",
            (Self::Wire, true) => "application/vnd.kubernetes.protobuf;stream=watch",
            _ => "application/json",
        }
    }

    /// One object, as it is sent alone.
    pub fn object(self, world: &World, item: &Item<'_>) -> Vec<u8> {
        let mut out = Vec::new();
        match self {
            Self::Json => whole(item, &mut out),
            Self::Wire => out = wrapped(world, item),
            Self::Table(include) => {
                out.extend_from_slice(table::head(item.sort, &json!({}), true).as_bytes());
                table::row(world, item, include, &mut out);
                out.extend_from_slice(b"]}");
            }
        }
        out
    }

    /// Appends an event of a watch; the first one of a Table tells the columns.
    pub fn event(self, world: &World, (kind, item): (&str, &Item<'_>), first: bool, out: &mut Vec<u8>) {
        match self {
            Self::Wire => frame(kind, &wrapped(world, item), out),
            Self::Json => {
                out.extend_from_slice(format!(r#"{{"type":"{kind}","object":"#).as_bytes());
                whole(item, out);
                out.extend_from_slice(b"}\n");
            }
            Self::Table(include) => {
                let head = table::head(item.sort, &json!({}), first);
                out.extend_from_slice(format!(r#"{{"type":"{kind}","object":{head}"#).as_bytes());
                table::row(world, item, include, out);
                out.extend_from_slice(b"]}}\n");
            }
        }
    }

    /// Appends a bookmark; `end` says that the list which the watch began with is complete.
    pub fn bookmark(self, world: &World, sort: &Sort, (version, end): (u64, bool), out: &mut Vec<u8>) {
        let end = end.then(|| json!({"k8s.io/initial-events-end": "true"}));
        let version = version.to_string();
        let metadata = json!({"resourceVersion": version, "creationTimestamp": null, "annotations": end});
        let json = json!({"metadata": metadata}).to_string();
        let item = Item { sort, index: 0, change: Change::default(), json: json.as_bytes() };
        match self {
            Self::Wire => frame("BOOKMARK", &wrapped(world, &item), out),
            Self::Json => self.event(world, ("BOOKMARK", &item), false, out),
            Self::Table(_) => {
                let head = table::head(sort, &metadata, false);
                out.extend_from_slice(format!("{{\"type\":\"BOOKMARK\",\"object\":{head}]}}}}\n").as_bytes());
            }
        }
    }

    /// An event that ends a watch with a Status.
    pub fn error(self, status: &Value) -> Vec<u8> {
        let mut out = Vec::new();
        if self == Self::Wire {
            let mut inner = Vec::new();
            for (number, key) in [(2, "status"), (3, "message"), (4, "reason")] {
                bytes_field(number, status[key].as_str().unwrap_or_default().as_bytes(), &mut inner);
            }
            // Field 6, a number: the code, which is below 2^14.
            let code = status["code"].as_u64().unwrap_or(500);
            inner.extend([0x30, u8::try_from(code & 0x7f).unwrap_or(0) | 0x80, u8::try_from(code >> 7).unwrap_or(0)]);
            let (before, behind) = envelope("v1", "Status", inner.len());
            frame("ERROR", &[before, inner, behind].concat(), &mut out);
        } else {
            out.extend_from_slice(format!("{}\n", json!({"type": "ERROR", "object": status})).as_bytes());
        }
        out
    }
}

/// Appends an object in JSON with its kind and apiVersion.
fn whole(item: &Item<'_>, out: &mut Vec<u8>) {
    let head = format!(r#"{{"kind":"{}","apiVersion":"{}","#, item.sort.kind, item.sort.api_version());
    out.extend_from_slice(head.as_bytes());
    out.extend_from_slice(item.json.get(1..).unwrap_or_default());
}

/// An object in protobuf, in its envelope.
fn wrapped(world: &World, item: &Item<'_>) -> Vec<u8> {
    let message = message(&world.wire, item.sort, std::str::from_utf8(item.json).unwrap_or_default());
    let (before, behind) = envelope(&item.sort.api_version(), item.sort.kind, message.len());
    [before, message, behind].concat()
}

/// Appends a frame of a watch in protobuf: its length in four bytes, then a `WatchEvent` without an envelope.
fn frame(kind: &str, object: &[u8], out: &mut Vec<u8>) {
    let (mut event, mut raw) = (Vec::new(), Vec::new());
    bytes_field(1, object, &mut raw);
    bytes_field(1, kind.as_bytes(), &mut event);
    bytes_field(2, &raw, &mut event);
    out.extend_from_slice(&u32::try_from(event.len()).unwrap_or(u32::MAX).to_be_bytes());
    out.extend_from_slice(&event);
}
