//! What the pod says of a stream that ended or was cut: whether its container restarted, will restart, or is over.

use super::super::fetch::{Trouble, pod};
use super::super::instance::Instance;
use super::{Ahead, Next, Stream};
use crate::cluster::pod::{ContainerStatus, Pod, Terminated};
use crate::kinds::Uid;
use crate::kinds::logs::LogState;

impl Stream {
    /// Learns which pod and which instance it is, to notice a later one. Without the right to read pods the log
    /// is still shown; it then ends with the first instance.
    pub(super) async fn meet(&mut self) {
        if let Ok(pod) = self.look().await {
            self.instance = self.status_in(&pod).and_then(ContainerStatus::instance);
            self.uid = Uid::parse(&pod.metadata.uid);
        }
    }

    /// The pod as it is now.
    async fn look(&self) -> Result<Pod, Trouble> {
        let source = &self.out.request().source;
        pod(&self.client, &source.namespace, &source.pod).await
    }

    fn status_in<'a>(&self, pod: &'a Pod) -> Option<&'a ContainerStatus> {
        pod.status_of(&self.out.request().source.container)
    }

    /// Notices a restart that happened while the connection was lost. What cannot be seen now is seen when the
    /// stream ends.
    pub(super) async fn check(&mut self) {
        let Ok(pod) = self.look().await else { return };
        let Some(status) = self.status_in(&pod).filter(|_| Uid::parse(&pod.metadata.uid) == self.uid) else { return };
        let now = status.instance();
        if now.is_some() && self.instance.is_some() && now != self.instance {
            self.restarted(status, now).await;
        }
    }

    /// The server closed the stream: because the container ended, or for reasons of its own.
    pub(super) async fn ended(&mut self) -> Next {
        let pod = match self.look().await {
            Ok(pod) => pod,
            Err(Trouble::Refused { code: 404, .. }) => return self.end("the pod was deleted").await,
            Err(Trouble::Refused { code: 403, .. }) => {
                let why = "the stream ended; a restart cannot be seen without the verb \"get\" on \"pods\"";
                return self.end(why).await;
            }
            Err(trouble) => return self.lost(trouble.sentence()).await,
        };
        let uid = Uid::parse(&pod.metadata.uid);
        if self.uid != Uid::default() && uid != self.uid {
            return self.end("the pod was deleted, and another one has its name").await;
        }
        self.uid = uid;
        self.judge(&pod).await
    }

    /// Decides by the state of the container how a stream that ended goes on.
    async fn judge(&mut self, pod: &Pod) -> Next {
        let Some(status) = self.status_in(pod) else { return self.without_status(pod).await };
        let now = status.instance();
        if now.is_some() && now != self.instance {
            if self.instance.is_some() {
                self.restarted(status, now).await;
                return Next::Continue(());
            }
            self.instance = now;
            return self.pause().await;
        }
        let end = status.last_end().filter(|_| status.state.running.is_none());
        match end {
            Some(end) if pod.has_seen_last_of(&status.name, end) => {
                let reason = crate::text::safe(&pod.status.reason);
                let why = if reason.is_empty() { String::new() } else { format!("; the pod failed: {reason}") };
                self.end(&format!("the container has ended ({}){why}", end.show())).await
            }
            Some(end) => {
                self.tell(format!("container ended ({}), waiting for its restart", end.show())).await;
                self.fares(LogState::Waiting).await;
                self.ahead = Ahead::Wait;
                self.pause().await
            }
            None => self.pause().await,
        }
    }

    /// The pod says nothing about the container.
    async fn without_status(&mut self, pod: &Pod) -> Next {
        if pod.is_over() {
            let reason = if pod.status.reason.is_empty() { &pod.status.phase } else { &pod.status.reason };
            return self.end(&format!("the pod has ended: {}", crate::text::safe(reason))).await;
        }
        self.pause().await
    }

    /// Another instance runs, or has run: say so and read its log.
    async fn restarted(&mut self, status: &ContainerStatus, now: Option<Instance>) {
        let before = std::mem::replace(&mut self.instance, now);
        let (Some(before), Some(now)) = (before, &self.instance) else { return };
        let unseen = now.restarts.saturating_sub(before.restarts).saturating_sub(1);
        let end = status.last_state.terminated.as_ref().map(Terminated::show);
        let end = end.map_or_else(String::new, |end| format!(" ({end})"));
        let gap = match unseen {
            0 => String::new(),
            n => format!("; {n} of its restarts in between were not seen"),
        };
        self.tries = 0;
        self.told = None;
        self.begins = true;
        self.out.mark(format!("container restarted{end}{gap}")).await;
    }
}
