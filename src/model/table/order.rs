//! In which order rows stand: by the cells of a column, and those with equal ones by namespace and name.

use super::Sort;
use crate::model::packed::View;
use crate::model::store::{RowId, RowRef, Store};
use crate::model::texts::TextId;
use std::cmp::Ordering;

/// The order of two rows.
pub fn compare(store: &Store, sort: Option<Sort>, a: u32, b: u32) -> Ordering {
    let (Some(a), Some(b)) = (store.row(RowId(a)), store.row(RowId(b))) else { return a.cmp(&b) };
    let by_column = sort.map_or(Ordering::Equal, |sort| {
        let order = a.view(sort.column).order(&b.view(sort.column));
        if sort.descending { order.reverse() } else { order }
    });
    by_column.then_with(|| (a.namespace(), a.name(), a.uid()).cmp(&(b.namespace(), b.name(), b.uid())))
}

/// All rows of a store by namespace and name. Lists come in that order, so that little has to be moved.
pub fn by_name(store: &Store) -> Vec<u32> {
    let mut rows: Vec<u32> = store.rows().map(|row| row.id().0).collect();
    rows.sort_by(|a, b| compare(store, None, *a, *b));
    rows
}

/// Sorts rows that stand by namespace and name. Each cell becomes a number first: comparing those is all that is left.
pub fn by_column(store: &Store, rows: &mut [u32], Sort { column, descending }: Sort) {
    let ranks = Ranks::of(store, rows, column);
    let key = |id: u32| store.row(RowId(id)).map_or(0, |row| ranks.key(&row, column));
    let turn = if descending { u64::MAX } else { 0 };
    let mut keyed: Vec<(u64, u32)> = rows.iter().map(|id| (key(*id) ^ turn, *id)).collect();
    keyed.sort_by_key(|(key, _)| *key);
    rows.iter_mut().zip(keyed).for_each(|(row, (_, id))| *row = id);
}

/// The places of a column's texts among each other.
struct Ranks(Vec<u32>);

impl Ranks {
    /// Those of the texts in a column of `rows`.
    fn of(store: &Store, rows: &[u32], column: usize) -> Self {
        const SEEN: u32 = u32::MAX;
        let mut ranks = vec![0; store.texts().ids()];
        let mut texts: Vec<(View<'_>, TextId)> = Vec::new();
        for row in rows.iter().filter_map(|id| store.row(RowId(*id))) {
            let Some(id) = row.text_id(column) else { continue };
            if let Some(rank) = ranks.get_mut(id.0 as usize).filter(|rank| **rank != SEEN) {
                *rank = SEEN;
                texts.push((row.view(column), id));
            }
        }
        texts.sort_by(|(a, _), (b, _)| a.order(b));
        for (rank, (_, id)) in (0..).zip(texts) {
            if let Some(slot) = ranks.get_mut(id.0 as usize) {
                *slot = rank;
            }
        }
        Self(ranks)
    }

    /// A number that orders a cell among the others of its column.
    fn key(&self, row: &RowRef<'_>, column: usize) -> u64 {
        let cell = row.cell(column);
        let rank = cell.text_id().and_then(|id| self.0.get(id.0 as usize)).copied().unwrap_or_default();
        cell.order() | u64::from(rank)
    }
}

/// Puts the sorted `fresh` into the sorted `order`, from the back: each row is searched for near the place of the one
/// behind it, and one pass moves the tail. Rows that arrive in order are only appended.
pub fn insert_sorted(order: &mut Vec<u32>, fresh: &[u32], compare: impl Fn(u32, u32) -> Ordering) {
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
