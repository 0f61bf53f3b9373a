//! Where one can look: contexts, kinds and scopes as values. There is no global current cluster.

use super::answer::AnswerKey;
use super::drain::DrainKey;
use super::explain::ExplainKey;
use crate::kinds::AnyKind;
use crate::kinds::nodes::Nodes;
use std::fmt;
use std::ops::Deref;
use std::rc::Rc;

/// A kind, comparable by its names and the columns of the user's that it has.
#[derive(Clone, Copy)]
pub struct KindRef(pub &'static dyn AnyKind);

impl Deref for KindRef {
    type Target = dyn AnyKind;

    fn deref(&self) -> &Self::Target {
        self.0
    }
}

impl KindRef {
    /// What it is called in command lines: of a kind that was found by asking, the plural alone may be that of another
    /// kind, too.
    pub fn called(self) -> String {
        if self.by_table() { self.names().called() } else { self.names().plural.to_owned() }
    }
}

impl PartialEq for KindRef {
    fn eq(&self, other: &Self) -> bool {
        self.names() == other.names() && self.view() == other.view()
    }
}

impl Eq for KindRef {}

impl std::hash::Hash for KindRef {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.names().hash(state);
    }
}

impl fmt::Debug for KindRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.names().plural)
    }
}

/// Which namespaces a list covers.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub enum Namespaces {
    /// All of them; also for kinds without namespaces.
    #[default]
    All,
    /// These, sorted.
    Only(Vec<String>),
}

impl Namespaces {
    /// Exactly one.
    pub fn one(name: &str) -> Self {
        Self::Only(vec![name.to_owned()])
    }

    /// Reads `all`, `a` or `a,b,c`.
    pub fn parse(text: &str) -> Self {
        let mut names: Vec<String> = text.split(',').filter(|name| !name.is_empty()).map(str::to_owned).collect();
        names.sort();
        names.dedup();
        if names.is_empty() || names.iter().any(|name| name == "all" || name == "*") {
            Self::All
        } else {
            Self::Only(names)
        }
    }

    /// The namespace, if it is exactly one.
    pub fn single(&self) -> Option<&str> {
        match self {
            Self::Only(names) if names.len() == 1 => names.first().map(String::as_str),
            _ => None,
        }
    }
}

impl fmt::Display for Namespaces {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => f.write_str("all"),
            Self::Only(names) => f.write_str(&names.join(",")),
        }
    }
}

/// Which objects of a kind a list covers, as the server is asked for them.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Scope {
    /// In these namespaces.
    pub namespaces: Namespaces,
    /// With these labels (kubectl's `-l`).
    pub labels: Option<String>,
    /// With these fields (kubectl's `--field-selector`).
    pub fields: Option<String>,
}

/// A list: what is subscribed to, once, however many screens show it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ListKey {
    /// The context of the kubeconfig.
    pub context: Rc<str>,
    /// The kind.
    pub kind: KindRef,
    /// Which objects.
    pub scope: Scope,
}

impl ListKey {
    /// All nodes of a context.
    pub fn nodes(context: &Rc<str>) -> Self {
        Self { context: Rc::clone(context), kind: KindRef(&Nodes), scope: Scope::default() }
    }

    /// The namespaces that are asked for, one request each.
    pub fn parts(&self) -> Vec<Option<String>> {
        match &self.scope.namespaces {
            Namespaces::Only(names) if self.kind.names().namespaced => names.iter().cloned().map(Some).collect(),
            _ => vec![None],
        }
    }
}

/// One object, by where it is found.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ObjectKey {
    /// The context of the kubeconfig.
    pub context: Rc<str>,
    /// The kind.
    pub kind: KindRef,
    /// The namespace, `""` when cluster-scoped.
    pub namespace: String,
    /// The name.
    pub name: String,
}

impl fmt::Display for ObjectKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let namespace = if self.namespace.is_empty() { String::new() } else { format!("{}/", self.namespace) };
        write!(f, "{} {namespace}{}", self.kind.names().kind.to_lowercase(), self.name)
    }
}

/// The logs of some pods.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct LogKey {
    /// The context of the kubeconfig.
    pub context: Rc<str>,
    /// The namespace of the pods.
    pub namespace: String,
    /// Whose logs, for the title: `pod web-1`.
    pub of: String,
    /// Only pods with these labels; `""` is all.
    pub labels: String,
    /// Only pods with these fields; `""` is all.
    pub fields: String,
    /// Which containers; `None` is the one that kubectl would take.
    pub container: Option<String>,
    /// Whether the instances before the last restart are meant.
    pub previous: bool,
    /// Only lines of the last so many seconds.
    pub since: Option<u32>,
    /// How many lines of the past.
    pub tail: Tail,
}

impl LogKey {
    /// The name of the pod, if only one is meant.
    pub fn pod(&self) -> Option<&str> {
        self.fields.strip_prefix("metadata.name=")
    }
}

/// How many lines of the past are wanted of each container.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Tail {
    /// As many as are of use: all since a given time, else some.
    #[default]
    Some,
    /// All that there are.
    All,
    /// So many.
    Lines(u32),
}

/// Stands for all containers in [`LogKey::container`]; no container can be called so.
pub const ALL_CONTAINERS: &str = "*";

/// Something that a screen shows and a task keeps fresh.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Topic {
    /// A list.
    List(ListKey),
    /// An object.
    Object(ObjectKey),
    /// What a kind and its fields are for.
    Explain(ExplainKey),
    /// Logs.
    Log(LogKey),
    /// The plan of a drain.
    Drain(DrainKey),
    /// How far the rollout of a workload is.
    Progress(ObjectKey),
    /// The revisions of a workload.
    Revisions(ObjectKey),
    /// The answer to a question.
    Answer(AnswerKey),
    /// What those use that a list shows.
    Usage(ListKey),
}

impl Topic {
    /// The context that it belongs to.
    pub fn context(&self) -> &Rc<str> {
        match self {
            Self::List(key) | Self::Usage(key) => &key.context,
            Self::Object(key) | Self::Progress(key) | Self::Revisions(key) => &key.context,
            Self::Log(key) => &key.context,
            Self::Explain(key) => &key.context,
            Self::Drain(key) => &key.context,
            Self::Answer(key) => &key.context,
        }
    }
}
