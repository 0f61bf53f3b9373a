//! `Splitter`: takes a list apart while it arrives, in whatever encoding it comes.

mod json;
mod wire;

use super::fault::Fault;
use crate::kinds::table::Columns;
use crate::kinds::wire::Object;
use crate::kinds::{AnyKind, ReadError, Row, Server};
use json::List;
pub(super) use json::item;
use serde::Deserialize;
use wire::Wire;

/// How bodies are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Encoding {
    /// JSON.
    #[default]
    Json,
    /// JSON, as tables; where the server makes none, as objects.
    Table,
    /// Protobuf: two thirds of the bytes, and what is not read is passed over by its length.
    Protobuf,
}

/// As kubectl asks for tables (`cli-runtime` `resource`).
const TABLES: &str = "application/json;as=Table;v=v1;g=meta.k8s.io,\
    application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json";

impl Encoding {
    /// How lists of `kind` are asked for.
    pub fn of(kind: &dyn AnyKind) -> Self {
        match kind.wire() {
            _ if kind.by_table() => Self::Table,
            Some(_) => Self::Protobuf,
            None => Self::Json,
        }
    }

    /// The same without protobuf: watches, and what is refused or cannot be read otherwise.
    #[must_use]
    pub const fn in_words(self) -> Self {
        match self {
            Self::Table => Self::Table,
            Self::Json | Self::Protobuf => Self::Json,
        }
    }

    /// The media types to ask for. JSON is always offered: not every resource has protobuf.
    pub const fn accept(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Table => TABLES,
            Self::Protobuf => "application/vnd.kubernetes.protobuf, application/json",
        }
    }
}

/// What turns an object into rows.
#[derive(Clone, Copy)]
pub(super) struct Reader {
    pub kind: &'static dyn AnyKind,
    pub server: Server,
}

impl Reader {
    /// Reads the object at the front of `json` into rows, and returns how many bytes it took.
    pub(super) fn read(&self, json: &[u8], rows: &mut Vec<Row>) -> Result<usize, ReadError> {
        let before = rows.len();
        let took = self.kind.read(json, self.server, rows)?;
        mark_nameless(rows, before);
        Ok(took)
    }

    /// Reads an object in protobuf into rows.
    fn decode(&self, object: Object<'_>, rows: &mut Vec<Row>) {
        let before = rows.len();
        self.kind.decode(object, self.server, rows);
        mark_nameless(rows, before);
    }
}

/// Marks rows without a name, from the one at `begin` on: something like it must not pass for an object.
fn mark_nameless(rows: &mut [Row], begin: usize) {
    for row in rows.iter_mut().skip(begin).filter(|row| row.name.is_empty() && row.unreadable.is_none()) {
        row.unreadable = Some("cannot be read: it has no name".to_owned());
    }
}

/// What a list says of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct ListMeta {
    /// Where to watch from.
    pub resource_version: Option<String>,
    /// How to ask for the rest.
    #[serde(rename = "continue")]
    pub next: Option<String>,
    /// How many objects the rest holds, at least.
    pub remaining_item_count: Option<i64>,
}

/// Takes a list apart.
#[derive(Debug)]
pub(super) enum Splitter {
    Json(List),
    Wire(Wire),
}

impl Splitter {
    /// For a list of `kind` that comes in this encoding; if it is a table, the last one had these columns.
    ///
    /// # Errors
    /// When its objects are not known in protobuf: then nobody asked for that.
    pub(super) fn new(encoding: Encoding, kind: &dyn AnyKind, columns: Columns) -> Result<Self, Fault> {
        match encoding {
            Encoding::Json | Encoding::Table => Ok(Self::Json(List::new(columns))),
            Encoding::Protobuf => {
                let message = kind.wire().ok_or_else(|| Fault::Down("the answer is protobuf, not JSON".to_owned()))?;
                Ok(Self::Wire(Wire::new(message)))
            }
        }
    }

    /// The columns, if it is a table.
    pub(super) fn columns(&self) -> Option<&Columns> {
        match self {
            Self::Json(list) => list.columns(),
            Self::Wire(_) => None,
        }
    }

    /// Takes one step: an object, or a piece of what surrounds the objects. Returns how many bytes it took; 0 when
    /// the list is at its end and nothing follows.
    ///
    /// # Errors
    /// `Incomplete` when the step needs more bytes; then nothing was taken.
    pub(super) fn step(&mut self, bytes: &[u8], reader: &Reader, rows: &mut Vec<Row>) -> Result<usize, ReadError> {
        match self {
            Self::Json(list) => list.step(bytes, reader, rows),
            Self::Wire(wire) => wire.step(bytes, reader, rows),
        }
    }

    /// Whether the list is at its end.
    pub(super) fn ended(&self) -> bool {
        match self {
            Self::Json(list) => list.ended(),
            Self::Wire(wire) => wire.ended(),
        }
    }

    /// What the list said of itself.
    ///
    /// # Errors
    /// When it is not at its end, or was no list: an answer like `{}` must not empty a table.
    pub(super) fn finish(self) -> Result<ListMeta, ReadError> {
        match self {
            Self::Json(list) => list.finish(),
            Self::Wire(wire) => wire.finish(),
        }
    }
}
