//! Asking a row by itself. [`super::fitting`] asks all of them at once, and says the same.

use super::{Comparison, Field, Operand, Pattern, Term, Test};
use crate::kinds::Time;
use crate::kinds::quantity::nanos;
use crate::model::fold::Word;
use crate::model::packed::View;
use crate::model::store::RowRef;
use crate::model::table::Query;

/// A query made ready to be asked about rows, at one moment.
pub struct Matcher<'a> {
    query: &'a Query,
    terms: Vec<(&'a Term, Option<Sought>)>,
    now: Time,
}

/// A word that is looked for.
struct Sought {
    word: Word,
    /// Whether a number or an age can hold it.
    in_numbers: bool,
}

impl<'a> Matcher<'a> {
    /// Makes a query ready.
    pub fn new(query: &'a Query, now: Time) -> Self {
        let sought = |term: &Term| match &term.test {
            Test::Contains(word) => Some(Sought { word: Word::new(word), in_numbers: may_be_number(word) }),
            _ => None,
        };
        Self { query, terms: query.filter.terms.iter().map(|term| (term, sought(term))).collect(), now }
    }

    /// Whether the row belongs to the owner and every term holds for it.
    pub fn holds(&self, row: &RowRef<'_>) -> bool {
        let owned = self.query.owner.is_none_or(|uid| row.owner_uid() == Some(uid));
        owned && self.terms.iter().all(|(term, sought)| self.is_so(&term.test, sought.as_ref(), row) != term.not)
    }

    /// Whether what a term asks is so.
    fn is_so(&self, test: &Test, sought: Option<&Sought>, row: &RowRef<'_>) -> bool {
        match test {
            Test::Contains(_) => sought.is_some_and(|sought| self.contains(sought, row)),
            Test::Is(Field::Namespace, pattern) => pattern.fits(row.namespace()),
            Test::Is(Field::Name, pattern) => pattern.fits(row.name()),
            Test::Is(Field::Cell(column), pattern) => is(row.view(*column), pattern, self.now),
            Test::Compare { left: Field::Cell(column), by, right } => {
                compares(row.view(*column), *by, *right, self.now)
            }
            Test::Compare { .. } => false,
            Test::HasLabel(key) => row.label(key).is_some(),
            Test::Label(key, pattern) => row.label(key).is_some_and(|value| pattern.fits(value)),
        }
    }

    /// Whether a visible cell contains the word.
    fn contains(&self, Sought { word, in_numbers }: &Sought, row: &RowRef<'_>) -> bool {
        word.is_in(row.name())
            || (self.query.with_namespace && word.is_in(row.namespace()))
            || self.query.columns.iter().any(|column| match row.view(*column) {
                View::Text(text) | View::Quantity(text) => word.is_in(text),
                view => *in_numbers && word.is_in(&view.show(self.now)),
            })
    }
}

/// Whether a cell is the pattern; of restarts their number is asked.
fn is(view: View<'_>, pattern: &Pattern, now: Time) -> bool {
    match view {
        View::Text(text) | View::Quantity(text) => pattern.fits(text),
        View::Restarts(count, _) => pattern.fits(&count.to_string()),
        view => pattern.fits(&view.show(now)),
    }
}

/// Whether the printed form of a number, a ratio or an age can contain `needle`; most words cannot, and then no
/// number has to be printed.
pub(super) fn may_be_number(needle: &str) -> bool {
    needle.chars().all(|c| c.is_ascii_digit() || "/.-()<> smhdy ago unknown invalid".contains(c))
}

/// Whether a cell compares as asked; cells that are neither number nor moment do not.
pub(super) fn compares(view: View<'_>, by: Comparison, right: Operand, now: Time) -> bool {
    #[expect(clippy::cast_precision_loss, reason = "counts beyond 2^52 do not occur and would only be rounded")]
    let (left, right) = match (view, right) {
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
    use super::super::{fitting, parse};
    use super::*;
    use crate::kinds::{Cell, Heading, Place, Value, Width};
    use crate::model::store::Store;
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
        let query = Query { filter, columns: vec![0, 1, 2, 3, 4], with_namespace: true, ..Query::default() };
        let names = |holds: &dyn Fn(&RowRef<'_>) -> bool| {
            let mut names: Vec<_> = store.rows().filter(holds).map(|row| row.name().to_owned()).collect();
            names.sort();
            names
        };
        let (fit, matcher) = (fitting(&query, &store, NOW), Matcher::new(&query, NOW));
        let all = names(&|row| fit[row.id().0 as usize]);
        assert_eq!(names(&|row| matcher.holds(row)), all, "all at once and one by one");
        all
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
