//! `Table`: which rows of a store are shown, in which order. Kept up to date by the changes, not made anew.

mod order;
mod sort;

use super::changes::{Touch, What, by_row};
use super::filter::{Filter, Matcher, fitting};
use super::store::{RowId, RowRef, Store};
use crate::kinds::{Health, Time, Uid};
use order::{by_name, compare, insert_sorted};
use sort::by_column;

/// What to show and how.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Query {
    /// Which rows.
    pub filter: Filter,
    /// By which column they are sorted; `None` is namespace and name, the order of the API.
    pub sort: Option<Sort>,
    /// The columns that are visible: bare words of the filter look there.
    pub columns: Vec<usize>,
    /// Whether the namespace is visible.
    pub with_namespace: bool,
    /// Only rows of this owner.
    pub owner: Option<Uid>,
}

/// A sort by one column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sort {
    /// The column.
    pub column: usize,
    /// Greatest first.
    pub descending: bool,
}

impl Query {
    /// Whether every row that it shows is one that `wider` shows too.
    fn is_within(&self, wider: &Self) -> bool {
        let same = |query: &Self| (query.with_namespace, query.owner);
        same(self) == same(wider) && self.columns == wider.columns && self.filter.is_within(&wider.filter)
    }

    /// What of a row decides where it stands.
    fn place(&self) -> What {
        self.sort.map_or(What::IDENTITY, |sort| What::column(sort.column).and(What::IDENTITY))
    }
}

/// The rows that a query shows.
#[derive(Debug, Default)]
pub struct Table {
    query: Query,
    /// All rows by namespace and name: what a new question begins with.
    names: Vec<u32>,
    /// The shown rows in order, when they are not simply all by their names.
    order: Option<Vec<u32>>,
    /// What is known of each place of the store.
    places: Vec<Known>,
    seen: Option<u64>,
    filtered_at: Option<Time>,
    counts: Counts,
}

/// What a table knows of a place in its store.
#[derive(Debug, Clone, Copy, Default)]
struct Known {
    /// How the row fares that is shown from there.
    shown: Option<Health>,
    /// Whether a row from there stands among the names.
    named: bool,
    /// Whether the row has to be taken out of where it stands.
    leaves: bool,
}

/// How the shown rows fare.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// On their way.
    pub pending: usize,
    /// Broken.
    pub failing: usize,
}

impl Counts {
    /// The number that counts objects which fare so.
    fn of(&mut self, health: Health) -> Option<&mut usize> {
        match health {
            Health::Fine => None,
            Health::Pending => Some(&mut self.pending),
            Health::Failing => Some(&mut self.failing),
        }
    }
}

impl Table {
    /// Brings the table up to the state of `store`; tells whether anything may look different.
    pub fn refresh(&mut self, store: &Store, query: &Query, now: Time) -> bool {
        let aged = query.filter.ages() && self.filtered_at != Some(now);
        let asked = self.seen.is_none() || *query != self.query || aged;
        // What a number or an age shows may be another one since.
        let enough = self.filtered_at == Some(now);
        let touched = self.seen.and_then(|seen| store.changed_since(seen)).map(by_row);
        self.places.resize(store.slots(), Known::default());
        match touched {
            Some(touched) if touched.is_empty() && !asked => return false,
            Some(touched) => {
                self.follow_names(store, &touched);
                if asked {
                    self.ask(store, (query, enough && touched.is_empty()), now);
                } else {
                    self.follow(store, &touched, now);
                }
            }
            None => {
                self.names = by_name(store);
                self.places = vec![Known::default(); store.slots()];
                for id in &self.names {
                    if let Some(place) = self.places.get_mut(*id as usize) {
                        place.named = true;
                    }
                }
                self.ask(store, (query, false), now);
            }
        }
        self.seen = Some(store.version());
        self.filtered_at = Some(now);
        true
    }

