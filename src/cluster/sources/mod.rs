//! Manifests as sources of changes: a file, a folder or a text is read, each object finds its kind on the server, and a
//! change comes out. One mistake anywhere, and nothing does.

mod found;
mod made;
mod needs;
mod read;
mod served;
mod written;

pub use made::{Wanted, change};
pub use read::{Source, read};

use std::fmt;

/// What is done with the objects of a manifest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    /// They become as they are written.
    Apply {
        /// Whether fields that others manage are taken from them.
        force: bool,
    },
    /// They are made.
    Create,
    /// They are deleted.
    Delete,
}

/// What a person asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// What is done.
    pub verb: Verb,
    /// A file or a folder, or `-` for the clipboard.
    pub path: String,
    /// Whether folders in the folder count as well.
    pub recursive: bool,
    /// The context of the cluster.
    pub context: String,
    /// The namespace of objects that name none.
    pub namespace: String,
    /// Whether the namespace was asked for: objects that name another one are then a mistake, as for kubectl.
    pub strict: bool,
    /// Whether the namespaces and definitions that the others need were sent already.
    pub rest: bool,
    /// The command line that asks for the same with `rest`.
    pub again: String,
}

impl Order {
    /// What it is called before the objects are known: `apply web.yaml`.
    pub fn title(&self) -> String {
        let verb = match self.verb {
            Verb::Apply { .. } => "apply",
            Verb::Create => "create from",
            Verb::Delete => "delete what is in",
        };
        format!("{verb} {}", self.source())
    }

    /// Where its text comes from, as a person is told.
    pub fn source(&self) -> String {
        if self.path == CLIPBOARD { "the clipboard".to_owned() } else { crate::text::safe(&self.path).into_owned() }
    }
}

/// The path that means the clipboard.
pub const CLIPBOARD: &str = "-";

/// Why nothing comes of it: each mistake as `FILE:LINE: sentence`, safe to show; at least one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistakes(pub Vec<String>);

impl Mistakes {
    /// A single mistake.
    pub fn one(sentence: impl Into<String>) -> Self {
        Self(vec![sentence.into()])
    }
}

impl fmt::Display for Mistakes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("\n"))
    }
}
