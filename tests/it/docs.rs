//! The documents: tables in them are made from the code, and what they say is tried.
//!
//! `RUTTER_UPDATE=1 cargo test docs` writes the tables anew.

mod claims;
mod markdown;
mod tables;

use super::house::source::{files_of, read, root};
use std::env;
use std::fs;

/// A table: its name, and what it is made by.
type Table = (&'static str, fn() -> String);

/// Every table that documents may hold.
const TABLES: &[Table] = &[
    ("commands", tables::commands),
    ("themes", tables::themes),
    ("roles", tables::roles),
    ("key maps", tables::key_maps),
    ("sections", tables::sections),
    ("requests", tables::requests),
    ("folders", tables::folders),
    ("kinds", tables::kinds),
    ("columns", tables::columns),
    ("keys: all", || tables::keys("all")),
    ("keys: list", || tables::keys("list")),
    ("keys: text", || tables::keys("text")),
    ("keys: logs", || tables::keys("logs")),
    ("keys: help", || tables::keys("help")),
    ("keys: prompt", || tables::keys("prompt")),
    ("keys: k9s", || tables::differences("k9s")),
    ("keys: vim", || tables::differences("vim")),
    ("keys: emacs", || tables::differences("emacs")),
];

/// The documents that are checked.
fn documents() -> Vec<String> {
    files_of("docs", "md").into_iter().chain(["README.md", "tests/cluster/README.md"].map(str::to_owned)).collect()
}

/// The table called `name`.
fn table(name: &str) -> Option<String> {
    TABLES.iter().find(|(known, _)| *known == name).map(|(_, table)| table())
}

/// Fails with what differs, or writes `new` when `RUTTER_UPDATE` asks for it.
fn keep(path: &str, old: &str, new: &str) {
    if old == new {
        return;
    }
    if env::var_os("RUTTER_UPDATE").is_some() {
        fs::write(root().join(path), new).expect("a file that can be written");
        return;
    }
    panic!("{path} is out of date; RUTTER_UPDATE=1 cargo test docs writes it:\n{}", markdown::difference(old, new));
}

#[test]
fn the_tables_are_those_of_the_code() {
    let mut used = Vec::new();
    for path in documents() {
        let old = read(&path);
        let new = markdown::filled(&old, |name| {
            used.push(name.to_owned());
            table(name)
        });
        keep(&path, &old, &new.unwrap_or_else(|name| panic!("{path}: there is no table called `{name}`")));
    }
    for (name, _) in TABLES {
        assert_eq!(
            used.iter().filter(|used| used == name).count(),
            1,
            "the table `{name}` should stand in one document"
        );
    }
}

/// The map of the house stands in `docs/architecture.md` for readers and in `src/lib.rs` for those who work.
#[test]
fn the_map_of_the_house_is_the_same_in_the_code() {
    let document = markdown::filled(&read("docs/architecture.md"), table).expect("tables");
    let map = markdown::between(&document, "<!-- map -->\n", "<!-- end of map -->").expect("a map");
    let mut lines: Vec<&str> = map.trim().lines().filter(|line| !line.starts_with("<!--")).collect();
    lines.dedup_by(|line, before| line.is_empty() && before.is_empty());
    let comment: Vec<String> = lines.iter().map(|line| format!("//! {line}").trim_end().to_owned()).collect();
    let old = read("src/lib.rs");
    let first = old.lines().next().expect("a first line");
    let code: Vec<&str> = old.lines().filter(|line| !line.starts_with("//!") && !line.is_empty()).collect();
    let new = format!("{first}\n//!\n{}\n\n{}\n", comment.join("\n"), code.join("\n"));
    keep("src/lib.rs", &old, &new);
}
