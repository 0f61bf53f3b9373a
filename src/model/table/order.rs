//! In which order rows stand: by the cells of a column, and those with equal ones by namespace and name.

use super::Sort;
use crate::model::store::{RowId, Store};
use std::cmp::Ordering;

/// The order of two rows.
pub fn compare(store: &Store, sort: Option<Sort>, a: u32, b: u32) -> Ordering {
    let (Some(a), Some(b)) = (store.row(RowId(a)), store.row(RowId(b))) else { return a.cmp(&b) };
    let by_column = sort.map_or(Ordering::Equal, |sort| {
        let order = a.view(sort.column).order(&b.view(sort.column));
        if sort.descending { order.reverse() } else { order }
    });
    let alike = a.namespace_id() == b.namespace_id();
    let by_namespace = || if alike { Ordering::Equal } else { a.namespace().cmp(b.namespace()) };
    by_column.then_with(by_namespace).then_with(|| (a.name(), a.uid()).cmp(&(b.name(), b.uid())))
}

/// All rows of a store by namespace and name. Lists come in that order, so that little has to be moved.
pub fn by_name(store: &Store) -> Vec<u32> {
    let mut rows: Vec<u32> = store.rows().map(|row| row.id().0).collect();
    rows.sort_by(|a, b| compare(store, None, *a, *b));
    rows
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
