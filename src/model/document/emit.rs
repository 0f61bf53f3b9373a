//! Writes a JSON value as YAML the way kubectl's `-o yaml` does: keys in go-yaml's natural order, lists not deeper
//! than their key, long strings folded behind column 80, and what kind of line each one is.

use super::order::{by_nature, show_number};
use super::scalar::{Style, is_printable, style};
use super::tree::{NodeId, ROOT, Tree};
use crate::kinds::way::Step;
use serde_json::{Map, Value};

/// Where go-yaml starts to fold, in characters.
const WIDTH: usize = 80;
/// What counts as the end of a line: a key with one of them is a complex one, `? key`.
const BREAKS: [char; 5] = ['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}'];
/// The longest key that stands before a plain `:`, in bytes.
const LONGEST_KEY: usize = 128;

/// What a line is a part of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineKind {
    /// Keys, dashes, values.
    Structure,
    /// The inside of a block, or the continuation of a folded string.
    Inside,
}

/// A line of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    /// Where it starts, in bytes.
    pub start: usize,
    /// What it is a part of.
    pub kind: LineKind,
    /// The innermost field that it belongs to.
    pub node: NodeId,
}

/// A text under construction.
#[derive(Debug, Default)]
pub struct Emitter {
    /// All lines written so far.
    pub text: String,
    /// The lines.
    pub lines: Vec<Line>,
    /// The fields.
    pub tree: Tree,
    column: usize,
    fresh: bool,
}

/// Where a node stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Behind `key:`, on the same line.
    Value,
    /// Behind `- ` or at the start of the document: a list or map may start right here.
    Item,
}

/// Writes a whole document.
pub fn emit(value: &Value) -> Emitter {
    let mut out = Emitter::begin();
    match value {
        Value::Object(map) if !map.is_empty() => out.map(map, 0),
        Value::Array(list) if !list.is_empty() => out.list(list, 0),
        other => out.node(other, 0, Place::Item),
    }
    out.end()
}

impl Emitter {
    /// At the start of the first line.
    pub(super) fn begin() -> Self {
        let first = Line { start: 0, kind: LineKind::Structure, node: ROOT };
        Self { lines: vec![first], ..Self::default() }
    }

    /// Ends the last line.
    pub(super) fn end(mut self) -> Self {
        if self.fresh {
            self.lines.pop();
        } else {
            self.text.push('\n');
        }
        self.tree.finish(self.lines.len());
        self
    }

    /// A field begins here.
    pub(super) fn enter(&mut self, step: Step) {
        let node = self.tree.enter(step, self.lines.len().saturating_sub(1));
        if let Some(line) = self.lines.last_mut() {
            line.node = node;
        }
    }

    /// The field that began last ends here.
    pub(super) fn leave(&mut self) {
        self.tree.leave(self.lines.len() - usize::from(self.fresh));
    }

    /// A value; `indent` is that of the map or list in which it stands.
    fn node(&mut self, value: &Value, indent: usize, place: Place) {
        let space = if self.column > 0 && !self.text.ends_with(' ') { " " } else { "" };
        match value {
            Value::Object(map) if !map.is_empty() => {
                self.start(indent + 2, place);
                self.map(map, indent + 2);
            }
            Value::Array(list) if !list.is_empty() => {
                let indent = if place == Place::Value { indent } else { indent + 2 };
                self.start(indent, place);
                self.list(list, indent);
            }
            other => {
                self.put(space);
                self.scalar(other, indent + 2);
            }
        }
    }

    /// Goes to where a list or map starts.
    fn start(&mut self, indent: usize, place: Place) {
        match place {
            Place::Value => self.line(indent, LineKind::Structure),
            Place::Item => self.put(" "),
        }
    }

    /// A map that starts at the current place.
    fn map(&mut self, map: &Map<String, Value>, indent: usize) {
        for (nth, (key, value)) in by_nature(map.iter().collect()).into_iter().enumerate() {
            if nth > 0 {
                self.line(indent, LineKind::Structure);
            }
            self.enter(Step::Key(key.clone()));
            self.entry(key, value, indent);
            self.leave();
        }
    }

    /// One key with its value.
    fn entry(&mut self, key: &str, value: &Value, indent: usize) {
        if key.len() <= LONGEST_KEY && !key.contains(BREAKS) {
            self.string(key, indent, true);
            self.put(":");
            return self.node(value, indent, Place::Value);
        }
        self.put("? ");
        self.string(key, indent + 2, false);
        self.line(indent, LineKind::Structure);
        self.put(":");
        self.node(value, indent, Place::Item);
    }

    /// A list that starts at the current place.
    fn list(&mut self, list: &[Value], indent: usize) {
        for (nth, item) in list.iter().enumerate() {
            if nth > 0 {
                self.line(indent, LineKind::Structure);
            }
            self.enter(Step::Index(nth));
            self.put("-");
            self.node(item, indent, Place::Item);
            self.leave();
        }
    }

