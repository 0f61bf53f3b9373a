//! What an object uses, selects and is scaled by, and what selects, routes to and uses it.

use super::ask::{Answered, Asked, Question, Watched};
use super::family::Member;
use super::sight::{Sight, items, text};
use super::tree::{ready, status};
use crate::cluster::gate::{Problem, Reader};
use crate::cluster::json::at;
use crate::kinds::answer::{Answer, Line, Piece, To};
use crate::kinds::way::json_path;
use crate::kinds::{AnyKind, Kinds, Link, Reference, Tone, references};
use crate::kinds::{
    cronjobs, daemonsets, deployments, horizontalpodautoscalers, ingresses, jobs, networkpolicies,
    persistentvolumeclaims, persistentvolumes, poddisruptionbudgets, pods, replicasets, rolebindings, serviceaccounts,
    services, statefulsets,
};
use futures::future::BoxFuture;
use serde_json::Value;

/// How many of the objects that an object uses are looked at.
const USED: usize = 30;
/// How many owners are climbed to find what scales them.
const OWNERS: usize = 3;

/// What has to do with this?
pub struct Related;

impl Question for Related {
    fn name(&self) -> &'static str {
        "related"
    }

    fn answer<'a>(&'a self, reader: &'a Reader, asked: &'a Asked) -> BoxFuture<'a, Result<Answered, Problem>> {
        Box::pin(async {
            let mut sight = Sight::new(reader, asked);
            let (kind, object) = sight.subject(asked).await?;
            let mut answer = Answer::default();
            section("Uses", uses(&mut sight, &object).await?, &mut answer);
            section("Selects", selects(&mut sight, kind, &object).await?, &mut answer);
            let services = selected_by(&mut sight, &object, &mut answer).await?;
            section("Scaled by", scaled_by(&mut sight, kind, &object).await?, &mut answer);
            section("Routed to by", routed_by(&mut sight, &object, services).await?, &mut answer);
            section("Used by", used_by(&mut sight, kind, &object).await?, &mut answer);
            if answer.lines.is_empty() {
                answer.push(Line::of([Piece::text("it has to do with nothing that is known", Tone::Quiet)]));
            }
            Ok(sight.answered(answer))
        })
    }
}

/// An object, and how it has to do with the one that was asked about.
type Relation = (Vec<Piece>, To);

fn section(title: &str, relations: Vec<Relation>, answer: &mut Answer) {
    if !relations.is_empty() {
        answer.push(Line::heading(title));
        answer.table(1, relations);
    }
}

/// The line of an object that was read.
fn found(sight: &Sight<'_>, kind: &'static dyn AnyKind, object: &Value, why: &str) -> Option<Relation> {
    let member = Member::of(sight, kind, object)?;
    let row = &member.row;
    let to = To::row(kind.names(), row);
    let name = called(kind, &row.namespace, &row.name, kind.names().namespaced && why.starts_with("in "));
    let pieces = [Piece::text(&name, Tone::Plain), ready(&member).into(), status(&member).into()];
    Some((pieces.into_iter().chain([Piece::text(why, Tone::Quiet)]).collect(), to))
}

fn called(kind: &dyn AnyKind, namespace: &str, name: &str, far: bool) -> String {
    let kind = kind.names().kind.to_lowercase();
    if far { format!("{kind}/{namespace}/{name}") } else { format!("{kind}/{name}") }
}

/// The objects that an object names in its fields.
async fn uses(sight: &mut Sight<'_>, object: &Value) -> Result<Vec<Relation>, Problem> {
    let mut relations = Vec::new();
    let named = named(sight.kinds(), object);
    if named.len() > USED {
        sight.leave_out(format!("more than {USED} objects that it uses"));
    }
    for (of, why) in named.into_iter().take(USED) {
        let kind = sight.kind_of(&of.group, &of.kind);
        let object = match kind {
            Some(kind) => {
                let namespace = if kind.names().namespaced { of.namespace.as_str() } else { "" };
                sight.object(kind, namespace, &of.name).await?
            }
            None => None,
        };
        let relation = kind.zip(object).and_then(|(kind, object)| found(sight, kind, &object, &why));
        relations.push(relation.unwrap_or_else(|| lost(of, &why, kind.is_some())));
    }
    Ok(relations)
}

