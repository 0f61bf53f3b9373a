//! Asking rows: each different text is looked at once, however many rows hold it.

use super::{Comparison, Field, Filter, Operand, Pattern, Term, Test};
use crate::kinds::Time;
use crate::kinds::quantity::nanos;
use crate::model::packed::View;
use crate::model::store::{RowRef, Store};
use crate::model::texts::TextId;
use memchr::memmem::Finder;

/// A filter made ready for the rows of one store, at one moment.
pub struct Matcher<'a> {
    terms: Vec<Asked<'a>>,
    columns: &'a [usize],
    with_namespace: bool,
    now: Time,
}

/// A term and what is known about texts already.
struct Asked<'a> {
    term: &'a Term,
    finder: Option<Finder<'a>>,
    numbers: bool,
    known: Vec<u8>,
}

const UNKNOWN: u8 = 0;
const NO: u8 = 1;
const YES: u8 = 2;

impl<'a> Matcher<'a> {
    /// A matcher for `filter` over the rows of `store`. Bare words look at the cells of `columns`, and at the
    /// namespace if that is shown.
    pub fn new(filter: &'a Filter, store: &Store, columns: &'a [usize], with_namespace: bool, now: Time) -> Self {
        let terms = filter.terms.iter().map(|term| Asked::new(term, store.texts().len())).collect();
        Self { terms, columns, with_namespace, now }
    }

    /// Whether every term holds for `row`.
    pub fn holds(&mut self, row: &RowRef<'_>) -> bool {
        let (columns, with_namespace, now) = (self.columns, self.with_namespace, self.now);
        self.terms.iter_mut().all(|asked| {
            let holds = match &asked.term.test {
                Test::Contains(_) => asked.contains(row, columns, with_namespace, now),
                Test::Is(field, pattern) => asked.is(row, *field, pattern, now),
                Test::Compare { left, by, right } => compare(row, *left, *by, *right, now),
                Test::HasLabel(key) => row.label(key).is_some(),
                Test::Label(key, pattern) => row.label(key).is_some_and(|value| pattern.fits(value)),
            };
            holds != asked.term.not
        })
    }
}

impl<'a> Asked<'a> {
    fn new(term: &'a Term, texts: usize) -> Self {
        let needle = match &term.test {
            Test::Contains(needle) => Some(needle),
            _ => None,
        };
        Self {
            term,
            finder: needle.map(|needle| Finder::new(needle.as_bytes())),
            numbers: needle.is_some_and(|needle| may_be_number(needle)),
            known: vec![UNKNOWN; texts],
        }
    }

    /// Whether a visible cell contains the needle.
    fn contains(&mut self, row: &RowRef<'_>, columns: &[usize], with_namespace: bool, now: Time) -> bool {
        if self.text_contains(row.name_id(), row.name()) {
            return true;
        }
        if with_namespace && self.text_contains(row.namespace_id(), row.namespace()) {
            return true;
        }
        columns.iter().any(|column| match (row.cell(*column).text_id(), row.view(*column)) {
            (Some(id), View::Text(text)) => self.text_contains(id, text),
            (_, view) => self.numbers && self.found_in(&view.show(now)),
        })
    }

    /// Whether the text of `id` contains the needle; looked at once.
    fn text_contains(&mut self, id: TextId, text: &str) -> bool {
        let known = self.known.get(id.0 as usize).copied().unwrap_or(UNKNOWN);
        if known != UNKNOWN {
            return known == YES;
        }
        let found = self.found_in(text);
        self.remember(id, found)
    }

    /// Whether the needle stands in `text`, whatever the case.
    fn found_in(&self, text: &str) -> bool {
        let Some(finder) = &self.finder else { return false };
        if text.bytes().any(|b| b.is_ascii_uppercase() || !b.is_ascii()) {
            return finder.find(text.to_lowercase().as_bytes()).is_some();
        }
        finder.find(text.as_bytes()).is_some()
    }

    /// Whether the field is the pattern.
    fn is(&mut self, row: &RowRef<'_>, field: Field, pattern: &Pattern, now: Time) -> bool {
        let (id, text) = match field {
            Field::Namespace => (row.namespace_id(), row.namespace()),
            Field::Name => (row.name_id(), row.name()),
            Field::Cell(column) => match (row.cell(column).text_id(), row.view(column)) {
                (Some(id), View::Text(text)) => (id, text),
                (_, View::Restarts(count, _)) => return pattern.fits(&count.to_string()),
                (_, view) => return pattern.fits(&view.show(now)),
            },
        };
        match self.known.get(id.0 as usize).copied().unwrap_or(UNKNOWN) {
            UNKNOWN => self.remember(id, pattern.fits(text)),
            known => known == YES,
        }
    }

    fn remember(&mut self, id: TextId, answer: bool) -> bool {
        if let Some(known) = self.known.get_mut(id.0 as usize) {
            *known = if answer { YES } else { NO };
        }
        answer
    }
}

