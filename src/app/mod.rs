//! The loop: wait for one thing, apply it, draw if something visible changed.

mod clock;
mod clusters;
mod connecting;
mod copies;
mod discover;
mod drain;
mod draw;
mod edit;
mod first;
mod forwards;
mod gate;
mod handover;
mod identity;
mod keys;
mod kubeconfig;
mod learn;
mod offers;
mod pending;
mod proposal;
mod rights;
mod run;
mod save;
mod sources;
mod tasks;
mod views;

pub use clock::Clock;
pub use clusters::{Clusters, DEMO, Ears, NotConnected, ReadOnlyContexts};
pub use first::refuse_unknown;
pub use handover::child;
pub use run::{End, run};

use crate::cluster::kubeconfig::{FileChange, Wish};
use crate::cluster::{Connected, Message, Unreachable};
use crate::commands::{self, Context, Effect};
use crate::config::{Keys, Settings, Theme};
use crate::model::{Model, Notice, ReadOnlyBy, Session, SessionState, Topic};
use crate::ui::terminal::Terminal;
use crate::ui::{ListScreen, Screen, Stack};
use draw::Draw;
use std::rc::Rc;
use std::time::Duration;
use tasks::Tasks;
use tokio::sync::mpsc::{self, Receiver};
use tokio::time::Instant;

/// Screens below the top one whose lists go on, so that going back shows what is true now.
const KEPT_SCREENS: usize = 4;
/// Batches that may wait for the loop; tasks wait when it is full. A row on its way takes several times the room of a
/// packed one, so few of them are.
const INBOX: usize = 4;

/// What the program starts with.
pub struct Setup {
    /// The clusters.
    pub clusters: Clusters,
    /// The context to begin in; else the current one.
    pub context: Option<String>,
    /// The first place, as a command line: `pods -A`.
    pub place: String,
    /// Colours.
    pub theme: Theme,
    /// Keys.
    pub keys: Keys,
    /// The clock.
    pub clock: Clock,
    /// The user's settings.
    pub settings: Settings,
    /// What is wrong in the user's files.
    pub problems: Vec<Notice>,
}

/// The program: one owner of all that is known and shown.
pub struct App {
    model: Model,
    stack: Stack,
    tasks: Tasks,
    inbox: Receiver<Message>,
    theme: Theme,
    keys: Keys,
    clock: Clock,
    effects: Vec<Effect>,
    mouse: bool,
    draw: Draw,
    height: u16,
    log_buffer: usize,
    gate: gate::Gate,
    editors: edit::Editors,
    reviewing: Option<tasks::Running>,
    drains: drain::Drains,
    copies: Box<copies::Copies>,
    forwards: forwards::Forwards,
    kubeconfig: pending::Pending<(FileChange, Wish)>,
    discoveries: discover::Discoveries,
}

impl App {
    /// A program that shows nothing yet.
    ///
    /// # Errors
    /// When there is no context to begin in, or the first place is none.
    pub fn new(setup: Setup) -> Result<Self, Notice> {
        let (out, inbox) = mpsc::channel(INBOX);
        let (mut sessions, current) = setup.clusters.sessions();
        for (name, session) in &mut sessions {
            settle(session, name, &setup.settings);
        }
        let mut problems = setup.problems;
        let (views, unplaced) = views::chosen(&setup.settings, &mut problems);
        let mut app = Self {
            model: Model { sessions, ..Model::default() },
            stack: Stack::with(views),
            tasks: Tasks::new(setup.clusters, out),
            inbox,
            theme: setup.theme,
            keys: setup.keys,
            clock: setup.clock,
            effects: Vec::new(),
            mouse: setup.settings.mouse,
            draw: Draw::at_once(),
            height: 24,
            log_buffer: setup.settings.log_buffer,
            gate: gate::Gate::default(),
            editors: edit::Editors::default(),
            reviewing: None,
            drains: drain::Drains::default(),
            copies: Box::default(),
            forwards: forwards::Forwards::new(setup.settings.dir),
            kubeconfig: pending::Pending::default(),
            discoveries: discover::Discoveries::for_views(unplaced),
        };
        app.model.now = Some(app.clock.now());
        let context = setup.context.as_deref().map(Rc::from).or(current).ok_or_else(|| {
            Notice::error("the kubeconfig names no current context", "choose one: rutter --context NAME")
        })?;
        for problem in problems {
            app.model.say(problem);
        }
        app.begin(&context, &setup.place)?;
        app.follow_screens();
        Ok(app)
    }

