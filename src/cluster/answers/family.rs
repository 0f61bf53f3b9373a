//! The family of an object: who owns it, up to the root, and all that this root owns.

use super::ask::Watched;
use super::conditions;
use super::owned::{self, Kin};
use super::sight::{Sight, items, text, uid};
use crate::cluster::gate::Problem;
use crate::kinds::meta::group_of;
use crate::kinds::{AnyKind, Cell, Health, Link, Row, Tone, Uid};
use crate::kinds::{
    containers, controllerrevisions, cronjobs, daemonsets, deployments, endpointslices, jobs, persistentvolumeclaims,
    pods, replicasets, replicationcontrollers, statefulsets,
};
use serde_json::Value;
use std::collections::HashSet;

/// How many owners are climbed at most: owners may own each other in a circle.
const HIGHEST: usize = 8;

/// The workloads of a namespace.
static WORKLOADS: [&dyn AnyKind; 8] = [
    &deployments::Deployments,
    &statefulsets::StatefulSets,
    &daemonsets::DaemonSets,
    &cronjobs::CronJobs,
    &jobs::Jobs,
    &replicasets::ReplicaSets,
    &replicationcontrollers::ReplicationControllers,
    &pods::Pods,
];

/// A member of a family.
pub struct Member {
    /// Its kind.
    pub kind: &'static dyn AnyKind,
    /// What its list shows of it.
    pub row: Row,
    /// Under whom it stands.
    pub under: Vec<Uid>,
    /// What is odd about it.
    pub note: String,
    /// How many of it are ready and what it does, as it says itself: of a kind whose columns only the server knows.
    pub said: Option<(Cell, Cell)>,
}

impl Member {
    /// An object under its owners.
    pub fn of(sight: &Sight<'_>, kind: &'static dyn AnyKind, object: &Value) -> Option<Self> {
        let mut row = sight.row(kind, object)?;
        let said = kind.by_table().then(|| conditions::said(object));
        if said.as_ref().is_some_and(|(ready, _)| ready.tone == Tone::Warn) {
            row.health = Health::Pending;
        }
        Some(Self { kind, row, under: owned::owners(object).collect(), note: String::new(), said })
    }
}

/// An object and its surroundings.
pub struct Family {
    /// Everybody, the root first.
    pub members: Vec<Member>,
    /// An owner above the root that is not there, or was not looked at: what it is called, and why.
    pub lost: Option<(String, String)>,
    /// Kinds that may be owned, too, and were not looked at.
    pub others: usize,
}

