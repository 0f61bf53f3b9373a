//! Key maps: every key that is bound does something that exists, and every help lists it.

use super::keys::event_of;
use super::session::Start;
use rutter::commands;
use rutter::config::keymap::{BUILT_IN, SECTIONS};
use rutter::config::{Keys, Press};
use std::collections::BTreeSet;

/// What a prompt understands; see the sections for typing.
const IN_PROMPTS: [&str; 7] = ["enter", "back", "complete", "down", "up", "page-down", "page-up"];

fn maps() -> impl Iterator<Item = (&'static str, Keys)> {
    BUILT_IN.iter().map(|(name, _)| {
        let (keys, problems) = Keys::load(None, name);
        assert_eq!(problems, [], "{name}");
        (*name, keys)
    })
}

#[test]
fn every_bound_command_exists() {
    let mut missing = BTreeSet::new();
    for (name, keys) in maps() {
        for section in SECTIONS {
            for binding in keys.entries(section.name) {
                let word = binding.command.split(' ').next().unwrap();
                if section.is_prompt() {
                    assert!(IN_PROMPTS.contains(&word), "{name}: {} in {}", binding.command, section.name);
                } else if commands::find(word).is_none() && !commands::is_place(&binding.command, |_| false) {
                    missing.insert(format!("{}: {word}", binding.section));
                }
            }
        }
    }
    assert_eq!(missing, BTreeSet::new(), "these are bound but do not exist");
}

#[test]
fn every_bound_key_can_be_pressed_and_runs_its_command() {
    for (name, mut keys) in maps() {
        for section in SECTIONS {
            for binding in keys.entries(section.name).to_vec() {
                let press = binding.keys.iter().map(|key| {
                    let event = event_of(*key).unwrap_or_else(|| panic!("{name}: no terminal sends {key}"));
                    keys.press(section.name, event)
                });
                let shown = binding.shown();
                assert_eq!(press.last(), Some(Press::Command(binding.command, None)), "{name}: {shown}");
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn the_help_lists_every_key_of_the_screen() {
    for (name, keys) in maps() {
        let bindings = keys.entries("list").to_vec();
        let help = bindings.iter().find(|binding| binding.command == "help").unwrap().shown();
        let start = Start { keys, ..Start::at("pods -A").size(120, 200) };
        let mut s = start.go().await;
        s.press(&help).await.shows(&format!("{0} of {0}", bindings.len()));
        let mut seen = s.screen();
        for _ in 0..bindings.len() {
            seen += &s.press("down").await.screen();
        }
        for binding in bindings {
            let line = format!("{:<12} {}", binding.shown(), binding.command);
            assert!(seen.contains(line.trim_end()), "{name}: `{line}` is not in the help");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn the_keys_of_other_fingers() {
    let keys = |name| Keys::load(None, name).0;
    let mut s = Start { keys: keys("emacs"), ..Start::at("pods -A") }.go().await;
    s.press("ctrl-n ctrl-n")
        .await
        .on("webhook")
        .press("ctrl-p")
        .await
        .on("cfrfnsfcsz")
        .press("alt->")
        .await
        .on("zwbv8");
    s.press("ctrl-s")
        .await
        .type_in("kafka")
        .await
        .press("enter")
        .await
        .shows("3 of 75")
        .press("ctrl-x k")
        .await
        .shows("pods(all) 75");
    let mut s = Start { keys: keys("k9s"), ..Start::at("pods -A") }.go().await;
    s.press("G").await.on("zwbv8").press("g").await.on("cainjector").press("A").await.shows("AGE↑");
    s.press("ctrl-w").await.shows("NOMINATED NODE");
    let mut s = Start { keys: keys("vim"), ..Start::at("pods -A") }.go().await;
    s.press("enter ctrl-o").await.shows("pods(all)").press("Z Z").await;
    assert_eq!(s.effects(), [commands::Effect::Quit]);
}

#[tokio::test(start_paused = true)]
async fn the_hints_show_keys_that_work() {
    for (name, keys) in maps() {
        let mut s = Start { keys, ..Start::at("pods -A") }.go().await;
        assert!(s.foot().contains("keys"), "{name}: {}", s.foot());
        s.press("j").await.on("cfrfnsfcsz");
    }
}
