//! Which kind the first words of a question name, and which fields the rest: `deployments.apps.spec.replicas`.

use super::trouble;
use crate::cluster::Unreachable;
use crate::cluster::discovery::discover;
use crate::kinds::schema::GroupVersionKind;
use crate::kinds::{ALL, AnyKind, Kinds};
use kube::Client;

/// How a kind may be called.
struct Called<'a> {
    kind: GroupVersionKind,
    plural: &'a str,
    /// Singular and short names.
    other: Vec<&'a str>,
}

/// The kind and the fields that `asked` names: a built-in kind, or one of those that the server is known to serve.
pub(super) fn known(asked: &str, kinds: &Kinds) -> Option<(GroupVersionKind, Vec<String>)> {
    let built_in = ALL.iter().copied().filter(|kind| kind.names() == kind.resource());
    among(asked, built_in).or_else(|| among(asked, kinds.iter()))
}

fn among(asked: &str, kinds: impl Iterator<Item = &'static dyn AnyKind>) -> Option<(GroupVersionKind, Vec<String>)> {
    let called = kinds.map(|kind| {
        let names = kind.names();
        let [group, version, kind] = [names.group, names.version, names.kind].map(Into::into);
        let other = [names.kind].into_iter().chain(names.short.iter().copied()).collect();
        Called { kind: GroupVersionKind { group, version, kind }, plural: names.plural, other }
    });
    choose(asked, &called.collect::<Vec<_>>())
}

/// The kind and the fields that `asked` names, by what the server serves.
///
/// # Errors
/// When it serves no such kind, or does not answer.
pub(super) async fn discovered(client: &Client, asked: &str) -> Result<(GroupVersionKind, Vec<String>), Unreachable> {
    let mut found = discover(client).await?.resources;
    // The version that the server prefers is meant where none is named.
    found.sort_by_key(|resource| !resource.preferred);
    let called = found.iter().map(|resource| Called {
        kind: GroupVersionKind {
            group: resource.group.as_str().into(),
            version: resource.version.as_str().into(),
            kind: resource.kind.as_str().into(),
        },
        plural: &resource.plural,
        other: resource.short.iter().chain([&resource.singular]).map(String::as_str).collect(),
    });
    let unknown =
        || trouble(&format!("the server doesn't have a resource type \"{}\"", first(asked)), ":explain pods.spec");
    choose(asked, &called.collect::<Vec<_>>()).ok_or_else(unknown)
}

fn first(asked: &str) -> &str {
    asked.split('.').next().unwrap_or_default()
}

/// The kind that is called like the first word, if possible with the group that follows; the first among several.
fn choose(asked: &str, all: &[Called<'_>]) -> Option<(GroupVersionKind, Vec<String>)> {
    let name = first(asked);
    let rest = asked.get(name.len()..).unwrap_or_default().trim_start_matches('.');
    let is = |called: &&Called<'_>| {
        called.plural.eq_ignore_ascii_case(name) || called.other.iter().any(|other| other.eq_ignore_ascii_case(name))
    };
    let named: Vec<&Called<'_>> = all.iter().filter(is).collect();
    let behind = |called: &Called<'_>| {
        let behind = rest.strip_prefix(&*called.kind.group).filter(|_| !called.kind.group.is_empty())?;
        if behind.is_empty() { Some(behind) } else { behind.strip_prefix('.') }
    };
    let longest = named.iter().filter_map(|called| Some((*called, behind(called)?))).min_by_key(|(_, rest)| rest.len());
    let (called, fields) = longest.or_else(|| named.first().map(|called| (*called, rest)))?;
    Some((called.kind.clone(), fields_of(fields)))
}

/// The names of fields; the places in lists of a `JSONPath` are left out.
fn fields_of(text: &str) -> Vec<String> {
    let names = text.split('.').map(|name| name.split('[').next().unwrap_or_default());
    names.filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(asked: &str) -> Option<String> {
        let (kind, fields) = known(asked, &Kinds::default())?;
        Some(format!("{}/{}/{} {}", kind.group, kind.version, kind.kind, fields.join(" ")))
    }

    #[test]
    fn a_question_names_a_kind_and_fields() {
        assert_eq!(of("pods").as_deref(), Some("/v1/Pod "));
        assert_eq!(of("po.spec.containers[0].image").as_deref(), Some("/v1/Pod spec containers image"));
        assert_eq!(of("deploy.spec").as_deref(), Some("apps/v1/Deployment spec"));
        assert_eq!(of("deployments.apps.spec.replicas.").as_deref(), Some("apps/v1/Deployment spec replicas"));
        assert_eq!(of("ingress.networking.k8s.io").as_deref(), Some("networking.k8s.io/v1/Ingress "));
        assert_eq!(of("deployments.appsx").as_deref(), Some("apps/v1/Deployment appsx"));
        assert_eq!((of("widgets.example.com"), of("")), (None, None));
        assert_eq!(of("containers"), None, "a part of a pod is no resource");
    }
}
