//! Sorting all rows by a column. Each cell becomes a number first, and numbers are sorted by their bits; names, of
//! which each row has its own, stand in order within each namespace, so that these are merged.

use super::Sort;
use crate::model::packed::View;
use crate::model::store::{Held, RowId, Store};
use crate::model::texts::{Pile, TextId};

/// Sorts rows that stand by namespace and name.
pub fn by_column(store: &Store, rows: &mut Vec<u32>, Sort { column, descending }: Sort) {
    let sorts = store.sorts(column);
    if sorts.names && !sorts.texts && !sorts.others {
        *rows = merged(store, rows);
        if descending {
            turn_round(store.names(), rows);
        }
        return;
    }
    let keys = keys(store, column);
    let turn = if descending { u64::MAX } else { 0 };
    let key = |id: u32| keys.get(id as usize).copied().unwrap_or_default() ^ turn;
    *rows = sorted(rows.iter().map(|id| (key(*id), *id)).collect());
}

/// A number for each place of a store, which orders the cell of a column among the others.
fn keys(store: &Store, column: usize) -> Vec<u64> {
    let (mut keys, mut of_texts) = (vec![0; store.slots()], vec![0; store.texts().ids()]);
    let mut seen: Vec<(View<'_>, Of)> = Vec::new();
    store.scan(column, |id, held| match held {
        Held::Name => seen.push((store.shows(id, held), Of::Row(id))),
        Held::Text(text) | Held::Quantity(text) => {
            if is_first(&mut of_texts, text) {
                seen.push((store.shows(id, held), Of::Text(text)));
            }
        }
        Held::Other(packed) => set(&mut keys, id, packed.order()),
    });
    if !seen.is_empty() {
        rank(seen, (&mut of_texts, &mut keys));
        store.scan(column, |id, held| {
            if let Held::Text(TextId(text)) | Held::Quantity(TextId(text)) = held {
                set(&mut keys, id, of_texts.get(text as usize).copied().unwrap_or_default());
            }
        });
    }
    keys
}

/// Whose number it is: that of a text, or that of the one row whose name it is.
enum Of {
    Text(TextId),
    Row(u32),
}

/// Whether a text was not seen yet.
fn is_first(of_texts: &mut [u64], TextId(text): TextId) -> bool {
    of_texts.get_mut(text as usize).is_some_and(|key| std::mem::replace(key, SEEN) != SEEN)
}

/// Stands for the number of a text that is seen, but has none yet.
const SEEN: u64 = u64::MAX;

/// Gives texts their numbers: equal ones have the same.
fn rank(mut seen: Vec<(View<'_>, Of)>, (texts, rows): (&mut [u64], &mut [u64])) {
    seen.sort_by(|(a, _), (b, _)| a.order(b));
    for (number, alike) in (0..).zip(seen.chunk_by(|(a, _), (b, _)| a == b)) {
        for (view, of) in alike {
            match of {
                Of::Text(TextId(id)) => set(texts, *id, view.order_at(number)),
                Of::Row(id) => set(rows, *id, view.order_at(number)),
            }
        }
    }
}

/// Writes a number.
fn set(numbers: &mut [u64], at: u32, number: u64) {
    if let Some(slot) = numbers.get_mut(at as usize) {
        *slot = number;
    }
}

/// The lowest eleven bits.
const DIGIT: u64 = (1 << 11) - 1;

/// Sorts by the numbers, eleven bits at a time from the last one: rows with equal ones stay as they stand. Bits that all
/// have in common cost nothing.
fn sorted(mut rows: Vec<(u64, u32)>) -> Vec<u32> {
    let (all, any) = rows.iter().fold((u64::MAX, 0), |(all, any), (key, _)| (all & key, any | key));
    let mut other = rows.clone();
    for shift in (0..u64::BITS).step_by(11).filter(|shift| (any & !all) >> shift & DIGIT > 0) {
        let digit = |key: u64| usize::from(u16::try_from(key >> shift & DIGIT).unwrap_or_default());
        let mut places = vec![0; 1 << 11];
        for (key, _) in &rows {
            places.get_mut(digit(*key)).into_iter().for_each(|place| *place += 1);
        }
        let mut sum = 0;
        for place in &mut places {
            sum += std::mem::replace(place, sum);
        }
        for row in &rows {
            let Some(place) = places.get_mut(digit(row.0)) else { continue };
            if let Some(slot) = other.get_mut(*place) {
                *slot = *row;
            }
            *place += 1;
        }
        std::mem::swap(&mut rows, &mut other);
    }
    rows.into_iter().map(|(_, id)| id).collect()
}

/// Rows that stand by namespace and name, by their names alone. Pods of one owner stand together in one namespace, so
/// that mostly the row that comes next is the next of the same run.
fn merged(store: &Store, mut rows: &[u32]) -> Vec<u32> {
    let (names, mut all) = (store.names(), Vec::with_capacity(rows.len()));
    let namespace = |id: &u32| store.row(RowId(*id)).map(|row| row.namespace_id());
    let mut runs = Vec::new();
    while let Some(first) = rows.first().map(namespace) {
        let (run, rest) = rows.split_at(rows.partition_point(|id| namespace(id) == first));
        runs.push((run, runs.len()));
        rows = rest;
    }
    // Of rows that are called the same, the one of the first namespace comes first.
    let head = |(run, number): &(&[u32], usize)| Some((run.first().map(|id| names.text(*id))?, *number));
    // The run with the first row stands last.
    runs.sort_by(|a, b| head(b).cmp(&head(a)));
    while let Some((run, number)) = runs.pop() {
        let limit = runs.last().and_then(head);
        let comes = |id: &&u32| limit.is_none_or(|limit| (names.text(**id), number) < limit);
        let (now, later) = run.split_at(run.iter().take_while(comes).count().max(1).min(run.len()));
        all.extend_from_slice(now);
        if !later.is_empty() {
            let later = (later, number);
            let at = runs.partition_point(|other| head(other) > head(&later));
            runs.insert(at, later);
        }
    }
    all
}

/// Turns rows that stand by their names round; those that are called the same stay as they stand.
fn turn_round(names: &Pile, rows: &mut [u32]) {
    rows.reverse();
    rows.chunk_by_mut(|a, b| names.text(*a) == names.text(*b)).for_each(<[u32]>::reverse);
}
