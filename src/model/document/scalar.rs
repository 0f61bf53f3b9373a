//! How YAML writes one string: plain, quoted or as a block, by the rules of go-yaml v2, which kubectl uses
//! (`go.yaml.in/yaml/v2` `encode.go` `stringv`, `resolve.go`, `emitterc.go` `yaml_emitter_analyze_scalar`).
//!
//! Three rare differences, each so that every reader of YAML gets the same string back: U+2028 and U+2029 are
//! escaped, numbers too large for a float and `<<` are quoted.

/// How a string is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// As it is.
    Plain,
    /// `'…'`.
    Single,
    /// `"…"` with escapes.
    Double,
    /// A literal block, `|`.
    Block,
}

/// The style for `text`; a key is never a block.
pub fn style(text: &str, key: bool) -> Style {
    let look = Look::of(text);
    if text.contains('\n') {
        return if look.block && !key { Style::Block } else { Style::Double };
    }
    if resolves(text) || look.special {
        return Style::Double;
    }
    if look.plain { Style::Plain } else { Style::Single }
}

/// What the characters of a string allow.
#[derive(Debug, Clone, Copy)]
struct Look {
    plain: bool,
    block: bool,
    special: bool,
}

impl Look {
    fn of(text: &str) -> Self {
        let special = !text.chars().all(is_printable) || text.contains(" \n");
        let ends = |c: char| text.starts_with(c) || text.ends_with(c);
        let plain = !special && !ends(' ') && !ends('\n') && !has_indicator(text);
        Self { plain, block: !special && !text.ends_with(' '), special }
    }
}

/// Whether YAML would take a part of `text` for syntax.
fn has_indicator(text: &str) -> bool {
    let first = |set: &str| text.chars().next().is_some_and(|c| set.contains(c));
    text.starts_with("---")
        || text.starts_with("...")
        || first("#,[]{}&*!|>'\"%@`")
        || ((first("?-") || first(":")) && text.chars().nth(1).is_none_or(|c| c == ' '))
        || text.contains(": ")
        || text.ends_with(':')
        || text.contains(" #")
        || text.contains("\n#")
}

/// Whether a character may stand unescaped. Like go-yaml, not those beyond U+FFFF.
pub fn is_printable(c: char) -> bool {
    matches!(c, '\n' | ' '..='~' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}')
        && !matches!(c, '\u{feff}' | '\u{2028}' | '\u{2029}')
}

/// Whether an unquoted `text` would be read as something else than a string.
pub fn resolves(text: &str) -> bool {
    match text.bytes().next() {
        None => true,
        Some(b'y' | b'Y' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'o' | b'O' | b'~' | b'<') => is_word(text),
        Some(b'.') => is_word(text) || is_float(text),
        Some(b'+' | b'-' | b'0'..=b'9') => is_word(text) || is_number(text) || is_moment(text) || is_base_60(text),
        Some(_) => false,
    }
}

/// The words of YAML 1.1 for true, false, null, infinity and "not a number".
fn is_word(text: &str) -> bool {
    const WORDS: [&str; 10] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null", ".nan"];
    let cases = |word: &str| {
        let lower = text.to_ascii_lowercase() == word;
        let head = text.get(1..).unwrap_or_default();
        let small = |c: char| c.is_ascii_lowercase();
        let capital = |c: char| c.is_ascii_uppercase();
        lower && (head.chars().all(small) || text.chars().filter(char::is_ascii_alphabetic).all(capital))
    };
    let infinite = ["", "+", "-"].iter().any(|sign| {
        let word = text.strip_prefix(sign).unwrap_or_default();
        [".inf", ".Inf", ".INF"].contains(&word)
    });
    matches!(text, "~" | "<<" | ".NaN" | ".NAN") || WORDS.iter().any(|word| cases(word)) || infinite
}

/// Integers (also `0x`, `0o`, `0b`, leading zeros, underscores) and floats.
fn is_number(text: &str) -> bool {
    let plain = text.replace('_', "");
    let digits = plain.strip_prefix(['+', '-']).unwrap_or(&plain);
    let based = |prefixes: [&str; 2], radix: u32| {
        let rest = prefixes.iter().find_map(|prefix| digits.strip_prefix(prefix));
        rest.is_some_and(|rest| !rest.starts_with('+') && u64::from_str_radix(rest, radix).is_ok())
    };
    is_float(&plain) || based(["0x", "0X"], 16) || based(["0o", "0O"], 8) || based(["0b", "0B"], 2)
}

/// `^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$`
fn is_float(text: &str) -> bool {
    let text = text.strip_prefix(['+', '-']).unwrap_or(text);
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let (number, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    let mantissa = if whole.is_empty() { digits(part) } else { digits(whole) && (part.is_empty() || digits(part)) };
    mantissa && digits(exponent)
}

/// Sexagesimal numbers of YAML 1.1, `^[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?$`: quoted for old readers.
fn is_base_60(text: &str) -> bool {
    let text = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (text, decimals) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit() || b == b'_');
    let mut parts = text.split(':');
    let first = parts.next().unwrap_or_default();
    let sixty = |part: &str| matches!(part.as_bytes(), [b'0'..=b'9'] | [b'0'..=b'5', b'0'..=b'9']);
    text.contains(':')
        && first.starts_with(|c: char| c.is_ascii_digit())
        && digits(first)
        && digits(decimals)
        && parts.all(sixty)
}

