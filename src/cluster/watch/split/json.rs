//! Taking a list in JSON apart. The kind's own decoder finds the end of each object, so every byte is looked at once.

use super::{ListMeta, Reader, mark_nameless};
use crate::kinds::table::Columns;
use crate::kinds::wire::Json;
use crate::kinds::{ReadError, Row};

/// Where in the list the next byte stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Start,
    Keys { first: bool },
    Items { first: bool },
    End,
}

/// Takes a list in JSON apart. Keys may come in any order; keys that it does not know are passed over.
#[derive(Debug)]
pub(in super::super) struct List {
    place: Place,
    meta: ListMeta,
    has_items: bool,
    /// The columns, when it is a table: until it names them, those of the last one.
    columns: Columns,
    is_table: bool,
}

impl List {
    /// At the front of a list; if it is a table, the last one had these columns.
    pub(super) fn new(columns: Columns) -> Self {
        Self { place: Place::Start, meta: ListMeta::default(), has_items: false, columns, is_table: false }
    }

    /// The columns, if it is a table.
    pub(super) fn columns(&self) -> Option<&Columns> {
        self.is_table.then_some(&self.columns)
    }

    /// See [`super::Splitter::step`].
    pub(super) fn step(&mut self, json: &[u8], reader: &Reader, rows: &mut Vec<Row>) -> Result<usize, ReadError> {
        let mut json = Json::new(json);
        self.place = match self.place {
            Place::Start => {
                json.expect(b'{')?;
                Place::Keys { first: true }
            }
            Place::Keys { first } => self.key(&mut json, first)?,
            Place::Items { mut first } => {
                let more = item(&mut json, &mut first, (reader, self.columns()), rows)?;
                if more { Place::Items { first } } else { Place::Keys { first: false } }
            }
            Place::End if json.more() => return Err(ReadError::Broken("something follows the list".to_owned())),
            Place::End => Place::End,
        };
        Ok(json.at())
    }

    /// See [`super::Splitter::ended`].
    pub(super) fn ended(&self) -> bool {
        self.place == Place::End
    }

    /// See [`super::Splitter::finish`].
    pub(super) fn finish(self) -> Result<ListMeta, ReadError> {
        match self {
            Self { place: Place::End, has_items: true, meta, .. } => Ok(meta),
            Self { place: Place::End, .. } => Err(ReadError::Broken("it has no items".to_owned())),
            _ => Err(ReadError::Incomplete),
        }
    }

    /// Takes a key of the list, and its value but for the items.
    fn key(&mut self, json: &mut Json, mut first: bool) -> Result<Place, ReadError> {
        match json.key(&mut first)?.as_deref() {
            None => return Ok(Place::End),
            Some(key @ ("items" | "rows")) => {
                let begins = json.take(b'[')?;
                if !begins {
                    json.value::<()>()?;
                }
                (self.has_items, self.is_table) = (true, key == "rows");
                if begins {
                    return Ok(Place::Items { first: true });
                }
            }
            Some("columnDefinitions") => self.take_columns(json.value()?)?,
            Some("metadata") => self.meta = json.value::<Option<ListMeta>>()?.unwrap_or_default(),
            Some("kind") => refuse_status(json)?,
            Some(_) => json.skip()?,
        }
        Ok(Place::Keys { first: false })
    }

    /// Takes the columns. Servers write them before the rows; where one does not, and they are new, the rows have to
    /// come again.
    fn take_columns(&mut self, columns: Option<Columns>) -> Result<(), ReadError> {
        let columns = columns.unwrap_or_default();
        let late = self.has_items && columns != self.columns;
        (self.columns, self.is_table) = (columns, true);
        if late { Err(ReadError::Broken("its columns stand behind its rows".to_owned())) } else { Ok(()) }
    }
}

/// Takes the value of `kind`; an error that was sent as a success is no list.
fn refuse_status(json: &mut Json) -> Result<(), ReadError> {
    match json.value::<Option<String>>()?.as_deref() {
        Some("Status") => Err(ReadError::Broken("it is a Status, not a list".to_owned())),
        _ => Ok(()),
    }
}

/// Takes an item, or the end of the items; whether it was an item.
pub(in super::super) fn item(
    json: &mut Json,
    first: &mut bool,
    (reader, columns): (&Reader, Option<&Columns>),
    rows: &mut Vec<Row>,
) -> Result<bool, ReadError> {
    if !json.element(first)? {
        return Ok(false);
    }
    json.peek()?;
    let before = rows.len();
    let took = match columns {
        Some(columns) => columns.read(reader.kind, json.rest(), rows)?,
        None => reader.read(json.rest(), rows)?,
    };
    mark_nameless(rows, before);
    json.advance(took);
    Ok(true)
}
