//! From written objects to a change.

use super::read::Source;
use super::served::Served;
use super::written::{Written, objects};
use super::{Mistakes, Order, Verb};
use crate::cluster::actions::{Apply, Create, Delete};
use crate::cluster::gate::{Action, Change, Part, Problem, Reader, Target};
use crate::cluster::url;
use crate::kinds::Names;
use serde_json::Value;
use std::collections::BTreeSet;
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::sleep;

/// How often, and how long apart, the server is asked for a kind that was defined a moment ago.
const TRIES: u32 = 20;
const PAUSE: Duration = Duration::from_millis(500);

/// What manifests come to.
#[derive(Debug, Clone, PartialEq)]
pub struct Wanted {
    /// The change.
    pub change: Change,
    /// The kinds that are known by discovery now.
    pub known: Vec<&'static Names>,
}

/// An object that found its kind.
struct Found {
    written: Written,
    /// The object that it is; `None` while its kind is only defined in the same manifests.
    target: Option<Target>,
}

/// The change that `sources` ask for. An object whose namespace or kind comes with the same manifests and is not there
/// yet cannot be rehearsed; then what it needs is a change of its own, after which the rest is asked for again.
///
/// # Errors
/// Every mistake in them, or why the server cannot be asked.
pub async fn change(
    order: &Order,
    sources: &[Source],
    (reader, known): (&Reader, Vec<&'static Names>),
) -> Result<Wanted, Mistakes> {
    let written = objects(sources, order.verb)?;
    let mut served = Served::new(reader, known);
    let found = resolve(order, written, &mut served).await?;
    twice(&found)?;
    let (needed, missing) = needs(&found, reader).await;
    let first = missing && !order.rest && order.verb != Verb::Delete;
    let is_meant = |at: &usize| match order.verb {
        Verb::Delete => true,
        _ if first => needed.contains(at),
        _ => !order.rest || !needed.contains(at),
    };
    let note = match found.len() - needed.len() {
        _ if !first => String::new(),
        1 => "the object that needs it is asked for next, when this is done".to_owned(),
        rest => format!("the other {rest} objects are asked for next, when this is done"),
    };
    let meant = found.into_iter().enumerate().filter(|(at, _)| is_meant(at)).map(|(_, found)| found);
    let parts = meant.filter_map(|found| Some(part(order.verb, found.written.object, found.target?, &note))).collect();
    let then = if first { order.again.clone() } else { String::new() };
    Ok(Wanted { change: Change { parts, then }, known: served.known })
}

/// Finds the kind of each object.
async fn resolve(order: &Order, written: Vec<Written>, served: &mut Served<'_>) -> Result<Vec<Found>, Mistakes> {
    let defined: Vec<(String, String)> = written.iter().flat_map(defines).collect();
    let (mut found, mut mistakes) = (Vec::new(), Vec::new());
    for written in written {
        let (api_version, kind) = (written.text("/apiVersion").to_owned(), written.text("/kind").to_owned());
        let comes = defined.contains(&(api_version.clone(), kind.clone()));
        let tries = if comes && order.rest { TRIES } else { 1 };
        match patient(served, (&api_version, &kind), tries).await {
            Ok(Some(names)) => match target(order, &written, names) {
                Ok(target) => found.push(Found { written, target: Some(target) }),
                Err(why) => mistakes.push(written.mistake(why)),
            },
            Ok(None) if comes && !order.rest => found.push(Found { written, target: None }),
            Ok(None) => mistakes.push(written.mistake(format!("the server does not serve {kind} of {api_version}"))),
            Err(problem) => mistakes.push(written.mistake(problem)),
        }
    }
    if mistakes.is_empty() { Ok(found) } else { Err(Mistakes(mistakes)) }
}

/// The names of a kind, asked for several times when it may have been defined just now.
async fn patient(
    served: &mut Served<'_>,
    (api_version, kind): (&str, &str),
    tries: u32,
) -> Result<Option<&'static Names>, Problem> {
    for _ in 1..tries {
        if let Some(names) = served.names(api_version, kind).await? {
            return Ok(Some(names));
        }
        served.forget(api_version);
        sleep(PAUSE).await;
    }
    served.names(api_version, kind).await
}

