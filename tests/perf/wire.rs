//! Objects in protobuf, written from their JSON with the field numbers of Kubernetes' own `generated.proto` files. A
//! second way from object to bytes, which shares nothing with how rutter reads them.

mod schema;

use crate::error::Result;
use schema::{Field, Kind, Schema};
use serde_json::{Map, Value};

/// What stands before every object: four bytes, then a `runtime.Unknown`.
const MAGIC: &[u8] = b"k8s\0";

/// Writes objects in protobuf.
pub struct Wire {
    schema: Schema,
}

impl Wire {
    /// Reads the field numbers.
    pub fn new() -> Self {
        Self { schema: Schema::read(include_str!("wire/schema.txt")) }
    }

    /// Appends a message without its envelope.
    ///
    /// # Errors
    /// When the object holds something that has no field number here.
    pub fn message(&self, kind: &str, object: &Value, out: &mut Vec<u8>) -> Result<()> {
        let message = self.schema.message(kind).ok_or_else(|| format!("no field numbers for {kind}"))?;
        let empty = Map::new();
        let object = object.as_object().unwrap_or(&empty);
        for key in object.keys().filter(|key| !["kind", "apiVersion"].contains(&key.as_str())) {
            if !self.schema.has(message, key) {
                return Err(format!("{kind}.{key} has no field number").into());
            }
        }
        for field in message {
            self.field(field, object, out)?;
        }
        Ok(())
    }

    fn field(&self, field: &Field, object: &Map<String, Value>, out: &mut Vec<u8>) -> Result<()> {
        if let (Kind::Message(kind), true) = (&field.kind, field.inline) {
            let inner = self.schema.message(kind).ok_or_else(|| format!("no field numbers for {kind}"))?;
            let of_it = object.iter().filter(|(key, _)| self.schema.has(inner, key));
            let part: Map<String, Value> = of_it.map(|(key, value)| (key.clone(), value.clone())).collect();
            return self.value(field, &Value::Object(part), out);
        }
        match object.get(&field.name) {
            None | Some(Value::Null) => Ok(()),
            Some(Value::Array(items)) => items.iter().try_for_each(|item| self.value(field, item, out)),
            Some(value) => self.value(field, value, out),
        }
    }

    /// One value with its tag.
    fn value(&self, field: &Field, value: &Value, out: &mut Vec<u8>) -> Result<()> {
        let text = value.as_str().unwrap_or_default();
        let mut inner = Vec::new();
        match &field.kind {
            Kind::Int | Kind::Bool => {
                let number = value.as_bool().map_or_else(|| integer(value), u64::from);
                varint_field(field.number, number, out);
                return Ok(());
            }
            Kind::Text => inner.extend_from_slice(text.as_bytes()),
            Kind::Quantity => bytes_field(1, text.as_bytes(), &mut inner),
            Kind::Fields => bytes_field(1, value.to_string().as_bytes(), &mut inner),
            Kind::Time => time(text, &mut inner)?,
            Kind::IntOrText => int_or_text(value, &mut inner),
            Kind::Texts | Kind::Quantities => {
                entries(field, value, out);
                return Ok(());
            }
            Kind::Message(kind) => self.message(kind, value, &mut inner)?,
        }
        bytes_field(field.number, &inner, out);
        Ok(())
    }
}

/// The four bytes and the `runtime.Unknown` around a message of `length` bytes, as far as it stands before it, and what
/// stands behind it.
pub fn envelope(api_version: &str, kind: &str, length: usize) -> (Vec<u8>, Vec<u8>) {
    let mut types = Vec::new();
    bytes_field(1, api_version.as_bytes(), &mut types);
    bytes_field(2, kind.as_bytes(), &mut types);
    let mut before = MAGIC.to_vec();
    bytes_field(1, &types, &mut before);
    tag(2, 2, &mut before);
    varint(length as u64, &mut before);
    let mut behind = Vec::new();
    bytes_field(3, b"", &mut behind);
    bytes_field(4, b"", &mut behind);
    (before, behind)
}

/// A field of bytes, a text or a message.
pub fn bytes_field(number: u32, bytes: &[u8], out: &mut Vec<u8>) {
    tag(number, 2, out);
    varint(bytes.len() as u64, out);
    out.extend_from_slice(bytes);
}

fn varint_field(number: u32, value: u64, out: &mut Vec<u8>) {
    tag(number, 0, out);
    varint(value, out);
}

