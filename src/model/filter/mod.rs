//! The filter language: which rows of a list are shown.
//!
//! Words are joined by AND. A bare word is a case-insensitive substring of any visible cell; `!word` excludes;
//! `field=value`, `field!=value`, `field>3`, `age<1h` compare a column (`*` in a value stands for anything);
//! `label:key`, `label:key=value`, `label:key!=value` look at labels; `"two words"` is one word.

mod matcher;
mod numbers;
mod parse;
mod sweep;

pub use matcher::Matcher;
pub use parse::{FilterError, parse};
pub use sweep::fitting;

use crate::kinds::Heading;

/// A parsed filter.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Filter {
    /// All of them must hold.
    pub terms: Vec<Term>,
}

impl Filter {
    /// Whether its answer may change with the clock alone.
    pub fn ages(&self) -> bool {
        self.terms.iter().any(|term| matches!(term.test, Test::Compare { right: Operand::Seconds(_), .. }))
    }

    /// The columns that it asks for by name.
    pub fn columns(&self) -> impl Iterator<Item = usize> {
        self.terms.iter().filter_map(|term| match term.test {
            Test::Is(Field::Cell(column), _) | Test::Compare { left: Field::Cell(column), .. } => Some(column),
            _ => None,
        })
    }

    /// Whether what passes it also passes `wider`: each of its terms is there too, or a longer word that holds it.
    pub fn is_within(&self, wider: &Self) -> bool {
        let implies = |term: &Term, wide: &Term| match (&term.test, &wide.test) {
            (Test::Contains(long), Test::Contains(part)) if !term.not && !wide.not => long.contains(part),
            _ => term == wide,
        };
        wider.terms.iter().all(|wide| self.terms.iter().any(|term| implies(term, wide)))
    }
}

/// One condition.
#[derive(Debug, Clone, PartialEq)]
pub struct Term {
    /// Whether it must not hold.
    pub not: bool,
    /// What must hold.
    pub test: Test,
}

/// What a term asks.
#[derive(Debug, Clone, PartialEq)]
pub enum Test {
    /// Any visible cell contains this (lower-cased) text.
    Contains(String),
    /// The field is this text; `*` stands for anything.
    Is(Field, Pattern),
    /// The field compares so to a number or an age.
    Compare {
        /// The field.
        left: Field,
        /// How.
        by: Comparison,
        /// To what.
        right: Operand,
    },
    /// The label is there.
    HasLabel(String),
    /// The label has this value.
    Label(String, Pattern),
}

/// What can be asked for by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// The namespace.
    Namespace,
    /// The name.
    Name,
    /// The cell of this column.
    Cell(usize),
}

/// A comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// Less.
    Less,
    /// Less or equal.
    AtMost,
    /// Greater.
    More,
    /// Greater or equal.
    AtLeast,
}

/// The right side of a comparison.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Operand {
    /// A number; compared with counts, restarts and the first part of a ratio.
    Number(f64),
    /// An age in seconds; compared with moments.
    Seconds(i64),
    /// A quantity in billionths; compared with quantities.
    Nanos(i128),
}

/// A text with `*` for anything, matched without regard to case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern(Vec<String>);

impl Pattern {
    /// Reads a pattern.
    pub fn new(text: &str) -> Self {
        Self(text.to_lowercase().split('*').map(str::to_owned).collect())
    }

    /// Its longest part: what does not hold it does not fit.
    pub fn part(&self) -> &str {
        self.0.iter().max_by_key(|part| part.len()).map_or("", String::as_str)
    }

    /// Whether all that holds this part fits.
    pub fn is_part(&self) -> bool {
        matches!(self.0.as_slice(), [first, _, last] if first.is_empty() && last.is_empty())
    }

    /// Whether the whole of `text` fits.
    pub fn fits(&self, text: &str) -> bool {
        if let ([only], true) = (self.0.as_slice(), text.is_ascii()) {
            return text.eq_ignore_ascii_case(only);
        }
        let text = text.to_lowercase();
        match self.0.as_slice() {
            [only] => text == *only,
            [first, middle @ .., last] => {
                let inner = text.strip_prefix(first.as_str()).and_then(|rest| rest.strip_suffix(last.as_str()));
                inner.is_some_and(|inner| all_in_order(inner, middle))
            }
            [] => true,
        }
    }
}

/// Whether `parts` stand in `text` one after the other.
fn all_in_order(text: &str, parts: &[String]) -> bool {
    parts.iter().try_fold(text, |rest, part| rest.split_once(part.as_str()).map(|(_, rest)| rest)).is_some()
}

/// The name by which a filter calls a column: `LAST SEEN` is `last-seen`, `PORT(S)` is `ports`; what tells `CPU`,
/// `CPU/R` and `%CPU/R` apart stays.
pub fn field_name(heading: &str) -> String {
    let kept = heading.chars().filter_map(|c| match c {
        ' ' | '_' | '-' => Some('-'),
        c if c.is_alphanumeric() || "%/".contains(c) => Some(c.to_ascii_lowercase()),
        _ => None,
    });
    kept.collect()
}

/// The fields that a filter of these columns knows.
pub fn field_names(headings: &[Heading]) -> Vec<(String, Field)> {
    let cells = headings.iter().enumerate().map(|(column, h)| (field_name(&h.name), Field::Cell(column)));
    let fixed = [("namespace", Field::Namespace), ("ns", Field::Namespace), ("name", Field::Name)];
    fixed.into_iter().map(|(name, field)| (name.to_owned(), field)).chain(cells).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns() {
        let fits = |pattern: &str, text: &str| Pattern::new(pattern).fits(text);
        assert!(fits("running", "Running") && !fits("run", "Running"));
        assert!(fits("run*", "Running") && fits("*ing", "Running") && fits("*nn*", "Running") && fits("*", ""));
        assert!(!fits("a*a", "a") && fits("a*b*c", "a-x-b-c") && !fits("a*c*b", "a-x-b-c"));
    }

    #[test]
    fn headings_become_fields() {
        assert_eq!(["LAST SEEN", "PORT(S)", "CLUSTER-IP"].map(field_name), ["last-seen", "ports", "cluster-ip"]);
        assert_eq!(["CPU", "CPU/R", "%CPU/R"].map(field_name), ["cpu", "cpu/r", "%cpu/r"]);
    }
}
