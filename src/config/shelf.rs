//! `Shelf`: named files of one sort (themes, key maps), the user's over the built-in ones, and what they inherit.

use super::expect::{entries, texts};
use super::problem::{Report, did_you_mean};
use super::tree::{At, Entry, Node, Value, parse};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// What a file inherits when it does not say so; the built-in file of this name is complete.
pub const DEFAULT: &str = "default";

/// The files of one sort.
#[derive(Debug, Clone)]
pub struct Shelf {
    /// What one of them is called in a sentence: `theme`.
    pub what: &'static str,
    /// Their folder, in the user's directory and in ours: `themes`.
    pub folder: &'static str,
    /// Name and text of those that come with the program.
    pub built_in: &'static [(&'static str, &'static str)],
    /// The user's directory, if there is one.
    pub dir: Option<PathBuf>,
}

/// One file that was read: its entries but `inherits`, and its problems.
#[derive(Debug)]
pub struct Sheet {
    /// What stands in it.
    pub entries: Vec<Entry>,
    /// What is wrong in it.
    pub report: Report,
}

/// A file: the user's or the built-in one of this name.
#[derive(Debug, Clone, PartialEq)]
struct Id {
    users: bool,
    name: String,
}

impl Shelf {
    /// The names that one may choose from, sorted.
    pub fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = self.built_in.iter().map(|(name, _)| (*name).to_owned()).collect();
        let files = self.dir.iter().filter_map(|dir| std::fs::read_dir(dir.join(self.folder)).ok()).flatten();
        let paths = files.filter_map(Result::ok).map(|file| file.path());
        let yaml = paths.filter(|path| path.extension().is_some_and(|extension| extension == "yaml"));
        names.extend(yaml.filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned())));
        names.sort();
        names.dedup();
        names
    }

    /// Whether there is a file called `name`.
    pub fn has(&self, name: &str) -> bool {
        self.find(name, None).is_some()
    }

    /// What to say about a name that is not there: a sentence and a hint.
    pub fn unknown(&self, name: &str) -> (String, String) {
        let names = self.names();
        let hint = did_you_mean(name, names.iter().map(String::as_str));
        let hint = hint.unwrap_or_else(|| format!("there are {}", names.join(", ")));
        (format!("there is no {} called `{name}`", self.what), hint)
    }

    /// The file `name` after everything that it inherits, farthest first.
    ///
    /// A file that is no YAML at all is replaced by the built-in one of its name, or by the default.
    pub fn open(&self, name: &str) -> Vec<Sheet> {
        let mut reading = Reading { shelf: self, open: Vec::new(), done: Vec::new(), sheets: Vec::new() };
        reading.read(&self.find(name, None).unwrap_or(Id { users: false, name: DEFAULT.to_owned() }));
        reading.sheets
    }

    /// Which file `name` is, seen from the file `from`: a built-in file sees only built-in ones, and a user's file
    /// that names itself means the built-in one that it replaces.
    fn find(&self, name: &str, from: Option<&Id>) -> Option<Id> {
        let users = from.is_none_or(|from| from.users && from.name != name);
        if users && self.path(name).is_some_and(|path| path.exists()) {
            return Some(Id { users: true, name: name.to_owned() });
        }
        self.built_in(name).map(|_| Id { users: false, name: name.to_owned() })
    }

    fn built_in(&self, name: &str) -> Option<&'static str> {
        self.built_in.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
    }

    /// Where the user's file `name` is; names are not paths.
    fn path(&self, name: &str) -> Option<PathBuf> {
        let plain = !name.is_empty() && !name.contains(['/', '\\', '\0']);
        self.dir.as_ref().filter(|_| plain).map(|dir| dir.join(self.folder).join(format!("{name}.yaml")))
    }

    /// The tree of a file, if it is readable YAML, and its report.
    fn load(&self, id: &Id) -> (Report, Option<Node>) {
        if let Some(path) = self.path(&id.name).filter(|_| id.users) {
            return load(&path);
        }
        let mut report = Report::new(&format!("built-in {}/{}.yaml", self.folder, id.name));
        let node = self.built_in(&id.name).and_then(|text| parse(text, &mut report));
        (report, node)
    }
}