/// Looks for the family of an object. Of a root that is a custom resource, `all` kinds may be looked through, which takes a
/// request for each.
///
/// # Errors
/// When no answer came.
pub async fn of(
    sight: &mut Sight<'_>,
    (kind, object): (&'static dyn AnyKind, Value),
    all: bool,
) -> Result<Family, Problem> {
    let (mut kind, mut object, mut lost) = (kind, object, None);
    for _ in 0..HIGHEST {
        match owner(sight, &object).await? {
            Owner::None => break,
            Owner::Lost(name, why) => {
                lost = Some((name, why));
                break;
            }
            Owner::Found(above, found) => (kind, object) = (above, found),
        }
    }
    let root = Member::of(sight, kind, &object).map(|root| Member { under: Vec::new(), ..root });
    let mut members: Vec<Member> = root.into_iter().collect();
    let kin = if kind.by_table() || all { Kin::of(kind, sight.kinds(), all) } else { Kin::default() };
    let mut found = below(sight, kind, &object).await?;
    let known: HashSet<Uid> = found.iter().map(|(member, _)| member.row.uid).collect();
    let owned = owned::below(sight, &object, &kin).await?;
    found.extend(owned.into_iter().filter(|(member, _)| !known.contains(&member.row.uid)));
    found.extend(containers_of(sight, kind, &object, &found));
    settle(kind, &object, found, &mut members);
    Ok(Family { members, lost, others: kin.others })
}

/// Who owns an object.
enum Owner {
    None,
    Lost(String, String),
    Found(&'static dyn AnyKind, Value),
}

/// The controller of an object, else its first owner.
async fn owner(sight: &mut Sight<'_>, object: &Value) -> Result<Owner, Problem> {
    let owners = items(object, "/metadata/ownerReferences");
    let controls = |owner: &&Value| owner.get("controller").and_then(Value::as_bool) == Some(true);
    let Some(owner) = owners.iter().find(controls).or(owners.first()) else { return Ok(Owner::None) };
    let (name, kind) = (text(owner, "/name"), text(owner, "/kind"));
    let called = format!("{}/{name}", kind.to_lowercase());
    let Some(known) = sight.kind_of(group_of(text(owner, "/apiVersion")), kind) else {
        return Ok(Owner::Lost(called, "not looked at: the server lists no such kind".to_owned()));
    };
    let namespace = if known.names().namespaced { text(object, "/metadata/namespace") } else { "" };
    Ok(match sight.object(known, namespace, name).await? {
        Some(found) if text(&found, "/metadata/uid") == text(owner, "/uid") => Owner::Found(known, found),
        Some(_) => Owner::Lost(called, "gone: another object has its name now".to_owned()),
        None => Owner::Lost(called, "gone, or not to be read".to_owned()),
    })
}

/// Every object that may stand below `object`, read.
async fn below(
    sight: &mut Sight<'_>,
    kind: &'static dyn AnyKind,
    object: &Value,
) -> Result<Vec<(Member, Value)>, Problem> {
    let labels = match sight.row(kind, object).map(|row| row.link) {
        Some(Link::Selects(labels)) => Some(labels),
        _ => None,
    };
    let mut found = Vec::new();
    for look in looks(plural(kind), object, labels.as_deref()) {
        let kind = look.kind;
        for value in sight.list(look).await? {
            found.extend(Member::of(sight, kind, &value).map(|member| (member, value)));
        }
    }
    Ok(found)
}

/// The containers of a pod, or of the pods that were found below an object; of nodes and namespaces they are too many.
fn containers_of(
    sight: &Sight<'_>,
    kind: &dyn AnyKind,
    object: &Value,
    found: &[(Member, Value)],
) -> Vec<(Member, Value)> {
    match plural(kind) {
        "pods" => inside(sight, object),
        "nodes" | "namespaces" => Vec::new(),
        _ => {
            let pods = found.iter().filter(|(member, _)| member.kind.names() == pods::Pods.names());
            pods.flat_map(|(_, pod)| inside(sight, pod)).collect()
        }
    }
}

/// The containers of a pod.
fn inside(sight: &Sight<'_>, pod: &Value) -> Vec<(Member, Value)> {
    let rows = sight.rows(&containers::Containers, pod).into_iter();
    let under = vec![uid(pod)];
    let member = |row| {
        let (under, note) = (under.clone(), String::new());
        Member { kind: &containers::Containers, row, under, note, said: None }
    };
    rows.map(|row| (member(row), Value::Null)).collect()
}

/// The plural of a kind with a file of its own: a custom kind may be called so, too.
fn plural(kind: &dyn AnyKind) -> &'static str {
    if kind.by_table() { "" } else { kind.names().plural }
}

/// Where to look for what stands below an object: by the labels that it selects where it does, so that no more than that
/// is read.
fn looks(plural: &str, object: &Value, labels: Option<&str>) -> Vec<Watched> {
    let (namespace, name) = (text(object, "/metadata/namespace"), text(object, "/metadata/name"));
    let all = |kind| Watched::all(kind, Some(namespace));
    let with = |kind| labels.map(|labels| Watched { labels: Some(labels.to_owned()), ..all(kind) });
    let labelled = |kind, labels: String| Watched { labels: Some(labels), ..all(kind) };
    match plural {
        "deployments" => [with(&replicasets::ReplicaSets), with(&pods::Pods)].into_iter().flatten().collect(),
        "replicasets" | "replicationcontrollers" | "jobs" => with(&pods::Pods).into_iter().collect(),
        "daemonsets" => {
            let looks = [with(&pods::Pods), with(&controllerrevisions::ControllerRevisions)];
            looks.into_iter().flatten().collect()
        }
        "statefulsets" => {
            let revisions = with(&controllerrevisions::ControllerRevisions);
            let claims = with(&persistentvolumeclaims::PersistentVolumeClaims);
            [with(&pods::Pods), claims, revisions].into_iter().flatten().collect()
        }
        "cronjobs" => vec![all(&jobs::Jobs), labelled(&pods::Pods, "batch.kubernetes.io/job-name".to_owned())],
        "services" => {
            let slices = labelled(&endpointslices::EndpointSlices, format!("kubernetes.io/service-name={name}"));
            std::iter::once(slices).chain(with(&pods::Pods)).collect()
        }
        "nodes" => {
            let fields = Some(format!("spec.nodeName={name}"));
            vec![Watched { fields, ..Watched::all(&pods::Pods, None) }]
        }
        "namespaces" => WORKLOADS.iter().map(|kind| Watched::all(*kind, Some(name))).collect(),
        _ => Vec::new(),
    }
}

/// Puts everybody under whom they stand. Owners are told by the objects; a node, a namespace, a service and a claim's
/// stateful set own nothing in that sense.
fn settle(kind: &dyn AnyKind, object: &Value, found: Vec<(Member, Value)>, members: &mut Vec<Member>) {
    let (root, whose, name) = (uid(object), plural(kind), text(object, "/metadata/name"));
    let slices: Vec<(Uid, Vec<Uid>)> = found
        .iter()
        .filter(|(member, _)| plural(member.kind) == "endpointslices")
        .map(|(member, slice)| (member.row.uid, targets(slice)))
        .collect();
    let known: Vec<Uid> = found.iter().map(|(member, _)| member.row.uid).collect();
    for (mut member, value) in found {
        match (whose, plural(member.kind)) {
            ("nodes", "pods") => member.under = vec![root],
            ("services", "pods") => {
                let listing = slices.iter().filter(|(_, targets)| targets.contains(&member.row.uid));
                member.under = listing.map(|(slice, _)| *slice).collect();
                if member.under.is_empty() {
                    member.under.push(root);
                    "selected, and in no endpoint slice".clone_into(&mut member.note);
                }
            }
            ("statefulsets", "persistentvolumeclaims") if is_claim_of(object, name, &member.row.name) => {
                member.under.push(root);
            }
            ("namespaces", _) => adopt(&mut member, &value, (root, &known)),
            _ => {}
        }
        members.push(member);
    }
}

/// Who has no owner in the namespace stands under the namespace.
fn adopt(member: &mut Member, value: &Value, (root, known): (Uid, &[Uid])) {
    if member.under.iter().any(|owner| known.contains(owner)) {
        return;
    }
    if let Some(owner) = items(value, "/metadata/ownerReferences").first() {
        let looked = WORKLOADS.iter().any(|kind| kind.names().kind == text(owner, "/kind"));
        let called = format!("{}/{}", text(owner, "/kind").to_lowercase(), text(owner, "/name"));
        member.note = if looked { format!("its owner {called} is gone") } else { format!("owned by {called}") };
    }
    member.under = vec![root];
}

/// The pods that a slice lists.
fn targets(slice: &Value) -> Vec<Uid> {
    items(slice, "/endpoints").iter().map(|endpoint| Uid::parse(text(endpoint, "/targetRef/uid"))).collect()
}

/// Whether a claim was made from a template of the stateful set: it is called `TEMPLATE-SET-ORDINAL`.
fn is_claim_of(set: &Value, name: &str, claim: &str) -> bool {
    items(set, "/spec/volumeClaimTemplates").iter().any(|template| {
        let rest = claim.strip_prefix(text(template, "/metadata/name")).and_then(|rest| rest.strip_prefix('-'));
        let ordinal = rest.and_then(|rest| rest.strip_prefix(name)).and_then(|rest| rest.strip_prefix('-'));
        ordinal.is_some_and(|ordinal| !ordinal.is_empty() && ordinal.bytes().all(|byte| byte.is_ascii_digit()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_claims_of_a_set_are_told_by_their_names() {
        let set = json!({"spec": {"volumeClaimTemplates": [{"metadata": {"name": "data"}}]}});
        let is = |claim: &str| is_claim_of(&set, "db", claim);
        assert_eq!((is("data-db-0"), is("data-db-12")), (true, true));
        assert_eq!((is("data-db-"), is("data-db-x"), is("data-dbx-0"), is("log-db-0")), (false, false, false, false));
    }

    #[test]
    fn one_looks_only_where_the_object_selects() {
        let object = json!({"metadata": {"namespace": "shop", "name": "web"}});
        let looks = |plural: &str, labels: Option<&str>| {
            let all = super::looks(plural, &object, labels).into_iter();
            let shown = |look: Watched| format!("{} {:?}", look.kind.names().plural, look.labels.unwrap_or_default());
            all.map(shown).collect::<Vec<_>>()
        };
        assert_eq!(looks("deployments", Some("app=web")), ["replicasets \"app=web\"", "pods \"app=web\""]);
        assert_eq!(looks("deployments", None), [""; 0]);
        assert_eq!(looks("services", None), ["endpointslices \"kubernetes.io/service-name=web\""]);
        assert_eq!(looks("configmaps", Some("app=web")), [""; 0]);
    }
}
