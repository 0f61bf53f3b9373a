//! The progress of a rollout as it happens: the workload, its pods that are not as wished, and why.

use super::follow::{Followed, Own, Watches};
use super::json::text;
use super::status::{deleted, status};
use super::whole::Rows;
use crate::cluster::json::at;
use crate::cluster::message::{Message, Subscription};
use crate::kinds::rollout::Report;
use crate::kinds::{Health, Row, Time, Uid, Value, find};
use kube::Client;
use std::cmp::Reverse;
use tokio::sync::mpsc::Sender;
use tokio::task::AbortHandle;

/// Pods and events that are told of at most.
const MOST: usize = 20;

/// Follows a rollout until the workload is gone or nobody listens.
pub async fn follow_progress(client: Client, followed: Followed, of: Subscription, out: Sender<Message>) {
    let workload = followed.workload;
    let mut following = Following::new(Watches::new(client, followed));
    let mut told = Report::default();
    while let Some(message) = following.watches.next().await {
        following.take(message);
        let mut report = following.report();
        report.progress = following.own.live.as_ref().map(|live| status(workload, live, None));
        if following.own.gone {
            report.progress = Some(deleted());
        }
        if report != told {
            told = report.clone();
            if out.send(Message::Progress { of, report: Box::new(report) }).await.is_err() {
                return;
            }
        }
        if following.own.gone {
            return;
        }
    }
}

/// What is known so far.
struct Following {
    watches: Watches,
    own: Own,
    pods: Rows,
    pods_of: Option<Subscription>,
    events: Rows,
    /// Whose events are watched, under which number, and what ends that.
    about: Option<(String, Subscription, AbortHandle)>,
}

impl Following {
    fn new(watches: Watches) -> Self {
        Self {
            watches,
            own: Own::default(),
            pods: Rows::default(),
            pods_of: None,
            events: Rows::default(),
            about: None,
        }
    }

    /// Takes over what a watch told, and watches what follows from it.
    fn take(&mut self, message: Message) {
        let of = message.of();
        match message {
            message if of == Some(Watches::OWN) => self.own.apply(message),
            Message::Changes { batch, .. } if of == self.pods_of => self.pods.apply(batch),
            Message::Changes { batch, .. } if of == self.about.as_ref().map(|(_, of, _)| *of) => {
                self.events.apply(batch);
            }
            _ => {}
        }
        let selector = self.own.selector().filter(|selector| !selector.is_empty());
        if let (None, Some(selector), Some(pods)) = (self.pods_of, selector, find("pods")) {
            self.pods_of = Some(self.watches.add(pods, Some(selector), None).0);
        }
        self.watch_events();
    }

    /// Watches the events of the pod that is in the worst state, else of the workload.
    fn watch_events(&mut self) {
        let pod = self.troubled().first().map(|pod| ("Pod", pod.name.to_string()));
        let own = || {
            self.own
                .live
                .as_ref()
                .and_then(|live| Some((at(live, "/kind").as_str()?, at(live, "/metadata/name").as_str()?)))
        };
        let Some((kind, name)) = pod.or_else(|| own().map(|(kind, name)| (kind, name.to_owned()))) else { return };
        let fields = format!("involvedObject.kind={kind},involvedObject.name={name}");
        if self.about.as_ref().is_some_and(|(about, ..)| *about == fields) {
            return;
        }
        let Some(events) = find("events") else { return };
        let (of, task) = self.watches.add(events, None, Some(fields.clone()));
        if let Some((.., before)) = self.about.replace((fields, of, task)) {
            before.abort();
        }
        self.events = Rows::default();
    }

    /// The pods that are not as wished: the failing ones first, of each sort the newest first.
    fn troubled(&self) -> Vec<&Row> {
        let mut pods: Vec<&Row> = self.pods.iter().filter(|pod| pod.health != Health::Fine).collect();
        pods.sort_by_key(|pod| (Reverse(pod.health), Reverse(since(pod, 4)), pod.name.clone()));
        pods.truncate(MOST);
        pods
    }

    fn report(&self) -> Report {
        let mut events: Vec<&Row> = self.events.iter().collect();
        events.sort_by_key(|event| (Reverse(since(event, 0)), event.name.clone()));
        Report {
            uid: self.own.live.as_ref().map(|live| Uid::parse(text(live, "/metadata/uid"))),
            progress: None,
            pods: self.troubled().into_iter().cloned().collect(),
            events: events.into_iter().take(MOST).cloned().collect(),
            stale: self.own.stale.clone(),
        }
    }
}

/// The moment in a cell of a row.
fn since(row: &Row, column: usize) -> Option<Time> {
    match row.cells.get(column).map(|cell| &cell.value) {
        Some(Value::Since(time)) => *time,
        _ => None,
    }
}
