//! What a kind or a field is, against `kubectl explain` of the same version, byte for byte.

use super::control_plane::{self, Plane, kubectl};
use super::wire::Wire;
use serde_json::{Value, json};
use std::time::Duration;

/// Kinds and fields with everything that an explanation may hold.
const PATHS: &[&str] = &[
    "pods",
    "pod.spec",
    "po.spec.containers",
    "pods.spec.containers.image",
    "pods.spec.containers.imagePullPolicy",
    "pods.spec.containers.resources.limits",
    "pods.spec.volumes.hostPath.type",
    "pods.metadata.labels",
    "pods.metadata.managedFields.fieldsV1",
    "pods.spec.affinity",
    "deployments.apps.spec.strategy.rollingUpdate.maxSurge",
    "deploy.spec.template",
    "ingresses.networking.k8s.io.spec.rules.http.paths",
    "horizontalpodautoscalers.spec.metrics",
    "networkpolicies.spec.ingress.from",
    "persistentvolumes.spec.csi",
    "nodes.status.conditions",
    "clusterroles.rules",
    "customresourcedefinitions.spec.versions.schema.openAPIV3Schema.properties",
    "secrets.data",
    "events",
];

/// A definition with an enumeration, a map, a list, free fields and descriptions of several lines.
fn definition() -> Value {
    let spec = json!({"type": "object", "description": "What it shall be.\n\nIn  two paragraphs, of which the second is so long that it has to be broken at the right place.",
        "required": ["size"], "properties": {
            "size": {"type": "integer", "format": "int32", "description": "How many.", "minimum": 1},
            "mode": {"type": "string", "enum": ["", "fast", "slow", "still", "odd"], "description": "How."},
            "weights": {"type": "object", "additionalProperties": {"type": "number"}},
            "parts": {"type": "array", "items": {"type": "object", "properties": {"name": {"type": "string"}}}},
            "free": {"type": "object", "x-kubernetes-preserve-unknown-fields": true},
            "port": {"x-kubernetes-int-or-string": true},
            "level": {"type": "integer", "enum": [1, 2]}}});
    let schema = json!({"type": "object", "description": "A widget.", "properties": {"spec": spec}});
    let version = json!({"name": "v1", "served": true, "storage": true, "schema": {"openAPIV3Schema": schema}});
    json!({"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
        "metadata": {"name": "widgets.explain.example.com"},
        "spec": {"group": "explain.example.com", "scope": "Namespaced", "versions": [version],
            "names": {"plural": "widgets", "singular": "widget", "kind": "Widget", "shortNames": ["wdg"]}}})
}

/// What both print of a path; of kubectl `None` when it knows nothing of it.
fn both(plane: &Plane, arguments: &[&str]) -> (Option<String>, Option<String>) {
    let arguments = [&["explain"], arguments].concat();
    let theirs = kubectl().arg("--kubeconfig").arg(plane.kubeconfig()).args(&arguments).output().expect("kubectl runs");
    let ours = plane.rutter(&arguments);
    let text =
        |output: std::process::Output| output.status.success().then(|| String::from_utf8(output.stdout).expect("text"));
    (text(theirs), text(ours))
}

fn same(plane: &Plane, arguments: &[&str]) {
    let (theirs, ours) = both(plane, arguments);
    assert!(theirs.is_some(), "{arguments:?}: kubectl does not explain it");
    assert_eq!(ours, theirs, "{arguments:?}");
}

#[tokio::test]
async fn every_field_is_explained_as_kubectl_does() {
    let Some(plane) = control_plane::bare() else { return };
    for path in PATHS {
        same(plane, &[path]);
    }
    for path in ["pods.spec", "cronjobs", "customresourcedefinitions", "services.spec.ports"] {
        same(plane, &[path, "--recursive"]);
    }
    assert_eq!(both(plane, &["pods.spec.nothing"]), (None, None));
    let said = plane.rutter(&["explain", "pods.spec.nothing"]);
    assert!(String::from_utf8_lossy(&said.stderr).contains("field \"nothing\" does not exist"));
    let said = plane.rutter(&["explain", "gizmos.spec"]);
    assert!(String::from_utf8_lossy(&said.stderr).contains("the server doesn't have a resource type \"gizmos\""));
}

#[tokio::test]
async fn custom_resources_are_explained_as_kubectl_does() {
    let Some(plane) = control_plane::bare() else { return };
    let wire = Wire(plane.anything("").await);
    let definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    wire.post(definitions, &definition()).await.ok("a definition");
    // The server publishes the schemas of a new kind some moments later.
    for _ in 0..100 {
        if both(plane, &["widgets"]).0.is_some() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    for path in [
        "widgets",
        "wdg.spec",
        "widgets.explain.example.com.spec.mode",
        "widget.spec.parts.name",
        "widgets.spec.weights",
    ] {
        same(plane, &[path]);
    }
    same(plane, &["widgets.spec", "--recursive"]);
    wire.delete(&format!("{definitions}/widgets.explain.example.com")).await.ok("deletion");
}
