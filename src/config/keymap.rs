//! `Keymap`: which keys run which command lines on which screen, read from `keymaps/NAME.yaml`.

use super::expect::all_entries;
use super::key::{Key, show};
use super::problem::{Problem, Report, did_you_mean};
use super::shelf::{DEFAULT, Shelf};
use super::tree::{At, Entry, Value};
use std::path::Path;

/// The key maps that come with the program.
pub static BUILT_IN: &[(&str, &str)] = &[
    ("default", include_str!("../../keymaps/default.yaml")),
    ("emacs", include_str!("../../keymaps/emacs.yaml")),
    ("k9s", include_str!("../../keymaps/k9s.yaml")),
    ("vim", include_str!("../../keymaps/vim.yaml")),
];

/// The command line that unbinds.
const NONE: &str = "none";

/// A sort of screen, as a section of a key map.
#[derive(Debug, Clone, Copy)]
pub struct Section {
    /// Its name in key maps.
    pub name: &'static str,
    /// The section whose keys hold there too, unless this one says otherwise.
    pub base: Option<&'static str>,
    /// Whether one types text there: digits are then no counts.
    pub typing: bool,
    /// Where it holds.
    pub help: &'static str,
}

/// Every section.
pub static SECTIONS: &[Section] = &[
    section("all", None, false, "everywhere but where one types"),
    section("list", Some("all"), false, "tables of objects"),
    section("text", Some("all"), false, "texts: YAML, describe, messages"),
    section("answer", Some("text"), false, "answers: describe, whoami"),
    section("yaml", Some("text"), false, "an object as YAML or JSON, beside the keys of texts"),
    section("explain", Some("text"), false, "the fields of a kind, beside the keys of texts"),
    section("logs", Some("text"), false, "logs, beside the keys of texts"),
    section("drain", Some("all"), false, "the plan of a drain, and the drain itself"),
    section("rollout", Some("all"), false, "the rollout of a workload"),
    section("revisions", Some("all"), false, "the revisions of a workload"),
    section("forwards", Some("all"), false, "the list of port-forwards"),
    section("columns", Some("all"), false, "the choice of columns"),
    section("help", Some("text"), false, "the help, beside the keys of texts"),
    section("editor", None, true, "the built-in editor"),
    section("prompt", None, true, "where one types"),
    section("filter", Some("prompt"), true, "the filter and the search, beside the keys of prompts"),
    section("palette", Some("prompt"), true, "the palette and other choices, beside the keys of prompts"),
];

impl Section {
    /// Whether it is about a prompt, whose keys say what the prompt shall do and are no commands.
    pub fn is_prompt(&self) -> bool {
        self.name == "prompt" || self.base == Some("prompt")
    }
}

const fn section(name: &'static str, base: Option<&'static str>, typing: bool, help: &'static str) -> Section {
    Section { name, base, typing, help }
}

/// The section called `name`; a screen that has none of its own takes `all`.
pub fn section_of(name: &str) -> Option<&'static Section> {
    SECTIONS.iter().find(|section| section.name == name).or_else(|| SECTIONS.first())
}

/// A key or several in a row, and the command line that they run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binding {
    /// The keys, one after the other.
    pub keys: Vec<Key>,
    /// The command line, as it could be typed in the palette.
    pub command: String,
    /// The section that it stands in.
    pub section: &'static str,
}

impl Binding {
    /// The keys as one writes them: `g g`.
    pub fn shown(&self) -> String {
        show(&self.keys)
    }

    /// Whether it stands there only to take away what is inherited.
    fn unbinds(&self) -> bool {
        self.command == NONE
    }

    /// Whether one of them begins with the other, so that only one of them could ever be pressed.
    fn clashes(&self, other: &[Key]) -> bool {
        self.keys.starts_with(other) || other.starts_with(&self.keys)
    }
}

/// What the keys do, by screen.
///
/// A screen has some hundred bindings, so they are a list in the order of the file, which is the order of the help
/// as well. No binding begins with another one, so the list can be walked as a trie: a node is a beginning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keymap {
    /// For each of [`SECTIONS`], what holds there, with what it takes from its base.
    screens: Vec<Vec<Binding>>,
}

impl Default for Keymap {
    /// The built-in default.
    fn default() -> Self {
        Self::load(None, DEFAULT).0
    }
}

/// The key maps of the user's directory and the built-in ones.
pub fn shelf(dir: Option<&Path>) -> Shelf {
    Shelf { what: "key map", folder: "keymaps", built_in: BUILT_IN, dir: dir.map(Path::to_path_buf) }
}

