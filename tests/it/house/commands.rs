//! What commands, kinds, key maps and themes must agree on.

use super::settle;
use rutter::commands::{self, ALL};
use rutter::config::{Keymap, Theme, keymap, theme};
use rutter::kinds;
use std::collections::BTreeMap;

/// What a prompt does by itself, in the sections where one types.
pub const PROMPT: &[(&str, &str)] = &[
    ("enter", "take what was typed or chosen"),
    ("back", "leave without it"),
    ("complete", "complete what was typed"),
    ("down", "the next offer"),
    ("up", "the offer before"),
    ("page-down", "a page of offers down"),
    ("page-up", "a page of offers up"),
];

/// Names that a command takes from a kind, and why.
const MEANT: &[(&str, &str)] =
    &[("namespace", "with a name it goes there, without one it opens the list, as in k9s"), ("ns", "as namespace")];

#[test]
fn each_name_is_one_command() {
    let mut owners: BTreeMap<&str, &str> = BTreeMap::new();
    for command in ALL {
        for name in command.aliases.iter().chain([&command.name]) {
            let before = owners.insert(name, command.name);
            assert_eq!(before, None, "`{name}` means `{}` as well", command.name);
            assert!(!name.is_empty() && !name.contains(' '), "`{name}` cannot be typed as one word");
        }
        assert!(!command.help.is_empty(), "`{}` does not say what it does", command.name);
    }
}

#[test]
fn commands_do_not_hide_kinds() {
    let names = ALL.iter().flat_map(|command| command.aliases.iter().chain([&command.name]));
    let hides = names.filter(|name| kinds::find(name).is_some() && !MEANT.iter().any(|(meant, _)| meant == *name));
    let breaches: Vec<String> =
        hides.map(|name| format!("{name}: `:{name}` no longer goes to the kind of this name")).collect();
    settle("command", &breaches);
}

#[test]
fn each_name_is_one_kind() {
    let mut owners: BTreeMap<String, &str> = BTreeMap::new();
    for kind in kinds::ALL {
        let names = kind.names();
        // The kind itself may be called like its plural (`Endpoints`).
        let mut own: Vec<String> =
            [names.plural, names.kind].iter().chain(names.short).map(|n| n.to_lowercase()).collect();
        own.dedup();
        for name in own {
            assert_eq!(owners.insert(name.clone(), names.plural), None, "`{name}` means `{}` as well", names.plural);
        }
    }
}

#[test]
fn every_key_runs_something_that_there_is() {
    let mut breaches = Vec::new();
    for (name, _) in keymap::BUILT_IN {
        let (map, problems) = Keymap::load(None, name);
        assert_eq!(problems, [], "{name}");
        for section in keymap::SECTIONS {
            for binding in map.on(section.name).iter().filter(|binding| binding.section == section.name) {
                let first = binding.command.split(' ').next().unwrap_or_default();
                let exists = if section.is_prompt() {
                    PROMPT.iter().any(|(word, _)| *word == binding.command)
                } else {
                    commands::find(first).is_some() || kinds::find(first).is_some()
                };
                if !exists {
                    breaches.push(format!(
                        "{first}: keymaps/{name}.yaml binds {} in {}, and there is no such command",
                        binding.shown(),
                        section.name
                    ));
                }
            }
        }
    }
    breaches.sort();
    breaches.dedup();
    settle("key", &breaches);
}

#[test]
fn every_theme_loads() {
    for (name, _) in theme::BUILT_IN {
        assert_eq!(Theme::load(None, name).1, [], "{name}");
    }
}
