//! Get, list and watch.

use jiff::Timestamp;
use serde_json::{Value, json};
use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;

use super::agenda::Deed;
use super::answer::{Answer, Failure, Outcome};
use super::json::{set, text};
use super::request::{Request, Target};
use super::store::Name;
use super::view::View;
use super::watch::{self, Scope};
use super::world::World;

/// Answers GET.
///
/// # Errors
/// With the API's failure.
pub fn read(world: &mut World, request: &Request, target: Target) -> Outcome {
    match (&target.name, target.subresource.as_deref()) {
        (Some(_), Some("log")) => super::logs::plan(world, request, &target),
        (Some(_), Some("scale")) => Ok(Answer::json(200, &super::scale::of(&*found(world, &target)?))),
        (Some(_), Some("attach" | "exec" | "portforward")) => super::remote::plan(world, request, &target),
        (Some(_), Some("eviction")) => Err(Failure::not_allowed()),
        (_, _) if request.flag("watch") => watch(world, request, target),
        (Some(_), _) => {
            let (object, now) = (found(world, &target)?, world.now());
            Ok(Answer::json(200, &View::of(request)?.one((target.resource, &object), now, true)))
        }
        (None, _) => list(world, request, &target),
    }
}

/// The object that a target names.
///
/// # Errors
/// 404 when there is none.
pub fn found(world: &World, target: &Target) -> Result<Arc<Value>, Failure> {
    let name = target.object();
    world.store.get(target.resource, &name).cloned().ok_or_else(|| Failure::not_found(target.resource, &name.1))
}

impl Target {
    /// Namespace and name of the object.
    pub fn object(&self) -> Name {
        (self.namespace.clone().unwrap_or_default(), self.name.clone().unwrap_or_default())
    }

    /// `pods`, `deployments/scale`: the resource as a rule of RBAC names it.
    pub fn resource_name(&self) -> String {
        match &self.subresource {
            Some(sub) => format!("{}/{sub}", self.resource.plural),
            None => self.resource.plural.to_owned(),
        }
    }

    fn scope(self, request: &Request) -> Result<Scope, Failure> {
        let (selector, view) = (request.selector()?, View::of(request)?);
        Ok(Scope { target: self, selector, view, bookmarks: request.flag("allowWatchBookmarks") })
    }
}

fn list(world: &mut World, request: &Request, target: &Target) -> Outcome {
    world.faults.check_list()?;
    for name in ["limit", "resourceVersion", "timeoutSeconds"] {
        if !request.param(name).is_empty() && request.number(name).is_none() {
            return Err(Failure::bad_request(format!("{name} is not a number: \"{}\"", request.param(name))));
        }
    }
    let scope = target.clone().scope(request)?;
    let (version, after) = place(world, request.param("continue"))?;
    let limit = request.number("limit").and_then(|n| usize::try_from(n).ok()).filter(|n| *n > 0);
    let spoil = world.faults.spoils().then(|| unreadable(target));
    let shown = world
        .store
        .all(target.resource.plural)
        .filter(|(name, object)| after.as_ref().is_none_or(|after| *name > after) && scope.shows(object));
    let all: Vec<(&Name, &Arc<Value>)> = shown.collect();
    let page = all.get(..limit.unwrap_or(all.len()).min(all.len())).unwrap_or_default();
    let mut meta = json!({"resourceVersion": version.to_string()});
    if let (Some((last, _)), true) = (page.last(), page.len() < all.len()) {
        set(&mut meta, "/continue", token(version, last));
        if scope.selector.is_empty() {
            set(&mut meta, "/remainingItemCount", all.len() - page.len());
        }
    }
    let objects: Vec<&Value> = spoil.iter().chain(page.iter().map(|(_, object)| &***object)).collect();
    let body = scope.view.many(target.resource, &objects, (meta, world.now()));
    Ok(Answer::raw(200, "application/json", body))
}

/// An object that no typed client can read.
fn unreadable(target: &Target) -> Value {
    json!({
        "kind": target.resource.kind, "apiVersion": target.resource.api_version(),
        "metadata": {"name": "unreadable", "namespace": target.namespace.as_deref().unwrap_or("default"), "uid": "unreadable"},
        "spec": "this should be an object", "status": ["and so should this"],
    })
}

