//! `rutter describe`: what there is to say about objects, printed once, as `kubectl describe` prints it.

use super::find;
use super::what::What;
use crate::app::Clusters;
use crate::args::Describe;
use crate::cluster::Connected;
use crate::cluster::answers::Asked;
use crate::cluster::answers::describe::{describe, names};
use crate::cluster::gate::{Problem, Reader};
use crate::kinds::{AnyKind, Kinds, Time};
use crate::model::Notice;
use crate::text::safe;
use std::io::{self, BufWriter, Write};

/// An object: kind, namespace and name.
type Object = (&'static dyn AnyKind, String, String);

/// Describes the objects that are named, or all of a kind.
///
/// # Errors
/// When a kind is unknown, the cluster cannot be reached or says no, or nobody reads what is printed.
pub async fn print(wanted: &Describe, clusters: Clusters) -> Result<(), Notice> {
    let (connected, usual) = clusters.open(wanted.cluster.context.as_deref()).await?;
    let namespace = if wanted.all_namespaces { "" } else { wanted.namespace.as_deref().unwrap_or(&usual) };
    let what = find::what(&wanted.what, &connected).await?;
    let Connected { lanes, server, .. } = connected;
    let reader = Reader::new(lanes.read);
    let mut out = BufWriter::new(io::stdout().lock());
    for (at, about) in objects(&reader, what, namespace).await.map_err(error)?.into_iter().enumerate() {
        let asked = Asked { about: Some(about), argument: String::new(), server, kinds: Kinds::default() };
        let text = describe(&reader, &asked).await.map_err(error)?.text;
        let now = Time::now();
        let lines = text.answer(Some(now)).lines.into_iter().map(|line| safe(&line.show(now)).into_owned() + "\n");
        let before = if at == 0 { "" } else { "\n\n" };
        if let Err(error) = write!(out, "{before}{}", lines.collect::<String>()) {
            return written(&error);
        }
    }
    out.flush().or_else(|error| written(&error))
}

/// The objects that are meant, in the server's order.
async fn objects(reader: &Reader, what: What, namespace: &str) -> Result<Vec<Object>, Problem> {
    let mut all = Vec::new();
    match what {
        What::Objects(named) => {
            let of = |kind: &dyn AnyKind| if kind.names().namespaced { namespace.to_owned() } else { String::new() };
            all.extend(named.into_iter().map(|(kind, name)| (kind, of(kind), name)));
        }
        What::Lists(kinds) => {
            for kind in kinds {
                let names = names(reader, kind, namespace).await?;
                all.extend(names.into_iter().map(|(namespace, name)| (kind, namespace, name)));
            }
        }
    }
    Ok(all)
}

/// `rutter describe … | head` is no failure.
fn written(error: &io::Error) -> Result<(), Notice> {
    match error.kind() {
        io::ErrorKind::BrokenPipe => Ok(()),
        _ => Err(Notice::error(format!("cannot write: {error}"), "")),
    }
}

fn error(problem: Problem) -> Notice {
    Notice::error(problem.sentence, problem.hint)
}
