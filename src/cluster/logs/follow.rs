//! `follow`: one container's log stream: open, read, open again, until nothing more can come.

mod life;

use super::fetch::{Trouble, open};
use super::instance::Instance;
use super::pump::{Close, Outbox};
use super::{Known, LogMessage, LogRequest};
use crate::kinds::logs::LogState;
use crate::kinds::{Time, Uid};
use kube::Client;
use std::ops::ControlFlow;
use std::pin::pin;
use std::time::Duration;
use tokio::sync::mpsc::Sender;
use tokio::sync::watch;

/// How often a log that is not followed is asked for again.
const TRIES: u32 = 5;

/// How long to wait before a stream is opened again.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// The first time; doubled each time that brings nothing.
    pub first: Duration,
    /// At most.
    pub most: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self { first: Duration::from_millis(500), most: Duration::from_secs(15) }
    }
}

/// Told whenever the pod changed, so that nobody waits longer than needed; the number says nothing.
pub type Wake = watch::Receiver<u64>;

/// Reads a container's log and sends what comes, until it is complete, cannot be read, or nobody listens.
///
/// A cut connection is opened again at the second of the last line, and lines that come twice are dropped. A
/// container that restarts is followed into its next life, with a marker that says how the last one ended.
pub async fn follow(client: Client, request: LogRequest, sender: Sender<LogMessage>, wake: Option<Wake>) {
    follow_at(client, request, sender, (Pace::default(), wake)).await;
}

/// `follow` at another pace.
pub async fn follow_at(
    client: Client,
    request: LogRequest,
    sender: Sender<LogMessage>,
    (pace, wake): (Pace, Option<Wake>),
) {
    let Known { uid, instance } = request.known.clone().unwrap_or_default();
    let out = Outbox::new(request, sender.clone());
    let stream = Stream {
        client,
        out,
        pace,
        wake,
        state: LogState::Opening,
        tries: 0,
        uid,
        instance,
        opened: false,
        ahead: Ahead::Open,
        begins: false,
        told: None,
    };
    tokio::select! {
        () = stream.run() => {}
        () = sender.closed() => {}
    }
}

/// How long the last lines of a pod that is gone are waited for. A node that is lost never ends them.
const LAST_LINES: Duration = Duration::from_secs(10);

/// Waits until the pod is gone and its last lines should be there.
async fn gone(wake: Option<Wake>) {
    let Some(mut wake) = wake else { return std::future::pending().await };
    while wake.changed().await.is_ok() {}
    tokio::time::sleep(LAST_LINES).await;
}

/// Whether the stream goes on.
type Next = ControlFlow<()>;

/// What the next turn begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Ahead {
    /// The log is opened.
    #[default]
    Open,
    /// The connection broke: the container may have restarted unseen.
    Check,
    /// The next instance is waited for: the log of the last one need not be asked for again.
    Wait,
}

struct Stream {
    client: Client,
    out: Outbox,
    pace: Pace,
    wake: Option<Wake>,
    /// What was said last of how it fares.
    state: LogState,
    /// How often in a row it was opened without a new line.
    tries: u32,
    /// The pod whose log this is; 0 until it is known.
    uid: Uid,
    instance: Option<Instance>,
    /// Whether the server has ever sent the log.
    opened: bool,
    ahead: Ahead,
    /// Whether the next stream is of a new instance, which has none of the lines so far.
    begins: bool,
    /// The last marker about waiting, so that it is shown once.
    told: Option<String>,
}

impl Stream {
    async fn run(mut self) {
        let (id, source) = (self.out.request().id, self.out.request().source.clone());
        self.out.send(LogMessage::Source { id, source }).await;
        if self.stays() && self.out.request().known.is_none() {
            self.meet().await;
        }
        while self.turn().await.is_continue() {}
    }

    /// Whether it waits for what is written later.
    fn stays(&self) -> bool {
        self.out.request().extent.follow && !self.out.request().extent.previous
    }

