//! The rules of the house, read from its sources: who may use whom, how long a file may be, what may not stand in one.
//!
//! A rule that is only written down does not hold. Where the code breaks one today, the breach stands in `DEBTS` with
//! its reason; a debt that is paid has to leave that list.

mod commands;
pub use commands::PROMPT;
pub mod source;

use source::{Source, files, files_of, read, sources};
use std::collections::{BTreeMap, BTreeSet};

/// What a folder of `src`, or a file that stands in no folder, may use.
pub struct Rule {
    /// Its name.
    pub folder: &'static str,
    /// What it is for.
    pub what: &'static str,
    /// The other folders that it may use.
    pub ours: &'static str,
    /// The crates that it may use, as groups of [`GROUPS`] or one by one; also the parts of `std` in [`OUTSIDE`].
    pub crates: &'static [&'static str],
    /// Why not more.
    pub why: &'static str,
}

/// Crates that only compute.
const PLAIN: &str = "base64 compact_str flate2 hashbrown jiff memchr regex serde serde_json similar thiserror unicode_segmentation unicode_width";
/// Crates that draw and read keys.
const SCREEN: &str = "crossterm nucleo_matcher ratatui rustix tui_textarea";
/// Crates that speak to servers, and the tasks that do so.
const NET: &str =
    "futures http http_body_util hyper hyper_util k8s_openapi kube tokio tokio_tungstenite tokio_util tower";
/// The parts of `std` that reach out of the process.
const OUTSIDE: &str = "std::env std::fs std::io std::net std::process std::thread";

/// Names for the groups, as the documents call them.
pub const GROUPS: &[(&str, &str)] =
    &[(PLAIN, "crates that only compute"), (SCREEN, "terminal"), (NET, "network"), (OUTSIDE, "files and processes")];

/// Who may use whom, one line each.
#[rustfmt::skip]
pub const RULES: &[Rule] = &[
    rule("kinds", "what things are: one file per kind, with columns, states and relations", "text", &[PLAIN, "k8s_openapi", "std::io"], "it only reads bytes into rows, so that it can be tested without a cluster or a screen"),
    rule("cluster", "everything that talks to an API server", "kinds text", &[PLAIN, NET, OUTSIDE, "rustix", "serde_yaml", "tempfile"], "it speaks in messages of its own and knows nothing of what shows them"),
    rule("model", "what is known now: stores, filter language, log buffers, notices", "kinds text", &[PLAIN], "it is plain data with one owner"),
    rule("ui", "draws the model: screens, prompts, bars", "config kinds model text", &[PLAIN, SCREEN, "std::io"], "it draws what it is given; commands and clusters come to it through app"),
    rule("commands", "verbs: one file per verb or small family", "cluster kinds model text ui", &[PLAIN], "it says what shall happen; app draws and waits"),
    rule("config", "files that people edit: key maps, themes, settings", "text", &[PLAIN, "serde_yaml", "ratatui", "crossterm", "std::fs", "std::io"], "it is read before anything else exists; of the screen it knows styles and keys"),
    rule("demo", "a cluster in memory that speaks the real API", "", &[PLAIN, NET, "std::io", "std::net"], "if it used our code, it could not find our mistakes"),
    rule("app", "the loop: wait for one thing, apply it, draw if something visible changed", "cluster commands config demo kinds model text ui", &[PLAIN, SCREEN, NET, OUTSIDE, "arboard", "tempfile"], "it is what main and tests start"),
    rule("explain", "`rutter explain`: what a kind or a field is, printed once", "app args cluster kinds model text", &[PLAIN, "std::io"], "it prints and draws nothing"),
    rule("get", "`rutter get`: lists and objects, printed as kubectl prints them", "app args cluster kinds model text", &[PLAIN, "tokio", "std::fs", "std::io"], "it prints and draws nothing"),
    rule("text", "text from outside, made safe to show", "", &[PLAIN], "everything may use it, so it uses nothing"),
    rule("args", "the command line", "", &["clap", "clap_complete", "std::net"], "it only describes what may be typed"),
    rule("main", "arguments, settings, connect or demo, run, print the last error", "app args cluster config demo explain get model text", &["clap", "clap_complete", "tokio", OUTSIDE], "it is thin: what it did itself could not be tested"),
    rule("lib", "the map of the house", "app args cluster commands config demo explain get kinds model text ui", &[], "it holds no code"),
];

