//! The lines of a watch: `{"type":"ADDED","object":{…}}`, each read in place.

use super::fault::Status;
use super::split::Reader;
use crate::kinds::wire::Json;
use crate::kinds::{ReadError, Row, Uid};
use serde::Deserialize;
use std::borrow::Cow;

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

/// A string, borrowed unless it holds escapes.
#[derive(Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

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
    walk(line, |of, json| read(of, json, reader, rows, version))
}

/// Reads a line; what it says of its object is what `read` makes of the type of the event and the object ahead.
///
/// # Errors
/// When the line is no event.
pub(super) fn walk<'a>(
    line: &'a [u8],
    mut read: impl FnMut(&str, &mut Json<'a>) -> Result<Event, ReadError>,
) -> Result<Event, ReadError> {
    let mut read = |of: &str, json: &mut Json<'a>| match of {
        "ERROR" => Ok(Event::Error(json.value()?)),
        _ => read(of, json),
    };
    let mut json = Json::new(line);
    let (mut of, mut object, mut event, mut first) = (None, None, None, true);
    json.expect(b'{')?;
    while let Some(key) = json.key(&mut first)? {
        match (&*key, of.as_deref()) {
            ("type", _) => of = Some(json.value::<Text>()?.0),
            ("object", Some(of)) => event = Some(read(of, &mut json)?),
            ("object", None) => {
                json.peek()?;
                object = Some(json.rest());
                json.skip()?;
            }
            _ => json.skip()?,
        }
    }
    match (event, of, object) {
        (Some(event), ..) => Ok(event),
        (None, Some(of), Some(object)) => read(&of, &mut Json::new(object)),
        _ => Err(ReadError::Broken("it has no type and object".to_owned())),
    }
}

/// Reads the object of an event of type `of`, which lies ahead.
fn read(
    of: &str,
    json: &mut Json,
    reader: &Reader,
    rows: &mut Vec<Row>,
    version: &mut String,
) -> Result<Event, ReadError> {
    json.peek()?;
    let identity = Identity::of(json.rest())?;
    let event = match of {
        "ADDED" | "MODIFIED" => {
            json.advance(reader.read(json.rest(), rows)?);
            Event::Put
        }
        _ => {
            json.skip()?;
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
        let mut json = Json::new(object);
        let mut identity = Self::default();
        if !json.take(b'{')? {
            return Ok(identity);
        }
        let (mut first, mut inside) = (true, false);
        while let Some(key) = json.key(&mut first)? {
            match &*key {
                "metadata" if !inside && json.take(b'{')? => (inside, first) = (true, true),
                "uid" if inside => identity.uid = text(&mut json)?,
                "resourceVersion" if inside => identity.version = text(&mut json)?,
                _ => json.skip()?,
            }
            if !identity.uid.is_empty() && !identity.version.is_empty() {
                break;
            }
        }
        Ok(identity)
    }
}

/// Takes a value; what is no string is none.
fn text(json: &mut Json) -> Result<String, ReadError> {
    Ok(json.value::<serde_json::Value>()?.as_str().unwrap_or_default().to_owned())
}
