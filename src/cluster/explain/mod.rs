//! Explains kinds and fields from the server's `/openapi/v3`: of the documents only that of the kind's group and version is
//! read, and only when its hash is not that of one that was read before.

mod resource;

use super::Unreachable;
use super::message::{Message, Subscription};
use super::read::get;
use crate::kinds::Kinds;
use crate::kinds::schema::{Document, Explained, GroupVersionKind};
use crate::text::safe;
use kube::Client;
use serde::Deserialize;
use std::collections::HashMap;
use std::sync::Arc;
use tokio::sync::mpsc::Sender;

/// The documents of a server.
#[derive(Debug, Deserialize)]
struct Index {
    paths: HashMap<String, Place>,
}

/// Where a document is.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Place {
    #[serde(rename = "serverRelativeURL")]
    url: String,
}

/// Tells once what `asked` is, or why that is not known.
pub async fn tell(
    client: Client,
    (asked, kinds): (String, Kinds),
    known: Vec<Arc<Document>>,
    (of, out): (Subscription, Sender<Message>),
) {
    let result = explain(&client, (&asked, &kinds), &known).await;
    // When the loop has ended, nobody needs the answer.
    let _ = out.send(Message::Explained { of, result: result.map(Box::new) }).await;
}

/// Finds the kind and the field that `asked` names (`pods.spec.containers`, `widgets.example.com.spec`), if possible among
/// the `kinds` that the server is known to serve, and reads the schemas of its group and version, unless they are among
/// `known`.
///
/// # Errors
/// When there is no such kind, or the server does not say.
pub async fn explain(
    client: &Client,
    (asked, kinds): (&str, &Kinds),
    known: &[Arc<Document>],
) -> Result<Explained, Unreachable> {
    let (kind, fields) = match resource::known(asked, kinds) {
        Some(found) => found,
        None => resource::discovered(client, asked).await?,
    };
    let document = document(client, &kind, known).await?;
    Ok(Explained { kind, document, fields })
}

/// The schemas of the group and version of a kind.
async fn document(
    client: &Client,
    kind: &GroupVersionKind,
    known: &[Arc<Document>],
) -> Result<Arc<Document>, Unreachable> {
    let GroupVersionKind { group, version, .. } = kind;
    let index = get(client, "/openapi/v3", "get").await?;
    let index: Index = serde_json::from_slice(&index).map_err(|error| broken(&error))?;
    let path = if group.is_empty() { format!("api/{version}") } else { format!("apis/{group}/{version}") };
    // Nothing but documents is asked for, whatever the server calls its places.
    let place = index.paths.get(&path).filter(|place| place.url.starts_with("/openapi/v3/"));
    let Some(Place { url }) = place else {
        return Err(trouble(
            &format!("the server publishes no schemas of {path}"),
            "an old server publishes none at all",
        ));
    };
    if let Some(known) = known.iter().find(|known| known.url == *url) {
        return Ok(Arc::clone(known));
    }
    let document = get(client, url, "get").await?;
    Document::read(&document, url).map(Arc::new).map_err(|error| broken(&error))
}

fn broken(error: &serde_json::Error) -> Unreachable {
    trouble(&format!("the server's schemas cannot be read: {error}"), "try again")
}

fn trouble(sentence: &str, hint: &str) -> Unreachable {
    Unreachable { sentence: safe(sentence).into_owned(), hint: hint.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::watch::script::client;
    use crate::kinds::served::Served;
    use crate::kinds::{AnyKind, Can, kind::names};

    static NAMES: crate::kinds::Names = names("e.x", "v1", "gadgets", "Gadget", &[]);
    static GADGETS: Served = Served { names: &NAMES, can: Can::NOTHING };

    /// What is asked for first to explain the spec of gadgets, where these kinds are known.
    async fn first(kinds: Kinds) -> String {
        let (client, mut asked) = client();
        let task = tokio::spawn(async move { explain(&client, ("gadgets.spec", &kinds), &[]).await.map(drop) });
        let url = asked.recv().await.unwrap().url;
        task.abort();
        url
    }

    #[tokio::test]
    async fn a_kind_that_is_known_is_not_looked_for() {
        assert_eq!(first([&GADGETS as &'static dyn AnyKind].into_iter().collect()).await, "/openapi/v3");
        assert!(first(Kinds::default()).await.starts_with("/api"));
    }
}
