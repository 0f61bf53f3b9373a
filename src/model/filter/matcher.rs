//! Asking rows: each different text is looked at once, however many rows hold it, and a word is searched for in all texts
//! at once.

use super::numbers::Numbers;
use super::{Comparison, Field, Operand, Pattern, Term, Test};
use crate::kinds::quantity::nanos;
use crate::kinds::{Time, Uid};
use crate::model::fold::Word;
use crate::model::packed::View;
use crate::model::store::{RowRef, Store};
use crate::model::table::Query;
use crate::model::texts::TextId;

/// A query made ready for the rows of one store, at one moment.
pub struct Matcher<'a> {
    query: &'a Query,
    owner: Option<Owner>,
    terms: Vec<Asked<'a>>,
    now: Time,
}

/// A term and what is known about texts and numbers already.
struct Asked<'a> {
    term: &'a Term,
    word: Option<Word>,
    numbers: Option<Numbers>,
    known: Answers,
}

/// Whose the rows have to be.
struct Owner {
    uid: Uid,
    known: Answers,
}

/// What was found about texts, by their ids; those beyond its end are looked at each time.
#[derive(Default)]
struct Answers(Vec<Option<bool>>);

impl Answers {
    /// What is known of a text; `look` finds out.
    fn of(&mut self, TextId(id): TextId, look: impl FnOnce() -> bool) -> bool {
        let Some(slot) = self.0.get_mut(id as usize) else { return look() };
        *slot.get_or_insert_with(look)
    }
}

impl<'a> Matcher<'a> {
    /// A matcher that will be asked about all rows of `store`.
    pub fn for_all(query: &'a Query, store: &Store, now: Time) -> Self {
        let mut matcher = Self::for_some(query, now);
        let unknown = || Answers(vec![None; store.texts().ids()]);
        for asked in &mut matcher.terms {
            asked.known = unknown();
            asked.look_through(store);
        }
        if let Some(owner) = &mut matcher.owner {
            owner.known = unknown();
        }
        matcher
    }

    /// A matcher that will be asked about some rows.
    pub fn for_some(query: &'a Query, now: Time) -> Self {
        let owner = query.owner.map(|uid| Owner { uid, known: Answers::default() });
        Self { query, owner, terms: query.filter.terms.iter().map(Asked::new).collect(), now }
    }

    /// Whether the row belongs to the owner and every term holds for it.
    pub fn holds(&mut self, row: &RowRef<'_>) -> bool {
        if let Some(Owner { uid, known }) = &mut self.owner
            && !known.of(row.ties_id(), || row.owner_uid() == Some(*uid))
        {
            return false;
        }
        let (query, now) = (self.query, self.now);
        self.terms.iter_mut().all(|asked| asked.holds(row, query, now) != asked.term.not)
    }
}

impl<'a> Asked<'a> {
    fn new(term: &'a Term) -> Self {
        let word = match &term.test {
            Test::Contains(word) => Some(Word::new(word)),
            _ => None,
        };
        let numbers = match &term.test {
            Test::Contains(word) => may_be_number(word).then(Numbers::default),
            _ => Some(Numbers::default()),
        };
        Self { term, word, numbers, known: Answers::default() }
    }

    /// Learns which texts hold the word.
    fn look_through(&mut self, store: &Store) {
        let Some(word) = &self.word else { return };
        self.known.0.fill(Some(false));
        if word.is_in("") {
            self.known.0.fill(Some(true));
        }
        store.texts().each_with(word, |id| {
            if let Some(slot) = self.known.0.get_mut(id.0 as usize) {
                *slot = Some(true);
            }
        });
    }

    /// Whether what the term asks is so.
    fn holds(&mut self, row: &RowRef<'_>, query: &Query, now: Time) -> bool {
        match &self.term.test {
            Test::Contains(_) => self.contains(row, query, now),
            Test::Is(field, pattern) => self.is(row, *field, pattern, now),
            Test::Compare { left, by, right } => compare(row, *left, *by, *right, now),
            Test::HasLabel(key) => self.known.of(row.labels_id(), || row.label(key).is_some()),
            Test::Label(key, pattern) => {
                self.known.of(row.labels_id(), || row.label(key).is_some_and(|value| pattern.fits(value)))
            }
        }
    }

    /// Whether a visible cell contains the word.
    fn contains(&mut self, row: &RowRef<'_>, query: &Query, now: Time) -> bool {
        let (Some(word), known) = (&self.word, &mut self.known) else { return false };
        known.of(row.name_id(), || word.is_in(row.name()))
            || (query.with_namespace && known.of(row.namespace_id(), || word.is_in(row.namespace())))
            || query.columns.iter().any(|column| match (row.text_id(*column), &mut self.numbers) {
                (Some(id), _) => known.of(
                    id,
                    || matches!(row.view(*column), View::Text(text) | View::Quantity(text) if word.is_in(text)),
                ),
                (None, Some(numbers)) => numbers.ask(*column, row.view(*column), now, |text| word.is_in(text)),
                (None, None) => false,
            })
    }

    /// Whether the field is the pattern.
    fn is(&mut self, row: &RowRef<'_>, field: Field, pattern: &Pattern, now: Time) -> bool {
        let column = match field {
            Field::Namespace => return self.known.of(row.namespace_id(), || pattern.fits(row.namespace())),
            Field::Name => return self.known.of(row.name_id(), || pattern.fits(row.name())),
            Field::Cell(column) => column,
        };
        match (row.text_id(column), row.view(column), &mut self.numbers) {
            (Some(id), View::Text(text) | View::Quantity(text), _) => self.known.of(id, || pattern.fits(text)),
            (_, View::Restarts(count, _), Some(numbers)) => {
                numbers.ask(column, View::Count(count.into()), now, |text| pattern.fits(text))
            }
            (_, view, Some(numbers)) => numbers.ask(column, view, now, |text| pattern.fits(text)),
            (_, view, None) => pattern.fits(&view.show(now)),
        }
    }
}

/// Whether the printed form of a number, a ratio or an age can contain `needle`; most words cannot, and then no
/// number has to be printed.
fn may_be_number(needle: &str) -> bool {
    needle.chars().all(|c| c.is_ascii_digit() || "/.-()<> smhdy ago unknown invalid".contains(c))
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
        let query = Query { filter, columns: vec![0, 1, 2, 3, 4], with_namespace: true, ..Query::default() };
        let names = |mut matcher: Matcher<'_>| {
            let mut names: Vec<_> =
                store.rows().filter(|row| matcher.holds(row)).map(|row| row.name().to_owned()).collect();
            names.sort();
            names
        };
        let all = names(Matcher::for_all(&query, &store, NOW));
        assert_eq!(names(Matcher::for_some(&query, NOW)), all, "all at once and one by one");
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
