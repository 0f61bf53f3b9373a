//! What a question is: its name, and how it is answered once.

use super::sight::version;
use crate::cluster::gate::{Problem, Reader};
use crate::cluster::url;
use crate::kinds::answer::{Answer, To};
use crate::kinds::{AnyKind, Kinds, Server};
use futures::future::BoxFuture;
use serde_json::Value;
use std::time::Duration;

/// A question to a cluster.
pub trait Question: Sync {
    /// How it is called, in titles and by the command that opens it.
    fn name(&self) -> &'static str;

    /// Answers it as things are now.
    fn answer<'a>(&'a self, reader: &'a Reader, asked: &'a Asked) -> BoxFuture<'a, Result<Answered, Problem>>;
}

/// What was asked.
#[derive(Clone)]
pub struct Asked {
    /// The object that it is about: kind, namespace (`""` for none) and name.
    pub about: Option<(&'static dyn AnyKind, String, String)>,
    /// What was added to the question.
    pub argument: String,
    /// What is known of the server.
    pub server: Server,
    /// The kinds that it serves.
    pub kinds: Kinds,
}

impl Asked {
    /// The argument that asks for all that there is, which takes more requests.
    pub const ALL: &str = "--all";

    /// Whether all is asked for.
    pub fn all(&self) -> bool {
        self.argument == Self::ALL
    }

    /// The way to all that `question` can tell of the same object.
    pub fn to_all(&self, question: &dyn Question) -> To {
        let Some((kind, namespace, name)) = &self.about else { return To::Nowhere };
        let place = if namespace.is_empty() { String::new() } else { format!(" -n {namespace}") };
        To::Place(format!("{} {}/{name}{place} {}", question.name(), kind.names().called(), Self::ALL))
    }
}

/// An answer, and what makes it old.
#[derive(Default)]
pub struct Answered {
    /// The answer.
    pub answer: Answer,
    /// It is given again when one of these changes.
    pub watch: Vec<Watched>,
    /// It is given again after this time: for what cannot be watched, such as metrics.
    pub again: Option<Duration>,
}

impl From<Answer> for Answered {
    fn from(answer: Answer) -> Self {
        Self { answer, ..Self::default() }
    }
}

/// Objects whose changes make an answer old.
#[derive(Clone)]
pub struct Watched {
    /// Their kind.
    pub kind: &'static dyn AnyKind,
    /// Their namespace; all of them when there is none.
    pub namespace: Option<String>,
    /// With these labels, in kubectl's syntax.
    pub labels: Option<String>,
    /// With these fields, in kubectl's syntax.
    pub fields: Option<String>,
    /// What the answer saw of them.
    pub seen: Seen,
}

/// What an answer saw of the objects whose changes make it old: so what happens meanwhile is told from what was there.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Seen {
    /// That is not known.
    #[default]
    Unknown,
    /// All of them at this version of the list.
    List(String),
    /// One of them with this version; `""` when it was not there.
    Object(String),
}

impl Seen {
    /// What was found of one object.
    pub fn of_object(found: Result<&Value, &Problem>) -> Self {
        match found {
            Ok(object) => Self::Object(version(object)),
            Err(problem) if problem.is_gone() => Self::Object(String::new()),
            Err(_) => Self::Unknown,
        }
    }
}

impl Watched {
    /// One object.
    pub fn object(kind: &'static dyn AnyKind, namespace: &str, name: &str) -> Self {
        let namespace = Some(namespace.to_owned()).filter(|namespace| !namespace.is_empty());
        Self { kind, namespace, labels: None, fields: Some(format!("metadata.name={name}")), seen: Seen::Unknown }
    }

    /// All objects of a kind, in a namespace or everywhere.
    pub fn all(kind: &'static dyn AnyKind, namespace: Option<&str>) -> Self {
        Self { kind, namespace: namespace.map(str::to_owned), labels: None, fields: None, seen: Seen::Unknown }
    }

    /// The same objects, of which this was seen.
    #[must_use]
    pub fn seen(self, seen: Seen) -> Self {
        Self { seen, ..self }
    }

    /// Where the first page of their list is, with at most `limit` of them.
    pub fn page(&self, limit: usize) -> String {
        let (path, query) = self.place();
        format!("{path}?limit={limit}{}{query}", if query.is_empty() { "" } else { "&" })
    }

    /// Where their list is, and the query that selects them.
    pub fn place(&self) -> (String, String) {
        let mut query = String::new();
        for (key, value) in [("labelSelector", &self.labels), ("fieldSelector", &self.fields)] {
            if let Some(value) = value {
                query.extend([if query.is_empty() { "" } else { "&" }, key, "="]);
                url::encode(value, &mut query);
            }
        }
        (url::path(self.kind, self.namespace.as_deref()), query)
    }

    /// The same, in this object only one's memory: how two are told apart.
    fn key(&self) -> (&'static str, &'static str, Option<&str>, Option<&str>, Option<&str>) {
        let names = self.kind.names();
        (names.group, names.plural, self.namespace.as_deref(), self.labels.as_deref(), self.fields.as_deref())
    }
}

impl PartialEq for Watched {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}
