//! One kubeconfig file, parsed entry by entry, so that a half-written one spoils only itself.

use super::bytes;
use super::entry::{Cluster, Context, User};
use crate::text::safe;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::path::{Path, PathBuf};

/// An entry, or why it cannot be used.
pub type Entry<T> = Result<T, String>;

/// What one file (or one document of it) says.
#[derive(Debug, Default)]
pub struct Document {
    /// Contexts by name, in the order of the file.
    pub contexts: Vec<(String, Entry<Context>)>,
    /// Clusters by name.
    pub clusters: Vec<(String, Entry<Cluster>)>,
    /// Users by name.
    pub users: Vec<(String, Entry<User>)>,
    /// The current context, when it is not empty.
    pub current: Option<String>,
}

/// The documents of the file at `path`, with relative paths resolved; `None` when there is no such file.
///
/// # Errors
/// One sentence that begins with the name of the file, with line and column where they are known.
pub fn load(path: &Path) -> Result<Option<Vec<Document>>, String> {
    let name = path.display().to_string();
    let name = safe(&name);
    let Some(text) = bytes::read(path).map_err(|problem| format!("{name} {problem}"))? else { return Ok(None) };
    let mut documents = parse(&text).map_err(|problem| format!("{name}:{problem}"))?;
    let folder = folder(path);
    for document in &mut documents {
        document.clusters.iter_mut().filter_map(|(_, entry)| entry.as_mut().ok()).for_each(|c| c.resolve(&folder));
        document.users.iter_mut().filter_map(|(_, entry)| entry.as_mut().ok()).for_each(|u| u.resolve(&folder));
    }
    Ok(Some(documents))
}

/// The absolute folder in which the file at `path` lies.
fn folder(path: &Path) -> PathBuf {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    absolute.parent().map_or_else(|| PathBuf::from("/"), Path::to_owned)
}

/// The documents in `text`.
///
/// # Errors
/// `line:column: sentence`, or ` sentence` when the place is not known.
pub fn parse(text: &str) -> Result<Vec<Document>, String> {
    // Go's YAML reader takes the last of doubled keys. Kubeconfigs of 10 MB exist.
    let options = serde_yaml::options! {
        duplicate_keys: serde_yaml::DuplicateKeyPolicy::LastWins,
        budget: serde_yaml::budget! { max_events: 40_000_000, max_nodes: 10_000_000 },
    };
    let roots: Vec<Value> = serde_yaml::from_multiple_with_options(text, options).map_err(|error| describe(&error))?;
    roots.iter().map(document).collect()
}

/// Where and what, without the lines around it: they may hold a token.
fn describe(error: &serde_yaml::Error) -> String {
    let text = error.without_snippet().to_string();
    let what = safe(text.lines().next().unwrap_or("is not YAML")).into_owned();
    match error.location() {
        Some(at) => format!("{}:{}: {what}", at.line(), at.column()),
        None => format!(" {what}"),
    }
}

fn document(root: &Value) -> Result<Document, String> {
    if !root.is_object() && !root.is_null() {
        return Err(" this is not a kubeconfig: it is no mapping with `clusters`, `users` and `contexts`".to_owned());
    }
    let current = root.get("current-context").and_then(Value::as_str).filter(|name| !name.is_empty());
    Ok(Document {
        contexts: entries(root, "contexts", "context")?,
        clusters: entries(root, "clusters", "cluster")?,
        users: entries(root, "users", "user")?,
        current: current.map(str::to_owned),
    })
}

/// The named entries of `list`, each with its `key`.
fn entries<T: DeserializeOwned + Default>(
    root: &Value,
    list: &str,
    key: &str,
) -> Result<Vec<(String, Entry<T>)>, String> {
    let items = match root.get(list) {
        None | Some(Value::Null) => return Ok(Vec::new()),
        Some(Value::Array(items)) => items,
        Some(_) => return Err(format!(" `{list}` is not a list")),
    };
    let named = |item: &Value| (item.get("name").and_then(name).unwrap_or_default(), item.get(key).cloned());
    Ok(items.iter().map(named).map(|(name, value)| (name, entry(value))).collect())
}

/// A name; an unquoted number is one as well.
fn name(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned).or_else(|| value.as_number().map(ToString::to_string))
}

fn entry<T: DeserializeOwned + Default>(value: Option<Value>) -> Entry<T> {
    match value {
        None | Some(Value::Null) => Ok(T::default()),
        Some(value) => serde_json::from_value(value).map_err(|error| mask(&error.to_string())),
    }
}

/// serde's message without the value that it quotes, which may be a secret.
fn mask(message: &str) -> String {
    let head = message.split(['`', '"']).next().unwrap_or_default().trim_end();
    let tail = message.rfind(", expected ").and_then(|at| message.get(at..)).filter(|tail| !head.ends_with(tail));
    safe(&format!("{head}{}", tail.unwrap_or_default())).into_owned()
}
