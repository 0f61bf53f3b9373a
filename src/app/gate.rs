//! Changes on their way through the gate: asked for, shown, confirmed, sent, written into the journal, taken back.

use super::App;
use super::edit::Kept;
use super::proposal::{proposal, title};
use super::sources;
use super::tasks::{Running, running};
use crate::cluster::Message;
use crate::cluster::connect::Lanes;
use crate::cluster::gate::{Applied, Change, GateMessage, Outcome, Part, Prepared, Reader, apply, prepare};
use crate::cluster::sources::{Mistakes, Order};
use crate::model::journal::{Entry, State};
use crate::model::{Notice, SessionState};
use crate::ui::{Confirm, Prompt};
use std::collections::HashMap;
use std::future::ready;
use std::rc::Rc;
use std::time::Duration;
use tokio::time::Instant;

/// For so long after a question has come to the screen, keys do not answer it: they were meant for what stood there before.
pub(super) const TYPED_AHEAD: Duration = Duration::from_millis(300);

/// What is on its way through the gate.
#[derive(Default)]
pub(super) struct Gate {
    pub(super) last: u64,
    waiting: Option<Waiting>,
    sent: HashMap<u64, Sent>,
    undos: HashMap<u64, Part>,
}

/// A change that waits to be confirmed.
struct Waiting {
    id: u64,
    context: Rc<str>,
    prepared: Option<Prepared>,
    /// The journal's entry that this takes back.
    undoes: Option<u64>,
    /// The text that it comes from, kept until it has arrived.
    text: Option<Kept>,
    /// When the question came to the screen.
    shown: Option<Instant>,
    _task: Running,
}

/// What a change comes from.
#[derive(Default)]
struct Asks {
    /// The journal's entry that it takes back.
    undoes: Option<u64>,
    /// A text, kept until it has arrived.
    text: Option<Kept>,
}

/// A change that was sent: its entries in the journal, one for each object.
struct Sent {
    entries: Vec<u64>,
    undoes: Option<u64>,
    text: Option<Kept>,
}

impl App {
    /// Prepares a change and asks to confirm it.
    pub(super) fn change(&mut self, context: &Rc<str>, change: Change) {
        self.ask_change(context, change, Asks::default());
    }

    /// As [`App::change`], with the text that the change comes from.
    pub(super) fn change_with_text(&mut self, context: &Rc<str>, change: Change, text: Kept) {
        self.ask_change(context, change, Asks { text: Some(text), ..Asks::default() });
    }

    /// Takes back what the journal holds under `id`, or what was done last in `context`.
    pub(super) fn undo(&mut self, context: &Rc<str>, id: Option<u64>) {
        let entry = match id {
            Some(id) => self.model.journal.entry(id),
            None => self.model.journal.last_undoable(context),
        };
        let found =
            entry.and_then(|entry| Some((entry.id, entry.context.clone(), self.gate.undos.get(&entry.id)?.clone())));
        match found {
            Some((id, context, part)) => {
                let change = Change { parts: vec![part], then: String::new() };
                self.ask_change(&Rc::from(context), change, Asks { undoes: Some(id), ..Asks::default() });
            }
            None => {
                self.model.say(Notice::warning("there is nothing to take back here", ":journal shows what was done"));
            }
        }
    }

    fn ask_change(&mut self, context: &Rc<str>, change: Change, asks: Asks) {
        let title = title(&change);
        self.ask(context, title, asks, |_| ready(Ok(change)));
    }

    /// Prepares the change that `order` finds in its manifests, and asks to confirm it.
    pub(super) fn change_from(&mut self, order: Order) {
        let (known, out) = (self.model.catalogue.names(), self.tasks.sender());
        let context = Rc::from(order.context.as_str());
        self.ask(&context, order.title(), Asks::default(), |lanes| {
            let reader = Reader::new(lanes.read.clone());
            async move { sources::change(order, reader, known, out).await }
        });
    }