/// The line of an object that was not found.
fn lost(of: Reference, why: &str, looked: bool) -> Relation {
    let name = format!("{}/{}", of.kind.to_lowercase(), of.name);
    let state = if looked {
        Piece::text("not there, or not to be read", Tone::Bad)
    } else {
        Piece::text("not looked at", Tone::Quiet)
    };
    (
        vec![Piece::text(&name, Tone::Plain), Piece::text("", Tone::Plain), state, Piece::text(why, Tone::Quiet)],
        To::Object(of),
    )
}

/// The objects that an object names, each once, and by which fields.
fn named(kinds: &Kinds, object: &Value) -> Vec<(Reference, String)> {
    let mut all: Vec<(Reference, String)> = Vec::new();
    for (path, mut of) in references::of_object(object) {
        let path = json_path(&path);
        if path == ".metadata.namespace" {
            continue;
        }
        if kinds.named(&of.group, &of.kind).is_some_and(|kind| !kind.names().namespaced) {
            of.namespace = crate::kinds::Text::default();
        }
        let same = |other: &&mut (Reference, String)| {
            (&other.0.group, &other.0.kind, &other.0.namespace, &other.0.name)
                == (&of.group, &of.kind, &of.namespace, &of.name)
        };
        match all.iter_mut().find(same) {
            // A field and its older name say the same.
            Some((_, why)) if why.len() + path.len() < 100 => *why = format!("{why} {path}"),
            Some(_) => {}
            None => all.push((of, path)),
        }
    }
    all
}

/// The pods that an object selects.
async fn selects(sight: &mut Sight<'_>, kind: &'static dyn AnyKind, object: &Value) -> Result<Vec<Relation>, Problem> {
    let Some(Link::Selects(labels)) = sight.row(kind, object).map(|row| row.link) else { return Ok(Vec::new()) };
    let namespace = text(object, "/metadata/namespace");
    let why = if labels.is_empty() { "all of the namespace".to_owned() } else { labels.clone() };
    let labels = Some(labels).filter(|labels| !labels.is_empty());
    let all = sight.list(Watched { labels, ..Watched::all(&pods::Pods, Some(namespace)) }).await?;
    Ok(all.iter().filter_map(|pod| found(sight, &pods::Pods, pod, &why)).collect())
}

