//! Kubeconfigs, read and merged as kubectl does, and changed only where a person asks for exactly that.
//!
//! The rules are those of client-go (`clientcmd/loader.go`): the first file that has an entry wins, whole; the
//! first current context that is not empty wins; missing files of a list are skipped. Where client-go would refuse
//! a whole file because of one entry, only that entry is broken here.

mod bytes;
mod change;
mod entry;
mod file;
#[cfg(test)]
pub mod samples;
mod source;
#[cfg(test)]
mod tests;

pub use change::{FileChange, Unchanged, Wish, plan, write};
pub use entry::{AuthProvider, Cluster, Exec, Extension, Secret, User, Variable};
pub use source::{ServiceAccount, Source};

use crate::text::safe;
use entry::Context;
use file::{Document, Entry};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

/// The contexts that the user has, and what they are made of.
#[derive(Debug, Default)]
pub struct Kubeconfig {
    /// Every context, in the order of the files.
    pub contexts: Vec<ContextEntry>,
    /// The current context; it may be one that does not exist.
    pub current: Option<String>,
    /// Sentences about what was skipped.
    pub warnings: Vec<String>,
    /// The files that were looked for, in the order of their precedence.
    pub tried: Vec<PathBuf>,
    index: BTreeMap<String, usize>,
    clusters: BTreeMap<String, Entry<Cluster>>,
    users: BTreeMap<String, Entry<User>>,
}

/// A context of the kubeconfig.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContextEntry {
    /// Its name.
    pub name: String,
    /// Name of its cluster, `""` when it has none.
    pub cluster: String,
    /// Name of its user, `""` when it has none.
    pub user: String,
    /// Its namespace, when it names one.
    pub namespace: Option<String>,
    /// The URL of the API server, when its cluster has one.
    pub server: Option<String>,
    /// Why it cannot be used.
    pub broken: Option<String>,
}

/// Why there is no kubeconfig to use: a sentence and a hint.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{sentence}")]
pub struct LoadError {
    /// What is wrong, with the name of the file.
    pub sentence: String,
    /// What to do about it.
    pub hint: String,
}

impl Kubeconfig {
    /// Reads and merges the files of `source`. In a pod the service account is used when nothing was configured.
    ///
    /// # Errors
    /// When no context was found: which files were tried and what is wrong with them.
    pub fn load(source: &Source) -> Result<Self, LoadError> {
        let mut config = Self { tried: source.files(), ..Self::default() };
        let mut failures = Vec::new();
        let mut missing = Vec::new();
        for path in config.tried.clone() {
            match file::load(&path) {
                Ok(Some(documents)) => documents.into_iter().for_each(|document| config.merge(document)),
                Ok(None) => missing.push(path),
                Err(sentence) => failures.push(sentence),
            }
        }
        let nothing = failures.is_empty() && config.contexts.is_empty() && source.flag.is_none();
        if nothing && let Some(pod) = &source.pod {
            return Ok(Self { tried: config.tried, ..Self::in_cluster(pod) });
        }
        config.finish();
        if config.contexts.is_empty() {
            return Err(config.unusable(&failures, &missing));
        }
        config.warnings.extend(missing.iter().map(|path| format!("{} does not exist: skipped", shown(path))));
        config.warnings.extend(failures.into_iter().map(|sentence| format!("{sentence}: skipped")));
        Ok(config)
    }

    /// The one context of a pod: its own cluster, with its service account.
    pub fn in_cluster(pod: &ServiceAccount) -> Self {
        const NAME: &str = "in-cluster";
        let namespace = std::fs::read_to_string(pod.folder.join("namespace")).ok();
        let namespace = namespace.map(|text| text.trim().to_owned()).filter(|name| !name.is_empty());
        let authority = Some(pod.folder.join("ca.crt")).filter(|file| file.is_file());
        let cluster = Cluster { server: Some(pod.server()), certificate_authority: authority, ..Cluster::default() };
        let user = User { token_file: Some(pod.folder.join("token")), ..User::default() };
        let context = Context { cluster: Some(NAME.to_owned()), user: Some(NAME.to_owned()), namespace };
        let mut config = Self::default();
        config.merge(Document {
            contexts: vec![(NAME.to_owned(), Ok(context))],
            clusters: vec![(NAME.to_owned(), Ok(cluster))],
            users: vec![(NAME.to_owned(), Ok(user))],
            current: Some(NAME.to_owned()),
        });
        config.finish();
        config
    }

