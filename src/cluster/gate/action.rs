//! `Action`: what a change is, without how it is sent.

use super::live::Live;
use super::problem::Problem;
use super::reader::Reader;
use super::target::Target;
use super::wire::Wire;
use futures::future::BoxFuture;
use std::fmt::Debug;
use std::sync::Arc;

/// A change of one object. One file in `actions` each.
pub trait Action: Debug + Send + Sync {
    /// What it is called in the journal: `scale`.
    fn verb(&self) -> &'static str;

    /// How carefully it has to be confirmed.
    fn danger(&self, _target: &Target) -> Danger {
        Danger::Reversible
    }

    /// How kubectl is told to do the same, without the words that say where; `None` where it cannot.
    fn kubectl(&self, _target: &Target) -> Option<String> {
        None
    }

    /// What to send for the object as it is now. It may look at others through `reader`.
    ///
    /// # Errors
    /// When it makes no sense for this object, or what it needs cannot be read.
    fn plan<'a>(&'a self, reader: &'a Reader, live: &'a Live) -> BoxFuture<'a, Result<Plan, Problem>>;
}

/// How carefully a change has to be confirmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Danger {
    /// It can be taken back: Enter is enough.
    Reversible,
    /// It cannot, or it hits many: the name has to be typed.
    Grave,
}

/// What an action comes to for one object.
#[derive(Debug, Clone)]
pub enum Plan {
    /// Nothing is to be done, and why: `already cordoned`.
    Nothing(String),
    /// What is wanted is there already: the program goes on with this command line, and nothing is sent.
    Instead(String),
    /// This is to be sent.
    Send(Box<Draft>),
}

/// A request that is to be sent, and what is to be said about it.
#[derive(Debug, Clone)]
pub struct Draft {
    /// The request.
    pub wire: Wire,
    /// What it does, in one line: `scale deployment shop/web from 3 to 5`.
    pub effect: String,
    /// What should be known before.
    pub notes: Vec<String>,
    /// Whether the one line says it all, so that no difference is shown.
    pub brief: bool,
    /// What takes it back.
    pub undo: Undo,
    /// The same without force, which is rehearsed first: what it is refused for becomes notes.
    pub gentle: Option<Wire>,
}

impl Draft {
    /// A request whose difference is shown and which can be taken back by setting what it changed.
    pub fn new(wire: Wire, effect: impl Into<String>) -> Self {
        Self { wire, effect: effect.into(), notes: Vec::new(), brief: false, undo: Undo::Fields, gentle: None }
    }

    /// The same, said in one line.
    #[must_use]
    pub fn brief(self) -> Self {
        Self { brief: true, ..self }
    }

    /// The same, with something that should be known before.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// The same, taken back by `undo`.
    #[must_use]
    pub fn undone_by(self, undo: Undo) -> Self {
        Self { undo, ..self }
    }

    /// The same, which overrides what `gentle` would be refused for.
    #[must_use]
    pub fn instead_of(self, gentle: Wire) -> Self {
        Self { gentle: Some(gentle), ..self }
    }

    /// As a plan.
    pub fn plan(self) -> Plan {
        Plan::Send(Box::new(self))
    }
}

/// What takes a change back.
#[derive(Debug, Clone)]
pub enum Undo {
    /// Nothing can.
    Never,
    /// The fields that it changed are set to what they were.
    Fields,
    /// The object is made again as it was.
    Recreate,
    /// This action.
    By(Arc<dyn Action>),
}

/// In the command line after a change: the UID of the object that the server answered with.
pub const MADE: &str = "{uid}";

/// What a person wants: one action for each of some objects.
#[derive(Debug, Clone)]
pub struct Change {
    /// The actions with their targets, in order.
    pub parts: Vec<Part>,
    /// What the program goes on with when all of it succeeded, as a command line; `""` for nothing. [`MADE`] in it
    /// stands for the UID of what was made.
    pub then: String,
}

/// Two changes are the same when they do the same with the same.
impl PartialEq for Change {
    fn eq(&self, other: &Self) -> bool {
        format!("{self:?}") == format!("{other:?}")
    }
}

/// An action and its target.
#[derive(Debug, Clone)]
pub struct Part {
    /// What to do.
    pub action: Arc<dyn Action>,
    /// With which object.
    pub target: Target,
}

impl Change {
    /// The same action for each of `targets`.
    pub fn of(action: impl Action + 'static, targets: Vec<Target>) -> Self {
        let action: Arc<dyn Action> = Arc::new(action);
        let part = |target| Part { action: action.clone(), target };
        Self { parts: targets.into_iter().map(part).collect(), then: String::new() }
    }

    /// The same change, after whose success the program goes on with a command line.
    #[must_use]
    pub fn then(self, line: impl Into<String>) -> Self {
        Self { then: line.into(), ..self }
    }
}
