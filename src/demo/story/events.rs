//! Events: what the controllers say about what they do. They are counted up, and forgotten after an hour.

use serde_json::{Value, json};

use crate::demo::clock::{seconds_since, stamp};
use crate::demo::json::{int, set, text};
use crate::demo::resource;
use crate::demo::store::Name;
use crate::demo::world::World;
use crate::demo::write;

/// How many events are kept at most.
const KEPT: usize = 250;

/// How long an event is kept after it was last seen, in seconds.
const LIFE: i64 = 3_600;

/// What is said: who says it, the reason and the sentence.
#[derive(Debug, Clone, Copy)]
pub struct Said<'a> {
    /// Component.
    pub by: &'a str,
    /// Machine-readable reason.
    pub reason: &'a str,
    /// Sentence.
    pub message: &'a str,
}

/// Records that something normal happened to an object.
pub fn normal(world: &mut World, about: &Value, said: Said) {
    record(world, about, ("Normal", said));
}

/// Records that something went wrong with an object.
pub fn warning(world: &mut World, about: &Value, said: Said) {
    record(world, about, ("Warning", said));
}

fn record(world: &mut World, about: &Value, (kind, said): (&str, Said)) {
    let Some(events) = resource::named("events") else { return };
    let now = stamp(world.now());
    let namespace = match text(about, "/metadata/namespace") {
        "" => "default",
        own => own,
    };
    let same = |event: &Value| {
        text(event, "/involvedObject/uid") == text(about, "/metadata/uid")
            && text(event, "/reason") == said.reason
            && text(event, "/message") == said.message
    };
    let old = world.store.all("events").find(|(_, event)| same(event)).map(|(name, _)| name.clone());
    if let Some(name) = old {
        return world.edit("events", &name, |event| {
            set(event, "/count", int(event, "/count") + 1);
            set(event, "/lastTimestamp", now);
        });
    }
    expire(world);
    let name = format!("{}.{:016x}", text(about, "/metadata/name"), world.random.bits() >> 8 | 0x1800_0000_0000_0000);
    let host = text(about, "/spec/nodeName");
    let source =
        if said.by == "kubelet" { json!({"component": said.by, "host": host}) } else { json!({"component": said.by}) };
    let mut event = json!({
        "metadata": {"name": name, "namespace": namespace}, "type": kind, "reason": said.reason, "message": said.message,
        "involvedObject": {
            "kind": text(about, "/kind"), "apiVersion": text(about, "/apiVersion"), "name": text(about, "/metadata/name"),
            "namespace": text(about, "/metadata/namespace"), "uid": text(about, "/metadata/uid"),
            "resourceVersion": text(about, "/metadata/resourceVersion"),
        },
        "source": source, "firstTimestamp": now, "lastTimestamp": now, "count": 1, "eventTime": null,
        "reportingComponent": said.by, "reportingInstance": host,
    });
    let container = text(about, "/spec/containers/0/name");
    if said.by == "kubelet" && !container.is_empty() {
        set(&mut event, "/involvedObject/fieldPath", format!("spec.containers{{{container}}}"));
    }
    write::begin(world, events, &mut event, said.by);
    world.keep(events, event);
}

/// Takes out the events that are too old, and the oldest when there are too many.
fn expire(world: &mut World) {
    let Some(events) = resource::named("events") else { return };
    let now = world.now();
    let age = |event: &Value| seconds_since(text(event, "/lastTimestamp"), now).unwrap_or(i64::MAX);
    let mut all: Vec<(i64, Name)> = world.store.all("events").map(|(name, event)| (age(event), name.clone())).collect();
    all.sort_unstable();
    for (at, (age, name)) in all.iter().enumerate() {
        if *age > LIFE || at >= KEPT {
            world.drop_object(events, name);
        }
    }
}
