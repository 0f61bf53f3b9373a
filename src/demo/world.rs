//! The world: objects, watches, agenda and faults, all in the hands of one task.

use jiff::Timestamp;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::oneshot;

use super::agenda::{Agenda, Deed};
use super::clock::Clock;
use super::fault::{Fault, Faults};
use super::json::{Random, text};
use super::resource::{self, Resource};
use super::store::{Name, Store, name_of};
use super::watch::Watches;

/// Everything that the owner task holds.
#[derive(Debug)]
pub struct World {
    /// Objects and history.
    pub store: Store,
    /// Time.
    pub clock: Clock,
    /// Choices.
    pub random: Random,
    /// Open watches.
    pub watches: Watches,
    /// What happens later.
    pub agenda: Agenda,
    /// What goes wrong.
    pub faults: Faults,
    /// Workloads and pods that the controllers have to look at.
    pub dirty: BTreeSet<(&'static str, Name)>,
    /// UIDs of objects that a test put: the controllers leave them alone.
    pub still: BTreeSet<String>,
    /// What the sessions with pods wait for, by pod UID.
    pub sessions: BTreeMap<String, Vec<oneshot::Sender<()>>>,
    /// Files that were changed, by pod UID and container.
    pub files: BTreeMap<(String, String), super::remote::Files>,
    /// How far the kubelet is with the pods in its care, by UID.
    pub stages: BTreeMap<String, super::story::Stage>,
}

impl World {
    /// A world without objects.
    pub fn new(start: Timestamp) -> Self {
        Self {
            store: Store::new(184_200),
            clock: Clock::starting_at(start),
            random: Random::new(11),
            watches: Watches::default(),
            agenda: Agenda::default(),
            faults: Faults::default(),
            dirty: BTreeSet::new(),
            still: BTreeSet::new(),
            sessions: BTreeMap::new(),
            files: BTreeMap::new(),
            stages: BTreeMap::new(),
        }
    }

    /// The wall time.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// An object, by the plural name of its kind.
    pub fn get(&self, plural: &str, name: &Name) -> Option<Arc<Value>> {
        self.store.get(resource::named(plural)?, name).cloned()
    }

    /// Keeps an object, tells the watches, and has the controllers look at it.
    pub fn keep(&mut self, resource: &'static Resource, object: Value) -> Arc<Value> {
        let change = self.store.put(resource, object);
        self.watches.tell(&change, self.clock.now());
        self.touch(resource, &change.object);
        change.object
    }

    /// Changes an object in place; nothing happens when it is gone or stays as it was.
    pub fn edit(&mut self, plural: &str, name: &Name, change: impl FnOnce(&mut Value)) {
        let Some(resource) = resource::named(plural) else { return };
        let Some(old) = self.store.get(resource, name) else { return };
        let mut new = Value::clone(old);
        change(&mut new);
        if new != **old {
            self.keep(resource, new);
        }
    }

    /// Takes an object out, tells the watches, and plans the deletion of what it owned.
    pub fn drop_object(&mut self, resource: &'static Resource, name: &Name) -> Option<Arc<Value>> {
        let change = self.store.remove(resource, name)?;
        self.watches.tell(&change, self.clock.now());
        self.touch(resource, &change.object);
        let uid = text(&change.object, "/metadata/uid").to_owned();
        self.stages.remove(&uid);
        self.sessions.remove(&uid);
        self.files.retain(|(of, _), _| *of != uid);
        self.still.remove(&uid);
        if self.owns_something(&uid) {
            self.agenda.after(Duration::from_millis(200), Deed::Collect(uid));
        }
        Some(change.object)
    }

    /// The objects that this UID owns.
    pub fn owned_by(&self, uid: &str) -> Vec<(&'static Resource, Name)> {
        let owned = |object: &Value| {
            super::json::list(object, "/metadata/ownerReferences").iter().any(|o| text(o, "/uid") == uid)
        };
        let of = |r: &'static Resource| {
            self.store
                .all(r.plural)
                .filter(|(_, o)| owned(o))
                .map(move |(name, _)| (r, name.clone()))
                .collect::<Vec<_>>()
        };
        resource::ALL.iter().flat_map(of).collect()
    }

    /// The object with this UID, if it is still there.
    pub fn with_uid(&self, uid: &str) -> Option<(&'static Resource, Name)> {
        let of = |r: &'static Resource| {
            let found = self.store.all(r.plural).find(|(_, object)| text(object, "/metadata/uid") == uid);
            found.map(|(name, _)| (r, name.clone()))
        };
        resource::ALL.iter().find_map(of)
    }

    /// Begins a fault.
    pub fn fault(&mut self, fault: Fault) {
        match &fault {
            Fault::Compact => self.store.compact(),
            Fault::CloseWatches => self.watches.end_all(),
            Fault::Garbage => self.watches.shout("{\"type\":\"MODIFIED\",\"object\":{\"kind\":Po}}\n"),
            _ => {}
        }
        self.faults.begin(fault);
    }

    fn owns_something(&self, uid: &str) -> bool {
        !self.owned_by(uid).is_empty()
    }

    /// Marks an object and its controller for the controllers.
    fn touch(&mut self, resource: &'static Resource, object: &Value) {
        let name = name_of(object);
        for owner in super::json::list(object, "/metadata/ownerReferences") {
            let kind = resource::by_kind(text(owner, "/apiVersion"), text(owner, "/kind"));
            if let Some(kind) = kind.filter(|kind| kind.namespaced) {
                self.dirty.insert((kind.plural, (name.0.clone(), text(owner, "/name").to_owned())));
            }
        }
        if super::story::is_controlled(resource.plural) {
            self.dirty.insert((resource.plural, name));
        }
    }
}
