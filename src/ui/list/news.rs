//! What of a list's changes can be seen: most of them happen outside the window.

use super::ListScreen;
use crate::model::Store;
use crate::model::table::Counts;

/// What looks different in a list that was brought up to date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum News {
    /// Nothing.
    None,
    /// The counts in its title.
    Counts,
    /// The rows in its window.
    Rows,
}

/// What one sees of a list.
pub(super) struct Seen {
    version: Option<u64>,
    rows: Vec<u32>,
    cursor: usize,
    counts: (usize, Counts),
}

impl Seen {
    /// What is news in `after`.
    pub fn news(&self, after: &Self, store: &Store) -> News {
        let touched = self.version.and_then(|version| store.changed_since(version));
        let stay = touched.is_some_and(|touched| !touched.iter().any(|touch| after.rows.contains(&touch.id)));
        if !stay || (&self.rows, self.cursor) != (&after.rows, after.cursor) {
            News::Rows
        } else if self.counts == after.counts {
            News::None
        } else {
            News::Counts
        }
    }
}

impl ListScreen {
    /// What one sees now.
    pub(super) fn seen(&self) -> Seen {
        let end = (self.top + self.height).min(self.table.len());
        let rows = self.table.order().get(self.top..end).unwrap_or_default().to_vec();
        let cursor = self.at.saturating_sub(self.top);
        Seen { version: self.table.version(), rows, cursor, counts: (self.table.len(), self.table.counts()) }
    }
}
