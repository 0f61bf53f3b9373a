//! The tables of the documents, made from the records that the program itself reads.

use super::super::house::{GROUPS, PROMPT, RULES};
use super::super::real::requests::records;
use super::markdown::{code, plain, table};
use rutter::commands;
use rutter::config::keymap::{self, SECTIONS};
use rutter::config::role::RECORDS;
use rutter::config::{Binding, Keymap, theme};
use rutter::kinds::{self, AnyKind, Enter, Place};

/// `texts` as code, parted by commas.
fn codes<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    texts.into_iter().map(code).collect::<Vec<_>>().join(", ")
}

/// Every command.
pub fn commands() -> String {
    let map = Keymap::default();
    let bindings: Vec<&Binding> = SECTIONS.iter().filter(|s| !s.is_prompt()).flat_map(|s| map.on(s.name)).collect();
    let rows = commands::ALL.iter().map(|command| {
        let line = format!("{} {}", command.name, command.arguments);
        let mut keys: Vec<String> = Vec::new();
        for binding in bindings.iter().filter(|binding| binding.command == command.name) {
            if !keys.contains(&binding.shown()) {
                keys.push(binding.shown());
            }
        }
        vec![
            code(line.trim()),
            codes(command.aliases.iter().copied()),
            codes(keys.iter().map(String::as_str)),
            plain(command.help),
        ]
    });
    table(&["Command", "Also", "Keys", "What it does"], rows)
}

/// What a command line does, in words.
fn meaning(line: &str, typing: bool) -> String {
    let first = line.split(' ').next().unwrap_or_default();
    let in_prompt = PROMPT.iter().find(|(word, _)| typing && *word == line);
    match (in_prompt, commands::find(first), kinds::find(first)) {
        (Some((_, help)), ..) => plain(help),
        (None, Some(command), _) => plain(command.help),
        (None, None, Some(kind)) => format!("go to the {}", kind.names().plural),
        (None, None, None) => "not there yet".to_owned(),
    }
}

/// What stands in one section of the default key map.
pub fn keys(section: &'static str) -> String {
    let map = Keymap::default();
    let typing = SECTIONS.iter().any(|known| known.name == section && known.is_prompt());
    let mut rows: Vec<(String, Vec<String>)> = Vec::new();
    for binding in map.on(section).iter().filter(|binding| binding.section == section) {
        match rows.iter_mut().find(|(command, _)| *command == binding.command) {
            Some((_, keys)) => keys.push(binding.shown()),
            None => rows.push((binding.command.clone(), vec![binding.shown()])),
        }
    }
    let rows = rows
        .into_iter()
        .map(|(command, keys)| vec![codes(keys.iter().map(String::as_str)), code(&command), meaning(&command, typing)]);
    table(&["Keys", "Runs", "What it does"], rows)
}

/// What the built-in key map `name` changes.
pub fn differences(name: &str) -> String {
    let (other, usual) = (Keymap::load(None, name).0, Keymap::default());
    let mut rows = Vec::new();
    for section in SECTIONS {
        let at = |map: &Keymap, keys: &str| {
            let found = map.on(section.name).iter().find(|binding| binding.shown() == keys);
            found.map(|binding| code(&binding.command)).unwrap_or_default()
        };
        let own = |binding: &&Binding| binding.section == section.name;
        let mut keys: Vec<String> = other.on(section.name).iter().filter(own).map(Binding::shown).collect();
        let gone = usual.on(section.name).iter().filter(own).map(Binding::shown);
        keys.extend(gone.filter(|gone| !other.on(section.name).iter().any(|binding| binding.shown() == *gone)));
        keys.retain(|keys| at(&other, keys) != at(&usual, keys));
        rows.extend(
            keys.iter().map(|keys| vec![section.name.to_owned(), code(keys), at(&other, keys), at(&usual, keys)]),
        );
    }
    table(&["Where", "Key", "Runs", "By default"], rows)
}