const fn rule(
    folder: &'static str,
    what: &'static str,
    ours: &'static str,
    crates: &'static [&'static str],
    why: &'static str,
) -> Rule {
    Rule { folder, what, ours, crates, why }
}

/// The most lines that a file may have, those of its tests not counted.
const LONGEST: usize = 400;

/// What breaks a rule today: which rule, how the message begins, and what is to be done about it.
const DEBTS: &[(&str, &str, &str)] = &[];

/// What may not stand in code, and why.
const WORDS: &[(&str, &str)] = &[
    ("todo!", "unfinished work belongs into an issue"),
    ("unimplemented!", "unfinished work belongs into an issue"),
    ("dbg!", "it writes over the screen"),
    ("static mut", "one owner: send a message instead"),
];
/// What may not stand in code outside tests, and why.
const SHARED: &[(&str, &str)] = &[
    ("std::sync::Mutex", "one owner: send a message instead"),
    ("std::sync::RwLock", "one owner: send a message instead"),
    ("parking_lot", "one owner: send a message instead"),
    ("lazy_static", "a global that changes is a second owner"),
    ("thread_local", "a global that changes is a second owner"),
];
/// Types that make a `static` change after its start.
const CHANGING: &[&str] =
    &["Atomic", "Cell<", "Lazy<", "LazyLock", "Mutex", "OnceCell", "OnceLock", "RefCell", "RwLock"];

/// Fails with the breaches of `rule` that are no debts, and with its debts that are paid.
fn settle(rule: &str, breaches: &[String]) {
    let debts: Vec<&str> = DEBTS.iter().filter(|(of, ..)| *of == rule).map(|(_, begins, _)| *begins).collect();
    let new = breaches.iter().filter(|breach| !debts.iter().any(|debt| breach.starts_with(debt)));
    let new: Vec<String> = new.map(|breach| format!("  {breach}")).collect();
    assert!(new.is_empty(), "\n{}\n", new.join("\n"));
    let paid = debts.iter().filter(|debt| !breaches.iter().any(|breach| breach.starts_with(**debt)));
    let paid: Vec<&&str> = paid.collect();
    assert!(paid.is_empty(), "these debts are paid, take them out of DEBTS in tests/it/house.rs: {rule} {paid:?}");
}

fn rule_of(folder: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.folder == folder)
}

impl Rule {
    /// The crates and parts of `std` that it names, one by one.
    fn names(&self) -> impl Iterator<Item = &'static str> {
        self.crates.iter().flat_map(|names| names.split(' '))
    }

    /// Why `path` may not be used, if so.
    fn forbids(&self, path: &[String], crates: &BTreeSet<String>) -> Option<String> {
        let (first, second) = (path.first()?.as_str(), path.get(1).map_or("", String::as_str));
        let what = match first {
            "crate" | "rutter" => {
                let known = rule_of(second).filter(|rule| rule.folder != self.folder)?.folder;
                (!self.ours.split(' ').any(|name| name == known)).then(|| known.to_owned())
            }
            "std" => {
                let part = format!("std::{second}");
                let outside = OUTSIDE.split(' ').any(|name| name == part);
                (outside && !self.names().any(|name| name == part)).then_some(part)
            }
            name => (crates.contains(name) && !self.names().any(|known| known == name)).then(|| name.to_owned()),
        }?;
        Some(format!("{} may not use {what}: {}", self.folder, self.why))
    }
}

/// The crates that Cargo.toml names, as code calls them.
fn crates() -> BTreeSet<String> {
    let manifest = read("Cargo.toml");
    let sections = manifest.split("\n[").filter(|section| section.contains("dependencies]"));
    let names = sections.flat_map(str::lines).filter_map(|line| line.split_once(" = ")).map(|(name, _)| name.trim());
    names.map(|name| name.replace('-', "_")).collect()
}

