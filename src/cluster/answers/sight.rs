//! `Sight`: reads what an answer needs, with a bound, and keeps what to watch and what was not looked at.

use super::ask::{Answered, Asked, Watched};
use crate::cluster::gate::{Problem, Reader, Trouble};
use crate::cluster::json::at;
use crate::cluster::url;
use crate::kinds::answer::{Answer, Line, Piece};
use crate::kinds::{AnyKind, Reference, Row, Server, Text, Tone, Uid};
use serde_json::Value;

/// Objects that are read at most for one list: an answer is about one object, not about a whole cluster.
const MOST: usize = 500;
/// What stands between the lines of an answer and what is said about it.
const NOT_SEEN: &str = "not looked at: ";

/// What is read for an answer.
pub struct Sight<'a> {
    reader: &'a Reader,
    server: Server,
    watch: Vec<Watched>,
    unseen: Vec<String>,
}

impl<'a> Sight<'a> {
    /// Nothing is read yet.
    pub fn new(reader: &'a Reader, asked: &Asked) -> Self {
        Self { reader, server: asked.server, watch: Vec::new(), unseen: Vec::new() }
    }

    /// The object that is asked about.
    ///
    /// # Errors
    /// When it cannot be read, or none was named.
    pub async fn subject(&mut self, asked: &Asked) -> Result<(&'static dyn AnyKind, Value), Problem> {
        let nothing = || Problem::new("this is about an object", "name one: deployment/web, or select one");
        let (kind, namespace, name) = asked.about.clone().ok_or_else(nothing)?;
        self.watch.push(Watched::object(kind, &namespace, &name));
        Ok((kind, self.reader.get(&url::object(kind, &namespace, &name)).await?))
    }

    /// An object; nothing when it is not there, or may not be read, which is then said below the answer.
    ///
    /// # Errors
    /// When no answer came.
    pub async fn object(
        &mut self,
        kind: &'static dyn AnyKind,
        namespace: &str,
        name: &str,
    ) -> Result<Option<Value>, Problem> {
        self.watch.push(Watched::object(kind, namespace, name));
        let found = self.reader.get(&url::object(kind, namespace, name)).await;
        self.allowed(found, || format!("{} {name}", kind.names().kind.to_lowercase()))
    }

    /// The objects of a list, as many as an answer reads; what was left out is said below the answer.
    ///
    /// # Errors
    /// When no answer came.
    pub async fn list(&mut self, of: Watched) -> Result<Vec<Value>, Problem> {
        let found = self.read(&of).await;
        self.watch.push(of);
        found
    }

    /// The same, not watched.
    ///
    /// # Errors
    /// When no answer came.
    pub async fn read(&mut self, of: &Watched) -> Result<Vec<Value>, Problem> {
        let plural = of.kind.names().plural;
        let mut path = url::path(of.kind, of.namespace.as_deref());
        path.extend(["?limit=", &MOST.to_string()]);
        for (key, value) in [("labelSelector", &of.labels), ("fieldSelector", &of.fields)] {
            if let Some(value) = value {
                path.extend(["&", key, "="]);
                url::encode(value, &mut path);
            }
        }
        let page = self.reader.get(&path).await;
        let Some(mut page) = self.allowed(page, || plural.to_owned())? else { return Ok(Vec::new()) };
        if !text(&page, "/metadata/continue").is_empty() {
            self.unseen.push(format!("more than the first {MOST} {plural}"));
        }
        let items = page.get_mut("items").map(Value::take);
        Ok(match items {
            Some(Value::Array(items)) => items,
            _ => Vec::new(),
        })
    }

    /// What was found. What is not there, and what may not be read, is nothing.
    fn allowed(
        &mut self,
        found: Result<Value, Problem>,
        what: impl FnOnce() -> String,
    ) -> Result<Option<Value>, Problem> {
        match found {
            Ok(found) => Ok(Some(found)),
            Err(problem) if problem.is_gone() => Ok(None),
            Err(problem) if problem.trouble == Trouble::Refused(403) => {
                self.unseen.push(format!("{} (you may not read it)", what()));
                Ok(None)
            }
            Err(problem) => Err(problem),
        }
    }

    /// The rows of an object, as lists have them.
    pub fn rows(&self, kind: &dyn AnyKind, object: &Value) -> Vec<Row> {
        let mut rows = Vec::new();
        // What cannot be read becomes a row that says so.
        let _ = kind.read(object.to_string().as_bytes(), self.server, &mut rows);
        rows
    }

    /// The row of an object.
    pub fn row(&self, kind: &dyn AnyKind, object: &Value) -> Option<Row> {
        self.rows(kind, object).into_iter().next()
    }

    /// Watches something more.
    pub fn watch(&mut self, more: Watched) {
        self.watch.push(more);
    }

    /// Says that something was not looked at.
    pub fn leave_out(&mut self, what: impl Into<String>) {
        self.unseen.push(what.into());
    }

    /// The answer, with what was not looked at below it.
    pub fn answered(mut self, mut answer: Answer) -> Answered {
        self.unseen.dedup();
        for what in self.unseen {
            answer.push(Line::of([Piece::text(&format!("{NOT_SEEN}{what}"), Tone::Warn)]));
        }
        Answered { answer, watch: self.watch, again: None }
    }
}

/// The text at `pointer`; `""` when there is none.
pub fn text<'a>(object: &'a Value, pointer: &str) -> &'a str {
    at(object, pointer).as_str().unwrap_or_default()
}

/// The list at `pointer`; nothing when there is none.
pub fn items<'a>(object: &'a Value, pointer: &str) -> &'a [Value] {
    at(object, pointer).as_array().map_or(&[], Vec::as_slice)
}

/// What is written at `pointer`, a number as well as a text: a port, a quantity.
pub fn scalar(object: &Value, pointer: &str) -> String {
    match at(object, pointer) {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// The identity of an object.
pub fn uid(object: &Value) -> Uid {
    Uid::parse(text(object, "/metadata/uid"))
}

/// A pointer to an object that is known by its name.
pub fn named(kind: &dyn AnyKind, namespace: &str, name: &str) -> Reference {
    let names = kind.names();
    let namespace = if names.namespaced { Text::from(namespace) } else { Text::default() };
    Reference { group: names.group.into(), kind: names.kind.into(), namespace, name: name.into(), uid: None }
}

/// The kind that is called so by an object that points to one.
pub fn kind_of(group: &str, kind: &str) -> Option<&'static dyn AnyKind> {
    let is = |known: &&&dyn AnyKind| known.names().kind == kind && known.names().group == group;
    crate::kinds::ALL.iter().find(is).copied()
}
