//! The three changes of a kubeconfig that a person may ask for, as `kubectl config` makes them. Only the lines that they
//! concern are written anew: comments, order and everything else stay. What cannot be changed that way is left alone.

use super::bytes;
use crate::cluster::json::{at, put};
use crate::text::safe;
use serde_json::{Value, json};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// What shall be changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wish {
    /// `use-context`: which one is current.
    Use(String),
    /// `set-context --namespace`: the namespace that a context names.
    Namespace {
        /// The context.
        context: String,
        /// Its namespace from now on.
        namespace: String,
    },
    /// `rename-context`.
    Rename {
        /// Its name now.
        from: String,
        /// Its name from now on.
        to: String,
    },
}

/// A file before and after a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileChange {
    /// The file.
    pub path: PathBuf,
    /// Its text now.
    pub before: String,
    /// Its text from now on.
    pub after: String,
}

/// Why not: a sentence and a hint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unchanged {
    /// What is in the way.
    pub sentence: String,
    /// What to do.
    pub hint: String,
}

impl Wish {
    /// How kubectl is told to do the same.
    pub fn kubectl(&self) -> String {
        match self {
            Self::Use(name) => format!("kubectl config use-context {name}"),
            Self::Namespace { context, namespace } => {
                format!("kubectl config set-context {context} --namespace={namespace}")
            }
            Self::Rename { from, to } => format!("kubectl config rename-context {from} {to}"),
        }
    }

    /// The context that has to be there.
    fn context(&self) -> &str {
        match self {
            Self::Use(name) | Self::Namespace { context: name, .. } | Self::Rename { from: name, .. } => name,
        }
    }

    /// What it makes of a parsed file.
    fn apply(&self, config: &mut Value) {
        let names = |context: &Value, name: &str| context.get("name").and_then(Value::as_str) == Some(name);
        let contexts = config.get_mut("contexts").and_then(Value::as_array_mut);
        let found = contexts.into_iter().flatten().find(|context| names(context, self.context()));
        match (self, found) {
            (Self::Namespace { namespace, .. }, Some(context)) => {
                put(context, &["context", "namespace"], json!(namespace));
            }
            (Self::Rename { to, .. }, Some(context)) => put(context, &["name"], json!(to)),
            _ => {}
        }
        match self {
            Self::Use(name) => put(config, &["current-context"], json!(name)),
            Self::Rename { from, to } if at(config, "/current-context") == from.as_str() => {
                put(config, &["current-context"], json!(to));
            }
            _ => {}
        }
    }
}

/// What `wish` changes in the first of `files` that holds what it is about.
///
/// # Errors
/// When the context is in none of them, or the file is written in a form that cannot be changed line by line.
pub fn plan(files: &[PathBuf], wish: &Wish) -> Result<FileChange, Unchanged> {
    let unknown = || Unchanged {
        sentence: format!("there is no context \"{}\" in the kubeconfig", safe(wish.context())),
        hint: ":contexts shows them".to_owned(),
    };
    let mut texts = Vec::new();
    for path in files {
        let text = bytes::read(path).map_err(|why| Unchanged { sentence: why, hint: String::new() })?;
        texts.extend(text.map(|text| (path, text)));
    }
    let holds = |name: &str| texts.iter().position(|(_, text)| knows(text, name));
    if let Wish::Rename { to, .. } = wish
        && holds(to).is_some()
    {
        let sentence = format!("there is a context \"{}\" already", safe(to));
        return Err(Unchanged { sentence, hint: "choose another name".to_owned() });
    }
    let holder = holds(wish.context()).ok_or_else(unknown)?;
    // client-go writes the current context where it stands, else into the first file.
    let current = || texts.iter().position(|(_, text)| top(&lines(text), "current-context").is_some());
    let at = if matches!(wish, Wish::Use(_)) { current().unwrap_or_default() } else { holder };
    let (path, before) = texts.into_iter().nth(at).ok_or_else(unknown)?;
    let after = edit(&before, wish).filter(|after| is_exact(&before, after, wish)).ok_or_else(|| Unchanged {
        sentence: format!("{} is written in a form that rutter does not change", safe(&path.display().to_string())),
        hint: wish.kubectl(),
    })?;
    Ok(FileChange { path: path.clone(), before, after })
}

/// Whether a file has a context of this name.
fn knows(text: &str, name: &str) -> bool {
    let config = serde_yaml::from_str::<Value>(text).unwrap_or_default();
    let contexts = config.get("contexts").and_then(Value::as_array);
    contexts.into_iter().flatten().any(|context| context.get("name").and_then(Value::as_str) == Some(name))
}

/// Whether the change did what was wished and nothing else.
fn is_exact(before: &str, after: &str, wish: &Wish) -> bool {
    let [before, after] = [before, after].map(serde_yaml::from_str::<Value>);
    let (Ok(mut before), Ok(after)) = (before, after) else { return false };
    wish.apply(&mut before);
    before == after
}

