//! JSON values as Go prints them (`fmt.Sprint`): so kubectl prints the cells of a table.

use serde_json::{Number, Value};

/// The text of a cell; null is none.
pub fn printed(cell: &Value) -> String {
    match cell {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => inner(other),
    }
}

/// The text of a value inside of another one.
fn inner(value: &Value) -> String {
    match value {
        Value::Null => "<nil>".to_owned(),
        Value::Bool(truth) => truth.to_string(),
        Value::Number(number) => of_number(number),
        Value::String(text) => text.clone(),
        Value::Array(items) => format!("[{}]", items.iter().map(inner).collect::<Vec<_>>().join(" ")),
        Value::Object(map) => {
            let mut entries: Vec<String> = map.iter().map(|(key, value)| format!("{key}:{}", inner(value))).collect();
            entries.sort();
            format!("map[{}]", entries.join(" "))
        }
    }
}

/// Very large and very small numbers have an exponent of two digits at least.
fn of_number(number: &Number) -> String {
    let Some(float) = number.as_f64().filter(|_| number.is_f64()) else { return number.to_string() };
    let scientific = format!("{float:e}");
    let Some((digits, exponent)) = scientific.split_once('e') else { return scientific };
    match exponent.parse::<i32>() {
        Ok(power) if !(-4..21).contains(&power) => {
            let sign = if power < 0 { '-' } else { '+' };
            format!("{digits}e{sign}{:02}", power.abs())
        }
        _ => float.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_go_writes_them() {
        let cases = [
            ("3", "3"),
            ("-7", "-7"),
            ("18446744073709551615", "18446744073709551615"),
            ("0.5", "0.5"),
            ("1500000.5", "1500000.5"),
            ("1e21", "1e+21"),
            ("1.5e300", "1.5e+300"),
            ("1e20", "100000000000000000000"),
            ("0.0001", "0.0001"),
            ("0.00001", "1e-05"),
        ];
        for (json, text) in cases {
            assert_eq!(printed(&serde_json::from_str(json).unwrap()), text, "{json}");
        }
    }
}
