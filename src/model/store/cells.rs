//! `Cells`: the values of all cells, column by column. What rows that stand together have in common is kept once: many a
//! column says the same of all of them.

use crate::model::chunks::CHUNK;

/// The values of the cells of a store.
#[derive(Debug)]
pub(super) struct Cells {
    columns: Vec<Vec<Part>>,
}

/// The values of a column for as many rows as a chunk has.
#[derive(Debug)]
pub(super) struct Part {
    /// Those of the first rows.
    values: Vec<u32>,
    /// That of all others.
    rest: u32,
}

impl Part {
    /// The value of a row of this part.
    fn value(&self, at: usize) -> u32 {
        self.values.get(at).copied().unwrap_or(self.rest)
    }

    /// Writes the values of so many rows over `all`.
    pub fn write_out(&self, rows: usize, all: &mut Vec<u32>) {
        all.clear();
        all.extend_from_slice(&self.values);
        all.resize(rows, self.rest);
    }

    /// Writes the value of a row.
    fn set(&mut self, at: usize, value: u32) {
        if let Some(slot) = self.values.get_mut(at) {
            *slot = value;
        } else if value != self.rest {
            let room = (at + 1).next_power_of_two();
            self.values.reserve_exact(room.saturating_sub(self.values.len()));
            self.values.resize(at, self.rest);
            self.values.push(value);
        }
    }
}

impl Cells {
    /// No values of so many columns.
    pub fn new(columns: usize) -> Self {
        Self { columns: (0..columns).map(|_| Vec::new()).collect() }
    }

    /// How many columns there are.
    pub fn columns(&self) -> usize {
        self.columns.len()
    }

    /// The value of a cell.
    pub fn get(&self, id: u32, column: usize) -> u32 {
        let part = self.columns.get(column).and_then(|parts| parts.get(id as usize / CHUNK));
        part.map_or(0, |part| part.value(id as usize % CHUNK))
    }

    /// Writes the value of a cell.
    pub fn set(&mut self, id: u32, column: usize, value: u32) {
        let Some(parts) = self.columns.get_mut(column) else { return };
        while parts.len() <= id as usize / CHUNK {
            parts.push(Part { values: Vec::new(), rest: value });
        }
        if let Some(part) = parts.get_mut(id as usize / CHUNK) {
            part.set(id as usize % CHUNK, value);
        }
    }

    /// The values of a column, a part for each chunk of rows.
    pub fn parts(&self, column: usize) -> &[Part] {
        self.columns.get(column).map_or(&[], Vec::as_slice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_all_rows_have_takes_no_room() {
        let mut cells = Cells::new(1);
        (0..10_000).for_each(|id| cells.set(id, 0, 7));
        assert!(cells.parts(0).len() == 3 && cells.parts(0).iter().all(|part| part.values.capacity() == 0));
        (0..10_000).for_each(|id| cells.set(id, 0, id));
        assert!(cells.parts(0).iter().all(|part| part.values.capacity() <= CHUNK));
    }

    proptest! {
        #[test]
        fn each_cell_has_its_last_value(sets in prop::collection::vec((0..9_000_u32, 0..3_usize, 0..3_u32), 1..200)) {
            let (mut cells, mut plain) = (Cells::new(3), std::collections::HashMap::new());
            for (id, column, value) in sets {
                cells.set(id, column, value);
                plain.insert((id, column), value);
            }
            for ((id, column), value) in plain {
                prop_assert_eq!(cells.get(id, column), value);
            }
        }
    }
}
