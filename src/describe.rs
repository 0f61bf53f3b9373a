//! `rutter describe`: what there is to say about objects, printed once, as `kubectl describe` prints it.

use crate::app::Clusters;
use crate::args::Describe;
use crate::cluster::answers::Asked;
use crate::cluster::answers::describe::{describe, names};
use crate::cluster::gate::{Problem, Reader};
use crate::cluster::{Connected, Unreachable};
use crate::kinds::{self, Time};
use crate::model::Notice;
use crate::text::safe;
use std::io::{self, BufWriter, Write};
use std::rc::Rc;

/// Describes the objects that are named, or all.
///
/// # Errors
/// When the kind is unknown, the cluster cannot be reached or says no, or nobody reads what is printed.
pub async fn print(wanted: &Describe, clusters: Clusters) -> Result<(), Notice> {
    let (sessions, current) = clusters.sessions();
    let context = wanted.cluster.context.as_deref().map(Rc::from).or(current);
    let context = context.ok_or_else(|| Notice::error("the kubeconfig names no current context", "--context NAME"))?;
    let kind = kinds::find(&wanted.kind).ok_or_else(|| unknown(&wanted.kind))?;
    let usual = sessions.get(&*context).map_or("default", |session| session.namespace.as_str());
    let namespace = match &wanted.namespace {
        _ if wanted.all_namespaces || !kind.names().namespaced => "",
        Some(name) => name,
        None => usual,
    };
    let Connected { lanes, server, .. } = clusters
        .connect(context.to_string(), None)
        .await
        .map_err(|Unreachable { sentence, hint }| Notice::error(sentence, hint))?;
    let reader = Reader::new(lanes.read);
    let named: Vec<_> = wanted.names.iter().map(|name| (namespace.to_owned(), name.clone())).collect();
    let all = if named.is_empty() { names(&reader, kind, namespace).await.map_err(error)? } else { named };
    let mut out = BufWriter::new(io::stdout().lock());
    for (at, (namespace, name)) in all.into_iter().enumerate() {
        let asked = Asked { about: Some((kind, namespace, name)), argument: String::new(), server };
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

fn unknown(name: &str) -> Notice {
    let known: Vec<&str> = kinds::ALL.iter().map(|kind| kind.names().plural).collect();
    Notice::error(format!("there is no kind \"{}\"", safe(name)), format!("kinds: {}", known.join(", ")))
}
