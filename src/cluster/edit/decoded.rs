//! Secrets as a person edits them: values that are text stand in `stringData`, the others stay in `data`.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

/// Whether an object is a Secret.
fn is_secret(object: &Value) -> bool {
    object.get("kind").is_some_and(|kind| kind == "Secret")
        && object.get("apiVersion").is_some_and(|version| version == "v1")
}

/// `object` with the values of a Secret decoded where they are text; anything else as it is.
pub fn decoded(object: &Value) -> Value {
    let mut shown = object.clone();
    if !is_secret(object) {
        return shown;
    }
    let data = object.get("data").and_then(Value::as_object);
    let text = |value: &Value| String::from_utf8(STANDARD.decode(value.as_str()?).ok()?).ok();
    let (mut texts, mut binary) = (Map::new(), Map::new());
    for (key, value) in data.into_iter().flatten() {
        match text(value) {
            Some(text) => texts.insert(key.clone(), json!(text)),
            None => binary.insert(key.clone(), value.clone()),
        };
    }
    for (field, values) in [("data", binary), ("stringData", texts)] {
        match shown.as_object_mut() {
            Some(map) if values.is_empty() => drop(map.remove(field)),
            Some(map) => drop(map.insert(field.to_owned(), Value::Object(values))),
            None => {}
        }
    }
    shown
}

/// `edited` with the texts of a Secret encoded again, as the server keeps them; `base` tells whether it had `data` at all.
///
/// # Errors
/// The key of a value in `data` that is not base64.
pub fn encoded(edited: &Value, base: &Value) -> Result<Value, String> {
    let mut object = edited.clone();
    if !is_secret(edited) {
        return Ok(object);
    }
    let Some(map) = object.as_object_mut() else { return Ok(object) };
    let mut data = map.remove("data").and_then(|data| data.as_object().cloned()).unwrap_or_default();
    if let Some((key, _)) =
        data.iter().find(|(_, value)| value.as_str().is_none_or(|text| STANDARD.decode(text).is_err()))
    {
        return Err(key.clone());
    }
    let texts = map.remove("stringData");
    for (key, value) in texts.as_ref().and_then(Value::as_object).into_iter().flatten() {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        data.insert(key.clone(), json!(STANDARD.encode(text)));
    }
    if !data.is_empty() || base.get("data").is_some_and(|data| !data.is_null()) {
        map.insert("data".to_owned(), Value::Object(data));
    }
    Ok(object)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_decoded_and_encoded_and_bytes_stay() {
        let secret = json!({"apiVersion": "v1", "kind": "Secret", "data": {"p": "aHVudGVyMg==", "b": "/w=="}});
        let shown = decoded(&secret);
        assert_eq!((&shown["stringData"], &shown["data"]), (&json!({"p": "hunter2"}), &json!({"b": "/w=="})));
        assert_eq!(encoded(&shown, &secret).unwrap(), secret);
        let mut wrong = shown;
        wrong["data"]["b"] = json!("not base64!");
        assert_eq!(encoded(&wrong, &secret), Err("b".to_owned()));
        let empty = json!({"apiVersion": "v1", "kind": "Secret"});
        assert_eq!(encoded(&decoded(&empty), &empty).unwrap(), empty);
    }
}
