//! Reading one object at the front of bytes that may go on, or may not be all there yet. Whatever a server sends
//! as one object becomes a row: when its fields cannot be read, a row that says so.

use super::kind::AnyKind;
use super::row::Row;
use super::unreadable::{nameless, unreadable};
use super::wire;
use crate::text::safe;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::Deserializer;

/// Why no object could be taken from the front of some bytes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// The bytes end before the object does; with more of them it may be read.
    #[error("the text ends in the middle of an object")]
    Incomplete,
    /// The bytes are no JSON, so where the next object begins cannot be known.
    #[error("{0}")]
    Broken(String),
}

impl ReadError {
    /// What it means that `json` cannot be read. `serde_json` calls a number that is cut behind its sign, point or
    /// exponent invalid; such bytes may go on, too.
    pub fn of(error: &serde_json::Error, json: &[u8]) -> Self {
        let may_go_on = error.is_eof() || matches!(json.last(), Some(b'-' | b'+' | b'.' | b'e' | b'E'));
        if may_go_on { Self::Incomplete } else { Self::Broken(error.to_string()) }
    }
}

/// Reads the first JSON value of `json` as an `O`, lets `rows` make its rows, and returns how many bytes it took. An
/// object that is JSON but no `O` becomes one row with the reason in `unreadable`.
///
/// # Errors
/// When `json` does not hold a whole value, or no JSON at all.
pub fn read<O: DeserializeOwned>(
    kind: &dyn AnyKind,
    json: &[u8],
    out: &mut Vec<Row>,
    rows: impl FnOnce(O, &mut Vec<Row>),
) -> Result<usize, ReadError> {
    let mut stream = Deserializer::from_slice(json).into_iter::<O>();
    match stream.next() {
        Some(Ok(object)) => rows(object, out),
        None => return Err(ReadError::Incomplete),
        Some(Err(error)) if error.is_eof() => return Err(ReadError::Incomplete),
        Some(Err(error)) => return skip(kind, json, &error, out),
    }
    Ok(stream.byte_offset())
}

/// Passes over a value that cannot be read for the reason `error`, and leaves a row that says so.
///
/// # Errors
/// When `json` does not hold a whole value, or no JSON at all.
fn skip(kind: &dyn AnyKind, json: &[u8], error: &serde_json::Error, out: &mut Vec<Row>) -> Result<usize, ReadError> {
    let end = end(json)?;
    let why = safe(&error.to_string()).into_owned();
    let mut object = Deserializer::from_slice(json.get(..end).unwrap_or_default());
    out.push(unreadable(kind, &mut object, &why).unwrap_or_else(|| nameless(&why)));
    Ok(end)
}

/// Reads an object in protobuf as an `O`, and lets `rows` make its rows. An object that is no `O` becomes one row with
/// the reason in `unreadable`.
pub fn decode<O: DeserializeOwned>(
    kind: &dyn AnyKind,
    object: wire::Object<'_>,
    out: &mut Vec<Row>,
    rows: impl FnOnce(O, &mut Vec<Row>),
) {
    match O::deserialize(object) {
        Ok(read) => rows(read, out),
        Err(error) => {
            let why = safe(&error.to_string()).into_owned();
            out.push(unreadable(kind, object, &why).unwrap_or_else(|| nameless(&why)));
        }
    }
}

/// Where the first JSON value of `json` ends.
///
/// # Errors
/// When `json` does not hold a whole value, or no JSON at all.
fn end(json: &[u8]) -> Result<usize, ReadError> {
    let mut stream = Deserializer::from_slice(json).into_iter::<IgnoredAny>();
    stream.next().ok_or(ReadError::Incomplete)?.map_err(|error| ReadError::of(&error, json))?;
    Ok(stream.byte_offset())
}

#[cfg(test)]
mod tests {
    use super::super::pods::Pods;
    use super::super::row::Uid;
    use super::*;
    use serde::Deserialize;

    #[derive(Deserialize)]
    struct Lean {
        replicas: u32,
    }

    fn lean(json: &[u8]) -> (Result<usize, ReadError>, Vec<Row>) {
        let mut rows = Vec::new();
        let took = read(&Pods, json, &mut rows, |lean: Lean, out| {
            out.push(Row { name: lean.replicas.to_string().into(), ..Row::default() });
        });
        (took, rows)
    }

    #[test]
    fn the_first_value_is_taken() {
        let (took, rows) = lean(br#"{"replicas":3,"x":[1,2]},{"replicas":4}"#);
        assert_eq!(took, Ok(24));
        assert_eq!(rows[0].name, "3");
    }

    #[test]
    fn every_cut_is_incomplete() {
        let whole = r#"{"x":"\ud83d\ude00 ä","y":[true,null,-1.5e-3],"replicas":3}"#.as_bytes();
        for end in 0..whole.len() {
            assert_eq!(lean(&whole[..end]).0, Err(ReadError::Incomplete), "cut at {end}");
        }
        assert_eq!(lean(whole).0, Ok(whole.len()));
    }

    #[test]
    fn what_cannot_be_read_keeps_its_identity() {
        let json = br#"{"metadata":{"name":"web","namespace":"a","uid":"u1"},"replicas":"x"},"#;
        let (took, rows) = lean(json);
        assert_eq!(took, Ok(json.len() - 1));
        assert_eq!((rows[0].name.as_str(), rows[0].namespace.as_str(), rows[0].uid), ("web", "a", Uid::parse("u1")));
        assert!(rows[0].unreadable.as_deref().unwrap().starts_with("cannot be read: invalid type"), "{rows:?}");
    }

    #[test]
    fn what_is_no_json_is_broken() {
        assert!(matches!(lean(b"<html>").0, Err(ReadError::Broken(_))));
        assert!(matches!(lean(br#"{"replicas":3 3}"#).0, Err(ReadError::Broken(_))));
    }
}
