//! Comparing two values as Go's templates do (`client-go` `third_party/forked/golang/template/funcs.go`): only values
//! of one sort, and no null, list or map.

use serde_json::{Number, Value};
use std::cmp::Ordering;

/// A value that can be compared.
enum Basic<'a> {
    Truth(bool),
    Whole(i64),
    Float(f64),
    Text(&'a str),
}

/// A number as Go's JSON reads it: whole when it is written so and fits, else floating.
pub fn whole(number: &Number) -> Option<i64> {
    number.as_i64()
}

fn basic(value: &Value) -> Result<Basic<'_>, &'static str> {
    match value {
        Value::Bool(truth) => Ok(Basic::Truth(*truth)),
        Value::Number(number) => match whole(number) {
            Some(whole) => Ok(Basic::Whole(whole)),
            None => Ok(Basic::Float(number.as_f64().unwrap_or(f64::NAN))),
        },
        Value::String(text) => Ok(Basic::Text(text)),
        _ => Err("invalid type for comparison"),
    }
}

/// Whether `left` `by` `right` holds.
///
/// # Errors
/// When they cannot be compared, or nobody knows how `by` compares.
pub fn compare(left: &Value, by: &str, right: &Value) -> Result<bool, String> {
    let order = || order(left, right).map_err(str::to_owned);
    let ranked = || if left.is_boolean() { Err("invalid type for comparison".to_owned()) } else { order() };
    match by {
        "==" => Ok(order()? == Some(Ordering::Equal)),
        "!=" => Ok(order()? != Some(Ordering::Equal)),
        "<" => Ok(ranked()? == Some(Ordering::Less)),
        "<=" => Ok(matches!(ranked()?, Some(Ordering::Less | Ordering::Equal))),
        ">" => Ok(!matches!(ranked()?, Some(Ordering::Less | Ordering::Equal))),
        ">=" => Ok(ranked()? != Some(Ordering::Less)),
        _ => Err(format!("unrecognized filter operator {by}")),
    }
}

fn order(left: &Value, right: &Value) -> Result<Option<Ordering>, &'static str> {
    match (basic(left)?, basic(right)?) {
        (Basic::Truth(a), Basic::Truth(b)) => Ok(Some(a.cmp(&b))),
        (Basic::Whole(a), Basic::Whole(b)) => Ok(Some(a.cmp(&b))),
        (Basic::Float(a), Basic::Float(b)) => Ok(a.partial_cmp(&b)),
        (Basic::Text(a), Basic::Text(b)) => Ok(Some(a.cmp(b))),
        _ => Err("incompatible types for comparison"),
    }
}
