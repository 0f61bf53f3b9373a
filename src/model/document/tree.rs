//! `Tree`: which field each line of a document belongs to, and from which line to which a field reaches.

use crate::kinds::way::Step;
use std::ops::Range;

/// A field of a document, or an element of a list in it: the number of a node.
pub type NodeId = u32;

/// The whole object.
pub const ROOT: NodeId = 0;

/// A field or an element.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Node {
    parent: NodeId,
    step: Step,
    lines: Range<u32>,
    /// The first node that is not inside.
    after: NodeId,
}

/// The fields, in the order of the lines; a field stands before what is inside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tree {
    nodes: Vec<Node>,
    at: NodeId,
}

impl Default for Tree {
    fn default() -> Self {
        let root = Node { parent: ROOT, step: Step::Index(0), lines: 0..0, after: 1 };
        Self { nodes: vec![root], at: ROOT }
    }
}

/// The number of a node or line. A document of so many lines would not fit into memory.
fn short(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

impl Tree {
    /// A field begins on `line`.
    pub(super) fn enter(&mut self, step: Step, line: usize) -> NodeId {
        let id = short(self.nodes.len());
        let line = short(line);
        self.nodes.push(Node { parent: self.at, step, lines: line..line + 1, after: id + 1 });
        self.at = id;
        id
    }

    /// The field that began last ends before line `end`.
    pub(super) fn leave(&mut self, end: usize) {
        let after = short(self.nodes.len());
        if let Some(node) = self.nodes.get_mut(self.at as usize) {
            node.lines.end = short(end).max(node.lines.start + 1);
            node.after = after;
            self.at = node.parent;
        }
    }

    /// All lines are written: `end` of them.
    pub(super) fn finish(&mut self, end: usize) {
        self.leave(end);
    }

    /// The field that is being written.
    pub(super) fn at(&self) -> NodeId {
        self.at
    }

    fn node(&self, id: NodeId) -> Option<&Node> {
        self.nodes.get(id as usize)
    }

    /// The lines of a field.
    pub fn lines(&self, id: NodeId) -> Range<usize> {
        self.node(id).map_or(0..0, |node| node.lines.start as usize..node.lines.end as usize)
    }

    /// The step that leads to a field from the one around it.
    pub fn step(&self, id: NodeId) -> Option<&Step> {
        self.node(id).filter(|_| id != ROOT).map(|node| &node.step)
    }

    /// The field around a field; none around the whole object.
    pub fn parent(&self, id: NodeId) -> Option<NodeId> {
        self.node(id).filter(|_| id != ROOT).map(|node| node.parent)
    }

    /// A field and those around it, from inside to outside, without the whole object.
    pub fn up(&self, id: NodeId) -> impl Iterator<Item = NodeId> {
        std::iter::successors(Some(id), |id| self.parent(*id)).filter(|id| *id != ROOT)
    }

    /// The fields directly inside a field.
    pub fn children(&self, id: NodeId) -> impl Iterator<Item = NodeId> {
        let end = self.node(id).map_or(id, |node| node.after);
        let first = Some(id + 1).filter(|first| *first < end);
        std::iter::successors(first, move |id| self.node(*id).map(|node| node.after).filter(|next| *next < end))
    }

    /// The way to a field.
    pub fn path(&self, id: NodeId) -> Vec<Step> {
        let mut path: Vec<Step> = self.up(id).filter_map(|id| self.step(id).cloned()).collect();
        path.reverse();
        path
    }

    /// The field at the end of `path`, or the last one on the way that is there; and whether that is the end.
    pub fn find(&self, path: &[Step]) -> (NodeId, bool) {
        let mut at = ROOT;
        for step in path {
            match self.children(at).find(|child| self.step(*child) == Some(step)) {
                Some(child) => at = child,
                None => return (at, false),
            }
        }
        (at, true)
    }

    /// All fields, in the order of their lines, with how deep they lie: those of the object itself at 1.
    pub fn all(&self) -> impl Iterator<Item = (NodeId, usize)> {
        let mut open: Vec<NodeId> = Vec::new();
        (1..short(self.nodes.len())).map(move |id| {
            while open.last().is_some_and(|last| self.node(*last).is_none_or(|node| node.after <= id)) {
                open.pop();
            }
            open.push(id);
            (id, open.len())
        })
    }
}