/// Whether the printed form of a number, a ratio or an age can contain `needle`; most words cannot, and then no
/// number has to be printed.
fn may_be_number(needle: &str) -> bool {
    needle.contains(|c: char| c.is_ascii_digit() || "/()<>".contains(c))
        || ["ago", "unknown", "invalid"].iter().any(|word| word.contains(needle))
        || needle.chars().all(|c| "smhdy".contains(c))
}

/// Whether a cell compares as asked; cells that are neither number nor moment do not.
fn compare(row: &RowRef<'_>, field: Field, by: Comparison, right: Operand, now: Time) -> bool {
    let Field::Cell(column) = field else { return false };
    #[expect(clippy::cast_precision_loss, reason = "counts beyond 2^52 do not occur and would only be rounded")]
    let (left, right) = match (row.view(column), right) {
        (View::Count(count), Operand::Number(right)) => (count as f64, right),
        (View::Restarts(count, _), Operand::Number(right)) => (f64::from(count), right),
        (View::Ratio(have, _), Operand::Number(right)) => (f64::from(have), right),
        (View::Duration(seconds), Operand::Seconds(right)) => (seconds as f64, right as f64),
        (View::Since(Some(time)), Operand::Seconds(right)) => (now.seconds_since(time) as f64, right as f64),
        (View::Quantity(text), Operand::Number(right)) => match nanos(text) {
            Some(left) => (left as f64 / 1e9, right),
            None => return false,
        },
        (View::Quantity(text), Operand::Nanos(right)) => match nanos(text) {
            Some(left) => (left as f64, right as f64),
            None => return false,
        },
        (View::Text(text), Operand::Number(right)) => match text.parse() {
            Ok(left) => (left, right),
            Err(_) => return false,
        },
        _ => return false,
    };
    match by {
        Comparison::Less => left < right,
        Comparison::AtMost => left <= right,
        Comparison::More => left > right,
        Comparison::AtLeast => left >= right,
    }
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::*;
    use crate::kinds::{Cell, Heading, Place, Value, Width};
    use crate::model::store::tests::{put, row};

    const NOW: Time = Time(1_000_000);

    fn store() -> Store {
        let mut store = Store::new(5);
        let cells = |name: &str, ready, status: &str, restarts, age| {
            vec![
                Cell::text(name),
                Cell::ratio(ready, 2),
                Cell::text(status),
                Cell::from(Value::Restarts(restarts, None)),
                Cell::since(Some(Time(NOW.0 - age))),
            ]
        };
        let labels = |row: crate::kinds::Row| crate::kinds::Row { labels: "app=web".into(), ..row };
        put(&mut store, labels(row(1, "shop", "web-1", cells("web-1", 2, "Running", 0, 7_200))));
        put(&mut store, row(2, "shop", "db-1", cells("db-1", 1, "CrashLoopBackOff", 12, 60)));
        put(&mut store, row(3, "prod", "DB-2", cells("DB-2", 2, "Running", 3, 90_000)));
        store
    }

    fn shown(filter: &str) -> Vec<String> {
        let store = store();
        let heading = |name: &'static str| Heading {
            name: name.into(),
            width: Width::Fit(9),
            place: Place::Always,
            right: false,
        };
        let headings = ["NAME", "READY", "STATUS", "RESTARTS", "AGE"].map(heading);
        let filter = parse(filter, &headings).unwrap();
        let mut matcher = Matcher::new(&filter, &store, &[0, 1, 2, 3, 4], true, NOW);
        let mut names: Vec<_> =
            store.rows().filter(|row| matcher.holds(row)).map(|row| row.name().to_owned()).collect();
        names.sort();
        names
    }

    #[test]
    fn words_look_everywhere_and_are_joined() {
        assert_eq!(shown("db"), ["DB-2", "db-1"]);
        assert_eq!(shown("crash"), ["db-1"]);
        assert_eq!(shown("shop !crash"), ["web-1"]);
        assert_eq!(shown("2/2"), ["DB-2", "web-1"]);
        assert_eq!(shown("25h"), ["DB-2"]);
        assert_eq!(shown(""), ["DB-2", "db-1", "web-1"]);
    }

    #[test]
    fn fields_compare() {
        assert_eq!(shown("status=running"), ["DB-2", "web-1"]);
        assert_eq!(shown("status!=running"), ["db-1"]);
        assert_eq!(shown("restarts>3"), ["db-1"]);
        assert_eq!(shown("restarts>=3 ready=2/2"), ["DB-2"]);
        assert_eq!(shown("age<1h"), ["db-1"]);
        assert_eq!(shown("age>1h age<1d"), ["web-1"]);
        assert_eq!(shown("label:app"), ["web-1"]);
        assert_eq!(shown("label:app!=web"), ["DB-2", "db-1"]);
        assert_eq!(shown("name=db* ns=shop"), ["db-1"]);
    }
}
