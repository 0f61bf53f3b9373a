//! `List`: the rows of one subscription and how fresh they are.

use super::joins::Joins;
use super::place::ListKey;
use super::store::{RowRef, Store};
use crate::kinds::usage::Figures;
use crate::kinds::{Change, Freshness, Heading, Time};
use std::borrow::Cow;

/// A list that is, or was a moment ago, subscribed to.
#[derive(Debug)]
pub struct List {
    /// Its rows.
    pub store: Store,
    /// Its headings.
    pub headings: Vec<Heading>,
    /// What it knows from elsewhere, if it has columns for that.
    pub joins: Option<Joins>,
    parts: Vec<Freshness>,
    served: bool,
    /// Whether its headings are those that it will have: those of a server's table come with it.
    told: bool,
}

impl List {
    /// An empty list, the one of this number: a view of a list that was closed must not take one that is opened anew
    /// for the old one.
    pub fn new(key: &ListKey, number: u32) -> Self {
        let headings = key.kind.headings();
        Self {
            store: Store::new(headings.len()).numbered(number),
            headings,
            joins: Joins::of(key.kind.0),
            parts: vec![Freshness::Connecting; key.parts().len()],
            served: false,
            told: !key.kind.by_table(),
        }
    }

    /// Takes over changes.
    pub fn apply(&mut self, batch: Vec<Change>) {
        for change in batch {
            match change {
                Change::Columns { headings } => self.take_headings(headings),
                Change::Put { part, mut row } => {
                    if let Some(joins) = &self.joins {
                        joins.fill(&mut row);
                    }
                    self.store.apply(Change::Put { part, row });
                }
                change => self.store.apply(change),
            }
        }
    }

    /// Takes over other columns. Cells of the old ones mean nothing any more: all rows come anew.
    fn take_headings(&mut self, headings: Vec<Heading>) {
        self.told = true;
        if self.headings != headings {
            self.store.clear(headings.len());
            self.headings = headings;
        }
    }

    /// Takes over what was measured.
    pub fn measure(&mut self, figures: Figures) {
        if let Some(joins) = &mut self.joins {
            joins.measure(figures, &mut self.store);
        }
    }

    /// Takes over why nothing is measured; tells whether that is news.
    pub fn not_measured(&mut self, why: &str) -> bool {
        self.joins.as_mut().is_some_and(|joins| joins.fail(why, &mut self.store))
    }

    /// Learns in which zones the nodes of a list are.
    pub fn locate(&mut self, nodes: &Store) {
        if let Some(joins) = &mut self.joins {
            joins.locate(nodes, &mut self.store);
        }
    }

    /// What stands in a cell of a row at `now`: what it holds, or what the row used of late in a column that shows that.
    pub fn show<'a>(&self, row: &RowRef<'a>, column: usize, now: Time) -> Cow<'a, str> {
        let past = self.joins.as_ref().and_then(|joins| joins.past(row, column));
        past.map_or_else(|| row.view(column).show(now), Cow::Owned)
    }

    /// Takes over how fresh a part is.
    pub fn freshen(&mut self, part: u8, freshness: Freshness) {
        self.served |= matches!(freshness, Freshness::Live | Freshness::Polling { .. });
        if let Some(state) = self.parts.get_mut(usize::from(part)) {
            *state = freshness;
        }
    }

    /// How fresh the whole is: as fresh as its least fresh part.
    pub fn freshness(&self) -> Freshness {
        self.parts.iter().max_by_key(|state| rank(state)).cloned().unwrap_or_default()
    }

    /// Whether it was ever complete: then what is not served now was served before.
    pub fn was_served(&self) -> bool {
        self.served
    }

    /// Whether it is known which columns it has; a server that sends no table tells none.
    pub fn knows_columns(&self) -> bool {
        self.told || self.is_complete()
    }

    /// Whether every row is there, as far as they may be seen.
    pub fn is_complete(&self) -> bool {
        !self.parts.iter().any(|state| matches!(state, Freshness::Connecting | Freshness::Filling { .. }))
    }
}

/// How much a state matters to the person who reads the list.
fn rank(state: &Freshness) -> u8 {
    match state {
        Freshness::Live => 0,
        Freshness::Polling { .. } => 1,
        Freshness::Filling { .. } => 2,
        Freshness::Connecting => 3,
        Freshness::NotServed { .. } | Freshness::Refused { .. } => 4,
        Freshness::Forbidden { .. } => 5,
        Freshness::Reconnecting { .. } => 6,
    }
}
