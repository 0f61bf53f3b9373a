//! The kinds that the mock serves, one line each. Those with objects have a template in `objects/`, and as many objects
//! as a cluster with so many pods has.

use crate::data::{Cluster, PER_NAMESPACE, PER_REPLICASET, number_of};
use std::ops::Range;

/// A kind.
#[derive(Debug, PartialEq, Eq)]
pub struct Sort {
    /// API group, `""` for the core group.
    pub group: &'static str,
    /// API version without the group.
    pub version: &'static str,
    /// Plural, as in the URL.
    pub plural: &'static str,
    /// The kind.
    pub kind: &'static str,
    /// Its short name, or nothing.
    pub short: &'static str,
    /// Whether its objects live in namespaces.
    pub namespaced: bool,
    /// For how many pods there is one object; 0 for a kind without objects. Divides `PER_NAMESPACE` where it is
    /// namespaced.
    pub every: u64,
}

/// Pods on one node, about.
pub const PER_NODE: u64 = 30;
/// Pods for each of which an event was seen in the last hour.
const PER_EVENT: u64 = 10;

const PODS: Sort = sort("", "pods", "Pod", "po", 1);

/// All of them.
#[rustfmt::skip]
pub const SORTS: &[Sort] = &[
    PODS,
    sort("", "namespaces", "Namespace", "ns", PER_NAMESPACE).cluster_scoped(),
    sort("", "nodes", "Node", "no", PER_NODE).cluster_scoped(),
    sort("", "services", "Service", "svc", PER_REPLICASET),
    sort("", "events", "Event", "ev", PER_EVENT),
    sort("", "configmaps", "ConfigMap", "cm", 0),
    sort("", "secrets", "Secret", "", 0),
    sort("", "serviceaccounts", "ServiceAccount", "sa", 0),
    sort("", "endpoints", "Endpoints", "ep", 0),
    sort("", "persistentvolumes", "PersistentVolume", "pv", 0).cluster_scoped(),
    sort("", "persistentvolumeclaims", "PersistentVolumeClaim", "pvc", 0),
    sort("apps", "deployments", "Deployment", "deploy", PER_REPLICASET),
    sort("apps", "replicasets", "ReplicaSet", "rs", PER_REPLICASET),
    sort("apps", "statefulsets", "StatefulSet", "sts", 0),
    sort("apps", "daemonsets", "DaemonSet", "ds", 0),
    sort("batch", "jobs", "Job", "", 0),
    sort("batch", "cronjobs", "CronJob", "cj", 0),
    sort("discovery.k8s.io", "endpointslices", "EndpointSlice", "", PER_REPLICASET),
    sort("events.k8s.io", "events", "Event", "ev", 0),
    sort("networking.k8s.io", "ingresses", "Ingress", "ing", 0),
    sort("authorization.k8s.io", "selfsubjectaccessreviews", "SelfSubjectAccessReview", "", 0).cluster_scoped(),
    sort("authorization.k8s.io", "selfsubjectrulesreviews", "SelfSubjectRulesReview", "", 0).cluster_scoped(),
    sort("authentication.k8s.io", "selfsubjectreviews", "SelfSubjectReview", "", 0).cluster_scoped(),
];

/// The groups beside the core group.
pub const GROUPS: [&str; 7] = [
    "apps",
    "batch",
    "discovery.k8s.io",
    "events.k8s.io",
    "networking.k8s.io",
    "authorization.k8s.io",
    "authentication.k8s.io",
];

const fn sort(group: &'static str, plural: &'static str, kind: &'static str, short: &'static str, every: u64) -> Sort {
    Sort { group, version: "v1", plural, kind, short, namespaced: true, every }
}

/// The kind of a URL.
pub fn find(group: &str, version: &str, plural: &str) -> Option<&'static Sort> {
    SORTS.iter().find(|sort| (sort.group, sort.version, sort.plural) == (group, version, plural))
}

/// The kind of pods.
pub fn pods() -> &'static Sort {
    const { &PODS }
}

impl Sort {
    /// The same kind, with objects outside namespaces.
    const fn cluster_scoped(mut self) -> Self {
        self.namespaced = false;
        self
    }

    /// `apps/v1`, or `v1` in the core group.
    pub fn api_version(&self) -> String {
        if self.group.is_empty() { self.version.to_owned() } else { format!("{}/{}", self.group, self.version) }
    }

    /// Whether these are the pods, which are the only ones that change.
    pub fn is_pods(&self) -> bool {
        self == pods()
    }

    /// Whether a request only asks for an answer: there are no objects, and nothing to list.
    pub fn is_review(&self) -> bool {
        self.kind.ends_with("Review")
    }

    /// Whether there are objects.
    pub fn has_objects(&self) -> bool {
        self.every > 0
    }

    /// The indexes of the objects in a namespace, or in all.
    pub fn range(&self, cluster: &Cluster, namespace: Option<&str>) -> Range<u64> {
        let pods = match namespace {
            _ if self.every == 0 => 0..0,
            Some(name) if self.plural == "namespaces" => number_of(name).map_or(0..0, |n| one(cluster, n)),
            Some(name) => cluster.namespace(name),
            None => 0..cluster.pods,
        };
        pods.start / self.every.max(1)..pods.end.div_ceil(self.every.max(1))
    }
}

/// The pods of one namespace.
fn one(cluster: &Cluster, number: u64) -> Range<u64> {
    (number * PER_NAMESPACE).min(cluster.pods)..((number + 1) * PER_NAMESPACE).min(cluster.pods)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cluster_of_150_000_pods_has_as_many_of_the_others_as_usual() {
        let cluster = Cluster { seed: 7, pods: 150_000, now: 1_800_000_000 };
        let count = |plural: &str| SORTS.iter().find(|s| s.plural == plural).unwrap().range(&cluster, None).end;
        let counts = ["nodes", "namespaces", "replicasets", "deployments", "services", "endpointslices", "events"];
        assert_eq!(counts.map(count), [5_000, 150, 7_500, 7_500, 7_500, 7_500, 15_000]);
        let services = find("", "v1", "services").unwrap();
        assert_eq!(services.range(&cluster, Some("tenant-0002")), 100..150);
        assert!(services.range(&cluster, Some("none")).is_empty());
    }

    #[test]
    fn every_group_is_announced_and_names_are_unique() {
        for sort in SORTS {
            assert!(sort.group.is_empty() || GROUPS.contains(&sort.group), "{sort:?}");
            assert!(!sort.namespaced || sort.every == 0 || PER_NAMESPACE.is_multiple_of(sort.every), "{sort:?}");
            assert_eq!(find(sort.group, sort.version, sort.plural), Some(sort));
        }
    }
}