    /// Asks to confirm the change that comes of `wanted`.
    fn ask<W>(&mut self, context: &Rc<str>, title: String, asks: Asks, wanted: impl FnOnce(&Lanes) -> W)
    where
        W: Future<Output = Result<Change, Mistakes>> + Send + 'static,
    {
        let Asks { undoes, text } = asks;
        let lanes = match self.lanes_for_change(context) {
            Ok(lanes) => lanes,
            Err(notice) => return self.say_kept(notice, text),
        };
        self.gate.last += 1;
        let id = self.gate.last;
        self.stack.prompt = Some(Prompt::Confirm(Confirm::new(id, title)));
        let out = self.tasks.sender();
        let wanted = wanted(&lanes);
        let task = tokio::spawn(async move {
            let message = match wanted.await {
                Ok(change) => {
                    let prepared = prepare(id, (&Reader::new(lanes.read), &lanes.writer), change).await;
                    GateMessage::Prepared(Box::new(prepared))
                }
                Err(mistakes) => GateMessage::Flawed { id, mistakes },
            };
            // When the loop has ended, nobody asks any more.
            let _ = out.send(Message::Gate(message)).await;
        });
        let task = running(&task);
        let context = context.clone();
        self.gate.waiting = Some(Waiting { id, context, prepared: None, undoes, text, shown: None, _task: task });
    }

    /// Says something, and where the text is that did not arrive.
    fn say_kept(&mut self, notice: Notice, text: Option<Kept>) {
        self.model.say(match text {
            Some(text) => text.keep(notice),
            None => notice,
        });
    }

    /// The ways to a cluster in which something may be changed.
    pub(super) fn lanes_for_change(&self, context: &str) -> Result<Lanes, Notice> {
        if let Some(by) = self.model.session(context).read_only {
            return Err(Notice::warning(by.why(), ""));
        }
        self.tasks.lanes(context).cloned().ok_or_else(|| {
            let why = match self.model.session(context).state {
                SessionState::Failed { sentence, .. } => sentence,
                _ => format!("{context} is not connected"),
            };
            Notice::error(why, "try again when it is")
        })
    }

    /// Takes over what the gate tells.
    pub(super) fn gate_message(&mut self, message: GateMessage) {
        match message {
            GateMessage::Prepared(prepared) => self.propose(*prepared),
            GateMessage::Flawed { id, mistakes } => self.flawed(id, mistakes),
            GateMessage::Known(known) => self.model.catalogue.adopt(known),
            GateMessage::Applied(applied) => self.applied(*applied),
            GateMessage::Read { id, result } => self.opened(id, *result),
        }
        self.draw.dirty = true;
        self.draw.urgent = true;
    }

    fn propose(&mut self, prepared: Prepared) {
        let Some(waiting) = self.gate.waiting.as_mut().filter(|waiting| waiting.id == prepared.id) else { return };
        if let Some(line) = prepared.instead() {
            self.gate.waiting = None;
            self.stack.prompt = None;
            self.run(line, None);
            return self.follow_screens();
        }
        let session = self.model.session(&waiting.context);
        let Some(confirm) = self.stack.confirm_mut().filter(|confirm| confirm.id == prepared.id) else { return };
        confirm.propose(proposal(&prepared, &waiting.context, &session));
        waiting.prepared = Some(prepared);
    }

    /// Says why nothing comes of a change, and asks no more.
    fn flawed(&mut self, id: u64, Mistakes(mistakes): Mistakes) {
        if self.stack.confirm_mut().is_none_or(|confirm| confirm.id != id) {
            return;
        }
        self.stack.prompt = None;
        self.gate.waiting = None;
        let count = mistakes.len();
        for mistake in mistakes {
            self.model.say(Notice::error(mistake, "nothing was sent"));
        }
        if count > 1 {
            self.model.say(Notice::error(format!("{count} mistakes: nothing was sent"), ":messages lists them"));
        }
    }

    /// Whether keys do not count yet, because the question has only just come to the screen.
    pub(super) fn is_too_early(&self) -> bool {
        if self.drains.waiting.is_too_early() || self.copies.waiting.is_too_early() || self.kubeconfig.is_too_early() {
            return true;
        }
        let Some(waiting) = self.gate.waiting.as_ref().filter(|waiting| waiting.prepared.is_some()) else {
            return false;
        };
        waiting.shown.is_none_or(|shown| shown.elapsed() < TYPED_AHEAD)
    }

    /// Notes that the question is on the screen, or that it was dropped.
    pub(super) fn follow_question(&mut self) {
        let asked = self.stack.confirm_mut().map(|confirm| (confirm.id, confirm.is_answered()));
        self.drains.waiting.follow_question(asked);
        self.copies.waiting.follow_question(asked);
        self.kubeconfig.follow_question(asked);
        match (&mut self.gate.waiting, asked) {
            (Some(waiting), Some((id, ready))) if waiting.id == id => {
                if ready {
                    waiting.shown.get_or_insert_with(Instant::now);
                }
            }
            (waiting, _) => {
                if let Some(text) = waiting.take().and_then(|waiting| waiting.text) {
                    self.say_kept(Notice::info("not sent"), Some(text));
                }
            }
        }
    }