    /// The context called `name`.
    pub fn context(&self, name: &str) -> Option<&ContextEntry> {
        self.contexts.get(*self.index.get(name)?)
    }

    /// The cluster of `context`, when it can be used.
    pub fn cluster(&self, context: &ContextEntry) -> Option<&Cluster> {
        self.clusters.get(&context.cluster)?.as_ref().ok()
    }

    /// The user of `context`. A user that is not there is nobody, as for client-go.
    pub fn user(&self, context: &ContextEntry) -> Option<&User> {
        self.users.get(&context.user)?.as_ref().ok()
    }

    /// Adds what is not there yet.
    fn merge(&mut self, document: Document) {
        for (name, context) in document.contexts {
            if !self.index.contains_key(&name) {
                self.index.insert(name.clone(), self.contexts.len());
                self.contexts.push(ContextEntry::new(name, context));
            }
        }
        for (name, entry) in document.clusters {
            self.clusters.entry(name).or_insert(entry);
        }
        for (name, entry) in document.users {
            self.users.entry(name).or_insert(entry);
        }
        self.current = self.current.take().or(document.current);
    }

    /// Looks up the cluster and the user of each context, now that all files are read.
    fn finish(&mut self) {
        for context in &mut self.contexts {
            let cluster = self.clusters.get(&context.cluster);
            context.server = cluster.and_then(|entry| entry.as_ref().ok()?.server.clone());
            let user = self.users.get(&context.user);
            context.broken = context.broken.take().or_else(|| problem(context, cluster, user));
            if context.broken.is_none() && user.is_none() && !context.user.is_empty() {
                let (name, user) = (safe(&context.name), safe(&context.user));
                self.warnings.push(format!("context {name} names the user {user}, which is not in the kubeconfig"));
            }
        }
        if let Some(current) = self.current.as_deref().filter(|current| self.context(current).is_none()) {
            let warning = format!("the current context {} is not in the kubeconfig", safe(current));
            self.warnings.push(warning);
        }
    }

    fn unusable(&self, failures: &[String], missing: &[PathBuf]) -> LoadError {
        let mut sentence = match failures {
            [] if self.tried.is_empty() => {
                "there is no usable kubeconfig: neither KUBECONFIG nor HOME is set".to_owned()
            }
            [] if missing.len() == self.tried.len() => "there is no kubeconfig".to_owned(),
            [] => "the kubeconfig has no contexts".to_owned(),
            [first, ..] => first.clone(),
        };
        let tried: Vec<String> = self.tried.iter().map(|path| shown(path)).collect();
        if failures.len() != 1 || tried.len() != 1 {
            let separator = if tried.is_empty() { "" } else { ": tried " };
            let _ = write!(sentence, "{separator}{}", tried.join(", "));
        }
        let hint = "name a kubeconfig with --kubeconfig or KUBECONFIG, or look around with `rutter --demo`".to_owned();
        LoadError { sentence, hint }
    }
}

impl ContextEntry {
    fn new(name: String, context: Entry<Context>) -> Self {
        let broken = context.as_ref().err().map(|problem| format!("the context cannot be read: {problem}"));
        let context = context.unwrap_or_default();
        let (cluster, user) = (context.cluster.unwrap_or_default(), context.user.unwrap_or_default());
        Self { name, cluster, user, namespace: context.namespace, server: None, broken }
    }
}

/// Why `context` cannot be used; details that only connecting can know come later.
fn problem(context: &ContextEntry, cluster: Option<&Entry<Cluster>>, user: Option<&Entry<User>>) -> Option<String> {
    let name = safe(&context.cluster);
    match cluster {
        _ if context.name.is_empty() => return Some("the context has no name".to_owned()),
        _ if context.cluster.is_empty() => return Some("the context names no cluster".to_owned()),
        None => return Some(format!("its cluster {name} is not in the kubeconfig")),
        Some(Err(problem)) => return Some(format!("its cluster {name} cannot be read: {problem}")),
        Some(Ok(cluster)) if cluster.server.is_none() => return Some(format!("its cluster {name} has no server")),
        Some(Ok(_)) => {}
    }
    let problem = user?.as_ref().err()?;
    Some(format!("its user {} cannot be read: {problem}", safe(&context.user)))
}

fn shown(path: &std::path::Path) -> String {
    safe(&path.display().to_string()).into_owned()
}