    /// Everything that is no list and no map, but for empty ones.
    fn scalar(&mut self, value: &Value, indent: usize) {
        match value {
            Value::Null => self.put("null"),
            Value::Bool(value) => self.put(if *value { "true" } else { "false" }),
            Value::Number(number) => self.put(&show_number(number)),
            Value::String(text) => self.string(text, indent, false),
            Value::Array(_) => self.put("[]"),
            Value::Object(_) => self.put("{}"),
        }
    }

    /// A string; its further lines stand at `indent`. A key is never folded.
    fn string(&mut self, text: &str, indent: usize, key: bool) {
        let fold = (!key).then_some(indent);
        match style(text, key) {
            Style::Plain => self.folded(text, fold, Self::push),
            Style::Single => {
                self.push('\'');
                self.folded(text, fold, |out, c| {
                    out.put(if c == '\'' { "'" } else { "" });
                    out.push(c);
                });
                self.push('\'');
            }
            Style::Double => {
                self.push('"');
                self.double(text, fold);
                self.push('"');
            }
            Style::Block => self.block(text, indent),
        }
    }

    /// Plain or single-quoted text, folded at single spaces inside it.
    fn folded(&mut self, text: &str, fold: Option<usize>, put: fn(&mut Self, char)) {
        let mut before = ' ';
        let mut rest = text.chars().peekable();
        while let Some(c) = rest.next() {
            let single = c == ' ' && before != ' ' && rest.peek().is_some_and(|next| *next != ' ');
            match fold {
                Some(indent) if single && self.column > WIDTH => self.line(indent, LineKind::Inside),
                _ => put(self, c),
            }
            before = c;
        }
    }

    /// Double-quoted text, folded at the first of several spaces inside it.
    fn double(&mut self, text: &str, fold: Option<usize>) {
        let mut before = '"';
        let mut rest = text.chars().peekable();
        while let Some(c) = rest.next() {
            let inside = before != '"' && rest.peek().is_some();
            match fold {
                Some(indent) if c == ' ' && before != ' ' && inside && self.column > WIDTH => {
                    self.line(indent, LineKind::Inside);
                    self.put(if rest.peek() == Some(&' ') { "\\" } else { "" });
                }
                _ => self.escaped(c),
            }
            before = if c == '"' { 'x' } else { c };
        }
    }

    /// One character of a double-quoted text.
    fn escaped(&mut self, c: char) {
        let code = u32::from(c);
        match c {
            '"' | '\\' => self.put(if c == '"' { "\\\"" } else { "\\\\" }),
            '\0' => self.put("\\0"),
            '\u{7}'..='\u{d}' => {
                self.push('\\');
                "abtnvfr".chars().nth(code as usize - 7).into_iter().for_each(|letter| self.push(letter));
            }
            '\u{1b}' => self.put("\\e"),
            '\u{85}' => self.put("\\N"),
            '\u{2028}' => self.put("\\L"),
            '\u{2029}' => self.put("\\P"),
            c if is_printable(c) => self.push(c),
            _ if code <= 0xff => self.put(&format!("\\x{code:02X}")),
            _ if code <= 0xffff => self.put(&format!("\\u{code:04X}")),
            _ => self.put(&format!("\\U{code:08X}")),
        }
    }

    /// A literal block: `|`, an indentation when the text starts with white space, how it ends, its lines.
    fn block(&mut self, text: &str, indent: usize) {
        let hint = if text.starts_with([' ', '\n']) { "2" } else { "" };
        let end = match text.strip_suffix('\n') {
            None => "-",
            Some(rest) if rest.is_empty() || rest.ends_with('\n') => "+",
            Some(_) => "",
        };
        self.put("|");
        self.put(hint);
        self.put(end);
        for line in text.strip_suffix('\n').unwrap_or(text).split('\n') {
            self.line(if line.is_empty() { 0 } else { indent }, LineKind::Inside);
            self.put(line);
        }
        if text.ends_with('\n') {
            self.line(0, LineKind::Structure);
            self.fresh = true;
        }
    }

    /// Starts a line. A block that ends with a line feed has already done so.
    pub(super) fn line(&mut self, indent: usize, kind: LineKind) {
        let node = self.tree.at();
        if std::mem::take(&mut self.fresh) {
            if let Some(line) = self.lines.last_mut() {
                line.node = node;
            }
        } else {
            self.text.push('\n');
            self.lines.push(Line { start: self.text.len(), kind, node });
        }
        self.column = indent;
        self.text.extend(std::iter::repeat_n(' ', indent));
    }

    pub(super) fn put(&mut self, text: &str) {
        self.text.push_str(text);
        self.column += text.chars().count();
    }

    fn push(&mut self, c: char) {
        self.text.push(c);
        self.column += 1;
    }
}
