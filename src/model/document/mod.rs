//! `Document`: one object as YAML, the way `kubectl get -o yaml` prints it, by lines that can be coloured and
//! searched. Without managed fields and with a Secret's values masked, unless asked otherwise.

mod emit;
mod highlight;
mod mask;
mod order;
mod scalar;

use crate::model::logs::{Direction, Needle};
use emit::{Emitter, LineKind};
pub use highlight::Class;
pub use mask::{mask, mask_changed};
use serde_json::Value;
use std::ops::Range;

/// What of an object is shown.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Options {
    /// Whether `metadata.managedFields` is shown.
    pub managed_fields: bool,
    /// Which values of a Secret are shown.
    pub reveal: Reveal,
}

/// Which values of a Secret are shown.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Reveal {
    /// None: only their sizes.
    #[default]
    Nothing,
    /// That of one key.
    Key(String),
    /// All of them.
    All,
}

impl Reveal {
    /// Whether the value of `key` is shown.
    fn shows(&self, key: &str) -> bool {
        match self {
            Self::Nothing => false,
            Self::Key(shown) => shown == key,
            Self::All => true,
        }
    }
}

/// The text of one object.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Document {
    text: String,
    lines: Vec<(usize, LineKind)>,
}

impl Document {
    /// Reads the JSON of an object.
    ///
    /// # Errors
    /// When `json` is no JSON.
    pub fn read(json: &[u8], options: &Options) -> Result<Self, serde_json::Error> {
        serde_json::from_slice(json).map(|value| Self::of(value, options))
    }

    /// The document of an object that has been read.
    pub fn of(mut value: Value, options: &Options) -> Self {
        mask::mask(&mut value, options);
        let Emitter { text, lines, .. } = emit::emit(&value);
        Self { text, lines }
    }

    /// The whole text. Not yet safe to paint: YAML escapes controls, but not what reorders text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How many lines it has.
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Whether it has no lines.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// A line without its line feed.
    pub fn line(&self, number: usize) -> Option<&str> {
        let (start, _) = self.lines.get(number)?;
        self.text.get(*start..self.start(number + 1).saturating_sub(1))
    }

    /// Where a line starts; the end of the text for the line behind the last.
    fn start(&self, number: usize) -> usize {
        self.lines.get(number).map_or(self.text.len(), |(start, _)| *start)
    }

    /// The parts of a line as byte ranges, for colouring; spaces are in none of them.
    pub fn highlight(&self, number: usize) -> Vec<(Range<usize>, Class)> {
        let kind = self.lines.get(number).map(|(_, kind)| *kind);
        match (self.line(number), kind) {
            (Some(line), Some(LineKind::Structure)) => highlight::structure(line),
            (Some(line), Some(LineKind::Inside)) => highlight::inside(line),
            _ => Vec::new(),
        }
    }

    /// The nearest line with `needle`, from line `from` on forwards or backwards; `from` itself counts.
    pub fn find(&self, needle: &Needle, from: usize, direction: Direction) -> Option<usize> {
        let shows = |number: &usize| self.line(*number).is_some_and(|line| needle.find(line.as_bytes()).is_some());
        match direction {
            Direction::Forward => (from..self.len()).find(shows),
            Direction::Backward => (0..self.len().min(from.saturating_add(1))).rev().find(shows),
        }
    }
}

#[cfg(test)]
mod tests;
