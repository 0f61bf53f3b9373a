//! What becomes of the pod that a forward leads to: it is watched, so that its end is known before somebody connects.

use super::ask::{self, Trouble, pod_path};
use super::target::Aim;
use crate::cluster::pod::Pod;
use crate::cluster::url;
use futures::TryStreamExt;
use kube::Client;
use kube::core::WatchEvent;
use std::fmt::Write;
use std::pin::pin;
use std::time::Duration;
use tokio::time::{sleep, timeout};

/// For how long the server is asked to watch, in seconds; then the pod is read again.
const WATCH: u64 = 290;
/// Longest watch, also when the server does not end it.
const LONGEST: Duration = Duration::from_secs(WATCH + 30);
/// Pause before the pod is read again.
const PAUSE: Duration = Duration::from_secs(5);

/// What is to be known of a pod.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// It runs.
    Alive,
    /// It is gone or over, and why.
    Gone(String),
    /// The server does not say.
    Unknown,
}

/// Reads the pod. One that is being deleted is gone when `early`, else it serves until it is over.
pub async fn look(client: &Client, aim: &Aim, early: bool) -> Fate {
    read(client, aim, early).await.0
}

/// Waits until the pod is gone or over, and says why.
pub async fn end(client: Client, aim: Aim, early: bool) -> String {
    loop {
        match read(&client, &aim, early).await {
            (Fate::Gone(why), _) => return why,
            (Fate::Alive, version) => {
                if let Some(why) = watch(&client, &aim, early, &version).await {
                    return why;
                }
            }
            (Fate::Unknown, _) => {}
        }
        sleep(PAUSE).await;
    }
}

/// The pod's fate and its version.
async fn read(client: &Client, aim: &Aim, early: bool) -> (Fate, String) {
    match ask::get(client, &pod_path(&aim.namespace, &aim.pod)).await {
        Ok(json) => match serde_json::from_slice::<Pod>(&json) {
            Ok(pod) => (judge(&pod, aim, early), pod.metadata.resource_version),
            Err(_) => (Fate::Unknown, String::new()),
        },
        Err(Trouble { code: Some(404), .. }) => (Fate::Gone(format!("pod {} is gone", aim.pod)), String::new()),
        Err(_) => (Fate::Unknown, String::new()),
    }
}

fn judge(pod: &Pod, aim: &Aim, early: bool) -> Fate {
    let name = &aim.pod;
    if pod.metadata.uid != aim.uid {
        return Fate::Gone(format!("pod {name} was replaced by another one of its name"));
    }
    match pod.status.phase.as_str() {
        "Succeeded" => Fate::Gone(format!("pod {name} has ended")),
        "Failed" => Fate::Gone(format!("pod {name} has failed")),
        _ if early && pod.is_leaving() => Fate::Gone(format!("pod {name} is being deleted")),
        _ => Fate::Alive,
    }
}

/// Watches the pod from `version` on. Returns why it is gone, or nothing when the watch ended or is not allowed: then
/// the pod is read again.
async fn watch(client: &Client, aim: &Aim, early: bool, version: &str) -> Option<String> {
    let mut path = pod_path(&aim.namespace, "");
    path.push_str("?watch=true&fieldSelector=metadata.name%3D");
    url::encode(&aim.pod, &mut path);
    // Writing into a text cannot fail.
    let _ = write!(path, "&timeoutSeconds={WATCH}&resourceVersion=");
    url::encode(version, &mut path);
    let request = http::Request::get(path).body(Vec::new()).ok()?;
    let following = async {
        let mut events = pin!(client.request_events::<Pod>(request).await.ok()?);
        while let Ok(Some(event)) = events.try_next().await {
            let fate = match event {
                WatchEvent::Deleted(_) => Fate::Gone(format!("pod {} is gone", aim.pod)),
                WatchEvent::Added(pod) | WatchEvent::Modified(pod) => judge(&pod, aim, early),
                WatchEvent::Error(_) => return None,
                WatchEvent::Bookmark(_) => Fate::Alive,
            };
            if let Fate::Gone(why) = fate {
                return Some(why);
            }
        }
        None
    };
    timeout(LONGEST, following).await.ok().flatten()
}
