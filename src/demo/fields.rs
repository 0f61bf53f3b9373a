//! Sets of fields and who manages them (`metadata.managedFields`), as structured-merge-diff keeps them.

use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

use super::json::{entries, list, remove, set, text};
use super::resource::Resource;

/// The parts of a path as `FieldsV1` writes them: `f:spec`, `k:{"name":"a"}`, `v:"x"`.
pub type Path = Vec<String>;

/// What is at each field: a plain value, or null for an item or a map that has fields of its own.
pub type Fields = BTreeMap<Path, Value>;

/// Who writes: manager, operation, subresource and moment.
#[derive(Debug, Clone, Copy)]
pub struct Writer<'a> {
    /// Name of the manager.
    pub manager: &'a str,
    /// `Apply` or `Update`.
    pub operation: &'static str,
    /// Empty, `status` or `scale`.
    pub subresource: &'a str,
    /// The moment.
    pub now: &'a str,
}

/// What nobody manages.
const UNMANAGED: &[&str] = &[
    "/apiVersion",
    "/kind",
    "/metadata/name",
    "/metadata/namespace",
    "/metadata/uid",
    "/metadata/resourceVersion",
    "/metadata/generation",
    "/metadata/creationTimestamp",
    "/metadata/deletionTimestamp",
    "/metadata/deletionGracePeriodSeconds",
    "/metadata/managedFields",
];

/// Maps that are always there, so that nobody adds them.
const ALWAYS: &[&str] = &["f:metadata", "f:spec", "f:status", "f:template", "f:strategy", "f:containers"];

/// Fields whose value counts as one (`atomic` in the API's types).
const ATOMIC: &[&str] = &[
    "selector",
    "nodeSelector",
    "podSelector",
    "namespaceSelector",
    "labelSelector",
    "fieldRef",
    "configMapKeyRef",
    "secretKeyRef",
    "resourceFieldRef",
];

/// The fields of an object that somebody can manage.
pub fn of(object: &Value) -> Fields {
    let mut managed = object.clone();
    for path in UNMANAGED {
        remove(&mut managed, path);
    }
    for path in ["/metadata", "/status"] {
        if managed.pointer(path).and_then(Value::as_object).is_some_and(Map::is_empty) {
            remove(&mut managed, path);
        }
    }
    let mut fields = Fields::new();
    walk(&managed, (&mut Path::new(), ""), &mut fields);
    fields
}

fn walk(value: &Value, (path, name): (&mut Path, &str), fields: &mut Fields) {
    let mut inside = |part: String, value: &Value, name: &str| {
        path.push(part);
        walk(value, (path, name), fields);
        path.pop();
    };
    match value {
        Value::Object(map) if !map.is_empty() && !ATOMIC.contains(&name) => {
            for (name, value) in map {
                inside(format!("f:{name}"), value, name);
            }
            if path.last().is_some_and(|last| !ALWAYS.contains(&last.as_str())) {
                fields.insert(path.clone(), Value::Null);
            }
        }
        Value::Array(items) if !items.is_empty() && is_keyed(name) => {
            for item in items {
                inside(part_of(name, item), item, "");
            }
            if path.last().is_some_and(|last| !ALWAYS.contains(&last.as_str())) {
                fields.insert(path.clone(), Value::Null);
            }
        }
        value => drop(fields.insert(path.clone(), value.clone())),
    }
}

/// Whether the items of a list are managed one by one.
pub fn is_keyed(list: &str) -> bool {
    list == "finalizers" || !keys(list).is_empty()
}

/// The fields by which the items of a list are told apart (`x-kubernetes-list-map-keys`).
fn keys(list: &str) -> &'static [&'static str] {
    match list {
        "containers" | "initContainers" | "ephemeralContainers" | "env" | "volumes" | "imagePullSecrets" => &["name"],
        "volumeMounts" => &["mountPath"],
        "volumeDevices" => &["devicePath"],
        "ports" => &["containerPort", "port", "protocol"],
        "conditions" => &["type"],
        "ownerReferences" => &["uid"],
        "hostAliases" => &["ip"],
        "topologySpreadConstraints" => &["topologyKey", "whenUnsatisfiable"],
        _ => &[],
    }
}

/// The part of a path that stands for an item.
pub fn part_of(list: &str, item: &Value) -> String {
    if !item.is_object() {
        return format!("v:{item}");
    }
    let mut key: Map<String, Value> =
        keys(list).iter().filter_map(|name| Some(((*name).to_owned(), item.get(*name)?.clone()))).collect();
    if list == "ports" {
        key.entry("protocol").or_insert_with(|| "TCP".into());
    }
    format!("k:{}", Value::Object(key))
}

