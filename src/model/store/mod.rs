//! `Store`: the rows of one list, packed. About 120 bytes a pod instead of the 76 kB of a decoded one.

mod cells;
mod head;
#[cfg(test)]
mod plain;
mod put;
mod row;
mod scan;

pub use row::RowRef;
pub use scan::{Held, Sorts};

use super::changes::{Changes, Touch, What};
use super::chunks::Chunks;
use super::packed::Form;
use super::shapes::{Shape, Shapes};
use super::texts::{Pile, Texts};
use crate::kinds::{Change, Uid};
use cells::Cells;
use hashbrown::{DefaultHashBuilder, HashMap, HashTable};
use head::Head;
use put::Draft;
use std::hash::BuildHasher;

/// The place of a row in its store. It is used again after the row is gone; the UID is the identity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RowId(pub u32);

/// The rows of one list.
#[derive(Debug)]
pub struct Store {
    heads: Chunks<Head>,
    /// The shape of each row, which alone has to be known of all rows to look at one column.
    shape_of: Chunks<Shape>,
    /// The names, by the places of the rows: each row has its own, so that sharing them would only cost.
    names: Pile,
    /// The values of cells; their forms are in the shape of the row.
    cells: Cells,
    shapes: Shapes,
    /// All other texts.
    texts: Texts,
    uids: HashTable<u32>,
    hasher: DefaultHashBuilder,
    free: Vec<u32>,
    unreadable: HashMap<Uid, String>,
    /// How many lists of each part began.
    generations: Vec<u8>,
    changes: Changes,
    draft: Draft,
}

impl Store {
    /// An empty store for rows of `columns` cells.
    pub fn new(columns: usize) -> Self {
        Self::with(columns, Changes::default())
    }

    /// The same for the store of this number. Stores with other numbers have other versions, so that what was learnt
    /// of one is never taken for what is known of another.
    #[must_use]
    pub fn numbered(self, number: u32) -> Self {
        Self { changes: Changes::of_store(number), ..self }
    }

    fn with(columns: usize, changes: Changes) -> Self {
        Self {
            heads: Chunks::new(),
            shape_of: Chunks::new(),
            names: Pile::default(),
            cells: Cells::new(columns),
            shapes: Shapes::default(),
            texts: Texts::default(),
            uids: HashTable::new(),
            hasher: DefaultHashBuilder::default(),
            free: Vec::new(),
            unreadable: HashMap::new(),
            generations: Vec::new(),
            changes,
            draft: Draft::default(),
        }
    }

    /// Takes over one change.
    pub fn apply(&mut self, change: Change) {
        match change {
            Change::Begin { part } => self.begin(part),
            Change::Put { part, mut row } => self.put(part, &mut row),
            Change::Gone { uid } => self.remove_object(uid),
            Change::End { part } => self.sweep(part),
            // The list takes these, since they belong to the headings.
            Change::Columns { headings } => self.clear(headings.len()),
        }
    }

    /// Forgets all rows; those that come have so many cells. Versions go on, so that every view starts anew.
    pub fn clear(&mut self, columns: usize) {
        let (mut changes, generations) = (std::mem::take(&mut self.changes), std::mem::take(&mut self.generations));
        changes.forget();
        *self = Self { generations, ..Self::with(columns, changes) };
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.uids.len()
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.uids.is_empty()
    }

    /// How many places there are, used or free; ids are below this.
    pub fn slots(&self) -> usize {
        self.heads.len()
    }

    /// Grows with every change.
    pub fn version(&self) -> u64 {
        self.changes.count()
    }

    /// The rows that changed, came or went since `version`; `None` when that is too long ago to know.
    pub fn changed_since(&self, version: u64) -> Option<&[Touch]> {
        self.changes.since(version)
    }

