//! `Changes`: which rows of a store changed last, and what of them, so that tables follow instead of starting anew.

/// How many changes are remembered for the tables; one that missed more starts anew.
const KEPT: usize = 1 << 14;

/// What changed of a row: a bit for each of its first columns, one for all others, and two for what is no column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct What(u32);

/// Columns that have a bit of their own.
const COLUMNS: usize = 29;

impl What {
    /// Which object the row is: it came, or it went.
    pub const IDENTITY: Self = Self(1 << 31);
    /// What stands in no cell: labels, owner, health.
    pub const BESIDE: Self = Self(1 << 30);

    /// The cell of a column.
    pub const fn column(column: usize) -> Self {
        Self(1 << if column < COLUMNS { column } else { COLUMNS })
    }

    /// Both.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether any of `other` is among it.
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

/// A change of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Touch {
    /// Its place in the store.
    pub id: u32,
    /// What of it.
    pub what: What,
}

/// The last changes of a store.
#[derive(Debug, Default)]
pub struct Changes {
    kept: Vec<Touch>,
    /// How many came before those that are kept.
    forgotten: u64,
}

impl Changes {
    /// None yet of the store of this number. Stores are counted from 0, and each has room for a trillion changes before
    /// the next one begins.
    pub fn of_store(number: u32) -> Self {
        Self { forgotten: u64::from(number) << 40, ..Self::default() }
    }

    /// Notes a change; tells whether older ones had to be forgotten for it.
    pub fn note(&mut self, id: u32, what: What) -> bool {
        let full = self.kept.len() >= KEPT;
        if full {
            self.forgotten += self.kept.len() as u64;
            self.kept.clear();
        }
        self.kept.push(Touch { id, what });
        full
    }

    /// Forgets what changed, as one more change: whoever follows starts anew.
    pub fn forget(&mut self) {
        self.forgotten += self.kept.len() as u64 + 1;
        self.kept.clear();
    }

    /// How many there were so far.
    pub fn count(&self) -> u64 {
        self.forgotten + self.kept.len() as u64
    }

    /// Those after the first `count`; `None` when some of them are forgotten.
    pub fn since(&self, count: u64) -> Option<&[Touch]> {
        let from = count.checked_sub(self.forgotten)?;
        self.kept.get(usize::try_from(from).ok()?..)
    }
}

/// The same changes with each row once, by their places.
pub fn by_row(touched: &[Touch]) -> Vec<Touch> {
    let mut rows = touched.to_vec();
    rows.sort_unstable_by_key(|touch| touch.id);
    rows.dedup_by(|next, kept| {
        let same = next.id == kept.id;
        if same {
            kept.what = kept.what.and(next.what);
        }
        same
    });
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_told_until_they_are_too_many() {
        let mut changes = Changes::default();
        changes.note(7, What::IDENTITY);
        let seen = changes.count();
        changes.note(8, What::column(2));
        assert_eq!(changes.since(seen), Some([Touch { id: 8, what: What::column(2) }].as_slice()));
        assert!((0..2 * KEPT).any(|_| changes.note(8, What::BESIDE)));
        assert_eq!((changes.since(seen), changes.since(changes.count())), (None, Some([].as_slice())));
    }

    #[test]
    fn each_row_is_named_once_with_all_that_changed() {
        let touch = |id, what| Touch { id, what };
        let both = What::column(1).and(What::column(40));
        let rows = by_row(&[touch(9, What::column(1)), touch(3, What::BESIDE), touch(9, What::column(99))]);
        assert_eq!(rows, [touch(3, What::BESIDE), touch(9, both)]);
        assert!(both.has(What::column(35)) && !both.has(What::column(2)) && !both.has(What::IDENTITY));
    }
}
