//! From written objects to a change.

use super::found::{Found, resolve, twice};
use super::needs::needs;
use super::read::Source;
use super::served::Served;
use super::written::objects;
use super::{Mistakes, Order, Verb};
use crate::cluster::actions::{Apply, Create, Delete};
use crate::cluster::gate::{Action, Change, Part, Reader};
use crate::kinds::Names;
use std::sync::Arc;

/// What manifests come to.
#[derive(Debug, Clone, PartialEq)]
pub struct Wanted {
    /// The change.
    pub change: Change,
    /// The kinds that are known by discovery now.
    pub known: Vec<&'static Names>,
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
    let parts = meant.filter_map(|found| part(order.verb, found, &note)).collect();
    let then = if first { order.again.clone() } else { String::new() };
    Ok(Wanted { change: Change { parts, then }, known: served.known })
}

/// What is done with an object; nothing with one whose kind is not served.
fn part(verb: Verb, found: Found, note: &str) -> Option<Part> {
    let (object, note) = (found.written.object, note.to_owned());
    let action: Arc<dyn Action> = match verb {
        Verb::Apply { force } => Arc::new(Apply { object, force, note }),
        Verb::Create => Arc::new(Create { object, note }),
        Verb::Delete => Arc::new(Delete::default()),
    };
    Some(Part { action, target: found.target? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::gate::testing::{Asked, server};
    use serde_json::{Value, json};

    fn order(verb: Verb) -> Order {
        let (path, again) = ("x".to_owned(), "again".to_owned());
        Order {
            verb,
            path,
            recursive: false,
            context: "demo".to_owned(),
            namespace: "here".to_owned(),
            strict: false,
            rest: false,
            again,
        }
    }

    /// What comes of `objects` where there is no namespace, and `Gadget` is served or not.
    async fn made(order: &Order, objects: &[Value], gadgets: bool) -> Result<Change, Mistakes> {
        let (reader, _, _) = server(move |asked: &Asked| {
            let list = json!({"resources": [{"name": "gadgets", "kind": "Gadget", "namespaced": true}]});
            Some(if gadgets && asked.line == "GET /apis/e.x/v1" { (200, list) } else { (404, json!({})) })
        });
        let source = |(at, object): (usize, &Value)| Source { name: format!("{at}.json"), text: object.to_string() };
        let sources: Vec<Source> = objects.iter().enumerate().map(source).collect();
        change(order, &sources, (&reader, Vec::new())).await.map(|wanted| wanted.change)
    }

    fn names(change: &Change) -> Vec<String> {
        change.parts.iter().map(|part| part.target.to_string()).collect()
    }

    fn map(name: &str, namespace: &str) -> Value {
        json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "namespace": namespace}})
    }

    fn bundle() -> [Value; 4] {
        [
            json!({"apiVersion": "e.x/v1", "kind": "Gadget", "metadata": {"name": "g", "namespace": "new"}}),
            json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "new"}}),
            json!({"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": {"name": "gadgets.e.x"},
                "spec": {"group": "e.x", "scope": "Namespaced", "names": {"kind": "Gadget"}, "versions": [{"name": "v1"}]}}),
            map("c", ""),
        ]
    }

    #[tokio::test(start_paused = true)]
    async fn what_others_need_comes_first() {
        for verb in [Verb::Apply { force: false }, Verb::Create] {
            let first = made(&order(verb), &bundle(), false).await.unwrap();
            assert_eq!(names(&first), ["namespace new", "customresourcedefinition gadgets.e.x"]);
            assert_eq!(first.then, "again");
            let rest = made(&Order { rest: true, ..order(verb) }, &bundle(), true).await.unwrap();
            assert_eq!(
                (names(&rest), rest.then.as_str()),
                (vec!["gadget new/g".into(), "configmap here/c".into()], "")
            );
        }
        let inside = made(&order(Verb::Create), &[map("c", "new"), bundle()[1].clone()], false).await.unwrap();
        assert_eq!((names(&inside), inside.then.as_str()), (vec!["namespace new".into()], "again"));
        let all = made(&order(Verb::Delete), &bundle(), true).await.unwrap();
        assert_eq!((all.parts.len(), all.then.as_str()), (4, ""));
    }

    #[tokio::test(start_paused = true)]
    async fn a_kind_that_does_not_come_is_a_mistake_in_the_end() {
        let why = made(&Order { rest: true, ..order(Verb::Create) }, &bundle(), false).await.unwrap_err();
        assert_eq!(why.to_string(), "0.json:1: the server does not serve Gadget of e.x/v1");
    }

    #[tokio::test]
    async fn namespaces_are_the_manifests_or_the_one_that_is_looked_at() {
        let maps = [map("a", ""), map("b", "other")];
        let change = made(&order(Verb::Create), &maps, false).await.unwrap();
        assert_eq!(names(&change), ["configmap here/a", "configmap other/b"]);
        let why = made(&Order { strict: true, ..order(Verb::Create) }, &maps, false).await.unwrap_err();
        assert_eq!(why.to_string(), "1.json:1: it is of the namespace other, and -n says here");
    }

    #[tokio::test]
    async fn an_object_that_is_written_twice_is_a_mistake() {
        let why = made(&order(Verb::Create), &[map("a", ""), map("a", "here")], false).await.unwrap_err();
        assert_eq!(why.to_string(), "1.json:1: configmap here/a is written at 0.json:1 already");
    }
}
