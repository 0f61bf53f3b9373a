//! What a change changes: the fields in which two states of an object differ, without those that the server keeps.

use serde_json::{Map, Value};

/// A field that differs.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// JSON pointer (RFC 6901) of the field.
    pub path: String,
    /// What it was; `None` when it was not there.
    pub old: Option<Value>,
    /// What it is; `None` when it is gone.
    pub new: Option<Value>,
}

/// Fields that the server keeps by itself, and in which a person changes nothing.
const SERVERS: [&str; 6] = [
    "/metadata/resourceVersion",
    "/metadata/generation",
    "/metadata/managedFields",
    "/metadata/creationTimestamp",
    "/metadata/uid",
    "/status",
];

/// Maps whose keys belong to different people: not being there is the same as being empty.
const MAPS: [&str; 2] = ["/labels", "/annotations"];

/// The fields in which `old` and `new` differ, in the order of `old`, then what is only in `new`. A list counts as one
/// field: what stands at which place in it may mean something else meanwhile.
pub fn differences(old: &Value, new: &Value) -> Vec<Difference> {
    let mut found = Vec::new();
    compare("", (Some(old), Some(new)), &mut found);
    found
}

fn compare(path: &str, (old, new): (Option<&Value>, Option<&Value>), found: &mut Vec<Difference>) {
    if old == new || SERVERS.contains(&path) {
        return;
    }
    let empty = Value::Object(Map::new());
    let (old, new) = if MAPS.iter().any(|map| path.ends_with(map)) {
        (Some(old.unwrap_or(&empty)), Some(new.unwrap_or(&empty)))
    } else {
        (old, new)
    };
    if let (Some(Value::Object(old)), Some(Value::Object(new))) = (old, new) {
        let added = new.keys().filter(|name| !old.contains_key(*name));
        for name in old.keys().chain(added) {
            compare(&format!("{path}/{}", escape(name)), (old.get(name), new.get(name)), found);
        }
        return;
    }
    found.push(Difference { path: path.to_owned(), old: old.cloned(), new: new.cloned() });
}

/// A name as a token of a JSON pointer.
pub fn escape(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn fields_differ_and_what_the_server_keeps_does_not_count() {
        let old = json!({"metadata": {"resourceVersion": "1", "labels": {"a/b": "1", "c": "2"}},
            "spec": {"replicas": 3, "list": [1, 2]}, "status": {"replicas": 3}});
        let new = json!({"metadata": {"resourceVersion": "2", "labels": {"a/b": "9"}, "annotations": {"x": "y"}},
            "spec": {"replicas": 3, "list": [1]}, "status": {"replicas": 9}});
        let found = differences(&old, &new);
        let paths: Vec<&str> = found.iter().map(|field| field.path.as_str()).collect();
        assert_eq!(paths, ["/metadata/labels/a~1b", "/metadata/labels/c", "/metadata/annotations/x", "/spec/list"]);
        assert_eq!((&found[1].old, &found[1].new), (&Some(json!("2")), &None));
        assert_eq!(found[3].old, Some(json!([1, 2])));
        assert_eq!(differences(&old, &old), []);
    }
}