/// Adds what selects a pod, or the pods that an object makes; the names of the services among it.
async fn selected_by(sight: &mut Sight<'_>, object: &Value, answer: &mut Answer) -> Result<Vec<String>, Problem> {
    let Some(labels) = pod_labels(object) else { return Ok(Vec::new()) };
    let namespace = text(object, "/metadata/namespace");
    let selecting: [(&'static dyn AnyKind, &str); 3] = [
        (&services::Services, "/spec/selector"),
        (&networkpolicies::NetworkPolicies, "/spec/podSelector"),
        (&poddisruptionbudgets::PodDisruptionBudgets, "/spec/selector"),
    ];
    let (mut relations, mut names) = (Vec::new(), Vec::new());
    for (kind, place) in selecting {
        for other in sight.list(Watched::all(kind, Some(namespace))).await? {
            let plain = kind.names().plural == "services";
            if !selector_fits(at(&other, place), labels, plain) {
                continue;
            }
            if plain {
                names.push(text(&other, "/metadata/name").to_owned());
            }
            relations.extend(found(sight, kind, &other, ""));
        }
    }
    section("Selected by", relations, answer);
    Ok(names)
}

/// The labels of a pod, or of the pods that an object makes.
fn pod_labels(object: &Value) -> Option<&Value> {
    if text(object, "/kind") == "Pod" {
        return Some(at(object, "/metadata/labels"));
    }
    object.pointer("/spec/template/spec/containers")?;
    Some(at(object, "/spec/template/metadata/labels"))
}

/// Whether a selector fits labels: a plain map of labels, which selects nothing when it is empty, or a `LabelSelector`.
fn selector_fits(selector: &Value, labels: &Value, plain: bool) -> bool {
    let has = |map: &Value| map.as_object().into_iter().flatten().all(|(key, value)| labels.get(key) == Some(value));
    if plain {
        return selector.as_object().is_some_and(|map| !map.is_empty()) && has(selector);
    }
    let expression = |of: &Value| {
        let value = labels.get(text(of, "/key"));
        let among = value.is_some_and(|value| items(of, "/values").contains(value));
        match text(of, "/operator") {
            "In" => among,
            "NotIn" => !among,
            "Exists" => value.is_some(),
            "DoesNotExist" => value.is_none(),
            _ => false,
        }
    };
    selector.is_object()
        && has(at(selector, "/matchLabels"))
        && items(selector, "/matchExpressions").iter().all(expression)
}

/// The autoscalers of an object, or of an owner of it.
async fn scaled_by(
    sight: &mut Sight<'_>,
    kind: &'static dyn AnyKind,
    object: &Value,
) -> Result<Vec<Relation>, Problem> {
    if pod_labels(object).is_none() {
        return Ok(Vec::new());
    }
    let namespace = text(object, "/metadata/namespace");
    let mut targets = vec![(kind.names().kind.to_owned(), text(object, "/metadata/name").to_owned())];
    let mut owners = items(object, "/metadata/ownerReferences").to_vec();
    for _ in 0..OWNERS {
        let Some(owner) = owners.first() else { break };
        targets.push((text(owner, "/kind").to_owned(), text(owner, "/name").to_owned()));
        let known = sight.kind_of(crate::kinds::meta::group_of(text(owner, "/apiVersion")), text(owner, "/kind"));
        let Some(above) = known.filter(|kind| kind.names().namespaced) else { break };
        let above =
            sight.object(above, namespace, &targets.last().map(|(_, name)| name.clone()).unwrap_or_default()).await?;
        owners = above.map(|above| items(&above, "/metadata/ownerReferences").to_vec()).unwrap_or_default();
    }
    let all = sight.list(Watched::all(&horizontalpodautoscalers::HorizontalPodAutoscalers, Some(namespace))).await?;
    let scales = |scaler: &&Value| {
        let target = at(scaler, "/spec/scaleTargetRef");
        targets.iter().any(|(kind, name)| kind == text(target, "/kind") && name == text(target, "/name"))
    };
    let kind: &'static dyn AnyKind = &horizontalpodautoscalers::HorizontalPodAutoscalers;
    let name = |scaler: &Value| text(scaler, "/spec/scaleTargetRef/name").to_owned();
    Ok(all.iter().filter(scales).filter_map(|scaler| found(sight, kind, scaler, &name(scaler))).collect())
}

/// The ingresses that lead to one of these services, or to the object itself.
async fn routed_by(sight: &mut Sight<'_>, object: &Value, services: Vec<String>) -> Result<Vec<Relation>, Problem> {
    let mut names = services;
    if text(object, "/kind") == "Service" {
        names.push(text(object, "/metadata/name").to_owned());
    }
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let all = sight.list(Watched::all(&ingresses::Ingresses, Some(text(object, "/metadata/namespace")))).await?;
    let leads = |ingress: &Value| {
        let of = references::of_object(ingress).into_iter();
        of.map(|(_, of)| of).find(|of| of.kind == "Service" && names.iter().any(|name| *name == *of.name))
    };
    let relation = |ingress: &Value| {
        let service = leads(ingress)?;
        found(sight, &ingresses::Ingresses, ingress, &format!("by service/{}", service.name))
    };
    Ok(all.iter().filter_map(relation).collect())
}

/// Which kinds may use an object of a kind.
fn users(kind: &str) -> &'static [&'static dyn AnyKind] {
    match kind {
        "ConfigMap" | "PersistentVolumeClaim" | "PriorityClass" | "RuntimeClass" => &MAKERS,
        "Secret" => &SECRET,
        "ServiceAccount" => &ACCOUNT,
        "StorageClass" => &[&persistentvolumeclaims::PersistentVolumeClaims, &persistentvolumes::PersistentVolumes],
        "IngressClass" => &[&ingresses::Ingresses],
        "Service" => &[&statefulsets::StatefulSets],
        _ => &[],
    }
}