/// Every kind.
pub fn kinds() -> String {
    let rows = kinds::ALL.iter().map(|kind| {
        let names = kind.names();
        let version = format!("{}/{}", names.group, names.version);
        let is_part = names != kind.resource();
        let api = if is_part { format!("part of {}", kind.resource().plural) } else { code(version.trim_matches('/')) };
        let scope = if names.namespaced { "namespace" } else { "cluster" };
        vec![code(names.plural), codes(names.short.iter().copied()), code(&api), scope.to_owned(), leads_to(*kind)]
    });
    table(&["Kind", "Short", "API", "Lives in", "`enter` leads to"], rows)
}

/// Where Enter leads, in words.
fn leads_to(kind: &dyn AnyKind) -> String {
    match kind.enter() {
        Enter::Yaml => "its YAML".to_owned(),
        Enter::PodsInside => "the pods in it".to_owned(),
        Enter::PodsOn => "the pods on it".to_owned(),
        Enter::Owned => format!("its {}", kind.owned().unwrap_or("own objects")),
        Enter::PodsSelected => "the pods that it selects".to_owned(),
        Enter::Containers => "its containers".to_owned(),
        Enter::About => "the object that it is about".to_owned(),
        Enter::Logs => "its logs".to_owned(),
        Enter::Objects => "the objects of that kind".to_owned(),
    }
}

/// The columns of every kind.
pub fn columns() -> String {
    let rows = kinds::ALL.iter().map(|kind| {
        let headings = kind.headings();
        let shown = |places: &[Place]| {
            let names = headings.iter().filter(|heading| places.contains(&heading.place)).map(|heading| &*heading.name);
            names.collect::<Vec<_>>().join(", ")
        };
        vec![code(kind.names().plural), shown(&[Place::Always, Place::Narrow]), shown(&[Place::Wide])]
    });
    table(&["Kind", "Columns", "More of them with `w` and `-o wide`"], rows)
}

/// Every role.
pub fn roles() -> String {
    table(&["Role", "What wears it"], RECORDS.iter().map(|record| vec![code(record.name), plain(record.help)]))
}

/// Name, and the comment that its file begins with.
fn built_in(files: &[(&str, &str)]) -> String {
    let rows = files.iter().map(|(name, text)| {
        let comment = text.lines().map_while(|line| line.strip_prefix("# ")).collect::<Vec<_>>().join(" ");
        let sentence = comment.split_once(". ").map_or(comment.as_str(), |(first, _)| first);
        vec![code(name), sentence.trim_end_matches('.').to_owned()]
    });
    table(&["Name", "What it is"], rows)
}

/// The themes that come with the program.
pub fn themes() -> String {
    built_in(theme::BUILT_IN)
}

/// The key maps that come with the program.
pub fn key_maps() -> String {
    built_in(keymap::BUILT_IN)
}

/// The sections of a key map.
pub fn sections() -> String {
    let rows = SECTIONS
        .iter()
        .map(|section| vec![code(section.name), plain(section.help), section.base.map(code).unwrap_or_default()]);
    table(&["Section", "Where its keys hold", "Takes over"], rows)
}

/// Who may use whom.
pub fn folders() -> String {
    let group = |names: &str| GROUPS.iter().find(|(group, _)| *group == names).map(|(_, name)| (*name).to_owned());
    let rows = RULES.iter().filter(|rule| rule.folder != "lib").map(|rule| {
        let crates = rule.crates.iter().map(|names| group(names).unwrap_or_else(|| code(names)));
        let ours = codes(rule.ours.split(' ').filter(|name| !name.is_empty()));
        let ours = if ours.is_empty() { "nothing".to_owned() } else { ours };
        vec![code(rule.folder), rule.what.to_owned(), ours, crates.collect::<Vec<_>>().join(", ")]
    });
    table(&["In `src/`", "What it is", "Of ours it may use", "Of others"], rows)
}

/// What kubectl is told, and in what rutter's requests for the same differ.
pub fn requests() -> String {
    let rows = records().map(|(line, differences)| {
        let reasons: Vec<String> = differences.iter().map(|difference| plain(difference.reason)).collect();
        vec![code(&line.replace("theirs", "NAME")), reasons.join("; ")]
    });
    table(&["kubectl", "What rutter sends differs in this"], rows)
}
