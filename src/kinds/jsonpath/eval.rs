//! Asks an object for what a template says (`client-go` `util/jsonpath/jsonpath.go`).

use super::compare::compare;
use super::go;
use super::node::{End, Filter, Node, Piece, Slice};
use super::{Found, Hit};
use serde_json::Value;
use std::borrow::Cow;

/// Why a template cannot be used on an object.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{sentence}")]
pub struct Fault {
    /// What is wrong, as kubectl says it.
    pub sentence: String,
    /// Whether something was found nevertheless: a filter that asks only whether something is there goes by this.
    found: bool,
}

impl Fault {
    fn new(sentence: impl Into<String>, found: bool) -> Self {
        Self { sentence: sentence.into(), found }
    }
}

/// What each piece gives for `object`.
///
/// # Errors
/// When it asks what cannot be asked of this object.
pub fn find<'a>(pieces: &'a [Piece], object: &'a Value) -> Result<Vec<Found<'a>>, Fault> {
    let mut run = Run { pieces, begun: 0, inside: 0, ended: 0, last_end: None };
    run.from(0, &Some(Cow::Borrowed(object)))
}

/// How far a template got.
struct Run<'a> {
    pieces: &'a [Piece],
    /// `range`s that were met and not entered yet.
    begun: usize,
    /// Ranges that we are in.
    inside: usize,
    /// `end`s that were met and not left yet.
    ended: usize,
    /// Where the last `end` stands.
    last_end: Option<usize>,
}

impl<'a> Run<'a> {
    /// What the pieces from `start` on give for `data`, up to the end of the range that they stand in.
    fn from(&mut self, start: usize, data: &Hit<'a>) -> Result<Vec<Found<'a>>, Fault> {
        let pieces = self.pieces;
        let mut full = Vec::new();
        let mut at = start;
        while let Some(piece) = pieces.get(at) {
            let results = match piece {
                Piece::Text(text) => vec![Some(Cow::Borrowed(text))],
                Piece::Steps(nodes) => self.steps(vec![data.clone()], nodes)?,
            };
            if self.ended > 0 && self.ended <= self.inside {
                self.ended -= 1;
                self.last_end = Some(at);
                break;
            }
            if self.begun > 0 {
                self.begun -= 1;
                self.range(at + 1, results, &mut full)?;
                at = self.last_end.filter(|end| *end > at).unwrap_or(at);
            } else {
                full.push(results);
            }
            at += 1;
        }
        Ok(full)
    }

    /// What the pieces of a range give for each of `results`. Without any they are walked through all the same, so that
    /// its end is found.
    fn range(&mut self, start: usize, results: Found<'a>, full: &mut Vec<Found<'a>>) -> Result<(), Fault> {
        self.inside += 1;
        if results.is_empty() {
            self.from(start, &None)?;
        }
        for value in results {
            // A null that is ranged over is nothing at all to Go.
            let value = value.filter(|value| !value.is_null());
            full.extend(self.from(start, &value)?);
        }
        self.inside -= 1;
        Ok(())
    }

    fn steps(&mut self, input: Found<'a>, nodes: &'a [Node]) -> Result<Found<'a>, Fault> {
        nodes.iter().try_fold(input, |input, node| self.step(input, node))
    }

    fn step(&mut self, input: Found<'a>, node: &'a Node) -> Result<Found<'a>, Fault> {
        match node {
            // A text stands once, however much was found before it; numbers stand for each.
            Node::Constant(text @ Value::String(_)) => Ok(vec![Some(Cow::Borrowed(text))]),
            Node::Constant(value) => Ok(input.iter().map(|_| Some(Cow::Borrowed(value))).collect()),
            Node::Field(name) => Ok(input.into_iter().filter_map(|hit| field(hit, name)).collect()),
            Node::Wildcard => Ok(input.into_iter().flatten().flat_map(|value| children(&value)).map(Some).collect()),
            Node::Recursive => Ok(recursive(input)),
            Node::Slice(slice) => elements(input, *slice),
            Node::Union(parts) => {
                let mut all = Vec::new();
                for part in parts {
                    let found = self.steps(input.clone(), part);
                    all.extend(found.map_err(|fault| Fault { found: !input.is_empty(), ..fault })?);
                }
                Ok(all)
            }
            Node::Filter(filter) => self.filter(input, filter),
            Node::Word(word) => self.word(input, word),
        }
    }

    fn word(&mut self, input: Found<'a>, word: &str) -> Result<Found<'a>, Fault> {
        match word {
            "range" => {
                self.begun += 1;
                Ok(input)
            }
            "end" if self.inside > 0 => {
                self.ended += 1;
                Ok(Vec::new())
            }
            "end" => Err(Fault::new("not in range, nothing to end", false)),
            word => Err(Fault::new(format!("unrecognized identifier {word}"), !input.is_empty())),
        }
    }

    fn filter(&mut self, input: Found<'a>, filter: &'a Filter) -> Result<Found<'a>, Fault> {
        let mut kept = Vec::new();
        for hit in input {
            let Some(list) = hit.as_ref().and_then(list_of) else {
                let mut shown = String::new();
                hit.as_deref().into_iter().for_each(|value| go::show(value, &mut shown));
                let sentence = format!("{shown} is not array or slice and cannot be filtered");
                return Err(Fault::new(sentence, true));
            };
            for element in list {
                if self.passes(&element, filter)? {
                    kept.push(Some(element));
                }
            }
        }
        Ok(kept)
    }

    #[expect(clippy::ptr_arg, reason = "it is kept, borrowed or not")]
    fn passes(&mut self, element: &Cow<'a, Value>, Filter { left, test }: &'a Filter) -> Result<bool, Fault> {
        let lefts = self.steps(vec![Some(element.clone())], left);
        let Some((by, right)) = test else {
            return Ok(lefts.map_or_else(|fault| fault.found, |found| !found.is_empty()));
        };
        let mut lefts = lefts.map_err(|fault| Fault { found: true, ..fault })?;
        let one = |found: &Found<'_>| match found.len() {
            0 | 1 => Ok(()),
            _ => Err(Fault::new("can only compare one element at a time", true)),
        };
        one(&lefts)?;
        let Some(left) = lefts.pop() else { return Ok(false) };
        let rights = self.steps(vec![Some(element.clone())], right);
        let mut rights = rights.map_err(|fault| Fault { found: true, ..fault })?;
        one(&rights)?;
        let Some(right) = rights.pop() else { return Ok(false) };
        let (left, right) = (left.unwrap_or_default(), right.unwrap_or_default());
        compare(&left, by, &right).map_err(|sentence| Fault::new(sentence, true))
    }
}

