//! `Sight`: reads what an answer needs, with a bound, and keeps what to watch and what was not looked at.

use super::ask::{Answered, Asked, Seen, Watched};
use crate::cluster::gate::{Problem, Reader, Trouble};
use crate::cluster::json::at;
pub use crate::cluster::json::text;
use crate::cluster::url;
use crate::kinds::answer::{Answer, Line, Piece};
use crate::kinds::{AnyKind, Kinds, Reference, Row, Server, Text, Tone, Uid};
use futures::{StreamExt, stream};
use serde_json::Value;

/// Objects that are read at most for one list: an answer is about one object, not about a whole cluster.
const MOST: usize = 500;
/// What stands between the lines of an answer and what is said about it.
const NOT_SEEN: &str = "not looked at: ";
/// Requests that are under way at the same time.
const AT_ONCE: usize = 8;

/// What is read for an answer.
pub struct Sight<'a> {
    reader: &'a Reader,
    server: Server,
    kinds: Kinds,
    watch: Vec<Watched>,
    unseen: Vec<String>,
}

impl<'a> Sight<'a> {
    /// Nothing is read yet.
    pub fn new(reader: &'a Reader, asked: &Asked) -> Self {
        let (server, kinds) = (asked.server, asked.kinds.clone());
        Self { reader, server, kinds, watch: Vec::new(), unseen: Vec::new() }
    }

    /// The object that is asked about.
    ///
    /// # Errors
    /// When it cannot be read, or none was named.
    pub async fn subject(&mut self, asked: &Asked) -> Result<(&'static dyn AnyKind, Value), Problem> {
        let nothing = || Problem::new("this is about an object", "name one: deployment/web, or select one");
        let (kind, namespace, name) = asked.about.clone().ok_or_else(nothing)?;
        Ok((kind, self.get(kind, &namespace, &name).await?))
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
        let found = self.get(kind, namespace, name).await;
        self.allowed(found, || format!("{} {name}", kind.names().kind.to_lowercase()))
    }

    /// The objects of a list, as many as an answer reads; what was left out is said below the answer.
    ///
    /// # Errors
    /// When no answer came.
    pub async fn list(&mut self, of: Watched) -> Result<Vec<Value>, Problem> {
        let page = self.reader.get(&of.page(MOST)).await;
        let seen = page.as_ref().map_or(Seen::Unknown, |page| Seen::List(version(page)));
        let found = self.listed(&of, page);
        self.watch.push(of.seen(seen));
        found
    }

    /// The same, not watched.
    ///
    /// # Errors
    /// When no answer came.
    pub async fn read(&mut self, of: &Watched) -> Result<Vec<Value>, Problem> {
        let page = self.reader.get(&of.page(MOST)).await;
        self.listed(of, page)
    }

    /// What a list holds, unless it may not be read.
    fn listed(&mut self, of: &Watched, page: Result<Value, Problem>) -> Result<Vec<Value>, Problem> {
        let page = self.allowed(page, || of.kind.names().plural.to_owned())?;
        Ok(page.map_or_else(Vec::new, |page| self.items(of.kind, page)))
    }

    /// What a page holds; what it leaves out is said below the answer.
    fn items(&mut self, kind: &dyn AnyKind, mut page: Value) -> Vec<Value> {
        if !text(&page, "/metadata/continue").is_empty() {
            self.unseen.push(format!("more than the first {MOST} {}", kind.names().plural));
        }
        match page.get_mut("items").map(Value::take) {
            Some(Value::Array(items)) => items,
            _ => Vec::new(),
        }
    }

    /// Reads an object, which is watched from what was found of it on.
    async fn get(&mut self, kind: &'static dyn AnyKind, namespace: &str, name: &str) -> Result<Value, Problem> {
        let found = self.reader.get(&url::object(kind, namespace, name)).await;
        self.watch.push(Watched::object(kind, namespace, name).seen(Seen::of_object(found.as_ref())));
        found
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

    /// The metadata of the objects of several lists, as many as an answer reads of each; not watched yet. What the server
    /// refuses is said below the answer.
    ///
    /// # Errors
    /// When no answer came.
    pub async fn metadata(&mut self, of: Vec<Watched>) -> Result<Vec<(Watched, Vec<Value>)>, Problem> {
        let reader = self.reader;
        let ask = |of: Watched| async move {
            let page = reader.metadata(&of.page(MOST)).await;
            (of, page)
        };
        let asks: Vec<_> = of.into_iter().map(ask).collect();
        let mut pages = stream::iter(asks).buffered(AT_ONCE);
        let mut all = Vec::new();
        while let Some((of, page)) = pages.next().await {
            let page = match page {
                Err(problem) if problem.is_gone() => continue,
                Err(problem @ Problem { trouble: Trouble::Refused(_), .. }) => {
                    self.unseen.push(format!("{} ({})", of.kind.names().plural, problem.sentence));
                    continue;
                }
                page => page?,
            };
            let seen = Seen::List(version(&page));
            let items = self.items(of.kind, page);
            all.push((of.seen(seen), items));
        }
        Ok(all)
    }

    /// Objects that are known by their metadata, read whole and not watched: each as it is, or nothing if it is gone.
    ///
    /// # Errors
    /// When no answer came.
    pub async fn objects(&mut self, of: &[(&'static dyn AnyKind, Value)]) -> Result<Vec<Option<Value>>, Problem> {
        let reader = self.reader;
        let mut asks = Vec::new();
        for (kind, meta) in of {
            let path = url::object(*kind, text(meta, "/metadata/namespace"), text(meta, "/metadata/name"));
            asks.push(async move { (*kind, reader.get(&path).await) });
        }
        let mut answers = stream::iter(asks).buffered(AT_ONCE);
        let mut all = Vec::new();
        while let Some((kind, found)) = answers.next().await {
            all.push(self.allowed(found, || kind.names().plural.to_owned())?);
        }
        Ok(all)
    }

    /// The kind that is called so by an object that points to one.
    pub fn kind_of(&self, group: &str, kind: &str) -> Option<&'static dyn AnyKind> {
        self.kinds.named(group, kind)
    }

    /// The kinds that the server serves.
    pub fn kinds(&self) -> &Kinds {
        &self.kinds
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

/// The version of an object or of a list.
pub fn version(value: &Value) -> String {
    text(value, "/metadata/resourceVersion").to_owned()
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