/// Pods and what makes them; replica sets have what their deployment has.
static MAKERS: [&dyn AnyKind; 6] = [
    &deployments::Deployments,
    &statefulsets::StatefulSets,
    &daemonsets::DaemonSets,
    &cronjobs::CronJobs,
    &jobs::Jobs,
    &pods::Pods,
];
/// The same, with what else may use a secret.
static SECRET: [&dyn AnyKind; 8] = [
    &deployments::Deployments,
    &statefulsets::StatefulSets,
    &daemonsets::DaemonSets,
    &cronjobs::CronJobs,
    &jobs::Jobs,
    &pods::Pods,
    &ingresses::Ingresses,
    &serviceaccounts::ServiceAccounts,
];
/// The same, with what else may use a service account.
static ACCOUNT: [&dyn AnyKind; 8] = [
    &deployments::Deployments,
    &statefulsets::StatefulSets,
    &daemonsets::DaemonSets,
    &cronjobs::CronJobs,
    &jobs::Jobs,
    &replicasets::ReplicaSets,
    &pods::Pods,
    &rolebindings::RoleBindings,
];

/// The objects that name this one in their fields.
async fn used_by(sight: &mut Sight<'_>, kind: &'static dyn AnyKind, object: &Value) -> Result<Vec<Relation>, Problem> {
    let names = kind.names();
    let (namespace, name) = (text(object, "/metadata/namespace"), text(object, "/metadata/name"));
    let within = Some(namespace).filter(|_| names.namespaced);
    let mut relations = Vec::new();
    for user in users(names.kind) {
        for other in sight.list(Watched::all(*user, within)).await? {
            let is = |of: &Reference| {
                of.kind == names.kind
                    && of.group == names.group
                    && of.name == name
                    && (!names.namespaced || of.namespace == namespace)
            };
            let fields: Vec<String> = references::of_object(&other)
                .into_iter()
                .filter(|(_, of)| is(of))
                .map(|(path, _)| json_path(&path))
                .collect();
            if let Some(first) = fields.first() {
                let place = if names.namespaced {
                    first.clone()
                } else {
                    format!("in {}", text(&other, "/metadata/namespace"))
                };
                relations.extend(found(sight, *user, &other, &place));
            }
        }
    }
    Ok(relations)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn selectors_fit_as_the_server_says() {
        let labels = json!({"app": "web", "tier": "front"});
        let fits = |selector: Value| selector_fits(&selector, &labels, false);
        assert!(fits(json!({})) && fits(json!({"matchLabels": {"app": "web"}})));
        assert!(!fits(json!({"matchLabels": {"app": "db"}})) && !fits(Value::Null));
        let expression = |operator: &str, key: &str, values: Value| {
            fits(json!({"matchExpressions": [{"key": key, "operator": operator, "values": values}]}))
        };
        assert!(expression("In", "app", json!(["db", "web"])) && !expression("In", "app", json!(["db"])));
        assert!(expression("NotIn", "app", json!(["db"])) && expression("NotIn", "none", json!(["db"])));
        assert!(expression("Exists", "tier", json!([])) && expression("DoesNotExist", "none", json!(null)));
        assert!(!expression("Like", "tier", json!([])));
        assert!(!selector_fits(&json!({}), &labels, true), "a service without a selector selects nothing");
        assert!(selector_fits(&json!({"app": "web"}), &labels, true));
    }

    #[test]
    fn what_is_named_twice_is_told_once() {
        let pod = json!({"kind": "Pod", "metadata": {"namespace": "shop"}, "spec": {"serviceAccount": "a", "serviceAccountName": "a",
            "nodeName": "n", "volumes": [{"configMap": {"name": "c"}}]}});
        let all = named(&Kinds::default(), &pod);
        let shown: Vec<String> =
            all.iter().map(|(of, why)| format!("{} {}/{} {why}", of.kind, of.namespace, of.name)).collect();
        assert_eq!(
            shown,
            [
                "Node /n .spec.nodeName",
                "ServiceAccount shop/a .spec.serviceAccount .spec.serviceAccountName",
                "ConfigMap shop/c .spec.volumes[0].configMap",
            ]
        );
    }
}