/// Dates and times as go-yaml reads them: `2026-1-2`, `2026-01-02T15:04:05.5Z`, `2026-01-02 15:04:05`.
fn is_moment(text: &str) -> bool {
    let Some(at) = text.find(['T', 't', ' ']) else { return is_date(text) };
    let (date, rest) = (text.get(..at).unwrap_or_default(), text.get(at + 1..).unwrap_or_default());
    let zoned = !text.get(at..).unwrap_or_default().starts_with(' ');
    let end = rest.find(['Z', '+', '-']).unwrap_or(rest.len());
    let (clock, zone) = (rest.get(..end).unwrap_or_default(), rest.get(end..).unwrap_or_default());
    is_date(date) && is_clock(clock) && if zoned { is_zone(zone) } else { zone.is_empty() }
}

/// Year (four digits), month and day (one or two) that exist.
fn is_date(text: &str) -> bool {
    let mut parts = text.split('-');
    let year = parts.next().filter(|year| year.len() == 4).and_then(|year| small(year, 4, 9_999));
    let (month, day) = (parts.next().and_then(|m| small(m, 2, 12)), parts.next().and_then(|d| small(d, 2, 31)));
    let (Some(year), Some(month @ 1..), Some(day @ 1..), None) = (year, month, day, parts.next()) else { return false };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    day <= days
}

/// Hour, minute and second (one or two digits), decimals.
fn is_clock(text: &str) -> bool {
    let (clock, decimals) = text.split_once(['.', ',']).unwrap_or((text, "0"));
    let mut parts = clock.split(':');
    let mut part = |most: u32| parts.next().is_some_and(|part| small(part, 2, most).is_some());
    let clock = part(23) && part(59) && part(59) && parts.next().is_none();
    clock && !decimals.is_empty() && decimals.bytes().all(|b| b.is_ascii_digit())
}

/// `Z` or `+02:00`.
fn is_zone(text: &str) -> bool {
    let offset = || {
        let (hours, minutes) = text.strip_prefix(['+', '-'])?.split_once(':')?;
        (hours.len() == 2 && minutes.len() == 2).then_some(())?;
        small(hours, 2, 24).and(small(minutes, 2, 60))
    };
    text == "Z" || offset().is_some()
}

/// A number of at most so many digits that is at most `most`.
fn small(text: &str, digits: usize, most: u32) -> Option<u32> {
    let fine = text.len() <= digits && text.bytes().all(|b| b.is_ascii_digit());
    text.parse().ok().filter(|number| fine && *number <= most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_like_something_else_is_quoted() {
        let quoted = [
            "",
            "y",
            "No",
            "ON",
            "off",
            "True",
            "null",
            "Null",
            "~",
            ".nan",
            ".NaN",
            "-.Inf",
            "+.inf",
            "1",
            "-1",
            "+1_000",
            "0x1F",
            "0o17",
            "017",
            "0b11",
            "08",
            "1.",
            ".5",
            "1.5e3",
            "1e9",
            "99999999999999999999",
            "1e999",
            "12:30",
            "190:20:30.15",
            "2026-11-23",
            "2026-1-2",
            "2024-02-29T1:2:3.5+02:00",
            "2026-11-23 01:02:03",
            "<<",
        ];
        for text in quoted {
            assert_eq!(style(text, false), Style::Double, "{text:?}");
        }
    }

    #[test]
    fn what_looks_like_a_string_is_plain() {
        let plain = [
            "a",
            "yep",
            "nO",
            "tRUE",
            "nginx:1.27",
            "10.0.0.1",
            "1.2.3",
            "500m",
            "0x",
            "0xg",
            "1_a",
            "-a",
            "12:60",
            "2026-13-01",
            "2026-02-29",
            "2026-11-23T01:02",
            "1e",
            ".",
            "e5",
            ":a",
            "?a",
            "a#b",
            "a:b",
            "é",
            "100Mi",
            "+.nan",
            "<",
            "=",
        ];
        for text in plain {
            assert_eq!(style(text, false), Style::Plain, "{text:?}");
        }
    }

    #[test]
    fn syntax_is_quoted_singly() {
        for text in
            ["-", "- a", "? a", "#a", "[a", "{}", "&a", "*", "!x", "|", ">", "'", "\"", "%", "@a", "`", "a: b", "a:"]
        {
            assert_eq!(style(text, false), Style::Single, "{text:?}");
        }
        for text in ["a #b", " a", "a ", "---", "...", ",", ":", "? "] {
            assert_eq!(style(text, false), Style::Single, "{text:?}");
        }
    }

    #[test]
    fn several_lines_are_a_block_when_it_can_hold_them() {
        assert_eq!(style("a\nb", false), Style::Block);
        assert_eq!(style("\n", false), Style::Block);
        assert_eq!(style("a\n\n", false), Style::Block);
        assert_eq!(style("a\nb", true), Style::Double);
        for text in ["a \nb", "a\n ", "a\tb\n", "a\r\nb", "👍\n", "\u{7f}\n", "\u{2028}\n"] {
            assert_eq!(style(text, false), Style::Double, "{text:?}");
        }
    }
}
