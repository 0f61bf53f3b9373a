//! Reading one object at the front of bytes that may go on, or may not be all there yet. Whatever a server sends
//! as one object becomes a row: when its fields cannot be read, a row that says so.

use super::kind::AnyKind;
use super::row::Row;
use super::unreadable::Gap;
use super::wire::{self, Json, Source};
use serde::Deserialize;

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

impl From<wire::Error> for ReadError {
    fn from(error: wire::Error) -> Self {
        if error.is_incomplete() { Self::Incomplete } else { Self::Broken(error.to_string()) }
    }
}

/// Reads the value at the front of `json` as an `O`, and returns how many bytes it took.
///
/// # Errors
/// When `json` does not hold a whole value, no JSON, or no `O`.
pub fn value<'de, O: Deserialize<'de>>(json: &'de [u8]) -> Result<(O, usize), wire::Error> {
    let mut place = Json::new(json);
    let value = place.value()?;
    Ok((value, place.at()))
}

/// Reads the JSON of one `O` and nothing more.
///
/// # Errors
/// When that is something else.
pub fn whole<'de, O: Deserialize<'de>>(json: &'de [u8]) -> Result<O, wire::Error> {
    let mut place = Json::new(json);
    let value = place.value()?;
    if place.more() { Err(wire::Error::broken("something follows the value")) } else { Ok(value) }
}

/// Passes over the value at the front of `json`, which is no object of `kind` because of `error`, and leaves a row that
/// says so. Returns how many bytes it takes.
///
/// # Errors
/// When `json` does not hold a whole value, or no JSON at all.
pub fn skip<K: AnyKind + ?Sized>(
    json: &[u8],
    error: wire::Error,
    kind: &K,
    out: &mut Vec<Row>,
) -> Result<usize, ReadError> {
    if !error.is_odd() {
        return Err(error.into());
    }
    let mut place = Json::new(json);
    place.skip()?;
    out.push(Gap::of(kind).row(Source::from(&mut Json::new(json)), &error));
    Ok(place.at())
}

#[cfg(test)]
mod tests {
    use super::super::kind::{Column, Kind, Names, Width, column, names};
    use super::super::meta::Meta;
    use super::super::row::Uid;
    use super::super::{Cell, Server};
    use super::*;

    struct Leans;

    #[derive(Deserialize)]
    struct Lean {
        #[serde(default)]
        metadata: Meta,
        replicas: u32,
    }

    impl Kind for Leans {
        type Object = Lean;
        const NAMES: Names = names("", "v1", "leans", "Lean", &[]);
        const COLUMNS: &'static [Column<Lean>] =
            &[column("REPLICAS", Width::Fit(8), |lean| Cell::count(lean.replicas))];

        fn meta(lean: Lean) -> Meta {
            lean.metadata
        }
    }

    fn lean(json: &[u8]) -> (Result<usize, ReadError>, Vec<Row>) {
        let mut rows = Vec::new();
        let took = Leans.read(json, Server::default(), &mut rows);
        (took, rows)
    }

    #[test]
    fn the_first_value_is_taken() {
        let (took, rows) = lean(br#"{"replicas":3,"x":[1,2]},{"replicas":4}"#);
        assert_eq!(took, Ok(24));
        assert_eq!(rows[0].cells, [Cell::count(3)]);
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
