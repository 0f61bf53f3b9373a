//! The ways to change a part of an object: merge patch and JSON patch here, the others in files of their own.

use serde_json::{Map, Value};

use super::answer::Failure;
use super::json::text;
use super::request::Request;
use super::strategic::strategic;

/// The object as the request's patch makes it.
///
/// # Errors
/// 400 when the patch cannot be read, 415 for an unknown kind of patch, 422 when a JSON patch does not fit.
pub fn apply(request: &Request, old: &Value) -> Result<Value, Failure> {
    let patch = request.json()?;
    let mut new = old.clone();
    match request.media.split(';').next().unwrap_or_default().trim() {
        "application/json-patch+json" => operations(&mut new, &patch)?,
        media if is_object_patch(media) && !patch.is_object() => {
            return Err(Failure::bad_request("error decoding patch: it is not an object"));
        }
        "application/merge-patch+json" => merge(&mut new, &patch),
        "application/strategic-merge-patch+json" => strategic(&mut new, &patch),
        other => return Err(unknown_media(other)),
    }
    Ok(new)
}

/// 415: there is no such kind of patch, or not for this resource.
pub fn unknown_media(media: &str) -> Failure {
    let message = format!(
        "the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml ({media} was sent)"
    );
    Failure::new(415, "UnsupportedMediaType", message)
}

/// Whether such a patch is an object like the one that it changes.
fn is_object_patch(media: &str) -> bool {
    matches!(media, "application/merge-patch+json" | "application/strategic-merge-patch+json")
}

/// JSON merge patch (RFC 7386).
pub fn merge(target: &mut Value, patch: &Value) {
    let Value::Object(patch) = patch else { return target.clone_from(patch) };
    if !target.is_object() {
        *target = Value::Object(Map::new());
    }
    let Some(target) = target.as_object_mut() else { return };
    for (name, value) in patch {
        if value.is_null() {
            target.remove(name);
        } else {
            merge(target.entry(name).or_insert(Value::Null), value);
        }
    }
}

/// JSON patch (RFC 6902).
fn operations(target: &mut Value, patch: &Value) -> Result<(), Failure> {
    let Some(steps) = patch.as_array() else {
        let why = "json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp";
        return Err(Failure::bad_request(format!("error decoding patch: {why}")));
    };
    for step in steps {
        operation(target, step).ok_or_else(|| {
            let message = "the server rejected our request due to an error in our request";
            Failure { details: serde_json::json!({}), ..Failure::new(422, "Invalid", message) }
        })?;
    }
    Ok(())
}

/// One operation; none when it does not fit the object.
fn operation(target: &mut Value, step: &Value) -> Option<()> {
    let path = step.get("path")?.as_str()?;
    let from = text(step, "/from");
    let value = step.get("value");
    match text(step, "/op") {
        "test" => (target.pointer(path).filter(|own| !own.is_null()) == value.filter(|v| !v.is_null())).then_some(()),
        "remove" => take(target, path).map(drop),
        "add" => add(target, path, value?.clone()),
        "replace" if target.pointer(path).is_some() => {
            target.pointer_mut(path)?.clone_from(value?);
            Some(())
        }
        // As kube-apiserver does: a key that is not there yet is added.
        "replace" => {
            let (parent, _) = path.rsplit_once('/')?;
            target.pointer(parent).filter(|parent| parent.is_object())?;
            add(target, path, value?.clone())
        }
        "copy" => {
            let value = target.pointer(from)?.clone();
            add(target, path, value)
        }
        "move" => {
            let value = take(target, from)?;
            add(target, path, value)
        }
        _ => None,
    }
}

fn add(target: &mut Value, path: &str, value: Value) -> Option<()> {
    let (parent, end) = path.rsplit_once('/')?;
    match target.pointer_mut(parent)? {
        Value::Object(map) => drop(map.insert(unescaped(end), value)),
        Value::Array(list) if end == "-" => list.push(value),
        Value::Array(list) => {
            let at = end.parse().ok().filter(|at| *at <= list.len())?;
            list.insert(at, value);
        }
        _ => return None,
    }
    Some(())
}

fn take(target: &mut Value, path: &str) -> Option<Value> {
    let (parent, end) = path.rsplit_once('/')?;
    match target.pointer_mut(parent)? {
        Value::Object(map) => map.remove(&unescaped(end)),
        Value::Array(list) => {
            let at = end.parse().ok().filter(|at| *at < list.len())?;
            Some(list.remove(at))
        }
        _ => None,
    }
}

fn unescaped(part: &str) -> String {
    part.replace("~1", "/").replace("~0", "~")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn patched(media: &str, patch: &Value) -> Result<Value, u16> {
        let old = json!({"spec": {"replicas": 3, "containers": [{"name": "a", "image": "x:1"}, {"name": "b", "image": "y:1"}]},
            "metadata": {"annotations": {"k/x": "1"}, "finalizers": ["p", "q"]}});
        let body = patch.to_string().into();
        apply(&Request { media: media.to_owned(), body, ..Request::default() }, &old).map_err(|failure| failure.code)
    }

    #[test]
    fn a_merge_patch_replaces_lists_and_removes_nulls() {
        let patch = json!({"spec": {"replicas": null, "containers": []}});
        let new = patched("application/merge-patch+json", &patch).unwrap();
        assert_eq!(new["spec"], json!({"containers": []}));
    }

    #[test]
    fn a_strategic_patch_merges_containers_by_name() {
        let patch = json!({"spec": {"containers": [{"name": "b", "image": "y:2"}, {"name": "a", "$patch": "delete"}]},
            "metadata": {"$deleteFromPrimitiveList/finalizers": ["q"]}});
        let new = patched("application/strategic-merge-patch+json", &patch).unwrap();
        assert_eq!(new["spec"]["containers"], json!([{"name": "b", "image": "y:2"}]));
        assert_eq!(new["metadata"]["finalizers"], json!(["p"]));
        assert_eq!(new["spec"]["replicas"], 3);
    }

    #[test]
    fn a_json_patch_does_its_operations_or_none_that_do_not_fit() {
        let patch = json!([
            {"op": "test", "path": "/spec/replicas", "value": 3},
            {"op": "replace", "path": "/spec/replicas", "value": 5},
            {"op": "remove", "path": "/spec/containers/0"},
            {"op": "add", "path": "/metadata/annotations/k~1y", "value": "2"},
        ]);
        let new = patched("application/json-patch+json", &patch).unwrap();
        assert_eq!((&new["spec"]["replicas"], &new["metadata"]["annotations"]["k/y"]), (&json!(5), &json!("2")));
        assert_eq!(new["spec"]["containers"].as_array().map(Vec::len), Some(1));
        let wrong = json!([{"op": "test", "path": "/spec/replicas", "value": 4}]);
        assert_eq!(patched("application/json-patch+json", &wrong), Err(422));
        assert_eq!(patched("text/plain", &wrong), Err(415));
    }

    proptest! {
        #[test]
        fn no_operation_upsets_the_object(path in "(/[a-c0-9~-]{0,3}){0,4}", op in "add|remove|move|copy|replace|test") {
            let mut target = json!({"a": [1, {"b": 2}], "b": {"c": null}});
            let _ = operation(&mut target, &json!({"op": op, "path": path, "from": "/a/1", "value": 1}));
        }
    }
}