/// Reads the file at `path`; without a tree, the report says why.
pub fn load(path: &Path) -> (Report, Option<Node>) {
    let mut report = Report::new(&path.display().to_string());
    let node = match std::fs::read(path) {
        Ok(bytes) => utf8(bytes, &mut report).and_then(|text| parse(&text, &mut report)),
        Err(error) if error.kind() == ErrorKind::NotFound => Some(Node::default()),
        Err(error) => {
            report.say(At::default(), &format!("it cannot be read: {error}"), None);
            None
        }
    };
    (report, node)
}

fn utf8(bytes: Vec<u8>, report: &mut Report) -> Option<String> {
    let error = match String::from_utf8(bytes) {
        Ok(text) => return Some(text),
        Err(error) => error,
    };
    let good = String::from_utf8_lossy(error.as_bytes().get(..error.utf8_error().valid_up_to())?).into_owned();
    let at = At { line: good.matches('\n').count() + 1, column: good.rsplit('\n').next()?.chars().count() + 1 };
    report.say(at, "this is not UTF-8 text", Some("save the file as UTF-8".to_owned()));
    None
}

/// One walk over what a file inherits.
struct Reading<'a> {
    shelf: &'a Shelf,
    /// The files that are being read, outermost first.
    open: Vec<Id>,
    /// The files that were read.
    done: Vec<Id>,
    sheets: Vec<Sheet>,
}

impl Reading<'_> {
    fn read(&mut self, id: &Id) {
        let (mut report, node) = self.shelf.load(id);
        let Some(node) = node else {
            self.replace(id, report);
            return;
        };
        let mut entries = entries(node, &mut report);
        let inherits = entries.iter().position(|entry| entry.name == "inherits").map(|place| entries.remove(place));
        self.open.push(id.clone());
        let parents = parents(inherits, &mut report);
        for (name, at) in &parents {
            self.inherit(name, *at, &mut report);
        }
        if !parents.is_empty() && self.sheets.is_empty() {
            self.read_default();
        }
        self.open.pop();
        self.done.push(id.clone());
        self.sheets.push(Sheet { entries, report });
    }

    /// Reads what stands in for the broken file `id`.
    fn replace(&mut self, id: &Id, report: Report) {
        self.sheets.push(Sheet { entries: Vec::new(), report });
        let find = |name| self.shelf.find(name, Some(id)).filter(|other| !other.users && other != id);
        if let Some(other) = find(&id.name).or_else(|| find(DEFAULT)) {
            self.read(&other);
        }
    }

    /// Reads the built-in default, for a file that inherits nothing that is there: without it, no key could quit.
    fn read_default(&mut self) {
        let id = Id { users: false, name: DEFAULT.to_owned() };
        if !self.open.contains(&id) && self.shelf.built_in(DEFAULT).is_some() {
            self.read(&id);
        }
    }

    fn inherit(&mut self, name: &str, at: At, report: &mut Report) {
        let Some(id) = self.shelf.find(name, self.open.last()) else {
            let (sentence, hint) = self.shelf.unknown(name);
            report.say(at, &sentence, Some(hint));
            return;
        };
        if self.open.contains(&id) {
            let path = self.open.iter().map(|open| open.name.as_str()).chain([name]);
            let path = path.collect::<Vec<_>>().join(" → ");
            let hint = "take one of these `inherits` lines out".to_owned();
            report.say(at, &format!("this {} inherits itself: {path}", self.shelf.what), Some(hint));
        } else if !self.done.contains(&id) {
            self.read(&id);
        }
    }
}

/// The names that a file inherits: one, a list, or the default when it says nothing.
fn parents(inherits: Option<Entry>, report: &mut Report) -> Vec<(String, At)> {
    match inherits {
        None => vec![(DEFAULT.to_owned(), At::default())],
        Some(entry) if entry.node.value == Value::Empty => {
            report.say(entry.at, "`inherits` is empty", Some("write `inherits: []` to begin from nothing".to_owned()));
            vec![(DEFAULT.to_owned(), entry.at)]
        }
        Some(entry) => texts(&entry, report),
    }
}