fn tag(number: u32, wire_type: u32, out: &mut Vec<u8>) {
    varint(u64::from(number << 3 | wire_type), out);
}

fn varint(mut value: u64, out: &mut Vec<u8>) {
    while value > 0x7f {
        out.push(u8::try_from(value & 0x7f).unwrap_or(0) | 0x80);
        value >>= 7;
    }
    out.push(u8::try_from(value).unwrap_or(0));
}

/// A number as protobuf sees it: negative ones take all 64 bits.
fn integer(value: &Value) -> u64 {
    value.as_i64().unwrap_or_default().cast_unsigned()
}

fn time(text: &str, out: &mut Vec<u8>) -> Result<()> {
    let moment: jiff::Timestamp = text.parse()?;
    varint_field(1, moment.as_second().cast_unsigned(), out);
    varint_field(2, u64::from(moment.subsec_nanosecond().unsigned_abs()), out);
    Ok(())
}

/// `IntOrString`: which of the two, the number, the text.
fn int_or_text(value: &Value, out: &mut Vec<u8>) {
    varint_field(1, u64::from(value.is_string()), out);
    varint_field(2, integer(value), out);
    bytes_field(3, value.as_str().unwrap_or_default().as_bytes(), out);
}

/// A map: an entry of key and value for each.
fn entries(field: &Field, map: &Value, out: &mut Vec<u8>) {
    for (key, value) in map.as_object().into_iter().flatten() {
        let text = value.as_str().unwrap_or_default().as_bytes();
        let (mut entry, mut quantity) = (Vec::new(), Vec::new());
        bytes_field(1, key.as_bytes(), &mut entry);
        bytes_field(1, text, &mut quantity);
        bytes_field(2, if field.kind == Kind::Texts { text } else { &quantity }, &mut entry);
        bytes_field(field.number, &entry, out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::SORTS;
    use crate::data::{Change, Cluster};
    use crate::json::Writer;
    use serde_json::json;

    fn message(kind: &str, object: &Value) -> Vec<u8> {
        let mut out = Vec::new();
        Wire::new().message(kind, object, &mut out).unwrap();
        out
    }

    #[test]
    fn fields_are_written_as_the_protobuf_encoding_says() {
        let meta = json!({"name": "web", "generation": 300, "labels": {"a": "b"}, "creationTimestamp": "1970-01-01T00:02:00Z"});
        let wanted =
            [b"\x0a\x03web".as_slice(), b"\x38\xac\x02", b"\x42\x04\x08\x78\x10\x00", b"\x5a\x06\x0a\x01a\x12\x01b"];
        assert_eq!(message("ObjectMeta", &meta), wanted.concat());
        let port = json!({"name": "http", "port": 80, "targetPort": "http"});
        assert_eq!(message("ServicePort", &port), b"\x0a\x04http\x18\x50\x22\x0a\x08\x01\x10\x00\x1a\x04http");
        // The source of a volume is a message of its own, but not in JSON.
        let volume = json!({"name": "tmp", "emptyDir": {}});
        assert_eq!(message("Volume", &volume), b"\x0a\x03tmp\x12\x02\x12\x00");
        let error = Wire::new().message("Volume", &json!({"nonsense": 1}), &mut Vec::new()).unwrap_err();
        assert_eq!(error.to_string(), "Volume.nonsense has no field number");
    }

    #[test]
    fn an_envelope_says_what_is_in_it() {
        let (before, behind) = envelope("v1", "PodList", 3);
        assert_eq!(before, b"k8s\0\x0a\x0d\x0a\x02v1\x12\x07PodList\x12\x03");
        assert_eq!(behind, b"\x1a\x00\x22\x00");
    }

    #[test]
    fn every_object_can_be_written_and_is_smaller_than_its_json() {
        let writer = Writer::new(Cluster { seed: 7, pods: 2_000, now: 1_800_000_000 });
        for sort in SORTS.iter().filter(|sort| sort.has_objects()) {
            let (mut json, mut wire) = (0, 0);
            for index in sort.range(&writer.cluster, None).step_by(7) {
                let mut text = String::new();
                writer.thing(sort, index, Change::default(), &mut text);
                json += text.len();
                wire += message(sort.kind, &serde_json::from_str(&text).unwrap()).len();
            }
            let share = 100 * wire / json;
            assert!((45..90).contains(&share), "{}: {share} % of the JSON", sort.plural);
        }
    }
}
