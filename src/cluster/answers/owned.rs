//! What an object owns of whichever kinds: only the controller of a custom resource knows which kinds it makes. The
//! metadata of what may be owned is looked through, and what belongs to the object is read.

use super::ask::Watched;
use super::family::Member;
use super::sight::{Sight, items, text};
use crate::cluster::gate::Problem;
use crate::kinds::{AnyKind, Kinds, Uid};
use crate::kinds::{
    configmaps, controllerrevisions, cronjobs, daemonsets, deployments, horizontalpodautoscalers, ingresses, jobs,
    networkpolicies, persistentvolumeclaims, poddisruptionbudgets, pods, replicasets, replicationcontrollers,
    rolebindings, roles, secrets, serviceaccounts, services, statefulsets,
};
use serde_json::Value;

/// Objects that are read at most; the others are shown by their metadata.
const READ: usize = 100;
/// How deep one looks: owners may own each other in a circle.
const DEEPEST: usize = 8;

/// Kinds that controllers often make objects of.
static OFTEN: [&dyn AnyKind; 20] = [
    &deployments::Deployments,
    &statefulsets::StatefulSets,
    &daemonsets::DaemonSets,
    &replicasets::ReplicaSets,
    &replicationcontrollers::ReplicationControllers,
    &controllerrevisions::ControllerRevisions,
    &cronjobs::CronJobs,
    &jobs::Jobs,
    &pods::Pods,
    &services::Services,
    &ingresses::Ingresses,
    &networkpolicies::NetworkPolicies,
    &configmaps::ConfigMaps,
    &secrets::Secrets,
    &persistentvolumeclaims::PersistentVolumeClaims,
    &serviceaccounts::ServiceAccounts,
    &roles::Roles,
    &rolebindings::RoleBindings,
    &horizontalpodautoscalers::HorizontalPodAutoscalers,
    &poddisruptionbudgets::PodDisruptionBudgets,
];

/// Which kinds are looked through for what an object owns, and how many others there are.
#[derive(Default)]
pub struct Kin {
    kinds: Vec<&'static dyn AnyKind>,
    /// Kinds that are not looked through.
    pub others: usize,
}

impl Kin {
    /// For an object of `kind`: the kinds of its group and of groups with the same last two names, such as
    /// `acme.cert-manager.io` for `cert-manager.io`, and in a namespace what controllers often make; or `all`.
    pub fn of(kind: &dyn AnyKind, kinds: &Kinds, all: bool) -> Self {
        let names = kind.names();
        let possible = |other: &&'static dyn AnyKind| {
            let group = other.names().group;
            // Nobody owns an event or a figure, and in a namespace lives nothing that owns what lives outside.
            other.names().plural != "events"
                && group != "metrics.k8s.io"
                && (!names.namespaced || other.names().namespaced)
        };
        let often: &[&'static dyn AnyKind] = if names.namespaced || all { &OFTEN } else { &[] };
        let is_often = |other: &dyn AnyKind| often.iter().any(|often| often.names() == other.names());
        let others = kinds.iter().filter(possible).filter(|other| !is_often(*other));
        let is_near = |other: &&'static dyn AnyKind| all || house(other.names().group) == house(names.group);
        let (near, far): (Vec<_>, Vec<_>) = others.partition(is_near);
        Self { kinds: near.into_iter().chain(often.iter().copied()).collect(), others: far.len() }
    }
}

/// Whose group it is: the last two names of its domain. The groups of Kubernetes itself are many houses.
fn house(group: &str) -> &str {
    if group.ends_with(".k8s.io") {
        return group;
    }
    let start = group.rmatch_indices('.').nth(1).map_or(0, |(at, _)| at + 1);
    group.get(start..).unwrap_or(group)
}

