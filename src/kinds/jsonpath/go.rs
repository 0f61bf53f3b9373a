//! How Go writes values: `%v` as `fmt` does it, and JSON as `encoding/json` does it.

use super::compare::whole;
use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter, PrettyFormatter};
use serde_json::{Number, Serializer, Value};
use std::fmt::Write as _;
use std::io::{self, Write};

/// Writes a result of a template: lists and maps as JSON, everything else bare.
pub fn print(value: Option<&Value>, out: &mut String) {
    match value {
        None => out.push_str("<no value>"),
        Some(Value::Null) => out.push_str("null"),
        Some(value @ (Value::Array(_) | Value::Object(_))) => out.push_str(&json(value, None)),
        Some(value) => show(value, out),
    }
}

/// Writes a value as Go's `%v` does: `map[a:1 b:[x y]]`, `<nil>`.
pub fn show(value: &Value, out: &mut String) {
    match value {
        Value::Null => out.push_str("<nil>"),
        Value::Bool(truth) => out.push_str(if *truth { "true" } else { "false" }),
        Value::Number(number) => show_number(number, out),
        Value::String(text) => out.push_str(text),
        Value::Array(list) => {
            out.push('[');
            for (at, value) in list.iter().enumerate() {
                out.push_str(if at > 0 { " " } else { "" });
                show(value, out);
            }
            out.push(']');
        }
        Value::Object(map) => {
            out.push_str("map[");
            for (at, (key, value)) in map.iter().enumerate() {
                out.push_str(if at > 0 { " " } else { "" });
                let _ = write!(out, "{key}:");
                show(value, out);
            }
            out.push(']');
        }
    }
}

fn show_number(number: &Number, out: &mut String) {
    let _ = match (whole(number), number.as_f64()) {
        (Some(whole), _) => write!(out, "{whole}"),
        (None, Some(float)) if (1e-4..1e21).contains(&float.abs()) && is_short(float) => write!(out, "{float}"),
        (None, Some(float)) => write!(out, "{}", with_exponent(float, 2)),
        (None, None) => Ok(()),
    };
}

/// Whether Go's `%g` writes it without an exponent: below 1,000,000 for the shortest form.
fn is_short(float: f64) -> bool {
    float.abs() < 1e6
}

/// `1e+06`: with a sign and at least `digits` digits in the exponent.
fn with_exponent(float: f64, digits: usize) -> String {
    if float == 0.0 {
        return "0".to_owned();
    }
    let text = format!("{float:e}");
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let (sign, exponent) = exponent.strip_prefix('-').map_or(('+', exponent), |exponent| ('-', exponent));
    format!("{mantissa}e{sign}{exponent:0>digits$}")
}

/// JSON as Go writes it, on one line or with an indentation of so many spaces.
pub fn json(value: &Value, indent: Option<usize>) -> String {
    let mut out = Vec::new();
    // Writing to memory cannot fail.
    let _ = to_json(&mut out, value, indent);
    String::from_utf8(out).unwrap_or_default()
}

/// Writes JSON as Go does: keys sorted, `<`, `>` and `&` escaped, floats without a needless point.
///
/// # Errors
/// When `out` cannot be written to.
pub fn to_json(out: &mut impl Write, value: &Value, indent: Option<usize>) -> io::Result<()> {
    let spaces = " ".repeat(indent.unwrap_or(0));
    let written = if indent.is_some() {
        let pretty = PrettyFormatter::with_indent(spaces.as_bytes());
        value.serialize(&mut Serializer::with_formatter(&mut *out, Go(pretty)))
    } else {
        value.serialize(&mut Serializer::with_formatter(&mut *out, Go(CompactFormatter)))
    };
    written.map_err(io::Error::from)
}

/// `text` as Go's JSON escapes it beyond what JSON asks for, as far as it has to be.
fn html_free(text: &str) -> Vec<&str> {
    const ESCAPES: [(&str, &str); 5] =
        [("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026"), ("\u{2028}", "\\u2028"), ("\u{2029}", "\\u2029")];
    let mut parts = Vec::new();
    for part in text.split_inclusive(['<', '>', '&', '\u{2028}', '\u{2029}']) {
        match ESCAPES.iter().find_map(|(sign, escape)| Some((part.strip_suffix(sign)?, *escape))) {
            Some((before, escape)) => parts.extend([before, escape]),
            None => parts.push(part),
        }
    }
    parts
}

/// A formatter that writes numbers and texts as Go does.
struct Go<F>(F);

impl<F: Formatter> Formatter for Go<F> {
    fn write_f64<W: ?Sized + Write>(&mut self, writer: &mut W, value: f64) -> io::Result<()> {
        if value == 0.0 || (1e-6..1e21).contains(&value.abs()) {
            return write!(writer, "{value}");
        }
        writer.write_all(with_exponent(value, 1).as_bytes())
    }

    fn write_u64<W: ?Sized + Write>(&mut self, writer: &mut W, value: u64) -> io::Result<()> {
        // What does not fit an int64 is a float64 to Go.
        #[expect(clippy::cast_precision_loss, reason = "so it is for Go")]
        match i64::try_from(value) {
            Ok(value) => write!(writer, "{value}"),
            Err(_) => self.write_f64(writer, value as f64),
        }
    }

    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        html_free(fragment).into_iter().try_for_each(|part| writer.write_all(part.as_bytes()))
    }

    fn begin_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_array(writer)
    }

    fn end_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_array(writer)
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_array_value(writer, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_array_value(writer)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_object(writer)
    }

    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object(writer)
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_object_key(writer, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_object_value(writer)
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object_value(writer)
    }
}