/// A path as conflicts name it: `.spec.containers[name="a"].image`.
pub fn shown(path: &Path) -> String {
    let part = |part: &String| match part.split_once(':') {
        Some(("k", key)) => {
            let key: Value = serde_json::from_str(key).unwrap_or_default();
            let fields: Vec<String> = entries(&key, "").map(|(name, value)| format!("{name}={value}")).collect();
            format!("[{}]", fields.join(","))
        }
        Some(("v", value)) => format!("[={value}]"),
        Some((_, name)) => format!(".{name}"),
        None => String::new(),
    };
    path.iter().map(part).collect()
}

/// The fields in an entry of `managedFields`.
pub fn owned(entry: &Value) -> BTreeSet<Path> {
    let mut paths = BTreeSet::new();
    read(entry.get("fieldsV1").unwrap_or(&Value::Null), &mut Path::new(), &mut paths);
    paths
}

fn read(tree: &Value, path: &mut Path, paths: &mut BTreeSet<Path>) {
    for (part, inner) in entries(tree, "").filter(|(part, _)| *part != ".") {
        path.push(part.clone());
        if inner.as_object().is_none_or(|inner| inner.is_empty() || inner.contains_key(".")) {
            paths.insert(path.clone());
        }
        read(inner, path, paths);
        path.pop();
    }
}

/// The fields as `FieldsV1` writes them.
fn tree(paths: &BTreeSet<Path>) -> Value {
    let mut tree = json!({});
    for path in paths {
        let inside = paths.range(path.clone()..).nth(1).is_some_and(|next| next.starts_with(path));
        grow(&mut tree, path, inside);
    }
    tree
}

/// Puts a path into a tree; `inside` says that there are longer ones.
fn grow(tree: &mut Value, path: &[String], inside: bool) {
    let Some(map) = tree.as_object_mut() else { return };
    match path.split_first() {
        Some((first, rest)) => grow(map.entry(first.clone()).or_insert_with(|| json!({})), rest, inside),
        None if inside => drop(map.insert(".".to_owned(), json!({}))),
        None => {}
    }
}

/// What a change did to the fields: those that are new or have another value, and those that are gone.
pub fn changes(old: &Fields, new: &Fields) -> (BTreeSet<Path>, BTreeSet<Path>) {
    let changed = new.iter().filter(|(path, value)| old.get(*path) != Some(value)).map(|(path, _)| path.clone());
    let gone = old.keys().filter(|path| !new.contains_key(*path)).cloned();
    (changed.collect(), gone.collect())
}

/// Whether an entry of `managedFields` is this writer's.
pub fn is_of(entry: &Value, writer: Writer) -> bool {
    text(entry, "/manager") == writer.manager
        && text(entry, "/operation") == writer.operation
        && text(entry, "/subresource") == writer.subresource
}

/// Books a change on its writer: what it changed is its own from now on, and nobody else's.
pub fn book(resource: &Resource, (old, new): (&Value, &mut Value), writer: Writer) {
    let (before, after) = (managed(resource, old, writer), managed(resource, new, writer));
    let (changed, gone) = changes(&before, &after);
    let mut own = BTreeSet::new();
    let mut all = list(new, "/metadata/managedFields").to_vec();
    all.retain_mut(|entry| {
        let mut paths = owned(entry);
        if is_of(entry, writer) {
            own = paths;
            return false;
        }
        let before = paths.len();
        paths.retain(|path| !gone.contains(path) && (!changed.contains(path) || after.get(path) == Some(&Value::Null)));
        if paths.len() < before {
            set(entry, "/fieldsV1", tree(&paths));
        }
        !paths.is_empty()
    });
    own.retain(|path| !gone.contains(path));
    own.extend(changed);
    keep(resource, (new, all), (writer, &own));
}

/// Kinds with a status have it managed through its subresource alone.
fn managed(resource: &Resource, object: &Value, writer: Writer) -> Fields {
    let mut fields = of(object);
    if resource.has("status") {
        let status = |path: &Path| path.first().is_some_and(|first| first == "f:status");
        fields.retain(|path, _| status(path) == (writer.subresource == "status"));
    }
    fields
}

/// Writes the entries, those that apply first, then by time.
pub fn keep(
    resource: &Resource,
    (object, mut all): (&mut Value, Vec<Value>),
    (writer, own): (Writer, &BTreeSet<Path>),
) {
    if !own.is_empty() {
        let mut entry = json!({
            "manager": writer.manager, "operation": writer.operation, "apiVersion": resource.api_version(),
            "fieldsType": "FieldsV1", "fieldsV1": tree(own),
        });
        if !writer.now.is_empty() {
            set(&mut entry, "/time", writer.now);
        }
        if !writer.subresource.is_empty() {
            set(&mut entry, "/subresource", writer.subresource);
        }
        all.push(entry);
    }
    all.sort_by_key(|entry| ["/operation", "/time", "/manager"].map(|path| text(entry, path).to_owned()));
    set(object, "/metadata/managedFields", all);
}
