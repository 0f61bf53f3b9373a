//! From the text of a filter to its terms, with an error that says what is wrong while one types.

use super::{Comparison, Field, Filter, Operand, Pattern, Term, Test, field_names};
use crate::kinds::Heading;
use crate::kinds::quantity::nanos;
use thiserror::Error;

/// Why a filter cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{sentence}")]
pub struct FilterError {
    /// What is wrong.
    pub sentence: String,
    /// What to write instead.
    pub hint: String,
}

/// Reads a filter for a list with these columns.
///
/// # Errors
/// When a field, label or value is wrong; the sentence names it and the hint says what would be right.
pub fn parse(text: &str, headings: &[Heading]) -> Result<Filter, FilterError> {
    let terms = words(text)?.into_iter().map(|word| term(&word, headings)).collect::<Result<_, _>>()?;
    Ok(Filter { terms })
}

/// A word, and whether it was quoted: then it is text, whatever it holds.
struct Word {
    text: String,
    quoted: bool,
}

/// Splits at spaces outside double quotes.
fn words(text: &str) -> Result<Vec<Word>, FilterError> {
    let mut words = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let (word, after) = if let Some(quoted) = rest.strip_prefix('"') {
            let (inside, after) =
                quoted.split_once('"').ok_or_else(|| error("a quote is not closed", "add \" at the end"))?;
            (Word { text: inside.to_owned(), quoted: true }, after)
        } else {
            let end = word_end(rest);
            let (word, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
            (Word { text: word.replace('"', ""), quoted: false }, after)
        };
        words.push(word);
        rest = after.trim_start();
    }
    Ok(words)
}

/// Where the first word of `text` ends; `node="a b"` is one word.
fn word_end(text: &str) -> usize {
    let mut quoted = false;
    let end = text.char_indices().find(|(_, c)| {
        quoted ^= *c == '"';
        c.is_whitespace() && !quoted
    });
    end.map_or(text.len(), |(at, _)| at)
}

/// Reads one term.
fn term(word: &Word, headings: &[Heading]) -> Result<Term, FilterError> {
    if word.quoted {
        return Ok(Term { not: false, test: Test::Contains(word.text.to_lowercase()) });
    }
    let (not, text) = word.text.strip_prefix('!').map_or((false, word.text.as_str()), |rest| (true, rest));
    if text.is_empty() {
        return Err(error("\"!\" stands alone", "write what to exclude behind it: !web"));
    }
    if let Some(label) = text.strip_prefix("label:").or_else(|| text.strip_prefix("l:")) {
        return label_term(not, label);
    }
    match OPERATORS
        .iter()
        .filter_map(|op| Some((text.find(op)?, *op)))
        .min_by_key(|(at, op)| (*at, usize::MAX - op.len()))
    {
        Some((at, op)) if at > 0 => comparison(not, (&text[..at], op, &text[at + op.len()..]), headings),
        _ => Ok(Term { not, test: Test::Contains(text.to_lowercase()) }),
    }
}

/// The operators; of two that begin at one place the longer counts.
const OPERATORS: [&str; 7] = ["!=", "<=", ">=", "==", "=", "<", ">"];

/// `key`, `key=value`, `key!=value`.
fn label_term(not: bool, label: &str) -> Result<Term, FilterError> {
    let (key, value, unlike) = match (label.split_once("!="), label.split_once('=')) {
        (Some((key, value)), _) => (key, Some(value), true),
        (None, Some((key, value))) => (key, Some(value.trim_start_matches('=')), false),
        (None, None) => (label, None, false),
    };
    if key.is_empty() {
        return Err(error("the label has no key", "write label:app=web, or label:app for any value"));
    }
    let test =
        value.map_or_else(|| Test::HasLabel(key.to_owned()), |value| Test::Label(key.to_owned(), Pattern::new(value)));
    Ok(Term { not: not ^ unlike, test })
}

/// `field op value`.
fn comparison(not: bool, (name, op, value): (&str, &str, &str), headings: &[Heading]) -> Result<Term, FilterError> {
    let left = field(name, headings)?;
    if value.is_empty() {
        return Err(error(&format!("{name}{op} has no value"), &format!("write one behind it: {name}{op}…")));
    }
    let by = match op {
        "=" | "==" => return Ok(Term { not, test: Test::Is(left, Pattern::new(value)) }),
        "!=" => return Ok(Term { not: !not, test: Test::Is(left, Pattern::new(value)) }),
        "<" => Comparison::Less,
        "<=" => Comparison::AtMost,
        ">" => Comparison::More,
        _ => Comparison::AtLeast,
    };
    let right = operand(value).ok_or_else(|| {
        error(&format!("\"{value}\" is neither a number nor an age"), "write restarts>3, ready<1 or age<1h30m")
    })?;
    Ok(Term { not, test: Test::Compare { left, by, right } })
}

