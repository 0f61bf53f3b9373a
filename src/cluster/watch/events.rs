//! The lines of a watch: `{"type":"ADDED","object":{…}}`, each read in place.

use super::cursor::{Cursor, Text};
use super::fault::Status;
use super::split::Reader;
use crate::kinds::{ReadError, Row, Uid};

/// What a line of a watch says.
#[derive(Debug, PartialEq)]
pub(super) enum Event {
    /// An object is there, new or changed; its rows were put out.
    Put,
    /// An object is gone.
    Gone(Uid),
    /// Nothing but how far the watch has come.
    Bookmark,
    /// The server ends the watch.
    Error(Status),
    /// The table has other columns now.
    Columns,
    /// A type that this version does not know.
    Unknown,
}

/// Reads a line; rows go to `rows`, and `version` becomes the version of the object.
///
/// # Errors
/// When the line is no event: it is unknown what was lost with it.
pub(super) fn event(
    line: &[u8],
    reader: &Reader,
    rows: &mut Vec<Row>,
    version: &mut String,
) -> Result<Event, ReadError> {
    let mut cursor = Cursor::new(line);
    let (mut of, mut object, mut event, mut first) = (None, None, None, true);
    cursor.expect(b'{')?;
    while let Some(key) = cursor.key(first)? {
        first = false;
        match (&*key, of.as_deref()) {
            ("type", _) => of = Some(cursor.value::<Text>()?.0),
            ("object", Some(of)) => event = Some(read(of, &mut cursor, reader, rows, version)?),
            ("object", None) => {
                cursor.more();
                object = Some(cursor.rest());
                cursor.skip()?;
            }
            _ => cursor.skip()?,
        }
    }
    match (event, of, object) {
        (Some(event), ..) => Ok(event),
        (None, Some(of), Some(object)) => read(&of, &mut Cursor::new(object), reader, rows, version),
        _ => Err(ReadError::Broken("it has no type and object".to_owned())),
    }
}

/// Reads the object of an event of type `of`, which lies ahead of `cursor`.
fn read(
    of: &str,
    cursor: &mut Cursor,
    reader: &Reader,
    rows: &mut Vec<Row>,
    version: &mut String,
) -> Result<Event, ReadError> {
    if of == "ERROR" {
        return Ok(Event::Error(cursor.value()?));
    }
    cursor.more();
    let identity = Identity::of(cursor.rest())?;
    let event = match of {
        "ADDED" | "MODIFIED" => {
            cursor.advance(reader.read(cursor.rest(), rows)?);
            Event::Put
        }
        _ => {
            cursor.skip()?;
            match of {
                "DELETED" => Event::Gone(Uid::parse(&identity.uid)),
                "BOOKMARK" => Event::Bookmark,
                _ => Event::Unknown,
            }
        }
    };
    if !identity.version.is_empty() {
        identity.version.clone_into(version);
    }
    Ok(event)
}

/// Who an object is and how new, found without reading all of it: the API server writes both near the front.
#[derive(Debug, Default, PartialEq)]
struct Identity {
    uid: String,
    version: String,
}

impl Identity {
    /// Reads `metadata` up to the point where both are known.
    fn of(object: &[u8]) -> Result<Self, ReadError> {
        let mut cursor = Cursor::new(object);
        let mut identity = Self::default();
        if !cursor.take(b'{')? {
            return Ok(identity);
        }
        let (mut first, mut inside) = (true, false);
        while let Some(key) = cursor.key(first)? {
            first = false;
            match &*key {
                "metadata" if !inside && cursor.take(b'{')? => (inside, first) = (true, true),
                "uid" if inside => identity.uid = text(&mut cursor)?,
                "resourceVersion" if inside => identity.version = text(&mut cursor)?,
                _ => cursor.skip()?,
            }
            if !identity.uid.is_empty() && !identity.version.is_empty() {
                break;
            }
        }
        Ok(identity)
    }
}

/// Takes a value; what is no string is none.
fn text(cursor: &mut Cursor) -> Result<String, ReadError> {
    Ok(cursor.value::<serde_json::Value>()?.as_str().unwrap_or_default().to_owned())
}
