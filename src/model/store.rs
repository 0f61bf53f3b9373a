//! `Store`: the rows of one list, packed. About 200 bytes a pod instead of the 76 kB of a decoded one.

use super::chunks::Chunks;
use super::packed::{Packed, View};
use super::pointers::{decode, decode_link, encode, encode_link};
use super::texts::{TextId, Texts};
use crate::kinds::{Change, Health, Link, Reference, Row, Uid};
use hashbrown::{DefaultHashBuilder, HashMap, HashTable};
use std::hash::BuildHasher;

/// The place of a row in its store. It is used again after the row is gone; the UID is the identity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RowId(pub u32);

/// What every row has, beside its cells.
#[derive(Debug, Clone, Copy)]
struct Head {
    /// The UID in two halves: a `u128` would widen every head by its alignment.
    uid: [u64; 2],
    namespace: TextId,
    name: TextId,
    labels: TextId,
    owner: TextId,
    link: TextId,
    generation: u8,
    part: u8,
    health: Health,
    alive: bool,
}

impl Head {
    fn uid(&self) -> Uid {
        let [high, low] = self.uid;
        Uid(u128::from(high) << 64 | u128::from(low))
    }
}

/// The upper and the lower half of a UID.
fn halves(Uid(uid): Uid) -> [u64; 2] {
    let half = |bits: u128| u64::try_from(bits & u128::from(u64::MAX)).unwrap_or_default();
    [half(uid >> 64), half(uid)]
}

/// How many changes are remembered for the views; one that missed more starts anew.
const JOURNAL: usize = 1 << 15;
/// Texts that may be out of use before the table is rebuilt, beside as many as are in use.
const STALE_TEXTS: usize = 1 << 14;

/// The rows of one list.
#[derive(Debug)]
pub struct Store {
    stride: usize,
    heads: Chunks<Head>,
    cells: Chunks<Packed>,
    texts: Texts,
    uids: HashTable<u32>,
    hasher: DefaultHashBuilder,
    free: Vec<u32>,
    unreadable: HashMap<Uid, String>,
    generations: HashMap<u8, u8>,
    journal: Vec<u32>,
    journal_start: u64,
    texts_after_rebuild: usize,
    /// Where references are written before they become texts: one room for all rows.
    draft: String,
}

impl Store {
    /// An empty store for rows of `stride` cells.
    pub fn new(stride: usize) -> Self {
        Self {
            stride,
            heads: Chunks::new(),
            cells: Chunks::new(),
            texts: Texts::default(),
            uids: HashTable::new(),
            hasher: DefaultHashBuilder::default(),
            free: Vec::new(),
            unreadable: HashMap::new(),
            generations: HashMap::new(),
            journal: Vec::new(),
            journal_start: 0,
            texts_after_rebuild: 0,
            draft: String::new(),
        }
    }

    /// Takes over one change.
    pub fn apply(&mut self, change: Change) {
        match change {
            Change::Begin { part } => {
                let generation = self.generations.entry(part).or_default();
                *generation = generation.wrapping_add(1);
            }
            Change::Put { part, row } => self.put(part, *row),
            Change::Gone { uid } => self.remove_object(uid),
            Change::End { part } => self.sweep(part),
            // The list takes these, since they belong to the headings.
            Change::Columns { headings } => self.clear(headings.len()),
        }
    }

    /// Forgets all rows; those that come have `stride` cells. Versions go on, so that every view starts anew.
    pub fn clear(&mut self, stride: usize) {
        let (version, generations) = (self.version(), std::mem::take(&mut self.generations));
        *self = Self { journal_start: version + 1, generations, ..Self::new(stride) };
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
        self.journal_start + self.journal.len() as u64
    }

    /// The rows that changed, came or went since `version`; `None` when that is too long ago to know.
    pub fn changed_since(&self, version: u64) -> Option<&[u32]> {
        let from = version.checked_sub(self.journal_start)?;
        self.journal.get(usize::try_from(from).ok()?..)
    }

