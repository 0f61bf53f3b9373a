//! What is not shown of an object unless it is asked for: managed fields, and the values of Secrets.

use super::{Options, Reveal};
use serde_json::{Map, Value};

/// Where `kubectl apply` keeps a copy of the whole object, values of a Secret included.
pub const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// Takes out of `object`, of the items of a list, or of each of an array, what `options` do not ask for.
pub fn mask(object: &mut Value, options: &Options) {
    if let Value::Array(list) = object {
        for item in list {
            mask(item, options);
        }
    }
    let Some(map) = object.as_object_mut() else { return };
    if !options.managed_fields
        && let Some(metadata) = map.get_mut("metadata").and_then(Value::as_object_mut)
    {
        metadata.remove("managedFields");
    }
    let is = |key: &str, value: &str| map.get(key).and_then(Value::as_str) == Some(value);
    if is("kind", "Secret") && is("apiVersion", "v1") {
        mask_secret(map, &options.reveal);
    } else if let Some(items) = map.get_mut("items").and_then(Value::as_array_mut) {
        for item in items {
            mask(item, options);
        }
    }
}

/// Masks the values of a Secret. The last-applied copy holds all of them, so it stays masked until all are shown.
fn mask_secret(secret: &mut Map<String, Value>, reveal: &Reveal) {
    for (field, size) in [("data", decoded_size as fn(&str) -> usize), ("stringData", str::len)] {
        for (key, value) in secret.get_mut(field).and_then(Value::as_object_mut).into_iter().flatten() {
            if !reveal.shows(key) {
                cover(value, size);
            }
        }
    }
    let annotations = secret.get_mut("metadata").and_then(|metadata| metadata.get_mut("annotations"));
    if let Some(copy) = annotations.and_then(|all| all.get_mut(LAST_APPLIED))
        && *reveal != Reveal::All
    {
        cover(copy, str::len);
    }
}

/// Masks the values of a Secret in `after` that are not those in `before`, so that one of the same size is told apart.
pub fn mask_changed(before: &Value, after: &mut Value) {
    if after.get("kind").and_then(Value::as_str) != Some("Secret") {
        return;
    }
    for (field, size) in [("data", decoded_size as fn(&str) -> usize), ("stringData", str::len)] {
        for (key, value) in after.get_mut(field).and_then(Value::as_object_mut).into_iter().flatten() {
            let old = before.get(field).and_then(|old| old.get(key));
            if old.is_some_and(|old| old != value) {
                cover(value, size);
                *value = Value::String(format!("{}{ANOTHER}", value.as_str().unwrap_or_default()));
            }
        }
    }
}

/// How a covered value begins, and how one ends that differs from the one before; no base64 does.
const COVER: &str = "•••";
const ANOTHER: &str = ", another value";

/// Whether a value stands for one that is not shown.
pub fn is_masked(value: &Value) -> bool {
    value.as_str().is_some_and(|text| text.starts_with(COVER))
}

/// Puts the size in place of a value, unless it is covered already.
fn cover(value: &mut Value, size: fn(&str) -> usize) {
    let bytes = match &*value {
        Value::String(text) if text.starts_with(COVER) && text.ends_with(ANOTHER) => return,
        Value::String(text) => size(text),
        other => other.to_string().len(),
    };
    *value = Value::String(format!("{COVER} {bytes} {}", if bytes == 1 { "byte" } else { "bytes" }));
}

/// How many bytes base64 stands for.
fn decoded_size(base64: &str) -> usize {
    base64.bytes().filter(|b| !matches!(b, b'=' | b'\n' | b'\r')).count() * 3 / 4
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn secret() -> Value {
        json!({
            "apiVersion": "v1", "kind": "Secret",
            "metadata": {"name": "s", "managedFields": [{"manager": "kubectl"}],
                "annotations": {LAST_APPLIED: "{\"data\":{\"password\":\"aHVudGVyMg==\"}}", "note": "kept"}},
            "data": {"password": "aHVudGVyMg==", "user": "YQ=="}, "stringData": {"plain": "hunter2"},
        })
    }

    fn masked(mut object: Value, options: &Options) -> String {
        mask(&mut object, options);
        object.to_string()
    }

    #[test]
    fn nothing_of_a_secret_is_shown() {
        let text = masked(secret(), &Options::default());
        assert!(!text.contains("aHVudGVyMg") && !text.contains("hunter2") && !text.contains("YQ=="), "{text}");
        for part in ["••• 7 bytes", "••• 1 byte\"", "••• 36 bytes", "kept"] {
            assert!(text.contains(part), "{part} in {text}");
        }
        assert!(!text.contains("managedFields"));
        let list = json!({"kind": "List", "apiVersion": "v1", "items": [secret()]});
        assert!(!masked(list, &Options::default()).contains("hunter2"));
    }

    #[test]
    fn one_key_or_all_can_be_shown() {
        let one = Options { reveal: Reveal::Key("user".into()), managed_fields: true, ..Options::default() };
        let text = masked(secret(), &one);
        assert!(text.contains("YQ==") && !text.contains("aHVudGVyMg") && text.contains("managedFields"));
        assert!(masked(secret(), &Options { reveal: Reveal::All, ..one }).contains("aHVudGVyMg==\\"));
    }

    #[test]
    fn other_kinds_and_odd_shapes_are_left_alone() {
        let map = json!({"apiVersion": "v1", "kind": "ConfigMap", "data": {"a": "b"}});
        assert_eq!(masked(map.clone(), &Options::default()), map.to_string());
        let odd = json!({"apiVersion": "v1", "kind": "Secret", "data": {"n": {"deep": "hunter2"}}, "metadata": 1});
        assert!(!masked(odd, &Options::default()).contains("hunter2"));
    }
}
