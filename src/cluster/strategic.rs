//! Strategic merge patches: the difference of two states of a built-in object, with lists by their merge keys, as
//! kubectl's `strategicpatch.CreateTwoWayMergePatch` makes it from the tags of the API's types.

use super::json::put;
use serde_json::{Map, Value, json};

/// The patch that makes `new` of `old`; an empty object when they are the same.
pub fn two_way(old: &Value, new: &Value) -> Value {
    match (old, new) {
        (Value::Object(old), Value::Object(new)) => Value::Object(map(old, new)),
        _ => new.clone(),
    }
}

/// The JSON merge patch (RFC 7386) that makes `new` of `old`: lists are replaced as a whole.
pub fn merge(old: &Value, new: &Value) -> Value {
    let (Value::Object(old), Value::Object(new)) = (old, new) else { return new.clone() };
    let gone = old.keys().filter(|name| !new.contains_key(*name)).map(|name| (name.clone(), Value::Null));
    let changed = new.iter().filter_map(|(name, value)| match old.get(name) {
        Some(before) if before == value => None,
        Some(before @ Value::Object(_)) if value.is_object() => Some((name.clone(), merge(before, value))),
        _ => Some((name.clone(), value.clone())),
    });
    Value::Object(gone.chain(changed).collect())
}

/// How the API merges a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum List {
    /// Items are told apart by this field.
    By(&'static str),
    /// Items are plain values of a set.
    Set,
    /// The list is one value.
    Whole,
}

/// How the list called `name`, with these items, is merged (`patchStrategy` and `patchMergeKey` of the API's types).
fn kind_of(name: &str, items: &[&Value]) -> List {
    let key = match name {
        "containers"
        | "initContainers"
        | "ephemeralContainers"
        | "volumes"
        | "env"
        | "imagePullSecrets"
        | "secrets"
        | "schedulingGates"
        | "resourceClaims"
        | "webhooks" => "name",
        "volumeMounts" => "mountPath",
        "volumeDevices" => "devicePath",
        "hostAliases" => "ip",
        "topologySpreadConstraints" => "topologyKey",
        "conditions" => "type",
        "ownerReferences" => "uid",
        "ports" if items.iter().any(|item| item.get("containerPort").is_some()) => "containerPort",
        "ports" => "port",
        "finalizers" => return List::Set,
        _ => return List::Whole,
    };
    let keys: Vec<Option<&Value>> = items.iter().map(|item| item.get(key)).collect();
    let doubled = |list: &[Option<&Value>]| {
        list.iter().enumerate().any(|(at, key)| list.iter().skip(at + 1).any(|other| other == key))
    };
    // Two ports of one number differ in their protocol, which the merge key does not see.
    if keys.iter().any(Option::is_none) || doubled(&keys) { List::Whole } else { List::By(key) }
}

fn map(old: &Map<String, Value>, new: &Map<String, Value>) -> Map<String, Value> {
    let mut patch = Map::new();
    for (name, before) in old {
        match new.get(name) {
            Some(after) if after == before => {}
            Some(after) => member(&mut patch, name, (before, after)),
            None => drop(patch.insert(name.clone(), Value::Null)),
        }
    }
    let added = new.iter().filter(|(name, _)| !old.contains_key(*name));
    patch.extend(added.map(|(name, value)| (name.clone(), value.clone())));
    patch
}

/// Puts the difference of one field into `patch`.
fn member(patch: &mut Map<String, Value>, name: &str, (before, after): (&Value, &Value)) {
    match (before, after) {
        (Value::Object(before), Value::Object(after)) => {
            patch.insert(name.to_owned(), Value::Object(map(before, after)));
        }
        (Value::Array(before), Value::Array(after)) => list(patch, name, (before, after)),
        _ => drop(patch.insert(name.to_owned(), after.clone())),
    }
}

fn list(patch: &mut Map<String, Value>, name: &str, (before, after): (&[Value], &[Value])) {
    let olds: Vec<&Value> = before.iter().collect();
    let news: Vec<&Value> = after.iter().collect();
    match (kind_of(name, &olds), kind_of(name, &news)) {
        (List::By(key), List::By(same)) if key == same => by_key(patch, (name, key), (before, after)),
        (List::Set, List::Set) => set(patch, name, (before, after)),
        (List::Whole, _) if kind_of(name, &[]) == List::Whole => drop(patch.insert(name.to_owned(), json!(after))),
        // The list is merged by a key that these items do not have: it is replaced, and the server is told so.
        _ => {
            let replace = std::iter::once(json!({"$patch": "replace"}));
            patch.insert(name.to_owned(), replace.chain(after.iter().cloned()).collect());
        }
    }
}