#[test]
fn nobody_uses_what_the_rules_do_not_allow() {
    let crates = crates();
    let mut breaches = Vec::new();
    for source in sources() {
        let path = &source.path;
        let Some(rule) = rule_of(source.folder()) else {
            breaches.push(format!("{path}:1: there is no rule for {}: give it a line in RULES", source.folder()));
            continue;
        };
        for (line, used) in source.paths() {
            // Tests may use any crate, but the folders that they reach are those of the code beside them.
            let is_ours = used.first().is_some_and(|first| first == "crate" || first == "rutter");
            if is_ours || !source.test[line - 1] {
                breaches.extend(rule.forbids(&used, &crates).map(|why| format!("{path}:{line}: {why}")));
            }
        }
    }
    settle("uses", &breaches);
}

#[test]
fn the_rules_speak_of_what_there_is() {
    let crates = crates();
    let folders: BTreeSet<String> = sources().iter().map(|source| source.folder().to_owned()).collect();
    for rule in RULES {
        for name in rule.names().filter(|name| !OUTSIDE.split(' ').any(|part| part == *name)) {
            assert!(crates.contains(name), "{}: Cargo.toml has no {name}", rule.folder);
        }
        assert!(folders.contains(rule.folder), "there is no src/{} any more", rule.folder);
        for name in rule.ours.split(' ').filter(|name| !name.is_empty()) {
            assert!(rule_of(name).is_some(), "{}: nothing is called {name}", rule.folder);
        }
    }
}

/// Who may make the writer send something: the gate, and what it hands a confirmed order to.
const WRITERS: [&str; 4] =
    ["src/cluster/gate/", "src/cluster/drain/", "src/cluster/exec/visit.rs", "src/cluster/connect/"];

#[test]
fn nobody_writes_but_the_gate() {
    let mut breaches = Vec::new();
    for source in sources().into_iter().filter(|source| !WRITERS.iter().any(|path| source.path.starts_with(path))) {
        for (at, line) in source.code.lines().enumerate().filter(|(at, _)| !source.test[*at]) {
            let sends = ["writer.send(", "writer.exchange(", ".request_text(", "Api::<", "Api<"];
            breaches.extend(
                sends
                    .iter()
                    .filter(|word| line.contains(*word))
                    .map(|word| format!("{}:{}: {word}", source.path, at + 1)),
            );
        }
    }
    settle("writes", &breaches);
}

#[test]
fn no_two_folders_import_each_other() {
    let mut uses: BTreeMap<String, BTreeMap<String, String>> =
        RULES.iter().map(|rule| (rule.folder.to_owned(), BTreeMap::new())).collect();
    for source in sources() {
        for (line, path) in source.paths().into_iter().filter(|(_, path)| path[0] == "crate" || path[0] == "rutter") {
            let other = path.get(1).filter(|name| rule_of(name).is_some() && *name != source.folder());
            if let Some(other) = other {
                let from = uses.entry(source.folder().to_owned()).or_default();
                from.entry(other.clone()).or_insert_with(|| format!("{}:{line}", source.path));
            }
        }
    }
    // Whoever uses nothing that is left can be taken away; a circle cannot.
    while let Some(free) = uses.iter().find(|(_, used)| used.is_empty()).map(|(folder, _)| folder.clone()) {
        uses.remove(&free);
        for used in uses.values_mut() {
            used.remove(&free);
        }
    }
    assert!(uses.is_empty(), "these import each other: {uses:#?}");
}

#[test]
fn files_are_short() {
    let mut breaches = Vec::new();
    for source in sources() {
        let lines = source.test.iter().filter(|test| !**test).count();
        if lines > LONGEST {
            breaches.push(format!("{}: {lines} lines beside its tests, at most {LONGEST} are allowed", source.path));
        }
    }
    settle("length", &breaches);
}

#[test]
fn every_file_says_what_it_owns() {
    for path in ["src", "tests"].into_iter().flat_map(|folder| files_of(folder, "rs")) {
        let text = read(&path);
        let doc: Vec<&str> = text.lines().map_while(|line| line.strip_prefix("//! ")).collect();
        let sentence = doc.join(" ");
        assert!(
            sentence.split(' ').count() >= 2 && sentence.contains(['.', ':']),
            "{path}:1: it should begin with `//!` and a sentence that says what it owns"
        );
    }
}

