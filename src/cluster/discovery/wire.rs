//! What servers send: aggregated discovery (`apidiscovery.k8s.io` v2 and v2beta1), and the older lists of groups, versions
//! and resources. All of it may be missing.

use crate::cluster::url;
use crate::kinds::{Discovered, Resource, api_version};
use crate::text::safe;
use serde::{Deserialize, Deserializer};

/// An answer of `/api` or `/apis`.
pub(super) enum Answer {
    /// Everything.
    Aggregated(Aggregated),
    /// The groups, each of which has to be asked.
    Groups(Vec<Group>),
}

impl Answer {
    /// Reads an answer of either form.
    pub(super) fn read(json: &[u8]) -> Result<Self, serde_json::Error> {
        let Head { kind, versions, groups } = serde_json::from_slice(json)?;
        Ok(match kind.as_str() {
            "APIGroupDiscoveryList" => Self::Aggregated(serde_json::from_slice(json)?),
            // The core group stands alone and has no name.
            "APIVersions" => Self::Groups(vec![Group { versions: named(versions), ..Group::default() }]),
            "APIGroupList" => Self::Groups(groups),
            other => {
                let why = format!("it is \"{}\", not a list of groups", safe(other));
                return Err(serde::de::Error::custom(why));
            }
        })
    }
}

fn named(versions: Vec<String>) -> Vec<Version> {
    versions.into_iter().map(|version| Version { version }).collect()
}

/// Null is absent, as for Go.
fn null<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(deserializer: D) -> Result<T, D::Error> {
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Head {
    #[serde(deserialize_with = "null")]
    kind: String,
    #[serde(deserialize_with = "null")]
    versions: Vec<String>,
    #[serde(deserialize_with = "null")]
    groups: Vec<Group>,
}

/// A group, as `/apis` names it.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Group {
    #[serde(deserialize_with = "null")]
    pub(super) name: String,
    #[serde(deserialize_with = "null")]
    versions: Vec<Version>,
    #[serde(deserialize_with = "null")]
    preferred_version: Version,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Version {
    #[serde(deserialize_with = "null")]
    version: String,
}

impl Group {
    /// Its versions, the preferred one first.
    pub(super) fn versions(&self) -> impl Iterator<Item = String> {
        let preferred = &self.preferred_version.version;
        let others = self.versions.iter().map(|one| &one.version).filter(move |version| *version != preferred);
        let first = Some(preferred).filter(|version| !version.is_empty());
        first.into_iter().chain(others).cloned()
    }

    /// Where a version of it tells its resources.
    pub(super) fn path(&self, version: &str) -> String {
        let mut path = if self.name.is_empty() { "/api/".to_owned() } else { "/apis/".to_owned() };
        for part in [self.name.as_str(), version].into_iter().filter(|part| !part.is_empty()) {
            if !path.ends_with('/') {
                path.push('/');
            }
            url::encode(part, &mut path);
        }
        path
    }
}

/// The resources of a version (`APIResourceList`).
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct List {
    #[serde(deserialize_with = "null")]
    resources: Vec<Listed>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Listed {
    #[serde(deserialize_with = "null")]
    name: String,
    #[serde(deserialize_with = "null")]
    singular_name: String,
    #[serde(deserialize_with = "null")]
    namespaced: bool,
    #[serde(deserialize_with = "null")]
    kind: String,
    #[serde(deserialize_with = "null")]
    verbs: Vec<String>,
    #[serde(deserialize_with = "null")]
    short_names: Vec<String>,
    #[serde(deserialize_with = "null")]
    categories: Vec<String>,
}

impl List {
    /// Adds its resources; what stands behind a slash is a part of the one before it.
    pub(super) fn add_to(self, (group, version): (&str, &str), found: &mut Discovered) {
        let scales = |name: &str| self.resources.iter().any(|one| one.name == format!("{name}/scale"));
        let whole = self.resources.iter().filter(|one| !one.name.contains('/'));
        let resources: Vec<Resource> = whole
            .map(|one| Resource {
                group: group.to_owned(),
                version: version.to_owned(),
                plural: one.name.clone(),
                singular: one.singular_name.clone(),
                kind: one.kind.clone(),
                short: one.short_names.clone(),
                namespaced: one.namespaced,
                verbs: one.verbs.clone(),
                categories: one.categories.clone(),
                scales: scales(&one.name),
                preferred: false,
            })
            .collect();
        add(resources, found);
    }
}

/// Adds resources of one version. The first version of a group that serves a resource is the preferred one.
fn add(resources: Vec<Resource>, found: &mut Discovered) {
    for resource in resources {
        let same = |other: &Resource| other.group == resource.group && other.plural == resource.plural;
        let start = found.resources.iter().rposition(|other| other.group != resource.group).map_or(0, |at| at + 1);
        let preferred = !found.resources.iter().skip(start).any(same);
        found.resources.push(Resource { preferred, ..resource });
    }
}

/// Everything at once (`APIGroupDiscoveryList`).
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Aggregated {
    #[serde(deserialize_with = "null")]
    pub(super) items: Vec<Discovery>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Discovery {
    #[serde(deserialize_with = "null")]
    metadata: Metadata,
    #[serde(deserialize_with = "null")]
    versions: Vec<Served>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Metadata {
    #[serde(deserialize_with = "null")]
    name: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Served {
    #[serde(deserialize_with = "null")]
    version: String,
    #[serde(deserialize_with = "null")]
    resources: Vec<Aggregate>,
    #[serde(deserialize_with = "null")]
    freshness: String,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Aggregate {
    #[serde(deserialize_with = "null")]
    resource: String,
    #[serde(deserialize_with = "null")]
    response_kind: Kind,
    #[serde(deserialize_with = "null")]
    scope: String,
    #[serde(deserialize_with = "null")]
    singular_resource: String,
    #[serde(deserialize_with = "null")]
    verbs: Vec<String>,
    #[serde(deserialize_with = "null")]
    short_names: Vec<String>,
    #[serde(deserialize_with = "null")]
    categories: Vec<String>,
    #[serde(deserialize_with = "null")]
    subresources: Vec<Part>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Kind {
    #[serde(deserialize_with = "null")]
    kind: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Part {
    #[serde(deserialize_with = "null")]
    subresource: String,
}

impl Discovery {
    /// Adds the resources of its versions. Those of a version that the server could not ask are stale, and therefore told
    /// apart.
    pub(super) fn add_to(self, found: &mut Discovered) {
        let group = self.metadata.name;
        for Served { version, resources, freshness } in self.versions {
            let name = api_version(&group, &version);
            if freshness == "Stale" {
                let why = "the server that serves it does not answer".to_owned();
                found.failed.push((name, why));
                continue;
            }
            let known = resources.into_iter().filter(|one| !one.response_kind.kind.is_empty());
            add(known.map(|one| one.resource(&group, &version)).collect(), found);
            found.versions.push(name);
        }
    }
}

impl Aggregate {
    fn resource(self, group: &str, version: &str) -> Resource {
        Resource {
            group: group.to_owned(),
            version: version.to_owned(),
            plural: self.resource,
            singular: self.singular_resource,
            kind: self.response_kind.kind,
            short: self.short_names,
            namespaced: self.scope == "Namespaced",
            verbs: self.verbs,
            categories: self.categories,
            scales: self.subresources.iter().any(|part| part.subresource == "scale"),
            preferred: false,
        }
    }
}