/// The field called `name`, or the only one that begins so.
fn field(name: &str, headings: &[Heading]) -> Result<Field, FilterError> {
    let wanted = name.to_lowercase().replace('_', "-");
    let known = field_names(headings);
    let exact = known.iter().find(|(name, _)| *name == wanted);
    let mut begins = known.iter().filter(|(name, _)| name.starts_with(&wanted));
    if let Some((_, field)) = exact.or_else(|| begins.next()) {
        return Ok(*field);
    }
    let mut names: Vec<&str> = known.iter().map(|(name, _)| name.as_str()).collect();
    names.dedup();
    Err(error(
        &format!("no column is called \"{name}\""),
        &format!("columns: {}; a label: label:{name}=…", names.join(", ")),
    ))
}

/// A number (`3`, `0.5`, `1/2` is 0.5) or an age (`90s`, `1h30m`, `2d`).
fn operand(text: &str) -> Option<Operand> {
    let quantity = || nanos(text).map(Operand::Nanos);
    text.parse().ok().map(Operand::Number).or_else(|| seconds(text).map(Operand::Seconds)).or_else(quantity)
}

/// The seconds of an age like `1h30m`.
fn seconds(text: &str) -> Option<i64> {
    let mut total: i64 = 0;
    let mut rest = text;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit())?;
        let (number, tail) = rest.split_at_checked(digits)?;
        let unit = tail.chars().next()?;
        let scale = match unit {
            's' => 1,
            'm' => 60,
            'h' => 3_600,
            'd' => 86_400,
            'w' => 604_800,
            'y' => 31_536_000,
            _ => return None,
        };
        total = total.checked_add(number.parse::<i64>().ok()?.checked_mul(scale)?)?;
        rest = tail.get(1..)?;
    }
    (!text.is_empty()).then_some(total)
}

/// An error.
fn error(sentence: &str, hint: &str) -> FilterError {
    FilterError { sentence: sentence.to_owned(), hint: hint.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::{Place, Width};
    use proptest::prelude::*;

    fn headings() -> Vec<Heading> {
        let heading = |name: &'static str| Heading {
            name: name.into(),
            width: Width::Fit(9),
            place: Place::Always,
            right: false,
        };
        ["NAME", "READY", "STATUS", "RESTARTS", "AGE"].map(heading).to_vec()
    }

    fn read(text: &str) -> Result<Vec<Term>, String> {
        parse(text, &headings()).map(|filter| filter.terms).map_err(|error| error.sentence)
    }

    fn yes(test: Test) -> Term {
        Term { not: false, test }
    }

    #[test]
    fn every_term_of_the_language() {
        let is = |column, text| Test::Is(Field::Cell(column), Pattern::new(text));
        let compare = |column, by, right| yes(Test::Compare { left: Field::Cell(column), by, right });
        assert_eq!(read("Web"), Ok(vec![yes(Test::Contains("web".into()))]));
        assert_eq!(read("!web"), Ok(vec![Term { not: true, test: Test::Contains("web".into()) }]));
        assert_eq!(read("\"a b\" c").unwrap().len(), 2);
        assert_eq!(read("status=Running"), Ok(vec![yes(is(2, "Running"))]));
        assert_eq!(read("status!=Running"), Ok(vec![Term { not: true, test: is(2, "Running") }]));
        assert_eq!(read("stat=\"a b\""), Ok(vec![yes(is(2, "a b"))]));
        assert_eq!(read("restarts>3"), Ok(vec![compare(3, Comparison::More, Operand::Number(3.0))]));
        assert_eq!(read("age<=1h30m"), Ok(vec![compare(4, Comparison::AtMost, Operand::Seconds(5_400))]));
        assert_eq!(read("label:app"), Ok(vec![yes(Test::HasLabel("app".into()))]));
        assert_eq!(
            read("label:app!=web"),
            Ok(vec![Term { not: true, test: Test::Label("app".into(), Pattern::new("web")) }])
        );
        assert_eq!(read("ns=shop"), Ok(vec![yes(Test::Is(Field::Namespace, Pattern::new("shop")))]));
    }

    #[test]
    fn a_wrong_filter_says_what_is_wrong() {
        assert_eq!(read("colour=red"), Err("no column is called \"colour\"".into()));
        assert_eq!(read("age<soon"), Err("\"soon\" is neither a number nor an age".into()));
        assert_eq!(read("restarts>"), Err("restarts> has no value".into()));
        assert_eq!(read("\"open"), Err("a quote is not closed".into()));
        assert_eq!(read("label:=x"), Err("the label has no key".into()));
        assert_eq!(read("a !"), Err("\"!\" stands alone".into()));
    }

    proptest! {
        #[test]
        fn no_text_makes_it_fail_otherwise(text in ".*") {
            let _ = read(&text);
        }

        #[test]
        fn words_without_operators_are_all_searched_for(words in prop::collection::vec("[a-z0-9.-]{1,8}", 0..5)) {
            prop_assert_eq!(read(&words.join("  ")).unwrap().len(), words.len());
        }
    }
}
