//! `ListScreen`: a table of objects with its cursor, filter and sort.

mod columns;
mod cursor;
mod draw;
mod news;

pub(super) use draw::role;
pub use news::News;

use crate::kinds::joined::Join;
use crate::kinds::{Heading, Uid};
use crate::model::filter::{Filter, FilterError, parse};
use crate::model::joins::topics;
use crate::model::store::RowRef;
use crate::model::table::{Counts, Query, Sort, Table};
use crate::model::views::{Chosen, Show};
use crate::model::{ListKey, Model, ObjectKey, Topic};
use columns::Columns;
use std::collections::BTreeMap;

/// What a person chose for a kind; kept while rutter runs.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Habit {
    /// The filter as typed.
    pub filter: String,
    /// The sort.
    pub sort: Option<Sort>,
    /// Whether the wide columns stand.
    pub wide: bool,
}

/// A table of objects.
#[derive(Debug)]
pub struct ListScreen {
    /// Which list.
    pub key: ListKey,
    /// Only rows of this owner, and what it is called.
    pub owner: Option<(Uid, String)>,
    /// What the person chose.
    pub habit: Habit,
    /// Why the filter that is being typed cannot be used.
    pub filter_error: Option<FilterError>,
    filter: Filter,
    table: Table,
    marks: BTreeMap<Uid, (String, String)>,
    cursor: Option<Uid>,
    wanted: Option<Uid>,
    named: Option<String>,
    at: usize,
    top: usize,
    height: usize,
    columns: Columns,
    headings: Vec<Heading>,
    show: Show,
}

impl ListScreen {
    /// A screen over the list `key`.
    pub fn new(key: ListKey, habit: Habit) -> Self {
        let filter = habit.filter.clone();
        let mut screen = Self {
            owner: None,
            habit,
            filter_error: None,
            filter: Filter::default(),
            table: Table::default(),
            marks: BTreeMap::new(),
            cursor: None,
            wanted: None,
            named: None,
            at: 0,
            top: 0,
            height: 1,
            columns: Columns::default(),
            headings: key.kind.headings(),
            key,
            show: Show::Usual,
        };
        screen.set_filter(&filter);
        screen
    }

    /// The same screen, only with the rows that `owner` owns.
    #[must_use]
    pub fn owned_by(mut self, owner: Uid, name: String) -> Self {
        self.owner = Some((owner, name));
        self
    }

    /// The same screen, with the cursor on the object `uid` as soon as it is there.
    #[must_use]
    pub fn on(mut self, uid: Option<Uid>) -> Self {
        self.wanted = uid;
        self
    }

    /// The same screen, with the cursor on the object called `name` as soon as it is there.
    #[must_use]
    pub fn on_name(mut self, name: String) -> Self {
        self.named = Some(name);
        self
    }

    /// Takes over the columns that were chosen for its kind.
    pub fn wear(&mut self, chosen: &Chosen) {
        self.key.kind = chosen.kind;
        self.show.clone_from(&chosen.show);
        self.columns = Columns::default();
        // Which columns a server's table has is not known before it comes.
        if !chosen.kind.by_table() {
            let headings = chosen.kind.headings();
            self.habit.sort = self.habit.sort.filter(|sort| sort.column < headings.len());
            self.take_headings(&headings);
        }
    }

    /// Whether the list is about everything of its scope: only then its filter is worth keeping for the kind.
    pub fn is_whole(&self) -> bool {
        self.owner.is_none() && self.key.scope.labels.is_none() && self.key.scope.fields.is_none()
    }

    /// Filters by `text`; while it cannot be read, the last good filter stays.
    pub fn set_filter(&mut self, text: &str) {
        text.clone_into(&mut self.habit.filter);
        match parse(text, &self.headings) {
            Ok(filter) => (self.filter, self.filter_error) = (filter, None),
            Err(error) => self.filter_error = Some(error),
        }
    }

    /// Whether a filter hides rows.
    pub fn is_filtered(&self) -> bool {
        !self.filter.terms.is_empty()
    }

    /// Shows or hides the wide columns.
    pub fn toggle_wide(&mut self) {
        self.habit.wide = !self.habit.wide;
        self.columns = Columns::default();
    }

    /// Sorts by `column`; the same column again the other way round, a third time not at all.
    pub fn sort_by(&mut self, column: usize) {
        let first = self.first_sort(column);
        self.habit.sort = match self.habit.sort {
            Some(sort) if sort.column == column && sort.descending != first.descending => None,
            Some(sort) if sort.column == column => Some(Sort { descending: !sort.descending, ..sort }),
            _ => Some(first),
        };
        self.begin_again();
    }

    /// How one sorts by a column at first: usage with the greatest first, as `kubectl top` does.
    fn first_sort(&self, column: usize) -> Sort {
        Sort { column, descending: self.joined(column).is_some_and(Join::is_measured) }
    }

    /// Sorts by the next (or previous) visible column.
    pub fn sort_step(&mut self, forward: bool) {
        let columns = self.visible_columns();
        let now = self.habit.sort.and_then(|sort| columns.iter().position(|column| *column == sort.column));
        let next = match (now, forward) {
            (None, true) => Some(0),
            (None, false) => columns.len().checked_sub(1),
            (Some(at), true) => Some(at + 1),
            (Some(at), false) => at.checked_sub(1),
        };
        self.habit.sort = next.and_then(|at| columns.get(at)).map(|column| self.first_sort(*column));
        self.begin_again();
    }

