//! Which fields of objects name other objects: one table of patterns, for jumping there and for finding who uses what.

use super::Text;
use super::row::{Reference, Uid};
use super::way::{self as path, Step};
use serde_json::Value;

/// A kind of field that names another object, wherever in an object it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pattern {
    /// The end of the way to the field, `[]` for an element of a list: `backend.service`, `imagePullSecrets[]`.
    pub field: &'static str,
    /// How the field says the name.
    pub says: Says,
    /// API group of what is named; of [`Says::Typed`] the group where the field names none.
    pub group: &'static str,
    /// Its kind; of [`Says::Typed`] the kind where the field names none, and `""` is no kind.
    pub kind: &'static str,
}

/// How a field says which object it means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Says {
    /// Its text is the name.
    Name,
    /// It has a field `name`, and maybe `namespace`.
    Named,
    /// It has `kind` and `name`, and maybe `apiVersion` or `apiGroup`, `namespace` and `uid`.
    Typed,
}

/// Every pattern. What stands in labels, annotations and the data of config maps and secrets is no reference.
pub static PATTERNS: &[Pattern] = &[
    named("configMapRef", "", "ConfigMap"),
    named("configMapKeyRef", "", "ConfigMap"),
    named("configMap", "", "ConfigMap"),
    named("secretRef", "", "Secret"),
    named("secretKeyRef", "", "Secret"),
    named("secret", "", "Secret"),
    named("secrets[]", "", "Secret"),
    named("imagePullSecrets[]", "", "Secret"),
    named("nodePublishSecretRef", "", "Secret"),
    named("nodeStageSecretRef", "", "Secret"),
    named("nodeExpandSecretRef", "", "Secret"),
    named("controllerPublishSecretRef", "", "Secret"),
    named("controllerExpandSecretRef", "", "Secret"),
    name("secretName", "", "Secret"),
    named("backend.service", "", "Service"),
    named("defaultBackend.service", "", "Service"),
    named("clientConfig.service", "", "Service"),
    named("spec.service", "", "Service"),
    name("serviceName", "", "Service"),
    name("claimName", "", "PersistentVolumeClaim"),
    name("volumeName", "", "PersistentVolume"),
    name("persistentVolumeName", "", "PersistentVolume"),
    name("storageClassName", "storage.k8s.io", "StorageClass"),
    name("nodeName", "", "Node"),
    name("nominatedNodeName", "", "Node"),
    name("serviceAccountName", "", "ServiceAccount"),
    name("serviceAccount", "", "ServiceAccount"),
    name("priorityClassName", "scheduling.k8s.io", "PriorityClass"),
    name("runtimeClassName", "node.k8s.io", "RuntimeClass"),
    name("ingressClassName", "networking.k8s.io", "IngressClass"),
    name("metadata.namespace", "", "Namespace"),
    typed("ownerReferences[]", "", ""),
    typed("scaleTargetRef", "", ""),
    typed("roleRef", "rbac.authorization.k8s.io", ""),
    typed("subjects[]", "", ""),
    typed("involvedObject", "", ""),
    typed("regarding", "", ""),
    typed("related", "", ""),
    typed("targetRef", "", ""),
    typed("claimRef", "", "PersistentVolumeClaim"),
    typed("dataSource", "", ""),
    typed("dataSourceRef", "", ""),
    typed("active[]", "batch", "Job"),
    typed("parentRefs[]", "gateway.networking.k8s.io", "Gateway"),
    typed("backendRefs[]", "", "Service"),
];

const fn name(field: &'static str, group: &'static str, kind: &'static str) -> Pattern {
    Pattern { field, says: Says::Name, group, kind }
}

const fn named(field: &'static str, group: &'static str, kind: &'static str) -> Pattern {
    Pattern { field, says: Says::Named, group, kind }
}

const fn typed(field: &'static str, group: &'static str, kind: &'static str) -> Pattern {
    Pattern { field, says: Says::Typed, group, kind }
}

