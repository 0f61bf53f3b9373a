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
    taken(documents)
}

/// The documents of `text`, each with the line at which it begins, read on its own so that each mistake is found. JSON is
/// read as JSON: YAML takes no tabs for spaces.
pub fn documents(text: &str) -> Vec<(usize, Result<Vec<Value>, Mistake>)> {
    if text.trim_start().starts_with('{') {
        let values: Result<Vec<Value>, _> = serde_json::Deserializer::from_str(text).into_iter().collect();
        if let Ok(values) = values {
            return vec![(1, taken(values))];
        }
    }
    let mut documents = Vec::new();
    let (mut start, mut document) = (1, String::new());
    for (number, line) in text.split_inclusive('\n').enumerate() {
        let ends =
            line.strip_prefix("---").is_some_and(|rest| rest.is_empty() || rest.starts_with(char::is_whitespace));
        if ends {
            documents.push((start, std::mem::take(&mut document)));
            start = number + 1;
        }
        document.push_str(line);
    }
    documents.push((start, document));
    let read = |(start, text): (usize, String)| {
        let below = |mistake: Mistake| Mistake { line: mistake.line.map(|line| line + start - 1), ..mistake };
        // The line that divides documents is none of theirs.
        let first = start + usize::from(text.starts_with("---"));
        (first, read(&text).map_err(below))
    };
    documents.into_iter().map(read).filter(|(_, found)| !matches!(found, Ok(found) if found.is_empty())).collect()
}

/// The objects in documents.
fn taken(documents: Vec<Value>) -> Result<Vec<Value>, Mistake> {
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

/// Sets a field of the mapping at a JSON pointer, if there is one.
pub fn set(object: &mut Value, pointer: &str, name: &str, value: Value) {
    if let Some(map) = object.pointer_mut(pointer).and_then(Value::as_object_mut) {
        map.insert(name.to_owned(), value);
    }
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
    fn each_document_is_read_on_its_own() {
        let found = documents("a: 1\n---\n# none\n---\nb: [1\n--- \nc: |\n  ---\n");
        let lines: Vec<usize> = found.iter().map(|(line, _)| *line).collect();
        assert_eq!(lines, [1, 5, 7]);
        assert!(found[1].1.as_ref().unwrap_err().line.is_some_and(|line| (5..=6).contains(&line)), "{found:?}");
        assert_eq!(found[2].1.as_ref().unwrap(), &[json!({"c": "---\n"})]);
        let tabs = documents("{\n\t\"a\": 1\n}\n{\"b\": 2}");
        assert_eq!(tabs, [(1, Ok(vec![json!({"a": 1}), json!({"b": 2})]))]);
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
