//! Open watches: who is told of which change, in which form, and when they end.

use hyper::body::Bytes;
use jiff::Timestamp;
use serde_json::{Value, json};
use std::borrow::Cow;
use std::collections::BTreeMap;
use tokio::sync::mpsc;

use super::answer::Failure;
use super::json::{set, set_key, text};
use super::request::Target;
use super::select::Selector;
use super::store::{Change, What};
use super::view::View;

/// How many lines may wait for a slow reader before its watch is closed, as the API server's watch cache does.
const WAITING: usize = 4_096;

/// What a watch shows.
#[derive(Debug)]
pub struct Scope {
    /// Kind, namespace, name.
    pub target: Target,
    /// Labels and fields.
    pub selector: Selector,
    /// Form of the objects.
    pub view: View,
    /// Whether it asked for bookmarks.
    pub bookmarks: bool,
}

#[derive(Debug)]
struct Watch {
    scope: Scope,
    lines: mpsc::Sender<Bytes>,
    headings: bool,
}

/// All open watches, by number.
#[derive(Debug, Default)]
pub struct Watches {
    open: BTreeMap<u64, Watch>,
    last: u64,
}

impl Scope {
    /// Whether an object belongs to what is watched.
    pub fn shows(&self, object: &Value) -> bool {
        let namespace = self.target.namespace.as_deref().is_none_or(|ns| ns == text(object, "/metadata/namespace"));
        let name = self.target.name.as_deref().is_none_or(|name| name == text(object, "/metadata/name"));
        namespace && name && self.selector.matches(object)
    }

    /// A change as this watch sees it: an object that enters or leaves the selection is added or deleted. What leaves
    /// is told as it was, with the version of the change.
    pub fn sees<'a>(&self, change: &'a Change) -> Option<(&'static str, Cow<'a, Value>)> {
        if change.resource != self.target.resource {
            return None;
        }
        let before = change.before.as_deref().is_some_and(|object| self.shows(object));
        let after = change.what != What::Deleted && self.shows(&change.object);
        match (before, after) {
            (false, true) => Some(("ADDED", Cow::Borrowed(&*change.object))),
            (true, true) => Some(("MODIFIED", Cow::Borrowed(&*change.object))),
            (true, false) => {
                let mut last = Value::clone(change.before.as_ref()?);
                set(&mut last, "/metadata/resourceVersion", change.version.to_string());
                Some(("DELETED", Cow::Owned(last)))
            }
            (false, false) => None,
        }
    }
}

impl Watch {
    fn event(&mut self, what: &str, object: &Value, now: Timestamp) -> String {
        let resource = self.scope.target.resource;
        let shown = self.scope.view.one((resource, object), now, std::mem::take(&mut self.headings));
        line(what, &shown)
    }

    /// Sends lines; false when the reader is gone or too slow.
    fn send(&self, lines: String) -> bool {
        lines.is_empty() || self.lines.try_send(lines.into()).is_ok()
    }

    fn bookmark(&self, version: u64, end_of_list: bool) -> String {
        let resource = self.scope.target.resource;
        let mut object = json!({
            "kind": resource.kind, "apiVersion": resource.api_version(),
            "metadata": {"resourceVersion": version.to_string(), "creationTimestamp": null},
        });
        if end_of_list {
            set_key(&mut object, "/metadata/annotations", "k8s.io/initial-events-end", "true");
        }
        let shown = match self.scope.view {
            View::Table(_) => {
                let mut table = self.scope.view.one((resource, &object), Timestamp::UNIX_EPOCH, false);
                set(&mut table, "/metadata", object.get("metadata").cloned().unwrap_or_default());
                table
            }
            view => view.one((resource, &object), Timestamp::UNIX_EPOCH, false),
        };
        line("BOOKMARK", &shown)
    }
}

/// One line of a watch.
fn line(what: &str, object: &Value) -> String {
    format!("{{\"type\":\"{what}\",\"object\":{object}}}\n")
}

/// The line that ends a watch with a failure.
pub fn error(failure: &Failure) -> String {
    line("ERROR", &failure.status())
}

impl Watches {
    /// Opens a watch. The first events are sent at once, with a bookmark after them when `end_of_list` names the
    /// version of the list that they are.
    pub fn open(
        &mut self,
        scope: Scope,
        first: &[(&str, Cow<Value>)],
        (end_of_list, now): (Option<u64>, Timestamp),
    ) -> (u64, mpsc::Receiver<Bytes>) {
        let (lines, reader) = mpsc::channel(WAITING);
        let mut watch = Watch { scope, lines, headings: true };
        let mut text: String = first.iter().map(|(what, object)| watch.event(what, object, now)).collect();
        text.extend(end_of_list.map(|version| watch.bookmark(version, true)));
        watch.send(text);
        self.last += 1;
        self.open.insert(self.last, watch);
        (self.last, reader)
    }

    /// Tells every watch that shows it of a change; closes those whose readers are gone.
    pub fn tell(&mut self, change: &Change, now: Timestamp) {
        self.open.retain(|_, watch| {
            let seen = watch.scope.sees(change);
            let told = seen.is_none_or(|(what, object)| {
                let line = watch.event(what, &object, now);
                watch.send(line)
            });
            told && !watch.lines.is_closed()
        });
    }

    /// Sends a bookmark; false when the watch is gone or did not ask for them.
    pub fn bookmark(&mut self, number: u64, version: u64) -> bool {
        let Some(watch) = self.open.get(&number) else { return false };
        if watch.lines.is_closed() {
            self.open.remove(&number);
            return false;
        }
        watch.scope.bookmarks && watch.send(watch.bookmark(version, false))
    }

    /// Ends a watch, with a last bookmark.
    pub fn end(&mut self, number: u64, version: u64) {
        self.bookmark(number, version);
        self.open.remove(&number);
    }

    /// Sends a line to all, whatever it is.
    pub fn shout(&mut self, line: &str) {
        self.open.retain(|_, watch| watch.send(line.to_owned()));
    }

    /// Ends all at once.
    pub fn end_all(&mut self) {
        self.open.clear();
    }
}