/// Subjects of role bindings that are no objects.
const NO_OBJECTS: [&str; 2] = ["User", "Group"];
/// How far above a line the field may stand that names an object: `backend.service.port.number` leads to the service.
const ABOVE: usize = 2;

/// The object that the field at `path` of `object` names, or the field around it. Its namespace is that of `object` where
/// the field says none; for kinds without namespaces the caller forgets it.
pub fn of_field(object: &Value, path: &[Step]) -> Option<Reference> {
    let least = path.len().saturating_sub(ABOVE).max(1);
    (least..=path.len()).rev().find_map(|length| named_at(object, path.get(..length)?))
}

/// Every object that `object` names, with the way to the field that does, in the order of its fields.
pub fn of_object(object: &Value) -> Vec<(Vec<Step>, Reference)> {
    let (mut found, mut path) = (Vec::new(), Vec::new());
    collect(object, object, &mut path, &mut found);
    found
}

fn collect(object: &Value, value: &Value, path: &mut Vec<Step>, found: &mut Vec<(Vec<Step>, Reference)>) {
    if let Some(reference) = named_at(object, path) {
        found.push((path.clone(), reference));
    }
    let mut inside = |step: Step, value: &Value| {
        path.push(step);
        collect(object, value, path, found);
        path.pop();
    };
    match value {
        Value::Object(map) => map.iter().for_each(|(name, value)| inside(Step::Key(name.clone()), value)),
        Value::Array(list) => list.iter().enumerate().for_each(|(at, value)| inside(Step::Index(at), value)),
        _ => {}
    }
}

/// The object that exactly this field names.
fn named_at(object: &Value, path: &[Step]) -> Option<Reference> {
    let pattern = PATTERNS.iter().find(|pattern| pattern.fits(path))?;
    let value = path::at(object, path).filter(|_| !is_free(object, path))?;
    let text = |name: &str| value.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    let name = match pattern.says {
        Says::Name => value.as_str().filter(|name| !name.is_empty())?,
        Says::Named | Says::Typed => text("name")?,
    };
    let typed = pattern.says == Says::Typed;
    let kind = text("kind").filter(|_| typed).unwrap_or(pattern.kind);
    if kind.is_empty() || NO_OBJECTS.contains(&kind) {
        return None;
    }
    let version = text("apiVersion").map(|version| version.split_once('/').map_or("", |(group, _)| group));
    let said = version.or(text("apiGroup")).or(text("group")).filter(|_| typed);
    // A kind that is named without its group is of the core group, but for the kind that is usual there.
    let group = said.unwrap_or(if kind == pattern.kind || pattern.kind.is_empty() { pattern.group } else { "" });
    let here = object.pointer("/metadata/namespace").and_then(Value::as_str).unwrap_or_default();
    let namespace = if pattern.says == Says::Name { None } else { text("namespace") };
    Some(Reference {
        group: Text::from(group),
        kind: Text::from(kind),
        namespace: Text::from(namespace.unwrap_or(here)),
        name: Text::from(name),
        uid: text("uid").filter(|_| typed).and_then(Uid::uuid),
    })
}

/// Whether people write what they like there.
fn is_free(object: &Value, path: &[Step]) -> bool {
    let keys: Vec<&str> = path.iter().take(2).filter_map(Step::key).collect();
    let holds = |kind: &str| object.get("kind").and_then(Value::as_str) == Some(kind);
    match keys.as_slice() {
        ["metadata", "labels" | "annotations" | "managedFields"] => true,
        ["data" | "stringData" | "binaryData", ..] => holds("ConfigMap") || holds("Secret"),
        _ => false,
    }
}

