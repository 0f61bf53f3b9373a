//! Drift: what is otherwise now than the manifest that was applied last says. Fields that it does not name do not count.

use super::diff::{self, DiffLine};
use serde_json::{Map, Value};

/// Fields by which elements of a list are told apart, the first that all of them have.
const KEYS: [&str; 7] = ["name", "containerPort", "port", "mountPath", "devicePath", "ip", "key"];

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
            let pairs = applied.iter().filter_map(|(key, applied)| Some((key, applied, live.get(key)?)));
            Value::Object(pairs.map(|(key, applied, live)| (key.clone(), named(applied, live))).collect::<Map<_, _>>())
        }
        (Value::Array(applied), Value::Array(live)) => Value::Array(elements(applied, live)),
        _ => live.clone(),
    }
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
