//! Who set which field: `metadata.managedFields` (`fieldsV1` of apimachinery's `fieldpath`), laid over a document.

use super::tree::{NodeId, ROOT, Tree};
use crate::kinds::Time;
use crate::kinds::way::Step;
use serde_json::{Map, Value};

/// Somebody who set fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manager {
    /// How they call themselves.
    pub name: String,
    /// `Apply` or `Update`.
    pub operation: String,
    /// The subresource that they wrote, `""` for the object itself.
    pub subresource: String,
    /// When they set something last.
    pub time: Option<Time>,
}

/// A field that somebody set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Owned {
    node: NodeId,
    manager: usize,
    /// Whether it was set as a whole, with all that is inside.
    whole: bool,
}

/// Who set the fields of a document.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Managers {
    all: Vec<Manager>,
    /// Sorted by the field.
    owned: Vec<Owned>,
}

impl Managers {
    /// Reads who set the fields of `object`, whose lines are those of `tree`.
    pub fn of(object: &Value, tree: &Tree) -> Self {
        let mut managers = Self::default();
        let entries = object.pointer("/metadata/managedFields").and_then(Value::as_array);
        for entry in entries.into_iter().flatten() {
            let text = |name: &str| entry.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
            let time = entry.get("time").and_then(Value::as_str).and_then(Time::parse);
            let (name, operation, subresource) = (text("manager"), text("operation"), text("subresource"));
            managers.all.push(Manager { name, operation, subresource, time });
            if let Some(fields) = entry.get("fieldsV1").and_then(Value::as_object) {
                managers.take((tree, ROOT), object, fields);
            }
        }
        managers.owned.sort_unstable();
        managers
    }

    /// Takes over the fields inside `node`, whose value is `value`, that the last manager set.
    fn take(&mut self, (tree, node): (&Tree, NodeId), value: &Value, fields: &Map<String, Value>) {
        let manager = self.all.len().saturating_sub(1);
        if fields.contains_key(".") {
            self.owned.push(Owned { node, manager, whole: false });
        }
        // Elements of lists are named by their keys or values, which are looked up once for each element that is named.
        let elements: Vec<(usize, &Value)> =
            fields.iter().filter_map(|(sign, inner)| Some((element(sign, value)?, inner))).collect();
        for child in tree.children(node) {
            let inner = match tree.step(child) {
                Some(Step::Key(key)) => fields.get(&format!("f:{key}")),
                Some(Step::Index(at)) => elements.iter().find(|(element, _)| element == at).map(|(_, inner)| *inner),
                None => None,
            };
            let Some((inner, value)) = inner.and_then(Value::as_object).zip(tree.step(child).and_then(|s| s.of(value)))
            else {
                continue;
            };
            if inner.is_empty() {
                self.owned.push(Owned { node: child, manager, whole: true });
            } else {
                self.take((tree, child), value, inner);
            }
        }
    }

    /// Whether nobody is known.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Who set a field, the most recent first. A field in which others set parts belongs to who made it.
    pub fn of_node(&self, tree: &Tree, node: NodeId) -> Vec<&Manager> {
        let mut found: Vec<&Manager> = Vec::new();
        for at in tree.up(node) {
            let from = self.owned.partition_point(|owned| owned.node < at);
            let here = self.owned.iter().skip(from).take_while(|owned| owned.node == at);
            found
                .extend(here.filter(|owned| at == node || owned.whole).filter_map(|owned| self.all.get(owned.manager)));
            if !found.is_empty() {
                break;
            }
        }
        found.sort_by_key(|manager| std::cmp::Reverse(manager.time));
        found
    }
}

/// Which element of a list `sign` names: by its keys (`k:{"name":"web"}`), its value (`v:"x"`) or its place (`i:0`).
fn element(sign: &str, list: &Value) -> Option<usize> {
    let list = list.as_array()?;
    let (of, what) = sign.split_once(':')?;
    match of {
        "i" => what.parse().ok(),
        "v" => {
            let value: Value = serde_json::from_str(what).ok()?;
            list.iter().position(|one| *one == value)
        }
        "k" => {
            let keys: Map<String, Value> = serde_json::from_str(what).ok()?;
            // A key that the object leaves out has its default, which only the schema knows: `protocol`.
            let is = |one: &Value| keys.iter().all(|(key, value)| one.get(key).is_none_or(|own| own == value));
            let named = |one: &Value| keys.keys().any(|key| one.get(key).is_some());
            list.iter().position(|one| is(one) && named(one))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Document, Options};
    use super::*;
    use serde_json::json;

    fn set_by(object: &Value) -> Vec<String> {
        let document = Document::of(object.clone(), &Options::default());
        let managers = Managers::of(object, document.tree());
        let told = |line: usize| {
            let names: Vec<&str> =
                managers.of_node(document.tree(), document.node(line)).iter().map(|m| m.name.as_str()).collect();
            format!("{} <{}>", document.line(line).unwrap(), names.join(" "))
        };
        (0..document.len()).map(told).collect()
    }

    #[test]
    fn each_line_is_told_who_set_it() {
        let object = json!({
            "metadata": {"labels": {"app": "web", "by": "hand"}, "finalizers": ["a", "b"], "managedFields": [
                {"manager": "kubectl", "operation": "Apply", "time": "2026-01-05T12:00:00Z", "fieldsV1": {
                    "f:metadata": {"f:labels": {".": {}, "f:app": {}}, "f:finalizers": {".": {}, "v:\"b\"": {}}},
                    "f:spec": {"f:selector": {}, "f:ports": {"k:{\"port\":80,\"protocol\":\"TCP\"}": {".": {}, "f:port": {}}}}}},
                {"manager": "scaler", "operation": "Update", "subresource": "scale", "time": "2026-01-06T12:00:00Z",
                    "fieldsV1": {"f:spec": {"f:replicas": {}, "f:selector": {}, "f:gone": {"f:x": {}}}}}]},
            "spec": {"replicas": 2, "selector": {"app": "web"}, "ports": [{"port": 443}, {"port": 80, "name": "http"}]},
        });
        assert_eq!(
            set_by(&object),
            [
                "metadata: <>",
                "  finalizers: <kubectl>",
                "  - a <>",
                "  - b <kubectl>",
                "  labels: <kubectl>",
                "    app: web <kubectl>",
                "    by: hand <>",
                "spec: <>",
                "  ports: <>",
                "  - port: 443 <>",
                "  - name: http <>",
                "    port: 80 <kubectl>",
                "  replicas: 2 <scaler>",
                "  selector: <scaler kubectl>",
                "    app: web <scaler kubectl>",
            ]
        );
    }

    #[test]
    fn garbage_is_nobody() {
        for fields in [json!(1), json!({"f:spec": 5}), json!({"k:{": {}, "x": {}, "f:": {}}), json!([])] {
            let object = json!({"metadata": {"managedFields": [{"manager": 7, "fieldsV1": fields}, 3]}, "spec": [1]});
            assert!(set_by(&object).iter().all(|line| line.ends_with("<>")));
        }
    }
}