/// Where a list goes on: its version, and the last name that was already told.
fn place(world: &World, token: &str) -> Result<(u64, Option<Name>), Failure> {
    if token.is_empty() {
        return Ok((world.store.version(), None));
    }
    let bytes = (0..token.len()).step_by(2).map(|i| u8::from_str_radix(token.get(i..i + 2)?, 16).ok());
    let plain = bytes.collect::<Option<Vec<u8>>>().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default();
    let mut parts = plain.splitn(3, ' ');
    let (Some(Ok(version)), Some(namespace), Some(name)) = (parts.next().map(str::parse), parts.next(), parts.next())
    else {
        return Err(Failure::bad_request("continue key is not valid: it was not made by this server"));
    };
    if world.store.since(version).is_err() {
        return Err(Failure::expired(
            "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter.",
        ));
    }
    Ok((version, Some((namespace.to_owned(), name.to_owned()))))
}

fn token(version: u64, (namespace, name): &Name) -> String {
    let digit = |half: u8| char::from_digit(u32::from(half), 16).unwrap_or('0');
    format!("{version} {namespace} {name}").bytes().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

fn watch(world: &mut World, request: &Request, target: Target) -> Outcome {
    world.faults.check_watch()?;
    let scope = target.scope(request)?;
    let streams_list = request.flag("sendInitialEvents");
    if streams_list && request.param("resourceVersionMatch") != "NotOlderThan" {
        let why = "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan";
        return Err(Failure::invalid(scope.target.resource, "", ("resourceVersionMatch", why)));
    }
    if world.faults.ends_watch() {
        return Ok(Answer::Lines(mpsc::channel(1).1));
    }
    let version = world.store.version();
    let from = request.number("resourceVersion").unwrap_or_default();
    let end_of_list = (streams_list && scope.bookmarks).then_some(version);
    if streams_list || from == 0 {
        return Ok(open(world, scope, request, (true, end_of_list)));
    }
    match world.store.since(from).err() {
        Some(failure) => Ok(failed(&failure)),
        None => Ok(open(world, scope, request, (false, end_of_list))),
    }
}

/// A watch that says why it ends.
fn failed(failure: &Failure) -> Answer {
    let (lines, reader) = mpsc::channel(1);
    // The channel is new and has room: this cannot fail.
    let _ = lines.try_send(watch::error(failure).into());
    Answer::Lines(reader)
}

fn open(world: &mut World, scope: Scope, request: &Request, (whole, end_of_list): (bool, Option<u64>)) -> Answer {
    let from = request.number("resourceVersion").unwrap_or_default();
    let now: Timestamp = world.now();
    let plural = scope.target.resource.plural;
    let mut first: Vec<(&str, Cow<Value>)> = Vec::new();
    if whole {
        let shown = world.store.all(plural).map(|(_, object)| &**object).filter(|object| scope.shows(object));
        first.extend(shown.map(|object| ("ADDED", Cow::Borrowed(object))));
    } else if let Ok(changes) = world.store.since(from) {
        first.extend(changes.filter_map(|change| scope.sees(change)));
    }
    let (number, reader) = world.watches.open(scope, &first, (end_of_list, now));
    let seconds = request.number("timeoutSeconds").filter(|s| *s > 0).unwrap_or(1_800 + world.random.below(1_800));
    world.agenda.after(Duration::from_secs(seconds), Deed::EndWatch(number));
    world.agenda.after(Duration::from_mins(1), Deed::Bookmark(number));
    Answer::Lines(reader)
}

/// Sends a bookmark, and plans the next.
pub fn bookmark(world: &mut World, number: u64) {
    if world.watches.bookmark(number, world.store.version()) {
        world.agenda.after(Duration::from_mins(1), Deed::Bookmark(number));
    }
}

/// The name of the manager that a request's changes are booked on.
pub fn manager(request: &Request) -> String {
    let given = request.param("fieldManager");
    if !given.is_empty() {
        return given.to_owned();
    }
    if request.agent.is_empty() { "unknown".to_owned() } else { request.agent.clone() }
}

/// The UID of an object.
pub fn uid(object: &Value) -> &str {
    text(object, "/metadata/uid")
}
