//! Strategic merge patches, as apimachinery `pkg/util/strategicpatch` applies them: lists are merged item by item where
//! the API's types name a merge key, and directives say what else is to be done.

use serde_json::{Map, Value};

use super::json::text;

/// Applies a patch.
pub fn strategic(target: &mut Value, patch: &Value) {
    let Value::Object(patch) = patch else { return target.clone_from(patch) };
    match patch.get("$patch").and_then(Value::as_str) {
        Some("replace") => {
            let rest = patch.iter().filter(|(name, _)| *name != "$patch");
            *target = Value::Object(rest.map(|(name, value)| (name.clone(), value.clone())).collect());
            return;
        }
        Some("delete") => return *target = Value::Object(Map::new()),
        _ => {}
    }
    if !target.is_object() {
        *target = Value::Object(Map::new());
    }
    let Some(target) = target.as_object_mut() else { return };
    if let Some(kept) = patch.get("$retainKeys").and_then(Value::as_array) {
        target.retain(|name, _| kept.iter().any(|keep| keep == name));
    }
    for (name, value) in patch {
        if let Some(list) = name.strip_prefix("$deleteFromPrimitiveList/") {
            without(target.get_mut(list), value);
        } else if name.starts_with('$') {
            // The order is seen to when the list is.
        } else if value.is_null() || deletes(value) {
            target.remove(name);
        } else {
            let order = patch.get(&format!("$setElementOrder/{name}"));
            member(target.entry(name).or_insert(Value::Null), (name, value), order);
        }
    }
    // A patch that only moves items has their order alone.
    for (name, order) in patch.iter().filter_map(|(name, order)| Some((name.strip_prefix("$setElementOrder/")?, order)))
    {
        if let (false, Some(list)) = (patch.contains_key(name), target.get_mut(name)) {
            member(list, (name, &Value::Array(Vec::new())), Some(order));
        }
    }
}

fn deletes(value: &Value) -> bool {
    text(value, "/$patch") == "delete"
}

/// Merges one field: a list with a merge key item by item, anything else as it is.
fn member(target: &mut Value, (name, value): (&str, &Value), order: Option<&Value>) {
    let Value::Array(items) = value else { return strategic(target, value) };
    let Some(way) = way(name, items.iter().chain(target.as_array().into_iter().flatten())) else {
        return target.clone_from(value);
    };
    if items.iter().any(|item| text(item, "/$patch") == "replace") {
        let rest = items.iter().filter(|item| text(item, "/$patch") != "replace");
        return *target = Value::Array(rest.cloned().collect());
    }
    let mut list = target.as_array().cloned().unwrap_or_default();
    let before: Vec<Value> = list.iter().map(|item| way.key(item)).collect();
    for item in items {
        let place = list.iter().position(|old| way.key(old) == way.key(item));
        match (deletes(item), place) {
            (true, Some(at)) => drop(list.remove(at)),
            (true, None) => {}
            (false, Some(at)) => list.get_mut(at).into_iter().for_each(|old| strategic(old, item)),
            (false, None) => {
                let mut new = Value::Null;
                strategic(&mut new, item);
                list.push(new);
            }
        }
    }
    let wanted = order.and_then(Value::as_array).unwrap_or(items);
    let wanted: Vec<Value> = wanted.iter().map(|item| way.key(item)).collect();
    *target = Value::Array(ordered(list, (&wanted, &before), way));
}

/// The items in the order of the patch; what only the server has stays before what it stood before.
fn ordered(list: Vec<Value>, (wanted, before): (&[Value], &[Value]), way: Way) -> Vec<Value> {
    let place = |keys: &[Value], item: &Value| keys.iter().position(|key| *key == way.key(item));
    let (mut named, others): (Vec<Value>, Vec<Value>) =
        list.into_iter().partition(|item| place(wanted, item).is_some());
    named.sort_by_key(|item| place(wanted, item));
    let (mut all, mut others) = (Vec::new(), others.into_iter().peekable());
    for item in named {
        let at = place(before, &item);
        while let Some(first) = others.next_if(|other| at.zip(place(before, other)).is_some_and(|(at, own)| own < at)) {
            all.push(first);
        }
        all.push(item);
    }
    all.extend(others);
    all
}

