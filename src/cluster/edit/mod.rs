//! Editing an object as text: what of it is given to the editor, and what an edited text means, as kubectl 1.36
//! `pkg/cmd/util/editor`. Stricter: a field that somebody else changed meanwhile is not overwritten.

mod decoded;

pub use decoded::{decoded, encoded};

use super::gate::{Difference, differences};
use super::manifest;
use serde_json::Value;

/// An object that is being edited.
#[derive(Debug, Clone, PartialEq)]
pub struct Sheet {
    /// The object as it was read.
    pub base: Value,
}

/// Why an edited text cannot be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    /// The line in the text, from 1, when it is known.
    pub line: Option<usize>,
    /// What is wrong.
    pub sentence: String,
}

impl Sheet {
    /// A sheet for `object`.
    pub fn new(mut object: Value) -> Self {
        if let Some(metadata) = object.get_mut("metadata").and_then(Value::as_object_mut) {
            metadata.remove("managedFields");
        }
        Self { base: object }
    }

    /// What is given to the editor: the values of a Secret as text, where they are text.
    pub fn shown(&self) -> Value {
        decoded(&self.base)
    }

    /// The object that an edited text means; `None` when it is the same as before.
    ///
    /// # Errors
    /// When it is no YAML, is not one object, or another one.
    pub fn read(&self, text: &str) -> Result<Option<Value>, Flaw> {
        let objects =
            manifest::read(text).map_err(|mistake| Flaw { line: mistake.line, sentence: mistake.sentence })?;
        let flaw = |sentence: &str| Flaw { line: None, sentence: sentence.to_owned() };
        let [edited] = objects.as_slice() else {
            return Err(flaw("this must be exactly one object"));
        };
        for (path, what) in IDENTITY {
            if edited.pointer(path) != self.base.pointer(path) {
                return Err(flaw(what));
            }
        }
        let edited = encoded(edited, &self.base).map_err(|key| flaw(&format!("the value of {key} is not base64")))?;
        Ok((edited != self.base).then_some(edited))
    }

    /// What `live` has otherwise than the base in fields that `edited` changes: the field, and what both made of it.
    pub fn conflicts(&self, edited: &Value, live: &Value) -> Vec<Conflict> {
        let ours = differences(&self.base, edited);
        let theirs = differences(&self.base, live);
        let touches = |a: &str, b: &str| a == b || a.starts_with(&format!("{b}/")) || b.starts_with(&format!("{a}/"));
        let clash = |our: Difference| {
            let their = theirs.iter().find(|their| touches(&their.path, &our.path))?;
            (live.pointer(&our.path) != our.new.as_ref()).then(|| Conflict {
                field: our.path.trim_start_matches('/').replace('/', "."),
                was: our.old,
                now: live.pointer(&our.path).or(their.new.as_ref()).cloned(),
                ours: our.new,
            })
        };
        ours.into_iter().filter_map(clash).collect()
    }

    /// `live` with the changes that `edited` makes to the base, so that one can go on from what is there now.
    pub fn moved_to(&self, edited: &Value, live: &Value) -> Value {
        let mut moved = Self::new(live.clone()).base;
        for change in differences(&self.base, edited) {
            set(&mut moved, &change.path, change.new);
        }
        moved
    }
}

/// What may not be changed, and what is said when it is.
const IDENTITY: [(&str, &str); 4] = [
    ("/apiVersion", "apiVersion, kind and name may not be changed: it would be another object"),
    ("/kind", "apiVersion, kind and name may not be changed: it would be another object"),
    ("/metadata/name", "apiVersion, kind and name may not be changed: it would be another object"),
    ("/metadata/namespace", "the namespace may not be changed: it would be another object"),
];

/// A field that was changed here and on the server.
#[derive(Debug, Clone, PartialEq)]
pub struct Conflict {
    /// The field.
    pub field: String,
    /// What it was when it was read.
    pub was: Option<Value>,
    /// What it is on the server now.
    pub now: Option<Value>,
    /// What it was set to here.
    pub ours: Option<Value>,
}

impl std::fmt::Display for Conflict {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let show = |value: &Option<Value>| value.as_ref().map_or_else(|| "nothing".to_owned(), Value::to_string);
        let Self { field, was, now, ours } = self;
        // Values of a Secret stay out of sentences.
        if field.starts_with("data.") || field.starts_with("stringData.") {
            return write!(f, "{field} was changed on the server as well");
        }
        write!(f, "{field} was {}, is {} on the server now, and you set {}", show(was), show(now), show(ours))
    }
}

/// Sets or removes the field at a JSON pointer; what leads there is made where it is missing.
fn set(object: &mut Value, pointer: &str, value: Option<Value>) {
    let Some((parent, name)) = pointer.rsplit_once('/') else { return };
    let name = name.replace("~1", "/").replace("~0", "~");
    if object.pointer(parent).is_none() {
        set(object, parent, Some(Value::Object(serde_json::Map::new())));
    }
    let Some(map) = object.pointer_mut(parent).and_then(Value::as_object_mut) else { return };
    match value {
        Some(value) => drop(map.insert(name, value)),
        None => drop(map.remove(&name)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn sheet() -> Sheet {
        Sheet::new(json!({"apiVersion": "v1", "kind": "ConfigMap",
            "metadata": {"name": "c", "namespace": "a", "resourceVersion": "7", "managedFields": [1]}, "data": {"k": "v", "l": "w"}}))
    }

    fn edited(change: impl Fn(&mut Value)) -> String {
        let mut object = sheet().base;
        change(&mut object);
        object.to_string()
    }

    #[test]
    fn an_unchanged_text_means_nothing_and_a_changed_one_the_object() {
        assert_eq!(sheet().read(&edited(|_| {})), Ok(None));
        let changed = sheet().read(&edited(|object| object["data"]["k"] = json!("new"))).unwrap().unwrap();
        assert_eq!(changed["data"]["k"], "new");
    }

    #[test]
    fn another_object_and_no_object_are_refused() {
        for (path, value) in [("/kind", "Secret"), ("/metadata/name", "d"), ("/metadata/namespace", "b")] {
            assert!(
                sheet().read(&edited(|object| *object.pointer_mut(path).unwrap() = json!(value))).is_err(),
                "{path}"
            );
        }
        assert!(sheet().read("a: [").unwrap_err().line.is_some());
        assert!(sheet().read("a: 1\n---\nb: 2\n").is_err());
    }

    #[test]
    fn what_both_changed_is_a_conflict_and_what_one_changed_is_not() {
        let mut ours = sheet().base;
        ours["data"]["k"] = json!("ours");
        let mut live = sheet().base;
        live["metadata"]["resourceVersion"] = json!("8");
        live["data"]["l"] = json!("theirs");
        assert_eq!(sheet().conflicts(&ours, &live), []);
        live["data"]["k"] = json!("theirs");
        let found = sheet().conflicts(&ours, &live);
        assert_eq!((found.len(), found[0].field.as_str(), found[0].ours.clone()), (1, "data.k", Some(json!("ours"))));
        let moved = sheet().moved_to(&ours, &live);
        assert_eq!(moved["data"], json!({"k": "ours", "l": "theirs"}));
        assert_eq!(moved["metadata"]["resourceVersion"], "8");
    }
}
