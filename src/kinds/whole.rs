//! `Whole`: a kind whose rows hold nothing but the JSON of their object: for those who print objects one by one.

use super::cell::Cell;
use super::kind::{AnyKind, Can, Enter, Heading, Names, Server};
use super::read::ReadError;
use super::row::Row;
use super::wire::{self, Source};

/// The same kind, read whole. Not for kinds that are parts of another object: each would hold all of it.
pub struct Whole(pub &'static dyn AnyKind);

impl Whole {
    /// Leaves of the rows behind the first `before` one, with the JSON of the object.
    fn only(json: &[u8], before: usize, out: &mut Vec<Row>) {
        out.truncate(before + 1);
        if let Some(row) = out.get_mut(before) {
            row.cells = vec![Cell::text(String::from_utf8_lossy(json))];
            row.unreadable = None;
        }
    }
}

impl AnyKind for Whole {
    fn names(&self) -> &'static Names {
        self.0.names()
    }

    fn resource(&self) -> &'static Names {
        self.0.resource()
    }

    fn headings(&self) -> Vec<Heading> {
        Vec::new()
    }

    fn can(&self) -> Can {
        self.0.can()
    }

    fn enter(&self) -> Enter {
        self.0.enter()
    }

    fn take(&self, object: Source<'_, '_>, server: Server, out: &mut Vec<Row>) -> Result<(), wire::Error> {
        self.0.take(object, server, out)
    }

    fn read(&self, json: &[u8], server: Server, out: &mut Vec<Row>) -> Result<usize, ReadError> {
        let before = out.len();
        let took = self.0.read(json, server, out)?;
        Self::only(json.get(..took).unwrap_or_default(), before, out);
        Ok(took)
    }
}
