//! From what a person wants to what would happen: each target is read, checked, planned for and rehearsed.

use super::action::{Action, Change, Danger, Draft, Part, Plan};
use super::live::Live;
use super::problem::{Problem, Trouble};
use super::reader::Reader;
use super::target::Target;
use super::writer::{Answer, Writer};
use futures::StreamExt;
use futures::stream;
use serde_json::Value;
use std::sync::Arc;

/// Objects that are prepared, and later changed, at the same time.
pub(super) const AT_ONCE: usize = 8;
/// How often a change is planned anew because somebody else changed the object at the same time.
pub(super) const TRIES: usize = 5;

/// A change that waits to be confirmed.
#[derive(Debug, Clone)]
pub struct Prepared {
    /// The number by which the loop knows it.
    pub id: u64,
    /// What it comes to for each target, in the order in which they were given.
    pub steps: Vec<Step>,
    /// The command line to go on with.
    pub then: String,
}

/// Two are the same when they have the same number.
impl PartialEq for Prepared {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

/// What a change comes to for one target.
#[derive(Debug, Clone)]
pub struct Step {
    /// The target.
    pub target: Target,
    /// The action.
    pub action: Arc<dyn Action>,
    /// What would be sent; or why nothing is; or why it cannot be done.
    pub ready: Result<Result<Ready, Idle>, Problem>,
}

/// Why nothing is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Idle {
    /// Nothing is to be done; a sentence says why.
    Nothing(String),
    /// What is wanted is there already; a command line goes on with it.
    Instead(String),
}

/// What would be sent for one target, as the server rehearsed it.
#[derive(Debug, Clone)]
pub struct Ready {
    /// What the action drafted.
    pub draft: Draft,
    /// The object before.
    pub before: Live,
    /// The object as the server would keep it; `None` where it is not known: the server could not rehearse it, or the
    /// answer is not the object itself.
    pub after: Option<Value>,
}

impl Prepared {
    /// What would be sent.
    pub fn ready(&self) -> impl Iterator<Item = (&Target, &Ready)> {
        self.steps.iter().filter_map(|step| Some((&step.target, step.ready.as_ref().ok()?.as_ref().ok()?)))
    }

    /// The command line that goes on without a change, when the only target needs none.
    pub fn instead(&self) -> Option<&str> {
        match self.steps.as_slice() {
            [Step { ready: Ok(Err(Idle::Instead(line))), .. }] => Some(line),
            _ => None,
        }
    }

    /// How carefully it has to be confirmed: as the most dangerous of its parts.
    pub fn danger(&self) -> Danger {
        let dangers = self.steps.iter().map(|step| step.action.danger(&step.target));
        dangers.max().unwrap_or(Danger::Reversible)
    }

    /// What it is called in the journal.
    pub fn verb(&self) -> &'static str {
        self.steps.first().map_or("change", |step| step.action.verb())
    }
}

/// Prepares `change`. Nothing is kept by the server.
pub async fn prepare(id: u64, (reader, writer): (&Reader, &Writer), change: Change) -> Prepared {
    let steps = change.parts.into_iter().map(|Part { action, target }| async move {
        let ready = rehearsed((reader, writer), &*action, &target).await;
        Step { target, action, ready }
    });
    let steps = stream::iter(steps).buffered(AT_ONCE).collect().await;
    Prepared { id, steps, then: change.then }
}

/// What an action would do to a target, as the server rehearses it; or why nothing is to be done. Nothing is kept by the
/// server.
///
/// # Errors
/// When it cannot be done.
pub async fn rehearsed(
    (reader, writer): (&Reader, &Writer),
    action: &dyn Action,
    target: &Target,
) -> Result<Result<Ready, Idle>, Problem> {
    let mut tries = 1..TRIES;
    loop {
        let before = Live::read(reader, target).await?;
        let rehearsal = match action.plan(reader, &before).await? {
            Plan::Nothing(why) => return Ok(Err(Idle::Nothing(why))),
            Plan::Instead(line) => return Ok(Err(Idle::Instead(line))),
            Plan::Send(draft) => rehearse(writer, *draft, before).await,
        };
        match rehearsal {
            // A controller wrote between the read and the rehearsal, as it does all the time while a rollout runs.
            Err(problem) if problem.trouble == Trouble::Conflict && tries.next().is_some() => {}
            rehearsal => return rehearsal.map(Ok),
        }
    }
}

/// Asks the server what it would make of a draft.
async fn rehearse(writer: &Writer, mut draft: Draft, before: Live) -> Result<Ready, Problem> {
    if let Some(gentle) = draft.gentle.take()
        && let Err(problem) = writer.send(&gentle.rehearsal()).await
    {
        draft.notes.extend(problem.details.iter().map(|field| format!("taken from others: {field}")));
    }
    match writer.send(&draft.wire.rehearsal()).await {
        Ok(Answer { body, warnings }) => {
            draft.notes.extend(warnings.into_iter().map(|warning| format!("the server warns: {warning}")));
            let after = Some(body).filter(|body| is_object(body, &before));
            Ok(Ready { draft, before, after })
        }
        Err(problem) if cannot_rehearse(&problem) => {
            draft.notes.push(format!("the server cannot say what this would change: {}", problem.sentence));
            Ok(Ready { draft, before, after: None })
        }
        // A rehearsal that was lost has changed nothing.
        Err(problem) if problem.trouble == Trouble::Lost => {
            Err(Problem::new(problem.sentence, "nothing was changed; try again"))
        }
        Err(problem) => Err(problem),
    }
}

/// Whether an answer is the object itself, and no `Status`, `Scale` or `Eviction`.
fn is_object(body: &Value, before: &Live) -> bool {
    body.get("kind").and_then(Value::as_str) == Some(before.target.names.kind)
}

/// A webhook with side effects refuses every rehearsal.
fn cannot_rehearse(problem: &Problem) -> bool {
    problem.trouble == Trouble::Refused(400) && problem.sentence.contains("does not support dry run")
}