/// Writes the change, under the lock that kubectl uses, unless somebody changed the file in between.
///
/// # Errors
/// When it cannot be written; then the file is as it was.
pub fn write(change: &FileChange) -> io::Result<()> {
    let path = std::fs::canonicalize(&change.path)?;
    let mut lock = path.clone().into_os_string();
    lock.push(".lock");
    let lock = PathBuf::from(lock);
    std::fs::OpenOptions::new().write(true).create_new(true).open(&lock).map_err(|error| {
        let why = if error.kind() == io::ErrorKind::AlreadyExists { "somebody else writes it" } else { "no lock" };
        io::Error::new(error.kind(), format!("{why}: {}: {error}", lock.display()))
    })?;
    let done = replace(&path, change);
    std::fs::remove_file(&lock)?;
    done
}

fn replace(path: &Path, change: &FileChange) -> io::Result<()> {
    if bytes::read(path).ok().flatten().as_deref() != Some(change.before.as_str()) {
        return Err(io::Error::other("it was changed in between: look at the difference again"));
    }
    let folder = path.parent().unwrap_or_else(|| Path::new("."));
    let mut beside = tempfile::NamedTempFile::new_in(folder)?;
    beside.write_all(change.after.as_bytes())?;
    beside.as_file().set_permissions(std::fs::metadata(path)?.permissions())?;
    beside.as_file().sync_all()?;
    beside.persist(path).map(drop).map_err(|error| error.error)
}

/// The text of `wish` in a file that is written in blocks.
fn edit(text: &str, wish: &Wish) -> Option<String> {
    let mut lines: Vec<String> = lines(text).into_iter().map(str::to_owned).collect();
    let view = |lines: &[String]| lines.iter().map(String::as_str).collect::<Vec<_>>().join("");
    match wish {
        Wish::Use(name) => set_current(&mut lines, name),
        Wish::Rename { from, to } => {
            let at = item(&self::lines(text), from)?.name;
            set_value(lines.get_mut(at)?, to)?;
            let current = top(&self::lines(text), "current-context");
            if let Some(line) = current.and_then(|at| lines.get_mut(at)).filter(|line| value(line) == Some(from)) {
                set_value(line, to)?;
            }
        }
        Wish::Namespace { context, namespace } => {
            let found = item(&self::lines(text), context)?;
            if let Some(at) = found.namespace {
                set_value(lines.get_mut(at)?, namespace)?;
            } else {
                let (at, indent) = found.body?;
                lines.insert(at, format!("{:indent$}namespace: {}\n", "", quoted(namespace)));
            }
        }
    }
    Some(view(&lines))
}

fn set_current(lines: &mut Vec<String>, name: &str) {
    let borrowed: Vec<&str> = lines.iter().map(String::as_str).collect();
    let found = top(&borrowed, "current-context");
    let new = format!("current-context: {}\n", quoted(name));
    if let Some(line) = found.and_then(|at| lines.get_mut(at)) {
        *line = new;
        return;
    }
    if let Some(last) = lines.last_mut().filter(|last| !last.ends_with('\n')) {
        last.push('\n');
    }
    lines.push(new);
}

/// The lines of `text`, each with its line feed.
fn lines(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
}

/// The line that begins with `key:`.
fn top(lines: &[&str], key: &str) -> Option<usize> {
    lines.iter().position(|line| line.strip_prefix(key).is_some_and(|rest| rest.starts_with(':')))
}

/// Where a context stands in a file.
struct Item {
    /// The line with its name.
    name: usize,
    /// The line with its namespace.
    namespace: Option<usize>,
    /// The first line of its body, and how far that is indented.
    body: Option<(usize, usize)>,
}

/// The item of the list of contexts that is called `name`.
fn item(lines: &[&str], name: &str) -> Option<Item> {
    let from = top(lines, "contexts")? + 1;
    let inside = |line: &&str| line.starts_with([' ', '-', '#']) || line.trim().is_empty();
    let count = lines.get(from..)?.iter().take_while(|line| inside(line)).count();
    let block = from..from + count;
    let indent = |at: usize| lines.get(at).map_or(0, |line| line.len() - line.trim_start().len());
    let dash = |at: &usize| lines.get(*at).is_some_and(|line| line.trim_start().starts_with("- "));
    let outermost = block.clone().filter(dash).map(indent).min()?;
    let starts: Vec<usize> = block.clone().filter(|at| dash(at) && indent(*at) == outermost).collect();
    let ends = starts.iter().skip(1).copied().chain([block.end]);
    let mut items = starts.iter().copied().zip(ends).map(|(start, end)| read_item(lines, start..end, outermost + 2));
    items.find(|item| {
        item.as_ref().is_some_and(|item| lines.get(item.name).and_then(|line| value(line)) == Some(name))
    })?
}