#[test]
fn what_does_not_belong_into_code_is_not_there() {
    let mut breaches = Vec::new();
    for source in sources() {
        for (at, line) in source.code.lines().enumerate() {
            let shared = if source.test[at] { &[] } else { SHARED };
            for (word, why) in WORDS.iter().chain(shared).filter(|(word, _)| line.contains(word)) {
                breaches.push(format!("{}:{}: {word}: {why}", source.path, at + 1));
            }
        }
        breaches.extend(changing_statics(&source));
        let shared = |path: &[String]| SHARED.iter().find(|(word, _)| path.join("::").starts_with(word));
        for (line, path) in source.paths().into_iter().filter(|(line, _)| !source.test[line - 1]) {
            breaches.extend(shared(&path).map(|(word, why)| format!("{}:{line}: {word}: {why}", source.path)));
        }
    }
    settle("words", &breaches);
}

/// Statics whose value changes, outside tests.
fn changing_statics(source: &Source) -> Vec<String> {
    let lines = source.code.lines().zip(&source.test).enumerate();
    let statics = lines.filter_map(|(at, (line, test))| {
        let (_, after) =
            line.split_once("static ").filter(|(before, _)| before.trim().is_empty() || before.starts_with("pub"))?;
        let kind = after.split_once(':').map_or("", |(_, kind)| kind);
        (!test && CHANGING.iter().any(|word| kind.contains(word)))
            .then(|| format!("{}:{}: a static that changes is a second owner", source.path, at + 1))
    });
    statics.collect()
}

#[test]
fn nothing_is_left_undone_or_tied_to_a_machine() {
    // In two parts, or they would be found here.
    let marks = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X:"), concat!("#[", "ignore")];
    let folders = ["src", "tests", "docs", "themes", "keymaps", "screenshots", ".ci"].into_iter().flat_map(files);
    let texts = folders.chain(["README.md", "Cargo.toml", "clippy.toml", "rustfmt.toml"].map(str::to_owned));
    let mut breaches = Vec::new();
    for path in texts.filter(|path| !path.contains("/stored/") && !path.ends_with("go.sum")) {
        for (at, line) in read(&path).lines().enumerate() {
            let found =
                marks.into_iter().find(|mark| line.contains(mark)).map(str::to_owned).or_else(|| machine_path(line));
            breaches.extend(found.map(|what| format!("{path}:{}: {what} does not belong into the repository", at + 1)));
        }
    }
    settle("machine", &breaches);
}

/// A path in `line` that exists on one machine only: this folder, wherever it is, or what lies where people keep theirs.
/// `/home/me` is an example.
pub fn machine_path(line: &str) -> Option<String> {
    const HERE: &str = env!("CARGO_MANIFEST_DIR");
    if line.contains(HERE) {
        return Some(HERE.to_owned());
    }
    let is_example =
        |rest: &&str| rest.strip_prefix("/home/me").is_some_and(|more| !more.starts_with(char::is_alphanumeric));
    let begins = ["work", "root", "home", "Users"].map(|name| format!("/{name}/"));
    let outside = |at: usize| !line[..at].ends_with(|c: char| c.is_alphanumeric() || "~.-_*}".contains(c));
    let found = begins.iter().flat_map(|begin| line.match_indices(begin.as_str()));
    let found = found.filter(|(at, _)| outside(*at)).map(|(at, _)| &line[at..]);
    let path = found.filter(|rest| !is_example(rest)).map(|rest| rest.split([' ', '"', '`', ')']).next());
    path.flatten().next().map(str::to_owned)
}

#[test]
fn paths_of_a_machine_are_recognised() {
    assert_eq!(machine_path(concat!("a \"/ro", "ot/x\" b")).as_deref(), Some(concat!("/ro", "ot/x")));
    assert_eq!(machine_path(concat!("/home/me/.config, https://a.b/wo", "rk/x, ~/wo", "rk/y")), None);
    assert_eq!(machine_path(concat!("cd /ho", "me/melanie/x")).as_deref(), Some(concat!("/ho", "me/melanie/x")));
    assert!(machine_path(&format!("in {}", env!("CARGO_MANIFEST_DIR"))).is_some());
}
