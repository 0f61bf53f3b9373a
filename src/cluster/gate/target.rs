//! `Target`: the object that is meant, frozen when an action starts.

use crate::cluster::url;
use crate::kinds::{Names, Uid};
use std::fmt;

/// An object that shall be changed. The identity is part of it: another object of the same name is never hit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Its kind, as the server serves it.
    pub names: &'static Names,
    /// The namespace, `""` when cluster-scoped.
    pub namespace: String,
    /// The name.
    pub name: String,
    /// The identity; `None` for an object that need not exist yet.
    pub uid: Option<Uid>,
}

impl Target {
    /// Whether its kind comes with Kubernetes, by its group: others are merged by JSON merge patches only.
    pub fn is_built_in(&self) -> bool {
        !self.names.group.contains('.') || self.names.group.ends_with(".k8s.io")
    }

    /// As kubectl calls it: `deployment/web`.
    pub fn kubectl(&self) -> String {
        let kind = if self.is_built_in() { self.names.kind.to_lowercase() } else { self.names.called() };
        quoted(&format!("{kind}/{}", self.name))
    }

    /// The path of the object.
    pub fn path(&self) -> String {
        url::named(self.names, &self.namespace, &self.name)
    }

    /// The path of a part of the object that the server serves on its own: `scale`, `eviction`.
    pub fn subresource(&self, part: &str) -> String {
        format!("{}/{part}", self.path())
    }

    /// The path under which objects of the kind are created.
    pub fn collection(&self) -> String {
        url::collection(self.names, Some(&self.namespace))
    }
}

/// `word` as one word of a shell. Names of roles may hold anything but slashes.
pub fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=@,+%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let namespace = if self.namespace.is_empty() { String::new() } else { format!("{}/", self.namespace) };
        write!(f, "{} {namespace}{}", self.names.kind.to_lowercase(), self.name)
    }
}
