//! Asking all rows at once: each different text is looked at once, however many rows hold it, a word is searched for in
//! all texts at once, and of each row only the columns are looked at that can say something.

use super::matcher::{compares, may_be_number};
use super::numbers::{Answers, Numbers};
use super::{Comparison, Field, Operand, Pattern, Test};
use crate::kinds::Time;
use crate::model::fold::Word;
use crate::model::packed::View;
use crate::model::store::{Held, RowRef, Store};
use crate::model::table::Query;
use crate::model::texts::TextId;

/// Which rows of `store` a query shows: a flag for each place, which means nothing where there is no row.
pub fn fitting(query: &Query, store: &Store, now: Time) -> Vec<bool> {
    let sweep = Sweep { query, store, now };
    let owned = |uid| sweep.by_text(RowRef::ties_id, |row| row.owner_uid() == Some(uid));
    let mut fit = query.owner.map_or_else(|| sweep.all(true), owned);
    for term in &query.filter.terms {
        let found = sweep.ask(&term.test);
        fit.iter_mut().zip(&found).for_each(|(fit, found)| *fit &= *found != term.not);
    }
    fit
}

/// What is asked of whom.
struct Sweep<'a> {
    query: &'a Query,
    store: &'a Store,
    now: Time,
}

impl<'a> Sweep<'a> {
    /// The same flag for all rows.
    fn all(&self, flag: bool) -> Vec<bool> {
        vec![flag; self.store.slots()]
    }

    /// For which rows it is so what a term asks.
    fn ask(&self, test: &Test) -> Vec<bool> {
        match test {
            Test::Contains(word) => self.contains(word),
            Test::Is(Field::Namespace, pattern) => {
                self.by_text(RowRef::namespace_id, |row| pattern.fits(row.namespace()))
            }
            Test::Is(Field::Name, pattern) => self.names(pattern),
            Test::Is(Field::Cell(column), pattern) => self.is(*column, pattern),
            Test::Compare { left: Field::Cell(column), by, right } => self.compare(*column, *by, *right),
            Test::Compare { .. } => self.all(false),
            Test::HasLabel(key) => self.by_text(RowRef::labels_id, |row| row.label(key).is_some()),
            Test::Label(key, pattern) => {
                self.by_text(RowRef::labels_id, |row| row.label(key).is_some_and(|value| pattern.fits(value)))
            }
        }
    }

    /// For which rows `look` says so, which sees nothing of a row but the text of this id.
    fn by_text(&self, id: fn(&RowRef<'a>) -> TextId, look: impl Fn(&RowRef<'a>) -> bool) -> Vec<bool> {
        let (mut found, mut known) = (self.all(false), Answers::default());
        for row in self.store.rows().filter(|row| known.of(id(row).0 as usize, || look(row))) {
            set(&mut found, row.id().0);
        }
        found
    }

    /// For which rows `look` says so of the cell of a column.
    fn cells(&self, column: usize, mut look: impl FnMut(u32, Held) -> bool) -> Vec<bool> {
        let mut found = self.all(false);
        self.store.scan(column, |id, held| {
            if let Some(flag) = found.get_mut(id as usize) {
                *flag = look(id, held);
            }
        });
        found
    }

    /// Which rows have a visible cell that contains the word.
    fn contains(&self, text: &str) -> Vec<bool> {
        let (word, mut found) = (Word::new(text), self.all(text.is_empty()));
        if text.is_empty() {
            return found;
        }
        self.store.names().each_with(&word, |id| set(&mut found, id));
        let (mut texts, mut any) = (vec![false; self.store.texts().ids()], false);
        self.store.texts().each_with(&word, |TextId(id)| {
            set(&mut texts, id);
            any = true;
        });
        if any && self.query.with_namespace {
            let fits = |row: &RowRef<'_>| is_set(&texts, row.namespace_id().0);
            self.store.rows().filter(fits).for_each(|row| set(&mut found, row.id().0));
        }
        let numbers = may_be_number(text);
        for column in &self.query.columns {
            let sorts = self.store.sorts(*column);
            if (any && sorts.texts) || (numbers && sorts.others) {
                self.look_at(*column, (&word, &texts, numbers), &mut found);
            }
        }
        found
    }

    /// Adds the rows whose cell in a column contains the word: one of the `texts`, or a number if it can.
    fn look_at(&self, column: usize, (word, texts, numbers): (&Word, &[bool], bool), found: &mut [bool]) {
        let mut known = Numbers::default();
        self.store.scan(column, |id, held| {
            let holds = match held {
                Held::Text(text) | Held::Quantity(text) => is_set(texts, text.0),
                Held::Other(packed) if numbers && !is_set(found, id) => {
                    known.ask(packed, packed.view(self.store.texts()), self.now, |text| word.is_in(text))
                }
                _ => false,
            };
            if holds {
                set(found, id);
            }
        });
    }

    /// Which rows are called so.
    fn names(&self, pattern: &Pattern) -> Vec<bool> {
        let (names, part, mut found) = (self.store.names(), Word::new(pattern.part()), self.all(false));
        if pattern.part().is_empty() {
            return (0..).zip(found).map(|(id, _)| pattern.fits(names.text(id))).collect();
        }
        let enough = pattern.is_part();
        names.each_with(&part, |id| {
            if enough || pattern.fits(names.text(id)) {
                set(&mut found, id);
            }
        });
        found
    }

    /// Which rows have the pattern in a column; of restarts their number is asked.
    fn is(&self, column: usize, pattern: &Pattern) -> Vec<bool> {
        let names = if self.store.sorts(column).names { self.names(pattern) } else { Vec::new() };
        let (mut known, mut numbers, texts) = (Answers::default(), Numbers::default(), self.store.texts());
        self.cells(column, |id, held| {
            let cell = match held {
                Held::Name => return is_set(&names, id),
                Held::Text(text) | Held::Quantity(text) => {
                    return known.of(text.0 as usize, || pattern.fits(texts.text(text)));
                }
                Held::Other(cell) => cell,
            };
            let view = match cell.view(texts) {
                View::Restarts(count, _) => View::Count(count.into()),
                view => view,
            };
            numbers.ask(cell, view, self.now, |text| pattern.fits(text))
        })
    }

    /// Which rows compare so in a column.
    fn compare(&self, column: usize, by: Comparison, right: Operand) -> Vec<bool> {
        let compares = |view: View<'_>| compares(view, by, right, self.now);
        let (mut known, mut quantities) = (Answers::default(), Answers::default());
        self.cells(column, |id, held| match held {
            Held::Text(text) => known.of(text.0 as usize, || compares(self.store.shows(id, held))),
            Held::Quantity(text) => quantities.of(text.0 as usize, || compares(self.store.shows(id, held))),
            Held::Name | Held::Other(_) => compares(self.store.shows(id, held)),
        })
    }
}

/// Sets a flag.
fn set(flags: &mut [bool], at: u32) {
    if let Some(flag) = flags.get_mut(at as usize) {
        *flag = true;
    }
}

/// Whether a flag is set.
fn is_set(flags: &[bool], at: u32) -> bool {
    flags.get(at as usize).copied().unwrap_or_default()
}
