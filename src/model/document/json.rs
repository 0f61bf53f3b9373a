//! Writes a JSON value the way kubectl's `-o json` does: indented by four spaces, keys sorted by their bytes, and with
//! the escapes of Go's `encoding/json`.

use super::emit::{Emitter, LineKind};
use crate::kinds::way::Step;
use serde_json::{Number, Value};

/// Spaces of one step inwards.
const INDENT: usize = 4;

/// Writes a whole document.
pub fn emit(value: &Value) -> Emitter {
    let mut out = Emitter::begin();
    node(&mut out, value, 0);
    out.end()
}

fn node(out: &mut Emitter, value: &Value, indent: usize) {
    match value {
        Value::Object(map) if !map.is_empty() => {
            let count = map.len();
            out.put("{");
            for (nth, (key, value)) in map.iter().enumerate() {
                out.line(indent + INDENT, LineKind::Structure);
                out.enter(Step::Key(key.clone()));
                text(out, key);
                out.put(": ");
                inside(out, value, indent, nth + 1 == count);
            }
            out.line(indent, LineKind::Structure);
            out.put("}");
        }
        Value::Array(list) if !list.is_empty() => {
            let count = list.len();
            out.put("[");
            for (nth, value) in list.iter().enumerate() {
                out.line(indent + INDENT, LineKind::Structure);
                out.enter(Step::Index(nth));
                inside(out, value, indent, nth + 1 == count);
            }
            out.line(indent, LineKind::Structure);
            out.put("]");
        }
        Value::String(value) => text(out, value),
        Value::Number(number) => out.put(&show_number(number)),
        other => out.put(&other.to_string()),
    }
}

/// A value inside another one, with what parts it from the next.
fn inside(out: &mut Emitter, value: &Value, indent: usize, last: bool) {
    node(out, value, indent + INDENT);
    out.put(if last { "" } else { "," });
    out.leave();
}

/// A string with Go's escapes: also `<`, `>` and `&`, and what `JavaScript` takes for the end of a line.
fn text(out: &mut Emitter, text: &str) {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            '\u{8}' => quoted.push_str("\\b"),
            '\u{c}' => quoted.push_str("\\f"),
            '\0'..='\u{1f}' | '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                quoted.extend(["\\u", &format!("{:04x}", u32::from(c))]);
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    out.put(&quoted);
}

/// A number as Go writes it: with an exponent below 0.000001 and from 1e21 on.
fn show_number(number: &Number) -> String {
    let Some(float) = number.as_f64().filter(|_| number.is_f64()) else { return number.to_string() };
    if float == 0.0 || (1e-6..1e21).contains(&float.abs()) {
        return float.to_string();
    }
    let scientific = format!("{float:e}");
    if scientific.contains("e-") { scientific } else { scientific.replace('e', "e+") }
}

#[cfg(test)]
mod tests {
    use super::super::{Document, Format, Options};
    use serde_json::{Value, json};

    fn json(value: Value) -> String {
        Document::of(value, &Options { format: Format::Json, ..Options::default() }).text().to_owned()
    }

    #[test]
    fn objects_are_indented_and_escaped_as_go_does() {
        let text = json(json!({"b": [1, {}, [], [true]], "a": {"x": "<a>&\u{1}\u{2028}\"é\n"}, "c": null}));
        let want = "{\n    \"a\": {\n        \"x\": \"\\u003ca\\u003e\\u0026\\u0001\\u2028\\\"é\\n\"\n    },\n    \"b\": [\n        1,\n        \
                    {},\n        [],\n        [\n            true\n        ]\n    ],\n    \"c\": null\n}\n";
        assert_eq!(text, want);
    }

    #[test]
    fn numbers_are_gos() {
        let numbers: Vec<Value> =
            ["0", "2.0", "1e6", "0.5", "1e-7", "1e21", "-5"].map(|n| serde_json::from_str(n).unwrap()).into();
        let lines: Vec<String> = json(Value::from(numbers)).lines().map(|line| line.trim().to_owned()).collect();
        assert_eq!(lines, ["[", "0,", "2,", "1000000,", "0.5,", "1e-7,", "1e+21,", "-5", "]"]);
    }
}
