//! One object, kept fresh: it is read whole, a watch of it alone tells that it changed, and then it is read again.

use super::Unreachable;
use super::message::{Message, Subscription};
use super::read::{self, GONE};
use super::watch::{Request, watch};
use crate::kinds::{AnyKind, Change, Server};
use kube::Client;
use serde_json::Value;
use std::time::Duration;
use tokio::sync::mpsc::{self, Receiver, Sender};
use tokio::time::{Instant, sleep_until};

/// Shortest time between two reads of an object that changes all the time.
const PAUSE: Duration = Duration::from_millis(500);

/// What is known of an object.
#[derive(Debug, Clone, PartialEq)]
pub enum Seen {
    /// What it is now.
    Object(Box<Value>),
    /// It is not there.
    Gone,
    /// It cannot be read.
    Failed(Unreachable),
}

/// Which object, and for whom.
pub struct Followed {
    /// Under which number to speak.
    pub of: Subscription,
    /// Its kind.
    pub kind: &'static dyn AnyKind,
    /// Its namespace, `""` outside namespaces.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// What is known of the server.
    pub server: Server,
}

/// Tells what the object is, and again whenever it changed, until it is dropped or nobody listens.
pub async fn follow(client: Client, followed: Followed, out: Sender<Message>) {
    let (sender, changes) = mpsc::channel(4);
    let request = Request {
        of: followed.of,
        kind: followed.kind,
        namespaces: vec![Some(followed.namespace.clone()).filter(|namespace| !namespace.is_empty())],
        labels: None,
        fields: Some(format!("metadata.name={}", followed.name)),
        first_page: 1,
        server: followed.server,
    };
    tokio::join!(watch(client.clone(), request, sender), keep_reading(client, followed, changes, out));
}

/// Reads the object at once and after each change that the watch tells of.
async fn keep_reading(client: Client, followed: Followed, mut changes: Receiver<Message>, out: Sender<Message>) {
    let mut due = Some(Instant::now());
    loop {
        let wait = async {
            match due {
                Some(at) => sleep_until(at).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            biased;
            message = changes.recv() => match message {
                Some(Message::Changes { batch, .. }) => {
                    if batch.iter().any(tells) {
                        due.get_or_insert_with(|| Instant::now() + PAUSE);
                    }
                }
                // Whether changes are seen at all is for the title.
                Some(fresh @ Message::Fresh { .. }) => {
                    if out.send(fresh).await.is_err() {
                        return;
                    }
                }
                Some(_) => {}
                None => return,
            },
            () = wait => {
                due = None;
                let seen = seen(&client, &followed).await;
                if out.send(Message::Object { of: followed.of, seen }).await.is_err() {
                    return;
                }
            }
        }
    }
}

/// Whether a change is about the object, and not about how the list goes on.
fn tells(change: &Change) -> bool {
    matches!(change, Change::Put { .. } | Change::Gone { .. })
}

async fn seen(client: &Client, followed: &Followed) -> Seen {
    let read = read::object(client, followed.kind, (&followed.namespace, &followed.name)).await;
    match read.map(|json| serde_json::from_slice(&json)) {
        Ok(Ok(object)) => Seen::Object(object),
        Ok(Err(error)) => Seen::Failed(Unreachable {
            sentence: format!("the object cannot be read: {error}"),
            hint: "try again".to_owned(),
        }),
        Err(Unreachable { hint, .. }) if hint == GONE => Seen::Gone,
        Err(failure) => Seen::Failed(failure),
    }
}