/// How the items of a list are told apart.
#[derive(Debug, Clone, Copy)]
enum Way {
    Whole,
    Field(&'static str),
}

impl Way {
    fn key(self, item: &Value) -> Value {
        match self {
            Self::Field(name) if item.is_object() => item.get(name).cloned().unwrap_or_default(),
            _ => item.clone(),
        }
    }
}

/// How a list is merged (`patchStrategy` and `patchMergeKey` in the API's types); none when it is replaced.
fn way<'a>(list: &str, mut items: impl Iterator<Item = &'a Value>) -> Option<Way> {
    let field = match list {
        "finalizers" | "podCIDRs" => return Some(Way::Whole),
        "containers"
        | "initContainers"
        | "ephemeralContainers"
        | "env"
        | "volumes"
        | "imagePullSecrets"
        | "secrets"
        | "resourceClaims"
        | "schedulingGates" => "name",
        "volumeMounts" => "mountPath",
        "volumeDevices" => "devicePath",
        "ports" if items.any(|port| port.get("containerPort").is_some()) => "containerPort",
        "ports" => "port",
        "conditions" | "addresses" => "type",
        "ownerReferences" => "uid",
        "hostAliases" | "podIPs" | "hostIPs" => "ip",
        "topologySpreadConstraints" => "topologyKey",
        _ => return None,
    };
    Some(Way::Field(field))
}

fn without(list: Option<&mut Value>, gone: &Value) {
    if let (Some(list), Some(gone)) = (list.and_then(Value::as_array_mut), gone.as_array()) {
        list.retain(|item| !gone.contains(item));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn patched(mut old: Value, patch: &Value) -> Value {
        strategic(&mut old, patch);
        old
    }

    #[test]
    fn lists_are_merged_by_their_keys() {
        let old = json!({"env": [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}],
            "ports": [{"containerPort": 80, "name": "web"}], "tolerations": [{"key": "a"}], "finalizers": ["p", "q"]});
        let patch = json!({"env": [{"name": "B", "value": null, "valueFrom": {"x": 1}}, {"name": "C", "value": "3"}],
            "ports": [{"containerPort": 80, "protocol": "TCP"}], "tolerations": [{"key": "b"}], "finalizers": ["r"],
            "$deleteFromPrimitiveList/finalizers": ["p"]});
        let new = patched(old, &patch);
        assert_eq!(
            new["env"],
            json!([{"name": "A", "value": "1"}, {"name": "B", "valueFrom": {"x": 1}}, {"name": "C", "value": "3"}])
        );
        assert_eq!(new["ports"], json!([{"containerPort": 80, "name": "web", "protocol": "TCP"}]));
        assert_eq!((&new["tolerations"], &new["finalizers"]), (&json!([{"key": "b"}]), &json!(["r", "q"])));
    }

    #[test]
    fn directives_replace_delete_retain_and_order() {
        let old = json!({"env": [{"name": "A"}, {"name": "B"}, {"name": "C"}], "strategy": {"type": "RollingUpdate", "rollingUpdate": {}}, "map": {"a": 1}});
        let patch = json!({"$setElementOrder/env": [{"name": "C"}, {"name": "A"}], "env": [{"name": "B", "$patch": "delete"}],
            "strategy": {"$retainKeys": ["type"], "type": "Recreate"}, "map": {"$patch": "replace", "b": 2}});
        let new = patched(old.clone(), &patch);
        assert_eq!(
            new,
            json!({"env": [{"name": "C"}, {"name": "A"}], "strategy": {"type": "Recreate"}, "map": {"b": 2}})
        );
        let whole =
            patched(old.clone(), &json!({"env": [{"$patch": "replace"}, {"name": "Z"}], "map": {"$patch": "delete"}}));
        assert_eq!((&whole["env"], whole.get("map")), (&json!([{"name": "Z"}]), None));
        let moved = patched(old, &json!({"$setElementOrder/env": [{"name": "B"}, {"name": "A"}, {"name": "C"}]}));
        assert_eq!(moved["env"], json!([{"name": "B"}, {"name": "A"}, {"name": "C"}]));
    }
}
