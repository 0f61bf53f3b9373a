//! What a reader of a file expects to stand somewhere, and what it says when something else stands there.

use super::problem::Report;
use super::tree::{At, Entry, Node, Value};

/// The entries of a map, each name once: of doubled names the first counts and the others are reported.
pub fn entries(node: Node, report: &mut Report) -> Vec<Entry> {
    let mut kept: Vec<Entry> = Vec::new();
    for entry in all_entries(node, report) {
        match kept.iter().find(|first| first.name == entry.name) {
            None => kept.push(entry),
            Some(first) => {
                let hint = format!("the first is on line {}; only that one counts", first.at.line);
                report.say(entry.at, &format!("`{}` stands here twice", entry.name), Some(hint));
            }
        }
    }
    kept
}

/// The entries of a map as they stand there, doubled ones too; nothing is an empty map.
pub fn all_entries(node: Node, report: &mut Report) -> Vec<Entry> {
    match node.value {
        Value::Map(entries) => entries,
        Value::Empty => Vec::new(),
        _ => {
            report.say(node.at, "lines of the form `name: value` are expected here", None);
            Vec::new()
        }
    }
}

/// The text of an entry.
pub fn text<'a>(entry: &'a Entry, report: &mut Report) -> Option<&'a str> {
    match &entry.node.value {
        Value::Text(text) => return Some(text),
        Value::Empty => report.say(entry.node.at, &format!("`{}` has no value", entry.name), None),
        _ => report.say(entry.node.at, &format!("`{}` takes one text, not a list or a map", entry.name), None),
    }
    None
}

/// The texts of an entry that takes one or a list of them, with their places.
pub fn texts(entry: &Entry, report: &mut Report) -> Vec<(String, At)> {
    let nodes = match &entry.node.value {
        Value::List(nodes) => nodes.as_slice(),
        _ => std::slice::from_ref(&entry.node),
    };
    let mut texts = Vec::new();
    for node in nodes {
        match &node.value {
            Value::Text(text) => texts.push((text.clone(), node.at)),
            _ => report.say(node.at, &format!("`{}` takes a text or a list of texts", entry.name), None),
        }
    }
    texts
}

/// The truth value of an entry.
pub fn boolean(entry: &Entry, report: &mut Report) -> Option<bool> {
    match text(entry, report)? {
        "true" => Some(true),
        "false" => Some(false),
        other => {
            let hint = "write true or false".to_owned();
            report.say(entry.node.at, &format!("`{}` is neither true nor false: `{other}`", entry.name), Some(hint));
            None
        }
    }
}
