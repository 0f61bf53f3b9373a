//! The order of `--sort-by` (`kubectl` 1.36 `get/sorter.go`): what lacks the field first, numbers by size, texts that
//! are quantities by worth, other texts by their bytes. Where kubectl gives up (values of different sorts, truths,
//! lists and maps), here they have an order, too; and what is equal stays in the server's order.

use crate::kinds::jsonpath::{Template, json};
use crate::kinds::quantity::nanos;
use serde_json::Value;
use std::borrow::Cow;
use std::cmp::Ordering;

/// What `object` is sorted by; none when it has nothing there, or something that cannot be asked.
pub fn key(template: &Template, object: &Value) -> Option<Value> {
    let found = template.find(object).ok()?;
    found.into_iter().next()?.into_iter().next()?.map(Cow::into_owned)
}

/// The order of two keys.
pub fn order(a: Option<&Value>, b: Option<&Value>) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) => values(a, b),
        (a, b) => a.is_some().cmp(&b.is_some()),
    }
}

fn values(a: &Value, b: &Value) -> Ordering {
    match (a, b) {
        (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
        (Value::Number(a), Value::Number(b)) => match (a.as_i64(), b.as_i64()) {
            (Some(a), Some(b)) => a.cmp(&b),
            _ => a.as_f64().partial_cmp(&b.as_f64()).unwrap_or(Ordering::Equal),
        },
        (Value::String(a), Value::String(b)) => match (nanos(a), nanos(b)) {
            (Some(a), Some(b)) => a.cmp(&b),
            _ => a.cmp(b),
        },
        _ => rank(a).cmp(&rank(b)).then_with(|| json(a, None).cmp(&json(b, None))),
    }
}

fn rank(value: &Value) -> u8 {
    match value {
        Value::Null => 0,
        Value::Bool(_) => 1,
        Value::Number(_) => 2,
        Value::String(_) => 3,
        Value::Array(_) => 4,
        Value::Object(_) => 5,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn keys_have_kubectls_order() {
        let rising = [
            None,
            Some(json!(null)),
            Some(json!(false)),
            Some(json!(2)),
            Some(json!(2.5)),
            Some(json!(10)),
            Some(json!("100m")),
            Some(json!("2")),
            Some(json!("10Gi")),
            Some(json!("1Ti")),
            Some(json!("2026-11-23T15:32:56Z")),
            Some(json!("web")),
            Some(json!(["a"])),
            Some(json!({"a": 1})),
        ];
        for pair in rising.windows(2) {
            assert_eq!(order(pair[0].as_ref(), pair[1].as_ref()), Ordering::Less, "{pair:?}");
        }
    }

    #[test]
    fn the_key_is_the_first_that_is_found() {
        let template = Template::relaxed(".a[*]").unwrap();
        assert_eq!(key(&template, &json!({"a": [3, 4]})), Some(json!(3)));
        assert_eq!(key(&template, &json!({})), None);
    }
}