    /// Opens the log and reads it to its end.
    async fn turn(&mut self) -> Next {
        match std::mem::take(&mut self.ahead) {
            Ahead::Wait => return self.ended().await,
            Ahead::Check => self.check().await,
            Ahead::Open => {}
        }
        let begins = std::mem::take(&mut self.begins);
        let again = self.out.resume(begins);
        let response = match open(&self.client, self.out.request(), again).await {
            Ok(response) => response,
            Err(trouble) => return self.refused(trouble).await,
        };
        self.opened = true;
        self.fares(LogState::Live).await;
        let gone = pin!(gone(self.wake.clone()));
        let (close, news) = self.out.pump(response.into_body(), gone).await;
        if news {
            (self.tries, self.told) = (0, None);
        }
        match close {
            Close::Cut(why) => self.lost(&why).await,
            Close::End if self.stays() => self.ended().await,
            Close::End => self.end("this is all of it").await,
        }
    }

    /// The log could not be opened.
    async fn refused(&mut self, trouble: Trouble) -> Next {
        let Trouble::Refused { code, message } = &trouble else { return self.lost(trouble.sentence()).await };
        let waiting = ["waiting to start", "not have a host assigned", "is not available"];
        match code {
            400 if self.stays() && waiting.iter().any(|text| message.contains(text)) => {
                self.fares(LogState::Waiting).await;
                self.tell(message.clone()).await;
                self.pause().await
            }
            404 if self.opened => self.end("the pod is gone").await,
            429 | 500.. => self.lost(message).await,
            _ => self.fail(&trouble).await,
        }
    }

    /// The connection broke, or the server is in trouble: once more, after a while. Said only when opening it
    /// again does not help at once.
    async fn lost(&mut self, why: &str) -> Next {
        if self.tries >= TRIES && !self.stays() {
            return self.fail(&Trouble::Network(why.to_owned())).await;
        }
        if self.tries > 0 {
            self.tell(format!("connection lost ({why}), trying again")).await;
        }
        let since = match &self.state {
            LogState::Reconnecting { since, .. } => *since,
            _ => Time::now(),
        };
        self.ahead = if self.stays() { Ahead::Check } else { Ahead::Open };
        self.fares(LogState::Reconnecting { since, why: why.to_owned() }).await;
        self.pause().await
    }

    /// Waits, each time longer, or until the pod changes; sources wait a little differently, so that they do not
    /// come back as one.
    async fn pause(&mut self) -> Next {
        let doubled = self.pace.first.saturating_mul(1 << self.tries.min(16)).min(self.pace.most);
        let spread = doubled * u32::from(self.out.request().id.0 % 8) / 32;
        self.tries += 1;
        self.out.flush().await;
        let changed = async {
            match &mut self.wake {
                Some(wake) => wake.changed().await.is_ok(),
                None => std::future::pending().await,
            }
        };
        if tokio::time::timeout(doubled + spread, changed).await == Ok(false) {
            // The pod is gone. That is news once.
            self.wake = None;
        }
        Next::Continue(())
    }

    /// Says how the stream fares, if that is news.
    async fn fares(&mut self, state: LogState) {
        if self.state != state {
            self.state = state.clone();
            self.out.state(state).await;
        }
    }

    /// Shows a marker, unless it is the one shown last.
    async fn tell(&mut self, text: String) {
        if self.told.as_ref() != Some(&text) {
            self.told = Some(text.clone());
            self.out.mark(text).await;
        }
    }

    async fn end(&mut self, why: &str) -> Next {
        let id = self.out.request().id;
        self.out.close(LogMessage::Ended { id, why: why.to_owned() }).await;
        Next::Break(())
    }

    async fn fail(&mut self, trouble: &Trouble) -> Next {
        let request = self.out.request();
        let hint = trouble.hint(&request.source.namespace);
        let (id, sentence) = (Some(request.id), trouble.sentence().to_owned());
        self.out.close(LogMessage::Failed { id, sentence, hint }).await;
        Next::Break(())
    }
}
