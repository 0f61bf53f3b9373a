//! Drift: what is otherwise now than the manifest that was applied last says. Fields that it does not name do not count,
//! nor do amounts that are only written otherwise: the API server makes `500m` of `0.5`.

use super::diff::{self, DiffLine};
use crate::kinds::quantity::nanos;
use serde_json::{Map, Value};

/// Fields by which elements of a list are told apart, the first that all of them have. A mount and a port have names that
/// others may have too.
const KEYS: [&str; 7] = ["mountPath", "devicePath", "containerPort", "port", "name", "ip", "key"];
/// Fields that hold amounts, by the names of resources or alone.
const AMOUNTS: [&str; 11] = [
    "requests",
    "limits",
    "capacity",
    "hard",
    "overhead",
    "default",
    "defaultRequest",
    "max",
    "min",
    "sizeLimit",
    "averageValue",
];

/// The difference from what was applied to what is there, of fields that were applied.
pub fn of(applied: &Value, live: &Value) -> Vec<DiffLine> {
    let applied = said(applied);
    diff::of_objects(&applied, &named(&applied, live))
}

/// A manifest without what is null: that is the same as not said.
fn said(applied: &Value) -> Value {
    match applied {
        Value::Object(map) => {
            let fields = map.iter().filter(|(_, value)| !value.is_null());
            Value::Object(fields.map(|(key, value)| (key.clone(), said(value))).collect())
        }
        Value::Array(list) => Value::Array(list.iter().map(said).collect()),
        other => other.clone(),
    }
}

/// What `live` has of the fields that `applied` names.
fn named(applied: &Value, live: &Value) -> Value {
    match (applied, live) {
        (Value::Object(applied), Value::Object(live)) => {
            let pairs = applied.iter().filter_map(|(key, applied)| Some((key, field(key, applied, live.get(key)?))));
            Value::Object(pairs.map(|(key, live)| (key.clone(), live)).collect::<Map<_, _>>())
        }
        (Value::Array(applied), Value::Array(live)) => Value::Array(elements(applied, live)),
        _ => live.clone(),
    }
}

/// What `live` has in a field.
fn field(key: &str, applied: &Value, live: &Value) -> Value {
    if !AMOUNTS.contains(&key) {
        return named(applied, live);
    }
    match (applied, live) {
        (Value::Object(applied), Value::Object(all)) => {
            let amounts =
                applied.iter().filter_map(|(name, applied)| Some((name.clone(), amount(applied, all.get(name)?))));
            Value::Object(amounts.collect())
        }
        (Value::String(_) | Value::Number(_), _) => amount(applied, live),
        _ => named(applied, live),
    }
}

/// An amount of `live`, written as in the manifest if it is the same.
fn amount(applied: &Value, live: &Value) -> Value {
    let worth = |value: &Value| match value {
        Value::String(text) => nanos(text),
        Value::Number(number) => nanos(&number.to_string()),
        _ => None,
    };
    let is_same = worth(applied).is_some_and(|amount| worth(live) == Some(amount));
    if is_same { applied.clone() } else { live.clone() }
}

/// The elements of `live` that `applied` names too, by their keys if they have some; what was added by others is left out.
fn elements(applied: &[Value], live: &[Value]) -> Vec<Value> {
    let all = |key: &&&str| applied.iter().chain(live).all(|one| one.get(**key).is_some());
    let Some(key) = KEYS.iter().find(all).filter(|_| !applied.is_empty()) else {
        let pairs =
            live.iter().enumerate().map(|(at, live)| applied.get(at).map_or(live.clone(), |one| named(one, live)));
        return pairs.collect();
    };
    let same = |one: &Value| live.iter().find(|other| other.get(key) == one.get(key));
    applied.iter().filter_map(|one| Some(named(one, same(one)?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn texts(applied: &Value, live: &Value) -> Vec<String> {
        of(applied, live).iter().map(DiffLine::text).collect()
    }

    #[test]
    fn only_what_the_manifest_names_counts() {
        let applied = json!({"kind": "Deployment", "spec": {"replicas": 2, "paused": null,
            "containers": [{"name": "web", "image": "nginx:1"}], "args": ["a"]}});
        let mut live = json!({"kind": "Deployment", "metadata": {"uid": "u"}, "status": {}, "spec": {"replicas": 2,
            "strategy": "x", "containers": [{"name": "proxy"}, {"name": "web", "image": "nginx:1", "env": []}],
            "args": ["a"]}});
        assert_eq!(texts(&applied, &live), [""; 0]);
        live["spec"]["replicas"] = json!(5);
        live["spec"]["containers"][1]["image"] = json!("nginx:2");
        let changed: Vec<String> = texts(&applied, &live).into_iter().filter(|line| !line.starts_with(' ')).collect();
        assert_eq!(changed, ["-   - image: nginx:1", "+   - image: nginx:2", "-   replicas: 2", "+   replicas: 5"]);
    }

    #[test]
    fn amounts_are_compared_by_what_they_are_worth() {
        let applied = json!({"spec": {"containers": [{"name": "web", "env": [{"name": "N", "value": "1"}],
            "resources": {"requests": {"cpu": 0.5, "memory": "1024Mi"}, "limits": {"cpu": 1, "memory": "2G"}}}],
            "volumes": [{"name": "v", "emptyDir": {"sizeLimit": "1024Mi"}}]}});
        let mut live = json!({"spec": {"containers": [{"name": "web", "env": [{"name": "N", "value": "1"}],
            "resources": {"requests": {"cpu": "500m", "memory": "1Gi"}, "limits": {"cpu": "1", "memory": "2G"}}}],
            "volumes": [{"name": "v", "emptyDir": {"sizeLimit": "1Gi"}}]}});
        assert_eq!(texts(&applied, &live), [""; 0]);
        live["spec"]["containers"][0]["resources"]["requests"]["cpu"] = json!("501m");
        live["spec"]["containers"][0]["env"][0]["value"] = json!("1000m");
        let changed: Vec<String> = texts(&applied, &live).into_iter().filter(|line| !line.starts_with(' ')).collect();
        assert_eq!(
            changed,
            ["-       value: \"1\"", "+       value: 1000m", "-         cpu: 0.5", "+         cpu: 501m"]
        );
    }

    #[test]
    fn mounts_of_one_volume_are_told_apart() {
        let mount = |path: &str| json!({"name": "v", "mountPath": path});
        let applied = json!({"volumeMounts": [mount("/a"), mount("/b")]});
        assert_eq!(texts(&applied, &json!({"volumeMounts": [mount("/b"), mount("/a")]})), [""; 0]);
    }

    #[test]
    fn what_is_gone_is_drift_and_lists_without_keys_go_by_place() {
        let applied = json!({"spec": {"a": 1, "list": ["p", "q"], "named": [{"name": "web"}]}});
        let live = json!({"spec": {"list": ["p", "r", "s"], "named": []}});
        let changed: Vec<String> = texts(&applied, &live).into_iter().filter(|line| !line.starts_with(' ')).collect();
        assert_eq!(
            changed,
            ["-   a: 1", "-   - q", "-   named:", "-   - name: web", "+   - r", "+   - s", "+   named: []"]
        );
    }
}
