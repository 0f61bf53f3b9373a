//! `Pod`: what a drain needs to know of a pod, and nothing else of it.

use crate::kinds::Time;
use crate::kinds::lenient::null;
use crate::kinds::time::moment;
use serde::Deserialize;
use serde::de::IgnoredAny;
use std::collections::BTreeMap;

/// A pod.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Pod {
    /// Its metadata.
    #[serde(deserialize_with = "null")]
    pub metadata: Metadata,
    /// What it is made of.
    #[serde(deserialize_with = "null")]
    pub spec: Spec,
    /// How it fares.
    #[serde(deserialize_with = "null")]
    pub status: Status,
}

/// The metadata of a pod.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Metadata {
    /// Name.
    #[serde(deserialize_with = "null")]
    pub name: String,
    /// Namespace.
    #[serde(deserialize_with = "null")]
    pub namespace: String,
    /// UID, as the server writes it.
    #[serde(deserialize_with = "null")]
    pub uid: String,
    /// Labels.
    #[serde(deserialize_with = "null")]
    pub labels: BTreeMap<String, Option<String>>,
    /// By when it has to be gone, once its deletion was asked for.
    #[serde(deserialize_with = "moment")]
    pub deletion_timestamp: Option<Time>,
    /// What has to be done before it may go.
    #[serde(deserialize_with = "null")]
    pub finalizers: Vec<String>,
    #[serde(deserialize_with = "null")]
    annotations: Annotations,
    #[serde(deserialize_with = "null")]
    owner_references: Vec<Owner>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Annotations {
    /// Set on a pod that the kubelet runs from a file.
    #[serde(rename = "kubernetes.io/config.mirror")]
    mirror: Option<IgnoredAny>,
}

/// An entry of `ownerReferences`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Owner {
    /// API version with group, e.g. `apps/v1`.
    #[serde(deserialize_with = "null")]
    pub api_version: String,
    /// Kind.
    #[serde(deserialize_with = "null")]
    pub kind: String,
    /// Name.
    #[serde(deserialize_with = "null")]
    pub name: String,
    #[serde(deserialize_with = "null")]
    controller: bool,
}

/// The part of the specification that matters here.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Spec {
    #[serde(deserialize_with = "null")]
    volumes: Vec<Volume>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Volume {
    empty_dir: Option<IgnoredAny>,
}

/// The part of the status that matters here.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Status {
    #[serde(deserialize_with = "null")]
    phase: String,
    #[serde(deserialize_with = "null")]
    conditions: Vec<Condition>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Condition {
    #[serde(rename = "type", deserialize_with = "null")]
    kind: String,
    #[serde(deserialize_with = "null")]
    status: String,
}

impl Pod {
    /// The owner that manages it.
    pub fn controller(&self) -> Option<&Owner> {
        self.metadata.owner_references.iter().find(|owner| owner.controller)
    }

    /// The `DaemonSet` that manages it. The version has to be `apps/v1` exactly, as kubectl has it.
    pub fn daemon_set(&self) -> Option<&str> {
        let owner = self.controller().filter(|owner| owner.kind == "DaemonSet" && owner.api_version == "apps/v1")?;
        Some(&owner.name)
    }

    /// Whether its containers have ended for good.
    pub fn is_finished(&self) -> bool {
        matches!(self.status.phase.as_str(), "Succeeded" | "Failed")
    }

    /// Whether it has not begun yet.
    pub fn is_pending(&self) -> bool {
        self.status.phase == "Pending"
    }

    /// Whether it counts as healthy.
    pub fn is_ready(&self) -> bool {
        self.status.conditions.iter().any(|condition| condition.kind == "Ready" && condition.status == "True")
    }

    /// Whether the kubelet runs it from a file, so that no request can remove it.
    pub fn is_mirror(&self) -> bool {
        self.metadata.annotations.mirror.is_some()
    }

    /// Whether data goes with it. A path of the host is not its own.
    pub fn has_local_data(&self) -> bool {
        self.spec.volumes.iter().any(|volume| volume.empty_dir.is_some())
    }

    /// Whether its deletion was due more than `seconds` ago; never for 0.
    pub fn is_overdue(&self, seconds: u32, now: Time) -> bool {
        let due = self.metadata.deletion_timestamp;
        seconds > 0 && due.is_some_and(|due| now.seconds_since(due) > i64::from(seconds))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_null_or_absent_is_nothing() {
        let null = json!({"metadata": {"labels": null, "annotations": null, "ownerReferences": null, "finalizers": null},
            "spec": {"volumes": null}, "status": {"conditions": null, "phase": null}});
        for object in [json!({}), json!({"metadata": null, "spec": null, "status": null}), null] {
            let pod: Pod = serde_json::from_value(object).unwrap();
            assert!(!pod.is_mirror() && !pod.has_local_data() && !pod.is_finished() && !pod.is_ready());
            assert!(pod.controller().is_none());
        }
    }

    #[test]
    fn the_controller_is_the_owner_that_says_so() {
        let owners = json!([{"apiVersion": "apps/v1", "kind": "DaemonSet", "name": "first"},
            {"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "web", "controller": true}]);
        let pod: Pod = serde_json::from_value(json!({"metadata": {"ownerReferences": owners}})).unwrap();
        assert_eq!((pod.controller().unwrap().name.as_str(), pod.daemon_set()), ("web", None));
    }
}
