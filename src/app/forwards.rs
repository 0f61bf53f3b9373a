//! Port-forwards: each is a task of its own, which nothing but the person ends: no screen, no change of the context.

use super::App;
use super::tasks::{Running, running};
use crate::cluster::forward::{Access, Bind, ForwardRequest, Local, Refusal, Remote, Spec, Target, forward, ports};
use crate::cluster::{Message, Unreachable};
use crate::commands;
use crate::config::sets::Sets;
use crate::kinds::forward::{ForwardId, ForwardPhase, ForwardState, PortOffer};
use crate::model::{Forward, ForwardOrder, Notice, ObjectKey, SessionState};
use crate::ui::{Offer, Picker, Prompt};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// The forwards that run.
#[derive(Default)]
pub(super) struct Forwards {
    last: u64,
    running: HashMap<ForwardId, Running>,
    /// Reads the ports that are to be offered.
    asking: Option<Running>,
    /// Where the user's files are.
    dir: Option<PathBuf>,
}

impl Forwards {
    /// No forward yet; sets of them are kept in `dir`.
    pub(super) fn new(dir: Option<PathBuf>) -> Self {
        Self { dir, ..Self::default() }
    }

    /// Where the user's files are.
    pub(super) fn dir(&self) -> Option<&Path> {
        self.dir.as_deref()
    }
}

impl App {
    /// Opens a forward; where its context is not connected yet, as soon as it is.
    pub(super) fn open_forward(&mut self, order: ForwardOrder) {
        if let Some(by) = self.model.session(&order.on.context).read_only {
            return self.model.say(Notice::warning(by.why(), ""));
        }
        if let Some(taken) = self.forward_in_the_way(&order) {
            return self.model.say(taken);
        }
        self.forwards.last += 1;
        let id = ForwardId(self.forwards.last);
        let context = order.on.context.clone();
        self.model.forwards.push(Forward { id, order, state: ForwardState::default() });
        if self.tasks.want_session(&context) {
            self.model.sessions.entry(context.to_string()).or_default().state = SessionState::Connecting;
        }
        self.begin_forwards(&context);
    }

    /// The forward that listens already where `order` would.
    fn forward_in_the_way(&self, order: &ForwardOrder) -> Option<Notice> {
        let port = match Spec::parse(&order.ports).ok()? {
            Spec { local: Local::Number(port), .. } if port != 0 => port,
            Spec { local: Local::Same, remote: Remote::Number(port) } => port,
            _ => return None,
        };
        let ends = format!(":{port}");
        let listens = |forward: &&Forward| forward.state.addresses.iter().any(|address| address.ends_with(&ends));
        let other = self.model.forwards.iter().find(listens)?;
        let sentence = format!("port {port} leads to {} already", other.order.on);
        Some(Notice::error(sentence, "take another port; :PORT chooses a free one"))
    }

    /// Begins the forwards of a context that wait for its connection.
    pub(super) fn begin_forwards(&mut self, context: &str) {
        let Some(lanes) = self.tasks.lanes(context) else { return };
        let waiting = |forward: &&mut Forward| {
            *forward.order.on.context == *context
                && !self.forwards.running.contains_key(&forward.id)
                && !forward.is_over()
        };
        let mut begun = Vec::new();
        for waiting in self.model.forwards.iter_mut().filter(waiting) {
            match request(waiting) {
                Ok(request) => begun.push(request),
                Err(refusal) => {
                    waiting.state.phase = ForwardPhase::Failed;
                    (waiting.state.error, waiting.state.hint) = (refusal.sentence, refusal.hint);
                }
            }
        }
        for request in begun {
            let access = Access { read: lanes.read.clone(), session: lanes.sessions.clone() };
            let (id, out) = (request.id, self.tasks.sender());
            let task = tokio::spawn(forward(access, request, out.clone()));
            self.forwards.running.insert(id, running(&task));
            tokio::spawn(async move {
                if task.await.is_err_and(|error| error.is_panic()) {
                    let error = "the port-forward failed, which is a defect of rutter".to_owned();
                    let state = ForwardState { phase: ForwardPhase::Failed, error, ..ForwardState::default() };
                    let _ = out.send(Message::Forward { id, state }).await;
                }
            });
        }
    }

    /// Ends a forward and forgets it.
    pub(super) fn stop_forward(&mut self, id: ForwardId) {
        self.forwards.running.remove(&id);
        self.model.forwards.retain(|forward| forward.id != id);
    }

    /// Takes over how a forward fares, and says what a person would want to know at once.
    pub(super) fn forward_told(&mut self, id: ForwardId, state: ForwardState) {
        let Some(forward) = self.model.forwards.iter_mut().find(|forward| forward.id == id) else { return };
        let before = std::mem::replace(&mut forward.state, state);
        let (state, on) = (&forward.state, &forward.order.on);
        let moved = before.phase != state.phase || before.pod != state.pod;
        let error = format!("port-forward to {on}: {}", state.error);
        let notice = match state.phase {
            _ if !moved => None,
            ForwardPhase::Listening => {
                Some(Notice::info(format!("{} leads to pod {}:{}", forward.local(), state.pod, state.port)))
            }
            ForwardPhase::Resolving => None,
            ForwardPhase::Broken => Some(Notice::warning(error, state.hint.clone())),
            ForwardPhase::Failed => Some(Notice::error(error, state.hint.clone())),
        };
        if state.phase == ForwardPhase::Failed {
            self.forwards.running.remove(&id);
        }
        if let Some(notice) = notice {
            self.model.say(notice);
        }
        self.draw.dirty = true;
    }