    /// Sends what was confirmed.
    pub(super) fn confirm(&mut self, id: u64) {
        if self.confirm_drain(id) || self.confirm_copy(id) || self.confirm_kubeconfig(id) {
            return;
        }
        let Some(waiting) = self.gate.waiting.take().filter(|waiting| waiting.id == id) else { return };
        let Waiting { context, prepared: Some(prepared), undoes, text, .. } = waiting else { return };
        let lanes = match self.lanes_for_change(&context) {
            Ok(lanes) => lanes,
            Err(notice) => return self.say_kept(notice, text),
        };
        let effects: Vec<String> = prepared.ready().map(|(_, ready)| ready.draft.effect.clone()).collect();
        let verb = prepared.verb().to_owned();
        let entries = effects.into_iter().map(|effect| self.write(&context, &verb, effect)).collect();
        self.gate.sent.insert(id, Sent { entries, undoes, text });
        if let Some(list) = self.stack.list_mut() {
            list.unmark();
        }
        let out = self.tasks.sender();
        // Not bound to any screen: what was confirmed is done, whatever is looked at meanwhile.
        tokio::spawn(async move {
            let applied = apply((&Reader::new(lanes.read), &lanes.writer), prepared).await;
            let _ = out.send(Message::Gate(GateMessage::Applied(Box::new(applied)))).await;
        });
    }

    /// Writes into the journal that something was sent.
    pub(super) fn write(&mut self, context: &str, verb: &str, effect: String) -> u64 {
        let user = self.model.session(context).user;
        let (at, verb) = (self.model.now(), verb.to_owned());
        self.model.journal.sent(Entry {
            id: 0,
            at,
            context: context.to_owned(),
            user,
            verb,
            effect,
            state: State::Sent,
        })
    }

    fn applied(&mut self, Applied { id, outcomes, then }: Applied) {
        let Some(sent) = self.gate.sent.remove(&id) else { return };
        let failed = outcomes.iter().filter(|outcome| outcome.result.is_err()).count();
        self.say_outcome(&outcomes, failed);
        if failed > 0 && sent.text.is_some() {
            self.say_kept(Notice::error("what you edited did not arrive", ":journal tells why"), sent.text);
        }
        for (entry, outcome) in sent.entries.into_iter().zip(outcomes) {
            let state = match &outcome.result {
                Ok(_) => State::Done { undoable: outcome.undo.is_some() },
                Err(problem) => State::Failed(problem.to_string()),
            };
            self.model.journal.settle(entry, state);
            self.gate.undos.extend(outcome.undo.map(|undo| (entry, undo)));
        }
        if let Some(undone) = sent.undoes.filter(|_| failed == 0) {
            self.model.journal.settle(undone, State::Undone);
            self.gate.undos.remove(&undone);
        }
        if failed == 0 && !then.is_empty() {
            self.run(&then, None);
            self.follow_screens();
        }
    }

    /// Says what became of a change.
    fn say_outcome(&mut self, outcomes: &[Outcome], failed: usize) {
        for outcome in outcomes {
            match &outcome.result {
                Err(problem) => {
                    self.model.say(Notice::error(format!("{}: {}", outcome.effect, problem.sentence), &*problem.hint));
                }
                Ok(warnings) => {
                    for warning in warnings {
                        self.model.say(Notice::warning(format!("the server warns: {warning}"), ""));
                    }
                }
            }
        }
        match outcomes {
            _ if failed > 0 && outcomes.len() > 1 => {
                let (all, done) = (outcomes.len(), outcomes.len() - failed);
                self.model.say(Notice::error(format!("{done} of {all} done, {failed} failed"), ":journal tells which"));
            }
            [one] if failed == 0 => {
                let hint = if one.undo.is_some() { "u takes it back" } else { "" };
                self.model.say(Notice { hint: hint.to_owned(), ..Notice::info(format!("done: {}", one.effect)) });
            }
            [_, ..] if failed == 0 => self.model.say(Notice::info(format!("all {} done", outcomes.len()))),
            _ => {}
        }
    }
}
