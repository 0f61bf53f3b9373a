//! How far answers are: who knows only kubectl finds each in at most three keys from the object's row, with the keys that
//! come with rutter.

use super::session::Start;
use rutter::cluster::answers;
use rutter::commands::{self, Command};
use rutter::config::Keys;

/// The most keys to an answer.
const FAR: usize = 3;

/// What kubectl answers, and the command that does; questions are found by themselves.
const KUBECTL: &[(&str, &str)] = &[
    ("get -o yaml", "yaml"),
    ("get -o json", "json"),
    ("get --show-managed-fields", "managers"),
    ("get -o wide", "wide"),
    ("get -A", "all-namespaces"),
    ("apply view-last-applied", "last-applied"),
    ("diff", "drift"),
    ("logs", "logs"),
    ("logs --previous", "previous-logs"),
    ("logs --container", "choose-container"),
    ("logs --since", "since"),
    ("logs --tail", "tail"),
    ("logs --timestamps", "timestamps"),
    ("explain", "explain"),
    ("rollout status", "rollout-status"),
    ("rollout history", "rollout-history"),
    ("rollout history --revision", "compare"),
    ("api-resources", "api-resources"),
    ("api-versions", "api-versions"),
    ("config get-contexts", "contexts"),
    ("get namespaces", "choose-namespace"),
    ("get events", "events"),
    ("exec", "shell"),
    ("attach", "attach"),
    ("port-forward", "port-forward"),
];

/// Screens that a command opens from a row.
const OPENED: &[(&str, &str)] =
    &[("yaml", "yaml"), ("logs", "logs"), ("rollout-history", "revisions"), ("rollout-status", "rollout")];

/// The fewest keys that run `command` on this screen.
fn here(keys: &Keys, screen: &str, command: &str) -> Option<usize> {
    let bindings = keys.entries(screen).iter().filter(|binding| binding.command == command);
    bindings.map(|binding| binding.keys.len()).min()
}

/// The fewest keys that run `command` from a row, on the list or on a screen that is opened from it.
fn from_row(keys: &Keys, command: &str) -> Option<usize> {
    let beyond =
        OPENED.iter().filter_map(|(opens, screen)| Some(here(keys, "list", opens)? + here(keys, screen, command)?));
    beyond.chain(here(keys, "list", command)).min()
}

/// The questions that need no words.
fn questions() -> impl Iterator<Item = &'static Command> {
    commands::ALL.iter().copied().filter(|command| answers::find(command.name).is_some() && command.is_offered())
}

#[test]
fn every_answer_is_at_most_three_keys_away() {
    let keys = Keys::default();
    let wanted = KUBECTL.iter().copied().chain(questions().map(|command| (command.name, command.name)));
    let far: Vec<String> = wanted
        .filter(|(_, command)| from_row(&keys, command).is_none_or(|keys| keys > FAR))
        .map(|(kubectl, command)| format!("{kubectl}: {command} needs {:?} keys", from_row(&keys, command)))
        .collect();
    assert!(far.is_empty(), "{far:#?}");
    assert!(questions().count() > 10, "the questions are not found");
}

#[tokio::test(start_paused = true)]
async fn the_keys_lead_there() {
    let cases = [
        ("d", "describe of pod shop/"),
        ("y", "kind: Pod"),
        ("l", "logs of pod shop/"),
        ("E", "object-events of pod shop/"),
        ("T", "tree of pod shop/"),
        ("L", "related of pod shop/"),
        ("V", "volumes of pod shop/"),
        (".", "glance of pod shop/"),
        ("alt-e", "explain pods"),
        ("g t", "top pods -n shop"),
        ("g a", "can-i -n shop"),
        ("g w", "Username"),
        ("g i", "/readyz"),
        ("g h", "Helm"),
        ("g k", "SHORTNAMES"),
        ("g v", "apps/v1"),
        ("g e", "events("),
        ("@", "contexts"),
    ];
    for (keys, expected) in cases {
        let mut s = Start::at("pods -n shop").go().await;
        // What the list says as well, as a hint, would prove nothing.
        s.hides(expected).press(keys).await.shows(expected);
    }
}
