//! The owner task: it alone holds the world; it answers, and does what its agenda says.

use jiff::Timestamp;
use serde_json::Value;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, sleep_until};

use super::agenda::Deed;
use super::answer::{Answer, Failure, Outcome};
use super::fault::{self, Fault};
use super::json::text;
use super::request::Request;
use super::resource::{self, Resource};
use super::store::name_of;
use super::world::World;
use super::{Story, cast, delete, discovery, logs, metrics, read, remote, review, story, write};

/// What the owner task is asked.
#[derive(Debug)]
pub enum Ask {
    /// A request of the API; the answer is to be held back for a while.
    Answer(Request, oneshot::Sender<(Duration, Answer)>),
    /// Which run of a container is current.
    Run(logs::Source, oneshot::Sender<Option<logs::Run>>),
    /// What surrounds a program in a container; none when its pod is gone.
    Room(remote::Source, oneshot::Sender<Option<remote::Room>>),
    /// Hold this as long as there is a pod of this UID.
    Hold(String, oneshot::Sender<()>),
    /// Write files in a container, or remove them.
    Files(remote::Source, Vec<(String, Option<remote::Entry>)>, oneshot::Sender<()>),
    /// Create or replace an object.
    Put(Value, oneshot::Sender<Result<(), String>>),
    /// Remove an object.
    Delete(Value, oneshot::Sender<Result<(), String>>),
    /// Begin a fault.
    Fault(Fault, oneshot::Sender<Result<(), String>>),
}

/// The world in which a story begins.
pub fn begin(tale: Story, wall: Timestamp) -> World {
    let mut world = World::new(wall);
    cast::enter(&mut world, tale);
    world.dirty.clear();
    if tale == Story::Full {
        story::begin(&mut world);
    }
    world
}

/// Answers and acts until the last handle is gone.
pub async fn own(mut world: World, mut asks: mpsc::UnboundedReceiver<Ask>) {
    loop {
        let due = world.agenda.next().unwrap_or_else(|| Instant::now() + Duration::from_hours(24));
        tokio::select! {
            biased;
            ask = asks.recv() => match ask {
                Some(ask) => hear(&mut world, ask),
                None => return,
            },
            () = sleep_until(due) => while let Some(deed) = world.agenda.due() {
                act(&mut world, deed);
            },
        }
        story::settle(&mut world);
    }
}

/// Answers one question. Whoever asked may be gone by now; then the answer is of no use to anybody.
fn hear(world: &mut World, ask: Ask) {
    match ask {
        Ask::Answer(request, done) => {
            let answer = answer(world, &request).unwrap_or_else(Answer::from);
            let _ = done.send((world.faults.delay, answer));
        }
        Ask::Run(source, done) => drop(done.send(logs::current(world, &source))),
        Ask::Room(source, done) => drop(done.send(remote::room_of(world, &source))),
        Ask::Hold(uid, held) => hold(world, uid, held),
        Ask::Files(source, changes, done) => {
            write_files(world, &source, changes);
            let _ = done.send(());
        }
        Ask::Put(object, done) => drop(done.send(put(world, object))),
        Ask::Delete(object, done) => drop(done.send(remove(world, &object))),
        Ask::Fault(fault, done) => {
            world.fault(fault);
            let _ = done.send(Ok(()));
        }
    }
}

/// Holds the end of a session until its pod is dropped; those whose sessions are over are let go.
fn hold(world: &mut World, uid: String, held: oneshot::Sender<()>) {
    if world.with_uid(&uid).is_none() {
        return;
    }
    let all = world.sessions.entry(uid).or_default();
    all.retain(|held| !held.is_closed());
    all.push(held);
}

fn write_files(world: &mut World, source: &remote::Source, changes: Vec<(String, Option<remote::Entry>)>) {
    let Some(files) = remote::files_of(world, source) else { return };
    for (path, entry) in changes {
        match entry {
            Some(entry) => files.put(&path, entry),
            None => drop(files.remove(&path)),
        }
    }
}

fn answer(world: &mut World, request: &Request) -> Outcome {
    world.faults.check(request)?;
    let about_server = discovery::answer(request, &world.faults).or_else(|| review::answer(world, request));
    let about_server = about_server.or_else(|| metrics::answer(world, request));
    if let Some(outcome) = about_server {
        return outcome;
    }
    let target = request.target()?;
    let is_served = |verb: &&str| target.resource.verbs().contains(verb);
    if target.subresource.is_none() && !fault::verbs(request, &target).iter().all(is_served) {
        return Err(Failure::not_allowed());
    }
    match request.method.as_str() {
        "GET" => read::read(world, request, target),
        "DELETE" => delete::delete(world, request, &target),
        _ => write::write(world, request, &target),
    }
}

fn act(world: &mut World, deed: Deed) {
    match deed {
        Deed::Bookmark(watch) => read::bookmark(world, watch),
        Deed::EndWatch(watch) => world.watches.end(watch, world.store.version()),
        Deed::Reap(name, uid) => delete::reap(world, &name, &uid),
        Deed::Collect(owner) => delete::collect(world, &owner),
        Deed::Empty(namespace) => delete::empty(world, &namespace),
        Deed::Pod(name, uid) => story::step(world, &name, &uid),
        Deed::Story(act) => story::play(world, act),
    }
}

/// The kind of an object that a test hands over.
fn kind_of(object: &Value) -> Result<&'static Resource, String> {
    let (version, kind) = (text(object, "/apiVersion"), text(object, "/kind"));
    resource::by_kind(version, kind).ok_or_else(|| format!("the demo cluster does not serve {kind} of {version:?}"))
}

fn put(world: &mut World, mut object: Value) -> Result<(), String> {
    let resource = kind_of(&object)?;
    if text(&object, "/metadata/name").is_empty() {
        return Err(format!("the {} to put has no metadata.name", resource.kind));
    }
    if resource.namespaced && text(&object, "/metadata/namespace").is_empty() {
        super::json::set(&mut object, "/metadata/namespace", "default");
    }
    if let (Some(old), true) = (world.store.get(resource, &name_of(&object)), read::uid(&object).is_empty()) {
        for path in ["/metadata/uid", "/metadata/creationTimestamp"] {
            super::json::set(&mut object, path, text(old, path));
        }
    }
    write::begin(world, resource, &mut object, "test");
    world.still.insert(read::uid(&object).to_owned());
    world.keep(resource, object);
    Ok(())
}

fn remove(world: &mut World, object: &Value) -> Result<(), String> {
    let (resource, name) = (kind_of(object)?, name_of(object));
    let gone = world.drop_object(resource, &name);
    gone.map(drop).ok_or_else(|| Failure::not_found(resource, &name.1).message)
}
