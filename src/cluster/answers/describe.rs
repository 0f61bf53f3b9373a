//! What there is to say about an object, as `kubectl describe`: the object and what its kind wants to know beside it,
//! fetched at the same time.

use super::ask::{Answered, Asked, Question, Seen, Watched};
use super::sight::{text, version};
use crate::cluster::gate::{Problem, Reader, Trouble};
use crate::cluster::url;
use crate::kinds::describe::{Missing, Related, Want, Which, Writer, find};
use crate::kinds::{self, AnyKind};
use futures::future::{BoxFuture, join_all};
use jiff::tz::TimeZone;
use serde_json::Value;

/// What is it, and how does it fare?
pub struct Describe;

impl Question for Describe {
    fn name(&self) -> &'static str {
        "describe"
    }

    fn answer<'a>(&'a self, reader: &'a Reader, asked: &'a Asked) -> BoxFuture<'a, Result<Answered, Problem>> {
        Box::pin(async {
            let described = describe(reader, asked).await?;
            Ok(Answered { answer: described.text.answer(None), watch: described.watch, again: None })
        })
    }
}

/// A description.
pub struct Described {
    /// What is said.
    pub text: Writer,
    /// What makes it old.
    pub watch: Vec<Watched>,
}

/// Describes the object that is asked about.
///
/// # Errors
/// When it cannot be read. What else cannot be read is said where it would stand.
pub async fn describe(reader: &Reader, asked: &Asked) -> Result<Described, Problem> {
    let nothing = || Problem::new("nothing is selected", "choose an object first");
    let (kind, namespace, name) = asked.about.as_ref().ok_or_else(nothing)?;
    let names = kind.resource();
    let object = reader.get(&url::object(*kind, namespace, name)).await?;
    let describer = find(names.group, names.kind);
    let wants = describer.wants(&object, names.kind);
    let fetched = join_all(wants.iter().map(|want| fetch(reader, want))).await;
    let (related, seen): (Vec<_>, Vec<_>) = fetched.into_iter().unzip();
    let related = Related(related);
    let mut text = Writer::new(TimeZone::system());
    describer.describe(&object, &related, &mut text);
    let seen = seen.into_iter().zip(&wants).filter_map(|(seen, want)| Some(watched(want)?.seen(seen)));
    let object = Watched::object(*kind, namespace, name).seen(Seen::Object(version(&object)));
    let watch = std::iter::once(object).chain(seen).collect();
    Ok(Described { text, watch })
}

/// What was wanted, under its name.
type Fetched = (String, Result<Vec<Value>, Missing>);

/// Fetches what is wanted, and what was seen of it.
async fn fetch(reader: &Reader, want: &Want) -> (Fetched, Seen) {
    let namespace = Some(want.namespace.as_str()).filter(|namespace| !namespace.is_empty());
    let path = url::collection(&want.of, namespace);
    let (found, seen) = match &want.which {
        Which::Named(name) => {
            let found = reader.get(&url::named(&want.of, &want.namespace, name)).await;
            let seen = Seen::of_object(found.as_ref());
            (found.map(|object| vec![object]), seen)
        }
        Which::All => listed(reader.list_at(&path, "").await),
        Which::Labels(labels) => listed(reader.list_at(&path, &query("labelSelector", labels)).await),
        Which::Fields(fields) => listed(reader.list_at(&path, &query("fieldSelector", fields)).await),
    };
    ((want.name.clone(), found.map_err(missing)), seen)
}

/// What a list holds, and what was seen of it.
fn listed(list: Result<(Vec<Value>, String), Problem>) -> (Result<Vec<Value>, Problem>, Seen) {
    match list {
        Ok((found, version)) => (Ok(found), Seen::List(version)),
        Err(problem) => (Err(problem), Seen::Unknown),
    }
}

fn query(parameter: &str, value: &str) -> String {
    let mut query = format!("{parameter}=");
    url::encode(value, &mut query);
    query
}

fn missing(problem: Problem) -> Missing {
    let code = if let Trouble::Refused(code) = problem.trouble { code } else { 0 };
    Missing { code, sentence: problem.sentence }
}

/// What has to be watched to see a change of what was wanted. A kind without a file of its own is not watched.
fn watched(want: &Want) -> Option<Watched> {
    let kind: &'static dyn AnyKind = kinds::ALL.iter().copied().find(|kind| *kind.names() == want.of)?;
    let namespace = Some(want.namespace.as_str()).filter(|namespace| !namespace.is_empty());
    let all = Watched::all(kind, namespace);
    Some(match &want.which {
        Which::All => all,
        Which::Named(name) => Watched::object(kind, &want.namespace, name),
        Which::Labels(labels) => Watched { labels: Some(labels.clone()), ..all },
        Which::Fields(fields) => Watched { fields: Some(fields.clone()), ..all },
    })
}

/// Namespaces and names of all objects of a kind, in one namespace, or everywhere for `""`.
///
/// # Errors
/// When they cannot be listed.
pub async fn names(
    reader: &Reader,
    kind: &'static dyn AnyKind,
    namespace: &str,
) -> Result<Vec<(String, String)>, Problem> {
    let namespace = Some(namespace).filter(|namespace| !namespace.is_empty());
    let objects = reader.list(&url::path(kind, namespace), "").await?;
    let of = |object: &Value, path: &str| text(object, path).to_owned();
    Ok(objects.iter().map(|object| (of(object, "/metadata/namespace"), of(object, "/metadata/name"))).collect())
}
