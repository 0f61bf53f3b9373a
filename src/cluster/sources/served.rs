//! Which resource an object's apiVersion and kind are: one of the built-in kinds, or what the server's discovery names.

use crate::cluster::gate::{Problem, Reader};
use crate::cluster::url;
use crate::kinds::{self, Names, served};
use serde::Deserialize;
use serde_json::Value;
use std::collections::HashMap;

/// The kinds that a server serves, as far as somebody asked.
pub struct Served<'a> {
    reader: &'a Reader,
    /// The kinds that were found by discovery so far, in whichever cluster.
    pub known: Vec<&'static Names>,
    groups: HashMap<String, Vec<Resource>>,
}

/// A resource in a server's list of them.
#[derive(Debug, Clone, Deserialize)]
struct Resource {
    name: String,
    kind: String,
    namespaced: bool,
}

impl<'a> Served<'a> {
    /// Nobody has asked yet; `known` are the kinds that were found before.
    pub fn new(reader: &'a Reader, known: Vec<&'static Names>) -> Self {
        Self { reader, known, groups: HashMap::new() }
    }

    /// The names of a kind; `None` when the server does not serve it.
    ///
    /// # Errors
    /// When the server cannot be asked.
    pub async fn names(&mut self, api_version: &str, kind: &str) -> Result<Option<&'static Names>, Problem> {
        if let Some(names) = built_in(api_version, kind) {
            return Ok(Some(names));
        }
        if !self.groups.contains_key(api_version) {
            let resources = ask(self.reader, api_version).await?;
            self.groups.insert(api_version.to_owned(), resources);
        }
        let resources = self.groups.get(api_version).map(Vec::as_slice).unwrap_or_default();
        let found = resources.iter().find(|one| one.kind == kind && !one.name.contains('/')).cloned();
        Ok(found.map(|resource| self.keep(api_version, resource)))
    }

    /// Forgets what the server serves of a group, so that it is asked again.
    pub fn forget(&mut self, api_version: &str) {
        self.groups.remove(api_version);
    }

    /// The names of a kind for as long as the program runs.
    fn keep(&mut self, api_version: &str, resource: Resource) -> &'static Names {
        let (group, version) = split(api_version);
        let Resource { name, kind, namespaced } = resource;
        let (group, version) = (group.to_owned(), version.to_owned());
        let resource = kinds::Resource { group, version, plural: name, kind, namespaced, ..kinds::Resource::default() };
        served::keep(&mut self.known, &resource)
    }
}

/// Group and version: `apps/v1` is both, `v1` has no group.
fn split(api_version: &str) -> (&str, &str) {
    api_version.split_once('/').unwrap_or(("", api_version))
}

/// The names of a built-in kind. Parts of other objects are no resources of their own.
fn built_in(api_version: &str, kind: &str) -> Option<&'static Names> {
    let (group, version) = split(api_version);
    let is = |names: &Names| (names.group, names.version, names.kind) == (group, version, kind);
    let own = kinds::ALL.iter().filter(|kind| kind.names() == kind.resource());
    own.map(|kind| kind.names()).find(|names| is(names))
}

/// What a server serves of a group and version; nothing when it does not know them.
async fn ask(reader: &Reader, api_version: &str) -> Result<Vec<Resource>, Problem> {
    let (group, version) = split(api_version);
    let mut path = if group.is_empty() { "/api/".to_owned() } else { "/apis/".to_owned() };
    if !group.is_empty() {
        url::encode(group, &mut path);
        path.push('/');
    }
    url::encode(version, &mut path);
    let list = reader.find(&path).await?.unwrap_or_default();
    let resources = list.get("resources").and_then(Value::as_array).cloned().unwrap_or_default();
    Ok(resources.into_iter().filter_map(|resource| serde_json::from_value(resource).ok()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::gate::testing::{Asked, server};
    use serde_json::json;

    #[tokio::test]
    async fn a_kind_is_built_in_or_discovered_and_kept_once() {
        let (reader, _, asked) = server(|asked: &Asked| {
            let widgets = json!({"resources": [
                {"name": "widgets/status", "kind": "Widget", "namespaced": true},
                {"name": "widgets", "kind": "Widget", "namespaced": true}]});
            Some(if asked.line == "GET /apis/example.com/v1" { (200, widgets) } else { (404, json!({})) })
        });
        let mut served = Served::new(&reader, Vec::new());
        assert_eq!(served.names("apps/v1", "Deployment").await.unwrap().unwrap().plural, "deployments");
        assert_eq!(asked.try_iter().count(), 0);
        let widgets = served.names("example.com/v1", "Widget").await.unwrap().unwrap();
        assert_eq!((widgets.plural, widgets.group, widgets.namespaced), ("widgets", "example.com", true));
        assert_eq!(served.names("example.com/v1", "Gadget").await.unwrap(), None);
        assert_eq!(asked.try_iter().count(), 1);
        let mut again = Served::new(&reader, served.known);
        assert!(std::ptr::eq(again.names("example.com/v1", "Widget").await.unwrap().unwrap(), widgets));
        assert_eq!(again.names("extensions/v1beta1", "Ingress").await.unwrap(), None);
        assert_eq!(again.known.len(), 1);
    }
}