    /// Whether the rows are those of `query`, perhaps of a moment ago.
    pub fn answers(&self, query: &Query) -> bool {
        self.seen.is_some() && *query == self.query
    }

    /// Whether `store` changed since the last refresh.
    pub fn is_behind(&self, store: &Store) -> bool {
        self.seen != Some(store.version())
    }

    /// The version of the store that is known.
    pub fn version(&self) -> Option<u64> {
        self.seen
    }

    /// The shown rows in order.
    pub fn order(&self) -> &[u32] {
        self.order.as_deref().unwrap_or(&self.names)
    }

    /// How many rows are shown.
    pub fn len(&self) -> usize {
        self.order().len()
    }

    /// Whether no row is shown.
    pub fn is_empty(&self) -> bool {
        self.order().is_empty()
    }

    /// How the shown rows fare.
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// The row at `position`.
    pub fn row<'a>(&self, store: &'a Store, position: usize) -> Option<RowRef<'a>> {
        store.row(RowId(*self.order().get(position)?))
    }

    /// Where the row of `uid` stands; quick when it is where it was, at `last`.
    pub fn position(&self, store: &Store, uid: Uid, last: usize) -> Option<usize> {
        let id = store.find(uid)?.id().0;
        if self.order().get(last) == Some(&id) {
            return Some(last);
        }
        self.order().iter().position(|other| *other == id)
    }

    /// Answers a new question: all rows are looked at, or, when they are known to be `enough`, those that were shown.
    fn ask(&mut self, store: &Store, (query, enough): (&Query, bool), now: Time) {
        let narrower = enough && query.sort == self.query.sort && query.is_within(&self.query);
        self.query = query.clone();
        let mut order = self.order.take().filter(|_| narrower);
        if !query.filter.terms.is_empty() || query.owner.is_some() {
            let fit = fitting(&self.query, store, now);
            let from = order.as_deref().unwrap_or(&self.names).iter().copied();
            order = Some(from.filter(|id| fit.get(*id as usize).copied().unwrap_or_default()).collect());
        }
        if let Some(sort) = query.sort.filter(|_| !narrower) {
            by_column(store, order.get_or_insert_with(|| self.names.clone()), sort);
        }
        self.order = order;
        self.count(store);
    }

    /// Learns anew which rows are shown and how they fare.
    fn count(&mut self, store: &Store) {
        self.counts = Counts::default();
        self.places.iter_mut().for_each(|place| place.shown = None);
        let order = self.order.as_deref().unwrap_or(&self.names);
        for row in order.iter().filter_map(|id| store.row(RowId(*id))) {
            show(&mut self.counts, self.places.get_mut(row.id().0 as usize), Some(row.health()));
        }
    }

    /// Brings the names up to date.
    fn follow_names(&mut self, store: &Store, touched: &[Touch]) {
        let (mut fresh, mut gone) = (Vec::new(), false);
        for Touch { id, .. } in touched.iter().filter(|touch| touch.what.has(What::IDENTITY)) {
            let Some(place) = self.places.get_mut(*id as usize) else { continue };
            place.leaves = place.named;
            gone |= place.named;
            place.named = store.row(RowId(*id)).is_some();
            fresh.extend(place.named.then_some(*id));
        }
        fresh.sort_by(|a, b| compare(store, None, *a, *b));
        take_out(&mut self.names, &mut self.places, gone);
        insert_sorted(&mut self.names, &fresh, |a, b| compare(store, None, a, b));
    }

    /// Takes those of the touched rows out that stand elsewhere now or are not shown any more, and puts those in that
    /// are shown.
    fn follow(&mut self, store: &Store, touched: &[Touch], now: Time) {
        let matcher = Matcher::new(&self.query, now);
        let (mut fresh, mut gone, decides) = (Vec::new(), false, self.query.place());
        for Touch { id, what } in touched {
            let Some(place) = self.places.get_mut(*id as usize) else { continue };
            let row = store.row(RowId(*id)).filter(|row| matcher.holds(row));
            let (was, is) = (place.shown, row.map(|row| row.health()));
            let moves = what.has(decides);
            place.leaves = was.is_some() && (moves || is.is_none()) && self.order.is_some();
            gone |= place.leaves;
            fresh.extend((is.is_some() && (moves || was.is_none())).then_some(*id));
            show(&mut self.counts, Some(place), is);
        }
        let (Some(order), sort) = (&mut self.order, self.query.sort) else { return };
        fresh.sort_by(|a, b| compare(store, sort, *a, *b));
        take_out(order, &mut self.places, gone);
        insert_sorted(order, &fresh, |a, b| compare(store, sort, a, b));
    }
}

