//! The task that keeps the proof of one plugin fresh: one run at a time, at most one in half a minute unless somebody who has
//! no proof yet asks for one.

use super::{Answer, Plugin};
use crate::cluster::connect::credentials::{Identity, Proof, Renew, bearer};
use crate::cluster::connect::error::ConnectError;
use crate::kinds::Time;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, watch};
use tokio::time::Instant;

/// Shortest time between the starts of two runs.
const PAUSE: Duration = Duration::from_secs(30);
/// How often the wall clock is looked at: a laptop that slept has not slept in monotonic time.
const LOOK: Duration = Duration::from_mins(1);

struct Keeper {
    plugin: Plugin,
    publish: watch::Sender<Arc<Proof>>,
    started: Option<Instant>,
    due: Option<Time>,
}

/// Starts the task of `plugin`, which runs when the first proof is asked for. It ends with the last of the senders.
pub fn start(plugin: Plugin) -> (mpsc::Sender<Renew>, watch::Sender<Arc<Proof>>) {
    let publish = watch::Sender::new(Arc::new(Proof::default()));
    let (renew, inbox) = mpsc::channel(64);
    tokio::spawn(Keeper { plugin, publish: publish.clone(), started: None, due: None }.keep(inbox));
    (renew, publish)
}

impl Keeper {
    /// Serves until nobody is left to ask.
    async fn keep(mut self, mut inbox: mpsc::Receiver<Renew>) {
        loop {
            tokio::select! {
                asked = inbox.recv() => match asked {
                    Some(asked) => self.answer(asked).await,
                    None => return,
                },
                () = tokio::time::sleep(LOOK.min(self.wait())) => self.renew_early().await,
            }
        }
    }

    /// How long until a renewal is due.
    fn wait(&self) -> Duration {
        if self.publish.receiver_count() == 0 {
            return LOOK;
        }
        let seconds = self.due.map_or(i64::MAX, |due| due.seconds_since(Time::now()));
        Duration::from_secs(u64::try_from(seconds).unwrap_or(0)).max(Duration::from_secs(1))
    }

    async fn renew_early(&mut self) {
        // What nobody uses is renewed when somebody does: a sign-in may open a browser.
        let used = self.publish.receiver_count() > 0;
        if used && self.due.is_some_and(|due| due <= Time::now()) && self.may_run() {
            self.run().await;
        }
    }

    async fn answer(&mut self, mut asked: Renew) {
        let refused = asked.seen > 0;
        if asked.seen < self.publish.borrow().serial || (refused && !self.may_run()) {
            return;
        }
        let before = self.started;
        let cancelled = tokio::select! {
            () = self.run() => false,
            () = asked.done.closed() => true,
        };
        if cancelled {
            // Whoever stopped it may start it again at once, and does not hear what this one said.
            self.started = before;
            self.hear(Vec::new());
        }
    }

    fn may_run(&self) -> bool {
        self.started.is_none_or(|started| started.elapsed() >= PAUSE)
    }

    /// Lets be known what the plugin says.
    fn hear(&self, says: Vec<String>) {
        self.publish.send_modify(|proof| *proof = Arc::new(Proof { says, ..(**proof).clone() }));
    }

    async fn run(&mut self) {
        self.started = Some(Instant::now());
        let answer = self.plugin.run(|says| self.hear(says)).await;
        let current = self.publish.borrow().clone();
        self.due = answer.as_ref().ok().and_then(|answer| due(Time::now(), answer.expires?));
        self.publish.send_replace(Arc::new(next(&current, answer)));
    }
}

/// When to renew: after four fifths of the life that is left. What is expired already is not worth running for: a
/// new run would give the same, and the server's 401 asks for one anyway.
fn due(now: Time, expires: Time) -> Option<Time> {
    let life = expires.seconds_since(now);
    (life > 0).then(|| Time(now.0 + life * 4 / 5))
}

/// The proof after a run. A failed one leaves what there was.
pub fn next(current: &Proof, answer: Result<Answer, ConnectError>) -> Proof {
    match answer.and_then(proof) {
        Err(trouble) => Proof { trouble: Some(trouble), says: Vec::new(), ..current.clone() },
        Ok(fresh) => {
            let same = fresh.header == current.header && fresh.identity == current.identity && current.serial > 0;
            Proof { serial: current.serial + u64::from(!same), ..fresh }
        }
    }
}

fn proof(answer: Answer) -> Result<Proof, ConnectError> {
    let header = answer.token.map(|token| bearer(&token.0)).transpose()?;
    let identity = answer.certificate.map(|(certificate, key)| Arc::new(Identity { certificate, key }));
    Ok(Proof { header, identity, ..Proof::default() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::kubeconfig::Secret;

    #[test]
    fn renewal_is_due_after_four_fifths() {
        assert_eq!(due(Time(1_000), Time(2_000)), Some(Time(1_800)));
        assert_eq!(due(Time(1_000), Time(1_005)), Some(Time(1_004)));
        assert_eq!(due(Time(1_000), Time(1_000)), None);
        assert_eq!(due(Time(1_000), Time(10)), None);
    }

    #[test]
    fn the_serial_counts_changes() {
        let token = |text: &str| Ok(Answer { token: Some(Secret(text.to_owned())), ..Answer::default() });
        let first = next(&Proof::default(), token("a"));
        assert_eq!(first.serial, 1);
        assert_eq!(next(&first, token("a")).serial, 1);
        assert_eq!(next(&first, token("b")).serial, 2);
        let failed = next(&first, Err(ConnectError::unusable("no", "")));
        assert_eq!((failed.serial, failed.header, failed.trouble.is_some()), (1, first.header.clone(), true));
        assert!(next(&first, token("a\u{1}b")).trouble.is_some());
    }
}