fn by_key(patch: &mut Map<String, Value>, (name, key): (&str, &str), (before, after): (&[Value], &[Value])) {
    let find = |list: &[Value], item: &Value| list.iter().find(|other| other.get(key) == item.get(key)).cloned();
    let mut items = Vec::new();
    for item in after {
        match find(before, item) {
            Some(old) if old == *item => {}
            Some(old) => {
                let mut change = two_way(&old, item);
                put(&mut change, &[key], item.get(key).cloned().unwrap_or_default());
                items.push(change);
            }
            None => items.push(item.clone()),
        }
    }
    let gone = before.iter().filter(|item| find(after, item).is_none());
    items.extend(gone.map(|item| json!({"$patch": "delete", key: item.get(key)})));
    if !items.is_empty() {
        patch.insert(name.to_owned(), Value::Array(items));
    }
    let order = after.iter().map(|item| json!({key: item.get(key)})).collect();
    patch.insert(format!("$setElementOrder/{name}"), order);
}

fn set(patch: &mut Map<String, Value>, name: &str, (before, after): (&[Value], &[Value])) {
    let added: Vec<&Value> = after.iter().filter(|item| !before.contains(item)).collect();
    let gone: Vec<&Value> = before.iter().filter(|item| !after.contains(item)).collect();
    if !added.is_empty() {
        patch.insert(name.to_owned(), json!(added));
    }
    if !gone.is_empty() {
        patch.insert(format!("$deleteFromPrimitiveList/{name}"), json!(gone));
    }
    patch.insert(format!("$setElementOrder/{name}"), json!(after));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_changed_is_in_the_patch() {
        let old = json!({"spec": {"replicas": 3, "paused": true, "template": {"spec": {"containers": [
            {"name": "web", "image": "nginx:1", "env": [{"name": "A", "value": "1"}]}, {"name": "log", "image": "f"}]}}}});
        let mut new = old.clone();
        new["spec"]["replicas"] = json!(5);
        new["spec"].as_object_mut().unwrap().remove("paused");
        new["spec"]["template"]["spec"]["containers"] = json!([
            {"name": "web", "image": "nginx:2", "env": [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}]}]);
        let want = json!({"spec": {"replicas": 5, "paused": null, "template": {"spec": {
            "containers": [
                {"name": "web", "image": "nginx:2", "env": [{"name": "B", "value": "2"}], "$setElementOrder/env": [{"name": "A"}, {"name": "B"}]},
                {"name": "log", "$patch": "delete"}],
            "$setElementOrder/containers": [{"name": "web"}]}}}});
        assert_eq!(two_way(&old, &new), want);
        assert_eq!(two_way(&old, &old), json!({}));
    }

    #[test]
    fn lists_without_a_key_are_one_value_and_sets_are_sets() {
        let patch = two_way(
            &json!({"args": ["a", "b"], "finalizers": ["x", "y"]}),
            &json!({"args": ["a"], "finalizers": ["y", "z"]}),
        );
        let want = json!({"args": ["a"], "finalizers": ["z"], "$deleteFromPrimitiveList/finalizers": ["x"],
            "$setElementOrder/finalizers": ["y", "z"]});
        assert_eq!(patch, want);
    }

    #[test]
    fn a_list_whose_keys_are_doubled_is_replaced() {
        let port = |protocol: &str| json!({"port": 53, "protocol": protocol});
        let patch = two_way(&json!({"ports": [port("TCP")]}), &json!({"ports": [port("TCP"), port("UDP")]}));
        assert_eq!(patch, json!({"ports": [{"$patch": "replace"}, port("TCP"), port("UDP")]}));
    }

    #[test]
    fn a_merge_patch_replaces_lists_and_removes_by_null() {
        let patch = merge(&json!({"a": {"b": 1, "c": 2}, "l": [1]}), &json!({"a": {"b": 1}, "l": [1, 2], "n": {}}));
        assert_eq!(patch, json!({"a": {"c": null}, "l": [1, 2], "n": {}}));
    }
}