impl Keymap {
    /// The key map `name` of the user's directory `dir` or of the built-in ones, and what is wrong in its files.
    pub fn load(dir: Option<&Path>, name: &str) -> (Self, Vec<Problem>) {
        let mut own = Vec::new();
        let mut problems = Vec::new();
        for sheet in shelf(dir).open(name) {
            let mut page = Page { report: sheet.report, lines: Vec::new() };
            page.read(sheet.entries);
            page.lines.into_iter().for_each(|line| bind(&mut own, line.binding, |a, b| a.section == b.section));
            problems.append(&mut page.report.problems);
        }
        let screens = SECTIONS.iter().map(|section| merged(&own, section)).collect();
        (Self { screens }, problems)
    }

    /// What holds on `screen`, in the order of the files.
    pub fn on(&self, screen: &str) -> &[Binding] {
        let place = SECTIONS.iter().position(|section| section.name == screen).unwrap_or_default();
        self.screens.get(place).map_or(&[], Vec::as_slice)
    }
}

/// What holds in `section`: its base's bindings under its own.
fn merged(own: &[Binding], section: &Section) -> Vec<Binding> {
    let mut path = vec![section];
    while let Some(base) = path.last().and_then(|section| section_of(section.base?)) {
        path.push(base);
    }
    let mut bindings = Vec::new();
    for section in path.iter().rev() {
        let here = own.iter().filter(|binding| binding.section == section.name);
        here.for_each(|binding| bind(&mut bindings, binding.clone(), |_, _| true));
    }
    bindings.retain(|binding| !binding.unbinds());
    bindings
}

/// Puts `new` in the place of everything that it would hide or be hidden by among those that are its `rival`s.
fn bind(bindings: &mut Vec<Binding>, new: Binding, rival: fn(&Binding, &Binding) -> bool) {
    let hidden = |old: &Binding| rival(old, &new) && old.clashes(&new.keys);
    let place = bindings.iter().position(hidden).unwrap_or(bindings.len());
    bindings.retain(|old| !hidden(old));
    bindings.insert(place.min(bindings.len()), new);
}

/// One file while it is read.
struct Page {
    report: Report,
    lines: Vec<Line>,
}

struct Line {
    binding: Binding,
    at: At,
}

impl Page {
    fn read(&mut self, entries: Vec<Entry>) {
        for entry in entries {
            let Some(section) = SECTIONS.iter().find(|section| section.name == entry.name) else {
                self.unknown_section(&entry);
                continue;
            };
            for line in all_entries(entry.node, &mut self.report) {
                self.read_line(section, &line);
            }
        }
    }

    fn unknown_section(&mut self, entry: &Entry) {
        let known = SECTIONS.iter().map(|section| section.name);
        let hint = did_you_mean(&entry.name, known.clone().chain(["inherits"]));
        let hint = hint.unwrap_or_else(|| format!("there are {}", known.collect::<Vec<_>>().join(", ")));
        self.report.say(entry.at, &format!("there is no screen called `{}`", entry.name), Some(hint));
    }

    /// Reads a line: keys or sequences of keys, parted by commas, and a command line.
    fn read_line(&mut self, section: &'static Section, line: &Entry) {
        let Some(command) = self.command(line) else { return };
        let alone = line.name.trim() == ",";
        for written in line.name.split(',').take(if alone { 1 } else { usize::MAX }) {
            let words = if alone { "comma" } else { written }.split_whitespace().map(Key::parse);
            match words.collect::<Result<Vec<Key>, _>>() {
                Ok(keys) if keys.is_empty() => {
                    let hint = "write the comma as `comma`, and signs in quotes, as in \"*\"".to_owned();
                    self.report.say(line.at, &format!("a key is missing in `{}`", line.name), Some(hint));
                }
                Ok(keys) => self.add(Binding { keys, command: command.clone(), section: section.name }, line.at),
                Err(no) => self.report.say(line.at, &no.sentence, Some(no.hint)),
            }
        }
    }

    /// The command line of a line.
    fn command(&mut self, line: &Entry) -> Option<String> {
        match &line.node.value {
            Value::Text(text) if !text.trim().is_empty() => return Some(text.trim().to_owned()),
            Value::Text(_) | Value::Empty => {
                let hint = format!("write {NONE} to unbind it");
                self.report.say(line.at, &format!("`{}` has no command", line.name), Some(hint));
            }
            _ => {
                let hint = "a line is `key: command line`; several keys are parted by commas: `j, down: down`";
                self.report.say(line.node.at, &format!("`{}` takes a command line", line.name), Some(hint.to_owned()));
            }
        }
        None
    }

