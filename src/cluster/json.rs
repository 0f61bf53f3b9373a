//! Reading and writing fields of JSON by their path, without a panic whatever stands there.

use serde_json::{Map, Value};

/// Sets the field at `path`; what leads there becomes an object where it is none.
pub fn put(value: &mut Value, path: &[&str], new: Value) {
    let Some((name, rest)) = path.split_first() else {
        *value = new;
        return;
    };
    if !value.is_object() {
        *value = Value::Object(Map::new());
    }
    if let Some(map) = value.as_object_mut() {
        put(map.entry(*name).or_insert(Value::Null), rest, new);
    }
}

/// The value at a JSON pointer; null where there is none.
pub fn at<'a>(value: &'a Value, pointer: &str) -> &'a Value {
    value.pointer(pointer).unwrap_or(&Value::Null)
}

/// The text at `pointer`; `""` when there is none.
pub fn text<'a>(object: &'a Value, pointer: &str) -> &'a str {
    at(object, pointer).as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_leads_to_a_field_is_made() {
        let mut value = json!({"a": {"b": 1}, "text": "x"});
        put(&mut value, &["a", "c", "d"], json!(2));
        put(&mut value, &["text", "e"], json!(3));
        assert_eq!(value, json!({"a": {"b": 1, "c": {"d": 2}}, "text": {"e": 3}}));
        assert_eq!((at(&value, "/a/b"), at(&value, "/a/x")), (&json!(1), &Value::Null));
    }
}
