//! Written objects that found their kind, their namespace and their name.

use super::needs::{Defined, defines};
use super::served::Served;
use super::written::Written;
use super::{Mistakes, Order};
use crate::cluster::gate::{Problem, Target};
use crate::kinds::Names;
use std::hash::{BuildHasher, RandomState};
use std::time::Duration;
use tokio::time::sleep;

/// How often, and how long apart, the server is asked for a kind that was defined a moment ago.
const TRIES: u32 = 20;
const PAUSE: Duration = Duration::from_millis(500);

/// An object that found its kind.
pub(super) struct Found {
    pub written: Written,
    /// The object that it is; `None` while its kind is only defined in the same manifests.
    pub target: Option<Target>,
    /// The namespace that it is in, `""` when it is in none.
    pub namespace: String,
}

/// Finds the kind of each object.
pub(super) async fn resolve(
    order: &Order,
    written: Vec<Written>,
    served: &mut Served<'_>,
) -> Result<Vec<Found>, Mistakes> {
    let defined: Vec<Defined> = written.iter().flat_map(defines).collect();
    let (mut found, mut mistakes) = (Vec::new(), Vec::new());
    for written in written {
        match one(order, &written, (served, &defined)).await {
            Ok((target, namespace)) => found.push(Found { written, target, namespace }),
            Err(why) => mistakes.push(written.mistake(why)),
        }
    }
    if mistakes.is_empty() { Ok(found) } else { Err(Mistakes(mistakes)) }
}

/// The object that is meant, and its namespace.
async fn one(
    order: &Order,
    written: &Written,
    (served, defined): (&mut Served<'_>, &[Defined]),
) -> Result<(Option<Target>, String), String> {
    let (api_version, kind) = (written.text("/apiVersion"), written.text("/kind"));
    let comes = defined.iter().find(|one| one.api_version == api_version && one.kind == kind);
    let tries = if comes.is_some() && order.rest { TRIES } else { 1 };
    let names = patient(served, (api_version, kind), tries).await.map_err(|problem| problem.to_string())?;
    match (names, comes) {
        (Some(names), _) => {
            let namespace = namespace(order, written, names.namespaced)?;
            let target = Target { names, namespace: namespace.clone(), name: name(written), uid: None };
            Ok((Some(target), namespace))
        }
        (None, Some(defined)) if !order.rest => Ok((None, namespace(order, written, defined.namespaced)?)),
        _ => Err(format!("the server does not serve {kind} of {api_version}")),
    }
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

/// The namespace of an object: its own, else the one that is asked for.
fn namespace(order: &Order, written: &Written, namespaced: bool) -> Result<String, String> {
    let own = written.text("/metadata/namespace");
    match own {
        _ if !namespaced => Ok(String::new()),
        "" => Ok(order.namespace.clone()),
        own if order.strict && own != order.namespace => {
            Err(format!("it is of the namespace {own}, and -n says {}", order.namespace))
        }
        own => Ok(own.to_owned()),
    }
}

/// The name of an object. One that the server would generate is made here, so that what is confirmed has a name, and
/// nothing is made twice when an answer is lost.
fn name(written: &Written) -> String {
    match written.text("/metadata/name") {
        "" => generated(written.text("/metadata/generateName")),
        name => name.to_owned(),
    }
}

/// A name that begins with `prefix`, as the server generates them.
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
pub(super) fn twice(found: &[Found]) -> Result<(), Mistakes> {
    let mut mistakes = Vec::new();
    for (at, Found { written, target, .. }) in found.iter().enumerate() {
        let before = found.iter().take(at).find(|one| one.target.is_some() && one.target == *target);
        if let (Some(before), Some(target)) = (before, target) {
            mistakes.push(written.mistake(format!("{target} is written at {} already", before.written.place)));
        }
    }
    if mistakes.is_empty() { Ok(()) } else { Err(Mistakes(mistakes)) }
}
