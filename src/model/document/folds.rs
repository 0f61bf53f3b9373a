//! `Folds`: which fields of a document are folded, and which lines are therefore shown.

use super::Document;
use super::tree::NodeId;
use std::collections::BTreeSet;

/// What is folded.
#[derive(Debug, Default)]
pub struct Folds {
    closed: BTreeSet<NodeId>,
    /// The lines that are shown, in order.
    rows: Vec<u32>,
}

impl Folds {
    /// How many lines are shown.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether no line is shown.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The line that is shown at place `row`.
    pub fn line(&self, row: usize) -> Option<usize> {
        self.rows.get(row).map(|line| *line as usize)
    }

    /// The place at which `line` is shown, or the fold that hides it.
    pub fn row(&self, line: usize) -> usize {
        self.rows.partition_point(|shown| *shown as usize <= line).saturating_sub(1)
    }

    /// How many lines are hidden behind `line`.
    pub fn hidden(&self, document: &Document, line: usize) -> usize {
        let (row, lines) = (self.row(line), document.len());
        self.line(row + 1).unwrap_or(lines).saturating_sub(line + 1)
    }

    /// Folds the same fields of another document of the same object.
    pub fn moved(&mut self, from: &Document, to: &Document) {
        let paths: Vec<_> = self.closed.iter().map(|id| from.tree().path(*id)).collect();
        let found = paths.iter().map(|path| to.tree().find(path)).filter(|(_, is_there)| *is_there);
        self.closed = found.map(|(id, _)| id).collect();
        self.show(to);
    }

    /// Folds what begins on `line`, or unfolds it; where nothing begins, folds what the line is in. Returns the line that
    /// the cursor is then on.
    pub fn toggle(&mut self, document: &Document, line: usize) -> usize {
        let tree = document.tree();
        let here: Vec<NodeId> = self.closed_on(document, line).collect();
        if !here.is_empty() {
            self.closed.retain(|id| !here.contains(id));
            self.show(document);
            return line;
        }
        let around = |id: &NodeId| tree.lines(*id).start < line && tree.lines(*id).len() > 1;
        let Some(id) = document.block(line).or_else(|| tree.up(document.node(line)).find(around)) else { return line };
        // What begins on one line is folded as a whole.
        let first = tree.lines(id).start;
        self.closed.insert(document.block(first).unwrap_or(id));
        self.show(document);
        first
    }

    /// Folds all that lies deeper than `depth`: 1 shows only the fields of the object itself.
    pub fn close_to(&mut self, document: &Document, depth: usize) {
        let tree = document.tree();
        let long = tree.all().filter(|(id, at)| *at == depth && tree.lines(*id).len() > 1);
        self.closed = long.map(|(id, _)| id).collect();
        self.show(document);
    }

    /// Unfolds everything.
    pub fn open_all(&mut self, document: &Document) {
        self.closed.clear();
        self.show(document);
    }

    /// Unfolds what hides `line`.
    pub fn open_at(&mut self, document: &Document, line: usize) {
        let tree = document.tree();
        let before = self.closed.len();
        for id in tree.up(document.node(line)).filter(|id| tree.lines(*id).start < line) {
            self.closed.remove(&id);
        }
        if self.closed.len() < before {
            self.show(document);
        }
    }

    /// Finds out which lines are shown.
    fn show(&mut self, document: &Document) {
        let tree = document.tree();
        let (mut line, end) = (0, document.len());
        self.rows.clear();
        // The closed fields stand in the order of their lines.
        for id in &self.closed {
            let lines = tree.lines(*id);
            let open = line..(lines.start + 1).max(line);
            self.rows.extend(open.map(|line| u32::try_from(line).unwrap_or(u32::MAX)));
            line = lines.end.max(line);
        }
        self.rows.extend((line..end).map(|line| u32::try_from(line).unwrap_or(u32::MAX)));
    }

    /// The folded fields that begin on `line`.
    fn closed_on<'a>(&'a self, document: &'a Document, line: usize) -> impl Iterator<Item = NodeId> {
        let tree = document.tree();
        let begins = move |id: &NodeId| tree.lines(*id).start == line;
        tree.up(document.node(line)).take_while(begins).filter(|id| self.closed.contains(id))
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Format, Options};
    use super::*;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    fn object() -> Value {
        json!({"kind": "Pod", "spec": {"containers": [{"name": "a", "env": [{"name": "x"}]}, {"name": "b"}]}, "status": {"a": 1}})
    }

    fn document() -> Document {
        Document::of(object(), &Options::default())
    }

    fn shown(folds: &Folds, document: &Document) -> Vec<String> {
        (0..folds.len()).map(|row| document.line(folds.line(row).unwrap()).unwrap().trim().to_owned()).collect()
    }

    fn open(document: &Document) -> Folds {
        let mut folds = Folds::default();
        folds.open_all(document);
        folds
    }

    #[test]
    fn fields_are_folded_where_they_begin_and_from_inside() {
        let document = document();
        let mut folds = open(&document);
        assert_eq!(folds.len(), document.len());
        assert_eq!(folds.toggle(&document, 1), 1);
        assert_eq!(shown(&folds, &document), ["kind: Pod", "spec:", "status:", "a: 1"]);
        assert_eq!((folds.hidden(&document, 1), folds.hidden(&document, 0)), (5, 0));
        folds.toggle(&document, 1);
        // `- name: x` of the variables is in `env`, which begins with its container.
        assert_eq!(folds.toggle(&document, 4), 3);
        assert_eq!(shown(&folds, &document)[2..5], ["containers:", "- env:", "- name: b"]);
        assert_eq!(folds.row(5), 3);
        folds.open_at(&document, 5);
        assert_eq!(folds.len(), document.len());
    }

    #[test]
    fn all_is_folded_to_a_depth_and_kept_in_another_document() {
        let first = document();
        let mut folds = open(&first);
        folds.close_to(&first, 2);
        assert_eq!(shown(&folds, &first), ["kind: Pod", "spec:", "containers:", "status:", "a: 1"]);
        let json = Document::of(object(), &Options { format: Format::Json, ..Options::default() });
        folds.moved(&first, &json);
        assert_eq!(shown(&folds, &json)[..5], ["{", "\"kind\": \"Pod\",", "\"spec\": {", "\"containers\": [", "},"]);
        folds.moved(&json, &Document::of(json!({"status": {}}), &Options::default()));
        assert_eq!(folds.len(), 1);
    }

    proptest! {
        #[test]
        fn what_is_shown_is_in_order_and_each_line_has_a_place(lines in prop::collection::vec(0..12_usize, 0..20), depth in 0..5_usize) {
            let document = document();
            let mut folds = open(&document);
            folds.close_to(&document, depth);
            for line in lines {
                folds.toggle(&document, line);
                prop_assert!(folds.rows.is_sorted_by(|a, b| a < b));
                for line in 0..document.len() {
                    prop_assert!(folds.line(folds.row(line)).unwrap() <= line);
                }
                folds.open_at(&document, line);
                prop_assert_eq!(folds.line(folds.row(line)), Some(line).filter(|l| *l < document.len()).or(folds.line(folds.len() - 1)));
            }
        }
    }
}
