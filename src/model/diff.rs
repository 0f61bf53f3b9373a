//! The difference of two states of an object, as lines of its YAML. What a Secret holds stays masked.

use super::document::{Document, Options, mask_changed};
use serde_json::Value;
use similar::{ChangeTag, DiffTag, TextDiff};
use std::time::Duration;

/// Unchanged lines that are shown around what changed.
const CONTEXT: usize = 3;
/// Time after which a difference is taken as found, if not the shortest.
const LIMIT: Duration = Duration::from_millis(100);

/// A line of a difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DiffLine {
    /// The same on both sides.
    Same(String),
    /// Only in the first.
    Removed(String),
    /// Only in the second.
    Added(String),
    /// Lines that are the same were left out here.
    Gap,
}

impl DiffLine {
    /// The line with its sign.
    pub fn text(&self) -> String {
        match self {
            Self::Same(line) => format!("  {line}"),
            Self::Removed(line) => format!("- {line}"),
            Self::Added(line) => format!("+ {line}"),
            Self::Gap => "  …".to_owned(),
        }
    }
}

/// The difference of two objects; either may be null.
pub fn of_objects(before: &Value, after: &Value) -> Vec<DiffLine> {
    let (mut before, mut after) = (before.clone(), after.clone());
    mask_changed(&before, &mut after);
    let [before, after] = [&mut before, &mut after].map(|object| {
        forget_servers(object);
        let document = Document::of(std::mem::take(object), &Options::default());
        if document.text().trim() == "null" { String::new() } else { document.text().to_owned() }
    });
    of_texts(&before, &after)
}

/// The difference of two texts.
pub fn of_texts(before: &str, after: &str) -> Vec<DiffLine> {
    let diff = TextDiff::configure().timeout(LIMIT).diff_lines(before, after);
    let mut lines = Vec::new();
    for (index, group) in diff.grouped_ops(CONTEXT).iter().enumerate() {
        if index > 0 {
            lines.push(DiffLine::Gap);
        }
        for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
            let text = change.value().trim_end_matches('\n').to_owned();
            lines.push(match change.tag() {
                ChangeTag::Equal => DiffLine::Same(text),
                ChangeTag::Delete => DiffLine::Removed(text),
                ChangeTag::Insert => DiffLine::Added(text),
            });
        }
    }
    lines
}

/// The lines of the second text that are not in the first one, in order.
pub fn new_lines(before: &str, after: &str) -> Vec<usize> {
    let diff = TextDiff::configure().timeout(LIMIT).diff_lines(before, after);
    let changed = diff.ops().iter().filter(|op| op.tag() != DiffTag::Equal);
    changed.flat_map(similar::DiffOp::new_range).collect()
}

/// Takes out what changes with every write.
fn forget_servers(object: &mut Value) {
    if let Some(metadata) = object.get_mut("metadata").and_then(Value::as_object_mut) {
        metadata.remove("resourceVersion");
        metadata.remove("generation");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn texts(before: &Value, after: &Value) -> Vec<String> {
        of_objects(before, after).iter().map(DiffLine::text).collect()
    }

    #[test]
    fn what_changed_is_shown_with_what_is_around_it() {
        let of = |replicas: i64| {
            json!({"metadata": {"name": "web", "resourceVersion": replicas.to_string(), "generation": replicas},
            "spec": {"a": 1, "b": 2, "c": 3, "d": 4, "replicas": replicas}})
        };
        assert_eq!(texts(&of(3), &of(5)), ["    b: 2", "    c: 3", "    d: 4", "-   replicas: 3", "+   replicas: 5"]);
        assert_eq!(texts(&of(3), &of(3)), Vec::<String>::new());
    }

    #[test]
    fn an_object_that_is_made_is_all_new() {
        assert_eq!(texts(&Value::Null, &json!({"kind": "Namespace"})), ["+ kind: Namespace"]);
    }

    #[test]
    fn a_secret_says_that_it_changed_but_not_what_it_holds() {
        let of = |password: &str| json!({"apiVersion": "v1", "kind": "Secret", "data": {"p": password, "q": "YQ=="}});
        let lines = texts(&of("aHVudGVyMg=="), &of("aHVudGVyMw=="));
        assert!(lines.iter().any(|line| line.contains("+   p: ••• 7 bytes, another value")), "{lines:?}");
        assert!(!lines.join("").contains("aHVudGVy"), "{lines:?}");
        assert!(!lines.join("").contains("q: ••• 1 byte, another"), "{lines:?}");
    }
}
