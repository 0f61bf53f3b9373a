//! Which of the objects others need before they can be: namespaces, and definitions of kinds.

use super::found::Found;
use super::written::Written;
use crate::cluster::gate::Reader;
use crate::cluster::url;
use serde_json::Value;
use std::collections::BTreeSet;

/// A kind that a `CustomResourceDefinition` in the same manifests defines.
pub(super) struct Defined {
    pub api_version: String,
    pub kind: String,
    pub namespaced: bool,
}

/// The kinds that a `CustomResourceDefinition` defines: one for each version.
pub(super) fn defines(written: &Written) -> Vec<Defined> {
    if written.text("/kind") != "CustomResourceDefinition" {
        return Vec::new();
    }
    let (group, kind) = (written.text("/spec/group"), written.text("/spec/names/kind"));
    let namespaced = written.text("/spec/scope") == "Namespaced";
    let versions = written.object.pointer("/spec/versions").and_then(Value::as_array);
    let versions = versions.into_iter().flatten().filter_map(|version| version.get("name").and_then(Value::as_str));
    let one = |version| Defined { api_version: format!("{group}/{version}"), kind: kind.to_owned(), namespaced };
    versions.map(one).collect()
}

/// Which objects others need, by their number, and whether one of them is not there yet.
pub(super) async fn needs(found: &[Found], reader: &Reader) -> (BTreeSet<usize>, bool) {
    let places: BTreeSet<&str> = found.iter().map(|one| one.namespace.as_str()).collect();
    let (mut needed, mut missing) = (BTreeSet::new(), found.iter().any(|one| one.target.is_none()));
    for (at, one) in found.iter().enumerate() {
        if let Some(namespace) = namespace(one).filter(|name| places.contains(name)) {
            needed.insert(at);
            // What may not be read is taken to be there: the rehearsal tells otherwise.
            missing |= matches!(reader.find(&path_of(namespace)).await, Ok(None));
        }
        let defined = defines(&one.written);
        let is_defined = |other: &Found| {
            let (api_version, kind) = (other.written.text("/apiVersion"), other.written.text("/kind"));
            defined.iter().any(|one| one.api_version == api_version && one.kind == kind)
        };
        if !defined.is_empty() && found.iter().any(is_defined) {
            needed.insert(at);
        }
    }
    (needed, missing)
}

/// The name of the namespace that an object is, if it is one.
fn namespace(found: &Found) -> Option<&str> {
    let target = found.target.as_ref()?;
    (target.names.kind == "Namespace" && target.names.group.is_empty()).then_some(target.name.as_str())
}

fn path_of(namespace: &str) -> String {
    let mut path = "/api/v1/namespaces/".to_owned();
    url::encode(namespace, &mut path);
    path
}
