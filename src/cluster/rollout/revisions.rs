//! The revisions of a workload as they come and go.

use super::follow::{Followed, Own, Watches, stale};
use super::history::History;
use super::json::text;
use super::whole::Rows;
use crate::cluster::message::{Message, Subscription};
use crate::kinds::Uid;
use crate::kinds::rollout::Revisions;
use kube::Client;
use tokio::sync::mpsc::Sender;

/// Follows the revisions of a workload until it is gone or nobody listens.
pub async fn follow_revisions(client: Client, followed: Followed, of: Subscription, out: Sender<Message>) {
    let workload = followed.workload;
    let mut watches = Watches::new(client, followed);
    let (mut own, mut kept) = (Own::default(), Rows::default());
    let (mut kept_of, mut kept_stale, mut told) = (None, String::new(), Revisions::default());
    while let Some(message) = watches.next().await {
        match message {
            message if message.of() == Some(Watches::OWN) => own.apply(message),
            Message::Changes { batch, .. } => kept.apply(batch),
            Message::Fresh { state, .. } => kept_stale = stale(&state),
            _ => {}
        }
        if let (None, Some(selector)) = (kept_of, own.selector()) {
            kept_of = Some(watches.add(workload.keeper(), Some(selector), None).0);
        }
        let mut now = Revisions { warnings: vec![own.stale.clone(), kept_stale.clone()], ..Revisions::default() };
        if let Some(live) = own.live.as_ref().filter(|_| kept.complete) {
            let history = History::new(workload, live, kept.objects());
            now.uid = Some(Uid::parse(text(live, "/metadata/uid")));
            (now.list, now.warnings) = (Some(history.shown()), [now.warnings, history.warnings].concat());
        }
        if own.gone {
            now.warnings.push("object has been deleted".to_owned());
        }
        now.warnings.retain(|warning| !warning.is_empty());
        if now != told {
            told = now.clone();
            if out.send(Message::Revisions { of, revisions: Box::new(now) }).await.is_err() {
                return;
            }
        }
        if own.gone {
            return;
        }
    }
}
