//! `Json`: a value inside an object, which may be missing: reading it never fails.

use crate::kinds::quantity::Quantity;
use serde_json::Value;
use std::fmt;

/// A value of an object, or nothing; null is nothing, as in Go.
#[derive(Debug, Clone, Copy)]
pub struct Json<'a>(Option<&'a Value>);

impl<'a> Json<'a> {
    /// This value.
    pub fn of(value: &'a Value) -> Self {
        Self(Some(value).filter(|value| !value.is_null()))
    }

    /// What is at `path`: names of fields, parted by dots.
    #[must_use]
    pub fn at(self, path: &str) -> Self {
        path.split('.').fold(self, Self::key)
    }

    /// The field called `key`, which may hold dots.
    #[must_use]
    pub fn key(self, key: &str) -> Self {
        self.0.and_then(|value| value.get(key)).map_or(Self(None), Self::of)
    }

    /// Whether it is there.
    pub fn is_set(self) -> bool {
        self.0.is_some()
    }

    /// Its text; `""` when it is missing or no text.
    pub fn text(self) -> &'a str {
        self.0.and_then(Value::as_str).unwrap_or_default()
    }

    /// Its text, or `other` when that is empty.
    pub fn text_or(self, other: &'a str) -> &'a str {
        Some(self.text()).filter(|text| !text.is_empty()).unwrap_or(other)
    }

    /// Its number; 0 when it is missing or none.
    pub fn int(self) -> i64 {
        self.0.and_then(Value::as_i64).unwrap_or_default()
    }

    /// Whether it is `true`.
    pub fn truth(self) -> bool {
        self.0.and_then(Value::as_bool).unwrap_or_default()
    }

    /// Its quantity; 0 when it is missing or none.
    pub fn quantity(self) -> Quantity {
        Quantity::parse(&self.to_string()).unwrap_or_default()
    }

    /// As Go prints it, or `other` when it is missing.
    pub fn or(self, other: &str) -> String {
        if self.is_set() { self.to_string() } else { other.to_owned() }
    }

    /// Its elements.
    pub fn list(self) -> impl DoubleEndedIterator<Item = Json<'a>> + ExactSizeIterator {
        self.0.and_then(Value::as_array).map_or(&[][..], Vec::as_slice).iter().map(Self::of)
    }

    /// The texts of its elements.
    pub fn texts(self) -> Vec<&'a str> {
        self.list().map(Self::text).collect()
    }

    /// Its fields, sorted by name.
    pub fn entries(self) -> Vec<(&'a str, Json<'a>)> {
        let fields = self.0.and_then(Value::as_object).into_iter().flatten();
        let mut fields: Vec<_> = fields.map(|(name, value)| (name.as_str(), Self::of(value))).collect();
        fields.sort_unstable_by_key(|(name, _)| *name);
        fields
    }

    /// How many elements or fields it has.
    pub fn len(self) -> usize {
        match self.0 {
            Some(Value::Array(list)) => list.len(),
            Some(Value::Object(fields)) => fields.len(),
            _ => 0,
        }
    }

    /// Whether it has neither elements nor fields.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The value itself.
    pub fn value(self) -> Option<&'a Value> {
        self.0
    }
}

/// As Go's `%v` prints it: `[a b]`, `map[a:1]`; what is missing is empty.
impl fmt::Display for Json<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            None => Ok(()),
            Some(value) => f.write_str(&printed(value)),
        }
    }
}

/// A value as Go prints it inside of others.
pub fn printed(value: &Value) -> String {
    match value {
        Value::Null => "<nil>".to_owned(),
        Value::String(text) => text.clone(),
        Value::Number(number) => float(number).unwrap_or_else(|| number.to_string()),
        Value::Bool(truth) => truth.to_string(),
        Value::Array(list) => format!("[{}]", list.iter().map(printed).collect::<Vec<_>>().join(" ")),
        Value::Object(_) => {
            let entries = Json::of(value).entries();
            let entry = |(name, value): (&str, Json<'_>)| {
                format!("{name}:{}", value.0.map_or_else(|| "<nil>".to_owned(), printed))
            };
            format!("map[{}]", entries.into_iter().map(entry).collect::<Vec<_>>().join(" "))
        }
    }
}

/// A number with a fraction or an exponent: with an exponent from 1e21 on and below 1e-4.
fn float(number: &serde_json::Number) -> Option<String> {
    let value = number.as_f64().filter(|_| number.is_f64())?;
    let size = value.abs();
    if value == 0.0 || (1e-4..1e21).contains(&size) {
        return Some(value.to_string());
    }
    let text = format!("{value:e}");
    let (digits, exponent) = text.split_once('e')?;
    let (sign, exponent) = exponent.strip_prefix('-').map_or(('+', exponent), |exponent| ('-', exponent));
    Some(format!("{digits}e{sign}{exponent:0>2}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn values_are_printed_as_go_prints_them() {
        let cases = [
            (json!("a"), "a"),
            (json!(["a", 1, null]), "[a 1 <nil>]"),
            (json!({"b": true, "a": [1.5]}), "map[a:[1.5] b:true]"),
            (json!(1e21), "1e+21"),
            (json!(0.00001), "1e-05"),
            (json!(2.0), "2"),
            (json!(null), ""),
        ];
        for (value, text) in cases {
            assert_eq!(Json::of(&value).to_string(), text, "{value}");
        }
    }

    #[test]
    fn what_is_missing_is_empty() {
        let value = json!({"a": {"b": null}, "x.y": "z"});
        let json = Json::of(&value);
        assert!(!json.at("a.b").is_set() && !json.at("a.b.c").is_set());
        assert_eq!((json.at("a.b").text(), json.at("a.b").int(), json.at("a").len()), ("", 0, 1));
        assert_eq!((json.key("x.y").text(), json.at("a.b").or("-").as_str()), ("z", "-"));
    }
}