    /// All rows, in no order.
    pub fn rows(&self) -> impl Iterator<Item = RowRef<'_>> {
        self.heads.iter().zip(0..).filter(|(head, _)| head.alive).map(|(head, id)| RowRef { store: self, head, id })
    }

    /// The row at `id`, if there is one.
    pub fn row(&self, id: RowId) -> Option<RowRef<'_>> {
        let head = self.heads.get(id.0 as usize).filter(|head| head.alive)?;
        Some(RowRef { store: self, head, id: id.0 })
    }

    /// The row of the object `uid`.
    pub fn find(&self, uid: Uid) -> Option<RowRef<'_>> {
        self.row(RowId(self.slot(uid)?))
    }

    /// The texts of the cells, for filters that look at each text once.
    pub fn texts(&self) -> &Texts {
        &self.texts
    }

    /// The number of the row of `uid`.
    fn slot(&self, uid: Uid) -> Option<u32> {
        let hash = self.hasher.hash_one(uid);
        self.uids.find(hash, |id| self.heads.get(*id as usize).is_some_and(|head| head.uid() == uid)).copied()
    }

    /// Adds or replaces a row.
    fn put(&mut self, part: u8, row: Row) {
        let head = self.head(part, &row);
        let id = self.slot(row.uid).unwrap_or_else(|| self.new_slot(head));
        if let Some(slot) = self.heads.get_mut(id as usize) {
            *slot = head;
        }
        for index in 0..self.stride {
            let packed = row.cells.get(index).map_or_else(Packed::default, |cell| Packed::new(cell, &mut self.texts));
            if let Some(cell) = self.cells.get_mut(id as usize * self.stride + index) {
                *cell = packed;
            }
        }
        match row.unreadable {
            Some(why) => drop(self.unreadable.insert(row.uid, why)),
            None => drop(self.unreadable.remove(&row.uid)),
        }
        self.note(id);
    }

    /// The head of a row.
    fn head(&mut self, part: u8, row: &Row) -> Head {
        Head {
            uid: halves(row.uid),
            namespace: self.texts.id(&row.namespace),
            name: self.texts.id(&row.name),
            labels: self.texts.id(&row.labels),
            owner: row.owner.as_ref().map_or_else(TextId::default, |owner| self.drafted(|out| encode(owner, out))),
            link: self.drafted(|out| encode_link(&row.link, out)),
            generation: self.generations.get(&part).copied().unwrap_or_default(),
            part,
            health: row.health,
            alive: true,
        }
    }

    /// The id of what `write` writes.
    fn drafted(&mut self, write: impl FnOnce(&mut String)) -> TextId {
        self.draft.clear();
        write(&mut self.draft);
        self.texts.id(&self.draft)
    }

    /// Makes room for a new row.
    fn new_slot(&mut self, head: Head) -> u32 {
        let id = self.free.pop().unwrap_or_else(|| {
            self.heads.push(head);
            (0..self.stride).for_each(|_| self.cells.push(Packed::default()));
            u32::try_from(self.heads.len() - 1).unwrap_or(u32::MAX)
        });
        let (heads, hasher) = (&self.heads, &self.hasher);
        let rehash = |id: &u32| heads.get(*id as usize).map_or(0, |head| hasher.hash_one(head.uid()));
        self.uids.insert_unique(hasher.hash_one(head.uid()), id, rehash);
        id
    }

    /// Removes the row of an object, or the rows that are its parts.
    fn remove_object(&mut self, uid: Uid) {
        if let Some(id) = self.slot(uid) {
            return self.remove(id);
        }
        let owned = |row: &RowRef<'_>| row.owner().is_some_and(|owner| owner.uid == Some(uid));
        let parts: Vec<u32> = self.rows().filter(owned).map(|row| row.id).collect();
        for id in parts {
            self.remove(id);
        }
    }

    /// Removes the rows of `part` that its last list did not name.
    fn sweep(&mut self, part: u8) {
        let generation = self.generations.get(&part).copied().unwrap_or_default();
        let old = |head: &Head| head.alive && head.part == part && head.generation != generation;
        let gone: Vec<u32> = self.heads.iter().zip(0..).filter(|(head, _)| old(head)).map(|(_, id)| id).collect();
        for id in gone {
            self.remove(id);
        }
        self.rebuild_texts_if_stale();
    }

    /// Removes the row at `id`.
    fn remove(&mut self, id: u32) {
        let Some(head) = self.heads.get_mut(id as usize) else { return };
        head.alive = false;
        let uid = head.uid();
        if let Ok(entry) = self.uids.find_entry(self.hasher.hash_one(uid), |other| *other == id) {
            entry.remove();
        }
        self.unreadable.remove(&uid);
        self.free.push(id);
        self.note(id);
    }

    /// Remembers that the row at `id` changed.
    fn note(&mut self, id: u32) {
        if self.journal.len() >= JOURNAL {
            self.journal_start += self.journal.len() as u64;
            self.journal.clear();
            self.rebuild_texts_if_stale();
        }
        self.journal.push(id);
    }

    /// Drops texts that no row uses any more, once there are as many of them as others: a list that is watched for
    /// weeks sees millions of texts and shows some thousands.
    fn rebuild_texts_if_stale(&mut self) {
        if self.texts.len() < 2 * self.texts_after_rebuild + STALE_TEXTS + 2 * self.len() {
            return;
        }
        let old = std::mem::take(&mut self.texts);
        let new = &mut self.texts;
        for head in self.heads.iter_mut().filter(|head| head.alive) {
            for id in [&mut head.namespace, &mut head.name, &mut head.labels, &mut head.owner, &mut head.link] {
                *id = new.id(old.text(*id));
            }
        }
        let alive: Vec<bool> = self.heads.iter().map(|head| head.alive).collect();
        let stride = self.stride.max(1);
        for (index, cell) in self.cells.iter_mut().enumerate() {
            match cell.text_id() {
                Some(id) if alive.get(index / stride) == Some(&true) => *cell = cell.with_text(new.id(old.text(id))),
                _ if alive.get(index / stride) == Some(&true) => {}
                _ => *cell = Packed::default(),
            }
        }
        self.texts_after_rebuild = self.texts.len();
    }
}