    /// Reads which ports an object names, for the prompt that waits behind `run`.
    pub(super) fn ask_ports(&mut self, on: &ObjectKey, run: String, container: Option<String>) {
        let Some(read) = self.tasks.lanes(&on.context).map(|lanes| lanes.read.clone()) else { return };
        let (target, out) = (target(on), self.tasks.sender());
        let task = tokio::spawn(async move {
            let mut result = ports(&read, &target).await;
            if let (Ok(offers), Some(container)) = (&mut result, container) {
                offers.retain(|offer| offer.container == container);
            }
            let _ = out.send(Message::Ports { run, result }).await;
        });
        self.forwards.asking = Some(running(&task));
    }

    /// Puts the ports that an object names into the prompt, unless something was typed meanwhile.
    pub(super) fn ports_told(&mut self, run: &str, result: Result<Vec<PortOffer>, Unreachable>) {
        let offers = match result {
            Ok(offers) => offers,
            Err(Unreachable { sentence, hint }) => return self.say(Notice::warning(sentence, hint)),
        };
        if let Some((label, line)) = self.stack.asked(run) {
            if line.text().is_empty() {
                line.set(&offers.first().map(suggestion).unwrap_or_default());
            }
            if !offers.is_empty() {
                let all: Vec<String> = offers.iter().map(describe).collect();
                *label = format!("{label}, it has {}", all.join(", "));
            }
            self.draw.dirty = true;
        }
    }

    /// Keeps the forwards of a context under a name.
    pub(super) fn save_forwards(&mut self, context: &Rc<str>, name: &str) {
        let mine = self.model.forwards.iter().filter(|forward| forward.order.on.context == *context);
        let lines: Vec<String> = mine.map(|forward| forward.order.line()).collect();
        let count = lines.len();
        let dir = self.forwards.dir.clone();
        let saved = Sets::load(dir.as_deref()).and_then(|mut sets| {
            sets.0.entry(context.to_string()).or_default().insert(name.to_owned(), lines);
            sets.save(dir.as_deref())
        });
        self.model.say(match saved {
            Ok(()) => Notice::info(format!("kept {count} port-forwards as {name}: start-forwards {name} opens them")),
            Err(error) => Notice::error(error.to_string(), "mend the file, or move it away"),
        });
    }

    /// Opens the forwards that were kept under a name; without one it offers the names.
    pub(super) fn start_forwards(&mut self, context: &Rc<str>, name: &str) {
        let sets = match Sets::load(self.forwards.dir.as_deref()) {
            Ok(sets) => sets.0.get(&**context).cloned().unwrap_or_default(),
            Err(error) => return self.model.say(Notice::error(error.to_string(), "mend the file, or move it away")),
        };
        if sets.is_empty() {
            let sentence = format!("no port-forwards of {context} were kept");
            return self.model.say(Notice::warning(sentence, "save-forwards NAME keeps those that are open"));
        }
        let Some(lines) = sets.get(name) else {
            let offer = |(name, lines): (&String, &Vec<String>)| Offer {
                label: name.clone(),
                detail: lines.join(" · "),
                run: format!("start-forwards {name}"),
                ..Offer::default()
            };
            let picker = Picker::new("port-forwards that were kept", "start ", sets.iter().map(offer).collect());
            self.stack.prompt = Some(Prompt::Pick(picker));
            return;
        };
        let namespace = self.model.session(context).namespace;
        for line in lines {
            match commands::forward::orders(line, context, &namespace) {
                Ok(orders) => orders.into_iter().for_each(|order| self.open_forward(order)),
                Err(notice) => self.model.say(notice),
            }
        }
    }
}

fn target(on: &ObjectKey) -> Target {
    Target { kind: on.kind.0, namespace: on.namespace.clone(), name: on.name.clone() }
}

fn request(forward: &Forward) -> Result<ForwardRequest, Refusal> {
    let order = &forward.order;
    let (spec, bind) = (Spec::parse(&order.ports)?, Bind::parse(&order.address)?);
    Ok(ForwardRequest { id: forward.id, target: target(&order.on), spec, bind })
}

/// What stands in the prompt: a local port that one may listen on without being root.
fn suggestion(offer: &PortOffer) -> String {
    let port = offer.number;
    if port < 1024 { format!("{}:{port}", u32::from(port) + 8_000) } else { port.to_string() }
}

/// `80 http`
fn describe(offer: &PortOffer) -> String {
    let PortOffer { number, name, .. } = offer;
    if name.is_empty() { number.to_string() } else { format!("{number} {name}") }
}
