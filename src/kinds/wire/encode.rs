//! Writing: objects in protobuf from their JSON, as Go writes them. It serves tests and mock servers; rutter itself only
//! reads protobuf.

use super::{Field, Message, Shape, Type};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde_json::Value;

/// The bytes of the object that `json` shows: its fields that `message` names, and those that Go writes though they are
/// empty.
pub fn object(message: &Message, json: &Value) -> Vec<u8> {
    let mut out = Vec::new();
    for field in message.0 {
        let value =
            if matches!(field.of, Type::Inline(_)) { json } else { json.get(field.name).unwrap_or(&Value::Null) };
        match (field.shape, value) {
            (Shape::One, Value::Null) if !field.or_absent => {}
            (Shape::One, value) => one(&mut out, field, value),
            (Shape::List, values) => {
                values.as_array().into_iter().flatten().for_each(|value| one(&mut out, field, value))
            }
            (Shape::Map, entries) => entries.as_object().into_iter().flatten().for_each(|(key, value)| {
                let mut entry = Vec::new();
                put(&mut entry, 1, key.as_bytes());
                one(&mut entry, &Field { number: 2, ..*field }, value);
                put(&mut out, field.number, &entry);
            }),
        }
    }
    out
}

/// The body of an answer that is a list: `items` are objects, `of` the API version and the kind of the list, and
/// `message` what its metadata is ([`super::meta::LIST_META`]).
pub fn list(of: (&str, &str), message: &Message, meta: &Value, items: impl IntoIterator<Item = Vec<u8>>) -> Vec<u8> {
    let mut raw = Vec::new();
    put(&mut raw, 1, &object(message, meta));
    items.into_iter().for_each(|item| put(&mut raw, 2, &item));
    envelope(of, &raw)
}

/// The body of an answer: what every object is wrapped in (`runtime.Unknown`). `of` are its API version and its kind.
pub fn envelope((api_version, kind): (&str, &str), raw: &[u8]) -> Vec<u8> {
    let (mut of, mut out) = (Vec::new(), super::MAGIC.to_vec());
    put(&mut of, 1, api_version.as_bytes());
    put(&mut of, 2, kind.as_bytes());
    put(&mut out, 1, &of);
    put(&mut out, 2, raw);
    put(&mut out, 3, b"");
    put(&mut out, 4, b"");
    out
}

fn one(out: &mut Vec<u8>, field: &Field, value: &Value) {
    let number = |value: &Value| value.as_i64().unwrap_or_default().cast_unsigned();
    match field.of {
        Type::Text => put(out, field.number, value.as_str().unwrap_or_default().as_bytes()),
        Type::Bytes => put(out, field.number, &STANDARD.decode(value.as_str().unwrap_or_default()).unwrap_or_default()),
        Type::Number => put_number(out, field.number, number(value)),
        Type::Truth => put_number(out, field.number, value.as_bool().unwrap_or_default().into()),
        Type::Time => put(out, field.number, &moment(value.as_str().unwrap_or_default())),
        Type::Quantity => put(out, field.number, &wrapped(&plain(value))),
        Type::IntOrString => {
            let mut of = Vec::new();
            put_number(&mut of, 1, value.is_string().into());
            put_number(&mut of, 2, number(value));
            put(&mut of, 3, value.as_str().unwrap_or_default().as_bytes());
            put(out, field.number, &of);
        }
        Type::Message(message) | Type::Inline(message) => put(out, field.number, &object(message, value)),
        Type::Other => put(out, field.number, &wrapped(&value.to_string())),
    }
}

/// A text as field 1 of a message: a quantity, and JSON in `FieldsV1` and `RawExtension`.
fn wrapped(text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    put(&mut out, 1, text.as_bytes());
    out
}

/// A string without its quotes, or a number.
fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// A time; what is none is the zero time.
fn moment(text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    if let Ok(moment) = text.parse::<Timestamp>() {
        let (second, nanos) = (moment.as_second(), i64::from(moment.subsec_nanosecond()));
        // Nanoseconds count forward, also before 1970.
        let back = i64::from(nanos < 0);
        put_number(&mut out, 1, (second - back).cast_unsigned());
        put_number(&mut out, 2, (nanos + back * 1_000_000_000).cast_unsigned());
    }
    out
}

/// Puts a string, bytes or a message.
pub fn put(out: &mut Vec<u8>, number: u32, bytes: &[u8]) {
    variable(out, u64::from(number) << 3 | 2);
    variable(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

/// Puts a number.
pub fn put_number(out: &mut Vec<u8>, number: u32, value: u64) {
    variable(out, u64::from(number) << 3);
    variable(out, value);
}

fn variable(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    out.push((number & 0x7f) as u8);
}