/// A row, read.
#[derive(Debug, Clone, Copy)]
pub struct RowRef<'a> {
    store: &'a Store,
    head: &'a Head,
    id: u32,
}

impl<'a> RowRef<'a> {
    /// Its place in the store.
    pub fn id(&self) -> RowId {
        RowId(self.id)
    }

    /// Its identity.
    pub fn uid(&self) -> Uid {
        self.head.uid()
    }

    /// Its namespace, `""` when cluster-scoped.
    pub fn namespace(&self) -> &'a str {
        self.store.texts.text(self.head.namespace)
    }

    /// Its name.
    pub fn name(&self) -> &'a str {
        self.store.texts.text(self.head.name)
    }

    /// The id of its name, for filters.
    pub fn name_id(&self) -> TextId {
        self.head.name
    }

    /// The id of its namespace, for filters.
    pub fn namespace_id(&self) -> TextId {
        self.head.namespace
    }

    /// The value of a label.
    pub fn label(&self, key: &str) -> Option<&'a str> {
        self.labels().find_map(|(k, value)| (k == key).then_some(value))
    }

    /// Its labels, sorted by key.
    pub fn labels(&self) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.store.texts.text(self.head.labels).lines().map(|line| line.split_once('=').unwrap_or((line, "")))
    }

    /// Its controller or first owner.
    pub fn owner(&self) -> Option<Reference> {
        decode(self.store.texts.text(self.head.owner))
    }

    /// Where it leads.
    pub fn link(&self) -> Link {
        decode_link(self.store.texts.text(self.head.link))
    }

    /// How it fares.
    pub fn health(&self) -> Health {
        self.head.health
    }

    /// Why it cannot be read, if so.
    pub fn unreadable(&self) -> Option<&'a str> {
        self.store.unreadable.get(&self.head.uid()).map(String::as_str)
    }

    /// The cell of a column.
    pub fn cell(&self, column: usize) -> Packed {
        self.store.cells.get(self.id as usize * self.store.stride + column).copied().unwrap_or_default()
    }

    /// What the cell of a column holds.
    pub fn view(&self, column: usize) -> View<'a> {
        self.cell(column).view(&self.store.texts)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::kinds::Cell;

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
        assert!(store.texts.len() < 100_000, "{} texts for two rows", store.texts.len());
        assert_eq!(store.find(Uid(1)).unwrap().view(0), View::Text("here"));
        assert_eq!(store.find(Uid(2)).unwrap().view(0), View::Text("message 299999"));
    }

    #[test]
    fn changes_are_told_until_they_are_too_many() {
        let mut store = Store::new(0);
        put(&mut store, row(1, "", "a", vec![]));
        let seen = store.version();
        put(&mut store, row(2, "", "b", vec![]));
        assert_eq!(store.changed_since(seen), Some([1].as_slice()));
        (0..2 * JOURNAL).for_each(|_| put(&mut store, row(2, "", "b", vec![])));
        assert_eq!(store.changed_since(seen), None);
    }
}
