//! The parts of one line of YAML, for colouring. Works on lines that our own emitter wrote, one at a time.

use std::ops::Range;

/// What a part of a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// The key of a map.
    Key,
    /// A string, quoted or not, and the lines inside a block.
    Text,
    /// A number.
    Number,
    /// `true`, `false`, `null`.
    Word,
    /// `:`, `-`, `?`, `|-`, `{}`, `[]`.
    Punctuation,
    /// A masked value.
    Masked,
    /// A comment.
    Comment,
}

/// The parts of a line that is structure: byte ranges in order, spaces left out.
pub fn structure(line: &str) -> Vec<(Range<usize>, Class)> {
    let mut parts = Vec::new();
    let mut at = line.len() - line.trim_start_matches(' ').len();
    while let Some(sign @ ("- " | "? " | ": ")) = line.get(at..at + 2).or(None) {
        parts.push((at..at + 1, Class::Punctuation));
        at += sign.len();
    }
    if let Some(end) = key_end(line.get(at..).unwrap_or_default()) {
        parts.push((at..at + end, Class::Key));
        parts.push((at + end..at + end + 1, Class::Punctuation));
        at += end + 1;
    }
    let rest = line.get(at..).unwrap_or_default();
    let start = at + rest.len() - rest.trim_start_matches(' ').len();
    if start < line.len() {
        parts.push((start..line.len(), class(line.get(start..).unwrap_or_default())));
    }
    parts
}

/// The single part of a line that lies inside a string.
pub fn inside(line: &str) -> Vec<(Range<usize>, Class)> {
    let start = line.len() - line.trim_start_matches(' ').len();
    if start < line.len() { vec![(start..line.len(), Class::Text)] } else { Vec::new() }
}

/// The parts of a line of indented JSON.
pub fn json(line: &str) -> Vec<(Range<usize>, Class)> {
    let start = line.len() - line.trim_start_matches(' ').len();
    let mut parts = Vec::new();
    let mut at = start;
    let rest = line.get(at..).unwrap_or_default();
    if let Some(end) = closing(rest, b'"').filter(|end| rest.get(*end..).is_some_and(|rest| rest.starts_with(": "))) {
        parts.push((at..at + end, Class::Key));
        parts.push((at + end..at + end + 1, Class::Punctuation));
        at += end + 2;
    }
    let value = line.get(at..).unwrap_or_default();
    let bare = value.strip_suffix(',').unwrap_or(value);
    let class = match bare.as_bytes().first() {
        None => None,
        Some(b'{' | b'}' | b'[' | b']') => Some(Class::Punctuation),
        Some(b'"') if bare.starts_with("\"•••") => Some(Class::Masked),
        Some(b'"') => Some(Class::Text),
        Some(_) => Some(class(bare)),
    };
    parts.extend(class.map(|class| (at..at + bare.len(), class)));
    if bare.len() < value.len() {
        parts.push((at + bare.len()..line.len(), Class::Punctuation));
    }
    parts
}

/// Where the key ends with which `text` starts; none when it starts with a value.
fn key_end(text: &str) -> Option<usize> {
    let from = match text.bytes().next()? {
        quote @ (b'"' | b'\'') => closing(text, quote)?,
        _ => text.find(": ").or_else(|| text.strip_suffix(':').map(str::len))?,
    };
    let rest = text.get(from..)?;
    (rest == ":" || rest.starts_with(": ")).then_some(from)
}

/// Where a quoted text ends, its closing quote included.
fn closing(text: &str, quote: u8) -> Option<usize> {
    text.bytes().next().filter(|first| *first == quote)?;
    let mut escaped = false;
    let end = text.bytes().skip(1).position(|b| {
        let ends = b == quote && !escaped;
        escaped = b == b'\\' && quote == b'"' && !escaped;
        ends
    })?;
    Some(end + 2)
}

/// What a value is.
fn class(value: &str) -> Class {
    let number = || value.parse::<f64>().is_ok() && value.starts_with(|c: char| c == '-' || c.is_ascii_digit());
    match value {
        "null" | "true" | "false" => Class::Word,
        "{}" | "[]" | "-" | ":" | "|" | "|-" | "|+" | "|2" | "|2-" | "|2+" => Class::Punctuation,
        value if value.starts_with('#') => Class::Comment,
        value if value.starts_with("•••") => Class::Masked,
        _ if number() => Class::Number,
        _ => Class::Text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(line: &str) -> Vec<(&str, Class)> {
        structure(line).into_iter().map(|(range, class)| (&line[range], class)).collect()
    }

    #[test]
    fn parts_of_lines_are_told_apart() {
        use Class::{Key, Masked, Number, Punctuation, Text, Word};
        assert_eq!(parts("  name: web"), [("name", Key), (":", Punctuation), ("web", Text)]);
        assert_eq!(
            parts("- - a: 12"),
            [("-", Punctuation), ("-", Punctuation), ("a", Key), (":", Punctuation), ("12", Number)]
        );
        assert_eq!(parts("spec:"), [("spec", Key), (":", Punctuation)]);
        assert_eq!(parts("- image:tag"), [("-", Punctuation), ("image:tag", Text)]);
        assert_eq!(parts("\"a\\\": b\": |-"), [("\"a\\\": b\"", Key), (":", Punctuation), ("|-", Punctuation)]);
        assert_eq!(parts("k: 'x: y'"), [("k", Key), (":", Punctuation), ("'x: y'", Text)]);
        assert_eq!(parts("- 'x: y'"), [("-", Punctuation), ("'x: y'", Text)]);
        assert_eq!(parts("a: true"), [("a", Key), (":", Punctuation), ("true", Word)]);
        assert_eq!(parts("a: \"1\""), [("a", Key), (":", Punctuation), ("\"1\"", Text)]);
        assert_eq!(parts("a: ••• 7 bytes"), [("a", Key), (":", Punctuation), ("••• 7 bytes", Masked)]);
        assert_eq!(parts("a: 1.5e+06")[2].1, Number);
        assert_eq!(parts("a: 10.0.0.1")[2].1, Text);
        assert_eq!(parts(""), []);
        let of_json = |line: &'static str| -> Vec<(&str, Class)> {
            json(line).into_iter().map(|(range, class)| (&line[range], class)).collect()
        };
        assert_eq!(of_json("    \"a\": {"), [("\"a\"", Key), (":", Punctuation), ("{", Punctuation)]);
        assert_eq!(of_json("  \"a: b\","), [("\"a: b\"", Text), (",", Punctuation)]);
        assert_eq!(of_json("\"n\": 12,")[2..], [("12", Number), (",", Punctuation)]);
        assert_eq!(of_json("\"n\": true")[2..], [("true", Word)]);
        assert_eq!(of_json("],"), [("]", Punctuation), (",", Punctuation)]);
        assert_eq!(inside("    key: in a block"), [(4..19, Text)]);
    }
}
