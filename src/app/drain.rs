//! Drains: asked for, confirmed, under way whatever is looked at meanwhile, stopped, and told about at their end.

use super::App;
use super::pending::Pending;
use super::tasks::{Running, running};
use crate::cluster::drain::{Order, drain};
use crate::cluster::{Message, Subscription};
use crate::config::Role;
use crate::kinds::drain::{End, Means, News, Plan, Stage};
use crate::model::journal::State;
use crate::model::{DrainKey, Notice, Session};
use crate::ui::{Confirm, Prompt, Proposal, Screen};
use std::collections::HashMap;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// The drains that were asked for.
#[derive(Default)]
pub(super) struct Drains {
    /// The plan that waits to be confirmed.
    pub(super) waiting: Pending<(DrainKey, Plan)>,
    running: HashMap<Subscription, Drain>,
}

/// A drain under way.
struct Drain {
    key: DrainKey,
    cancel: CancellationToken,
    /// Its number in the journal.
    entry: u64,
    _task: Running,
}

impl App {
    /// Asks whether the drain that is planned on the screen shall begin. What is confirmed is this plan and no other.
    pub(super) fn ask_drain(&mut self, key: DrainKey) {
        if let Err(notice) = self.lanes_for_change(&key.context) {
            return self.model.say(notice);
        }
        let Some(plan) = self.model.drains.get(&key).and_then(|page| page.plan.clone()) else { return };
        self.gate.last += 1;
        let id = self.gate.last;
        let mut confirm = Confirm::new(id, format!("drain node {}", key.node));
        confirm.propose(proposal(&key, &plan, &self.model.session(&key.context)));
        self.stack.prompt = Some(Prompt::Confirm(confirm));
        self.drains.waiting.wait(id, (key, plan));
    }

    /// Begins the drain that was confirmed; tells whether it was one.
    pub(super) fn confirm_drain(&mut self, id: u64) -> bool {
        let Some((key, plan)) = self.drains.waiting.take(id) else { return false };
        let lanes = match self.lanes_for_change(&key.context) {
            Ok(lanes) => lanes,
            Err(notice) => {
                self.model.say(notice);
                return true;
            }
        };
        let pods = plan.sorts().evict;
        let entry = self.write(&key.context, "drain", format!("drain node {} ({pods} pods) {}", key.node, key.options));
        let (of, cancel, out) = (self.tasks.number(), CancellationToken::new(), self.tasks.sender());
        let order = Order { node: key.node.clone(), options: key.options.clone(), plan };
        let (to, mut news) = mpsc::channel(16);
        let drain = drain(lanes, order, to, cancel.clone());
        let pass_on = async move {
            while let Some(news) = news.recv().await {
                if out.send(Message::Drain { of, news }).await.is_err() {
                    return;
                }
            }
        };
        let task = tokio::spawn(async move { tokio::join!(drain, pass_on) });
        self.model.drains.entry(key.clone()).or_default().apply(News::Stage(Stage::Cordoning));
        self.drains.running.insert(of, Drain { key, cancel, entry, _task: running(&task) });
        true
    }

    /// Asks no more pods to go.
    pub(super) fn stop_drain(&mut self, key: &DrainKey) {
        for drain in self.drains.running.values().filter(|drain| drain.key == *key) {
            drain.cancel.cancel();
        }
    }

    /// Takes over what a drain tells.
    pub(super) fn drain_news(&mut self, of: Subscription, news: News) {
        let Some(key) = self.drains.running.get(&of).map(|drain| drain.key.clone()) else { return };
        let page = self.model.drains.entry(key.clone()).or_default();
        page.apply(news);
        let over = page.end().cloned().map(|end| (end, page.summary()));
        let shown = matches!(self.stack.top(), Some(Screen::Drain(screen)) if screen.key == key);
        self.draw.dirty |= shown;
        if let Some((end, summary)) = over {
            self.drain_ended(of, &end, summary);
        }
    }

    /// Writes down how a drain ended, and tells it whatever is looked at.
    fn drain_ended(&mut self, of: Subscription, end: &End, summary: String) {
        let Some(drain) = self.drains.running.remove(&of) else { return };
        let sentence = format!("node {}: {summary}", drain.key.node);
        let (state, notice) = match end {
            End::Drained => (State::Done { undoable: false }, Notice::info(sentence)),
            End::Stopped { hint, .. } => (State::Failed(summary), Notice::error(sentence, hint.clone())),
            _ => (
                State::Failed(summary),
                Notice::warning(sentence, "the node stays cordoned; :uncordon takes that back"),
            ),
        };
        self.model.journal.settle(drain.entry, state);
        self.say(notice);
    }
}

/// What a drain would do, before it is confirmed.
fn proposal(key: &DrainKey, plan: &Plan, session: &Session) -> Proposal {
    let sorts = plan.sorts();
    let how = if plan.means == Means::Eviction { "evicted" } else { "deleted, which asks no PodDisruptionBudget" };
    let cordon =
        if plan.cordoned { "the node is cordoned already" } else { "the node is cordoned: it takes no new pods" };
    let mut lines = vec![(cordon.to_owned(), Role::Text), (format!("{} pods are {how}", sorts.evict), Role::Text)];
    if sorts.refused > 0 {
        let text = format!("  refused by a budget now, and asked again every 5 s: {}", sorts.refused);
        lines.push((text, Role::NoticeWarn));
    }
    for pod in plan.pods.iter().filter(|pod| pod.goes() && !pod.notes.is_empty()) {
        lines.push((format!("  {}/{}: {}", pod.namespace, pod.name, pod.notes.join(", ")), Role::NoticeWarn));
    }
    if sorts.stay > 0 {
        lines.push((format!("{} pods stay", sorts.stay), Role::Quiet));
    }
    let flags = key.options.to_string();
    let kubectl = format!("kubectl --context {} drain {} {flags}", key.context, key.node).trim_end().to_owned();
    lines.push((format!("  {kubectl}"), Role::Quiet));
    let user = if session.user.is_empty() { String::new() } else { format!(" as {}", session.user) };
    let place = format!("{}{user}{}", key.context, if session.production { " · PRODUCTION" } else { "" });
    let word = if session.production { key.context.to_string() } else { key.node.clone() };
    Proposal { place, kubectl, lines, word, possible: true }
}
