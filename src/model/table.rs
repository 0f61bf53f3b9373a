//! `Table`: which rows of a store are shown, in which order. Kept up to date by the changes, not made anew.

use super::filter::{Filter, Matcher};
use super::store::{RowId, RowRef, Store};
use crate::kinds::{Health, Time, Uid};
use std::cmp::Ordering;

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

/// The rows that a query shows.
#[derive(Debug, Default)]
pub struct Table {
    query: Query,
    order: Vec<u32>,
    seen: Option<u64>,
    filtered_at: Option<Time>,
    counts: Counts,
}

/// How the shown rows fare.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// On their way.
    pub pending: usize,
    /// Broken.
    pub failing: usize,
}

impl Table {
    /// Brings the table up to the state of `store`; tells whether anything may look different.
    pub fn refresh(&mut self, store: &Store, query: &Query, now: Time) -> bool {
        let aged = query.filter.ages() && self.filtered_at != Some(now);
        let known = self.seen.and_then(|seen| store.changed_since(seen)).filter(|_| *query == self.query && !aged);
        match known {
            Some([]) => return false,
            Some(changed) => self.merge(store, changed, now),
            None => {
                self.query = query.clone();
                self.rebuild(store, now);
            }
        }
        self.seen = Some(store.version());
        self.filtered_at = Some(now);
        self.counts = count(store, &self.order);
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

    /// The shown rows in order.
    pub fn order(&self) -> &[u32] {
        &self.order
    }

    /// How many rows are shown.
    pub fn len(&self) -> usize {
        self.order.len()
    }

    /// Whether no row is shown.
    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// How the shown rows fare.
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// The row at `position`.
    pub fn row<'a>(&self, store: &'a Store, position: usize) -> Option<RowRef<'a>> {
        store.row(RowId(*self.order.get(position)?))
    }

    /// Where the row of `uid` stands.
    pub fn position(&self, store: &Store, uid: Uid) -> Option<usize> {
        let id = store.find(uid)?.id().0;
        self.order.iter().position(|other| *other == id)
    }

    /// Filters and sorts all rows. Rows that stood in order already keep it, so that the sort has little to do.
    fn rebuild(&mut self, store: &Store, now: Time) {
        let Query { filter, columns, with_namespace, owner, .. } = &self.query;
        let mut matcher = Matcher::new(filter, store, columns, *with_namespace, now);
        let owned = |row: &RowRef<'_>| owner.is_none_or(|uid| row.owner().and_then(|o| o.uid) == Some(uid));
        self.order.clear();
        self.order.extend(store.rows().filter(|row| owned(row) && matcher.holds(row)).map(|row| row.id().0));
        let sort = self.query.sort;
        self.order.sort_by(|a, b| compare(store, sort, *a, *b));
    }

    /// Takes the changed rows out and puts those that are shown where they belong.
    fn merge(&mut self, store: &Store, changed: &[u32], now: Time) {
        let mut fresh = changed.to_vec();
        fresh.sort_unstable();
        fresh.dedup();
        let mut is_fresh = vec![false; store.slots()];
        for id in &fresh {
            if let Some(flag) = is_fresh.get_mut(*id as usize) {
                *flag = true;
            }
        }
        let Query { filter, columns, with_namespace, owner, sort } = &self.query;
        let mut matcher = Matcher::new(filter, store, columns, *with_namespace, now);
        fresh.retain(|id| {
            store.row(RowId(*id)).is_some_and(|row| {
                owner.is_none_or(|uid| row.owner().and_then(|o| o.uid) == Some(uid)) && matcher.holds(&row)
            })
        });
        fresh.sort_by(|a, b| compare(store, *sort, *a, *b));
        self.order.retain(|id| is_fresh.get(*id as usize) != Some(&true));
        insert_sorted(&mut self.order, &fresh, |a, b| compare(store, *sort, a, b));
    }
}

/// Puts the sorted `fresh` into the sorted `order`, from the back: each row is searched for near the place of the one
/// behind it, and one pass moves the tail. Rows that arrive in order are only appended.
fn insert_sorted(order: &mut Vec<u32>, fresh: &[u32], compare: impl Fn(u32, u32) -> Ordering) {
    let mut end = order.len();
    order.resize(end + fresh.len(), 0);
    for (index, id) in fresh.iter().enumerate().rev() {
        let place =
            order.get(..end).map_or(end, |order| last_place(order, |other| compare(other, *id) == Ordering::Less));
        order.copy_within(place..end, place + index + 1);
        if let Some(slot) = order.get_mut(place + index) {
            *slot = *id;
        }
        end = place;
    }
}

/// How many of the first of `order` are `before`; quick when it is nearly all of them.
fn last_place(order: &[u32], before: impl Fn(u32) -> bool) -> usize {
    let mut step = 1;
    let mut high = order.len();
    while let Some(low) = high.checked_sub(step) {
        if order.get(low).is_some_and(|id| before(*id)) {
            let between = order.get(low..high).unwrap_or_default();
            return low + between.partition_point(|id| before(*id));
        }
        high = low;
        step *= 2;
    }
    order.get(..high).unwrap_or_default().partition_point(|id| before(*id))
}

/// The order of two rows: by the sorted column, then by namespace and name.
fn compare(store: &Store, sort: Option<Sort>, a: u32, b: u32) -> Ordering {
    let (Some(a), Some(b)) = (store.row(RowId(a)), store.row(RowId(b))) else { return a.cmp(&b) };
    let by_column = sort.map_or(Ordering::Equal, |sort| {
        let order = a.view(sort.column).order(&b.view(sort.column));
        if sort.descending { order.reverse() } else { order }
    });
    by_column.then_with(|| (a.namespace(), a.name(), a.uid()).cmp(&(b.namespace(), b.name(), b.uid())))
}

/// How the rows of `order` fare.
fn count(store: &Store, order: &[u32]) -> Counts {
    let mut counts = Counts::default();
    for row in order.iter().filter_map(|id| store.row(RowId(*id))) {
        match row.health() {
            Health::Fine => {}
            Health::Pending => counts.pending += 1,
            Health::Failing => counts.failing += 1,
        }
    }
    counts
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
        let heading = Heading { name: "SIZE".into(), width: Width::Fit(5), place: Place::Always, right: true };
        Query { filter: parse(filter, &[heading]).unwrap(), sort, columns: vec![0], with_namespace: true, owner: None }
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

    proptest! {
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
