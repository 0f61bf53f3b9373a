//! What a template consists of.

use serde_json::Value;

/// A text, or an expression in braces.
#[derive(Debug, Clone, PartialEq)]
pub enum Piece {
    /// Text outside of braces.
    Text(Value),
    /// What stands in braces: each step takes what the one before it found.
    Steps(Vec<Node>),
}

/// One step of an expression.
#[derive(Debug, Clone, PartialEq)]
pub enum Node {
    /// A text, a number or a truth value that stands in the template.
    Constant(Value),
    /// `.name`.
    Field(String),
    /// `.*`.
    Wildcard,
    /// `..`: the value and everything in it.
    Recursive,
    /// `[1]`, `[1:3]`, `[::2]`, `[*]`.
    Slice(Slice),
    /// `['a','b']`, `[0,2]`.
    Union(Vec<Vec<Node>>),
    /// `[?(@.a=="b")]`.
    Filter(Box<Filter>),
    /// `range`, `end`, or a word that means nothing.
    Word(String),
}

/// The elements of a list that are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slice {
    /// The first; counted from the end when negative.
    pub start: i64,
    /// Where it ends.
    pub end: End,
    /// Each so manieth.
    pub step: Option<i64>,
}

/// Where a slice ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// Before this element; counted from the end when negative.
    Before(i64),
    /// Behind the first: only one element is meant.
    BehindFirst(i64),
    /// At the end of the list.
    Last,
}

/// What an element has to be like.
#[derive(Debug, Clone, PartialEq)]
pub struct Filter {
    /// What is compared.
    pub left: Vec<Node>,
    /// How and with what; without it is asked whether there is something at the left.
    pub test: Option<(String, Vec<Node>)>,
}
