//! The objects and their versions: what etcd and the watch cache are to a real API server.

use serde_json::Value;
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use super::answer::Failure;
use super::json::{set, text};
use super::resource::Resource;

/// Namespace (empty for cluster-scoped kinds) and name.
pub type Name = (String, String);

/// How many changes watches can be resumed over.
const REMEMBERED: usize = 1_024;

/// What happened to an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// It is new.
    Added,
    /// It was replaced.
    Modified,
    /// It is gone.
    Deleted,
}

/// One change, as watches tell it.
#[derive(Debug, Clone)]
pub struct Change {
    /// The version that the change made.
    pub version: u64,
    /// What it was a change of.
    pub resource: &'static Resource,
    /// What happened.
    pub what: What,
    /// The object after the change; for deletions its last state, with the version of the deletion.
    pub object: Arc<Value>,
    /// The object before the change.
    pub before: Option<Arc<Value>>,
}

/// All objects, and the last changes.
#[derive(Debug)]
pub struct Store {
    objects: BTreeMap<&'static str, BTreeMap<Name, Arc<Value>>>,
    history: VecDeque<Change>,
    version: u64,
    oldest: u64,
}

impl Store {
    /// An empty store whose versions count on from `version`.
    pub fn new(version: u64) -> Self {
        Self { objects: BTreeMap::new(), history: VecDeque::new(), version, oldest: version }
    }

    /// The version of the last change.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// The object of this name.
    pub fn get(&self, resource: &Resource, name: &Name) -> Option<&Arc<Value>> {
        self.objects.get(resource.plural)?.get(name)
    }

    /// All objects of a resource, by namespace and name.
    pub fn all(&self, plural: &str) -> impl Iterator<Item = (&Name, &Arc<Value>)> {
        self.objects.get(plural).into_iter().flatten()
    }

    /// The objects of a resource in a namespace.
    pub fn within<'a>(&'a self, plural: &str, namespace: &'a str) -> impl Iterator<Item = &'a Arc<Value>> {
        self.all(plural).filter(move |((ns, _), _)| ns == namespace).map(|(_, object)| object)
    }

    /// Keeps an object under the name in its metadata, with the next version written into it.
    pub fn put(&mut self, resource: &'static Resource, mut object: Value) -> Change {
        self.version += 1;
        set(&mut object, "/metadata/resourceVersion", self.version.to_string());
        let object = Arc::new(object);
        let before = self.objects.entry(resource.plural).or_default().insert(name_of(&object), Arc::clone(&object));
        let what = if before.is_some() { What::Modified } else { What::Added };
        self.remember(Change { version: self.version, resource, what, object, before })
    }

    /// Takes an object out.
    pub fn remove(&mut self, resource: &'static Resource, name: &Name) -> Option<Change> {
        let before = self.objects.get_mut(resource.plural)?.remove(name)?;
        self.version += 1;
        let mut last = Value::clone(&before);
        set(&mut last, "/metadata/resourceVersion", self.version.to_string());
        let change = Change {
            version: self.version,
            resource,
            what: What::Deleted,
            object: Arc::new(last),
            before: Some(before),
        };
        Some(self.remember(change))
    }

    /// What changed after `version`.
    ///
    /// # Errors
    /// 410 when that is no longer remembered.
    pub fn since(&self, version: u64) -> Result<impl Iterator<Item = &Change>, Failure> {
        if version < self.oldest {
            let message = format!("too old resource version: {version} ({})", self.oldest);
            return Err(Failure::expired(message));
        }
        Ok(self.history.iter().filter(move |change| change.version > version))
    }

    /// Forgets all changes, as a compaction does.
    pub fn compact(&mut self) {
        self.history.clear();
        self.version += 1;
        self.oldest = self.version;
    }

    fn remember(&mut self, change: Change) -> Change {
        if self.history.len() >= REMEMBERED {
            self.oldest = self.history.pop_front().map_or(self.oldest, |forgotten| forgotten.version);
        }
        self.history.push_back(change.clone());
        change
    }
}

/// Namespace and name in an object's metadata.
pub fn name_of(object: &Value) -> Name {
    (text(object, "/metadata/namespace").to_owned(), text(object, "/metadata/name").to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::resource;
    use serde_json::json;

    fn pod(name: &str) -> Value {
        json!({"metadata": {"name": name, "namespace": "default"}})
    }

    #[test]
    fn changes_are_told_in_order_until_they_are_forgotten() {
        let pods = resource::named("pods").unwrap();
        let mut store = Store::new(100);
        store.put(pods, pod("a"));
        store.put(pods, pod("a"));
        store.remove(pods, &name_of(&pod("a")));
        let told: Vec<_> = store.since(100).unwrap().map(|c| (c.version, c.what)).collect();
        assert_eq!(told, [(101, What::Added), (102, What::Modified), (103, What::Deleted)]);
        assert_eq!(store.since(102).unwrap().count(), 1);
        store.compact();
        assert_eq!(store.since(103).err().map(|f| f.code), Some(410));
        assert_eq!(store.since(104).unwrap().count(), 0);
    }

    #[test]
    fn the_history_is_bounded() {
        let pods = resource::named("pods").unwrap();
        let mut store = Store::new(0);
        for _ in 0..REMEMBERED + 10 {
            store.put(pods, pod("a"));
        }
        assert_eq!(store.since(10).unwrap().count(), REMEMBERED);
        assert!(store.since(9).is_err());
    }
}