/// Notes how the row at a place fares that is shown now, and counts it in place of the one that was.
fn show(counts: &mut Counts, place: Option<&mut Known>, is: Option<Health>) {
    let Some(place) = place else { return };
    if let Some(count) = place.shown.and_then(|was| counts.of(was)) {
        *count -= 1;
    }
    if let Some(count) = is.and_then(|is| counts.of(is)) {
        *count += 1;
    }
    place.shown = is;
}

/// Takes the rows out that leave.
fn take_out(rows: &mut Vec<u32>, places: &mut [Known], any: bool) {
    if any {
        rows.retain(|id| !places.get_mut(*id as usize).is_some_and(|place| std::mem::take(&mut place.leaves)));
    }
}

#[cfg(test)]
mod tests {
    use super::super::filter::parse;
    use super::*;
    use crate::kinds::{Cell, Change, Heading, Place, Width};
    use crate::model::store::tests::{put, row};
    use proptest::prelude::*;

    const NOW: Time = Time(1_000);

    fn names(table: &Table, store: &Store) -> Vec<String> {
        (0..table.len()).filter_map(|at| table.row(store, at)).map(|row| row.name().to_owned()).collect()
    }

    fn query(filter: &str, sort: Option<Sort>) -> Query {
        let heading =
            |name: &'static str| Heading { name: name.into(), width: Width::Fit(5), place: Place::Always, right: true };
        let filter = parse(filter, &["SIZE", "TEXT"].map(heading)).unwrap();
        Query { filter, sort, columns: vec![0], with_namespace: true, owner: None }
    }

    #[test]
    fn rows_stand_by_namespace_and_name_or_by_a_column() {
        let mut store = Store::new(1);
        put(&mut store, row(1, "b", "x", vec![Cell::count(5)]));
        put(&mut store, row(2, "a", "z", vec![Cell::count(9)]));
        put(&mut store, row(3, "a", "y", vec![Cell::count(10)]));
        let mut table = Table::default();
        assert!(table.refresh(&store, &query("", None), NOW));
        assert_eq!(names(&table, &store), ["y", "z", "x"]);
        assert!(!table.refresh(&store, &query("", None), NOW));
        table.refresh(&store, &query("", Some(Sort { column: 0, descending: true })), NOW);
        assert_eq!(names(&table, &store), ["y", "z", "x"]);
        table.refresh(&store, &query("size>5", Some(Sort { column: 0, descending: false })), NOW);
        assert_eq!(names(&table, &store), ["z", "y"]);
    }

    #[test]
    fn a_list_that_is_opened_anew_is_not_taken_for_the_old_one() {
        let mut table = Table::default();
        let (mut old, mut new) = (Store::new(1).numbered(1), Store::new(1).numbered(2));
        for (store, name) in [(&mut old, "old"), (&mut new, "new")] {
            put(store, row(1, "", name, vec![Cell::count(5)]));
            table.refresh(store, &query("", None), NOW);
            assert_eq!(names(&table, store), [name]);
        }
        assert!(table.is_behind(&old));
    }

    /// What a query shows, by looking at each row and comparing each with each.
    fn obviously(store: &Store, query: &Query) -> Vec<u32> {
        let matcher = Matcher::new(query, NOW);
        let mut rows: Vec<u32> = store.rows().filter(|row| matcher.holds(row)).map(|row| row.id().0).collect();
        rows.sort_by(|a, b| compare(store, query.sort, *a, *b));
        rows
    }

