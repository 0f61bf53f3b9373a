//! Logs of all pods that a selector finds, side by side. The pods are listed once; `Streams::join` is where pods
//! that come later are to be added.

use super::fetch::{Trouble, pods};
use super::follow::follow;
use super::pod::{Pod, Pods};
use super::{Extent, LogMessage, LogRequest};
use crate::kinds::logs::{LogSource, SourceId};
use kube::Client;
use tokio::sync::mpsc::Sender;
use tokio::task::JoinSet;

/// At most so many streams: over HTTP/1.1 each is a connection of its own.
pub const MAX_STREAMS: usize = 50;

/// Which containers of each pod are meant.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Containers {
    /// The one that kubectl would take.
    #[default]
    Default,
    /// All of them.
    All,
    /// Those of this name.
    Named(String),
}

/// A request for the logs of several pods.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WorkloadLogs {
    /// Their namespace.
    pub namespace: String,
    /// A label selector in kubectl's syntax; `""` is all.
    pub selector: String,
    /// A field selector, e.g. `metadata.name=web-1`; `""` is all.
    pub fields: String,
    /// Which of their containers.
    pub containers: Containers,
    /// Which part of each log.
    pub extent: Extent,
}

/// Reads the logs of all pods that match, until all are complete or nobody listens.
pub async fn follow_all(client: Client, wanted: WorkloadLogs, sender: Sender<LogMessage>) {
    let found = match list(&client, &wanted).await {
        Ok(found) => found,
        Err(trouble) => {
            let hint = match &trouble {
                Trouble::Refused { code: 403, .. } => {
                    format!("you need the verb \"list\" on \"pods\" in namespace \"{}\"", wanted.namespace)
                }
                _ => trouble.hint(&wanted.namespace),
            };
            return fail(&sender, trouble.sentence().to_owned(), hint).await;
        }
    };
    let mut streams = Streams { client, sender, wanted, running: JoinSet::new(), next: 0, left_out: 0 };
    found.items.iter().for_each(|pod| streams.join(pod));
    streams.run().await;
}

/// The pods that match, by name.
async fn list(client: &Client, wanted: &WorkloadLogs) -> Result<Pods, Trouble> {
    let json = pods(client, &wanted.namespace, (&wanted.selector, &wanted.fields)).await?;
    let mut found: Pods = serde_json::from_slice(&json)
        .map_err(|error| Trouble::Network(format!("the list of pods cannot be read: {error}")))?;
    found.items.sort_by(|a, b| a.metadata.name.cmp(&b.metadata.name));
    Ok(found)
}

/// The streams of a workload.
struct Streams {
    client: Client,
    sender: Sender<LogMessage>,
    wanted: WorkloadLogs,
    running: JoinSet<()>,
    next: u16,
    left_out: usize,
}

impl Streams {
    /// Follows the wanted containers of a pod, as far as there is room.
    fn join(&mut self, pod: &Pod) {
        for container in self.containers(pod) {
            if self.running.len() >= MAX_STREAMS {
                self.left_out += 1;
                continue;
            }
            let source =
                LogSource { namespace: self.wanted.namespace.clone(), pod: pod.metadata.name.clone(), container };
            let request = LogRequest { id: SourceId(self.next), source, extent: self.wanted.extent };
            self.next = self.next.wrapping_add(1);
            self.running.spawn(follow(self.client.clone(), request, self.sender.clone()));
        }
    }

    /// The names of the wanted containers of a pod.
    fn containers(&self, pod: &Pod) -> Vec<String> {
        let all = pod.containers().into_iter();
        let chosen = all.filter(|container| match &self.wanted.containers {
            Containers::Default => container.default,
            Containers::All => true,
            Containers::Named(name) => container.name == *name,
        });
        chosen.map(|container| container.name).collect()
    }

    /// Waits until all streams have ended.
    async fn run(mut self) {
        if self.running.is_empty() {
            let asked = [self.wanted.selector.as_str(), self.wanted.fields.as_str()].concat();
            let sentence = format!("no container of a pod matches \"{}\"", crate::text::safe(&asked));
            return fail(&self.sender, sentence, "the workload may be scaled to zero".to_owned()).await;
        }
        if self.left_out > 0 {
            let (shown, all) = (self.running.len(), self.running.len() + self.left_out);
            let text = format!("{shown} of {all} containers are followed; {} are left out", self.left_out);
            let _ = self.sender.send(LogMessage::Marker { id: SourceId::default(), text }).await;
        }
        while let Some(done) = self.running.join_next().await {
            if let Err(error) = done {
                fail(&self.sender, format!("a log stream died: {error}"), "open the log again".to_owned()).await;
            }
        }
    }
}

/// Says that there is nothing to read. When nobody listens, nobody needs to know.
async fn fail(sender: &Sender<LogMessage>, sentence: String, hint: String) {
    let _ = sender.send(LogMessage::Failed { id: None, sentence, hint }).await;
}
