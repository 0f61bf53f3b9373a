//! Manifests: YAML or JSON that people write, read into objects with the line where it goes wrong.

use crate::text::safe;
use serde_json::Value;

/// Why a manifest cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// The line, from 1; `None` when it is not known.
    pub line: Option<usize>,
    /// What is wrong, without the text around it, which may hold a secret.
    pub sentence: String,
}

impl std::fmt::Display for Mistake {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.line {
            Some(line) => write!(f, "line {line}: {}", self.sentence),
            None => f.write_str(&self.sentence),
        }
    }
}

/// The objects in `text`, in their order; empty documents are left out, and the items of a `List` are taken one by one.
///
/// # Errors
/// When it is no YAML, or a document is no object.
pub fn read(text: &str) -> Result<Vec<Value>, Mistake> {
    let documents: Vec<Value> = serde_yaml::from_multiple(text).map_err(|error| describe(&error))?;
    let mut objects = Vec::new();
    for document in documents.into_iter().filter(|document| !document.is_null()) {
        if !document.is_object() {
            return Err(Mistake {
                line: None,
                sentence: "this is no object: it is no mapping with apiVersion and kind".to_owned(),
            });
        }
        let is_list = document.get("kind").and_then(Value::as_str).is_some_and(|kind| kind.ends_with("List"));
        match document.get("items").and_then(Value::as_array).filter(|_| is_list) {
            Some(items) => objects.extend(items.iter().cloned()),
            None => objects.push(document),
        }
    }
    Ok(objects)
}

fn describe(error: &serde_yaml::Error) -> Mistake {
    let text = error.without_snippet().to_string();
    let what = safe(text.lines().next().unwrap_or("this is no YAML")).into_owned();
    Mistake { line: error.location().and_then(|at| usize::try_from(at.line()).ok()), sentence: what }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn documents_and_items_are_objects() {
        let text = "a: 1\n---\n---\nkind: List\nitems:\n- b: 2\n- c: 3\n";
        assert_eq!(read(text).unwrap(), [json!({"a": 1}), json!({"b": 2}), json!({"c": 3})]);
        assert_eq!(read("# nothing\n").unwrap(), Vec::<Value>::new());
    }

    #[test]
    fn a_mistake_names_its_line() {
        let mistake = read("a: 1\nb: [1, 2\nc: 3\n").unwrap_err();
        assert!(mistake.line.is_some_and(|line| (2..=4).contains(&line)), "{mistake}");
        assert!(read("just text").unwrap_err().sentence.contains("no object"));
        let doubled = read("a: 1\na: 2\n").unwrap_err();
        assert_eq!(doubled.line, Some(2), "{doubled}");
    }
}