    proptest! {
        /// However rows come, change and go and questions follow each other, the answer is the obvious one.
        #[test]
        fn answers_are_the_obvious_ones(
            steps in prop::collection::vec((0..40_u128, "[aB1]{0,2}", 0..12_i64, 0..10_u8), 1..80),
        ) {
            let filters = ["", "a", "ab", "1", "!b", "size<20 a", "size=1*", "n1", "text=n*1", "text=a*", "name=*2", "ns=b", "text>0"];
            let (mut store, mut table) = (Store::new(2), Table::default());
            for (uid, text, size, what) in steps {
                match what {
                    0 => store.apply(Change::Gone { uid: Uid(uid) }),
                    1..4 => {}
                    _ => {
                        // Cells that say the name, a text, a number or an address.
                        let other = match size % 4 {
                            0 => Cell::text(format!("n{uid}")),
                            1 => Cell::restarts(size, Some(Time(NOW.0 - size * 7))),
                            2 => Cell::text(format!("10.0.{size}.{uid}")),
                            _ => Cell::text(text.clone()),
                        };
                        let cells = vec![Cell::count(size), other];
                        let health = [Health::Fine, Health::Pending, Health::Failing][usize::from(what) % 3];
                        let row = row(uid, ["a", "b"][uid as usize % 2], &format!("n{uid}"), cells);
                        put(&mut store, crate::kinds::Row { health, ..row });
                    }
                }
                let sort = (size > 3).then_some(Sort { column: usize::from(size > 7), descending: size % 2 == 0 });
                let query = Query { columns: vec![0, 1], ..query(filters[(text.len() * 5 + usize::from(what)) % filters.len()], sort) };
                table.refresh(&store, &query, NOW);
                prop_assert_eq!(table.order(), obviously(&store, &query));
                let mut counts = Counts::default();
                for row in table.order().iter().filter_map(|id| store.row(RowId(*id))) {
                    counts.of(row.health()).into_iter().for_each(|count| *count += 1);
                }
                prop_assert_eq!(table.counts(), counts);
            }
        }

        /// Names are merged by namespace: that gives what comparing each with each gives.
        #[test]
        fn a_column_of_names_is_sorted(rows in prop::collection::vec(("[ab]{0,2}", "[a-c]{0,3}"), 0..60), descending in any::<bool>()) {
            let mut store = Store::new(1);
            for ((namespace, name), uid) in rows.into_iter().zip(1..) {
                put(&mut store, row(uid, &namespace, &name, vec![Cell::text(name.clone())]));
            }
            let query = query("", Some(Sort { column: 0, descending }));
            let mut table = Table::default();
            table.refresh(&store, &query, NOW);
            prop_assert_eq!(table.order(), obviously(&store, &query));
        }

        /// However rows come, change and go, following the changes gives what a new table would give.
        #[test]
        fn following_changes_equals_starting_anew(
            steps in prop::collection::vec((0..40_u128, 0..30_i64, prop::bool::weighted(0.2)), 1..120),
            descending in any::<bool>(), by_size in any::<bool>(),
        ) {
            let query = query("size<20", by_size.then_some(Sort { column: 0, descending }));
            let (mut store, mut table) = (Store::new(1), Table::default());
            for (uid, size, gone) in steps {
                if gone {
                    store.apply(Change::Gone { uid: Uid(uid) });
                } else {
                    put(&mut store, row(uid, ["a", "b"][uid as usize % 2], &format!("n{uid}"), vec![Cell::count(size)]));
                }
                table.refresh(&store, &query, NOW);
            }
            let mut anew = Table::default();
            anew.refresh(&store, &query, NOW);
            prop_assert_eq!(names(&table, &store), names(&anew, &store));
        }
    }
}
