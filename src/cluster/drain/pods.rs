//! `Pods`: the pods that have to go, where each of them stands, and when something is to be done about it.

use super::evict::{Outcome, Target};
use crate::cluster::Message;
use crate::kinds::drain::{Means, Plan, Step};
use crate::kinds::{Change, Time, Uid};
use crate::text::safe;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;
use tokio::time::Instant;

/// How soon a pod that was told to end is looked at for the first time.
const FIRST_LOOK: Duration = Duration::from_secs(1);
/// How often a pod that ends is looked at, although the watch tells when it is gone.
const LOOK: Duration = Duration::from_secs(10);
/// How often, when it matters for how long its end is overdue.
const CLOSE_LOOK: Duration = Duration::from_secs(2);

/// What is to be done about a pod.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// It is to be told to go.
    Ask,
    /// It was told; it is waited for.
    Wait,
    /// Nothing.
    Over,
}

/// A pod that has to go.
#[derive(Debug)]
pub struct Pod {
    /// Which one.
    pub target: Target,
    /// What is to be done about it.
    pub phase: Phase,
    /// How often it was told to go.
    pub tries: u32,
    /// When something is to be done; none while something is.
    due: Option<Instant>,
    /// Whether something was heard of it meanwhile.
    nudged: bool,
    failed: bool,
}

/// The pods that have to go, by their places in the plan.
#[derive(Debug)]
pub struct Pods {
    all: BTreeMap<usize, Pod>,
    places: HashMap<Uid, usize>,
    queue: BTreeSet<(Instant, usize)>,
    /// The pods that a list which is being read has shown so far.
    listed: BTreeSet<usize>,
    skip_wait: u32,
    /// Whether one failure is the end of all, as it is when pods are deleted.
    strict: bool,
}

impl Pods {
    /// The pods of `plan` that have to go, all of them at once.
    pub fn new(plan: &Plan, skip_wait: u32) -> Self {
        let now = Instant::now();
        let going = plan.pods.iter().enumerate().filter(|(_, pod)| pod.goes());
        let all: BTreeMap<usize, Pod> = going
            .map(|(at, pod)| {
                let (target, due) = (Target::from(pod), Some(now));
                (at, Pod { target, phase: Phase::Ask, tries: 0, due, nudged: false, failed: false })
            })
            .collect();
        let places = all.iter().map(|(at, pod)| (Uid::parse(&pod.target.uid), *at)).collect();
        let queue = all.keys().map(|at| (now, *at)).collect();
        let strict = plan.means == Means::Deletion;
        Self { all, places, queue, listed: BTreeSet::new(), skip_wait, strict }
    }

    /// Takes the next pod about which something is to be done now.
    pub fn next(&mut self) -> Option<(usize, &mut Pod)> {
        let (due, at) = *self.queue.first()?;
        if due > Instant::now() {
            return None;
        }
        self.queue.pop_first();
        let pod = self.all.get_mut(&at)?;
        pod.due = None;
        Some((at, pod))
    }

    /// When something is to be done next.
    pub fn due(&self) -> Option<Instant> {
        self.queue.first().map(|(due, _)| *due)
    }

    /// Whether nothing more will be done.
    pub fn is_over(&self) -> bool {
        self.strict && self.has_failed() || self.all.values().all(|pod| pod.phase == Phase::Over)
    }

    /// Whether a pod could not be made to go.
    pub fn has_failed(&self) -> bool {
        self.all.values().any(|pod| pod.failed)
    }

    fn schedule(&mut self, at: usize, due: Instant) {
        let Some(pod) = self.all.get_mut(&at) else { return };
        if let Some(before) = pod.due.replace(due) {
            self.queue.remove(&(before, at));
        }
        self.queue.insert((due, at));
    }

    /// Takes over what a try came to; returns how the pod fares now.
    pub fn learn(&mut self, at: usize, outcome: Outcome, now: Time) -> Option<Step> {
        let skip_wait = self.skip_wait;
        let look = if skip_wait > 0 { CLOSE_LOOK } else { LOOK };
        let pod = self.all.get_mut(&at)?;
        let tries = pod.tries;
        let ending = |held: String, due| Step::Terminating { held, due };
        let (phase, step, pause) = match outcome {
            Outcome::Gone => (Phase::Over, Step::Gone, look),
            Outcome::Failed(why) => (Phase::Over, Step::Failed(why), look),
            Outcome::Refused { why, wait } => (Phase::Ask, Step::Refused { why, tries }, wait),
            Outcome::Accepted => (Phase::Wait, ending(String::new(), None), FIRST_LOOK),
            Outcome::Ending { due, .. } if is_overdue(due, skip_wait, now) => {
                (Phase::Over, Step::Left(format!("its end is overdue for more than {skip_wait} s")), look)
            }
            Outcome::Ending { held, due } => (Phase::Wait, ending(finalizers(&held), due), look),
            Outcome::Alive => (Phase::Wait, ending("nothing has begun to end it".to_owned(), None), look),
            Outcome::Nothing(why) => (Phase::Wait, ending(format!("it cannot be looked at: {why}"), None), look),
        };
        (pod.phase, pod.failed) = (phase, matches!(step, Step::Failed(_)));
        let due = if std::mem::take(&mut pod.nudged) { Instant::now() } else { Instant::now() + pause };
        if phase != Phase::Over {
            self.schedule(at, due);
        }
        Some(step)
    }

    /// Takes over what the watch of the node's pods tells. It says where to look, and is not believed: a pod is gone
    /// when the server says so of this very pod.
    pub fn hear(&mut self, message: &Message) {
        let Message::Changes { batch, .. } = message else { return };
        for change in batch {
            match change {
                Change::Begin { .. } => self.listed.clear(),
                Change::Columns { .. } => {}
                Change::Put { row, .. } => self.listed.extend(self.places.get(&row.uid)),
                Change::Gone { uid } => {
                    if let Some(at) = self.places.get(uid) {
                        self.nudge(*at);
                    }
                }
                Change::End { .. } => {
                    let missing: Vec<usize> = self.all.keys().filter(|at| !self.listed.contains(at)).copied().collect();
                    for at in missing {
                        self.nudge(at);
                    }
                }
            }
        }
    }

    /// Looks at a pod at once, or as soon as what is being done about it is done.
    fn nudge(&mut self, at: usize) {
        let Some(pod) = self.all.get_mut(&at).filter(|pod| pod.phase != Phase::Over) else { return };
        match pod.due {
            None => pod.nudged = true,
            Some(_) => self.schedule(at, Instant::now()),
        }
    }
}

/// Whether a pod should have been gone for longer than is waited for.
fn is_overdue(due: Option<Time>, skip_wait: u32, now: Time) -> bool {
    skip_wait > 0 && due.is_some_and(|due| now.seconds_since(due) > i64::from(skip_wait))
}

/// What holds a pod that has finalizers.
fn finalizers(names: &[String]) -> String {
    if names.is_empty() { String::new() } else { format!("held by {}", safe(&names.join(", "))) }
}
