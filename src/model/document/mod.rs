//! `Document`: one object as YAML or JSON, the way `kubectl get -o yaml` and `-o json` print it, by lines that can be
//! coloured, folded and searched, and that know their fields. Without managed fields and with a Secret's values masked,
//! unless asked otherwise.

mod emit;
pub mod folds;
mod highlight;
mod json;
pub mod managers;
mod mask;
mod order;
mod scalar;
mod tree;

use crate::model::logs::{Direction, Needle};
use emit::{Emitter, Line, LineKind};
pub use highlight::Class;
pub use mask::{LAST_APPLIED, is_masked, mask, mask_changed};
use serde_json::Value;
use std::ops::Range;
pub use tree::{NodeId, ROOT, Tree};

/// What of an object is shown.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Options {
    /// Whether `metadata.managedFields` is shown.
    pub managed_fields: bool,
    /// Which values of a Secret are shown.
    pub reveal: Reveal,
    /// How it is written.
    pub format: Format,
}

/// How an object is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// As YAML.
    #[default]
    Yaml,
    /// As indented JSON.
    Json,
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
    lines: Vec<Line>,
    tree: Tree,
    format: Format,
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
        let emitted = match options.format {
            Format::Yaml => emit::emit(&value),
            Format::Json => json::emit(&value),
        };
        let Emitter { text, lines, tree, .. } = emitted;
        Self { text, lines, tree, format: options.format }
    }

    /// Its fields.
    pub fn tree(&self) -> &Tree {
        &self.tree
    }

    /// The innermost field of a line: the whole object for the brackets around JSON.
    pub fn node(&self, number: usize) -> NodeId {
        self.lines.get(number).map_or(ROOT, |line| line.node)
    }

    /// The outermost field that begins on a line and has more lines: what can be folded there.
    pub fn block(&self, number: usize) -> Option<NodeId> {
        let begins = |id: &NodeId| self.tree.lines(*id).start == number;
        let long = |id: &NodeId| self.tree.lines(*id).len() > 1;
        self.tree.up(self.node(number)).take_while(begins).filter(long).last()
    }

    /// Some lines, each with its line feed.
    pub fn slice(&self, lines: Range<usize>) -> &str {
        self.text.get(self.start(lines.start)..self.start(lines.end)).unwrap_or_default()
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
        let start = self.lines.get(number)?.start;
        self.text.get(start..self.start(number + 1).saturating_sub(1))
    }

    /// Where a line starts; the end of the text for the line behind the last.
    fn start(&self, number: usize) -> usize {
        self.lines.get(number).map_or(self.text.len(), |line| line.start)
    }

    /// The parts of a line as byte ranges, for colouring; spaces are in none of them.
    pub fn highlight(&self, number: usize) -> Vec<(Range<usize>, Class)> {
        let Some((line, known)) = self.line(number).zip(self.lines.get(number)) else { return Vec::new() };
        match (self.format, known.kind) {
            (Format::Json, _) => highlight::json(line),
            (Format::Yaml, LineKind::Structure) => highlight::structure(line),
            (Format::Yaml, LineKind::Inside) => highlight::inside(line),
        }
    }

    /// The nearest line with `needle`, from line `from` on forwards or backwards; `from` itself counts.
    pub fn find(&self, needle: &Needle, from: usize, direction: Direction) -> Option<usize> {
        let shows = |number: &usize| self.line(*number).is_some_and(|line| needle.find(line.as_bytes()).is_some());
        direction.nearest(from, self.len(), shows)
    }
}

#[cfg(test)]
mod tests;