/// The kinds that a `CustomResourceDefinition` defines: apiVersion and kind.
fn defines(written: &Written) -> Vec<(String, String)> {
    if written.text("/kind") != "CustomResourceDefinition" {
        return Vec::new();
    }
    let (group, kind) = (written.text("/spec/group"), written.text("/spec/names/kind"));
    let versions = written.object.pointer("/spec/versions").and_then(Value::as_array);
    let versions = versions.into_iter().flatten().filter_map(|version| version.get("name").and_then(Value::as_str));
    versions.map(|version| (format!("{group}/{version}"), kind.to_owned())).collect()
}

/// The object that is meant.
fn target(order: &Order, written: &Written, names: &'static Names) -> Result<Target, String> {
    let own = written.text("/metadata/namespace");
    if names.namespaced && order.strict && !own.is_empty() && own != order.namespace {
        return Err(format!("it is of the namespace {own}, and -n says {}", order.namespace));
    }
    let namespace = match own {
        _ if !names.namespaced => "",
        "" => &order.namespace,
        own => own,
    };
    let name = match written.text("/metadata/name") {
        "" => generated(written.text("/metadata/generateName")),
        name => name.to_owned(),
    };
    Ok(Target { names, namespace: namespace.to_owned(), name, uid: None })
}

/// A name that begins with `prefix`, as the server generates them. It is made here, so that what is confirmed has a name
/// and nothing is made twice when an answer is lost.
fn generated(prefix: &str) -> String {
    const LETTERS: &[u8; 27] = b"bcdfghjklmnpqrstvwxz2456789";
    const LONGEST: usize = 58;
    let mut random = RandomState::new().hash_one(prefix);
    let mut name = prefix.get(..LONGEST).unwrap_or(prefix).to_owned();
    for _ in 0..5 {
        let at = usize::try_from(random % 27).unwrap_or_default();
        name.extend(LETTERS.get(at).copied().map(char::from));
        random /= 27;
    }
    name
}

/// An object that is written twice would be changed twice at once.
fn twice(found: &[Found]) -> Result<(), Mistakes> {
    let mut mistakes = Vec::new();
    for (at, Found { written, target }) in found.iter().enumerate() {
        let before = found.iter().take(at).find(|one| one.target.is_some() && one.target == *target);
        if let (Some(before), Some(target)) = (before, target) {
            mistakes.push(written.mistake(format!("{target} is written at {} already", before.written.place)));
        }
    }
    if mistakes.is_empty() { Ok(()) } else { Err(Mistakes(mistakes)) }
}

/// Which objects others need, by their number, and whether one of them is not there yet.
async fn needs(found: &[Found], reader: &Reader) -> (BTreeSet<usize>, bool) {
    let (mut needed, mut missing) = (BTreeSet::new(), false);
    for one in found {
        let namespace = one.target.as_ref().map_or("", |target| target.namespace.as_str());
        let kind = (one.written.text("/apiVersion").to_owned(), one.written.text("/kind").to_owned());
        for (at, other) in found.iter().enumerate() {
            let gives_place = !namespace.is_empty() && is_namespace(other, namespace);
            let gives_kind = defines(&other.written).contains(&kind);
            if gives_place && !needed.contains(&at) {
                // What may not be read is taken to be there: the rehearsal tells otherwise.
                missing |= matches!(reader.find(&path_of(namespace)).await, Ok(None));
            }
            if gives_place || gives_kind {
                needed.insert(at);
            }
        }
        missing |= one.target.is_none();
    }
    (needed, missing)
}

fn is_namespace(found: &Found, name: &str) -> bool {
    let target = found.target.as_ref();
    target
        .is_some_and(|target| target.names.kind == "Namespace" && target.names.group.is_empty() && target.name == name)
}

fn path_of(namespace: &str) -> String {
    let mut path = "/api/v1/namespaces/".to_owned();
    url::encode(namespace, &mut path);
    path
}

fn part(verb: Verb, object: Value, target: Target, note: &str) -> Part {
    let note = note.to_owned();
    let action: Arc<dyn Action> = match verb {
        Verb::Apply { force } => Arc::new(Apply { object, force, note }),
        Verb::Create => Arc::new(Create { object, note }),
        Verb::Delete => Arc::new(Delete::default()),
    };
    Part { action, target }
}