    /// Opens the first place, or runs the first command over a list, as behind `:`.
    fn begin(&mut self, context: &str, place: &str) -> commands::Outcome {
        let is_command = commands::find(place.split_whitespace().next().unwrap_or_default()).is_some();
        // The context stands before the filter, which takes the rest of the line.
        let line = match place.split_once(" /") {
            _ if is_command => format!("pods @{context}"),
            Some((before, filter)) => format!("{before} @{context} /{filter}"),
            None => format!("{place} @{context}"),
        };
        self.command(&line, None)?;
        if is_command {
            self.command(place, None)?;
        }
        self.perform();
        Ok(())
    }

    /// Says something to the user.
    pub fn say(&mut self, notice: Notice) {
        self.model.say(notice);
        self.draw.dirty = true;
    }

    /// Runs a command line.
    fn command(&mut self, line: &str, count: Option<u32>) -> commands::Outcome {
        let count = count.map(|count| count as usize);
        let mut cx = Context { stack: &mut self.stack, model: &mut self.model, count, effects: &mut self.effects };
        commands::run(&mut cx, line)
    }

    /// Waits for what a task tells next.
    pub async fn message(&mut self) -> Option<Message> {
        self.inbox.recv().await
    }

    /// Takes over `first` and what else is waiting, for at most some milliseconds: a key must not wait behind
    /// thousands of rows.
    pub fn take(&mut self, first: Message) {
        const LONGEST: Duration = Duration::from_millis(4);
        let began = std::time::Instant::now();
        self.apply(first);
        while began.elapsed() < LONGEST
            && let Ok(message) = self.inbox.try_recv()
        {
            self.apply(message);
        }
    }

    /// Takes over what a task told.
    fn apply(&mut self, message: Message) {
        let message = match message {
            Message::Reached { context, ahead } => {
                self.tasks.reached(context, ahead);
                return self.follow_screens();
            }
            Message::Session { context, result } => return self.apply_session(&context, result),
            Message::Identity { context, name } => return self.learn_identity(&context, name),
            Message::SigningIn { context, says } => return self.signing_in(&context, says),
            Message::Reviews { context, reviews } => return self.learn_rights(&context, reviews),
            Message::Discovered { context, result } => return self.discovered(&context, result),
            Message::Gate(message) => return self.gate_message(message),
            Message::Forward { id, state } => return self.forward_told(id, state),
            Message::Ports { run, result } => return self.ports_told(&run, result),
            Message::Copy { id, news } => return self.copy_told(id, news),
            Message::Done { result } => return self.say(done(result)),
            Message::Warned { context, text } => return self.say(Notice::warning(format!("{context}: {text}"), "")),
            message => message,
        };
        let message = match message {
            Message::Drain { of, news } => return self.drain_news(of, news),
            other => other,
        };
        let Some(of) = message.of() else { return };
        if let (Message::Explained { result: Ok(explained), .. }, Some(topic)) = (&message, self.tasks.topic_of(of)) {
            let context = topic.context().clone();
            self.tasks.keep_schemas(&context, &explained.document);
        }
        self.discover_after(&message);
        self.check_columns(&message);
        let Some(topic) = self.tasks.topic_of(of) else { return };
        let shown = self.stack.top().is_some_and(|screen| screen.shows(topic));
        // Most rows that change are outside the window.
        let rows = matches!(message, Message::Changes { .. } | Message::Usage { result: Ok(_), .. });
        self.draw.rows |= shown && rows;
        self.draw.dirty |= shown && !rows;
        // The first rows are what somebody waits for: they do not wait for the next frame's turn.
        let waited = shown && self.stack.list().is_some_and(ListScreen::is_empty);
        self.draw.urgent |= waited && rows;
        learn::learn(&mut self.model, topic, message);
    }