/// Reads the lines of an item whose keys are indented by `indent`.
fn read_item(lines: &[&str], range: std::ops::Range<usize>, indent: usize) -> Option<Item> {
    // The dash counts as indentation of the first key.
    let key = |at: usize| lines.get(at).map(|line| line.replacen("- ", "  ", usize::from(at == range.start)));
    let deep = |line: &str| line.len() - line.trim_start().len();
    let is = |at: usize, indent: usize, name: &str| {
        key(at).is_some_and(|line| deep(&line) == indent && line.trim_start().starts_with(&format!("{name}:")))
    };
    let name = range.clone().find(|at| is(*at, indent, "name"))?;
    let context = range.clone().find(|at| is(*at, indent, "context"))?;
    let first = context + 1;
    let below = key(first).map(|line| deep(&line)).filter(|below| *below > indent && first < range.end);
    let body = below.map(|below| (first, below));
    let namespace = body.and_then(|(first, below)| (first..range.end).find(|at| is(*at, below, "namespace")));
    Some(Item { name, namespace, body })
}

/// The value on a line `key: value # comment`, without its quotes.
fn value(line: &str) -> Option<&str> {
    let (_, rest) = line.split_once(':')?;
    let rest = rest.trim();
    let plain = rest.split(" #").next().unwrap_or_default().trim();
    let strip = |sign: char| plain.strip_prefix(sign).and_then(|inner| inner.strip_suffix(sign));
    Some(strip('"').or_else(|| strip('\'')).unwrap_or(plain))
}

/// Writes another value on a line; its comment stays.
fn set_value(line: &mut String, value: &str) -> Option<()> {
    let (key, rest) = line.split_once(':')?;
    let comment = rest.trim_end().split_once(" #").map(|(_, comment)| format!(" #{comment}")).unwrap_or_default();
    *line = format!("{key}: {}{comment}\n", quoted(value));
    Some(())
}

/// A value as YAML reads it back: plain where that is safe.
fn quoted(value: &str) -> String {
    let plain = serde_yaml::from_str::<Value>(&format!("a: {value}")).ok();
    if plain.is_some_and(|read| read == json!({ "a": value })) { value.to_owned() } else { json!(value).to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KIND: &str = "apiVersion: v1\nclusters: []\n# mine\ncontexts:\n- context:\n    cluster: a\n    user: a\n  name: a\n\
                        - name: b # work\n  context:\n    namespace: old\n    cluster: b\ncurrent-context: a\nkind: Config\n";

    fn changed(text: &str, wish: &Wish) -> Result<(PathBuf, String), Unchanged> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("config");
        std::fs::write(&path, text).unwrap();
        plan(&[path], wish).map(|change| (change.path, change.after))
    }

    fn after(text: &str, wish: &Wish) -> String {
        changed(text, wish).unwrap().1
    }

    fn namespace(context: &str) -> Wish {
        Wish::Namespace { context: context.to_owned(), namespace: "shop".to_owned() }
    }

    #[test]
    fn only_the_lines_that_are_meant_change() {
        assert_eq!(after(KIND, &Wish::Use("b".into())), KIND.replace("current-context: a", "current-context: b"));
        assert_eq!(after(KIND, &namespace("b")), KIND.replace("namespace: old", "namespace: shop"));
        let with = "- context:\n    namespace: shop\n    cluster: a";
        assert_eq!(after(KIND, &namespace("a")), KIND.replace("- context:\n    cluster: a", with));
        let rename = Wish::Rename { from: "a".into(), to: "yes".into() };
        let renamed =
            KIND.replace("  name: a", "  name: \"yes\"").replace("current-context: a", "current-context: \"yes\"");
        let both = [renamed.clone(), renamed.replace('"', "")];
        assert!(both.contains(&after(KIND, &rename)));
        let rename = Wish::Rename { from: "b".into(), to: "c".into() };
        assert_eq!(after(KIND, &rename), KIND.replace("name: b # work", "name: c # work"));
    }

    #[test]
    fn a_file_without_a_current_context_gets_one() {
        let text = KIND.replace("current-context: a\n", "");
        assert_eq!(after(&text, &Wish::Use("b".into())), format!("{text}current-context: b\n"));
    }

    #[test]
    fn what_cannot_be_changed_exactly_is_left_alone() {
        let flow = "{contexts: [{name: a, context: {cluster: a}}], current-context: a}";
        assert!(changed(flow, &namespace("a")).is_err());
        let inline = KIND.replace("- context:\n    cluster: a\n    user: a\n", "- context: {cluster: a}\n");
        let why = changed(&inline, &namespace("a")).unwrap_err();
        assert_eq!(why.hint, "kubectl config set-context a --namespace=shop");
        assert!(changed(KIND, &Wish::Use("none".into())).unwrap_err().sentence.contains("no context"));
        assert!(changed(KIND, &Wish::Rename { from: "a".into(), to: "b".into() }).is_err());
    }

    #[test]
    fn a_file_is_replaced_whole_with_its_rights_and_never_over_another_change() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("config");
        std::fs::write(&path, KIND).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
        let change = plan(std::slice::from_ref(&path), &Wish::Use("b".into())).unwrap();
        write(&change).unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), change.after);
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
        let refused = write(&change).unwrap_err().to_string();
        assert!(refused.contains("changed in between"), "{refused}");
        std::fs::write(dir.path().join("config.lock"), "").unwrap();
        assert!(write(&change).unwrap_err().to_string().contains("somebody else"));
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 2, "nothing is left lying about");
    }
}
