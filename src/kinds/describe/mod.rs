//! Describing an object as kubectl 1.36 does (`pkg/describe`): the same sections, in the same order and words. Ages stay
//! true while one looks at them, lines lead to the objects that they name, and what a secret holds is masked.
//!
//! To add a kind: write its file, and add its line to `ALL`. Kinds without one are described field by field.

mod access;
mod addresses;
mod autoscaler;
mod budget;
mod classes;
mod common;
mod configmap;
mod container;
mod controlled;
mod csinode;
mod daemonset;
mod deployment;
mod der;
mod endpoints;
mod env;
mod events;
mod generic;
mod go;
mod ingress;
mod job;
mod json;
mod layout;
mod limits;
mod namespace;
mod networkpolicy;
mod node;
mod node_pods;
mod persistentvolume;
mod persistentvolumeclaim;
mod pod;
mod probe;
mod qos;
mod quota;
mod related;
mod replicaset;
mod rules;
mod secret;
mod service;
mod signing;
mod slices;
mod sources;
mod statefulset;
mod template;
mod volume;
mod writer;

pub use json::Json;
pub use related::{Missing, Related, Want, Which};
pub use writer::Writer;

use serde_json::Value;

/// How a kind is described.
pub struct Describer {
    /// Its API group.
    pub group: &'static str,
    /// Its name, as in `kind`.
    pub kind: &'static str,
    /// What its description needs beside the object, without its events.
    wants: fn(Json<'_>) -> Vec<Want>,
    /// Writes it, without its events.
    describe: fn(Json<'_>, &Related, &mut Writer),
    /// Whether its events follow.
    events: Events,
}

/// Which events follow a description.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Events {
    /// Those of the object.
    Usual,
    /// Those that its own `wants` ask for.
    Own,
    /// None.
    Left,
}

const fn describer(
    (group, kind): (&'static str, &'static str),
    wants: fn(Json<'_>) -> Vec<Want>,
    describe: fn(Json<'_>, &Related, &mut Writer),
) -> Describer {
    Describer { group, kind, wants, describe, events: Events::Usual }
}

const fn quiet(mut describer: Describer) -> Describer {
    describer.events = Events::Left;
    describer
}

const fn own_events(mut describer: Describer) -> Describer {
    describer.events = Events::Own;
    describer
}

fn nothing(_: Json<'_>) -> Vec<Want> {
    Vec::new()
}

const RBAC: &str = "rbac.authorization.k8s.io";
const NETWORK: &str = "networking.k8s.io";
const STORAGE: &str = "storage.k8s.io";

/// Every kind with a description of its own.
#[rustfmt::skip]
static ALL: &[Describer] = &[
    own_events(describer(("", "Pod"), pod::wants, pod::describe)),
    own_events(describer(("", "Node"), node::wants, node::describe)),
    describer(("apps", "Deployment"), deployment::wants, deployment::describe),
    describer(("apps", "ReplicaSet"), controlled::wants, replicaset::describe),
    describer(("", "ReplicationController"), replicaset::wants_of_plain, replicaset::describe_plain),
    describer(("apps", "StatefulSet"), controlled::wants, statefulset::describe),
    describer(("apps", "DaemonSet"), controlled::wants, daemonset::describe),
    describer(("batch", "Job"), nothing, job::describe),
    describer(("batch", "CronJob"), nothing, job::describe_cron),
    describer(("autoscaling", "HorizontalPodAutoscaler"), nothing, autoscaler::describe),
    describer(("policy", "PodDisruptionBudget"), nothing, budget::describe),
    describer(("", "Service"), service::wants, service::describe),
    describer(("", "Endpoints"), nothing, endpoints::describe),
    describer(("discovery.k8s.io", "EndpointSlice"), nothing, slices::describe),
    describer((NETWORK, "Ingress"), ingress::wants, ingress::describe),
    describer((NETWORK, "IngressClass"), nothing, classes::describe_ingress),
    quiet(describer((NETWORK, "NetworkPolicy"), nothing, networkpolicy::describe)),
    describer((NETWORK, "ServiceCIDR"), nothing, addresses::describe_range),
    describer((NETWORK, "IPAddress"), nothing, addresses::describe_address),
    describer(("", "PersistentVolume"), nothing, persistentvolume::describe),
    describer(("", "PersistentVolumeClaim"), persistentvolumeclaim::wants, persistentvolumeclaim::describe),
    describer((STORAGE, "StorageClass"), nothing, classes::describe_storage),
    describer((STORAGE, "VolumeAttributesClass"), nothing, classes::describe_attributes),
    describer((STORAGE, "CSINode"), nothing, csinode::describe),
    describer(("", "ConfigMap"), nothing, configmap::describe),
    quiet(describer(("", "Secret"), nothing, secret::describe)),
    quiet(describer(("", "Namespace"), namespace::wants, namespace::describe)),
    quiet(describer(("", "ResourceQuota"), nothing, quota::describe)),
    quiet(describer(("", "LimitRange"), nothing, limits::describe)),
    describer(("", "ServiceAccount"), nothing, access::describe_account),
    quiet(describer((RBAC, "Role"), nothing, access::describe_role)),
    quiet(describer((RBAC, "ClusterRole"), nothing, access::describe_role)),
    quiet(describer((RBAC, "RoleBinding"), nothing, access::describe_binding)),
    quiet(describer((RBAC, "ClusterRoleBinding"), nothing, access::describe_binding)),
    describer(("certificates.k8s.io", "CertificateSigningRequest"), nothing, signing::describe),
    describer(("scheduling.k8s.io", "PriorityClass"), nothing, classes::describe_priority),
];

/// How kinds without a description of their own are described.
static GENERIC: Describer = describer(("", ""), nothing, generic::describe);

/// How objects of a kind are described.
pub fn find(group: &str, kind: &str) -> &'static Describer {
    ALL.iter().find(|known| known.group == group && known.kind == kind).unwrap_or(&GENERIC)
}

impl Describer {
    /// What is needed beside `object`, which is of `kind`.
    pub fn wants(&self, object: &Value, kind: &str) -> Vec<Want> {
        let object = Json::of(object);
        let mut wants = (self.wants)(object);
        if self.events == Events::Usual {
            wants.push(Want::events(object, kind, object.at("metadata.uid").text()));
        }
        wants
    }

    /// Describes `object`.
    pub fn describe(&self, object: &Value, related: &Related, out: &mut Writer) {
        (self.describe)(Json::of(object), related, out);
        if self.events != Events::Left {
            events::events(related.list("events"), out);
        }
    }
}