/// The value of a key, where there is one.
fn field<'a>(hit: Hit<'a>, name: &str) -> Option<Hit<'a>> {
    match hit? {
        Cow::Borrowed(value) => value.get(name).map(|value| Some(Cow::Borrowed(value))),
        // Only the bytes of a text are made.
        Cow::Owned(_) => None,
    }
}

/// What is in a list or a map; of a text it is its bytes, as for Go.
fn children<'a>(value: &Cow<'a, Value>) -> Vec<Cow<'a, Value>> {
    match value {
        Cow::Borrowed(Value::Array(list)) => list.iter().map(Cow::Borrowed).collect(),
        Cow::Borrowed(Value::Object(map)) => map.values().map(Cow::Borrowed).collect(),
        Cow::Borrowed(Value::String(text)) => text.bytes().map(|byte| Cow::Owned(byte.into())).collect(),
        _ => Vec::new(),
    }
}

/// The elements of a list.
fn list_of<'a>(value: &Cow<'a, Value>) -> Option<Vec<Cow<'a, Value>>> {
    value.is_array().then(|| children(value))
}

/// Everything in the values that has something in it, the outer before the inner. With a stack of its own: a hostile
/// object may be deeper than ours.
fn recursive<'a>(input: Found<'a>) -> Found<'a> {
    let mut found = Vec::new();
    let mut open: Vec<Cow<'a, Value>> = input.into_iter().flatten().rev().collect();
    while let Some(value) = open.pop() {
        let inside = children(&value);
        if !inside.is_empty() {
            found.push(Some(value));
            open.extend(inside.into_iter().rev());
        }
    }
    found
}

/// The elements of lists that a slice means; null has none.
fn elements(input: Found<'_>, slice: Slice) -> Result<Found<'_>, Fault> {
    let mut found = Vec::new();
    for value in input.into_iter().flatten().filter(|value| !value.is_null()) {
        let Some(list) = list_of(&value) else {
            return Err(Fault::new(format!("{} is not array or slice", go_type(&value)), true));
        };
        let (start, end) = match bounds(slice, list.len()) {
            Ok(Some(bounds)) => bounds,
            // For Go this ends the whole step.
            Ok(None) => return Ok(found),
            Err(sentence) => return Err(Fault::new(sentence, true)),
        };
        let step = slice.step.map_or(Some(1), |step| usize::try_from(step).ok().filter(|step| *step > 0));
        let step = step.ok_or_else(|| Fault::new("step must be > 0", true))?;
        found.extend(list.into_iter().take(end).skip(start).step_by(step).map(Some));
    }
    Ok(found)
}

/// From which element up to which a slice of a list of `length` goes; nothing when it is empty.
fn bounds(slice: Slice, length: usize) -> Result<Option<(usize, usize)>, String> {
    let length = i64::try_from(length).unwrap_or(i64::MAX);
    let start = if slice.start < 0 { slice.start.saturating_add(length) } else { slice.start };
    let end = match slice.end {
        End::Last => length,
        End::Before(end) if end < 0 => end.saturating_add(length),
        End::BehindFirst(end) if end <= 0 => end.saturating_add(length),
        End::Before(end) | End::BehindFirst(end) => end,
    };
    if start == end {
        return Ok(None);
    }
    let outside = |index: i64| Err(format!("array index out of bounds: index {index}, length {length}"));
    if start >= length || start < 0 {
        return outside(start);
    }
    if end > length || end < 0 {
        return outside(end.saturating_sub(1));
    }
    if start > end {
        return Err(format!("starting index {start} is greater than ending index {end}"));
    }
    Ok(usize::try_from(start).ok().zip(usize::try_from(end).ok()))
}

/// What Go calls the type of a value.
fn go_type(value: &Value) -> &'static str {
    match value {
        Value::Bool(_) => "bool",
        Value::Number(number) if number.is_i64() => "int64",
        Value::Number(_) => "float64",
        Value::String(_) => "string",
        _ => "map[string]interface {}",
    }
}