impl Pattern {
    /// Whether `path` ends as the pattern says.
    fn fits(&self, path: &[Step]) -> bool {
        let mut steps = path.iter().rev();
        self.field.rsplit('.').all(|part| {
            let (part, listed) = part.strip_suffix("[]").map_or((part, false), |part| (part, true));
            (!listed || matches!(steps.next(), Some(Step::Index(_)))) && steps.next().and_then(Step::key) == Some(part)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn key(name: &str) -> Step {
        Step::Key(name.to_owned())
    }

    fn all(object: &Value) -> Vec<String> {
        let shown = |(path, to): (Vec<Step>, Reference)| {
            format!("{} → {}/{} {}/{}", path::json_path(&path), to.group, to.kind, to.namespace, to.name)
        };
        of_object(object).into_iter().map(shown).collect()
    }

    #[test]
    fn a_pod_names_what_it_uses() {
        let pod = json!({"kind": "Pod", "metadata": {"namespace": "shop", "labels": {"nodeName": "x"},
            "ownerReferences": [{"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "web-1", "uid": "u"}]},
            "spec": {"nodeName": "n1", "containers": [{"envFrom": [{"configMapRef": {"name": "c"}}, {"secretRef": {}}]}],
            "volumes": [{"name": "v", "secret": {"secretName": "s"}}, {"persistentVolumeClaim": {"claimName": "d"}}]}});
        assert_eq!(
            all(&pod),
            [
                ".metadata.namespace → /Namespace shop/shop",
                ".metadata.ownerReferences[0] → apps/ReplicaSet shop/web-1",
                ".spec.containers[0].envFrom[0].configMapRef → /ConfigMap shop/c",
                ".spec.nodeName → /Node shop/n1",
                ".spec.volumes[0].secret.secretName → /Secret shop/s",
                ".spec.volumes[1].persistentVolumeClaim.claimName → /PersistentVolumeClaim shop/d",
            ]
        );
    }

    #[test]
    fn types_come_from_the_field_or_from_what_is_usual_there() {
        let binding = json!({"roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "view"},
            "subjects": [{"kind": "User", "name": "me"}, {"kind": "ServiceAccount", "name": "a", "namespace": "b"}]});
        assert_eq!(
            all(&binding),
            [".roleRef → rbac.authorization.k8s.io/ClusterRole /view", ".subjects[1] → /ServiceAccount b/a"]
        );
        let job = json!({"status": {"active": [{"apiVersion": "batch/v1", "kind": "Job", "name": "j"}]}});
        assert_eq!(all(&job), [".status.active[0] → batch/Job /j"]);
        let route = json!({"parentRefs": [{"name": "g"}], "backendRefs": [{"name": "s", "port": 1}]});
        assert_eq!(
            all(&route),
            [".backendRefs[0] → /Service /s", ".parentRefs[0] → gateway.networking.k8s.io/Gateway /g"]
        );
    }

    #[test]
    fn a_line_leads_where_the_field_around_it_leads() {
        let ingress = json!({"metadata": {"namespace": "shop"},
            "spec": {"backend": {"service": {"name": "web", "port": {"number": 80}}}}});
        let service = [key("spec"), key("backend"), key("service")];
        let number = [&service[..], &[key("port"), key("number")]].concat();
        assert_eq!(of_field(&ingress, &number).unwrap().name, "web");
        assert_eq!(of_field(&ingress, &service).unwrap().namespace, "shop");
        assert_eq!(of_field(&ingress, &service[..2]), None);
        assert_eq!(of_field(&ingress, &[]), None);
    }

    #[test]
    fn what_people_write_freely_is_no_reference() {
        assert_eq!(all(&json!({"kind": "ConfigMap", "data": {"nodeName": "n", "secretName": "s"}})), [""; 0]);
        let template = json!({"kind": "Certificate", "spec": {"secretName": "tls"}});
        assert_eq!(all(&template), [".spec.secretName → /Secret /tls"]);
        assert_eq!(all(&json!({"spec": {"nodeName": 5, "configMap": ["x"], "claimRef": {"name": ""}}})), [""; 0]);
    }
}