    /// All rows, in no order.
    pub fn rows(&self) -> impl Iterator<Item = RowRef<'_>> {
        let all = self.heads.iter().zip(self.shape_of.iter()).zip(0..);
        let alive = all.filter(|((_, shape), _)| shape.is_row());
        alive.map(|((head, shape), id)| RowRef { store: self, head, shape: *shape, id })
    }

    /// The row at `id`, if there is one.
    pub fn row(&self, id: RowId) -> Option<RowRef<'_>> {
        let shape = self.shape(id.0);
        let head = self.heads.get(id.0 as usize).filter(|_| shape.is_row())?;
        Some(RowRef { store: self, head, shape, id: id.0 })
    }

    /// The row of the object `uid`.
    pub fn find(&self, uid: Uid) -> Option<RowRef<'_>> {
        self.row(RowId(self.slot(uid)?))
    }

    /// The number of the row of `uid`.
    fn slot(&self, uid: Uid) -> Option<u32> {
        let hash = self.hasher.hash_one(uid);
        self.uids.find(hash, |id| self.heads.get(*id as usize).is_some_and(|head| head.uid() == uid)).copied()
    }

    /// The shape of the row at a place.
    fn shape(&self, id: u32) -> Shape {
        self.shape_of.get(id as usize).copied().unwrap_or(Shape::NONE)
    }

    /// Form and value of a cell of a row with this shape; the empty text where there is no row.
    fn cell(&self, id: u32, shape: Shape, column: usize) -> (Form, u32) {
        self.shapes.form(shape, column).map_or_else(Default::default, |form| (form, self.cells.get(id, column)))
    }

    /// A list of `part` begins.
    fn begin(&mut self, part: u8) {
        let parts = self.generations.len().max(usize::from(part) + 1);
        self.generations.resize(parts, 0);
        if let Some(generation) = self.generations.get_mut(usize::from(part)) {
            *generation = generation.wrapping_add(1);
        }
    }

    /// Which list of `part` it is that comes.
    fn generation(&self, part: u8) -> u8 {
        self.generations.get(usize::from(part)).copied().unwrap_or_default()
    }

    /// Removes the row of an object, or the rows that are its parts.
    fn remove_object(&mut self, uid: Uid) {
        if let Some(id) = self.slot(uid) {
            return self.remove(id);
        }
        let owned = |row: &RowRef<'_>| row.owner_uid() == Some(uid);
        let parts: Vec<u32> = self.rows().filter(owned).map(|row| row.id).collect();
        for id in parts {
            self.remove(id);
        }
    }

    /// Removes the rows of `part` that its last list did not name.
    fn sweep(&mut self, part: u8) {
        let generation = self.generation(part);
        let old = |row: &RowRef<'_>| row.head.part == part && row.head.generation != generation;
        let gone: Vec<u32> = self.rows().filter(old).map(|row| row.id).collect();
        for id in gone {
            self.remove(id);
        }
    }

    /// Removes the row at `id`, and its uses of texts.
    fn remove(&mut self, id: u32) {
        let Some(head) = self.heads.get(id as usize).copied() else { return };
        let (uid, shape) = (head.uid(), self.shape(id));
        if let Ok(entry) = self.uids.find_entry(self.hasher.hash_one(uid), |other| *other == id) {
            entry.remove();
        }
        head.release(&mut self.texts);
        self.names.forget(id);
        for column in 0..self.cells.columns() {
            self.release(self.cell(id, shape, column));
        }
        self.write(id, Head::new(Uid::default()), Shape::NONE);
        self.unreadable.remove(&uid);
        self.free.push(id);
        self.changes.note(id, What::IDENTITY);
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::kinds::{Cell, Health, Link, Reference, Row};
    use crate::model::packed::View;

    pub fn row(uid: u128, namespace: &str, name: &str, cells: Vec<Cell>) -> Row {
        Row { uid: Uid(uid), namespace: namespace.into(), name: name.into(), cells, ..Row::default() }
    }

    pub fn put(store: &mut Store, row: Row) {
        store.apply(Change::Put { part: 0, row: Box::new(row) });
    }

    fn names(store: &Store) -> Vec<&str> {
        let mut names: Vec<_> = store.rows().map(|row| row.name()).collect();
        names.sort_unstable();
        names
    }

    #[test]
    fn a_row_comes_back_as_it_was_put() {
        let mut store = Store::new(2);
        let owner =
            Reference { kind: "ReplicaSet".into(), name: "web".into(), uid: Some(Uid(7)), ..Reference::default() };
        let whole = Row {
            labels: "app=web\ntier=front".into(),
            owner: Some(owner.clone()),
            link: Link::Selects("app=web".into()),
            health: Health::Failing,
            unreadable: Some("cannot be read".into()),
            ..row(1, "shop", "web-1", vec![Cell::text("Running"), Cell::count(3)])
        };
        put(&mut store, whole);
        let row = store.find(Uid(1)).unwrap();
        assert_eq!(
            (row.namespace(), row.name(), row.label("tier"), row.health()),
            ("shop", "web-1", Some("front"), Health::Failing)
        );
        assert_eq!((row.owner(), row.link()), (Some(owner), Link::Selects("app=web".into())));
        assert_eq!(
            (row.view(0), row.view(1), row.unreadable()),
            (View::Text("Running"), View::Count(3), Some("cannot be read"))
        );
    }

    #[test]
    fn a_relist_sweeps_what_it_did_not_name_and_never_empties() {
        let mut store = Store::new(0);
        store.apply(Change::Begin { part: 0 });
        ["a", "b", "c"].iter().zip(1..).for_each(|(name, uid)| put(&mut store, row(uid, "", name, vec![])));
        store.apply(Change::End { part: 0 });
        store.apply(Change::Begin { part: 0 });
        put(&mut store, row(2, "", "b", vec![]));
        assert_eq!(names(&store), ["a", "b", "c"]);
        store.apply(Change::End { part: 0 });
        assert_eq!(names(&store), ["b"]);
    }

    #[test]
    fn a_list_that_failed_twice_still_sweeps_the_first_rows() {
        let mut store = Store::new(0);
        for uid in [1, 2, 3] {
            store.apply(Change::Begin { part: 0 });
            put(&mut store, row(uid, "", &format!("row-{uid}"), vec![]));
        }
        store.apply(Change::End { part: 0 });
        assert_eq!(names(&store), ["row-3"]);
    }

    #[test]
    fn one_part_does_not_sweep_another() {
        let mut store = Store::new(0);
        store.apply(Change::Put { part: 1, row: Box::new(row(1, "b", "other", vec![])) });
        store.apply(Change::Begin { part: 0 });
        store.apply(Change::End { part: 0 });
        assert_eq!(names(&store), ["other"]);
    }

    #[test]
    fn deleted_and_created_again_under_one_name_is_another_row() {
        let mut store = Store::new(0);
        put(&mut store, row(1, "", "web-0", vec![]));
        put(&mut store, row(2, "", "web-0", vec![]));
        assert_eq!(store.len(), 2);
        store.apply(Change::Gone { uid: Uid(1) });
        assert_eq!((store.len(), store.find(Uid(1)).is_none(), store.find(Uid(2)).is_some()), (1, true, true));
    }

    #[test]
    fn the_parts_of_an_object_go_with_it() {
        let mut store = Store::new(0);
        let owner = Some(Reference { uid: Some(Uid(9)), ..Reference::default() });
        put(&mut store, Row { owner: owner.clone(), ..row(1, "", "app", vec![]) });
        put(&mut store, Row { owner, ..row(2, "", "proxy", vec![]) });
        store.apply(Change::Gone { uid: Uid(9) });
        assert!(store.is_empty());
    }

    #[test]
    fn texts_out_of_use_do_not_pile_up() {
        let mut store = Store::new(1);
        put(&mut store, row(1, "shop", "stays", vec![Cell::text("here")]));
        for n in 0..300_000 {
            put(&mut store, row(2, "shop", "changes", vec![Cell::text(format!("message {n}"))]));
        }
        assert_eq!(store.texts.len(), 3, "a namespace and a cell of two rows");
        assert_eq!(store.find(Uid(1)).unwrap().view(0), View::Text("here"));
        assert_eq!(store.find(Uid(2)).unwrap().view(0), View::Text("message 299999"));
    }

    /// What `rounds` of a list with `rows` rows and then updates leave allocated, in bytes.
    fn held_after(rounds: u128, rows: u128) -> i64 {
        let mut store = Store::new(3);
        let put = |store: &mut Store, uid: u128, nth: u128| {
            let restarts = Cell::restarts(i64::try_from(nth % 7).unwrap(), Some(crate::kinds::Time(1_000_000)));
            let cells = vec![Cell::text(format!("message {nth} of {uid}")), restarts, Cell::text("Running")];
            put(
                store,
                Row { labels: format!("pod={uid}").into(), ..row(uid, "shop", &format!("pod-{uid:06}"), cells) },
            );
        };
        let counted = allocation_counter::measure(|| {
            for round in 0..rounds {
                store.apply(Change::Begin { part: 0 });
                // Half of the pods of each list are others than before.
                let first = round * rows / 2;
                (first..first + rows).for_each(|uid| put(&mut store, uid, round));
                store.apply(Change::End { part: 0 });
                (0..10 * rows).for_each(|nth| put(&mut store, first + nth % rows, nth));
            }
        });
        assert_eq!(store.len() as u128, rows);
        counted.bytes_current
    }

    #[test]
    fn lists_and_updates_without_end_take_no_more_memory() {
        let (few, many) = (held_after(2, 2_000), held_after(20, 2_000));
        assert!(many * 10 <= few * 12, "{few} bytes after two lists, {many} after twenty");
    }

    #[test]
    fn some_cells_are_replaced_and_texts_are_released() {
        let mut store = Store::new(3);
        put(&mut store, row(1, "shop", "a", vec![Cell::text("Running"), Cell::quantity("-"), Cell::count(4)]));
        let id = store.find(Uid(1)).unwrap().id();
        for used in 0..1_000 {
            store.set(id, &[(1, Cell::quantity(format!("{used}m"))), (9, Cell::count(1))]);
        }
        let row = store.find(Uid(1)).unwrap();
        assert_eq!(
            [0, 1, 2].map(|column| row.view(column)),
            [View::Text("Running"), View::Quantity("999m"), View::Count(4)]
        );
        assert_eq!(store.texts.len(), 3);
        let seen = store.version();
        store.set(id, &[(1, Cell::quantity("999m"))]);
        assert_eq!(store.version(), seen);
        store.set(id, &[(1, Cell::quantity("1m"))]);
        assert_eq!(
            store.changed_since(seen).unwrap().iter().map(|touch| touch.what).collect::<Vec<_>>(),
            [What::column(1)]
        );
    }

    #[test]
    fn what_changed_is_told_and_what_stays_is_not() {
        let mut store = Store::new(2);
        let cells = |n: i64| vec![Cell::text("Running"), Cell::count(n)];
        put(&mut store, row(1, "shop", "a", cells(1)));
        let told = |store: &mut Store, row: Row| {
            let seen = store.version();
            put(store, row);
            store.changed_since(seen).unwrap().iter().map(|touch| touch.what).collect::<Vec<_>>()
        };
        assert_eq!(told(&mut store, row(1, "shop", "a", cells(1))), []);
        assert_eq!(told(&mut store, row(1, "shop", "a", cells(2))), [What::column(1)]);
        let other = vec![Cell::text("Pending"), Cell::count(2)];
        assert_eq!(told(&mut store, row(1, "shop", "a", other)), [What::column(0)], "one text in place of another");
        assert_eq!(told(&mut store, row(1, "shop", "a", cells(2))), [What::column(0)]);
        let sick = Row { health: Health::Failing, ..row(1, "shop", "a", cells(2)) };
        assert_eq!(told(&mut store, sick.clone()), [What::BESIDE]);
        let broken = Row { unreadable: Some("why".into()), ..sick };
        assert_eq!(told(&mut store, broken), [What::BESIDE]);
        let what = told(&mut store, row(2, "shop", "b", cells(1)));
        assert!(matches!(what.as_slice(), [what] if what.has(What::IDENTITY)));
    }
}