    fn add(&mut self, binding: Binding, at: At) {
        // `g: none` and after it `g g: top` is a way to say that only this one is wanted.
        let rival = |line: &&Line| {
            let old = &line.binding;
            let cleared = old.unbinds() && old.keys.len() < binding.keys.len();
            old.section == binding.section && !cleared && old.clashes(&binding.keys)
        };
        let Some(first) = self.lines.iter().find(rival) else {
            self.lines.push(Line { binding, at });
            return;
        };
        let (old, new) = (first.binding.shown(), binding.shown());
        let sentence = if old == new {
            format!("`{new}` is bound twice in `{}`", binding.section)
        } else if old.len() < new.len() {
            format!("`{new}` can never be pressed: `{old}` is bound too")
        } else {
            format!("`{new}` would hide `{old}`")
        };
        let hint = format!("the first is on line {}; only that one counts", first.at.line);
        self.report.say(at, &sentence, Some(hint));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn home(files: &[(&str, &str)]) -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join("keymaps")).unwrap();
        for (name, text) in files {
            std::fs::write(dir.path().join(format!("keymaps/{name}.yaml")), text).unwrap();
        }
        dir
    }

    fn load(files: &[(&str, &str)], name: &str) -> (Keymap, Vec<String>) {
        let dir = home(files);
        let (map, problems) = Keymap::load(Some(dir.path()), name);
        let prefix = format!("{}/keymaps/", dir.path().display());
        let shown = problems.iter().map(|p| format!("{p} ({})", p.hint.as_deref().unwrap_or("")).replace(&prefix, ""));
        (map, shown.collect())
    }

    fn lines(map: &Keymap, screen: &str) -> Vec<String> {
        map.on(screen).iter().map(|binding| format!("{}: {}", binding.shown(), binding.command)).collect()
    }

    #[test]
    fn every_built_in_key_map_is_without_problems() {
        for (name, _) in BUILT_IN {
            let (map, problems) = Keymap::load(None, name);
            assert_eq!(problems, [], "{name}");
            for section in SECTIONS {
                let bindings = map.on(section.name);
                assert!(!bindings.is_empty(), "{name} {}", section.name);
                for (place, binding) in bindings.iter().enumerate() {
                    let rival = bindings[place + 1..].iter().find(|other| other.clashes(&binding.keys));
                    assert_eq!(rival, None, "{name} {}: {}", section.name, binding.shown());
                }
            }
            let commands =
                |screen| -> Vec<&str> { map.on(screen).iter().map(|binding| binding.command.as_str()).collect() };
            for command in [
                "quit",
                "back",
                "palette",
                "filter",
                "help",
                "down",
                "up",
                "first-line",
                "last-line",
                "enter",
                "yaml",
                "logs",
                "sort",
            ] {
                assert!(commands("list").contains(&command), "{name} leaves no key for {command}");
            }
            assert!(commands("prompt").contains(&"back"), "{name}: one must be able to leave a prompt");
        }
    }

    #[test]
    fn sections_know_their_bases() {
        for section in SECTIONS {
            assert!(
                section.base.is_none_or(|base| SECTIONS.iter().any(|other| other.name == base)),
                "{}",
                section.name
            );
        }
        assert_eq!(section_of("nowhere").unwrap().name, "all");
    }

    #[test]
    fn nearer_sections_and_nearer_files_win_and_keep_the_place() {
        let base = "inherits: []\nall: { a: one, g g: top, g h: home, b: two }\nlist: { a: three }";
        let mine = "inherits: base\nall: { b: none, g: go }\nlogs: { 'a': none, 'x, y z': four }";
        let (map, problems) = load(&[("base", base), ("mine", mine)], "mine");
        assert_eq!(problems, [] as [String; 0]);
        assert_eq!(lines(&map, "all"), ["a: one", "g: go"]);
        assert_eq!(lines(&map, "list"), ["a: three", "g: go"]);
        assert_eq!(lines(&map, "logs"), ["g: go", "x: four", "y z: four"]);
        assert_eq!(lines(&map, "prompt"), [] as [String; 0]);
        assert_eq!(lines(&map, "nowhere"), lines(&map, "all"));
    }

    #[test]
    fn the_users_file_extends_the_default_unless_it_says_otherwise() {
        let (map, _) = load(&[("default", "all: { F: fly }")], "default");
        let own = lines(&map, "all");
        assert!(own.contains(&"F: fly".to_owned()) && own.contains(&"g g: first-line".to_owned()), "{own:?}");
        let (map, _) = load(&[("mine", "inherits: [vim, emacs]")], "mine");
        assert!(lines(&map, "list").contains(&"y y: copy-name".to_owned()));
        assert!(lines(&map, "list").contains(&"ctrl-n: down".to_owned()));
    }

    #[test]
    fn a_beginning_may_be_cleared_before_it_is_used() {
        let (map, problems) = load(&[("mine", "all: { g: none, g x: go }")], "mine");
        assert_eq!(problems, [] as [String; 0]);
        let with_g: Vec<String> = lines(&map, "all").into_iter().filter(|line| line.starts_with("g ")).collect();
        assert_eq!(with_g, ["g x: go"]);
    }

    #[test]
    fn each_mistake_has_its_sentence() {
        let cases = [
            ("lists: { a: b }", "1:1: there is no screen called `lists` (did you mean `list`?)"),
            (
                "pods: { a: b }",
                "1:1: there is no screen called `pods` (there are all, list, text, answer, yaml, explain, logs, drain, rollout, revisions, forwards, columns, help, editor, prompt, filter, palette)",
            ),
            ("all: down", "1:6: lines of the form `name: value` are expected here ()"),
            (
                "all:\n  ctlr-d: x",
                "2:3: there is no key called `ctlr-d` (keys are written as j, G, ?, ctrl-d, alt-x, shift-tab, enter, esc, space, pgdn, f1)",
            ),
            ("all:\n  ctrl-enetr: x", "2:3: there is no key called `ctrl-enetr` (did you mean `enter`?)"),
            (
                "all:\n  ctrl-m: x",
                "2:3: terminals cannot tell `ctrl-m` from `enter` (write `enter`, or choose another key)",
            ),
            ("all:\n  F: x\n  F: y", "3:3: `F` is bound twice in `all` (the first is on line 2; only that one counts)"),
            (
                "all:\n  F: x\n  a, shift-f: y",
                "3:3: `F` is bound twice in `all` (the first is on line 2; only that one counts)",
            ),
            (
                "all:\n  F: x\n  F F: y",
                "3:3: `F F` can never be pressed: `F` is bound too (the first is on line 2; only that one counts)",
            ),
            ("all:\n  F F: x\n  F: y", "3:3: `F` would hide `F F` (the first is on line 2; only that one counts)"),
            ("all:\n  F:", "2:3: `F` has no command (write none to unbind it)"),
            ("all:\n  F: ' '", "2:3: `F` has no command (write none to unbind it)"),
            (
                "all:\n  F: [a]",
                "2:6: `F` takes a command line (a line is `key: command line`; several keys are parted by commas: `j, down: down`)",
            ),
            (
                "all:\n  'F,': a",
                "2:3: a key is missing in `F,` (write the comma as `comma`, and signs in quotes, as in \"*\")",
            ),
            ("inherits: k8s", "1:11: there is no key map called `k8s` (did you mean `k9s`?)"),
        ];
        for (text, expected) in cases {
            let (map, problems) = load(&[("mine", text)], "mine");
            assert_eq!(problems, [format!("mine.yaml:{expected}")]);
            assert!(lines(&map, "all").contains(&"j: down".to_owned()), "the rest still applies: {text}");
        }
    }

    #[test]
    fn the_comma_is_a_key_too() {
        let (map, problems) = load(&[("mine", "inherits: []\nall: { ',': a, 'comma b': c, ', ': d }")], "mine");
        assert_eq!(lines(&map, "all"), ["comma: a"]);
        assert_eq!(problems.len(), 2, "{problems:?}");
    }

    proptest! {
        #[test]
        fn no_bytes_make_the_loader_panic(bytes in prop::collection::vec(any::<u8>(), 0..80), text in "(all|list|inherits)?[:{\\[]?[ \n][-a-g, :'\n{}\\[\\]]{0,30}") {
            let dir = home(&[("mine", &text)]);
            Keymap::load(Some(dir.path()), "mine");
            std::fs::write(dir.path().join("keymaps/mine.yaml"), &bytes).unwrap();
            let (map, problems) = Keymap::load(Some(dir.path()), "mine");
            if std::str::from_utf8(&bytes).is_err() {
                prop_assert_eq!(map, Keymap::default());
                prop_assert_eq!(problems.len(), 1);
            }
        }
    }
}
