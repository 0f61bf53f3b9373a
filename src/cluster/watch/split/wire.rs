//! Taking a list in protobuf apart. The length of each object stands before it, and that of the list before all of them.
//!
//! ```text
//! k8s\0 ─ runtime.Unknown: 1 what it is ─ 2 the list: 1 its metadata, 2 an object, 2 an object, … ─ 3, 4 nothing
//! ```

use super::{ListMeta, Reader};
use crate::kinds::wire::{Broken, Bytes, MAGIC, Message, Object, Raw, Source, meta};
use crate::kinds::{ReadError, Row};
use serde::Deserialize;

/// Where in the answer the next byte stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Magic,
    Envelope { is_list: bool },
    List { left: usize },
    End,
}

/// Takes a list in protobuf apart. Fields that it does not know are passed over.
#[derive(Debug)]
pub(in super::super) struct Wire {
    of: &'static Message,
    place: Place,
    meta: ListMeta,
}

/// How bytes are written that have their length before them.
const COUNTED: u8 = 2;

impl Wire {
    /// For a list of such objects.
    pub(super) fn new(of: &'static Message) -> Self {
        Self { of, place: Place::Magic, meta: ListMeta::default() }
    }

    /// See [`super::Splitter::step`].
    pub(super) fn step(&mut self, bytes: &[u8], reader: &Reader, rows: &mut Vec<Row>) -> Result<usize, ReadError> {
        let mut ahead = Bytes(bytes);
        self.place = match self.place {
            Place::Magic => {
                let length = MAGIC.len().min(bytes.len());
                if bytes.get(..length) != MAGIC.get(..length) {
                    return Err(ReadError::Broken("it does not begin as one".to_owned()));
                }
                ahead.take(MAGIC.len()).map_err(cut)?;
                Place::Envelope { is_list: false }
            }
            Place::Envelope { is_list } => envelope(&mut ahead, is_list)?,
            Place::List { left } => {
                self.field(&mut ahead, left, (reader, rows))?;
                list(left - (bytes.len() - ahead.0.len()))
            }
            Place::End => return Ok(0),
        };
        Ok(bytes.len() - ahead.0.len())
    }

    /// See [`super::Splitter::ended`]. What follows the list is of no interest.
    pub(super) fn ended(&self) -> bool {
        self.place == Place::End
    }

    /// See [`super::Splitter::finish`].
    pub(super) fn finish(self) -> Result<ListMeta, ReadError> {
        if self.place == Place::End { Ok(self.meta) } else { Err(ReadError::Incomplete) }
    }

    /// Takes a field of the list, of which `left` bytes are left.
    fn field(
        &mut self,
        ahead: &mut Bytes,
        left: usize,
        (reader, rows): (&Reader, &mut Vec<Row>),
    ) -> Result<(), ReadError> {
        // What is cut by the end of the list is broken; what is cut by the end of what has come is not there yet.
        let (mut inside, whole) = match ahead.0.get(..left) {
            Some(list) => (Bytes(list), true),
            None => (*ahead, false),
        };
        let before = inside.0.len();
        match inside.field().map_err(|why| if whole { broken(why) } else { cut(why) })? {
            Some((1, Raw::Bytes(bytes))) => {
                let meta = ListMeta::deserialize(Source::from(Object::new(&meta::LIST_META, bytes)));
                self.meta = meta.map_err(|error| ReadError::Broken(error.to_string()))?;
            }
            Some((2, Raw::Bytes(bytes))) => reader.decode(Object::new(self.of, bytes), rows),
            Some((1 | 2, _)) => return Err(broken(Broken::Type)),
            Some(_) => {}
            None => return Err(ReadError::Incomplete),
        }
        ahead.take(before - inside.0.len()).map(drop).map_err(broken)
    }
}

/// The list, with so many bytes left.
fn list(left: usize) -> Place {
    if left == 0 { Place::End } else { Place::List { left } }
}

/// Takes a field of the envelope.
fn envelope(ahead: &mut Bytes, is_list: bool) -> Result<Place, ReadError> {
    let before = *ahead;
    let (number, form) = ahead.tag().map_err(cut)?;
    if (number, form) == (2, COUNTED) {
        let length = ahead.number().map_err(cut)?;
        return match usize::try_from(length) {
            Ok(length) if is_list => Ok(list(length)),
            _ => Err(ReadError::Broken("it does not say what it is".to_owned())),
        };
    }
    *ahead = before;
    match ahead.field().map_err(cut)? {
        Some((1, Raw::Bytes(of))) => kind(of).map(|()| Place::Envelope { is_list: true }),
        _ => Ok(Place::Envelope { is_list }),
    }
}

/// Checks that a `TypeMeta` is that of a list; an error that was sent as a success is none.
fn kind(of: &[u8]) -> Result<(), ReadError> {
    let mut bytes = Bytes(of);
    let mut kind = "nothing".into();
    while let Some((number, raw)) = bytes.field().map_err(broken)? {
        if let (2, Raw::Bytes(bytes)) = (number, raw) {
            kind = String::from_utf8_lossy(bytes);
        }
    }
    if kind.ends_with("List") { Ok(()) } else { Err(ReadError::Broken(format!("it is a {kind}, not a list"))) }
}

/// What it means that something cannot be read, when more bytes may come.
fn cut(why: Broken) -> ReadError {
    if why == Broken::Short { ReadError::Incomplete } else { broken(why) }
}

/// The same, when no more bytes belong to it.
fn broken(why: Broken) -> ReadError {
    ReadError::Broken(why.to_string())
}
