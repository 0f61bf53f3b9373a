//! `Chunks`: a growing array that never moves and never over-allocates by more than one chunk.
//!
//! A `Vec` doubles: at 100,000 rows that is a copy of everything and up to half of it unused.

/// Items per chunk.
pub(super) const CHUNK: usize = 1 << 12;

/// A growing array of plain values in chunks of 4,096.
#[derive(Debug, Default)]
pub struct Chunks<T> {
    chunks: Vec<Vec<T>>,
}

impl<T: Copy> Chunks<T> {
    /// An empty array.
    pub const fn new() -> Self {
        Self { chunks: Vec::new() }
    }

    /// How many values there are.
    pub fn len(&self) -> usize {
        self.chunks.last().map_or(0, |last| (self.chunks.len() - 1) * CHUNK + last.len())
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.chunks.is_empty()
    }

    /// Adds a value at the end.
    pub fn push(&mut self, value: T) {
        match self.chunks.last_mut() {
            Some(last) if last.len() < CHUNK => last.push(value),
            _ => self.chunks.push(first_of_chunk(value)),
        }
    }

    /// The value at `index`.
    pub fn get(&self, index: usize) -> Option<&T> {
        self.chunks.get(index / CHUNK)?.get(index % CHUNK)
    }

    /// The value at `index`, to change it.
    pub fn get_mut(&mut self, index: usize) -> Option<&mut T> {
        self.chunks.get_mut(index / CHUNK)?.get_mut(index % CHUNK)
    }

    /// All values in order.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.chunks.iter().flatten()
    }

    /// All values in order, chunk by chunk.
    pub fn chunks(&self) -> impl Iterator<Item = &[T]> {
        self.chunks.iter().map(Vec::as_slice)
    }

    /// All values in order, to change them.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.chunks.iter_mut().flatten()
    }
}

/// A new chunk that begins with `value`.
fn first_of_chunk<T>(value: T) -> Vec<T> {
    let mut chunk = Vec::with_capacity(CHUNK);
    chunk.push(value);
    chunk
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stay_where_they_were_put() {
        let mut all = Chunks::new();
        (0..10_000_u32).for_each(|n| all.push(n));
        assert_eq!(
            (all.len(), all.get(4_096), all.get(9_999), all.get(10_000)),
            (10_000, Some(&4_096), Some(&9_999), None)
        );
        if let Some(value) = all.get_mut(5_000) {
            *value = 7;
        }
        assert_eq!(all.iter().filter(|n| **n == 7).count(), 2);
    }
}