    fn apply_session(&mut self, context: &str, result: Result<Connected, Unreachable>) {
        let session = self.model.sessions.entry(context.to_owned()).or_default();
        match result {
            Ok(connected) => {
                session.state = ready(&connected);
                session.identity = None;
                connected.lanes.read_only.set(session.read_only.is_some());
                session.badges.clone_from(&connected.badges);
                self.tasks.connected(context.to_owned(), connected);
                self.begin_forwards(context);
                self.discover_what_waits(context);
                self.follow_screens();
            }
            Err(Unreachable { sentence, hint }) => {
                self.tasks.unreached(context);
                session.state = SessionState::Failed { sentence: sentence.clone(), hint: hint.clone() };
                let shown = self.stack.top().is_some_and(|screen| screen.context() == context);
                if shown {
                    self.model.say(Notice::error(format!("{context}: {sentence}"), hint));
                }
            }
        }
        self.draw.dirty = true;
    }

    /// What a credential plugin says while a context waits for it.
    fn signing_in(&mut self, context: &str, says: Vec<String>) {
        self.model.sessions.entry(context.to_owned()).or_default().state = SessionState::SigningIn { says };
        self.draw.dirty = true;
    }

    /// Makes run what the screens show, and ends what nobody shows any more.
    fn follow_screens(&mut self) {
        let screens = self.stack.screens();
        let kept = screens.get(screens.len().saturating_sub(KEPT_SCREENS)..).unwrap_or_default();
        let beside = self.stack.top().map(|screen| screen.view().beside()).unwrap_or_default();
        let wanted: Vec<Topic> = kept.iter().filter_map(Screen::topic).chain(beside).collect();
        self.give_up_connecting(&wanted);
        for topic in &wanted {
            if self.tasks.want_session(topic.context()) {
                self.model.sessions.entry(topic.context().to_string()).or_default().state = SessionState::Connecting;
            }
            self.model.open(topic, self.log_buffer);
        }
        for topic in self.tasks.want(&wanted, u32::from(self.height.max(24))) {
            self.model.close(&topic);
        }
        self.ask_rights();
    }

    /// Ends the tries to connect to what nobody looks at: a credential plugin that hangs is left by going elsewhere.
    fn give_up_connecting(&mut self, wanted: &[Topic]) {
        let forwards = &self.model.forwards;
        let is_wanted = |context: &str| {
            let forwarded = forwards.iter().any(|forward| *forward.order.on.context == *context && !forward.is_over());
            forwarded || wanted.iter().any(|topic| **topic.context() == *context)
        };
        for context in self.tasks.keep_connecting(is_wanted) {
            let session = self.model.sessions.entry(context).or_default();
            if matches!(session.state, SessionState::Connecting | SessionState::SigningIn { .. }) {
                session.state = SessionState::Unused;
            }
        }
    }

    /// When the loop has something to do although nothing happened.
    fn deadline(&self) -> Option<Instant> {
        let change = self.draw.next_change.map(|at| Instant::now() + self.clock.until(at));
        [self.draw.due(), change, self.tasks.next_end()].into_iter().flatten().min()
    }
}

/// What is said of a job.
fn done(result: Result<String, Unreachable>) -> Notice {
    match result {
        Ok(sentence) => Notice::info(sentence),
        Err(why) => why.into(),
    }
}

/// What the settings say about a context.
fn settle(session: &mut Session, name: &str, settings: &Settings) {
    session.production = settings.is_production(name);
    session.read_only = session.read_only.or(settings.is_readonly(name).then_some(ReadOnlyBy::Settings));
    if let Some(namespace) = settings.namespace(name) {
        namespace.clone_into(&mut session.namespace);
    }
    for namespace in settings.favourites(name) {
        session.remember_namespace(namespace);
    }
}

/// What is known of a server that answered.
fn ready(connected: &Connected) -> SessionState {
    SessionState::Ready { version: connected.version.clone(), server: connected.server }
}