/// Everything of `kin` that `root` owns, and what that owns, read.
///
/// # Errors
/// When no answer came.
pub async fn below(sight: &mut Sight<'_>, root: &Value, kin: &Kin) -> Result<Vec<(Member, Value)>, Problem> {
    let namespace = Some(text(root, "/metadata/namespace")).filter(|namespace| !namespace.is_empty());
    let looks = kin.kinds.iter().map(|kind| Watched::all(*kind, namespace)).collect();
    let lists = sight.metadata(looks).await?;
    let watches: Vec<Watched> = lists.iter().map(|(of, _)| of.clone()).collect();
    let all = lists.into_iter().flat_map(|(of, items)| items.into_iter().map(move |item| (of.kind, item)));
    let owned = descendants(super::sight::uid(root), all.collect());
    // A kind of which there is nothing is too many to be watched.
    let is_there = |of: &Watched| owned.iter().any(|(kind, _)| kind.names() == of.kind.names());
    watches.into_iter().filter(is_there).for_each(|of| sight.watch(of));
    let read = sight.objects(owned.get(..READ).unwrap_or(&owned)).await?;
    let mut found = Vec::new();
    for ((kind, meta), object) in owned.into_iter().zip(read.into_iter().map(Some).chain(std::iter::repeat(None))) {
        let note = if object.is_none() { "not read: there are many" } else { "" };
        // What went meanwhile is nothing.
        let Some(object) = object.unwrap_or(Some(meta)) else { continue };
        let Some(mut member) = Member::of(sight, kind, &object) else { continue };
        note.clone_into(&mut member.note);
        found.push((member, object));
    }
    Ok(found)
}

/// Those that `root` owns, and those that they own.
fn descendants(root: Uid, mut all: Vec<(&'static dyn AnyKind, Value)>) -> Vec<(&'static dyn AnyKind, Value)> {
    let (mut family, mut owned) = (vec![root], Vec::new());
    for _ in 0..DEEPEST {
        let is_theirs = |(_, meta): &mut (_, Value)| owners(meta).any(|owner| family.contains(&owner));
        let found: Vec<_> = all.extract_if(.., is_theirs).collect();
        if found.is_empty() {
            break;
        }
        family = found.iter().map(|(_, meta)| super::sight::uid(meta)).collect();
        owned.extend(found);
    }
    owned
}

/// Who owns an object.
pub fn owners(object: &Value) -> impl Iterator<Item = Uid> {
    items(object, "/metadata/ownerReferences").iter().map(|owner| Uid::parse(text(owner, "/uid")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::Resource;
    use crate::kinds::{Can, Served, served};
    use serde_json::json;

    /// A kind of `group` called `plural`.
    fn kind(group: &str, plural: &str, namespaced: bool) -> &'static dyn AnyKind {
        let (group, plural) = (group.to_owned(), plural.to_owned());
        let resource = Resource { group, kind: plural.clone(), plural, namespaced, ..Resource::default() };
        let names = served::keep(&mut Vec::new(), &resource);
        Box::leak(Box::new(Served { names, can: Can::NOTHING }))
    }

    fn of(kin: &Kin) -> Vec<&'static str> {
        let few = kin.kinds.iter().filter(|kind| kind.by_table());
        few.map(|kind| kind.names().plural).collect()
    }

    #[test]
    fn kinds_of_the_same_house_are_looked_through_and_the_others_counted() {
        let kinds: Kinds = [
            kind("cert-manager.io", "requests", true),
            kind("acme.cert-manager.io", "orders", true),
            kind("cert-manager.io", "issuers", false),
            kind("argoproj.io", "rollouts", true),
            kind("metrics.k8s.io", "pods", true),
        ]
        .into_iter()
        .collect();
        let certificates = kind("cert-manager.io", "certificates", true);
        let near = Kin::of(certificates, &kinds, false);
        assert_eq!((of(&near), near.others), (vec!["requests", "orders"], 1));
        assert_eq!(near.kinds.len(), 2 + OFTEN.len());
        let all = Kin::of(certificates, &kinds, true);
        assert_eq!((of(&all), all.others), (vec!["requests", "orders", "rollouts"], 0));
        let global = Kin::of(kind("cert-manager.io", "issuers", false), &kinds, false);
        assert_eq!((of(&global), global.kinds.len()), (vec!["requests", "orders", "issuers"], 3));
        assert_eq!(
            ["argoproj.io", "a.b.c.d", "d", "networking.k8s.io"].map(house),
            ["argoproj.io", "c.d", "d", "networking.k8s.io"]
        );
    }

    #[test]
    fn what_belongs_to_an_object_is_found_over_several_steps_and_circles_end() {
        let meta = |uid: &str, owner: &str| json!({"metadata": {"uid": uid, "ownerReferences": [{"uid": owner}]}});
        let all = [("c", "b"), ("b", "a"), ("x", "y"), ("a", "c"), ("d", "a")];
        let pods = || kind("", "pods", true);
        let found = descendants(Uid::parse("a"), all.map(|(uid, owner)| (pods(), meta(uid, owner))).into());
        let uids: Vec<&str> = found.iter().map(|(_, meta)| text(meta, "/metadata/uid")).collect();
        assert_eq!(uids, ["b", "d", "c", "a"]);
    }
}