    /// Turns the sort round.
    pub fn sort_reverse(&mut self) {
        let sort = self.habit.sort.unwrap_or(Sort { column: 0, descending: false });
        self.habit.sort = Some(Sort { descending: !sort.descending, ..sort });
        self.begin_again();
    }

    /// Brings rows and cursor up to date, and tells what of it can be seen. When `hasty`, only a changed question is
    /// answered anew: a key must not wait for ten thousand rows that just arrived.
    pub fn refresh(&mut self, model: &Model, hasty: bool) -> News {
        let Some(list) = model.lists.get(&self.key) else { return News::None };
        self.take_headings(&list.headings);
        let query = self.query();
        let answered = hasty && self.table.answers(&query) && !self.table.is_empty();
        if answered {
            return News::None;
        }
        let before = self.seen();
        if self.table.refresh(&list.store, &query, model.now()) {
            self.follow_cursor(list);
        }
        before.news(&self.seen(), &list.store)
    }

    /// Takes over the columns that the table has now; a filter is read anew by them.
    fn take_headings(&mut self, headings: &[Heading]) {
        if self.headings == headings {
            return;
        }
        self.headings = headings.to_vec();
        self.columns = Columns::default();
        // One that asks for a column that is gone asks for nothing.
        self.filter = Filter::default();
        let filter = std::mem::take(&mut self.habit.filter);
        self.set_filter(&filter);
    }

    /// The headings of its rows' cells, also of those columns that are not drawn.
    pub fn headings(&self) -> &[Heading] {
        &self.headings
    }

    /// Whether rows came, changed or went since the last refresh.
    pub fn is_behind(&self, model: &Model) -> bool {
        model.lists.get(&self.key).is_some_and(|list| self.table.is_behind(&list.store))
    }

    /// The row under the cursor.
    pub fn selected<'a>(&self, model: &'a Model) -> Option<RowRef<'a>> {
        let row = model.lists.get(&self.key)?.store.find(self.cursor?)?;
        (self.table.order().get(self.at) == Some(&row.id().0)).then_some(row)
    }

    /// Marks the row under the cursor, or takes its mark away.
    pub fn toggle_mark(&mut self, model: &Model) {
        let Some(row) = self.selected(model) else { return };
        let (uid, names) = (row.uid(), (row.namespace().to_owned(), row.name().to_owned()));
        if self.marks.remove(&uid).is_none() {
            self.marks.insert(uid, names);
        }
    }

    /// Marks every row that is shown.
    pub fn mark_all(&mut self, model: &Model) {
        let Some(list) = model.lists.get(&self.key) else { return };
        let rows = (0..self.table.len()).filter_map(|at| self.table.row(&list.store, at));
        self.marks.extend(rows.map(|row| (row.uid(), (row.namespace().to_owned(), row.name().to_owned()))));
    }

    /// Takes all marks away; tells whether there were any.
    pub fn unmark(&mut self) -> bool {
        !std::mem::take(&mut self.marks).is_empty()
    }

    /// The marked objects: identity, namespace and name, also of rows that a filter hides or that are gone.
    pub fn marked(&self) -> impl ExactSizeIterator<Item = (Uid, &str, &str)> {
        self.marks.iter().map(|(uid, (namespace, name))| (*uid, namespace.as_str(), name.as_str()))
    }

    /// The object under the cursor.
    pub fn selected_key(&self, model: &Model) -> Option<ObjectKey> {
        let row = self.selected(model)?;
        Some(ObjectKey {
            context: self.key.context.clone(),
            kind: self.key.kind,
            namespace: row.namespace().to_owned(),
            name: row.name().to_owned(),
        })
    }

    /// The columns that are drawn, as indices of the kind's headings. Those that were chosen stand first; the wide
    /// table shows what it has beside them.
    pub fn visible_columns(&self) -> Vec<usize> {
        let usual = self.usual_columns();
        let Some(shown) = self.show.among(&self.headings) else { return usual };
        let more = usual.into_iter().filter(|column| self.habit.wide && !shown.contains(column));
        shown.iter().copied().chain(more).collect()
    }

    /// What a column shows that is joined from elsewhere.
    fn joined(&self, column: usize) -> Option<Join> {
        let (first, joinable) = self.key.kind.joined()?;
        Some(joinable.column(first, column)?.join)
    }

    /// What it needs from elsewhere for its columns, its order and its filter.
    pub fn joins(&self) -> Vec<Topic> {
        if self.key.kind.joined().is_none() {
            return Vec::new();
        }
        let asked = self.visible_columns().into_iter().chain(self.habit.sort.map(|sort| sort.column));
        topics(&self.key, asked.chain(self.filter.columns()))
    }

    fn usual_columns(&self) -> Vec<usize> {
        let stands = |(_, heading): &(usize, &Heading)| heading.place.stands(self.habit.wide);
        self.headings.iter().enumerate().filter(stands).map(|(column, _)| column).collect()
    }

    /// Whether the namespace of each row is shown.
    pub fn shows_namespace(&self) -> bool {
        self.key.kind.names().namespaced && self.key.scope.namespaces.single().is_none()
    }

    /// How many rows are shown.
    pub fn len(&self) -> usize {
        self.table.len()
    }

    /// Whether no row is shown.
    pub fn is_empty(&self) -> bool {
        self.table.is_empty()
    }

    /// How the shown rows fare.
    pub fn counts(&self) -> Counts {
        self.table.counts()
    }

    fn query(&self) -> Query {
        Query {
            filter: self.filter.clone(),
            sort: self.habit.sort,
            columns: self.visible_columns(),
            with_namespace: self.shows_namespace(),
            owner: self.owner.as_ref().map(|(uid, _)| *uid),
        }
    }
}
