//! What things are: one file per kind, with its columns, states and relations. No IO.
//!
//! To add a kind: write its file, and add its line to `ALL`.

pub mod access;
pub mod answer;
pub mod apiservices;
mod balancer;
mod binding;
pub mod cell;
pub mod certificatesigningrequests;
pub mod clusterrolebindings;
pub mod clusterroles;
pub mod column;
pub mod componentstatuses;
mod condition;
pub mod configmaps;
pub mod containers;
pub mod controllerrevisions;
pub mod copy;
pub mod cronjobs;
pub mod customresourcedefinitions;
pub mod daemonsets;
pub mod deployments;
pub mod describe;
pub mod drain;
pub mod endpoints;
pub mod endpointslices;
pub mod events;
pub mod forward;
pub mod horizontalpodautoscalers;
pub mod ingressclasses;
pub mod ingresses;
pub mod jobs;
pub mod joined;
pub mod jsonpath;
pub mod kind;
mod known;
pub mod leases;
pub(crate) mod lenient;
pub mod limitranges;
pub mod listings;
pub mod logs;
pub mod meta;
mod more;
pub mod mutatingwebhookconfigurations;
pub mod namespaces;
pub mod networkpolicies;
pub mod nodes;
mod object;
pub mod own;
pub mod persistentvolumeclaims;
pub mod persistentvolumes;
#[cfg(test)]
mod pod_any_tests;
mod pod_status;
#[cfg(test)]
mod pod_status_tests;
pub mod poddisruptionbudgets;
pub mod pods;
mod printed;
pub mod priorityclasses;
pub mod quantity;
pub mod read;
pub mod references;
pub mod replicasets;
pub mod replicationcontrollers;
pub mod resourcequotas;
pub mod resources;
pub mod rolebindings;
pub mod roles;
pub mod rollout;
pub mod row;
pub mod runtimeclasses;
pub mod schema;
pub mod secrets;
pub mod selector;
pub mod served;
pub mod serviceaccounts;
pub mod services;
mod state;
pub mod statefulsets;
pub mod storageclasses;
pub mod table;
mod template;
#[cfg(test)]
mod testing;
pub mod time;
mod unreadable;
pub mod usage;
pub mod validatingadmissionpolicies;
pub mod validatingwebhookconfigurations;
mod volume;
pub mod volumeattachments;
pub mod way;
mod webhook;
pub mod whole;
pub mod wire;

pub use access::Access;
pub use cell::{Cell, Tone, Value};
pub use kind::{AnyKind, Can, Column, Enter, Heading, Kind, Names, Place, Server, Width, api_version, in_group};
pub use known::Kinds;
pub use read::ReadError;
pub use row::{Change, Freshness, Health, Link, Reference, Row, Uid};
pub use served::{Discovered, Resource, Served};
pub use time::Time;

/// A text of an object. Up to 24 bytes lie in place, which most texts of objects have: no allocation for each.
pub type Text = compact_str::CompactString;

/// Every kind that has a file of its own, in the order in which they are offered.
pub static ALL: &[&dyn AnyKind] = &[
    &namespaces::Namespaces,
    &nodes::Nodes,
    &pods::Pods,
    &containers::Containers,
    &deployments::Deployments,
    &replicasets::ReplicaSets,
    &replicationcontrollers::ReplicationControllers,
    &statefulsets::StatefulSets,
    &daemonsets::DaemonSets,
    &controllerrevisions::ControllerRevisions,
    &jobs::Jobs,
    &cronjobs::CronJobs,
    &horizontalpodautoscalers::HorizontalPodAutoscalers,
    &poddisruptionbudgets::PodDisruptionBudgets,
    &services::Services,
    &endpointslices::EndpointSlices,
    &endpoints::Endpoints,
    &ingresses::Ingresses,
    &ingressclasses::IngressClasses,
    &networkpolicies::NetworkPolicies,
    &configmaps::ConfigMaps,
    &secrets::Secrets,
    &persistentvolumeclaims::PersistentVolumeClaims,
    &persistentvolumes::PersistentVolumes,
    &storageclasses::StorageClasses,
    &volumeattachments::VolumeAttachments,
    &serviceaccounts::ServiceAccounts,
    &roles::Roles,
    &rolebindings::RoleBindings,
    &clusterroles::ClusterRoles,
    &clusterrolebindings::ClusterRoleBindings,
    &resourcequotas::ResourceQuotas,
    &limitranges::LimitRanges,
    &priorityclasses::PriorityClasses,
    &runtimeclasses::RuntimeClasses,
    &leases::Leases,
    &customresourcedefinitions::CustomResourceDefinitions,
    &apiservices::ApiServices,
    &mutatingwebhookconfigurations::MutatingWebhookConfigurations,
    &validatingwebhookconfigurations::ValidatingWebhookConfigurations,
    &validatingadmissionpolicies::ValidatingAdmissionPolicies,
    &certificatesigningrequests::CertificateSigningRequests,
    &componentstatuses::ComponentStatuses,
    &events::Events,
];

/// The kind called `name`: plural, kind, short name, or `plural.group`; case does not matter.
pub fn find(name: &str) -> Option<&'static dyn AnyKind> {
    let is = |a: &str| a.eq_ignore_ascii_case(name);
    ALL.iter().copied().find(|kind| {
        let n = kind.names();
        is(n.plural) || is(n.kind) || n.short.iter().copied().any(is) || is(&format!("{}.{}", n.plural, n.group))
    })
}
