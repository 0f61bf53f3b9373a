//! `Step`: a step of the way from an object to one of its fields, and the way as kubectl writes it.

use serde_json::Value;

/// A step of the way to a field.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Step {
    /// Into the field of this name.
    Key(String),
    /// To this element of a list, counted from 0.
    Index(usize),
}

impl Step {
    /// The name of the field; none for an element of a list.
    pub fn key(&self) -> Option<&str> {
        match self {
            Self::Key(name) => Some(name),
            Self::Index(_) => None,
        }
    }

    /// What it leads to from `value`.
    pub fn of<'a>(&self, value: &'a Value) -> Option<&'a Value> {
        match self {
            Self::Key(name) => value.get(name),
            Self::Index(at) => value.get(at),
        }
    }
}

/// What a way leads to.
pub fn at<'a>(value: &'a Value, path: &[Step]) -> Option<&'a Value> {
    path.iter().try_fold(value, |value, step| step.of(value))
}

/// The way in kubectl's `JSONPath`: `.spec.containers[0].image`. What ends a name there is escaped
/// (`client-go` `util/jsonpath/parser.go` `isTerminator`).
pub fn json_path(path: &[Step]) -> String {
    let mut out = String::new();
    for step in path {
        match step {
            Step::Index(at) => out.extend(["[", &at.to_string(), "]"]),
            Step::Key(name) => {
                out.push('.');
                for c in name.chars() {
                    if ".,[]$@{} \\".contains(c) {
                        out.push('\\');
                    }
                    out.push(c);
                }
            }
        }
    }
    out
}

/// The names of the fields on the way, without the places in lists: as `kubectl explain` takes them.
pub fn fields(path: &[Step]) -> Vec<String> {
    path.iter().filter_map(Step::key).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_way_is_followed_and_written() {
        let key = |name: &str| Step::Key(name.to_owned());
        let path = [key("spec"), key("containers"), Step::Index(1), key("image")];
        let object = json!({"spec": {"containers": [{}, {"image": "nginx"}]}});
        assert_eq!(at(&object, &path), Some(&json!("nginx")));
        assert_eq!(at(&object, &[key("spec"), Step::Index(0)]), None);
        assert_eq!(json_path(&path), ".spec.containers[1].image");
        assert_eq!(json_path(&[key("annotations"), key("a.b/c")]), ".annotations.a\\.b/c");
        assert_eq!(json_path(&[]), "");
        assert_eq!(fields(&path), ["spec", "containers", "image"]);
    }
}
